"""What a client's own page shows behind the PIN: their gigs and pay, hours, wishes and consents.

Read it only for a browser in which the PIN was given, and after the look is logged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.benefits import EarningsPeriod
from jobcenter.database import asker, meets
from jobcenter.effects import pay_day
from jobcenter.errors import LinkIsDead
from jobcenter.orders.gigs import LIVE, Gig, GigStatus
from jobcenter.orders.model import Order
from jobcenter.orders.queries import own_support
from jobcenter.orders.queries.cards import task_name
from jobcenter.orders.windows import opened_door
from jobcenter.people.clients import (
    Client,
    ClientException,
    ClientHours,
    ClientWish,
)
from jobcenter.people.parties import OrderingParty, Site, TaskType
from jobcenter.times import first_of_month, local

WORKED = (GigStatus.DONE.value, GigStatus.APPROVED.value, GigStatus.INVOICED.value)
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Door:
    """How a client's own page stands for one browser."""

    client_id: UUID
    unit_id: UUID
    language: str
    phone: str
    gig_id: UUID | None
    """The gig that the same link opens, if it does."""
    has_pin: bool
    unlocked: bool
    rests_until: datetime | None
    may_choose: bool
    """Whether the link is one to choose a PIN with, still unused."""


@dataclass(frozen=True, slots=True)
class OwnGig:
    """One of the client's gigs."""

    gig: Gig
    task: str
    place: str
    why: tuple[str, ...] = ()
    """Why this client was asked; empty where a person chose them without a list."""

    @property
    def paid_on(self) -> date:
        """Return when it is paid, or was."""
        return pay_day(local(self.gig.start).date())

    @property
    def is_final(self) -> bool:
        """Whether its hours are approved, so that the pay will not change."""
        return self.gig.status in {GigStatus.APPROVED.value, GigStatus.INVOICED.value}


@dataclass(frozen=True, slots=True)
class PayDay:
    """The gigs that are paid on one day, and their sum before tax."""

    day: date
    gigs: tuple[OwnGig, ...]

    @property
    def cents(self) -> int:
        """Return the sum."""
        return sum(one.gig.pay_cents for one in self.gigs)


@dataclass(frozen=True, slots=True)
class Limit:
    """How a benefit's limit stands in one period."""

    benefit: str
    by_year: bool
    period: date
    ceiling_cents: int
    taken_cents: int

    @property
    def left_cents(self) -> int:
        """Return what may still be earned."""
        return max(0, self.ceiling_cents - self.taken_cents)


@dataclass(frozen=True, slots=True)
class PayPage:
    """Pay by pay day, newest first, and the limits of now and later."""

    days: tuple[PayDay, ...]
    limits: tuple[Limit, ...]


@dataclass(frozen=True, slots=True)
class OwnWeek:
    """When the client can usually work, and what differs."""

    version: int
    hours: Sequence[ClientHours]
    exceptions: Sequence[ClientException]
    clashes: tuple[OwnGig, ...]
    """Agreed gigs that lie outside these hours: they stay unless the client says otherwise."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of task, a place or an orderer, and what the client thinks of it."""

    kind: str
    id: UUID
    name: str
    group: str
    word: str
    points: int


async def door(
    session: AsyncSession, *, link_hash: bytes, session_hash: bytes, now: datetime
) -> Door:
    """Return how the page stands for a browser that has a client's link open."""
    row = await opened_door(session, link_hash=link_hash, session_hash=session_hash)
    if row is None or row.revoked_at is not None or row.expires_at <= now:
        raise LinkIsDead
    # A link to choose a PIN with opens nothing more once it has been used.
    chooses = row.purpose == "pin"
    if chooses and row.used_at is not None and row.unlocked_at is None:
        raise LinkIsDead
    return Door(
        client_id=row.client_id,
        unit_id=row.unit_id,
        language=row.language,
        phone=row.phone,
        gig_id=row.gig_id,
        has_pin=row.pin_set_at is not None,
        unlocked=row.unlocked_at is not None,
        rests_until=row.rests_until if row.rests_until and now < row.rests_until else None,
        may_choose=chooses and row.used_at is None,
    )


async def coming(session: AsyncSession, *, client_id: UUID, now: datetime) -> Sequence[OwnGig]:
    """Return the client's gigs that are ahead or on, the next first."""
    found = await _gigs(session, client_id, [status.value for status in LIVE])
    return sorted((one for one in found if one.gig.end > now), key=lambda one: one.gig.start)


async def pay(session: AsyncSession, *, client_id: UUID, now: datetime) -> PayPage:
    """Return what was earned, by pay day, and how the limits stand."""
    worked = await _gigs(session, client_id, WORKED)
    days = sorted({one.paid_on for one in worked}, reverse=True)
    return PayPage(
        days=tuple(PayDay(day, tuple(one for one in worked if one.paid_on == day)) for day in days),
        limits=await _limits(session, client_id, local(now).date()),
    )


async def _limits(session: AsyncSession, client_id: UUID, today: date) -> tuple[Limit, ...]:
    rows = await session.scalars(
        select(EarningsPeriod)
        .where(EarningsPeriod.organiser_id == asker(session).organiser_id)
        .where(EarningsPeriod.client_id == client_id, EarningsPeriod.ceiling_cents.is_not(None))
        .order_by(EarningsPeriod.period, EarningsPeriod.benefit)
    )
    return tuple(
        Limit(
            benefit=row.benefit,
            by_year=row.kind == "CALENDAR_YEAR",
            period=row.period,
            ceiling_cents=row.ceiling_cents or 0,
            taken_cents=row.committed_cents + row.told_cents,
        )
        for row in rows
        if row.period >= _begins(row.kind, today)
    )


