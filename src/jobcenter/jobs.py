"""Work asked for in the transaction that needs it: PgQueuer's table, through our own connection.

The worker does it after the commit; a rolled-back transaction asks for nothing.
"""

import json
from uuid import UUID

import asyncpg
from pgqueuer import AsyncpgDriver, Queries
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import OrganiserId, asker

DELIVER = "deliver"
MATCH = "match"
ROUND = "round"

Payload = dict[str, str | int]


async def enqueue(session: AsyncSession, work: str, *, key: str, **details: str) -> None:
    """Ask the worker for `work`; while the same `key` waits or runs, asking again changes nothing.

    Only after the transaction's own first statement: before it, asyncpg would commit the job alone.
    `database.transaction` sees to that.
    """
    payload: Payload = {"organiser": asker(session).organiser_id, **details}
    raw = (await (await session.connection()).get_raw_connection()).driver_connection
    assert isinstance(raw, asyncpg.Connection)  # noqa: S101 - no other driver is ever configured
    await Queries(AsyncpgDriver(raw)).enqueue(
        work,
        json.dumps(payload).encode(),
        dedupe_key=f"{asker(session).organiser_id}:{work}:{key}",
        on_conflict="skip",
    )


def organiser_of(payload: bytes | None) -> OrganiserId:
    """Return whose work a job is."""
    return OrganiserId(int(json.loads(payload or b"{}")["organiser"]))


def subject_of(payload: bytes | None, name: str) -> UUID:
    """Return the id that a job was asked for with."""
    return UUID(json.loads(payload or b"{}")[name])
