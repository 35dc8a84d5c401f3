"""Who may stand in for a coach: first the own unit, then those that agreed to, the known first."""

from collections.abc import AsyncIterator, Collection
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import meets
from jobcenter.orders import coached
from jobcenter.orders.booking import AFTER, BEFORE
from jobcenter.orders.coach_time import coach_times, locked_coaches, speaks_with
from jobcenter.orders.gigs import CoachVisit
from jobcenter.orders.model import Order
from jobcenter.orders.served import Served
from jobcenter.orders.visits import CoachTime
from jobcenter.people.staff import UnitCover
from jobcenter.times import local


async def coaches_in_turn(
    session: AsyncSession, served: list[Served], *, besides: UUID | None = None
) -> AsyncIterator[list[CoachTime]]:
    """Yield the times of those who speak with everybody served: own unit, then the others.

    Among the coaches of a unit, those who have been at the site before come first.
    """
    first = served[0]
    clients = [one.client for one in served]
    knowing = await _who_know(session, first.order)
    day = local(first.gig.start).date()
    others = await _covering(session, first.client.unit_id, day)
    for unit_id in (first.client.unit_id, *others):
        is_own = unit_id == first.client.unit_id
        if not is_own and await coached.any_lack(session, clients, unit_id=unit_id, day=day):
            continue
        coaches = [
            coach
            for coach in await locked_coaches(session, first.client, unit_id=unit_id)
            if coach.id != besides and all(speaks_with(coach, client) for client in clients)
        ]
        coaches.sort(key=lambda coach: (coach.id not in knowing, coach.id))
        times = await coach_times(session, coaches, first.gig.start - BEFORE, first.gig.end + AFTER)
        if times:
            yield times


async def _covering(session: AsyncSession, unit_id: UUID, day: date) -> list[UUID]:
    """Return the units that agreed to stand in for this one on that day."""
    rows = await session.scalars(
        select(UnitCover.by_unit_id)
        .where(UnitCover.unit_id == unit_id, UnitCover.holds_on(day))
        .order_by(UnitCover.by_unit_id)
    )
    return list(rows)


async def _who_know(session: AsyncSession, order: Order) -> Collection[UUID]:
    """Return the coaches who have been at the order's site before."""
    rows = await session.scalars(
        select(CoachVisit.coach_id)
        .join(Order, meets(CoachVisit, "order_id", Order))
        .where(CoachVisit.organiser_id == order.organiser_id, Order.site_id == order.site_id)
        .where(CoachVisit.presence == "present", CoachVisit.status == "booked")
        .distinct()
    )
    return set(rows)
