"""A coach's visits change: "I can't, find another", another time, a day away.

Another coach of the same unit takes over where one is free; where none is, the loss is flagged and
alarms, and a person sees to it. The reason for an absence is never asked or kept.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from jobcenter.database import OrganiserId, asker
from jobcenter.errors import CoachIsTaken, NotFound, RuleBroken
from jobcenter.notices import tell, todo
from jobcenter.orders.booking import AFTER, BEFORE
from jobcenter.orders.coach_time import coach_times, locked_coaches, site_of
from jobcenter.orders.gigs import LIVE, TAKEN, CoachVisit, Flag, Gig, GigSupport, VisitGig
from jobcenter.orders.locking import locked_client, locked_order
from jobcenter.orders.model import Order
from jobcenter.orders.proposals import Change
from jobcenter.orders.visits import CoachTime, Placed, Request, place
from jobcenter.people.clients import Client
from jobcenter.people.staff import Coach, CoachAbsence
from jobcenter.support import PlannedVisit, Presence


@dataclass(frozen=True, slots=True)
class _Served:
    """A live gig that a visit serves, locked, with the piece of its plan."""

    gig: Gig
    piece: GigSupport
    order: Order
    client: Client


async def cannot(session: AsyncSession, *, visit_id: UUID, now: datetime) -> CoachVisit:
    """Find somebody else for a visit, or flag its loss; the coach counts as away at that time."""
    visit, served = await _locked_visit(session, visit_id)
    session.add(_absence(visit.organiser_id, visit.coach_id, visit.during))
    await session.flush()
    await _hand_over(session, visit, served, now=now)
    return visit


async def away(
    session: AsyncSession, *, coach_id: UUID, during: Range[datetime], now: datetime
) -> int:
    """Note a coach's absence and hand over every visit in it; returns how many that were."""
    coach = await session.get(Coach, (asker(session).organiser_id, coach_id))
    if coach is None or coach.unit_id not in asker(session).unit_ids:
        raise NotFound
    visits = await session.scalars(
        select(CoachVisit.id)
        .where(
            CoachVisit.organiser_id == coach.organiser_id,
            CoachVisit.coach_id == coach_id,
            CoachVisit.status.in_(TAKEN),
            CoachVisit.during.op("&&")(during),
        )
        .order_by(CoachVisit.during)
    )
    session.add(_absence(coach.organiser_id, coach_id, during))
    await session.flush()
    ids = list(visits)
    for visit_id in ids:
        visit, served = await _locked_visit(session, visit_id)
        await _hand_over(session, visit, served, now=now)
    session.add(
        Change(organiser_id=coach.organiser_id, kind="coach_away", coach_id=coach_id, at=now)
    )
    await session.flush()
    return len(ids)


async def move(
    session: AsyncSession, *, visit_id: UUID, start: datetime, now: datetime
) -> CoachVisit:
    """Move a visit to another time that its plan allows and the coach has."""
    visit, served = await _locked_visit(session, visit_id)
    piece = _planned(served[0].piece)
    times = await _times(session, served[0], only=visit.coach_id)
    request = await _request(session, served[0], piece, _without(times, visit), now)
    found = place(replace(request, hints={0: (visit.coach_id, start)}))
    if isinstance(found, int):
        raise CoachIsTaken
    if found[0].begin != start:
        raise RuleBroken("The visit does not fit there: it is needed at another time of the gig.")
    await _settle(session, visit, found[0])
    return visit


async def _locked_visit(session: AsyncSession, visit_id: UUID) -> tuple[CoachVisit, list[_Served]]:
    """Return a visit of the asker's unit with the gigs that it serves, clients locked first."""
    who = asker(session)
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
    if any(client.unit_id not in who.unit_ids for client in clients.values()):
        raise NotFound
    order = await locked_order(session, found[0].order_id)
    served = [
        _Served(
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


async def _hand_over(
    session: AsyncSession, visit: CoachVisit, served: list[_Served], *, now: datetime
) -> None:
    first = served[0]
    times = await _times(session, first, without=visit.coach_id)
    request = await _request(session, first, _planned(first.piece), times, now)
    wish = visit.during.lower or now
    hints = {0: (times[0].coach_id, wish)} if times else {}
    found = place(replace(request, hints=hints))
    if isinstance(found, int):
        await _lose(session, visit, served, now=now)
        return
    await _settle(session, visit, found[0])
    for one in served:
        if visit.presence == "present":
            await tell(
                session,
                kind="coach_changed",
                now=now,
                client_id=one.client.id,
                order_id=one.order.id,
                gig_id=one.gig.id,
                version=visit.sequence,
                urgent=True,
            )


async def _settle(session: AsyncSession, visit: CoachVisit, placed: Placed) -> None:
    visit.coach_id = placed.coach_id
    visit.during = Range(placed.begin, placed.end)
    visit.sequence += 1
    await session.flush()


async def _lose(
    session: AsyncSession, visit: CoachVisit, served: list[_Served], *, now: datetime
) -> None:
    """Free the visit and flag the loss: it alarms until a person has seen to it."""
    for one in served:
        session.add(
            Flag(
                organiser_id=visit.organiser_id,
                id=uuid7(),
                gig_id=one.gig.id,
                kind="support_missing",
                opened_at=now,
            )
        )
        await todo(
            session,
            kind="find_coach",
            due_at=max(now, one.gig.start - timedelta(hours=24)),
            now=now,
            mark=f"{one.gig.id}:{visit.id}",
            unit_id=one.client.unit_id,
            client_id=one.client.id,
            coach_id=visit.coach_id,
            order_id=one.order.id,
            gig_id=one.gig.id,
        )
    await session.flush()
    await session.execute(
        update(VisitGig)
        .where(VisitGig.organiser_id == visit.organiser_id, VisitGig.visit_id == visit.id)
        .values(status="free")
    )
    visit.status = "free"
    visit.sequence += 1
    await session.flush()


async def _times(
    session: AsyncSession,
    served: _Served,
    *,
    only: UUID | None = None,
    without: UUID | None = None,
) -> list[CoachTime]:
    coaches = [
        coach
        for coach in await locked_coaches(session, served.client)
        if coach.id != without and (only is None or coach.id == only)
    ]
    gig = served.gig
    return await coach_times(session, coaches, gig.start - BEFORE, gig.end + AFTER)


async def _request(
    session: AsyncSession,
    served: _Served,
    piece: PlannedVisit,
    times: list[CoachTime],
    now: datetime,
) -> Request:
    return Request(
        plan=[piece],
        start=served.gig.start,
        end=served.gig.end,
        site=await site_of(session, served.order),
        now=now,
        coaches=times,
    )


def _without(times: list[CoachTime], visit: CoachVisit) -> list[CoachTime]:
    """Leave the visit itself out of the coach's busy times, so that it may move a little."""
    return [
        CoachTime(
            time.coach_id,
            time.free,
            tuple(busy for busy in time.busy if busy.begin != visit.during.lower),
        )
        for time in times
    ]


def _absence(organiser_id: OrganiserId, coach_id: UUID, during: Range[datetime]) -> CoachAbsence:
    return CoachAbsence(organiser_id=organiser_id, id=uuid7(), coach_id=coach_id, during=during)


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
