"""An order changes or is cancelled; whoever it touches is told."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.errors import Changed, Conflict, Fault, Invalid, NotFound, WrongMoment
from jobcenter.notices import tell
from jobcenter.orders.answering import release
from jobcenter.orders.cancelling import Cancellation, cost_of, may_see
from jobcenter.orders.gigs import KEPT, LIVE, PROMISED, Gig, GigStatus
from jobcenter.orders.locking import locked_client, locked_order
from jobcenter.orders.model import Order, OrderEvent, OrderPlace, OrderStatus
from jobcenter.orders.placing import offered
from jobcenter.orders.settling import compensate
from jobcenter.orders.todos import see_to_gig
from jobcenter.people.clients import ClientContact

# What an orderer may reword while nobody is bound to the old words.
WORDS = ("title", "description", "contact_name", "contact_phone", "wear", "bring")


async def change(
    session: AsyncSession,
    *,
    order_id: UUID,
    version: int,
    changes: Mapping[str, str | int],
    now: datetime,
) -> Order:
    """Reword an order or change its number of places; an old version is refused with the new."""
    order = await _own_order(session, order_id)
    if order.version != version:
        raise Changed
    if order.status not in {OrderStatus.OPEN.value, OrderStatus.IN_REVIEW.value}:
        raise WrongMoment("This order can no longer be changed.")
    unknown = set(changes) - {*WORDS, "places"}
    if unknown:
        raise Invalid(
            *(Fault(name, "unknown_field", "This cannot be changed.") for name in sorted(unknown))
        )
    for name in WORDS:
        if name in changes:
            setattr(order, name, str(changes[name]))
    if "places" in changes:
        await _resize(session, order, int(changes["places"]))
    order.version += 1
    session.add_all(
        [_event(session, order, "order.changed", now), offered(order, "order_changed", now)]
    )
    await session.flush()
    for client_id, gig_id in await _agreed_with(session, order):
        await tell(
            session,
            kind="order_changed",
            now=now,
            client_id=client_id,
            order_id=order.id,
            gig_id=gig_id,
            version=order.version,
        )
    return order


async def _resize(session: AsyncSession, order: Order, places: int) -> None:
    """Add place rows, or take free ones away from the end; never below what is filled."""
    if not 1 <= places <= 200:
        raise Invalid(Fault("places", "too_few" if places < 1 else "too_many", "1 to 200 workers."))
    filled = list(
        await session.scalars(
            select(Gig.place_no).where(
                Gig.organiser_id == order.organiser_id,
                Gig.order_id == order.id,
                Gig.status.in_([status.value for status in KEPT]),
            )
        )
    )
    if places < len(filled) or any(number > places for number in filled):
        raise Conflict("{count} places are already filled.", count=len(filled))
    await session.execute(
        delete(OrderPlace).where(
            OrderPlace.organiser_id == order.organiser_id,
            OrderPlace.order_id == order.id,
            OrderPlace.place_no > places,
        )
    )
    session.add_all(
        OrderPlace(organiser_id=order.organiser_id, order_id=order.id, place_no=number)
        for number in range(order.places + 1, places + 1)
    )
    order.places = places


async def cancel(
    session: AsyncSession,
    *,
    order_id: UUID,
    reason: str,
    now: datetime,
    at_most: int | None = None,
) -> Cancellation:
    """Cancel an order: end its gigs, free what they took, tell everybody; twice is once.

    Where it costs more than `at_most` cents, nothing is done.
    """
    for client_id in await _clients_of(session, order_id):
        await locked_client(session, client_id)
    order = await _own_order(session, order_id)
    if order.status == OrderStatus.CANCELLED.value:
        return Cancellation(0, 0, late=False, gigs=0)
    gigs = await _live_gigs(session, order)
    cost = await cost_of(session, order, [gig for gig in gigs if gig.status in PROMISED], now)
    if at_most is not None and cost.cost_cents > at_most:
        raise Changed("Cancelling costs more by now. Please look at the newest amount.")
    if any(gig.status == GigStatus.IN_PROGRESS.value for gig in gigs):
        raise WrongMoment("The work has already begun.")
    owed = iter(cost.lines)
    for gig in gigs:
        cents = next(owed, 0) if gig.status in PROMISED else 0
        await _end(session, gig, order, now=now)
        await compensate(session, gig, order, cents=cents, invoiced=True, now=now)
    order.cancelled_at = now
    order.cancel_reason = reason
    event = order.become(OrderStatus.CANCELLED, by=asker(session).actor_id, now=now)
    event.details = {
        **event.details,
        "late": cost.late,
        "percent": cost.percent,
        "compensation_cents": list(cost.lines),
    }
    session.add_all([event, offered(order, "order_cancelled", now)])
    await session.flush()
    return cost


async def _own_order(session: AsyncSession, order_id: UUID) -> Order:
    order = await locked_order(session, order_id)
    if not may_see(session, order):
        raise NotFound
    return order


async def _live_gigs(session: AsyncSession, order: Order) -> list[Gig]:
    gigs = await session.scalars(
        select(Gig)
        .where(
            Gig.organiser_id == order.organiser_id,
            Gig.order_id == order.id,
            Gig.status.in_([status.value for status in LIVE]),
        )
        .order_by(Gig.id)
    )
    return list(gigs)


async def _clients_of(session: AsyncSession, order_id: UUID) -> list[UUID]:
    clients = await session.scalars(
        select(Gig.client_id)
        .where(
            Gig.organiser_id == asker(session).organiser_id,
            Gig.order_id == order_id,
            Gig.status.in_([status.value for status in LIVE]),
        )
        .order_by(Gig.client_id)
    )
    return list(clients)


async def _agreed_with(session: AsyncSession, order: Order) -> list[tuple[UUID, UUID]]:
    gigs = await _live_gigs(session, order)
    return [(gig.client_id, gig.id) for gig in gigs if gig.status in PROMISED]


async def _end(session: AsyncSession, gig: Gig, order: Order, *, now: datetime) -> None:
    """End one gig because its order is cancelled; it is nobody's fault in any record."""
    session.add(
        gig.become(
            GigStatus.CANCELLED,
            by=asker(session).actor_id,
            via="orderer",
            now=now,
            reason="order_cancelled",
        )
    )
    await release(session, gig, order, kind="cancelled", now=now)
    await tell(
        session,
        kind="cancelled",
        now=now,
        client_id=gig.client_id,
        order_id=order.id,
        gig_id=gig.id,
        urgent=True,
    )
    wants_a_call = await session.scalar(
        select(func.bool_or(ClientContact.wants_calls)).where(
            ClientContact.organiser_id == gig.organiser_id,
            ClientContact.client_id == gig.client_id,
        )
    )
    if wants_a_call:
        await see_to_gig(
            session, gig, kind="call_cancelled", due_at=now + timedelta(minutes=30), now=now
        )


def _event(session: AsyncSession, order: Order, kind: str, now: datetime) -> OrderEvent:
    return OrderEvent(
        organiser_id=order.organiser_id,
        order_id=order.id,
        kind=kind,
        actor=asker(session).actor_id,
        at=now,
        details={},
    )
