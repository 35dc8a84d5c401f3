"""Reads what the matcher may know: a few set-wise SELECTs in one READ ONLY transaction.

Orders are here, places and terms in `ground`, people in `crowd`, what takes their time in `taken`.
"""

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.matching.loading import counters, crowd, ground, taken
from jobcenter.matching.loading.facts import Facts, OrderFact
from jobcenter.matching.loading.hours import Grid
from jobcenter.orders.gigs import KEPT, Gig
from jobcenter.orders.model import Order, OrderStatus
from jobcenter.orders.planning import days_to_workday, is_short_notice
from jobcenter.people import choices
from jobcenter.people.parties import TaskType
from jobcenter.times import local

# Visits lie from a week before a gig to a few days, or a holiday week, after it.
BEFORE, AFTER = timedelta(days=7), timedelta(days=8)


async def read(
    session: AsyncSession,
    *,
    now: datetime,
    until: datetime,
    also: Collection[UUID] = (),
    longer: timedelta = timedelta(),
) -> Facts:
    """Return the world around the open orders that start before `until`, and around others given.

    `longer` reaches so much further ahead than these orders need.
    """
    orders = await _orders(session, now, until, also)
    grid = grid_of(orders, now, longer)
    ids = [order.id for order in orders]
    closed = await taken.closed(session, grid.origin, grid.end)
    coaches = await crowd.coaches(session, grid.origin, grid.end, closed)
    return Facts(
        now=now,
        grid=grid,
        orders=tuple(orders),
        sites=await ground.sites(session),
        units=await ground.units(session),
        clients=await crowd.clients(session, now=now, begin=grid.origin, end=grid.end),
        coaches=coaches,
        gigs=await taken.gigs(session, grid.origin, grid.end),
        visits=await taken.visits(session, grid.origin, grid.end),
        asked=await taken.asked(session, ids),
        lists=await taken.lists(session, ids, now=now),
        rules=await ground.rules(session),
        weights=await ground.weights(session, local(now).date()),
        counters=await counters.read(session),
        coaching=await ground.coaching(session),
        helps=(await choices.strengths(session, now=now)).helps(),
        closed=closed,
    )


def grid_of(orders: Collection[OrderFact], now: datetime, longer: timedelta = timedelta()) -> Grid:
    """Return the weeks that these orders, their rest times and their visits touch."""
    first = min((order.starts[0] for order in orders), default=now)
    last = max((order.starts[-1] for order in orders), default=now)
    return Grid.around(
        local(max(first - BEFORE, now) - BEFORE).date(), local(last + AFTER + longer).date()
    )


async def _orders(
    session: AsyncSession, now: datetime, until: datetime, also: Collection[UUID]
) -> list[OrderFact]:
    rows = await session.execute(
        select(
            Order.number,
            Order.id,
            Order.version,
            Order.party_id,
            Order.site_id,
            Order.task_type_id,
            TaskType.number,
            Order.channel,
            Order.demands,
            Order.outdoors,
            Order.qualifications,
            Order.language,
            Order.step_free,
            Order.places,
            Order.group_visit,
            Order.minutes,
            Order.starts,
            Order.start,
            Order.hourly_cents,
            Order.asks_for_shaping,
            TaskType.qualifications,
            Order.escalated,
        )
        .join(
            TaskType,
            (TaskType.organiser_id == Order.organiser_id) & (TaskType.id == Order.task_type_id),
        )
        .where(
            Order.organiser_id == asker(session).organiser_id,
            Order.status == OrderStatus.OPEN.value,
            Order.last_end > now,
            or_(Order.first_start < until, Order.id.in_(also)),
        )
        .order_by(Order.first_start, Order.number)
    )
    kept = await _kept_places(session, now)
    make: Callable[..., OrderFact] = OrderFact
    facts = [_completed(replace(make(*row), number=number), kept, now) for number, *row in rows]
    return [fact for fact in facts if fact.starts]


def _completed(fact: OrderFact, kept: dict[UUID, set[int]], now: datetime) -> OrderFact:
    """Keep the starts that lie ahead (or the one that holds), and add what follows from them."""
    starts = (fact.start,) if fact.start else fact.starts
    ahead = tuple(start for start in starts if start > now)
    first = ahead[0] if ahead else now
    return replace(
        fact,
        demands=tuple(fact.demands),
        qualifications=tuple(fact.qualifications),
        usual_cards=tuple(fact.usual_cards),
        starts=ahead,
        short_notice=is_short_notice(first, now),
        days_to_workday=days_to_workday(first + timedelta(minutes=fact.minutes)),
        taken=frozenset(kept.get(fact.id, ())),
    )


async def _kept_places(session: AsyncSession, now: datetime) -> dict[UUID, set[int]]:
    rows = await session.execute(
        select(Gig.order_id, Gig.kept_place)
        .join(Order, (Order.organiser_id == Gig.organiser_id) & (Order.id == Gig.order_id))
        .where(
            Gig.organiser_id == asker(session).organiser_id,
            Gig.status.in_([status.value for status in KEPT]),
            Order.status == OrderStatus.OPEN.value,
            Order.last_end > now,
        )
    )
    kept: dict[UUID, set[int]] = defaultdict(set)
    for order_id, place_no in rows:
        kept[order_id].add(place_no or 0)
    return kept
