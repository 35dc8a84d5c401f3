"""On which later day could orders be filled? The same rules and people, another date."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from jobcenter.access import look
from jobcenter.database import MATCHER, Database, Who
from jobcenter.errors import Invalid
from jobcenter.matching.loading.facts import Facts, OrderFact
from jobcenter.matching.loading.reading import read
from jobcenter.matching.thinking.answer import shortlist
from jobcenter.matching.thinking.mind import Mind
from jobcenter.orders.ground import standing
from jobcenter.orders.planning import days_to_workday
from jobcenter.times import DAY, is_workday, local, of_wall

# How many days ahead are tried.
DAYS = 14


async def next_starts(
    database: Database, who: Who, mind: Mind, *, order_ids: Collection[UUID], now: datetime
) -> Mapping[UUID, datetime]:
    """Return each order's first start, at the same hour of a later day, with people for all places.

    An order that the next two weeks have no such day for is left out. Nothing is held. It is worked
    out in the mind's process: trying day after day is long, and meanwhile messages go out and
    changes come in.
    """
    what = "codes of the pool"
    for one in order_ids:
        await look(database, who, clients=[None], what=what, purpose=f"order {one}", now=now)
    reader = Who(who.organiser_id, MATCHER)
    facts = await database.read(reader, read, now=now, until=now, also=order_ids, longer=DAY * DAYS)
    wanted = {order.id: order for order in facts.orders if order.id in order_ids}
    days = {
        one: await database.read(who, standing, order_id=one, starts=later(order))
        for one, order in wanted.items()
    }
    found = await mind.work_out(partial(_first_of_each, facts, days))
    return {one: start for one, start in found.items() if start}


def _first_of_each(
    facts: Facts, days: Mapping[UUID, Sequence[datetime]]
) -> dict[UUID, datetime | None]:
    return {
        order.id: _first(facts.only(frozenset({order.id})), order, days[order.id])
        for order in facts.orders
        if order.id in days
    }


def _first(facts: Facts, order: OrderFact, starts: Sequence[datetime]) -> datetime | None:
    for start in starts:
        moved = replace(
            order,
            starts=(start,),
            start=None,
            short_notice=False,
            days_to_workday=days_to_workday(start + timedelta(minutes=order.minutes)),
        )
        found = shortlist(replace(facts, orders=(moved,)), len(order.free_places))
        if found.lists and len(found.lists[0].entries) >= len(order.free_places):
            return start
    return None


def later(order: OrderFact) -> list[datetime]:
    """Return the same hour of later days: workdays for a workday, free days for a free one."""
    first = local(order.starts[0])
    works = is_workday(first.date())
    found = []
    for days in range(1, DAYS + 1):
        wall = first.replace(tzinfo=None, fold=0) + DAY * days
        if is_workday(wall.date()) is works:
            found += _moment(wall)
    return found


def _moment(wall: datetime) -> list[datetime]:
    """Return the moment; none where the clocks of that night leave it out or show it twice."""
    try:
        return [of_wall(wall, field="start")]
    except Invalid:
        return []
