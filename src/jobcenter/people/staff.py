"""Who works here: users with roles as rows, coaches with their hours, and how a person signs in."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    FetchedValue,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import TSTZRANGE, Range
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column
from uuid_utils.compat import uuid7

from jobcenter.database import OUR_NAMES, Base, Json, Key, Organised, Small, of
from jobcenter.validity import FINITE, Dated

# The role of whoever orders for a party.
ORDERER = "orderer"
# The role, beside it, of whoever keeps the party's people and sees what all its orders cost.
MANAGER = "party_manager"
# What is kept for the whole organiser or a party; every other right is about a unit's people.
OF_NO_UNIT = frozenset({"order", "manage_party", "organise", "settle", "read_log"})
Hash = Annotated[bytes, mapped_column(LargeBinary(32))]


class Role(Base):
    """A role with its rights; a city adds its own without code."""

    __tablename__ = "roles"
    __table_args__ = (
        CheckConstraint(
            f"code <> ALL ('{{{','.join(sorted(OUR_NAMES))}}}'::text[])", name="role_is_peoples"
        ),
    )

    organiser_id: Mapped[Organised] = mapped_column(ForeignKey("organisers.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    """In Finnish; where another language has none, it is shown there too."""
    name_sv: Mapped[str] = mapped_column(default="", server_default="")
    name_en: Mapped[str] = mapped_column(default="", server_default="")
    rights: Mapped[list[str]]
    active: Mapped[bool] = mapped_column(default=True, server_default="true")

    @classmethod
    def called(cls, language: str) -> ColumnElement[str]:
        """Return its name in a reader's language."""
        columns: dict[str, InstrumentedAttribute[str]] = {"sv": cls.name_sv, "en": cls.name_en}
        named = columns.get(language, cls.name)
        return func.coalesce(func.nullif(named, ""), cls.name)

    @property
    def is_for_a_unit(self) -> bool:
        """Whether it lets somebody do anything with the people of a unit."""
        return not OF_NO_UNIT.issuperset(self.rights)


class User(Base):
    """A person who signs in: staff or somebody of an ordering party; or a service account."""

    __tablename__ = "users"
    __table_args__ = (
        UniqueConstraint("organiser_id", "email"),
        UniqueConstraint("organiser_id", "subject"),
    )

    organiser_id: Mapped[Organised] = mapped_column(ForeignKey("organisers.id"), primary_key=True)
    id: Mapped[Key]
    email: Mapped[str]
    name: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="fi")
    disabled_at: Mapped[datetime | None]
    subject: Mapped[str | None]
    """Who they are in their employer's directory, once they have come from there."""
    service: Mapped[bool] = mapped_column(default=False)
    """A program's account: it has tokens, and never signs in."""


