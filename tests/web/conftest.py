"""One settled database for all tests of a file that only look."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.cast import Cast, settle
from tests.conftest import Server, cloned


@pytest_asyncio.fixture(scope="module")
async def onlookers(server: Server) -> AsyncIterator[Cast]:
    """Settle the cast once for this file; its tests must not change what others see."""
    async with cloned(server) as clone:
        yield await settle(clone.owner_dsn, clone.database)
