"""The worker as a process: jobs from PgQueuer, a clock that beats in one of them, a quick stop.

Nothing is kept in memory that matters: killed at any moment, another goes on where this one was.
"""

import asyncio
import logging
from collections.abc import Awaitable
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

import asyncpg
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from pgqueuer import AsyncpgDriver, Queries
from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.errors import FailingListenerError
from pgqueuer.models import Job

from jobcenter import jobs
from jobcenter.errors import Unreachable
from jobcenter.jobs import CHANGES, Connection
from jobcenter.schedules import TICK
from jobcenter.texts import LANGUAGES, catalogue
from jobcenter.worker import ticks
from jobcenter.worker.alarms import escalate
from jobcenter.worker.delivery import deliver
from jobcenter.worker.exporting import make_exports
from jobcenter.worker.hands import Hands
from jobcenter.worker.trying import Clock, Trying, Work
from jobcenter.worker.upkeep import read_calendar

log = logging.getLogger(__name__)

AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, FailingListenerError, Unreachable)
AGAIN_AFTER = 1.0
# What is under way when the stop comes has this long; then it is left to a sweep.
GRACE = 1.0
CUTS = 4
# How many times slower the clock beats in a worker that does not lead.
SLOWER = 3
BATCH = 5
# How many calendars of others are read at the same time.
CALENDARS = 2


async def work(hands: Hands, *, clock: Clock, stop: asyncio.Event) -> None:
    """Work until `stop` is set; when the database is away, try again until it is back."""
    # Reading the catalogues takes a second, in which no job's heartbeat would be heard.
    for language in LANGUAGES:
        await asyncio.to_thread(catalogue, language)
    while not stop.is_set():
        try:
            async with AsyncExitStack() as opened:
                await _work_connected(hands, clock, stop, opened)
        except AWAY as error:
            log.warning("the database is away: %s", type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), AGAIN_AFTER)


async def _work_connected(
    hands: Hands, clock: Clock, stop: asyncio.Event, opened: AsyncExitStack
) -> None:
    queue = await _connect(hands, opened)
    ear = await _connect(hands, opened)
    manager = QueueManager(Queries(AsyncpgDriver(queue)))
    _register(manager, hands, clock)
    await _listen(ear, hands, opened)
    _start_clock(ear, hands, clock, opened)
    running = asyncio.create_task(
        manager.run(
            batch_size=BATCH,
            dequeue_timeout=timedelta(seconds=5),
            heartbeat_timeout=hands.config.heartbeat,
            max_concurrent_tasks=4 * BATCH,
            shutdown_on_listener_failure=True,
        )
    )
    stopping = asyncio.create_task(stop.wait())
    lost = asyncio.create_task(_until_lost(queue, ear))
    opened.push_async_callback(_end, running, stopping, lost)
    await asyncio.wait({running, stopping, lost}, return_when=asyncio.FIRST_COMPLETED)
    manager.shutdown.set()
    if not running.done() and not lost.done():
        await asyncio.wait({running}, timeout=GRACE)
    if running.done():
        running.result()


async def _connect(hands: Hands, opened: AsyncExitStack) -> Connection:
    connection = await asyncpg.connect(hands.config.direct_dsn, timeout=5)
    opened.callback(connection.terminate)
    return connection


async def _until_lost(*connections: Connection) -> None:
    """Return as soon as one of the connections is gone."""
    gone = asyncio.Event()
    for connection in connections:
        connection.add_termination_listener(lambda _: gone.set())
    await gone.wait()


async def _end(*tasks: asyncio.Task[object]) -> None:
    """Cancel, and again: the queue's own end waits for its jobs, which a second call cuts short."""
    left = set(tasks)
    for _ in range(CUTS):
        for task in left:
            task.cancel()
        if left:
            _, left = await asyncio.wait(left, timeout=GRACE / CUTS / 2)
    for task in set(tasks) - left:
        if not task.cancelled():
            task.exception()


def _register(manager: QueueManager, hands: Hands, clock: Clock) -> None:
    """Say which function does which work; each may run twice without harm."""
    trying = Trying(hands, clock)

    def does(name: str, work: Work, limit: int = 0) -> None:
        async def begin(job: Job) -> None:
            await trying.attempt(job, work)

        manager.entrypoint(name, concurrency_limit=limit)(begin)

    does(
        jobs.DELIVER,
        lambda said: deliver(hands, notice_id=UUID(said["notice"]), now=clock()),
        hands.config.at_once,
    )
    does(TICK, lambda said: ticks.TICKS[said["tick"]](hands, clock()))
    does(
        jobs.READ_CALENDAR,
        lambda said: read_calendar(hands, coach_id=UUID(said["coach"]), now=clock()),
        CALENDARS,
    )
    does(jobs.MATCH, lambda _: ticks.repair(hands, clock()), 1)
    does(jobs.ROUND, lambda _: hands.whole(hands.database, hands.who, clock()), 1)
    does(jobs.EXPORT, lambda _: make_exports(hands, clock()), 1)
    does(jobs.ESCALATE, lambda _: escalate(hands, clock()), 1)


async def _listen(ear: Connection, hands: Hands, opened: AsyncExitStack) -> None:
    """Have a change proposed at once, rather than at the next beat."""
    asking: set[asyncio.Task[None]] = set()

    def changed(_connection: object, _pid: object, _channel: object, organiser: object) -> None:
        if organiser == str(hands.config.organiser):
            task = asyncio.create_task(_safely(ticks.ask_for_match(hands)))
            asking.add(task)
            task.add_done_callback(asking.discard)

    await ear.add_listener(CHANGES, changed)
    opened.push_async_callback(lambda: _end(*asking))


def _start_clock(ear: Connection, hands: Hands, clock: Clock, opened: AsyncExitStack) -> None:
    """Let the clock beat in whichever worker holds the lock; the lock dies with its connection.

    A worker that is frozen keeps its connection, so the others beat too, only more slowly: an
    instant fires once, whoever says it.
    """
    beats = count()

    async def beat() -> None:
        if ear.is_closed():
            return
        leads = await jobs.holds_the_clock(ear)
        if leads or next(beats) % SLOWER == SLOWER - 1:
            await _safely(ticks.beat(hands, clock()))

    scheduler = AsyncIOScheduler(timezone=UTC)
    scheduler.add_job(
        beat,
        "interval",
        seconds=hands.config.beat.total_seconds(),
        next_run_time=datetime.now(UTC),
        max_instances=1,
        coalesce=True,
        misfire_grace_time=None,
    )
    scheduler.start()
    opened.callback(scheduler.shutdown, wait=False)


async def _safely(beat: Awaitable[None]) -> None:
    """A beat that fails is logged; the next one finds the same work due again."""
    try:
        await beat
    except Exception:
        log.exception("a beat failed")
