"""Coach time for gigs: held at assignment, booked at the yes, freed when a gig ends early."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, func, select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from jobcenter.database import asker, meets
from jobcenter.errors import SupportMissing
from jobcenter.orders import coached
from jobcenter.orders.coach_time import busy, coach_times, locked_coaches, site_of
from jobcenter.orders.gigs import TAKEN, CoachVisit, Gig, GigSupport, VisitGig
from jobcenter.orders.model import Order
from jobcenter.orders.planning import plan_of
from jobcenter.orders.proposals import Proposal, ProposalRow
from jobcenter.orders.visits import Placed, Request, Shared, place
from jobcenter.people.clients import Client
from jobcenter.support import MEETS_NOBODY, SupportPlan, label
from jobcenter.texts import say

# Visits lie from a week before a gig to a few days after it.
BEFORE, AFTER = timedelta(days=7), timedelta(days=6)


async def hold(
    session: AsyncSession, gig: Gig, order: Order, client: Client, *, now: datetime
) -> list[Placed]:
    """Hold every visit of the support plan; raises `SupportMissing` when one cannot be had."""
    plan = await plan_of(session, order, client.id, start=gig.start, now=now)
    _write_plan(session, gig, plan)
    await session.flush()
    if not plan.visits:
        return []
    coaches = await locked_coaches(session, client)
    hints = await _hints(session, order, client)
    request = Request(
        plan=plan.visits,
        start=gig.start,
        end=gig.end,
        site=await site_of(session, order),
        now=now,
        coaches=await coach_times(session, coaches, gig.start - BEFORE, gig.end + AFTER),
        shared=await shared_visits(session, order, [coach.id for coach in coaches]),
        hints={piece: (coach_id, begin) for piece, (coach_id, begin, _) in hints.items()},
        lasting={piece: lasting for piece, (_, _, lasting) in hints.items()},
        may_stretch=order.group_visit,
    )
    placed = place(request)
    if isinstance(placed, int):
        raise SupportMissing(
            "No coach of the unit can give {support} at that time.",
            support=_in_words(plan.visits[placed].actions, asker(session).language),
        )
    ends = [one.end for one in placed]
    await coached.check(session, client, unit_id=client.unit_id, ends=ends)
    await _write_visits(session, gig, plan, placed, status="held")
    return placed


def _in_words(actions: Sequence[str], language: str) -> str:
    return ", ".join(say(language, label(action)) for action in actions)


def _write_plan(session: AsyncSession, gig: Gig, plan: SupportPlan) -> None:
    session.add_all(
        GigSupport(
            organiser_id=gig.organiser_id,
            gig_id=gig.id,
            piece=piece,
            actions=list(visit.actions),
            presence=visit.presence,
            anchor=visit.anchor,
            earliest=visit.earliest,
            latest=visit.latest,
            minutes=visit.minutes,
            ratio=visit.ratio,
            same_coach=visit.same_coach,
        )
        for piece, visit in enumerate(plan.visits)
    )


async def shared_visits(
    session: AsyncSession, order: Order, coaches: Sequence[UUID]
) -> list[Shared]:
    """Return visits that others may join: all at a group gig, else the order's own."""
    rows = await session.execute(
        select(
            CoachVisit.id,
            CoachVisit.coach_id,
            CoachVisit.presence,
            CoachVisit.during,
            func.count(),
            func.min(GigSupport.ratio),
            func.array_agg(GigSupport.actions[1]),
        )
        .join(VisitGig, meets(VisitGig, "visit_id", CoachVisit))
        .join(
            GigSupport,
            (GigSupport.organiser_id == VisitGig.organiser_id)
            & (GigSupport.gig_id == VisitGig.gig_id)
            & (GigSupport.piece == VisitGig.piece),
        )
        .where(
            CoachVisit.organiser_id == order.organiser_id,
            CoachVisit.order_id == order.id,
            CoachVisit.coach_id.in_(coaches),
            CoachVisit.status.in_(TAKEN),
            VisitGig.status.in_(TAKEN),
        )
        .group_by(CoachVisit.organiser_id, CoachVisit.id)
    )  # fmt: skip
    return [
        Shared(
            visit_id,
            coach_id,
            presence,
            *_ends(during),
            room=ratio - served,
            served=served,
            group=order.group_visit,
        )
        for visit_id, coach_id, presence, during, served, ratio, actions in rows
        if order.group_visit or set(actions) <= MEETS_NOBODY
    ]


def _ends(during: Range[datetime]) -> tuple[datetime, datetime]:
    whole = busy(during, None)
    return whole.begin, whole.end


async def _hints(
    session: AsyncSession, order: Order, client: Client
) -> Mapping[int, tuple[UUID, datetime, timedelta]]:
    """Return the coach, the time and how long, that the matcher had found for each piece."""
    rows = await session.scalars(
        select(ProposalRow.visits)
        .join(
            Proposal,
            meets(ProposalRow, "proposal_id", Proposal),
        )
        .where(
            Proposal.organiser_id == order.organiser_id,
            Proposal.order_id == order.id,
            Proposal.closed_at.is_(None),
            ProposalRow.client_id == client.id,
        )
        .limit(1)
    )
    visits = rows.first() or []
    return {
        int(str(visit["piece"])): (
            UUID(str(visit["coach_id"])),
            datetime.fromisoformat(str(visit["start"])),
            timedelta(minutes=int(str(visit["minutes"]))),
        )
        for visit in visits
    }


