"""A coach's visits change: "I can't, find another", another time, a day away.

Another coach of the same unit takes over where one is free, else one of a unit that agreed to stand
in; where none is, the loss is flagged and alarms, and a person sees to it. The reason for an
absence is never asked or kept.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from jobcenter.database import OrganiserId, asker
from jobcenter.errors import CoachIsTaken, NotFound, RuleBroken
from jobcenter.notices import tell, todo
from jobcenter.orders import coached
from jobcenter.orders.covering import coaches_in_turn
from jobcenter.orders.gigs import TAKEN, CoachVisit, Flag, Gig, VisitGig
from jobcenter.orders.locking import locked_client, locked_order
from jobcenter.orders.proposals import Change
from jobcenter.orders.served import (
    MOVES,
    Served,
    locked_visit,
    request_for,
    times_of,
    without,
)
from jobcenter.orders.visits import Placed, place, window
from jobcenter.people.staff import Coach, CoachAbsence
from jobcenter.times import local


async def cannot(session: AsyncSession, *, visit_id: UUID, now: datetime) -> CoachVisit:
    """Find somebody else for a visit, or flag its loss; the coach counts as away at that time."""
    visit, served = await locked_visit(session, visit_id)
    session.add(_absence(visit.organiser_id, visit.coach_id, visit.during))
    await session.flush()
    await _hand_over(session, visit, served, now=now)
    return visit


async def away(
    session: AsyncSession, *, coach_id: UUID, during: Range[datetime], now: datetime
) -> int:
    """Note a coach's absence and hand over every visit in it; returns how many that were."""
    coach = await session.get(Coach, (asker(session).organiser_id, coach_id))
    if coach is None:
        raise NotFound
    asker(session).require(coach.unit_id, *MOVES)
    session.add(_absence(coach.organiser_id, coach_id, during))
    await session.flush()
    return await vacate(session, coach_id=coach_id, during=during, now=now)


async def vacate(
    session: AsyncSession, *, coach_id: UUID, during: Range[datetime], now: datetime
) -> int:
    """Hand over every visit of a coach who is not there then; returns how many that were."""
    await _lock_everybody(session, coach_id, during)
    ids = await _visits_in(session, coach_id, during)
    for visit_id in ids:
        visit, served = await locked_visit(session, visit_id)
        await _hand_over(session, visit, served, now=now)
    session.add(
        Change(
            organiser_id=asker(session).organiser_id, kind="coach_away", coach_id=coach_id, at=now
        )
    )
    await session.flush()
    return len(ids)


async def _visits_in(
    session: AsyncSession, coach_id: UUID, during: Range[datetime]
) -> Sequence[UUID]:
    visits = await session.scalars(
        select(CoachVisit.id)
        .where(
            CoachVisit.organiser_id == asker(session).organiser_id,
            CoachVisit.coach_id == coach_id,
            CoachVisit.status.in_(TAKEN),
            CoachVisit.during.op("&&")(during),
        )
        .order_by(CoachVisit.during)
    )
    return visits.all()


async def _lock_everybody(session: AsyncSession, coach_id: UUID, during: Range[datetime]) -> None:
    """Lock all clients, then all orders of these visits: one by one they could deadlock."""
    rows = await session.execute(
        select(Gig.client_id, Gig.order_id)
        .join(VisitGig, (VisitGig.organiser_id == Gig.organiser_id) & (VisitGig.gig_id == Gig.id))
        .where(
            Gig.organiser_id == asker(session).organiser_id,
            VisitGig.visit_id.in_(await _visits_in(session, coach_id, during)),
            VisitGig.status.in_(TAKEN),
        )
    )
    found = rows.all()
    for client_id in sorted({row.client_id for row in found}):
        await locked_client(session, client_id)
    for order_id in sorted({row.order_id for row in found}):
        await locked_order(session, order_id)


async def move(
    session: AsyncSession, *, visit_id: UUID, start: datetime, now: datetime
) -> CoachVisit:
    """Move a visit to another time that its plan allows and the coach has."""
    visit, served = await locked_visit(session, visit_id)
    times = await times_of(session, served, coach_id=visit.coach_id)
    request = await request_for(session, served, without(times, visit), now)
    first, last = window(request, 0)
    if not first <= start <= last:
        raise RuleBroken("The visit does not fit there: it is needed at another time of the gig.")
    found = place(replace(request, hints={0: (visit.coach_id, start)}))
    if isinstance(found, int) or found[0].begin != start:
        raise CoachIsTaken
    if local(found[0].end).date() > local(visit.during.upper or now).date():
        await _check_decisions(session, visit, served, found[0])
    await _settle(session, visit, found[0])
    await _tell_all(session, visit, served, kind="moved", now=now)
    return visit


async def _check_decisions(
    session: AsyncSession, visit: CoachVisit, served: list[Served], placed: Placed
) -> None:
    coach = await session.get_one(Coach, (visit.organiser_id, visit.coach_id))
    for one in served:
        await coached.check(session, one.client, unit_id=coach.unit_id, ends=[placed.end])


async def _hand_over(
    session: AsyncSession, visit: CoachVisit, served: list[Served], *, now: datetime
) -> None:
    """Give a visit to whoever can come at that very time, else to whoever can at another."""
    wish = visit.during.lower or now
    async for times in coaches_in_turn(session, served, besides=visit.coach_id):
        request = await request_for(session, served, times, now)
        offers = [
            place(replace(request, coaches=[time], hints={0: (time.coach_id, wish)}))
            for time in times
        ]
        found = [offer[0] for offer in offers if not isinstance(offer, int)]
        for placed in sorted(found, key=lambda one: abs(one.begin - wish)):
            if await _is_covered(session, served, placed):
                await _settle(session, visit, placed)
                await _tell_all(session, visit, served, kind="coach_changed", now=now)
                return
    await _lose(session, visit, served, now=now)


async def _is_covered(session: AsyncSession, served: list[Served], placed: Placed) -> bool:
    """Whether nobody lacks the decision that this coach's visit on that day needs."""
    coach = await session.get_one(Coach, (served[0].order.organiser_id, placed.coach_id))
    clients, day = [one.client for one in served], local(placed.end).date()
    return not await coached.any_lack(session, clients, unit_id=coach.unit_id, day=day)


async def _tell_all(
    session: AsyncSession, visit: CoachVisit, served: list[Served], *, kind: str, now: datetime
) -> None:
    """Tell those whom somebody meets; not of desk work, calls and looks at the place."""
    if visit.presence != "present":
        return
    for one in served:
        if not one.piece.is_for_the_person:
            continue
        await tell(
            session,
            kind=kind,
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
    session: AsyncSession, visit: CoachVisit, served: list[Served], *, now: datetime
) -> None:
    """Free the visit and flag the loss: it alarms until a person has seen to it."""
    for one in served:
        session.add(
            Flag(
                organiser_id=visit.organiser_id,
                id=uuid7(),
                gig_id=one.gig.id,
                kind="support_missing",
                piece=one.piece.piece,
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
    visit.let_go()
    await session.flush()


def _absence(organiser_id: OrganiserId, coach_id: UUID, during: Range[datetime]) -> CoachAbsence:
    return CoachAbsence(organiser_id=organiser_id, id=uuid7(), coach_id=coach_id, during=during)
