"""Work-activity clients, in work terms only: there is no field for a diagnosis, and never will be.

Names and numbers lie in `client_contacts`, what helps with a need in `client_need_notes`: tables
of their own, each read by one function of `access`. Numbers, addresses and notes are closed under
a key of each client's own (`people.closing`).
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import TSTZRANGE, Range
from sqlalchemy.orm import Mapped, mapped_column

from jobcenter.database import Base, Key, Organised, Small, of
from jobcenter.envelopes import Wrapped
from jobcenter.validity import FINITE


class Client(Base):
    """A client as the matcher may know them: codes and numbers, no name."""

    __tablename__ = "clients"
    __table_args__ = (
        of("units", "unit_id"),
        ForeignKeyConstraint(
            ["organiser_id", "unit_id", "coach_id"],
            ["coaches.organiser_id", "coaches.unit_id", "coaches.id"],
            name="client_coach_is_of_the_unit",
        ),
        ForeignKeyConstraint(
            ["organiser_id", "unit_id", "site_id"],
            ["unit_sites.organiser_id", "unit_sites.unit_id", "unit_sites.id"],
            name="client_site_is_of_the_unit",
        ),
        Index("client_by_unit", "organiser_id", "unit_id"),
        Index("client_by_coach", "organiser_id", "coach_id"),
        CheckConstraint("cardinality(limits) = 6", name="client_has_every_limit"),
        CheckConstraint("week_minutes BETWEEN 0 AND 2400", name="client_week_is_lawful"),
        CheckConstraint("rest_days BETWEEN 0 AND 6", name="client_rest_is_within_a_week"),
        CheckConstraint("language IN ('fi', 'sv', 'en', 'fi-easy')", name="client_language_known"),
        CheckConstraint("closed_on IS NULL OR NOT in_pool", name="client_closed_is_not_in_pool"),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    unit_id: Mapped[UUID]
    coach_id: Mapped[UUID | None]
    """The coach of their unit who is responsible for them, and whose caseload they are."""
    site_id: Mapped[UUID | None]
    """The place of their unit where their activity is; without one, the unit itself."""
    service: Mapped[str]
    legal_basis: Mapped[str]
    language: Mapped[str] = mapped_column(default="fi")
    spoken: Mapped[list[str]]
    region: Mapped[str]
    postcode: Mapped[str | None] = mapped_column(ForeignKey("districts.postcode"))
    lat: Mapped[float]
    lon: Mapped[float]
    limits: Mapped[list[int]]
    outdoors: Mapped[bool] = mapped_column(default=True)
    step_free: Mapped[bool] = mapped_column(default=False)
    travel_minutes: Mapped[Small]
    week_minutes: Mapped[Small]
    week_gigs: Mapped[Small]
    rest_days: Mapped[Small] = mapped_column(default=0)
    """Days without a gig between two days with one."""
    one_new: Mapped[bool] = mapped_column(default=False)
    """Never a new task and a new place at once."""
    in_pool: Mapped[bool] = mapped_column(default=True)
    """Whether they agree to be matched: only their word, or the end of their case, changes it."""
    paused: Mapped[bool] = mapped_column(default=False)
    """A break that the unit notes with them; they are matched when in the pool and not paused."""
    joined_on: Mapped[date]
    assessed_by: Mapped[UUID | None]
    assessed_on: Mapped[date | None]
    review_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    """The day their case was closed: from then on the record's years are counted."""
    erased_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class ClientKey(Base):
    """What opens a client's closed texts, closed itself; once it is destroyed they are noise."""

    __tablename__ = "client_keys"
    __table_args__ = (of("clients", "client_id"),)

    organiser_id: Mapped[Organised]
    client_id: Mapped[UUID] = mapped_column(primary_key=True)
    master: Mapped[str]
    closed: Mapped[bytes]

    @property
    def wrapped(self) -> Wrapped:
        """Return it as the master keys take it."""
        return Wrapped(self.master, self.closed)


class ClientContact(Base):
    """What a client likes to be called, and how to reach them: closed, see `people.closing`."""

    __tablename__ = "client_contacts"
    __table_args__ = (
        of("clients", "client_id"),
        Index("contact_by_phone", "organiser_id", "phone_index"),
    )

    organiser_id: Mapped[Organised]
    client_id: Mapped[UUID] = mapped_column(primary_key=True)
    given_name: Mapped[str]
    family_name: Mapped[str]
    closed_phone: Mapped[bytes]
    phone_index: Mapped[bytes]
    """What equal numbers have in common, to find a client by the number they gave."""
    closed_email: Mapped[bytes | None]
    wants_calls: Mapped[bool] = mapped_column(default=False)
    texts_stopped_at: Mapped[datetime | None]
    """When they wrote that they want no text messages: from then on people call."""


class ClientStrength(Base):
    """Something the client is good at, a word of the strengths vocabulary."""

    __tablename__ = "client_strengths"
    __table_args__ = (of("clients", "client_id"),)

    organiser_id: Mapped[Organised]
    client_id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)


class ClientWish(Base):
    """A liking (points 1 to 4) or a veto for a task type, a site or an ordering party."""

    __tablename__ = "client_wishes"
    __table_args__ = (
        of("clients", "client_id"),
        CheckConstraint("subject IN ('task', 'site', 'party')", name="wish_subject_is_known"),
        CheckConstraint("veto OR points BETWEEN 1 AND 4", name="wish_points_are_few"),
    )

    organiser_id: Mapped[Organised]
    client_id: Mapped[UUID] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    veto: Mapped[bool]
    points: Mapped[Small]


