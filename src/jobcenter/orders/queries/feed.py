"""What a coach's private calendar address shows, and whose it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker, meets
from jobcenter.errors import NotFound
from jobcenter.orders.calendar import FeedVisit
from jobcenter.orders.gigs import CoachVisit
from jobcenter.orders.model import Order
from jobcenter.orders.windows import opened_feed
from jobcenter.people.parties import Site

# The feed keeps what was, so that a coach's calendar shows last month too.
FEED_BACK = timedelta(days=31)
FEED_AHEAD = timedelta(days=92)


@dataclass(frozen=True, slots=True)
class FeedOwner:
    """The coach whose calendar it is."""

    coach_id: UUID
    user_id: UUID | None
    unit_id: UUID


async def owner_of_feed(session: AsyncSession, *, feed_hash: bytes) -> FeedOwner:
    """Return whose calendar a private address shows; an unknown or renewed one is not found."""
    row = (await session.execute(opened_feed(feed_hash))).one_or_none()
    if row is None:
        raise NotFound
    return FeedOwner(*row)


async def feed_of(session: AsyncSession, *, coach_id: UUID, now: datetime) -> list[FeedVisit]:
    """Return the visits that a coach's calendar shows."""
    organiser_id = asker(session).organiser_id
    rows = await session.execute(
        select(CoachVisit, Site.address, Site.postcode)
        .join(
            Order,
            meets(CoachVisit, "order_id", Order),
        )
        .join(Site, meets(Order, "site_id", Site))
        .where(CoachVisit.organiser_id == organiser_id, CoachVisit.coach_id == coach_id)
        .where(func.upper(CoachVisit.during) > now - FEED_BACK)
        .where(func.lower(CoachVisit.during) < now + FEED_AHEAD)
    )
    return [_in_feed(visit, f"{address}, {postcode}", now) for visit, address, postcode in rows]


def _in_feed(visit: CoachVisit, place: str, now: datetime) -> FeedVisit:
    return FeedVisit(
        id=visit.id,
        sequence=visit.sequence,
        start=visit.start,
        end=visit.end,
        place=place if visit.presence == "present" else "",
        changed_at=now,
        cancelled=visit.status == "free",
    )
