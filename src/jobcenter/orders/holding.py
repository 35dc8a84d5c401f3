"""What an assignment takes: place, client's time, coaches' time and cents, in one transaction.

Locks are taken once, late and in one order – client, order, coaches, month – so that a burst of
assignments queues up instead of deadlocking; the constraints have the last word all the same.
"""

from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from jobcenter import benefits
from jobcenter.errors import Conflict, NotFound, PlaceIsTaken, WrongMoment
from jobcenter.orders import booking, counting, fitting, offering
from jobcenter.orders.gigs import KEPT, Gig, GigEvent, GigStatus
from jobcenter.orders.model import Order, OrderEvent, OrderPlace, OrderStatus
from jobcenter.orders.proposals import Change, Proposal, ProposalRow
from jobcenter.orders.terms import answer_time, wage_of
from jobcenter.people.clients import Client
from jobcenter.times import day_bounds, local

LATEST_ANSWER = time(18)


async def place_is_kept(session: AsyncSession, order: Order, place_no: int) -> bool:
    """Return whether somebody has the place."""
    kept = await session.scalar(
        select(Gig.id).where(
            Gig.organiser_id == order.organiser_id,
            Gig.order_id == order.id,
            Gig.place_no == place_no,
            Gig.status.in_([status.value for status in KEPT]),
        )
    )
    return kept is not None


async def hold(
    session: AsyncSession,
    order: Order,
    client: Client,
    place_no: int,
    start: datetime,
    *,
    by: UUID,
    now: datetime,
    override: benefits.Override | None = None,
) -> Gig:
    """Take the place, the client's time, the coaches' time and the cents, and ask the client."""
    await _check_place(session, order, place_no, start, now)
    await fitting.check(session, order, client, start=start)
    pays = await wage_of(
        session, hourly_cents=order.hourly_cents, start=start, minutes=order.minutes
    )
    gig = _gig(order, client, place_no, start, pays=pays.cents, by=by, now=now)
    going = await offering.going(session, start=start, now=now)
    gig.answer_by = await _answer_by(session, start, going.at)
    order.start = start
    session.add(gig)
    await session.flush()
    session.add(_assigned(gig, by, now))
    await benefits.take(session, _earning(gig), now=now, override=override)
    await booking.hold(session, gig, order, client, now=now)
    await counting.warn(session, gig, order, client, now=now)
    await _mark_lists(session, order, client)
    await _ask(session, gig, order, client, going, now=now)
    return gig


async def _check_place(
    session: AsyncSession, order: Order, place_no: int, start: datetime, now: datetime
) -> None:
    if order.status != OrderStatus.OPEN.value:
        raise WrongMoment("This order is not open any more.")
    key = (order.organiser_id, order.id, place_no)
    if await session.get(OrderPlace, key) is None:
        raise NotFound
    if await place_is_kept(session, order, place_no):
        raise PlaceIsTaken
    if start not in order.starts or order.start not in {None, start}:
        raise Conflict("The order now starts at another time.")
    if start <= now:
        raise WrongMoment("The gig would already have started.")


def _gig(
    order: Order,
    client: Client,
    place_no: int,
    start: datetime,
    *,
    pays: int,
    by: UUID,
    now: datetime,
) -> Gig:
    return Gig(
        organiser_id=order.organiser_id,
        id=uuid7(),
        order_id=order.id,
        place_no=place_no,
        client_id=client.id,
        status=GigStatus.ASSIGNED.value,
        during=Range(start, start + timedelta(minutes=order.minutes)),
        hourly_cents=order.hourly_cents,
        pay_cents=pays,
        assigned_by=by,
        assigned_at=now,
        version=1,
    )


def _earning(gig: Gig) -> benefits.Earning:
    return benefits.Earning(
        client_id=gig.client_id,
        gig_id=gig.id,
        pay_cents=gig.pay_cents,
        hourly_cents=gig.hourly_cents,
        start=gig.start,
    )


def _assigned(gig: Gig, by: UUID, now: datetime) -> GigEvent:
    return GigEvent(
        organiser_id=gig.organiser_id,
        gig_id=gig.id,
        from_status="",
        to_status=GigStatus.ASSIGNED.value,
        actor=by,
        via="staff",
        at=now,
    )


async def _answer_by(session: AsyncSession, start: datetime, now: datetime) -> datetime:
    """Return until when the client may answer: less time the nearer the gig (SETTLED 6)."""
    by = now + await answer_time(session, start=start, now=now)
    evening = day_bounds(local(start).date())[0] - timedelta(hours=24 - LATEST_ANSWER.hour)
    if now < evening < by:
        by = evening
    return min(by, start)


async def _mark_lists(session: AsyncSession, order: Order, client: Client) -> None:
    """On the current lists of this order the person is now asked, and nowhere else proposed."""
    lists = select(Proposal.id).where(
        Proposal.organiser_id == order.organiser_id,
        Proposal.order_id == order.id,
        Proposal.closed_at.is_(None),
    )
    await session.execute(
        update(ProposalRow)
        .where(
            ProposalRow.organiser_id == order.organiser_id,
            ProposalRow.proposal_id.in_(lists),
            ProposalRow.client_id == client.id,
        )
        .values(state="asked")
    )


async def _ask(
    session: AsyncSession,
    gig: Gig,
    order: Order,
    client: Client,
    going: offering.Going,
    *,
    now: datetime,
) -> None:
    """Write what tells the client, and the matcher, in the same transaction as the fact."""
    await offering.offer(session, gig, client, going, now=now)
    session.add_all(
        [
            OrderEvent(
                organiser_id=order.organiser_id,
                order_id=order.id,
                kind="gig.assigned",
                actor=gig.assigned_by,
                at=now,
                details={"place": gig.place_no},
            ),
            Change(
                organiser_id=order.organiser_id,
                kind="assigned",
                order_id=order.id,
                client_id=client.id,
                at=now,
            ),
        ]
    )
    await session.flush()