class ClientPractised(Base):
    """A task type that the client knows from their unit or from earlier, not from a gig."""

    __tablename__ = "client_practised"
    __table_args__ = (of("clients", "client_id"), of("task_types", "task_type_id"))

    organiser_id: Mapped[Organised]
    client_id: Mapped[UUID] = mapped_column(primary_key=True)
    task_type_id: Mapped[UUID] = mapped_column(primary_key=True)


class ClientQualification(Base):
    """A card or passport that somebody has seen, with its last valid day."""

    __tablename__ = "client_qualifications"
    __table_args__ = (of("clients", "client_id"),)

    organiser_id: Mapped[Organised]
    client_id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    valid_to: Mapped[date | None]
    verified_by: Mapped[UUID | None]
    verified_on: Mapped[date]


class ClientHours(Base):
    """When a client can usually work, one weekday's hours a row, in local minutes."""

    __tablename__ = "client_hours"
    __table_args__ = (
        of("clients", "client_id"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="client_hours_on_a_weekday"),
        CheckConstraint("0 <= from_minute AND from_minute < to_minute AND to_minute <= 1440",
                        name="client_hours_have_length"),
    )  # fmt: skip

    organiser_id: Mapped[Organised]
    client_id: Mapped[UUID] = mapped_column(primary_key=True)
    weekday: Mapped[Small] = mapped_column(primary_key=True)
    from_minute: Mapped[Small] = mapped_column(primary_key=True)
    to_minute: Mapped[Small]


class ClientException(Base):
    """A time that differs from the usual week: can, or cannot. No reason is asked."""

    __tablename__ = "client_exceptions"
    __table_args__ = (
        of("clients", "client_id"),
        Index("exception_by_client", "organiser_id", "client_id"),
        CheckConstraint(FINITE.format("during"), name="exception_time_is_finite"),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    client_id: Mapped[UUID]
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    available: Mapped[bool]


class ClientActivity(Base):
    """The client's own activity days, in local minutes; paid work keeps off them.

    They are in the unit, or at an association or a city unit (`place_id`); never at a company.
    """

    __tablename__ = "client_activity"
    __table_args__ = (
        of("clients", "client_id"),
        of("parties", "place_id"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="activity_on_a_weekday"),
        CheckConstraint("0 <= from_minute AND from_minute < to_minute AND to_minute <= 1440",
                        name="activity_has_length"),
    )  # fmt: skip

    organiser_id: Mapped[Organised]
    client_id: Mapped[UUID] = mapped_column(primary_key=True)
    weekday: Mapped[Small] = mapped_column(primary_key=True)
    from_minute: Mapped[Small]
    to_minute: Mapped[Small]
    place_id: Mapped[UUID | None]


class ClientNeed(Base):
    """A support need in work terms with its level (DOMAIN §6.2), who assessed it and when."""

    __tablename__ = "client_needs"
    __table_args__ = (
        of("clients", "client_id"),
        CheckConstraint("level BETWEEN 1 AND 3", name="need_has_a_level"),
    )

    organiser_id: Mapped[Organised]
    client_id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[Small]
    assessed_by: Mapped[UUID | None]
    assessed_on: Mapped[date]
    review_on: Mapped[date | None]


class ClientNeedNote(Base):
    """What helps with a need, in the client's and coach's own work words; apart from the codes."""

    __tablename__ = "client_need_notes"
    __table_args__ = (of("clients", "client_id"),)

    organiser_id: Mapped[Organised]
    client_id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    closed_note: Mapped[bytes]


class ClientBenefit(Base):
    """A benefit the client gets, with dates and their personal limit where they have one."""

    __tablename__ = "client_benefits"
    __table_args__ = (
        of("clients", "client_id"),
        UniqueConstraint("organiser_id", "client_id", "benefit", "valid_from"),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    client_id: Mapped[UUID]
    benefit: Mapped[str]
    personal_limit_cents: Mapped[int | None]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class ClientConsent(Base):
    """A consent for one purpose with the version of the text, given and perhaps withdrawn.

    Rows are history: giving again is a new row, and all that may change is that it was withdrawn.
    """

    __tablename__ = "client_consents"
    __table_args__ = (
        of("clients", "client_id"),
        Index("consent_stands_once", "organiser_id", "client_id", "purpose", unique=True,
              postgresql_where="withdrawn_at IS NULL AND gig_id IS NULL"),
        Index("consent_stands_once_a_gig", "organiser_id", "client_id", "purpose", "gig_id",
              unique=True, postgresql_where="withdrawn_at IS NULL AND gig_id IS NOT NULL"),
        Index("consent_by_client", "organiser_id", "client_id"),
    )  # fmt: skip

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    client_id: Mapped[UUID]
    purpose: Mapped[str]
    gig_id: Mapped[UUID | None]
    """The one gig it is for; empty when it is for all of them."""
    text_version: Mapped[str]
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    recorded_by: Mapped[UUID | None]
    how: Mapped[str]
    withdrawn_by: Mapped[UUID | None]
    withdrawn_how: Mapped[str | None]
