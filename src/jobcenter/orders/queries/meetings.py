"""Whom a client meets at a gig and when, and from when on they can say that they are there."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import OrganiserId, meets
from jobcenter.orders.clocks import ARRIVAL, EARLY, held
from jobcenter.orders.gigs import CoachVisit, Gig, GigSupport, VisitGig
from jobcenter.people.staff import Coach, CoachPhoto


@dataclass(frozen=True, slots=True)
class Meeting:
    """A coach visit as the client is told of it."""

    coach: str
    presence: str
    start: datetime
    end: datetime
    leads_group: bool = False
    """Whether they are there for the group only, not for a need of the client's own."""
    photo: UUID | None = None
    """What they look like, where they have given a photo."""


def early_minutes(organiser_id: OrganiserId, now: datetime) -> ColumnElement[int]:
    """Select how many minutes before the start "I am here" can be said."""
    told = held("arrival_minutes", EARLY, organiser_id=organiser_id, now=now)
    return func.coalesce(told, ARRIVAL[EARLY].usual)


async def meetings_of(session: AsyncSession, gig: Gig) -> tuple[Meeting, ...]:
    """Return whom the client meets or hears, in order of time."""
    rows = await session.execute(
        select(CoachVisit, Coach.name, GigSupport, CoachPhoto.id)
        .join(
            VisitGig,
            meets(VisitGig, "visit_id", CoachVisit),
        )
        .join(
            Coach,
            meets(CoachVisit, "coach_id", Coach),
        )
        .outerjoin(CoachPhoto, meets(CoachPhoto, "coach_id", Coach))
        .join(
            GigSupport,
            (GigSupport.organiser_id == VisitGig.organiser_id)
            & (GigSupport.gig_id == VisitGig.gig_id)
            & (GigSupport.piece == VisitGig.piece),
        )
        .where(VisitGig.organiser_id == gig.organiser_id, VisitGig.gig_id == gig.id)
        .where(VisitGig.status != "free", GigSupport.meets_somebody())
    )
    met = [_meeting(coach, visit, piece, gig, photo) for visit, coach, piece, photo in rows]
    return tuple(sorted(dict.fromkeys(met), key=lambda one: one.start))


def _meeting(
    coach: str, visit: CoachVisit, piece: GigSupport, gig: Gig, photo: UUID | None
) -> Meeting:
    """Return when the coach meets this client; of a group they may meet somebody else first."""
    anchor = gig.start if piece.anchor == "start" else gig.end
    return Meeting(
        coach=coach.partition(" ")[0],
        presence=visit.presence,
        start=max(visit.start, anchor + timedelta(minutes=piece.earliest)),
        end=visit.end,
        leads_group=piece.actions == ["GROUP"],
        photo=photo if visit.presence == "present" else None,
    )
