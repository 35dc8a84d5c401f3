"""How fast messages go out: no more in any minute than a way takes, all workers together."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.notices import Notice

# How many messages a way takes in a minute; a way that is not named takes any number.
Paces = Mapping[str, int]
MINUTE = timedelta(minutes=1)
# The lock under which messages of a way with a pace are claimed one after the other.
_PACED = 7_036_425


async def room(session: AsyncSession, way: str, *, paces: Paces, now: datetime, most: int) -> int:
    """Return how many messages may go out on this way now, at most `most`."""
    if way not in paces:
        return most
    gone = await session.scalar(
        select(func.count())
        .select_from(Notice)
        .where(Notice.organiser_id == asker(session).organiser_id, Notice.way == way)
        .where(or_(Notice.state == "sending", Notice.sent_at > now - MINUTE))
    )
    return max(0, min(most, paces[way] - (gone or 0)))


async def has_room(session: AsyncSession, way: str, *, paces: Paces, now: datetime) -> bool:
    """Tell whether one more may go; of two that ask at once, the second counts the first."""
    if way in paces:
        await session.execute(select(func.pg_advisory_xact_lock(_PACED, func.hashtext(way))))
    return await room(session, way, paces=paces, now=now, most=1) > 0
