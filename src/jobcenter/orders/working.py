"""The day itself: here, done, so many hours, approved. Staff may do each for the client."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter import benefits
from jobcenter.database import asker, meets
from jobcenter.errors import CeilingPassed, Fault, Invalid, NotAllowed, NotFound, WrongMoment
from jobcenter.notices import settle_todo, tell
from jobcenter.orders.answering import release
from jobcenter.orders.attendance import heard, is_sites_code, not_too_early
from jobcenter.orders.gigs import Gig, GigEvent, GigStatus
from jobcenter.orders.locking import is_known, locked_gig
from jobcenter.orders.model import Order, OrderEvent
from jobcenter.orders.settling import post_hours
from jobcenter.orders.todos import lead_decides_on, see_to_gig, silent_workdays
from jobcenter.people.clients import Client
from jobcenter.times import day_bounds, local, next_workday, parse

MOST_MINUTES = 720
# A word that was on its way for less than this was sent at once.
AT_ONCE = timedelta(minutes=1)
# A call after somebody's first gig at a place is due by noon of the next working day.
FOLLOW_UP_BY = timedelta(hours=12)


def phones_time(said: str, sent: str = "") -> datetime | None:
    """Return a phone's own time of a button whose word had to wait for a network.

    A word that was sent as it was said came now, however wrong the phone's clock may be.
    """
    if not said:
        return None
    at = parse(said, field="said_at")
    waited = not sent or parse(sent, field="sent_at") - at >= AT_ONCE
    return at if waited else None


async def check_in(
    session: AsyncSession,
    *,
    gig_id: UUID,
    now: datetime,
    said_at: datetime | None = None,
    code: str = "",
) -> Gig:
    """Note that the client is there; pressing twice is once.

    A phone without a network tells later: `said_at` is its own time, and both are kept.
    """
    gig, order, client = await locked_gig(session, gig_id)
    await _may_work(session, gig, client)
    word = heard(
        session, gig, move="came", now=now, said_at=said_at,
        by_code=await is_sites_code(session, order, code),
    )  # fmt: skip
    if gig.status == GigStatus.IN_PROGRESS.value:
        return gig
    if gig.started_at is not None and said_at is not None:
        # Somebody wrote it down meanwhile; the phone's own word is kept beside theirs.
        session.add(word)
        return gig
    await not_too_early(session, gig, word, now=now)
    session.add(_become(session, gig, GigStatus.IN_PROGRESS, now))
    session.add(word)
    gig.started_at = word.said_at
    await settle_todo(session, kind="where_are_you", mark=str(gig.id), now=now)
    await session.flush()
    return gig


async def check_out(
    session: AsyncSession, *, gig_id: UUID, now: datetime, said_at: datetime | None = None
) -> Gig:
    """Note that the work is done; the planned minutes stand until somebody approves or corrects."""
    gig, order, client = await locked_gig(session, gig_id)
    await _may_work(session, gig, client)
    word = heard(session, gig, move="went", now=now, said_at=said_at)
    if gig.ended_at is not None:
        if said_at is not None:
            session.add(word)
        return gig
    session.add(_become(session, gig, GigStatus.DONE, now))
    session.add(word)
    gig.ended_at = max(word.said_at, gig.started_at or word.said_at)
    gig.worked_minutes = order.minutes
    await session.flush()
    await _ask_for_approval(session, gig, order, now)
    await _follow_up(session, gig, order, client, now)
    if asker(session).client_id is None:
        # Whoever tapped "I am done" themself has the question before them.
        await tell(session, kind="how_was_it", now=now, client_id=client.id, gig_id=gig.id)
    return gig


async def _ask_for_approval(
    session: AsyncSession, gig: Gig, order: Order, now: datetime, *, version: int = 1
) -> None:
    if order.placed_by:
        await tell(
            session,
            kind="hours_to_approve",
            way="mail",
            now=now,
            user_id=order.placed_by,
            order_id=order.id,
            gig_id=gig.id,
            version=version,
        )


async def _follow_up(
    session: AsyncSession, gig: Gig, order: Order, client: Client, now: datetime
) -> None:
    """After somebody's first gig at a place, have a person ask on the next working day."""
    before = await session.scalar(
        select(func.count())
        .select_from(Gig)
        .join(Order, meets(Gig, "order_id", Order))
        .where(Gig.organiser_id == gig.organiser_id, Gig.client_id == client.id)
        .where(Gig.id != gig.id, Order.site_id == order.site_id, Gig.ended_at.is_not(None))
    )
    if not before:
        day = next_workday(local(gig.end).date())
        due = day_bounds(day)[0] + FOLLOW_UP_BY
        await see_to_gig(
            session, gig, kind="follow_up", due_at=due, now=now, unit_id=client.unit_id
        )


