"""A coach's private calendar feed: its address is renewed here, and only its hash is kept."""

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.errors import NotFound
from jobcenter.people.staff import Coach


async def renew_feed(session: AsyncSession, *, feed_hash: bytes) -> None:
    """Give the asking coach a new feed address; the former one is gone from now on."""
    who = asker(session)
    renewed = await session.execute(
        update(Coach)
        .where(Coach.organiser_id == who.organiser_id, Coach.user_id == who.actor_id, Coach.active)
        .values(feed_hash=feed_hash)
        .returning(Coach.id)
    )
    if renewed.first() is None:
        raise NotFound
