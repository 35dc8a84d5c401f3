"""How often something was tried lately, counted in the database, so for all processes together."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import case, func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.people.staff import Try


async def count(
    session: AsyncSession, *, kind: str, marks: Iterable[bytes], window: timedelta, now: datetime
) -> int:
    """Count one more try under each mark and return the largest count of the current window."""
    organiser = asker(session).organiser_id
    # In one order always, so that two requests never wait for each other's rows.
    rows = [
        {"organiser_id": organiser, "kind": kind, "mark": mark, "since": now, "count": 1}
        for mark in sorted(set(marks))
    ]
    statement = insert(Try).values(rows)
    is_over = Try.since <= now - window
    counted = await session.scalars(
        statement.on_conflict_do_update(
            index_elements=[Try.organiser_id, Try.kind, Try.mark],
            set_={
                "since": case((is_over, now), else_=Try.since),
                "count": case((is_over, 1), else_=func.least(Try.count + 1, 1_000_000)),
            },
        ).returning(Try.count)
    )
    return max(counted.all())
