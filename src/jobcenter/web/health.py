"""Whether this process lives, and whether it can serve: two addresses for whoever watches it."""

import asyncpg
from litestar import Response, get
from litestar.datastructures import State

from jobcenter.web.asking import WebConfig

PATIENCE_SECONDS = 1.0


@get("/health/live", opt={"for_everyone": True})
async def live() -> dict[str, str]:
    """Say that the process answers; never asks the database."""
    return {"status": "alive"}


@get("/health/ready", opt={"for_everyone": True})
async def ready(state: State) -> Response[dict[str, str]]:
    """Say whether the database answers; by a connection of its own, so that a full pool shows."""
    config = state.config
    if isinstance(config, WebConfig) and await _answers(config.health_dsn):
        return Response({"status": "ready"})
    return Response({"status": "waiting for the database"}, status_code=503)


async def _answers(dsn: str) -> bool:
    try:
        connection = await asyncpg.connect(dsn, timeout=PATIENCE_SECONDS)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
        return False
    await connection.close(timeout=PATIENCE_SECONDS)
    return True
