"""An order that nobody was found for moves, in one tap, to the date its orderer was offered."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.errors import Conflict, NotFound
from jobcenter.notices import tell
from jobcenter.orders import escalating, ground
from jobcenter.orders.cancelling import may_see
from jobcenter.orders.gigs import Gig
from jobcenter.orders.locking import locked_order
from jobcenter.orders.model import Order, OrderEvent, OrderStatus, Timing
from jobcenter.orders.placing import offered
from jobcenter.orders.proposals import Proposal
from jobcenter.times import local

GONE = "This date cannot be had any more. Please call us, and we will find another together."


async def move(session: AsyncSession, *, order_id: UUID, start: datetime, now: datetime) -> Order:
    """Move an order to the date it was offered; nobody may be on their way to it.

    Whoever holds its status link may do so too: it leads to no other date than ours.
    """
    locked = select(Proposal.id).where(
        Proposal.organiser_id == asker(session).organiser_id,
        Proposal.order_id == order_id,
        Proposal.closed_at.is_(None),
    )
    # Lists before the order, as whoever approves one does.
    lists = (await session.scalars(locked.order_by(Proposal.id).with_for_update())).all()
    order = await locked_order(session, order_id)
    if not _may(session, order):
        raise NotFound
    if order.first_start == start and order.next_start is None:
        return order
    if order.status != OrderStatus.OPEN.value or order.next_start != start or start <= now:
        raise Conflict(GONE)
    stands = await ground.standing(session, order_id=order.id, starts=[start])
    if not stands or await _anybody(session, order):
        raise Conflict(GONE)
    before = order.first_start
    _write(order, start)
    await escalating.begin_anew(session, order, now=now)
    await session.execute(
        update(Proposal)
        .where(Proposal.organiser_id == order.organiser_id, Proposal.id.in_(lists))
        .values(closed_at=now)
        .execution_options(synchronize_session=False)
    )
    await _tell(session, order, before, now)
    return order


def _may(session: AsyncSession, order: Order) -> bool:
    who = asker(session)
    by_link = who.role == "status" and who.actor_id is None
    return may_see(session, order) or (by_link and who.party_id == order.party_id)


async def _anybody(session: AsyncSession, order: Order) -> bool:
    found = await session.scalar(
        select(func.count(Gig.kept_place)).where(
            Gig.organiser_id == order.organiser_id, Gig.order_id == order.id
        )
    )
    return bool(found)


def _write(order: Order, start: datetime) -> None:
    order.timing = Timing.FIXED.value
    order.starts = [start]
    order.start = order.first_start = start
    order.last_end = start + timedelta(minutes=order.minutes)
    order.as_told = local(start).strftime("%Y-%m-%d %H:%M")
    order.version += 1


async def _tell(session: AsyncSession, order: Order, before: datetime, now: datetime) -> None:
    session.add_all([
        OrderEvent(
            organiser_id=order.organiser_id, order_id=order.id, kind="order.moved",
            actor=asker(session).actor_id, at=now,
            details={"from": before.isoformat(), "to": order.first_start.isoformat()},
        ),
        offered(order, "order_changed", now),
    ])  # fmt: skip
    await session.flush()
    if order.placed_by:
        await tell(
            session, kind="order_changed", way="mail", now=now, user_id=order.placed_by,
            order_id=order.id, version=order.version,
        )  # fmt: skip