def _begins(kind: str, today: date) -> date:
    """Return when the period of that kind began that today lies in."""
    return today.replace(month=1, day=1) if kind == "CALENDAR_YEAR" else first_of_month(today)


async def _gigs(
    session: AsyncSession, client_id: UUID, statuses: Sequence[str]
) -> tuple[OwnGig, ...]:
    rows = await session.execute(
        select(Gig, task_name(asker(session).language), Site.name)
        .join(Order, meets(Gig, "order_id", Order))
        .join(TaskType, meets(Order, "task_type_id", TaskType))
        .join(Site, meets(Order, "site_id", Site))
        .where(Gig.organiser_id == asker(session).organiser_id, Gig.client_id == client_id)
        .where(Gig.status.in_(statuses))
        .order_by(func.lower(Gig.during).desc())
        .limit(MOST_SHOWN)
    )
    found = rows.all()
    orders = [gig.order_id for gig, _, _ in found]
    why = await own_support.reasons(session, client_id=client_id, orders=orders)
    return tuple(OwnGig(*row, why.get(row[0].order_id, ())) for row in found)


async def week(session: AsyncSession, *, client_id: UUID, now: datetime) -> OwnWeek:
    """Return when the client can work."""
    organiser_id = asker(session).organiser_id
    client = await session.get_one(Client, (organiser_id, client_id))
    hours = await session.scalars(
        select(ClientHours)
        .where(ClientHours.organiser_id == organiser_id, ClientHours.client_id == client_id)
        .order_by(ClientHours.weekday, ClientHours.from_minute)
    )
    rows = await session.scalars(
        select(ClientException)
        .where(ClientException.organiser_id == organiser_id)
        .where(ClientException.client_id == client_id, func.upper(ClientException.during) > now)
        .order_by(func.lower(ClientException.during))
    )
    usual, exceptions = hours.all(), rows.all()
    ahead = await coming(session, client_id=client_id, now=now)
    clashes = tuple(one for one in ahead if _lies_outside(one.gig, usual, exceptions))
    return OwnWeek(client.version, usual, exceptions, clashes)


def _lies_outside(
    gig: Gig, hours: Sequence[ClientHours], exceptions: Sequence[ClientException]
) -> bool:
    """Tell whether a gig is at a time that its client does not give; `cannot` wins over `can`."""
    over = [one for one in exceptions if one.during.overlaps(gig.during)]
    if any(not one.available for one in over):
        return True
    if any(one.during.contains(gig.during) for one in over):
        return False
    start, end = local(gig.start), local(gig.end)
    from_minute, to_minute = start.hour * 60 + start.minute, end.hour * 60 + end.minute
    return start.date() != end.date() or not any(
        each.weekday == start.weekday()
        and each.from_minute <= from_minute
        and to_minute <= each.to_minute
        for each in hours
    )


async def wishes(session: AsyncSession, *, client_id: UUID) -> tuple[int, Sequence[Subject]]:
    """Return the version, and all kinds of task with the places and orderers one has been at."""
    organiser_id = asker(session).organiser_id
    client = await session.get_one(Client, (organiser_id, client_id))
    rows = await session.scalars(
        select(ClientWish).where(
            ClientWish.organiser_id == organiser_id, ClientWish.client_id == client_id
        )
    )
    known = {(row.subject, row.subject_id): row for row in rows}
    tasks = await session.execute(
        select(TaskType.id, task_name(asker(session).language), TaskType.sector)
        .where(TaskType.organiser_id == organiser_id)
        .order_by(TaskType.sector, TaskType.number)
    )
    found = [_subject("task", *row, known) for row in tasks]
    found += [_subject(*row, known) for row in await _been_at(session, client_id)]
    return client.version, found


async def _been_at(session: AsyncSession, client_id: UUID) -> Sequence[tuple[str, UUID, str, str]]:
    rows = await session.execute(
        select(Site.id, Site.name, OrderingParty.id, OrderingParty.name)
        .select_from(Gig)
        .join(Order, meets(Gig, "order_id", Order))
        .join(Site, meets(Order, "site_id", Site))
        .join(OrderingParty, meets(Order, "party_id", OrderingParty))
        .where(Gig.organiser_id == asker(session).organiser_id, Gig.client_id == client_id)
        .where(Gig.status.in_([*WORKED, *(status.value for status in LIVE)]))
        .distinct()
        .order_by(OrderingParty.name, Site.name)
    )
    found: dict[tuple[str, UUID], tuple[str, UUID, str, str]] = {}
    for site_id, site, party_id, party in rows:
        found["site", site_id] = ("site", site_id, site, "site")
        found["party", party_id] = ("party", party_id, party, "party")
    return sorted(found.values(), key=lambda row: row[0], reverse=True)


def _subject(
    kind: str,
    subject_id: UUID,
    name: str,
    group: str,
    known: dict[tuple[str, UUID], ClientWish],
) -> Subject:
    row = known.get((kind, subject_id))
    word = "" if row is None else "not" if row.veto else "like"
    return Subject(kind, subject_id, name, group, word, row.points if row else 0)
