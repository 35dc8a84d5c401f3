"""What the database shows of gigs and names to those who may not read these tables themselves.

Views that apply their rule of their own (migrations/sql/windows.sql), and what a secret opens.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import DateTime, MetaData, Select, Text, column, func, select
from sqlalchemy.dialects.postgresql import UUID as PgUUID
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from jobcenter.database import Base, Organised, Small
from jobcenter.envelopes import Wrapped
from jobcenter.validity import Timed

KEY: PgUUID[UUID] = PgUUID(as_uuid=True)
MOMENT = DateTime(timezone=True)


class Window(DeclarativeBase):
    """What every window inherits; migrations take no notice of it."""

    metadata = MetaData()
    type_annotation_map = Base.type_annotation_map


class AgreedGig(Timed, Window):
    """A gig of the asking party's orders that somebody said yes to."""

    __tablename__ = "agreed_gigs"

    organiser_id: Mapped[Organised]
    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID]
    place_no: Mapped[Small]
    client_id: Mapped[UUID]
    """For the log of looks, and to be shown to nobody."""
    status: Mapped[str]
    pay_cents: Mapped[int]
    worked_minutes: Mapped[Small | None]


class AgreedWorker(Window):
    """What the worker of an agreed gig is called, and their number: as far as they agreed."""

    __tablename__ = "agreed_workers"

    organiser_id: Mapped[Organised]
    gig_id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID]
    name: Mapped[str]
    closed_phone: Mapped[bytes | None]
    key_master: Mapped[str | None]
    key_closed: Mapped[bytes | None]

    @property
    def wrapped(self) -> Wrapped | None:
        """Return the worker's key, where they agreed to show what it closes."""
        if self.key_master is None or self.key_closed is None:
            return None
        return Wrapped(self.key_master, self.key_closed)


class Colleague(Window):
    """Somebody who orders for the asking party."""

    __tablename__ = "colleagues"

    organiser_id: Mapped[Organised]
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    manages: Mapped[bool]
    """Whether they keep the party's people, too."""


class AcceptedTerms(Window):
    """A version of the terms that the asking party has accepted; unnamed once who did has left."""

    __tablename__ = "accepted_terms"

    organiser_id: Mapped[Organised]
    terms_id: Mapped[UUID] = mapped_column(primary_key=True)
    valid_from: Mapped[date]
    at: Mapped[datetime]
    name: Mapped[str]


class TakenPlace(Timed, Window):
    """That a place of an order is taken, and how far it is; not by whom."""

    __tablename__ = "taken_places"

    organiser_id: Mapped[Organised]
    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID]
    place_no: Mapped[Small]
    status: Mapped[str]
    pay_cents: Mapped[int]
    worked_minutes: Mapped[Small | None]
    answer_by: Mapped[datetime]
    assigned_at: Mapped[datetime]

    @property
    def kept_place(self) -> int:
        """The place that it takes; each of these takes one."""
        return self.place_no


class NamedPay(Window):
    """Of which order a pay row is, and its worker's name: after a look, to who settles."""

    __tablename__ = "named_pay"

    organiser_id: Mapped[Organised]
    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_number: Mapped[int]
    given_name: Mapped[str]
    family_name: Mapped[str]


class Advised(Window):
    """Somebody on whose benefits the asker advises; named once the look at them is committed."""

    __tablename__ = "advised"

    organiser_id: Mapped[Organised]
    id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID]
    version: Mapped[int]
    closed_on: Mapped[date | None]
    given_name: Mapped[str]
    family_name: Mapped[str]

    @property
    def name(self) -> str:
        """Return what they are called."""
        return f"{self.given_name} {self.family_name}"


class LedgerLine(Window):
    """Cents that a gig of somebody advised took in a period, or gave back; after a look."""

    __tablename__ = "ledger_lines"

    organiser_id: Mapped[Organised]
    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID]
    benefit: Mapped[str]
    kind: Mapped[str]
    period: Mapped[date]
    gig_id: Mapped[UUID]
    """To tell corrections of the same gig; nothing else of it is here."""
    cents: Mapped[int]
    at: Mapped[datetime]
    worked_on: Mapped[date]
    is_final: Mapped[bool]


def opened_gig(token_hash: bytes) -> Select[UUID, UUID, UUID, str, datetime, datetime | None]:
    """Select what a client's link opens: gig, client, unit, language, its end, its revocation."""
    found = func.opened_gig(token_hash).table_valued(
        column("gig_id", KEY),
        column("client_id", KEY),
        column("unit_id", KEY),
        column("language", Text),
        column("expires_at", MOMENT),
        column("revoked_at", MOMENT),
    )
    return select(
        found.c.gig_id,
        found.c.client_id,
        found.c.unit_id,
        found.c.language,
        found.c.expires_at,
        found.c.revoked_at,
    )


class OwnBrowser(Window):
    """A browser in which one of the asking client's links is open."""

    __tablename__ = "own_browsers"

    organiser_id: Mapped[Organised]
    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    client_id: Mapped[UUID]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    unlocked_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class OpenedDoor:
    """How a client's own page stands for a browser that has one of their links open."""

    client_id: UUID
    unit_id: UUID
    language: str
    phone: str
    gig_id: UUID | None
    purpose: str
    expires_at: datetime
    revoked_at: datetime | None
    used_at: datetime | None
    pin_set_at: datetime | None
    rests_until: datetime | None
    unlocked_at: datetime | None


async def opened_door(
    session: AsyncSession, *, link_hash: bytes, session_hash: bytes
) -> OpenedDoor | None:
    """Return what a client's link opens of their own page in this browser."""
    found = func.opened_door(link_hash, session_hash).table_valued(
        column("client_id", KEY),
        column("unit_id", KEY),
        column("language", Text),
        column("phone", Text),
        column("gig_id", KEY),
        column("purpose", Text),
        *(
            column(name, MOMENT)
            for name in (
                "expires_at", "revoked_at", "used_at", "pin_set_at", "rests_until", "unlocked_at",
            )
        ),
    )  # fmt: skip
    row = (await session.execute(select(found))).one_or_none()
    return OpenedDoor(*row) if row else None


def opened_own(
    token_hash: bytes,
) -> Select[UUID, UUID, str, str, datetime, datetime | None]:
    """Select what a link to the own page opens: client, unit, language, purpose, ends."""
    found = func.opened_own(token_hash).table_valued(
        column("client_id", KEY),
        column("unit_id", KEY),
        column("language", Text),
        column("purpose", Text),
        column("expires_at", MOMENT),
        column("ended_at", MOMENT),
    )
    return select(
        found.c.client_id,
        found.c.unit_id,
        found.c.language,
        found.c.purpose,
        found.c.expires_at,
        found.c.ended_at,
    )


def opened_order(token_hash: bytes) -> Select[UUID, UUID, datetime, datetime | None]:
    """Select what an order's status link opens: order, party, its end, its revocation."""
    found = func.opened_order(token_hash).table_valued(
        column("order_id", KEY),
        column("party_id", KEY),
        column("expires_at", MOMENT),
        column("revoked_at", MOMENT),
    )
    return select(found.c.order_id, found.c.party_id, found.c.expires_at, found.c.revoked_at)


def opened_feed(token_hash: bytes) -> Select[UUID, UUID | None, UUID]:
    """Select whose calendar a feed address shows: the coach, their user and their unit."""
    found = func.opened_feed(token_hash).table_valued(
        column("coach_id", KEY), column("user_id", KEY), column("unit_id", KEY)
    )
    return select(found.c.coach_id, found.c.user_id, found.c.unit_id)