class Grant(Base):
    """A role given to a user, for one unit or one ordering party."""

    __tablename__ = "grants"
    __table_args__ = (
        of("users", "user_id"),
        of("units", "unit_id"),
        of("parties", "party_id"),
        UniqueConstraint("organiser_id", "user_id", "role", "unit_id", "party_id"),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    user_id: Mapped[UUID]
    role: Mapped[str]
    unit_id: Mapped[UUID | None]
    party_id: Mapped[UUID | None]


class StandIn(Base):
    """Somebody who does another's work in a unit for some days, the last one included."""

    __tablename__ = "stand_ins"
    __table_args__ = (
        of("users", "user_id"),
        of("users", "deputy_id"),
        of("units", "unit_id"),
        CheckConstraint("first_day <= last_day", name="stand_in_has_days"),
        CheckConstraint("user_id <> deputy_id", name="stand_in_is_another"),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    user_id: Mapped[UUID]
    deputy_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    first_day: Mapped[date]
    last_day: Mapped[date]
    ended_at: Mapped[datetime | None]


class SigninLink(Base):
    """A one-time sign-in link of a user; only the hash of its token is kept."""

    __tablename__ = "signin_links"
    __table_args__ = (of("users", "user_id"),)

    organiser_id: Mapped[Organised]
    token_hash: Mapped[Hash] = mapped_column(primary_key=True)
    user_id: Mapped[UUID]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Session(Base):
    """A signed-in browser: of a user, or of a client's or an order's link."""

    __tablename__ = "sessions"
    __table_args__ = (
        of("users", "user_id"),
        CheckConstraint("num_nonnulls(user_id, link_hash) = 1", name="session_has_one_owner"),
        Index("session_by_id", "organiser_id", "id", unique=True),
        Index("session_by_user", "organiser_id", "user_id"),
        Index("session_by_former_hash", "organiser_id", "former_hash"),
    )

    organiser_id: Mapped[Organised]
    token_hash: Mapped[Hash] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(default=uuid7, server_default=text("gen_random_uuid()"))
    """What its owner's list calls it; it opens nothing."""
    user_id: Mapped[UUID | None]
    link_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    csrf: Mapped[str]
    language: Mapped[str | None]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    way: Mapped[str] = mapped_column(default="link", server_default="link")
    device: Mapped[str] = mapped_column(default="", server_default="")
    standing: Mapped[str] = mapped_column(default="", server_default="")
    """What the person might do when the token was given; with other roles it is given anew."""
    former_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    rotated_at: Mapped[datetime | None]
    proved_at: Mapped[datetime | None]
    """When the directory last saw the person prove who they are; else it was at the beginning."""


class Passkey(Base):
    """A key that a person's device keeps; we hold only the half that anybody may know."""

    __tablename__ = "passkeys"
    __table_args__ = (
        of("users", "user_id"),
        UniqueConstraint("organiser_id", "credential_id"),
        Index("passkey_by_user", "organiser_id", "user_id"),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    user_id: Mapped[UUID]
    credential_id: Mapped[bytes]
    public_key: Mapped[bytes]
    uses: Mapped[int] = mapped_column(BigInteger)
    """How often the device says that it was used; it never goes back, unless it was copied."""
    name: Mapped[str]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Attempt(Base):
    """A sign-in on its way through a directory or a device: what the answer must fit, once."""

    __tablename__ = "attempts"

    organiser_id: Mapped[Organised]
    token_hash: Mapped[Hash] = mapped_column(primary_key=True)
    kind: Mapped[str]
    challenge: Mapped[str]
    verifier: Mapped[str]
    user_id: Mapped[UUID | None]
    expires_at: Mapped[datetime]
    session_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """What was open on that browser when it began; the new session takes its place."""


class Try(Base):
    """How often something was tried lately for one name or from one address, kept as a hash."""

    __tablename__ = "tries"

    organiser_id: Mapped[Organised]
    kind: Mapped[str] = mapped_column(primary_key=True)
    mark: Mapped[Hash] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    count: Mapped[int]


class ApiToken(Base):
    """A bearer token for the API, dated and for some kinds of calls; only its hash is kept."""

    __tablename__ = "api_tokens"
    __table_args__ = (
        of("users", "user_id"),
        CheckConstraint("expires_at <= created_at + interval '90 days'", name="token_is_dated"),
    )

    organiser_id: Mapped[Organised]
    token_hash: Mapped[Hash] = mapped_column(primary_key=True)
    user_id: Mapped[UUID]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    name: Mapped[str] = mapped_column(default="")
    """What it is for, so that it can be recognised in a list."""
    scopes: Mapped[list[str]]


class RightEvent(Base):
    """A role given or taken, a user put out or let in again: by whom and when."""

    __tablename__ = "right_events"
    __table_args__ = (
        of("users", "user_id"),
        Index("right_event_by_xid", "organiser_id", "xid"),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    at: Mapped[datetime]
    actor: Mapped[UUID | None]
    user_id: Mapped[UUID]
    kind: Mapped[str]
    details: Mapped[Json]
    xid: Mapped[int] = mapped_column(BigInteger, server_default=FetchedValue())


class Coach(Base):
    """A work coach of a unit; their time is a resource that gigs book."""

    __tablename__ = "coaches"
    __table_args__ = (
        of("units", "unit_id"),
        of("users", "user_id"),
        UniqueConstraint("organiser_id", "feed_hash"),
        ForeignKeyConstraint(
            ["organiser_id", "unit_id", "site_id"],
            ["unit_sites.organiser_id", "unit_sites.unit_id", "unit_sites.id"],
            name="coach_site_is_of_the_unit",
        ),
        UniqueConstraint("organiser_id", "unit_id", "id", name="coach_of_a_unit"),
        CheckConstraint("(feed_hash IS NULL) = (feed_until IS NULL)", name="feed_has_an_end"),
        Index("coach_by_user", "organiser_id", "user_id"),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    unit_id: Mapped[UUID]
    user_id: Mapped[UUID | None]
    name: Mapped[str]
    phone: Mapped[str]
    languages: Mapped[list[str]]
    lat: Mapped[float]
    lon: Mapped[float]
    site_id: Mapped[UUID | None]
    """The place of their unit where their hours begin and end; without one, no way is counted."""
    feed_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    feed_until: Mapped[datetime | None]
    """When the address of their calendar ends; whoever still wants it makes a new one."""
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)


class CoachHours(Base):
    """The hours of one weekday (0 = Monday) that a coach keeps for gigs, in local minutes."""

    __tablename__ = "coach_hours"
    __table_args__ = (
        of("coaches", "coach_id"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="coach_hours_on_a_weekday"),
        CheckConstraint("0 <= from_minute AND from_minute < to_minute AND to_minute <= 1440",
                        name="coach_hours_have_length"),
    )  # fmt: skip

    organiser_id: Mapped[Organised]
    coach_id: Mapped[UUID] = mapped_column(primary_key=True)
    weekday: Mapped[Small] = mapped_column(primary_key=True)
    from_minute: Mapped[Small] = mapped_column(primary_key=True)
    to_minute: Mapped[Small]


class CoachAbsence(Base):
    """A time when a coach is away; the reason is never kept."""

    __tablename__ = "coach_absences"
    __table_args__ = (
        of("coaches", "coach_id"),
        CheckConstraint(FINITE.format("during"), name="absence_time_is_finite"),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    coach_id: Mapped[UUID]
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)


class CoachPhoto(Base):
    """The one photo of a coach, drawn anew by us; only they themself put it there."""

    __tablename__ = "coach_photos"
    __table_args__ = (
        of("coaches", "coach_id"),
        of("users", "given_by"),
        UniqueConstraint("organiser_id", "coach_id"),
        CheckConstraint("octet_length(jpeg) BETWEEN 1 AND 1000000", name="coach_photo_is_small"),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    """Another photo is another address: no browser shows the old one for it."""
    coach_id: Mapped[UUID]
    jpeg: Mapped[bytes] = mapped_column(LargeBinary)
    width: Mapped[int]
    height: Mapped[int]
    given_at: Mapped[datetime]
    """When they agreed that the people whom they meet see it."""
    given_by: Mapped[UUID]


class UnitCover(Dated, Base):
    """A unit whose coaches may stand in for another's, by an agreement with its days."""

    __tablename__ = "unit_covers"
    __table_args__ = (
        of("units", "unit_id"),
        of("units", "by_unit_id"),
        CheckConstraint("unit_id <> by_unit_id", name="cover_is_by_another"),
        CheckConstraint("valid_to IS NULL OR valid_from < valid_to", name="cover_lasts"),
    )

    organiser_id: Mapped[Organised]
    unit_id: Mapped[UUID] = mapped_column(primary_key=True)
    by_unit_id: Mapped[UUID] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
