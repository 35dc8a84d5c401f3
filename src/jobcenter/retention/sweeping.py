"""The nightly sweep: what has run out goes, and each class leaves a line that says how much."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import Database, Who, asker
from jobcenter.errors import JobcenterError
from jobcenter.orders import exports
from jobcenter.people.erasures import Sweep
from jobcenter.people.parties import Figure
from jobcenter.reference.retention import KIND
from jobcenter.retention.classes import CLASSES
from jobcenter.retention.of_staff import HOURLY
from jobcenter.retention.removing import RecordClass, count, count_held, erased, look_first
from jobcenter.times import local


@dataclass(frozen=True, slots=True)
class Rule:
    """How many days a class is kept, and by which law."""

    days: int
    law: str


@dataclass(frozen=True, slots=True)
class Found:
    """What one class had to show; without a rule nothing of it may go."""

    record_class: str
    clock: str
    rule: Rule | None
    due: int = 0
    removed: int = 0
    held: int = 0
    """How many of them a legal hold keeps."""
    by_hand: bool = False


async def report(session: AsyncSession, *, now: datetime) -> tuple[Found, ...]:
    """Tell what is due and change nothing."""
    held = await rules(session, now)
    return tuple(
        [await _found(session, code, kind, held.get(code), now) for code, kind in CLASSES.items()]
    )


async def sweep_all(database: Database, who: Who, *, now: datetime) -> tuple[Found, ...]:
    """Sweep each class in a transaction of its own: what one fails at undoes no other.

    :raises ExceptionGroup: of what failed, once every class has had its turn
    """
    lines: list[Found] = []
    failures: list[Exception] = []
    for code in CLASSES:
        try:
            # The database goes by the same clock: what it lets go of is asked there again.
            clerk = replace(who, at=now)
            if CLASSES[code].remove is erased:
                await database.act(clerk, _look_first, code=code, now=now)
            lines.append(await database.act(clerk, sweep, code=code, now=now))
        except (JobcenterError, SQLAlchemyError) as failure:
            failure.add_note(f"while letting go of the class {code}")
            failures.append(failure)
    if failures:
        raise ExceptionGroup("some classes could not be swept", failures)
    return tuple(lines)


async def _look_first(session: AsyncSession, *, code: str, now: datetime) -> None:
    """Log whom a class of people is about to let go of, committed before anything is read."""
    rule = (await rules(session, now)).get(code)
    if rule:
        await look_first(session, CLASSES[code], _cutoff(rule, now), now)


async def sweep(session: AsyncSession, *, code: str, now: datetime) -> Found:
    """Remove what is due of one class, and leave a line where there was anything."""
    kind, rule = CLASSES[code], (await rules(session, now)).get(code)
    found = await _found(session, code, kind, rule, now)
    if rule and found.due and kind.remove:
        removed = await kind.remove(session, kind, _cutoff(rule, now), now)
        found = replace(found, removed=removed)
    if rule and found.due:
        _leave_line(session, found, rule, now)
    await session.flush()
    return found


async def sweep_hourly(session: AsyncSession, *, now: datetime) -> int:
    """Remove between the nights ways in and files that have run out, without a line of its own."""
    held, gone = await rules(session, now), 0
    for code in HOURLY:
        kind, rule = CLASSES[code], held.get(code)
        if rule and kind.remove:
            gone += await kind.remove(session, kind, _cutoff(rule, now), now)
    await exports.let_go(session, now=now)
    await session.flush()
    return gone


async def _found(
    session: AsyncSession, code: str, kind: RecordClass, rule: Rule | None, now: datetime
) -> Found:
    by_hand = kind.remove is None
    if rule is None:
        return Found(code, kind.clock, None, by_hand=by_hand)
    due = await count(session, kind, _cutoff(rule, now))
    held = await count_held(session, kind, _cutoff(rule, now), now) if due else 0
    return Found(code, kind.clock, rule, due, held=held, by_hand=by_hand)


def _leave_line(session: AsyncSession, found: Found, rule: Rule, now: datetime) -> None:
    session.add(
        Sweep(
            organiser_id=asker(session).organiser_id,
            at=now,
            record_class=found.record_class,
            law=rule.law,
            days=rule.days,
            due=found.due,
            removed=found.removed,
        )
    )


async def rules(session: AsyncSession, now: datetime) -> dict[str, Rule]:
    """Return the rules that hold that day, by class."""
    rows = await session.scalars(
        select(Figure)
        .where(Figure.organiser_id == asker(session).organiser_id, Figure.kind == KIND)
        .where(Figure.holds_on(local(now).date()))
        .order_by(Figure.valid_from)
    )
    return {row.key: Rule(row.amount, row.source) for row in rows}


def _cutoff(rule: Rule, now: datetime) -> datetime:
    return now - timedelta(days=rule.days)
