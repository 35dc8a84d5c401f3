"""When a client can work: the usual week and days that differ."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from jobcenter.errors import Fault
from jobcenter.intake.told import Shown, Told, clock, clock_text, day, filled, moment, refuse
from jobcenter.orders.availability import Hours
from jobcenter.orders.availability import write_week as write_usual
from jobcenter.people.clients import Client, ClientException, ClientHours
from jobcenter.times import DAY

Span = tuple[int, int, int]
# The parts of a day that a tick stands for.
PARTS: Mapping[str, tuple[int, int]] = {
    "morning": (480, 720), "afternoon": (720, 960), "evening": (960, 1200),
}  # fmt: skip
# Two spans a day are enough: before and after something.
SPANS = (1, 2)
FURTHEST = timedelta(days=366)


def week_of(
    told: Told, name: str, faults: list[Fault], *, spans: Sequence[int] = SPANS
) -> list[Span]:
    """Read a week's grid: `free0_1_from`, `free0_1_to` … as weekday and minutes."""
    found = []
    for weekday in range(7):
        of_day = []
        for number in spans:
            field = f"{name}{weekday}_{number}"
            begins, ends = told.text(f"{field}_from"), told.text(f"{field}_to")
            if begins.strip() or ends.strip():
                of_day += _span(begins, ends, field, faults)
        of_day = sorted([*of_day, *_ticked(told, f"{name}{weekday}")])
        if any(one[1] > other[0] for one, other in pairwise(of_day)):
            faults.append(Fault(f"{name}{weekday}_1_from", "overlap", "These times overlap."))
        found += [(weekday, *span) for span in _joined(of_day)]
    return found


def _ticked(told: Told, field: str) -> list[tuple[int, int]]:
    return [span for part, span in PARTS.items() if told.has(field, part)]


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans of one day, those that touch as one."""
    whole: list[tuple[int, int]] = []
    for begin, end in spans:
        if whole and begin == whole[-1][1]:
            whole[-1] = (whole[-1][0], end)
        else:
            whole.append((begin, end))
    return whole


def _span(begins: str, ends: str, field: str, faults: list[Fault]) -> list[tuple[int, int]]:
    start = clock(begins, f"{field}_from", faults)
    end = clock(ends, f"{field}_to", faults, ends=True)
    if start is None or end is None:
        return []
    if end <= start:
        faults.append(Fault(f"{field}_to", "end_before_start", "The end is before the start."))
        return []
    return [(start, end)]


def grid_of(name: str, rows: Iterable[Span]) -> dict[str, Shown]:
    """Return a week as the grid has it: parts of the day where they say it, else times."""
    fields: dict[str, Shown] = {}
    by_day: dict[int, list[tuple[int, int]]] = {}
    for weekday, begin, end in sorted(rows):
        by_day.setdefault(weekday, []).append((begin, end))
    for weekday, spans in by_day.items():
        parts = [part for part, (begin, end) in PARTS.items()
                 if any(opens <= begin and end <= closes for opens, closes in spans)]  # fmt: skip
        if _joined(PARTS[part] for part in parts) == spans:
            fields[f"{name}{weekday}"] = parts
        else:
            fields.update(_times(f"{name}{weekday}", spans))
    return fields


def _times(field: str, spans: Iterable[tuple[int, int]]) -> dict[str, Shown]:
    fields: dict[str, Shown] = {}
    for number, (begin, end) in enumerate(spans, start=1):
        fields[f"{field}_{number}_from"] = clock_text(begin)
        fields[f"{field}_{number}_to"] = clock_text(end)
    return fields


def times_of(name: str, rows: Iterable[Span]) -> dict[str, Shown]:
    """Return a week of which each day has one span, as times."""
    fields: dict[str, Shown] = {}
    for weekday, begin, end in rows:
        fields.update(_times(f"{name}{weekday}", [(begin, end)]))
    return fields


async def write_hours(session: AsyncSession, client: Client, told: Told, now: datetime) -> None:
    """Write down the usual week; take out and add single times that differ."""
    faults: list[Fault] = []
    free = week_of(told, "free", faults)
    added = _exception(client, told, now, faults)
    refuse(faults)
    await write_usual(session, client, [Hours(*span) for span in free])
    gone = set(told.many("drop"))
    for row in await exceptions(session, client, now):
        if str(row.id) in gone:
            await session.delete(row)
    if added:
        session.add(added)


def _exception(
    client: Client, told: Told, now: datetime, faults: list[Fault]
) -> ClientException | None:
    """Read one time that differs: whole days, or some hours of one day."""
    first = day(told, "first_day", faults)
    last = day(told, "last_day", faults) or first
    if first is None or last is None:
        return None
    if last < first:
        faults.append(Fault("last_day", "end_before_start", "The end is before the start."))
        return None
    begins = clock(told.text("day_from") or "0", "day_from", faults)
    ends = clock(told.text("day_to") or "24", "day_to", faults, ends=True)
    if begins is None or ends is None:
        return None
    start = moment(first, begins, "day_from", faults)
    end = moment(last + DAY * (ends // (24 * 60)), ends % (24 * 60), "day_to", faults)
    if start is None or end is None:
        return None
    if end <= start:
        faults.append(Fault("day_to", "end_before_start", "The end is before the start."))
    elif end <= now or start > now + FURTHEST:
        faults.append(Fault("first_day", "not_ahead", "Please choose a day of the coming year."))
    return ClientException(
        organiser_id=client.organiser_id,
        id=uuid7(),
        client_id=client.id,
        during=Range(start, end),
        available=told.text("can") == "1",
    )


async def hours(session: AsyncSession, client: Client) -> Told:
    """Return the usual week as the grid has it."""
    rows = await session.scalars(
        select(ClientHours).where(
            ClientHours.organiser_id == client.organiser_id, ClientHours.client_id == client.id
        )
    )
    return filled(grid_of("free", ((r.weekday, r.from_minute, r.to_minute) for r in rows)))


async def exceptions(
    session: AsyncSession, client: Client, now: datetime
) -> Sequence[ClientException]:
    """Return the times that differ, as far as they lie ahead."""
    rows = await session.scalars(
        select(ClientException)
        .where(
            ClientException.organiser_id == client.organiser_id,
            ClientException.client_id == client.id,
            func.upper(ClientException.during) > now,
        )
        .order_by(func.lower(ClientException.during))
    )
    return rows.all()
