"""Work asked for in the transaction that needs it: PgQueuer's table, through our own connection.

The worker does it after the commit; a rolled-back transaction asks for nothing.
"""

import json
from typing import TypeAlias

import asyncpg
from pgqueuer import AsyncpgDriver, Queries
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker

DELIVER = "deliver"
MATCH = "match"
ROUND = "round"
ESCALATE = "escalate"
READ_CALENDAR = "read_calendar"
EXPORT = "export"

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

# A job that was begun this often and never ended well rests, and staff are told (I13).
MOST_STARTS = 8
# What the trigger on `changes` calls out, and the lock that the one beating clock holds.
CHANGES = "jobcenter_changes"
_CLOCK = 7_036_422

Payload = dict[str, str | int]


async def enqueue(session: AsyncSession, work: str, /, *, key: str, **details: str) -> None:
    """Ask the worker for `work`; while the same `key` waits or runs, asking again changes nothing.

    Only after the transaction's own first statement: before it, asyncpg would commit the job alone.
    `database.transaction` sees to that.
    """
    payload: Payload = {"organiser": asker(session).organiser_id, **details}
    raw = (await (await session.connection()).get_raw_connection()).driver_connection
    assert isinstance(raw, asyncpg.Connection)
    await Queries(AsyncpgDriver(raw)).enqueue(
        work,
        json.dumps(payload).encode(),
        dedupe_key=f"{asker(session).organiser_id}:{work}:{key}",
        on_conflict="skip",
    )


def read(payload: bytes | None) -> dict[str, str]:
    """Return the details that a job was asked for with."""
    found = json.loads(payload or b"{}")
    return {str(name): str(value) for name, value in found.items()}


async def begin(session: AsyncSession, *, job_id: int) -> int:
    """Count a start before the work, so that a crash counts too; return which one it is."""
    counted = text("UPDATE pgqueuer SET attempts = attempts + 1 WHERE id = :id RETURNING attempts")
    return await session.scalar(counted, {"id": job_id}) or 1


async def put_off(session: AsyncSession, *, job_id: int, starts: int) -> None:
    """Leave a job as many starts as it has had, and always one more.

    The queue counts a job that is tried later once more by itself, hence one less here.
    """
    left = text("UPDATE pgqueuer SET attempts = :count WHERE id = :id")
    await session.execute(left, {"id": job_id, "count": min(starts, MOST_STARTS - 1) - 1})


async def holds_the_clock(connection: Connection) -> bool:
    """Tell whether this connection is, or now becomes, the one whose clock beats."""
    return bool(await connection.fetchval("SELECT pg_try_advisory_lock($1)", _CLOCK))
