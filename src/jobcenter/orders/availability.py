"""A client's own hours and wishes, changed by themself or with staff beside them.

Each change is one transaction with the row that sends the matcher to look again.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from jobcenter.errors import Changed, Fault, Invalid
from jobcenter.orders.locking import own_client
from jobcenter.orders.proposals import Change
from jobcenter.people.clients import Client, ClientException, ClientHours, ClientWish
from jobcenter.people.upkeep import note_upkeep

# How far ahead an exception may reach, and how many may be kept at once.
FARTHEST = timedelta(days=366)
MOST_EXCEPTIONS = 60
LIKED = 3
MOST_LIKED = 4


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """Hours of one weekday (0 is Monday), in local minutes."""

    weekday: int
    from_minute: int
    to_minute: int


@dataclass(frozen=True, slots=True)
class Liking:
    """What somebody thinks of a kind of task, a place or an orderer; without points, nothing."""

    veto: bool = False
    points: int = 0


Subject = tuple[str, UUID]
SUBJECTS = frozenset({"task", "site", "party"})


async def set_week(
    session: AsyncSession,
    *,
    client_id: UUID,
    hours: Collection[Hours],
    version: int | None = None,
    now: datetime,
) -> Client:
    """Replace the usual week; `version` refuses a form that is no longer the newest."""
    client = await _own(session, client_id, version)
    await write_week(session, client, hours)
    return await _changed(session, client, kind="client_hours", now=now)


async def write_week(session: AsyncSession, client: Client, hours: Collection[Hours]) -> None:
    """Write the usual week of a client who is locked."""
    _check_week(hours)
    await session.execute(
        delete(ClientHours)
        .where(ClientHours.organiser_id == client.organiser_id)
        .where(ClientHours.client_id == client.id)
        .execution_options(synchronize_session=False)
    )
    session.add_all(
        ClientHours(
            organiser_id=client.organiser_id,
            client_id=client.id,
            weekday=each.weekday,
            from_minute=each.from_minute,
            to_minute=each.to_minute,
        )
        for each in sorted(set(hours))
    )


def _check_week(hours: Collection[Hours]) -> None:
    """Raise what is wrong with each day: an end before its start, or two times that overlap."""
    faults: dict[str, Fault] = {}
    last: Hours | None = None
    for each in sorted(set(hours)):
        field = f"day-{each.weekday}"
        if not 0 <= each.from_minute < each.to_minute <= 24 * 60:
            faults[field] = Fault(field, "end_before_start", "The end must be after the start.")
        elif last and last.weekday == each.weekday and each.from_minute < last.to_minute:
            faults[field] = Fault(field, "overlap", "These two times overlap.")
        last = each
    if faults:
        raise Invalid(*faults.values())


async def add_exception(
    session: AsyncSession,
    *,
    client_id: UUID,
    start: datetime,
    end: datetime,
    available: bool,
    now: datetime,
) -> UUID:
    """Write down a time that differs from the usual week; the same one twice is one."""
    client = await _own(session, client_id, None)
    if not start < end:
        raise Invalid(Fault("end", "end_before_start", "The end must be after the start."))
    if end <= now:
        raise Invalid(Fault("start", "in_the_past", "This time has already passed."))
    if end > now + FARTHEST:
        raise Invalid(Fault("end", "too_far", "This is more than a year ahead."))
    during = Range(start, end)
    kept = list(
        await session.scalars(
            select(ClientException).where(
                ClientException.organiser_id == client.organiser_id,
                ClientException.client_id == client.id,
                func.upper(ClientException.during) > now,
            )
        )
    )
    for each in kept:
        if (each.during, each.available) == (during, available):
            return each.id
    if len(kept) >= MOST_EXCEPTIONS:
        raise Invalid(Fault("start", "too_many", "That is many exceptions. Please call us."))
    row = ClientException(
        organiser_id=client.organiser_id,
        id=uuid7(),
        client_id=client.id,
        during=during,
        available=available,
    )
    session.add(row)
    await _changed(session, client, kind="client_hours", now=now)
    return row.id


async def drop_exception(
    session: AsyncSession, *, client_id: UUID, exception_id: UUID, now: datetime
) -> None:
    """Take an exception back; doing it twice is the same."""
    client = await _own(session, client_id, None)
    gone = await session.scalar(
        delete(ClientException)
        .where(ClientException.organiser_id == client.organiser_id)
        .where(ClientException.client_id == client.id, ClientException.id == exception_id)
        .returning(ClientException.id)
        .execution_options(synchronize_session=False)
    )
    if gone:
        await _changed(session, client, kind="client_hours", now=now)


async def set_wishes(
    session: AsyncSession,
    *,
    client_id: UUID,
    wishes: Mapping[Subject, Liking],
    version: int | None = None,
    now: datetime,
) -> Client:
    """Set what the client thinks of each subject that is named; the others stay as they are."""
    client = await _own(session, client_id, version)
    if any(kind not in SUBJECTS or not 0 <= one.points <= MOST_LIKED
           for (kind, _), one in wishes.items()):  # fmt: skip
        raise Invalid(Fault("wishes", "unknown", "We do not know this wish."))
    for (kind, subject_id), one in sorted(wishes.items()):
        row = await session.get(ClientWish, (client.organiser_id, client.id, kind, subject_id))
        if row is not None and not one.veto and not one.points:
            await session.delete(row)
        elif row is not None:
            row.veto, row.points = one.veto, one.points
        elif one.veto or one.points:
            session.add(_wish(client, kind, subject_id, one))
    return await _changed(session, client, kind="client_wishes", now=now)


def _wish(client: Client, kind: str, subject_id: UUID, one: Liking) -> ClientWish:
    return ClientWish(
        organiser_id=client.organiser_id,
        client_id=client.id,
        subject=kind,
        subject_id=subject_id,
        veto=one.veto,
        points=one.points,
    )


async def _own(session: AsyncSession, client_id: UUID, version: int | None) -> Client:
    """Return the client locked, for themself or for staff of their unit."""
    client = await own_client(session, client_id)
    if version is not None and client.version != version:
        raise Changed
    return client


async def _changed(session: AsyncSession, client: Client, *, kind: str, now: datetime) -> Client:
    """Have the matcher look again at whatever this client touches."""
    client.version += 1
    note_upkeep(session, "client", client.id, kind, now=now, version=client.version)
    session.add(Change(organiser_id=client.organiser_id, kind=kind, client_id=client.id, at=now))
    await session.flush()
    return client
