"""Need to know: whose record staff may open, by unit, by caseload, or in an emergency."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.audit import emergencies
from jobcenter.database import Who, asker, meets
from jobcenter.errors import NotFound
from jobcenter.orders.gigs import CoachVisit, Gig, VisitGig
from jobcenter.orders.windows import TakenPlace
from jobcenter.people.clients import Client
from jobcenter.people.staff import Coach

WHOLE_UNIT, CASELOAD = "see_clients", "see_caseload"
# A coach may look a client up this long after the last visit, to write down how it went.
AFTER_A_VISIT = timedelta(days=30)


async def is_ours(session: AsyncSession, *, client_id: UUID) -> bool:
    """Tell whether a client is of one of the asker's units; nothing about them is read."""
    who = asker(session)
    found = await session.scalar(
        select(Client.id).where(
            Client.organiser_id == who.organiser_id,
            Client.id == client_id,
            Client.unit_id.in_(who.unit_ids),
        )
    )
    return found is not None


async def may_read(session: AsyncSession, *, client_id: UUID, now: datetime) -> bool:
    """Tell whether the asker may open this record: their unit's, on their caseload, or urgent."""
    who = asker(session)
    if who.may(WHOLE_UNIT) and await is_ours(session, client_id=client_id):
        return True
    if who.may(CASELOAD) and await _is_on_caseload(session, who, client_id, now):
        return True
    return await emergencies.is_open(session, client_id=client_id, now=now)


async def taken(session: AsyncSession, *, gig_id: UUID) -> None:
    """Find nothing unless somebody, of whatever unit, has this gig."""
    if await session.get(TakenPlace, (asker(session).organiser_id, gig_id)) is None:
        raise NotFound


async def _is_on_caseload(session: AsyncSession, who: Who, client_id: UUID, now: datetime) -> bool:
    """Tell whether the asker visits this client as a coach.

    Of another unit's clients the walls show no more than a visit covers (SETTLED 27).
    """
    found = await session.scalar(
        select(
            exists()
            .where(Coach.organiser_id == who.organiser_id, Coach.user_id == who.actor_id)
            .where(meets(CoachVisit, "coach_id", Coach))
            .where(meets(VisitGig, "visit_id", CoachVisit), VisitGig.status != "free")
            .where(meets(VisitGig, "gig_id", Gig), Gig.client_id == client_id)
            .where(func.upper(CoachVisit.during) > now - AFTER_A_VISIT)
        )
    )
    return bool(found)
