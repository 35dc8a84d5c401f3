"""One settled database for all tests of a file that only look."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.cast import Cast, as_cast
from tests.conftest import Server, cloned


@pytest_asyncio.fixture(scope="module")
async def onlookers(server: Server) -> AsyncIterator[Cast]:
    """Settle the cast once for this file; its tests must not change what others see."""
    async with cloned(server, server.peopled) as clone:
        yield as_cast(clone.owner_dsn, clone.database)
