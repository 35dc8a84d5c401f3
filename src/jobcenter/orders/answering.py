"""The client answers: yes, no, later no, or silence; by link or text message, or told to staff.

The client's yes changes states only: everything was taken at assignment. A no is never held
against anybody.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter import benefits
from jobcenter.database import asker
from jobcenter.errors import Conflict, NotAllowed, NotFound, WrongMoment
from jobcenter.notices import tell
from jobcenter.orders import booking, talks
from jobcenter.orders.gigs import BY_CLIENT, KEPT, Gig, GigEvent, GigStatus, Link, Via
from jobcenter.orders.locking import locked_gig
from jobcenter.orders.model import Order, Timing
from jobcenter.orders.proposals import Change, Proposal, ProposalRow
from jobcenter.orders.todos import see_to_gig
from jobcenter.people.clients import Client

# Later than this before the start a person must see to it at once; the client may all the same.
CUT_OFF = timedelta(hours=24)


async def accept(session: AsyncSession, *, gig_id: UUID, via: Via, now: datetime) -> Gig:
    """Confirm a gig with the client's yes; saying yes twice is one yes."""
    gig, order, client = await _locked(session, gig_id, via)
    if gig.status == GigStatus.CONFIRMED.value:
        return gig
    _still_open(gig, now)
    event = _answered(gig, GigStatus.CONFIRMED, via, session, now)
    await _use_link(session, gig, via, now)
    session.add(event)
    await booking.book(session, gig)
    await tell(
        session,
        kind="confirmed",
        now=now,
        client_id=client.id,
        order_id=order.id,
        gig_id=gig.id,
        urgent=True,
    )
    if order.placed_by:
        await tell(
            session,
            kind="found",
            way="mail",
            now=now,
            user_id=order.placed_by,
            order_id=order.id,
            gig_id=gig.id,
        )
    await session.flush()
    return gig


async def decline(session: AsyncSession, *, gig_id: UUID, via: Via, now: datetime) -> Gig:
    """End an offer with the client's no. No reason is asked; saying no twice is one no."""
    gig, order, client = await _locked(session, gig_id, via)
    if gig.status == GigStatus.DECLINED.value:
        return gig
    _still_open(gig, now)
    session.add(_answered(gig, GigStatus.DECLINED, via, session, now))
    await _use_link(session, gig, via, now)
    await release(session, gig, order, kind="declined", now=now)
    await talks.after(session, client, GigStatus.DECLINED, now=now)
    return gig


async def withdraw(
    session: AsyncSession, *, gig_id: UUID, via: Via, now: datetime, reason: str = ""
) -> Gig:
    """Take a yes back, at any time and without penalty; staff may take an offer back too."""
    gig, order, client = await _locked(session, gig_id, via)
    if gig.status == GigStatus.WITHDRAWN.value:
        return gig
    by_client = via in BY_CLIENT
    if by_client and gig.status == GigStatus.ASSIGNED.value:
        raise WrongMoment
    who = asker(session)
    event = gig.become(GigStatus.WITHDRAWN, by=who.actor_id, via=via.value, now=now, reason=reason)
    session.add(event)
    await release(session, gig, order, kind="withdrawn", now=now)
    if by_client:
        await see_to_gig(
            session,
            gig,
            kind="withdrawn",
            due_at=now if gig.start - now <= CUT_OFF else now + timedelta(hours=1),
            now=now,
            unit_id=client.unit_id,
        )
    return gig


async def expire(session: AsyncSession, *, gig_id: UUID, now: datetime) -> Gig:
    """End an offer that nobody answered in time; two in a row ask whether the phone is right."""
    gig, order, client = await locked_gig(session, gig_id)
    if gig.status != GigStatus.ASSIGNED.value or now < gig.answer_by:
        return gig
    session.add(gig.become(GigStatus.EXPIRED, by=None, via="clock", now=now))
    await release(session, gig, order, kind="expired", now=now)
    await talks.after(session, client, GigStatus.EXPIRED, now=now)
    return gig


async def release(
    session: AsyncSession, gig: Gig, order: Order, *, kind: str, now: datetime
) -> None:
    """Give back everything a gig had taken, and tell the matcher that there is a hole."""
    await session.flush()
    await booking.free(session, gig, now=now)
    await benefits.give_back(session, gig.id, now=now)
    await _free_start(session, order)
    await session.execute(
        update(ProposalRow)
        .where(
            ProposalRow.organiser_id == gig.organiser_id,
            ProposalRow.client_id == gig.client_id,
            ProposalRow.proposal_id.in_(
                select(Proposal.id).where(
                    Proposal.organiser_id == gig.organiser_id, Proposal.order_id == order.id
                )
            ),
        )
        .values(state="out")
    )
    session.add(
        Change(
            organiser_id=gig.organiser_id,
            kind=kind,
            order_id=order.id,
            client_id=gig.client_id,
            at=now,
        )
    )
    await session.flush()


async def _free_start(session: AsyncSession, order: Order) -> None:
    """An order with a choice of starts is free to choose again once nobody keeps to one."""
    if order.timing == Timing.FIXED.value:
        return
    kept = await session.scalar(
        select(func.count()).where(
            Gig.organiser_id == order.organiser_id,
            Gig.order_id == order.id,
            Gig.status.in_([status.value for status in KEPT]),
        )
    )
    if not kept:
        order.start = None


async def _locked(session: AsyncSession, gig_id: UUID, via: Via) -> tuple[Gig, Order, Client]:
    """Return the gig locked, for the client themself by link or for staff of their unit."""
    gig, order, client = await locked_gig(session, gig_id)
    who = asker(session)
    if via in BY_CLIENT:
        if who.client_id != gig.client_id:
            raise NotFound
    elif who.actor_id is None:
        raise NotAllowed
    else:
        who.require(client.unit_id, "assign")
    return gig, order, client


def _still_open(gig: Gig, now: datetime) -> None:
    if gig.status != GigStatus.ASSIGNED.value or now >= gig.answer_by:
        raise Conflict("This gig has already gone. Please call us if you have questions.")


def _answered(
    gig: Gig, status: GigStatus, via: Via, session: AsyncSession, now: datetime
) -> GigEvent:
    who = asker(session)
    gig.answered_via = via.value
    gig.answered_by = None if via in BY_CLIENT else who.actor_id
    gig.answered_at = now
    return gig.become(status, by=who.client_id or who.actor_id, via=via.value, now=now)


async def _use_link(session: AsyncSession, gig: Gig, via: Via, now: datetime) -> None:
    """Consume the link with the answer: of many who press at once, one wins (I17)."""
    used = await session.execute(
        update(Link)
        .where(
            Link.organiser_id == gig.organiser_id,
            Link.gig_id == gig.id,
            Link.used_at.is_(None),
            Link.revoked_at.is_(None),
        )
        .values(used_at=now)
        .returning(Link.id)
    )
    if via is Via.LINK and used.first() is None:
        raise Conflict
