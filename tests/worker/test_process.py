"""A worker process is killed, frozen, poisoned and stopped; every message goes out all the same."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess

from jobcenter import jobs
from jobcenter.orders.proposals import Change
from tests import make
from tests.cast import CITY, MONDAY
from tests.worker import running
from tests.worker.conftest import Works
from tests.worker.running import Told

LATER = MONDAY + timedelta(minutes=1)
PATIENCE = 60.0


@contextmanager
def at_work(
    works: Works,
    *,
    fatal: str = "",
    now: datetime = LATER,
    beat: float = 0.5,
    matching: bool = False,
    fatal_repair: bool = False,
) -> Iterator[BaseProcess]:
    told = Told(
        doors={face.value: dsn for face, dsn in works.fresh.doors.items()},
        home=str(works.fresh.home),
        sms_port=works.sms.port,
        now=now.isoformat(),
        fatal=fatal,
        beat=beat,
        matching=matching,
        fatal_repair=fatal_repair,
    )
    with running.worker(told) as process:
        yield process


async def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "it never came true"
        await asyncio.sleep(0.05)


async def settled(works: Works, **states: int) -> None:
    """Wait until the notices stand like this."""
    deadline = time.monotonic() + PATIENCE
    while (found := await works.states()) != states:
        assert time.monotonic() < deadline, found
        await asyncio.sleep(0.1)


async def test_a_worker_killed_in_the_middle_loses_nothing(works: Works) -> None:
    """F3: SIGKILL after the fifth of twenty offers."""
    await works.crowd(20)
    works.sms.mode("slow")
    with at_work(works) as process:
        await until(lambda: len(works.sms.asked()) >= 5)
        process.kill()
        process.join()
    works.sms.mode("ok")
    with at_work(works):
        await settled(works, sent=20)
    references = works.sms.references()
    assert len(set(references)) == 20
    assert all(references.count(each) <= 2 for each in references)
    assert len(references) <= 20 + 4, "only those on their way when it died went once more"


async def test_a_worker_frozen_past_its_lease_changes_nothing_when_it_wakes(works: Works) -> None:
    """F4: SIGSTOP while the gateway answers, another finishes, SIGCONT."""
    gig_id = await works.offer(works.cast.eetu)
    works.sms.mode("slow")
    with at_work(works) as frozen:
        await until(lambda: len(works.sms.asked()) == 1)
        assert frozen.pid
        os.kill(frozen.pid, signal.SIGSTOP)
        works.sms.mode("ok")
        with at_work(works):
            await settled(works, sent=1)
            settled_row = await works.fresh.owner("SELECT * FROM notices")
            os.kill(frozen.pid, signal.SIGCONT)
            await asyncio.sleep(1.5)
    assert await works.fresh.owner("SELECT * FROM notices") == settled_row
    assert settled_row[0]["fence"] == 2
    assert len(works.sms.references()) <= 2
    assert settled_row[0]["gig_id"] == gig_id


async def test_a_message_that_kills_its_worker_stops_and_others_go_on(works: Works) -> None:
    """F33: the process ends at that number, is started again, and again."""
    gigs = await works.crowd(4)
    poison = "+358455550202"
    for _ in range(12):
        with at_work(works, fatal=poison) as process:
            ended = asyncio.create_task(asyncio.to_thread(process.join))
            done = asyncio.create_task(settled(works, sent=3, unknown=1))
            await asyncio.wait({ended, done}, return_when=asyncio.FIRST_COMPLETED)
            finished = done.done()
            done.cancel()
            process.kill()
            await ended
        if finished:
            break
    assert await works.states() == {"sent": 3, "unknown": 1}
    todos = await works.fresh.owner("SELECT kind, gig_id FROM todos")
    assert [tuple(row) for row in todos] == [("undelivered", gigs[1])]
    assert poison not in {each["to"] for each in works.sms.received()}


async def test_a_job_that_kills_its_worker_rests_and_others_go_on(works: Works) -> None:
    """F33: its last two tries; then staff are told, and what it held up meanwhile is nothing."""
    database, who = works.cast.database, works.cast.worker
    await works.crowd(1)
    await database.act(who, jobs.enqueue, jobs.MATCH, key="repair")
    tried = jobs.MOST_STARTS - 2
    await works.fresh.owner(f"UPDATE pgqueuer SET attempts = {tried} WHERE entrypoint = 'match'")
    deaths = 0
    while await works.todos() != ["work_stopped"]:
        with at_work(works, fatal_repair=True) as process:
            ended = asyncio.create_task(asyncio.to_thread(process.join))
            told = asyncio.create_task(_until_told(works))
            await asyncio.wait({ended, told}, return_when=asyncio.FIRST_COMPLETED)
            told.cancel()
            process.kill()
            await ended
            deaths += process.exitcode == 9
        assert deaths <= 2
    assert deaths == 2
    await settled(works, sent=1)
    rests = "SELECT status, execute_after - now() AS rest FROM pgqueuer WHERE entrypoint = 'match'"
    (row,) = await works.fresh.owner(rests)
    assert row["status"] == "queued"
    assert row["rest"] > timedelta(minutes=50)


async def _until_told(works: Works) -> None:
    deadline = time.monotonic() + PATIENCE
    while await works.todos() != ["work_stopped"] or await works.states() != {"sent": 1}:
        assert time.monotonic() < deadline, "staff were not told"
        await asyncio.sleep(0.1)


async def test_a_worker_stops_within_three_seconds_and_leaves_nothing_hanging(works: Works) -> None:
    await works.crowd(6)
    works.sms.mode("slow")
    with at_work(works) as process:
        await until(lambda: len(works.sms.asked()) >= 2)
        begun = time.monotonic()
        process.terminate()
        await asyncio.to_thread(process.join, 10)
        assert time.monotonic() - begun < 3
        assert process.exitcode == 0
    works.sms.mode("ok")
    # What was cut off in the middle of being sent goes once more after a minute.
    with at_work(works, now=LATER + timedelta(minutes=2)):
        await settled(works, sent=6)
    assert len(set(works.sms.references())) == 6


async def test_two_workers_send_each_message_once(works: Works) -> None:
    await works.crowd(10)
    with at_work(works), at_work(works):
        await settled(works, sent=10)
    assert len(works.sms.references()) == 10
    runs = await works.fresh.owner(
        "SELECT schedule, due_at, count(*) FROM schedule_runs GROUP BY 1, 2 HAVING count(*) > 1"
    )
    assert runs == []


async def test_a_worker_outlives_the_loss_of_its_connections(works: Works) -> None:
    with at_work(works):
        await until_beating(works)
        await works.fresh.owner(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename LIKE 'jobcenter\\_%'"
        )
        await works.cast.database.close()
        await works.offer(works.cast.eetu)
        await settled(works, sent=1)
    assert len(works.sms.references()) == 1


async def until_beating(works: Works) -> None:
    deadline = time.monotonic() + PATIENCE
    while not await works.fresh.owner("SELECT 1 FROM schedule_runs LIMIT 1"):
        assert time.monotonic() < deadline, "the clock never beat"
        await asyncio.sleep(0.1)


async def test_an_order_is_proposed_as_soon_as_it_is_written(works: Works) -> None:
    """Without a beat of the clock: the change itself wakes the matcher."""
    with at_work(works, beat=300, matching=True):
        await until_beating(works)
        order_id = await make.save_order(works.cast, make.order())
        change = Change(organiser_id=CITY, kind="order_placed", order_id=order_id, at=LATER)
        await make.save(works.cast, change)
        deadline = time.monotonic() + PATIENCE
        while await works.fresh.owner("SELECT 1 FROM changes WHERE taken_at IS NULL"):
            assert time.monotonic() < deadline, "the change was not looked at"
            await asyncio.sleep(0.1)
    listed = "SELECT 1 FROM proposal_rows JOIN proposals p ON p.id = proposal_id"
    assert await works.fresh.owner(f"{listed} WHERE p.order_id = $1", order_id)