async def _write_visits(
    session: AsyncSession, gig: Gig, plan: SupportPlan, placed: Sequence[Placed], *, status: str
) -> None:
    visits = {p.piece: p.visit_id or uuid7() for p in placed}
    session.add_all(
        CoachVisit(
            organiser_id=gig.organiser_id,
            id=visits[p.piece],
            coach_id=p.coach_id,
            order_id=gig.order_id,
            presence=plan.visits[p.piece].presence,
            during=Range(p.begin, p.end),
            status=status,
        )
        for p in placed
        if p.visit_id is None
    )
    await session.flush()
    await _stretch(session, gig, placed)
    session.add_all(
        VisitGig(
            organiser_id=gig.organiser_id,
            visit_id=visits[p.piece],
            gig_id=gig.id,
            piece=p.piece,
            status=status,
        )
        for p in placed
    )
    await session.flush()


async def _stretch(session: AsyncSession, gig: Gig, placed: Sequence[Placed]) -> None:
    """Let visits that are joined last as long as the gig needs; calendars see a newer version."""
    for one in placed:
        if one.visit_id is not None:
            await _lasts(session, gig, one.visit_id, Range(one.begin, one.end))


async def _lasts(session: AsyncSession, gig: Gig, visit_id: UUID, during: Range[datetime]) -> None:
    await session.execute(
        update(CoachVisit)
        .where(
            CoachVisit.organiser_id == gig.organiser_id,
            CoachVisit.id == visit_id,
            CoachVisit.during != during,
        )
        .values(during=during, sequence=CoachVisit.sequence + 1)
    )


async def book(session: AsyncSession, gig: Gig) -> None:
    """Book what was held, because the client said yes."""
    await _set(session, gig, "held", "booked")
    serving = _visits_of(gig)
    await session.execute(
        update(CoachVisit)
        .where(
            CoachVisit.organiser_id == gig.organiser_id,
            CoachVisit.id.in_(serving),
            CoachVisit.status == "held",
        )
        .values(status="booked", sequence=CoachVisit.sequence + 1)
    )


async def free(session: AsyncSession, gig: Gig, *, now: datetime) -> None:
    """Free the gig's visits; one that still serves somebody else stays."""
    await _set(session, gig, "held", "free")
    await _set(session, gig, "booked", "free")
    others = (
        select(VisitGig.visit_id)
        .where(VisitGig.organiser_id == gig.organiser_id, VisitGig.status.in_(TAKEN))
        .scalar_subquery()
    )
    await session.execute(
        update(CoachVisit)
        .where(
            CoachVisit.organiser_id == gig.organiser_id,
            CoachVisit.id.in_(_visits_of(gig)),
            CoachVisit.id.not_in(others),
            CoachVisit.status.in_(TAKEN),
        )
        .values(status="free", sequence=CoachVisit.sequence + 1)
    )
    await _shorten(session, gig, now)


async def _shorten(session: AsyncSession, gig: Gig, now: datetime) -> None:
    """Let the visits that others of the group still have last only as long as those need them.

    One that has begun stays as it is: the coach is there.
    """
    rows = await session.execute(
        select(CoachVisit.id, CoachVisit.during, Gig, GigSupport)
        .join(VisitGig, meets(VisitGig, "visit_id", CoachVisit))
        .join(Gig, meets(VisitGig, "gig_id", Gig))
        .join(
            GigSupport,
            (GigSupport.organiser_id == VisitGig.organiser_id)
            & (GigSupport.gig_id == VisitGig.gig_id)
            & (GigSupport.piece == VisitGig.piece),
        )
        .where(CoachVisit.organiser_id == gig.organiser_id, CoachVisit.id.in_(_visits_of(gig)))
        .where(CoachVisit.status.in_(TAKEN), VisitGig.status.in_(TAKEN))
        .where(func.lower(CoachVisit.during) > now)
    )
    needed: dict[UUID, list[tuple[datetime, datetime]]] = {}
    for visit_id, during, other, piece in rows:
        anchor = other.start if piece.anchor == "start" else other.end
        begin = max(_ends(during)[0], anchor + timedelta(minutes=piece.earliest))
        end = begin + timedelta(minutes=piece.minutes)
        needed.setdefault(visit_id, []).append((begin, end))
    for visit_id, spans in needed.items():
        begin, end = min(begin for begin, _ in spans), max(end for _, end in spans)
        await _lasts(session, gig, visit_id, Range(begin, end))


def _visits_of(gig: Gig) -> Select[UUID]:
    return select(VisitGig.visit_id).where(
        VisitGig.organiser_id == gig.organiser_id, VisitGig.gig_id == gig.id
    )


async def _set(session: AsyncSession, gig: Gig, now: str, then: str) -> None:
    await session.execute(
        update(VisitGig)
        .where(
            VisitGig.organiser_id == gig.organiser_id,
            VisitGig.gig_id == gig.id,
            VisitGig.status == now,
        )
        .values(status=then)
    )
