"""A job is tried a bounded number of times: one that keeps failing, or kills its worker, rests.

Staff are told of a job that rests; it is tried again once an hour, and work that is asked for
meanwhile under the same key is left to it. Everything else in the queue goes on.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from datetime import datetime, timedelta

from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job

from jobcenter import jobs
from jobcenter.jobs import MOST_STARTS
from jobcenter.notices import settle_todo, todo
from jobcenter.worker.hands import Hands

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
Work = Callable[[dict[str, str]], Awaitable[object]]
REST = timedelta(hours=1)
# Doubled after each failure: 2, 4, 8 ... seconds.
PAUSE = timedelta(seconds=1)
# A job begun this often may be what kills the worker: such jobs go one at a time, so that an
# innocent one is not counted down beside the guilty one.
SUSPECT = 2
WORK_STOPPED = "work_stopped"


class Trying:
    """The tries of one worker process."""

    def __init__(self, hands: Hands, clock: Clock) -> None:
        self._hands = hands
        self._clock = clock
        self._one_suspect = asyncio.Lock()

    async def attempt(self, job: Job, work: Work) -> None:
        """Do the work of a job; raise RetryRequested when it failed or was begun too often."""
        async with self._one_suspect if job.attempts >= SUSPECT else nullcontext():
            await self._attempt(job, work)

    async def _attempt(self, job: Job, work: Work) -> None:
        database, who = self._hands.database, self._hands.who
        starts = await database.act(who, jobs.begin, job_id=int(job.id))
        if starts > MOST_STARTS:
            raise await self._later(job, starts)
        try:
            await work(jobs.read(job.payload))
        except Exception:
            log.exception("job %s of %s failed at try %s", job.id, job.entrypoint, starts)
            raise await self._later(job, starts) from None
        if starts == MOST_STARTS:
            now = self._clock()
            await database.act(who, settle_todo, kind=WORK_STOPPED, mark=str(job.id), now=now)

    async def _later(self, job: Job, starts: int) -> RetryRequested:
        """Put a job off: a little longer each time, and after too many tries for an hour."""
        database, who, now = self._hands.database, self._hands.who, self._clock()
        await database.act(who, jobs.put_off, job_id=int(job.id), starts=starts)
        if starts < MOST_STARTS:
            return RetryRequested(PAUSE * 2**starts)
        log.error("job %s of %s was begun too often and rests", job.id, job.entrypoint)
        await database.act(who, todo, kind=WORK_STOPPED, due_at=now, now=now, mark=str(job.id))
        return RetryRequested(REST)
