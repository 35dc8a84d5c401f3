"""What the stories are played with: browsers, the worker, a clock that the story moves."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest
import pytest_asyncio

from jobcenter.matching.round import Matcher
from tests.stories.stage import Stage
from tests.web import surfer
from tests.web.surfer import Clock
from tests.worker.conftest import SECRET, Works, mail_server, sms_gateway, works

__all__ = ["mail_server", "sms_gateway", "works"]


@pytest.fixture(scope="session")
def matcher() -> Iterator[Matcher]:
    """Wake the real matcher once: its processes take a moment to start."""
    awake = Matcher.awake()
    yield awake
    awake.close()


@pytest_asyncio.fixture
async def stage(works: Works, matcher: Matcher) -> AsyncIterator[Stage]:
    """Set the stage: the real matcher at the worker's hand, and nobody signed in yet."""
    minded = replace(works, hands=replace(works.hands, repair=matcher.repair, ahead=matcher.ahead))
    # The web must know the links that the worker writes.
    config = replace(surfer.CONFIG, secret=SECRET)
    async with AsyncExitStack() as doors:
        yield Stage(minded, Clock(), doors, config)
