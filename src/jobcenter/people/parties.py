"""Who orders and where: organisers, work-activity units, ordering parties, sites, agreements.

Also what a city keeps as data about work: task types, employers of record and every dated figure.
People of the units are in `staff`, clients in `clients`.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from jobcenter.database import Base, Json, Key, Organised, OrganiserId, Small, of
from jobcenter.validity import Dated

# The order of the six demand scales in every `demands` and `limits` array (DOMAIN §6.1).
DEMANDS = ("physical", "social", "cognitive", "time_pressure", "noise", "literacy")


class Organiser(Base):
    """A city or wellbeing services county that runs the service."""

    __tablename__ = "organisers"
    __table_args__ = (CheckConstraint("calls_from < calls_until", name="desk_opens_first"),)

    id: Mapped[OrganiserId] = mapped_column(primary_key=True)
    name: Mapped[str]
    contact_name: Mapped[str]
    contact_phone: Mapped[str]
    contact_email: Mapped[str]
    calls_from: Mapped[Small] = mapped_column(default=8 * 60)
    """From when till when on weekdays somebody answers, in local minutes."""
    calls_until: Mapped[Small] = mapped_column(default=16 * 60)
    town: Mapped[str] = mapped_column(default="")
    """What a map needs beside a street."""
    controller: Mapped[str] = mapped_column(default="")
    """Who answers for the data, by its full name and address (GDPR 13(1)(a))."""
    officer: Mapped[str] = mapped_column(default="")
    officer_email: Mapped[str] = mapped_column(default="")
    officer_phone: Mapped[str] = mapped_column(default="")


class District(Base):
    """A postcode area with its centroid; public, the same for every organiser."""

    __tablename__ = "districts"

    postcode: Mapped[str] = mapped_column(primary_key=True)
    name_fi: Mapped[str]
    name_sv: Mapped[str]
    lat: Mapped[float]
    lon: Mapped[float]


class Unit(Base):
    """A work-activity unit: it knows its clients, assigns them and arranges the coaching."""

    __tablename__ = "units"

    organiser_id: Mapped[Organised] = mapped_column(ForeignKey("organisers.id"), primary_key=True)
    id: Mapped[Key]
    name: Mapped[str]
    service: Mapped[str]
    postcode: Mapped[str] = mapped_column(ForeignKey("districts.postcode"))
    region: Mapped[str]
    lat: Mapped[float]
    lon: Mapped[float]
    languages: Mapped[list[str]]
    phone: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)


class UnitSite(Dated, Base):
    """Another place of a unit than the unit itself; it ends, and stays known."""

    __tablename__ = "unit_sites"
    __table_args__ = (
        of("units", "unit_id"),
        UniqueConstraint("organiser_id", "unit_id", "id", name="site_of_a_unit"),
        CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", name="unit_site_lasts"),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    unit_id: Mapped[UUID]
    name: Mapped[str]
    address: Mapped[str]
    postcode: Mapped[str] = mapped_column(ForeignKey("districts.postcode"))
    lat: Mapped[float]
    lon: Mapped[float]


class UnitClosure(Base):
    """Days on which a unit is closed, the last one included; its coaches are away then."""

    __tablename__ = "unit_closures"
    __table_args__ = (
        of("units", "unit_id"),
        CheckConstraint("first_day <= last_day", name="closure_has_days"),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    unit_id: Mapped[UUID]
    first_day: Mapped[date]
    last_day: Mapped[date]


class UnitDay(Base):
    """The hours on one weekday (0 = Monday) when a unit has work activity, in local minutes."""

    __tablename__ = "unit_days"
    __table_args__ = (
        of("units", "unit_id"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="unit_day_is_a_weekday"),
        CheckConstraint("0 <= from_minute AND from_minute < to_minute AND to_minute <= 1440",
                        name="unit_day_has_hours"),
    )  # fmt: skip

    organiser_id: Mapped[Organised]
    unit_id: Mapped[UUID] = mapped_column(primary_key=True)
    weekday: Mapped[Small] = mapped_column(primary_key=True)
    from_minute: Mapped[Small]
    to_minute: Mapped[Small]


class Employer(Base):
    """An employer of record: the party to the work contract, with its accident insurer."""

    __tablename__ = "employers"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('CITY', 'ORDERER', 'STAFFING_COMPANY', 'NGO', 'COMMISSION')",
            name="employer_kind_is_known",
        ),
        CheckConstraint("length(insurer) > 0", name="employer_is_insured"),
    )

    organiser_id: Mapped[Organised] = mapped_column(ForeignKey("organisers.id"), primary_key=True)
    id: Mapped[Key]
    kind: Mapped[str]
    name: Mapped[str]
    business_id: Mapped[str | None]
    insurer: Mapped[str]
    contract_form: Mapped[str] = mapped_column(default="fixed_term")
    active: Mapped[bool] = mapped_column(default=True, server_default="true")


class OrderingParty(Base):
    """An organisation that posts and pays for work."""

    __tablename__ = "parties"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('company', 'association', 'organisation', 'city_unit')",
            name="party_kind_is_known",
        ),
        of("employers", "employer_id"),
        Index("party_business_id", "organiser_id", "business_id"),
    )

    organiser_id: Mapped[Organised] = mapped_column(ForeignKey("organisers.id"), primary_key=True)
    id: Mapped[Key]
    kind: Mapped[str]
    name: Mapped[str]
    business_id: Mapped[str | None]
    cost_centre: Mapped[str | None]
    email: Mapped[str]
    phone: Mapped[str]
    employer_id: Mapped[UUID | None]
    verified_at: Mapped[datetime | None]
    terms_accepted_at: Mapped[datetime | None]
    """From before terms had versions (`terms`); nothing asks for it any more."""


class Site(Base):
    """A place of work and what it is like to come there."""

    __tablename__ = "sites"
    __table_args__ = (
        of("parties", "party_id"),
        Index("site_by_party", "organiser_id", "party_id"),
        Index("site_code_is_its_own", "organiser_id", "party_id", "code", unique=True),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    party_id: Mapped[UUID]
    name: Mapped[str]
    address: Mapped[str]
    postcode: Mapped[str] = mapped_column(ForeignKey("districts.postcode"))
    region: Mapped[str]
    lat: Mapped[float]
    lon: Mapped[float]
    entrance: Mapped[str] = mapped_column(default="")
    step_free: Mapped[bool] = mapped_column(default=False)
    toilet: Mapped[bool] = mapped_column(default=True)
    quiet_place: Mapped[bool] = mapped_column(default=False)
    confirmed_on: Mapped[date | None]
    code: Mapped[str | None]
    """What hangs on the wall, for checking in with it, in capitals; no two of a party are alike."""


class TaskType(Base):
    """A kind of work with its default demands; retired rather than deleted."""

    __tablename__ = "task_types"
    __table_args__ = (
        UniqueConstraint("organiser_id", "number", "version"),
        CheckConstraint("cardinality(demands) = 6", name="task_type_has_every_demand"),
    )

    organiser_id: Mapped[Organised] = mapped_column(ForeignKey("organisers.id"), primary_key=True)
    id: Mapped[Key]
    number: Mapped[Small]
    version: Mapped[Small] = mapped_column(default=1)
    name_fi: Mapped[str]
    name_sv: Mapped[str]
    name_en: Mapped[str]
    sector: Mapped[str]
    least_minutes: Mapped[Small]
    most_minutes: Mapped[Small]
    demands: Mapped[list[int]]
    outdoors: Mapped[bool]
    qualifications: Mapped[list[str]]
    pay_group: Mapped[str]
    steps: Mapped[list[Json]] = mapped_column(default=list)
    """How the work goes: a picture and a sentence in each language a step."""
    retired_on: Mapped[date | None]


class Agreement(Dated, Base):
    """A framework agreement with a partner, as it holds for a time: PARTNER orders refer to it.

    Its tasks and places belong to it alone; `prices` and `site_ids` are how a list tells them.
    """

    __tablename__ = "agreements"
    __table_args__ = (
        of("parties", "party_id"),
        UniqueConstraint("organiser_id", "party_id", "title", "valid_from"),
        CheckConstraint("valid_to IS NULL OR valid_from < valid_to", name="agreement_lasts"),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    party_id: Mapped[UUID]
    title: Mapped[str]
    tasks: Mapped[list["AgreedTask"]] = relationship(lazy="raise", cascade="all, delete-orphan")
    places: Mapped[list["AgreedSite"]] = relationship(lazy="raise", cascade="all, delete-orphan")

    @property
    def prices(self) -> dict[str, int]:
        """Return the agreed cents by the hour, by the ids of kinds of work."""
        return {str(one.task_type_id): one.hourly_cents for one in self.tasks}

    @prices.setter
    def prices(self, cents: Mapping[str, int]) -> None:
        self.tasks = [
            AgreedTask(task_type_id=UUID(task), hourly_cents=price) for task, price in cents.items()
        ]

    @property
    def site_ids(self) -> list[str]:
        """Return the ids of the sites that it covers."""
        return sorted(str(one.site_id) for one in self.places)

    @site_ids.setter
    def site_ids(self, ids: Iterable[str]) -> None:
        self.places = [AgreedSite(site_id=UUID(one)) for one in ids]


class AgreedTask(Base):
    """A task of an agreement with its agreed price by the hour."""

    __tablename__ = "agreed_tasks"
    __table_args__ = (of("agreements", "agreement_id"), of("task_types", "task_type_id"))

    organiser_id: Mapped[Organised]
    agreement_id: Mapped[UUID] = mapped_column(primary_key=True)
    task_type_id: Mapped[UUID] = mapped_column(primary_key=True)
    hourly_cents: Mapped[int]


class AgreedSite(Base):
    """A site that an agreement covers."""

    __tablename__ = "agreed_sites"
    __table_args__ = (of("agreements", "agreement_id"), of("sites", "site_id"))

    organiser_id: Mapped[Organised]
    agreement_id: Mapped[UUID] = mapped_column(primary_key=True)
    site_id: Mapped[UUID] = mapped_column(primary_key=True)


class Figure(Dated, Base):
    """A dated figure of law or terms: pay floors, side costs, fee, VAT, quiet hours, answer times.

    `kind` names it, `key` says for whom (a pay group, say); `amount` is cents, basis points,
    minutes or hours as the kind tells. A missing figure stops with a sentence; it never means none.
    """

    __tablename__ = "figures"
    __table_args__ = (
        UniqueConstraint("organiser_id", "kind", "key", "valid_from"),
        CheckConstraint("valid_to IS NULL OR valid_from < valid_to", name="figure_lasts"),
        CheckConstraint("standing IN ('assumed', 'confirmed')", name="figure_standing_is_known"),
    )

    organiser_id: Mapped[Organised] = mapped_column(ForeignKey("organisers.id"), primary_key=True)
    id: Mapped[Key]
    kind: Mapped[str]
    key: Mapped[str] = mapped_column(default="")
    amount: Mapped[int]
    source: Mapped[str]
    standing: Mapped[str] = mapped_column(default="assumed")


class CounterRule(Dated, Base):
    """From how much work of a kind on a card is needed: days or hours, a year or ever."""

    __tablename__ = "counter_rules"
    __table_args__ = (
        UniqueConstraint("organiser_id", "code", "valid_from"),
        CheckConstraint("unit IN ('days', 'hours')", name="counter_unit_is_known"),
        CheckConstraint("per IN ('year', 'ever')", name="counter_per_is_known"),
        CheckConstraint("threshold > 0", name="counter_threshold_is_some"),
        CheckConstraint("valid_to IS NULL OR valid_from < valid_to", name="counter_rule_lasts"),
        CheckConstraint("standing IN ('assumed', 'confirmed')", name="counter_standing_is_known"),
    )

    organiser_id: Mapped[Organised] = mapped_column(ForeignKey("organisers.id"), primary_key=True)
    id: Mapped[Key]
    code: Mapped[str]
    unit: Mapped[str]
    per: Mapped[str]
    threshold: Mapped[int]
    warn_at: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    """At how much the unit is told that the card will soon be needed."""
    source: Mapped[str]
    standing: Mapped[str] = mapped_column(default="assumed")


class CancellationTerm(Dated, Base):
    """What an orderer who cancels this many minutes before the start pays, in per cent of pay."""

    __tablename__ = "cancellation_terms"
    __table_args__ = (
        CheckConstraint("percent BETWEEN 0 AND 100", name="cancellation_percent_is_a_share"),
        CheckConstraint("standing IN ('assumed', 'confirmed')", name="cancellation_standing_known"),
    )

    organiser_id: Mapped[Organised] = mapped_column(ForeignKey("organisers.id"), primary_key=True)
    id: Mapped[Key]
    contract_form: Mapped[str]
    employer_kind: Mapped[str]
    minutes_before: Mapped[int]
    percent: Mapped[Small]
    source: Mapped[str]
    standing: Mapped[str] = mapped_column(default="assumed")
