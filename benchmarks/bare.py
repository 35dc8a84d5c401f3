"""The framework with nothing of ours: a ready page, and one row read by its key.

Served by `benchmarks.pages` beside the service, as what its pages are compared with.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
from litestar import Litestar, MediaType, get
from litestar.datastructures import State

READ_DSN = "BENCHMARK_DSN"
ORGANISER = "BENCHMARK_ORGANISER"
GIG = "BENCHMARK_GIG"
POOL = 5
ROW = "SELECT status FROM gigs WHERE organiser_id = $1 AND id = $2"
PAGE = "<!doctype html><title>10 kB</title>" + "<p>Nothing was read for this.</p>" * 310


@get("/page", media_type=MediaType.HTML, sync_to_thread=False)
def ready() -> str:
    """Return 10 kB that were ready before anybody asked."""
    return PAGE


@get("/row", media_type=MediaType.TEXT)
async def row(state: State) -> str:
    """Return one value of one row, found by its key."""
    found = await state.pool.fetchval(ROW, state.organiser, state.gig)
    return str(found)


@asynccontextmanager
async def _pool(app: Litestar) -> AsyncIterator[None]:
    async with asyncpg.create_pool(os.environ[READ_DSN], min_size=POOL, max_size=POOL) as pool:
        app.state.pool = pool
        app.state.organiser = int(os.environ[ORGANISER])
        app.state.gig = UUID(os.environ[GIG])
        yield


app = Litestar([ready, row], lifespan=[_pool], openapi_config=None, logging_config=None)
