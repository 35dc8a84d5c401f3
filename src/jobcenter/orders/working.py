"""The day itself: here, done, so many hours, approved. Staff may do each for the client."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter import benefits
from jobcenter.database import asker
from jobcenter.errors import CeilingPassed, Fault, Invalid, NotAllowed, NotFound, WrongMoment
from jobcenter.notices import tell, todo
from jobcenter.orders.answering import release
from jobcenter.orders.gigs import Gig, GigEvent, GigStatus
from jobcenter.orders.locking import locked_gig
from jobcenter.orders.model import Order
from jobcenter.orders.pay import pay_cents
from jobcenter.people.clients import Client

# The button shows this long before the start, and hours may be told this far past the plan.
EARLY = timedelta(hours=1)
MOST_MINUTES = 720


async def check_in(session: AsyncSession, *, gig_id: UUID, now: datetime) -> Gig:
    """Note that the client is there; pressing twice is once."""
    gig, _, client = await locked_gig(session, gig_id)
    _may_work(session, gig, client)
    if gig.status == GigStatus.IN_PROGRESS.value:
        return gig
    if now < gig.start - EARLY:
        raise WrongMoment("You can check in one hour before the start.")
    session.add(_become(session, gig, GigStatus.IN_PROGRESS, now))
    gig.started_at = now
    await session.flush()
    return gig


async def check_out(session: AsyncSession, *, gig_id: UUID, now: datetime) -> Gig:
    """Note that the work is done; the planned minutes stand until somebody approves or corrects."""
    gig, order, client = await locked_gig(session, gig_id)
    _may_work(session, gig, client)
    if gig.status == GigStatus.DONE.value:
        return gig
    session.add(_become(session, gig, GigStatus.DONE, now))
    gig.ended_at = now
    gig.worked_minutes = order.minutes
    await session.flush()
    if order.placed_by:
        await tell(
            session,
            kind="hours_to_approve",
            way="mail",
            now=now,
            user_id=order.placed_by,
            order_id=order.id,
            gig_id=gig.id,
        )
    return gig


async def approve(
    session: AsyncSession, *, gig_id: UUID, minutes: int, now: datetime, reason: str = ""
) -> Gig:
    """Approve the hours, as planned or corrected with a reason; the pay follows them."""
    gig, order, client = await locked_gig(session, gig_id)
    _may_approve(session, order, client)
    if gig.status == GigStatus.APPROVED.value:
        return gig
    if not 0 <= minutes <= MOST_MINUTES:
        raise Invalid(Fault("minutes", "too_long", "Please check the hours."))
    if minutes != order.minutes and not reason.strip():
        raise Invalid(
            Fault("reason", "blank", "Please tell why the hours differ from what was ordered.")
        )
    event = _become(session, gig, GigStatus.APPROVED, now)
    event.reason = reason
    session.add(event)
    gig.worked_minutes = minutes
    gig.pay_cents = pay_cents(gig.hourly_cents, minutes)
    await session.flush()
    await _correct_earnings(session, gig, now)
    return gig


async def _correct_earnings(session: AsyncSession, gig: Gig, now: datetime) -> None:
    """Let what counts against a ceiling follow the pay; an orderer never hears of ceilings."""
    try:
        await benefits.correct(session, gig.id, pay_cents=gig.pay_cents, now=now)
    except CeilingPassed as passed:
        raise WrongMoment(
            "So many more hours need a word with us first. Please call us."
        ) from passed


async def no_show(session: AsyncSession, *, gig_id: UUID, now: datetime, reason: str = "") -> Gig:
    """Record that nobody came; the coach cares first, and nothing is held against anyone."""
    gig, order, client = await locked_gig(session, gig_id)
    if not asker(session).may("assign"):
        raise NotAllowed
    if client.unit_id not in asker(session).unit_ids:
        raise NotFound
    if now < gig.start:
        raise WrongMoment("The gig has not begun yet.")
    event = _become(session, gig, GigStatus.NO_SHOW, now)
    event.reason = reason
    session.add(event)
    await release(session, gig, order, kind="no_show", now=now)
    await todo(
        session,
        kind="where_are_you",
        due_at=now,
        now=now,
        mark=str(gig.id),
        unit_id=client.unit_id,
        client_id=client.id,
        order_id=order.id,
        gig_id=gig.id,
    )
    return gig


def _become(session: AsyncSession, gig: Gig, status: GigStatus, now: datetime) -> GigEvent:
    who = asker(session)
    via = "link" if who.client_id else who.role
    return gig.become(status, by=who.client_id or who.actor_id, via=via, now=now)


def _may_work(session: AsyncSession, gig: Gig, client: Client) -> None:
    """The client themself, their coach or their coordinator."""
    who = asker(session)
    own = who.client_id == gig.client_id
    staff = client.unit_id in who.unit_ids and (who.may("assign") or who.may("coach"))
    if not own and not staff:
        raise NotFound


def _may_approve(session: AsyncSession, order: Order, client: Client) -> None:
    """The orderer of this order, or the lead of the client's unit after three silent workdays."""
    who = asker(session)
    orderer = who.may("order") and who.party_id == order.party_id
    staff = client.unit_id in who.unit_ids and (who.may("assign") or who.may("lead"))
    if not orderer and not staff:
        raise NotFound
