"""A barrier in the database: one lock holds transactions until all of them wait there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg

from tests.conftest import Fresh


@dataclass(frozen=True)
class Held:
    """A lock that others wait for."""

    connection: "asyncpg.Connection[asyncpg.Record]"

    async def until_waiting(self, count: int) -> None:
        """Return when so many transactions wait for a lock in this database."""
        for _ in range(1000):
            if await self._waiting() >= count:
                return
            await asyncio.sleep(0.02)
        raise TimeoutError(count)

    async def _waiting(self) -> int:
        # A transaction sees the activity as it first looked: forget that.
        await self.connection.execute("SELECT pg_stat_clear_snapshot()")
        return int(
            await self.connection.fetchval(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
        )


@asynccontextmanager
async def held(fresh: Fresh, barrier: str) -> AsyncIterator[Held]:
    """Lock what a statement finds, as the owner, until the end of the block."""
    connection = await asyncpg.connect(fresh.owner_dsn)
    try:
        async with connection.transaction():
            await connection.fetch(f"{barrier} FOR UPDATE")
            yield Held(connection)
    finally:
        await connection.close()
