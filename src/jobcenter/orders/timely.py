"""What the clock alone makes happen to orders and gigs: silence, reminders, alarms before a start.

Each function finds what is due at `now`; what must be told is told here, answers are `answering`'s.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker, meets
from jobcenter.notices import Notice, Todo, tell, todo
from jobcenter.orders.clocks import times
from jobcenter.orders.gigs import LIVE, CoachVisit, Gig, GigStatus, VisitGig
from jobcenter.orders.model import Order, OrderStatus
from jobcenter.orders.proposals import Change, Proposal, ProposalRow, Round
from jobcenter.orders.todos import lead_decides_on, see_to_gig, silent_workdays
from jobcenter.times import local

# Later than this nobody is still on the way, and a person has the list on the board.
ASK_UNTIL = timedelta(hours=2)
MOST = 500
S = GigStatus


async def silent(session: AsyncSession, *, now: datetime) -> Sequence[UUID]:
    """Return the gigs whose answer time has run out."""
    found = await session.scalars(
        select(Gig.id)
        .where(_mine(session), Gig.status == S.ASSIGNED.value, Gig.answer_by <= now)
        .order_by(Gig.answer_by, Gig.id)
        .limit(MOST)
    )
    return found.all()


async def lists_to_go_on(session: AsyncSession) -> Sequence[UUID]:
    """Return the approved lists whose place is free and on which somebody waits to be asked."""
    organiser_id = asker(session).organiser_id
    waiting = exists().where(
        ProposalRow.organiser_id == Proposal.organiser_id,
        ProposalRow.proposal_id == Proposal.id,
        ProposalRow.state == "waiting",
        ProposalRow.in_turn.is_not(None),
    )
    kept = exists().where(
        Gig.organiser_id == Proposal.organiser_id,
        Gig.order_id == Proposal.order_id,
        Gig.kept_place == Proposal.place_no,
    )
    is_open = and_(Order.organiser_id == Proposal.organiser_id, Order.id == Proposal.order_id)
    found = await session.scalars(
        select(Proposal.id)
        .join(Order, is_open)
        .where(Proposal.organiser_id == organiser_id, Order.status == OrderStatus.OPEN.value)
        .where(Proposal.approved_at.is_not(None), Proposal.closed_at.is_(None), waiting, ~kept)
        .order_by(Proposal.approved_at, Proposal.id)
        .limit(MOST)
    )
    return found.all()


async def remind(session: AsyncSession, *, now: datetime) -> int:
    """Remind, once and at half of the answer time, those whose offer has reached them."""
    # An offer that waited for the morning has had its time since then.
    asked_at = (
        select(func.max(Notice.due_at))
        .where(Notice.organiser_id == Gig.organiser_id, Notice.gig_id == Gig.id)
        .where(Notice.kind == "offer")
        .scalar_subquery()
    )
    half_is_gone = Gig.answer_by - now <= now - asked_at
    found = await session.execute(
        select(Gig.id, Gig.client_id, Gig.order_id)
        .where(_mine(session), Gig.status == S.ASSIGNED.value, half_is_gone, Gig.answer_by > now)
        .where(_told("offer", "sent", "unknown"), ~_told("reminder"), ~_asked("call_offer"))
        .limit(MOST)
    )
    rows = found.all()
    for gig_id, client_id, order_id in rows:
        await tell(
            session, kind="reminder", now=now, client_id=client_id, order_id=order_id, gig_id=gig_id
        )
    return len(rows)


async def ask_the_missing(session: AsyncSession, *, now: datetime) -> int:
    """Ask a worker who has not checked in whether all is well; a person calls; the orderer hears.

    The worker first, usually after a quarter of an hour; then their coach calls; at last, usually
    after half an hour, the orderer is told that we are finding out, and nothing else (story 10).
    """
    own = await times(session, "missing_minutes", now=now)
    after = {key: timedelta(minutes=minutes) for key, minutes in own.items()}
    late = func.lower(Gig.during).between(now - ASK_UNTIL, now - after["ask"])
    found = await session.execute(
        select(
            Gig.id, Gig.client_id, Gig.order_id, func.lower(Gig.during).label("start"),
            Order.placed_by, _asked("where_are_you").label("asked"),
        )
        .join(Order, and_(Order.organiser_id == Gig.organiser_id, Order.id == Gig.order_id))
        .where(_mine(session), Gig.status == S.CONFIRMED.value, late)
        .limit(MOST)
    )  # fmt: skip
    rows = found.all()
    for row in rows:
        about = {"client_id": row.client_id, "order_id": row.order_id, "gig_id": row.id}
        await tell(session, kind="where_are_you", now=now, urgent=True, **about)
        if row.start + after["call"] <= now and not row.asked:
            coach_id = await coach_there(session, row.id)
            await todo(
                session, kind="where_are_you", due_at=now, now=now, mark=str(row.id),
                coach_id=coach_id, **about,
            )  # fmt: skip
        if row.start + after["tell"] <= now and row.placed_by:
            await tell(
                session, kind="finding_out", way="mail", now=now, user_id=row.placed_by,
                order_id=row.order_id, gig_id=row.id,
            )  # fmt: skip
    return len(rows)


async def coach_there(session: AsyncSession, gig_id: UUID) -> UUID | None:
    """Return the coach who was to be at the place, if there was one."""
    return await session.scalar(
        select(CoachVisit.coach_id)
        .join(VisitGig, meets(VisitGig, "visit_id", CoachVisit))
        .where(VisitGig.organiser_id == asker(session).organiser_id, VisitGig.gig_id == gig_id)
        .where(VisitGig.status == "booked", CoachVisit.presence == "present")
        .where(VisitGig.is_for_the_person())
        .order_by(func.lower(CoachVisit.during))
        .limit(1)
    )


async def hand_hours_to_leads(session: AsyncSession, *, now: datetime) -> int:
    """Ask the lead of the unit to decide on hours about which an orderer has been silent."""
    days = await silent_workdays(session, now=now)
    done = await session.scalars(
        select(Gig)
        .where(_mine(session), Gig.status == S.DONE.value, ~_asked("approve_hours"))
        # So many working days are never shorter than so many days.
        .where(func.upper(Gig.during) < now - timedelta(days=days))
        .limit(MOST)
    )
    ripe = [gig for gig in done if lead_decides_on(gig, days) <= local(now).date()]
    for gig in ripe:
        await see_to_gig(session, gig, kind="approve_hours", due_at=now, now=now)
    return len(ripe)


async def changes_wait(session: AsyncSession) -> bool:
    """Tell whether something has changed that the matcher has not looked at yet."""
    found = await session.scalar(
        select(Change.id)
        .where(Change.organiser_id == asker(session).organiser_id, Change.taken_at.is_(None))
        .limit(1)
    )
    return found is not None


async def round_waits(session: AsyncSession) -> bool:
    """Tell whether somebody has asked for a whole round that has not begun."""
    found = await session.scalar(
        select(Round.id)
        .where(Round.organiser_id == asker(session).organiser_id)
        .where(Round.kind == "whole", Round.status == "waiting")
        .limit(1)
    )
    return found is not None


def _mine(session: AsyncSession) -> ColumnElement[bool]:
    return Gig.organiser_id == asker(session).organiser_id


def _told(kind: str, *states: str) -> ColumnElement[bool]:
    wanted = exists().where(
        Notice.organiser_id == Gig.organiser_id, Notice.gig_id == Gig.id, Notice.kind == kind
    )
    return wanted.where(Notice.state.in_(states)) if states else wanted


def _asked(kind: str) -> ColumnElement[bool]:
    return exists().where(
        Todo.organiser_id == Gig.organiser_id, Todo.gig_id == Gig.id, Todo.kind == kind
    )


async def close_past(session: AsyncSession, *, now: datetime) -> int:
    """Close the open orders whose last possible end has passed and on which nobody is at work."""
    living = select(Gig.order_id).where(
        Gig.organiser_id == asker(session).organiser_id,
        Gig.status.in_([status.value for status in LIVE]),
    )
    orders = await session.scalars(
        select(Order)
        .where(
            Order.organiser_id == asker(session).organiser_id,
            Order.status == OrderStatus.OPEN.value,
            Order.last_end < now,
            Order.id.not_in(living),
        )
        .with_for_update(key_share=True, skip_locked=True)
    )
    closed = [order.become(OrderStatus.CLOSED, by=None, now=now) for order in orders]
    session.add_all(closed)
    await session.flush()
    return len(closed)
