"""The dates of a repeated order: which there are, and cancelling the rest of them at once."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.errors import Changed, NotFound
from jobcenter.orders import changing
from jobcenter.orders.cancelling import Cancellation, may_see
from jobcenter.orders.gigs import LIVE, Gig
from jobcenter.orders.locking import locked_client
from jobcenter.orders.model import Order, OrderStatus

Dates = Sequence[Order]
STANDING = (OrderStatus.OPEN.value, OrderStatus.IN_REVIEW.value)


async def dates_of(session: AsyncSession, *, order_id: UUID) -> Dates:
    """Return every order of the same series, by date; none when it is not one of several.

    Whoever holds the status link of one reads of the other dates, too.
    """
    who = asker(session)
    order = await session.get(Order, (who.organiser_id, order_id))
    if order is None or not (may_see(session, order) or who.party_id == order.party_id):
        raise NotFound
    if order.series_id is None:
        return ()
    found = await session.scalars(
        select(Order)
        .where(Order.organiser_id == order.organiser_id, Order.party_id == order.party_id)
        .where(Order.series_id == order.series_id)
        .order_by(Order.first_start, Order.id)
    )
    dates = found.all()
    return dates if len(dates) > 1 else ()


async def rest_of(session: AsyncSession, *, order_id: UUID, now: datetime) -> Dates:
    """Return the dates from this one on that are still to come and could be cancelled."""
    dates = await dates_of(session, order_id=order_id)
    since = next((one.first_start for one in dates if one.id == order_id), now)
    return [
        one
        for one in dates
        if one.first_start >= since and one.first_start > now and one.status in STANDING
    ]


async def cancel_rest(
    session: AsyncSession, *, order_id: UUID, reason: str, shown_cents: int, now: datetime
) -> Cancellation:
    """Cancel all dates from this one on, for the cost that was shown for all of them, or none."""
    ids = sorted(one.id for one in await rest_of(session, order_id=order_id, now=now))
    await _lock_clients(session, ids)
    costs = [await changing.cancel(session, order_id=one, reason=reason, now=now) for one in ids]
    cost = added(costs)
    if cost.cost_cents > shown_cents:
        raise Changed("Cancelling costs more by now. Please look at the newest amount.")
    return cost


def added(costs: Sequence[Cancellation]) -> Cancellation:
    """Add up what several dates cost; the share of the pay is the highest of them."""
    return Cancellation(
        cost_cents=sum(one.cost_cents for one in costs),
        percent=max((one.percent for one in costs), default=0),
        late=any(one.late for one in costs),
        gigs=sum(one.gigs for one in costs),
    )


async def _lock_clients(session: AsyncSession, orders: Sequence[UUID]) -> None:
    """Lock the clients of all dates before any order: date by date they could deadlock."""
    clients = await session.scalars(
        select(Gig.client_id)
        .distinct()
        .where(Gig.organiser_id == asker(session).organiser_id, Gig.order_id.in_(orders))
        .where(Gig.status.in_([status.value for status in LIVE]))
        .order_by(Gig.client_id)
    )
    for client_id in clients.all():
        await locked_client(session, client_id)
