"""Reads what clients have done and been offered, in numbers; no answer is ever counted."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.matching.loading.facts import HistoryFact
from jobcenter.orders.gigs import LIVE, CoachVisit, Gig, GigSupport, VisitGig
from jobcenter.orders.model import Order
from jobcenter.orders.planning import WORKED

QUARTER = timedelta(days=90)
COUNTED = (*(status.value for status in LIVE), *WORKED)


async def histories(session: AsyncSession, *, now: datetime) -> Mapping[UUID, HistoryFact]:
    """Return the past of everybody who was ever asked."""
    known = await _known(session)
    coaches = await _usual_coaches(session, now)
    rows = await session.execute(
        select(
            Gig.client_id,
            func.max(Gig.assigned_at),
            func.max(func.upper(Gig.during)).filter(Gig.status.in_(WORKED)),
            func.count().filter(
                and_(Gig.status.in_(COUNTED), func.lower(Gig.during) > now - QUARTER)
            ),
            func.count().filter(Gig.assigned_at > now - QUARTER),
        )
        .where(Gig.organiser_id == asker(session).organiser_id)
        .group_by(Gig.client_id)
    )
    return {
        client_id: HistoryFact(
            last_asked_at=asked_at,
            last_gig_ended=ended,
            gigs_90=count,
            offers_90=offers,
            sites=frozenset(site for site, _ in known[client_id]),
            tasks=frozenset(task for _, task in known[client_id]),
            coach_id=coaches.get(client_id),
        )
        for client_id, asked_at, ended, count, offers in rows
    }


async def _known(session: AsyncSession) -> defaultdict[UUID, set[tuple[UUID, UUID]]]:
    rows = await session.execute(
        select(Gig.client_id, Order.site_id, Order.task_type_id)
        .distinct()
        .join(Order, (Order.organiser_id == Gig.organiser_id) & (Order.id == Gig.order_id))
        .where(Gig.organiser_id == asker(session).organiser_id, Gig.status.in_(WORKED))
    )
    known: defaultdict[UUID, set[tuple[UUID, UUID]]] = defaultdict(set)
    for client_id, site_id, task_id in rows:
        known[client_id].add((site_id, task_id))
    return known


async def _usual_coaches(session: AsyncSession, now: datetime) -> Mapping[UUID, UUID]:
    """Return who last made a visit that asks for the same coach each time, by client."""
    begins = func.lower(CoachVisit.during)
    rows = await session.execute(
        select(Gig.client_id, CoachVisit.coach_id)
        .join(VisitGig, (VisitGig.organiser_id == Gig.organiser_id) & (VisitGig.gig_id == Gig.id))
        .join(
            CoachVisit,
            (CoachVisit.organiser_id == VisitGig.organiser_id)
            & (CoachVisit.id == VisitGig.visit_id),
        )
        .join(
            GigSupport,
            (GigSupport.organiser_id == VisitGig.organiser_id)
            & (GigSupport.gig_id == VisitGig.gig_id)
            & (GigSupport.piece == VisitGig.piece),
        )
        .where(
            Gig.organiser_id == asker(session).organiser_id,
            Gig.status.in_(WORKED),
            GigSupport.same_coach,
            VisitGig.status == "booked",
            begins < now,
        )
        .order_by(Gig.client_id, begins.desc())
        .ext(distinct_on(Gig.client_id))
    )
    return dict(rows.all())
