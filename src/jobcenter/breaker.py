"""A way out that refuses is left in peace: one notice a minute knocks, and the rest wait.

When it opens again, everything that had been refused goes at once, oldest first.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.notices import Gateway, Notice

KNOCK = timedelta(minutes=1)
# The problem of a notice that waits for its way rather than for itself.
REFUSED = "refused"


async def refusing(session: AsyncSession) -> Mapping[str, Gateway]:
    """Return the ways that refuse at present, by name."""
    rows = await session.scalars(
        select(Gateway).where(
            Gateway.organiser_id == asker(session).organiser_id, Gateway.down_since.is_not(None)
        )
    )
    return {row.way: row for row in rows}


async def gateway_down(session: AsyncSession) -> Mapping[str, datetime]:
    """Return since when each way (sms, mail) has been refusing: the board's banner."""
    down = await refusing(session)
    return {way: row.down_since for way, row in down.items() if row.down_since}


async def lets_through(session: AsyncSession, way: str, *, now: datetime) -> bool:
    """Tell whether to try this way; on one that refuses, whoever asks first knocks for all."""
    gateway = await session.scalar(
        select(Gateway)
        .where(Gateway.organiser_id == asker(session).organiser_id, Gateway.way == way)
        .where(Gateway.down_since.is_not(None))
        .with_for_update()
    )
    if gateway is None:
        return True
    if gateway.next_try_at > now:
        return False
    gateway.next_try_at = now + KNOCK
    return True


async def open_for(session: AsyncSession, way: str, *, now: datetime) -> None:
    """Note that a way refuses, since now or since when it first did."""
    row = {
        "organiser_id": asker(session).organiser_id,
        "way": way,
        "down_since": now,
        "next_try_at": now + KNOCK,
    }
    since = func.coalesce(Gateway.down_since, now)
    await session.execute(
        insert(Gateway)
        .values(row)
        .on_conflict_do_update(
            index_elements=["organiser_id", "way"],
            set_={"down_since": since, "next_try_at": now + KNOCK},
        )
    )


async def close_for(session: AsyncSession, way: str, *, now: datetime) -> None:
    """Note that a way takes messages again, and let go at once what it had refused."""
    organiser_id = asker(session).organiser_id
    had_refused = await session.scalar(
        update(Gateway)
        .where(Gateway.organiser_id == organiser_id, Gateway.way == way)
        .where(Gateway.down_since.is_not(None))
        .values(down_since=None)
        .returning(Gateway.way)
        .execution_options(synchronize_session=False)
    )
    if had_refused is None:
        return
    await session.execute(
        update(Notice)
        .where(Notice.organiser_id == organiser_id, Notice.way == way)
        .where(Notice.state == "pending", Notice.problem == REFUSED, Notice.due_at > now)
        .values(due_at=now)
        .execution_options(synchronize_session=False)
    )
