"""A job that keeps failing is tried less and less often, and staff are told; others are not."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job

from jobcenter import jobs
from jobcenter.worker.trying import SUSPECT, Trying, Work
from tests.cast import MONDAY
from tests.worker.conftest import Works


@dataclass
class Queue:
    """One job as the queue would hand it out, again and again."""

    works: Works
    trying: Trying

    async def job(self) -> Job:
        (row,) = await self.works.fresh.owner("SELECT * FROM pgqueuer")
        return Job.model_validate(dict(row))

    async def hand_out(self, work: Work) -> timedelta | None:
        """Have the job tried; return how long it is put off, if it is, as the queue does it."""
        try:
            await self.trying.attempt(await self.job(), work)
        except RetryRequested as later:
            await self.works.fresh.owner("UPDATE pgqueuer SET attempts = attempts + 1")
            return later.delay
        return None


@pytest.fixture
async def queue(works: Works) -> Queue:
    await works.cast.database.act(works.cast.worker, jobs.enqueue, jobs.MATCH, key="repair")
    return Queue(works, Trying(works.hands, lambda: MONDAY))


async def fails(_: dict[str, str]) -> None:
    raise ValueError("poison")


async def succeeds(_: dict[str, str]) -> None:
    return


async def test_it_rests_after_eight_tries_and_is_tried_once_an_hour_until_it_works(
    queue: Queue,
) -> None:
    waits = [await queue.hand_out(fails) for _ in range(10)]
    seconds = [wait.total_seconds() for wait in waits if wait]
    assert seconds == [2, 4, 8, 16, 32, 64, 128, 3600, 3600, 3600]
    assert await queue.works.todos() == ["work_stopped"]
    assert await queue.hand_out(succeeds) is None
    (row,) = await queue.works.fresh.owner("SELECT done_at FROM todos")
    assert row["done_at"] == MONDAY


async def test_of_those_that_may_kill_their_worker_one_goes_at_a_time(queue: Queue) -> None:
    at_once = most = 0

    async def counts(_: dict[str, str]) -> None:
        nonlocal at_once, most
        at_once, most = at_once + 1, max(most, at_once + 1)
        await asyncio.sleep(0.05)
        at_once -= 1

    async def together(tries: Callable[[], Awaitable[object]]) -> None:
        await asyncio.gather(tries(), tries(), tries())

    await together(lambda: queue.hand_out(counts))
    assert most == 3
    most = 0
    await queue.works.fresh.owner(f"UPDATE pgqueuer SET attempts = {SUSPECT}")
    await together(lambda: queue.hand_out(counts))
    assert most == 1
