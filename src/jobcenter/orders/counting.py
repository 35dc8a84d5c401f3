"""Work that is counted until a card is needed for it, asked for by the orderer or not.

A hygiene passport is needed once three months of food work are full, a record extract once three
months of a year are: unit, span and threshold are dated rows, and a missing one stops.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import meets
from jobcenter.errors import CardNeeded, RuleMissing
from jobcenter.notices import todo
from jobcenter.orders.gigs import KEPT, Gig
from jobcenter.orders.model import Order
from jobcenter.orders.weekly import ends_of
from jobcenter.people.clients import Client
from jobcenter.people.parties import CounterRule, TaskType
from jobcenter.reference.qualifications import COUNTED
from jobcenter.times import local, minutes_between

TOLD_WITHIN = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Work:
    """A gig of the kind that counts."""

    day: date
    minutes: int


def rule_on(rules: Iterable[CounterRule], code: str, day: date) -> CounterRule:
    """Return the rule that holds on that day; a missing one stops."""
    held = [
        rule
        for rule in rules
        if rule.code == code
        and rule.valid_from <= day
        and (rule.valid_to is None or day < rule.valid_to)
    ]
    if not held:
        raise RuleMissing(
            "From when on this card is needed is not written down for {day}: {code}.",
            day=day.isoformat(),
            code=code,
        )
    return max(held, key=lambda rule: rule.valid_from)


def used(rule: CounterRule, worked: Iterable[Work], day: date) -> int:
    """Return how much of the counter is used on that day, in its own unit."""
    counts = [one for one in worked if rule.per == "ever" or one.day.year == day.year]
    if rule.unit == "hours":
        return sum(one.minutes for one in counts) // 60
    return len({one.day for one in counts})


async def check(
    session: AsyncSession,
    order: Order,
    client: Client,
    *,
    start: datetime,
    held: Collection[str],
) -> None:
    """Raise when a counter is full and its card is missing.

    The database asks once more, also for later gigs that this one would push past the mark.
    """
    day = local(start).date()
    for code in await _counting(session, order, held):
        rule = rule_on(await _rules(session, order), code, day)
        worked = await _worked(session, client, code, until=start)
        if used(rule, worked, day) >= rule.threshold:
            raise CardNeeded


async def warn(
    session: AsyncSession, gig: Gig, order: Order, client: Client, *, now: datetime
) -> None:
    """Ask the unit to see about a card when this gig brings a counter to one of its marks."""
    day = local(gig.start).date()
    for code in await _counting(session, order, held=()):
        rule = rule_on(await _rules(session, order), code, day)
        before = used(rule, await _worked(session, client, code, until=gig.start), day)
        after = used(rule, await _worked(session, client, code, until=gig.end), day)
        for mark in rule.warn_at:
            if before < mark <= after:
                await _tell(session, client, f"{client.id}:{code}:{mark}:{day.year}", now)


async def _tell(session: AsyncSession, client: Client, mark: str, now: datetime) -> None:
    await todo(
        session,
        kind="card_soon",
        due_at=now + TOLD_WITHIN,
        now=now,
        mark=mark,
        unit_id=client.unit_id,
        client_id=client.id,
    )


async def _counting(session: AsyncSession, order: Order, held: Collection[str]) -> Sequence[str]:
    """Return the cards that the kind of work is counted for and that nobody has asked for yet."""
    usual = await session.scalar(
        select(TaskType.qualifications).where(
            TaskType.organiser_id == order.organiser_id, TaskType.id == order.task_type_id
        )
    )
    asked = {*order.qualifications, *held}
    return [code for code in usual or () if code in COUNTED and code not in asked]


async def _rules(session: AsyncSession, order: Order) -> Sequence[CounterRule]:
    rows = await session.scalars(
        select(CounterRule).where(CounterRule.organiser_id == order.organiser_id)
    )
    return rows.all()


async def _worked(
    session: AsyncSession, client: Client, code: str, *, until: datetime
) -> list[Work]:
    """Return the client's gigs of the kind that begin before a moment."""
    rows = await session.execute(
        select(Gig.during)
        .join(Order, meets(Gig, "order_id", Order))
        .join(TaskType, meets(Order, "task_type_id", TaskType))
        .where(Gig.organiser_id == client.organiser_id, Gig.client_id == client.id)
        .where(Gig.status.in_([status.value for status in KEPT]))
        .where(TaskType.qualifications.contains([code]), func.lower(Gig.during) < until)
    )
    spans = [ends_of(during) for (during,) in rows]
    return [Work(local(begin).date(), minutes_between(begin, end)) for begin, end in spans]
