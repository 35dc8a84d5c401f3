"""A lost support visit is seen to: booked again, or done without; `calling_off` is the third way.

The unit's own coaches are asked first, then those of units that agreed to stand in. Nobody who
needs somebody beside them at level 3 is ever sent alone.
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from jobcenter.database import asker
from jobcenter.errors import (
    Conflict,
    Fault,
    Invalid,
    NotAllowed,
    NotFound,
    RuleBroken,
    SupportMissing,
)
from jobcenter.notices import Todo, tell
from jobcenter.orders import coached
from jobcenter.orders.covering import coaches_in_turn
from jobcenter.orders.gigs import LIVE, CoachVisit, Flag, Gig, GigStatus, GigSupport, VisitGig
from jobcenter.orders.locking import is_known, locked_gig
from jobcenter.orders.model import Order
from jobcenter.orders.served import Served, request_for
from jobcenter.orders.visits import Placed, place
from jobcenter.people.clients import Client
from jobcenter.people.staff import Coach

ALONE_NEVER = 3
LEAST_REASON = 10
Held = tuple[Flag, Gig, Order, Client]


async def book_again(session: AsyncSession, *, flag_id: UUID, now: datetime) -> CoachVisit:
    """Give a lost visit to whichever coach can come, and close its flag."""
    flag, gig, order, client = await _locked_flag(session, flag_id)
    if flag.piece is None:
        raise Conflict("Nobody knows any more which visit was lost. Please call the gig off.")
    piece = await session.get_one(GigSupport, (gig.organiser_id, gig.id, flag.piece))
    placed = await _found(session, Served(gig, piece, order, client), now)
    coach = await session.get_one(Coach, (gig.organiser_id, placed.coach_id))
    await coached.check(session, client, unit_id=coach.unit_id, ends=[placed.end])
    status = "held" if gig.status == GigStatus.ASSIGNED.value else "booked"
    visit = await _visit(session, order, placed, presence=piece.presence, status=status)
    session.add(
        VisitGig(
            organiser_id=gig.organiser_id,
            visit_id=visit.id,
            gig_id=gig.id,
            piece=piece.piece,
            status=status,
        )
    )
    await close(session, flag, outcome="booked", now=now)
    if piece.presence == "present" and piece.is_for_the_person:
        await tell_client(session, gig, "coach_changed", now, version=gig.version + 100)
    return visit


async def _visit(
    session: AsyncSession, order: Order, placed: Placed, *, presence: str, status: str
) -> CoachVisit:
    """Return the visit that serves the gig: one of its group that it joins, or a new one."""
    during = Range(placed.begin, placed.end)
    if placed.visit_id is None:
        visit = CoachVisit(
            organiser_id=order.organiser_id,
            id=uuid7(),
            coach_id=placed.coach_id,
            order_id=order.id,
            presence=presence,
            during=during,
            status=status,
        )
        session.add(visit)
    else:
        visit = await session.get_one(
            CoachVisit, (order.organiser_id, placed.visit_id), with_for_update=True
        )
        visit.during = during
        visit.serve_more(booked=status == "booked")
    await session.flush()
    return visit


async def _found(session: AsyncSession, served: Served, now: datetime) -> Placed:
    """Find who can come; a coach who is there for others of the group comes first."""
    async for times in coaches_in_turn(session, [served]):
        request = await request_for(session, [served], times, now, joining=True)
        offers = [place(replace(request, coaches=[time])) for time in times]
        found = [offer[0] for offer in offers if not isinstance(offer, int)]
        if found:
            return min(found, key=lambda one: one.visit_id is None)
    raise SupportMissing(
        "Nobody who could come has been found. You can call round, or call it off."
    )


async def go_without(session: AsyncSession, *, flag_id: UUID, reason: str, now: datetime) -> None:
    """Note that the client agreed to do without a visit; never where the need is at level 3."""
    flag, gig, _, _ = await _locked_flag(session, flag_id)
    if len(reason.strip()) < LEAST_REASON:
        raise Invalid(
            Fault("reason", "too_short", "Please tell in a few words what you agreed with them.")
        )
    if flag.piece is None or await _needs_somebody(session, gig, flag.piece):
        raise RuleBroken("This person is never sent alone: a coach must come, or call the gig off.")
    flag.reason = reason.strip()
    await close(session, flag, outcome="goes_without", now=now)


async def _needs_somebody(session: AsyncSession, gig: Gig, piece: int) -> bool:
    """Return whether any need that this piece is for is at the level of never alone."""
    support = await session.get_one(GigSupport, (gig.organiser_id, gig.id, piece))
    levels = [action.partition(" ")[2] for action in support.actions]
    return any(level == str(ALONE_NEVER) for level in levels)


async def _locked_flag(session: AsyncSession, flag_id: UUID) -> Held:
    who = asker(session)
    flag = await session.get(Flag, (who.organiser_id, flag_id))
    if flag is None:
        raise NotFound
    gig, order, client = await locked_gig(session, flag.gig_id)
    await may_see_to_it(session, client)
    await session.refresh(flag, with_for_update=True)
    if flag.closed_at is not None:
        raise Conflict
    if GigStatus(gig.status) not in LIVE:
        raise Conflict
    return flag, gig, order, client


async def may_see_to_it(session: AsyncSession, client: Client) -> None:
    who = asker(session)
    if not await is_known(session, client):
        raise NotFound
    if not who.may_in(client.unit_id, "assign", "coach"):
        raise NotAllowed


async def close(session: AsyncSession, flag: Flag, *, outcome: str, now: datetime) -> None:
    """Close a flag; its to-do is done when no other visit of the gig is lost."""
    flag.outcome = outcome
    flag.closed_at = now
    flag.closed_by = asker(session).actor_id
    await session.flush()
    left = await session.scalar(
        select(Flag.id)
        .where(Flag.organiser_id == flag.organiser_id, Flag.gig_id == flag.gig_id)
        .where(Flag.closed_at.is_(None))
        .limit(1)
    )
    if left is None:
        await session.execute(
            update(Todo)
            .where(Todo.organiser_id == flag.organiser_id, Todo.gig_id == flag.gig_id)
            .where(Todo.kind == "find_coach", Todo.done_at.is_(None))
            .values(done_at=now, done_by=asker(session).actor_id)
        )


async def tell_client(
    session: AsyncSession, gig: Gig, kind: str, now: datetime, *, version: int = 1
) -> None:
    await tell(
        session, kind=kind, now=now, client_id=gig.client_id, order_id=gig.order_id,
        gig_id=gig.id, version=version, urgent=True,
    )  # fmt: skip
