"""What a coach visit serves: live gigs with the piece of their plan, and how to place it anew."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker, meets
from jobcenter.errors import NotAllowed, NotFound
from jobcenter.orders.booking import AFTER, BEFORE, shared_visits
from jobcenter.orders.coach_time import coach_times, locked_coaches, site_of, speaks_with
from jobcenter.orders.gigs import LIVE, TAKEN, CoachVisit, Gig, GigSupport, VisitGig
from jobcenter.orders.locking import is_known, locked_client, locked_order
from jobcenter.orders.model import Order
from jobcenter.orders.visits import CoachTime, Request
from jobcenter.orders.weekly import ends_of
from jobcenter.people.clients import Client
from jobcenter.people.staff import Coach
from jobcenter.support import PlannedVisit, Presence
from jobcenter.times import minutes_between

MOVES = ("coach", "assign")
"""Who has either of these rights moves visits."""


@dataclass(frozen=True, slots=True)
class Served:
    """A live gig that a visit serves, locked, with the piece of its plan."""

    gig: Gig
    piece: GigSupport
    order: Order
    client: Client


async def locked_visit(session: AsyncSession, visit_id: UUID) -> tuple[CoachVisit, list[Served]]:
    """Return a visit of the asker's unit with the gigs that it serves, clients locked first."""
    who = asker(session)
    may_move(session)
    rows = await session.execute(
        select(Gig.id, Gig.client_id, Gig.order_id, VisitGig.piece)
        .join(VisitGig, (VisitGig.organiser_id == Gig.organiser_id) & (VisitGig.gig_id == Gig.id))
        .where(
            Gig.organiser_id == who.organiser_id,
            VisitGig.visit_id == visit_id,
            VisitGig.status.in_(TAKEN),
            Gig.status.in_([status.value for status in LIVE]),
        )
        .order_by(Gig.client_id)
    )
    found = rows.all()
    if not found:
        raise NotFound
    clients = {row.client_id: await locked_client(session, row.client_id) for row in found}
    own = [await _is_theirs(session, client) for client in clients.values()]
    if not all(own) and not await _stands_in(session, visit_id):
        raise NotFound
    order = await locked_order(session, found[0].order_id)
    served = [
        Served(
            gig=await session.get_one(Gig, (who.organiser_id, row.id)),
            piece=await session.get_one(GigSupport, (who.organiser_id, row.id, row.piece)),
            order=order,
            client=clients[row.client_id],
        )
        for row in found
    ]
    visit = await session.get_one(
        CoachVisit, (who.organiser_id, visit_id), with_for_update=True, populate_existing=True
    )
    return visit, served


async def _is_theirs(session: AsyncSession, client: Client) -> bool:
    """Return whether the asker moves visits where the client is, and knows them."""
    may = asker(session).may_in(client.unit_id, *MOVES)
    return may and await is_known(session, client)


async def _stands_in(session: AsyncSession, visit_id: UUID) -> bool:
    """Return whether the visit is the asker's own, for a client of another unit (SETTLED 27)."""
    who = asker(session)
    user_id = await session.scalar(
        select(Coach.user_id)
        .join(CoachVisit, meets(CoachVisit, "coach_id", Coach))
        .where(CoachVisit.organiser_id == who.organiser_id, CoachVisit.id == visit_id)
    )
    return user_id is not None and user_id == who.actor_id


def may_move(session: AsyncSession) -> None:
    """Raise unless the asker is a coach or assigns, wherever that is."""
    if not any(map(asker(session).may, MOVES)):
        raise NotAllowed


async def times_of(
    session: AsyncSession, served: list[Served], *, coach_id: UUID
) -> list[CoachTime]:
    """Return the time of one coach, if they can speak with everybody whom the visit serves."""
    clients = [one.client for one in served]
    own = await session.get_one(Coach, (clients[0].organiser_id, coach_id))
    coaches = [
        coach
        for coach in await locked_coaches(session, clients[0], unit_id=own.unit_id)
        if coach.id == coach_id and all(speaks_with(coach, client) for client in clients)
    ]
    gig = served[0].gig
    return await coach_times(session, coaches, gig.start - BEFORE, gig.end + AFTER)


async def request_for(
    session: AsyncSession,
    served: list[Served],
    times: list[CoachTime],
    now: datetime,
    *,
    joining: bool = False,
) -> Request:
    """Return what placing the visit anew must know; `joining` one of the same order is allowed."""
    first = served[0]
    coaches = [time.coach_id for time in times] if joining else []
    return Request(
        plan=[_together(served)],
        start=first.gig.start,
        end=first.gig.end,
        site=await site_of(session, first.order),
        now=now,
        coaches=times,
        shared=await shared_visits(session, first.order, coaches) if joining else (),
        may_stretch=joining and first.order.group_visit,
    )


def _together(served: list[Served]) -> PlannedVisit:
    """Return one piece that is right for all: long enough for each, when it suits everybody.

    Of a group one may be met at the door and another at the start: then it begins with the first.
    """
    pieces = [_planned(one.piece) for one in served]
    gig = served[0].gig
    after = {"start": 0, "end": minutes_between(gig.start, gig.end)}
    earliest = [after[piece.anchor] + piece.earliest for piece in pieces]
    latest = min(after[piece.anchor] + piece.latest for piece in pieces)
    ends = [
        max(begin, latest) + piece.minutes for begin, piece in zip(earliest, pieces, strict=True)
    ]
    return replace(
        pieces[0],
        anchor="start",
        earliest=min(max(earliest), latest),
        latest=latest,
        minutes=max(ends) - latest,
    )


def without(times: list[CoachTime], visit: CoachVisit) -> list[CoachTime]:
    """Leave the visit itself out of the coach's busy times, so that it may move a little."""
    return [
        CoachTime(
            time.coach_id,
            time.free,
            tuple(busy for busy in time.busy if (busy.begin, busy.end) != ends_of(visit.during)),
        )
        for time in times
    ]


def _planned(row: GigSupport) -> PlannedVisit:
    """Read a stored piece of a plan back as the pure one it was written from."""
    presences: dict[str, Presence] = {"present": "present", "remote": "remote"}
    return PlannedVisit(
        actions=tuple(row.actions),
        presence=presences.get(row.presence, "preparation"),
        anchor="start" if row.anchor == "start" else "end",
        earliest=row.earliest,
        latest=row.latest,
        minutes=row.minutes,
        ratio=row.ratio,
        same_coach=row.same_coach,
    )
