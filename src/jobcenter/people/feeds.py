"""A coach's private calendar feed: its address is renewed here, and only its hash is kept."""

from datetime import datetime, timedelta

from sqlalchemy import func, update
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.errors import NotFound
from jobcenter.people.staff import Coach

LASTS = timedelta(days=90)
# Their page tells a coach so long before that the address is about to end.
TOLD_BEFORE = timedelta(days=14)


async def renew_feed(session: AsyncSession, *, feed_hash: bytes, now: datetime) -> datetime:
    """Give the asking coach a new feed address, the former one is gone; return when it ends."""
    who = asker(session)
    renewed = await session.execute(
        update(Coach)
        .where(Coach.organiser_id == who.organiser_id, Coach.user_id == who.actor_id, Coach.active)
        .where(func.coaches_in(Coach.organiser_id, Coach.user_id, Coach.unit_id))
        .values(feed_hash=feed_hash, feed_until=now + LASTS)
        .returning(Coach.id)
    )
    if renewed.first() is None:
        raise NotFound
    return now + LASTS


def ends_soon(coach: Coach, now: datetime) -> bool:
    """Tell whether a coach's calendar address has ended, or will before long."""
    return coach.feed_until is not None and coach.feed_until - TOLD_BEFORE <= now