async def see_to_hours(
    session: AsyncSession, *, gig_id: UUID, minutes: int, reason: str, now: datetime
) -> Gig:
    """Approve the hours in an orderer's stead where the asker leads, else put them right."""
    _, _, client = await locked_gig(session, gig_id)
    leads = asker(session).may_in(client.unit_id, "lead")
    step = approve if leads else put_right
    return await step(session, gig_id=gig_id, minutes=minutes, reason=reason, now=now)


async def put_right(
    session: AsyncSession, *, gig_id: UUID, minutes: int, reason: str, now: datetime
) -> Gig:
    """Correct the told hours before they are approved, with a trail; the orderer is asked anew."""
    gig, order, client = await locked_gig(session, gig_id)
    who = asker(session)
    who.require(client.unit_id, "assign")
    if gig.status != GigStatus.DONE.value:
        raise WrongMoment("Hours that are approved are corrected by whoever approved them.")
    _check_hours(minutes, reason, differ=True)
    session.add(
        OrderEvent(
            organiser_id=order.organiser_id,
            order_id=order.id,
            kind="hours.corrected",
            actor=who.actor_id,
            at=now,
            details={
                "gig": str(gig.id),
                "from": gig.worked_minutes,
                "to": minutes,
                "reason": reason.strip(),
            },
        )
    )
    gig.worked_minutes = minutes
    gig.version += 1
    await session.flush()
    await _ask_for_approval(session, gig, order, now, version=gig.version)
    return gig


async def approve(
    session: AsyncSession, *, gig_id: UUID, minutes: int, now: datetime, reason: str = ""
) -> Gig:
    """Approve the hours, as told or corrected with a reason; pay and invoice rows follow them.

    Hours that are approved already are corrected: by new rows, never by a change.
    """
    gig, order, client = await locked_gig(session, gig_id)
    await _may_approve(session, gig, order, client, now)
    approved = GigStatus(gig.status) in {GigStatus.APPROVED, GigStatus.INVOICED}
    if approved and gig.worked_minutes == minutes:
        return gig
    expected = order.minutes if gig.worked_minutes is None else gig.worked_minutes
    _check_hours(minutes, reason, differ=minutes != expected)
    if not approved:
        event = _become(session, gig, GigStatus.APPROVED, now)
        event.reason = reason
        session.add(event)
    wage = await post_hours(session, gig, order, minutes=minutes, reason=reason, now=now)
    gig.worked_minutes = minutes
    gig.pay_cents = wage.cents
    await session.flush()
    await _correct_earnings(session, gig, now)
    await settle_todo(session, kind="approve_hours", mark=str(gig.id), now=now)
    return gig


def _check_hours(minutes: int, reason: str, *, differ: bool) -> None:
    if not 0 <= minutes <= MOST_MINUTES:
        raise Invalid(Fault("minutes", "too_long", "Please check the hours."))
    if differ and not reason.strip():
        raise Invalid(
            Fault("reason", "blank", "Please tell why the hours differ from what was ordered.")
        )


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
    asker(session).require(client.unit_id, "assign")
    if now < gig.start:
        raise WrongMoment("The gig has not begun yet.")
    event = _become(session, gig, GigStatus.NO_SHOW, now)
    event.reason = reason
    session.add(event)
    await release(session, gig, order, kind="no_show", now=now)
    await see_to_gig(
        session, gig, kind="where_are_you", due_at=now, now=now, unit_id=client.unit_id
    )
    return gig


def _become(session: AsyncSession, gig: Gig, status: GigStatus, now: datetime) -> GigEvent:
    who = asker(session)
    via = "link" if who.client_id else who.role
    return gig.become(status, by=who.client_id or who.actor_id, via=via, now=now)


async def _may_work(session: AsyncSession, gig: Gig, client: Client) -> None:
    """The client themself, their coach or their coordinator."""
    who = asker(session)
    own = who.client_id == gig.client_id
    works = who.may_in(client.unit_id, "assign", "coach")
    staff = works and await is_known(session, client)
    if not own and not staff:
        raise NotFound


async def _may_approve(
    session: AsyncSession, gig: Gig, order: Order, client: Client, now: datetime
) -> None:
    """The orderer of this order; after some silent workdays the lead of the client's unit."""
    who = asker(session)
    if who.may("order") and who.party_id == order.party_id:
        return
    if not who.may_in(client.unit_id, "lead", "assign"):
        raise NotFound
    if not who.may_in(client.unit_id, "lead"):
        raise NotAllowed("The orderer approves the hours, or the lead of the unit instead.")
    if local(now).date() < lead_decides_on(gig, await silent_workdays(session, now=now)):
        raise WrongMoment("The orderer still has time to approve the hours.")
