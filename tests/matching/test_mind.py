"""The process that thinks: woken once, replaced when it dies, never left behind."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from jobcenter.matching.thinking.mind import PATIENCE, Mind
from jobcenter.matching.thinking.question import Question
from tests.matching import folk

# An owner that wakes its mind, says who it is, and then waits to be killed.
OWNER = """
import time
from jobcenter.matching.thinking.mind import PATIENCE, Mind
if __name__ == "__main__":
    mind = Mind()
    mind.warm()
    while not mind.process_id:
        time.sleep(0.02)
    print(mind.process_id, flush=True)
    time.sleep(60)
"""


@pytest.fixture(scope="module")
def mind() -> Iterator[Mind]:
    mind = Mind()
    yield mind
    mind.close()


def lives(process_id: int) -> bool:
    """Whether a process runs; one that waits to be reaped does not."""
    try:
        stat = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def soon(holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + 20
    while not holds() and time.monotonic() < until:
        time.sleep(0.05)
    return holds()


def question() -> Question:
    order = folk.order()
    return Question(folk.world(order, clients=(folk.client(),)), frozenset({order.id}))


async def test_it_answers_and_tells_how_far_it_is(mind: Mind) -> None:
    told: list[int] = []

    async def progress(percent: int) -> None:
        told.append(percent)

    answer = await mind.think(question(), progress)
    assert answer.picks == 1
    assert told
    assert told == sorted(told)


async def test_the_same_process_answers_again(mind: Mind) -> None:
    before = mind.process_id
    await mind.think(question(), _nothing)
    assert mind.process_id == before != 0


async def test_any_work_is_done_in_the_process(mind: Mind) -> None:
    assert await mind.work_out(os.getpid) == mind.process_id != os.getpid()


async def test_questions_wait_for_each_other(mind: Mind) -> None:
    answers = await asyncio.gather(*(mind.think(question(), _nothing) for _ in range(3)))
    assert [answer.picks for answer in answers] == [1, 1, 1]


async def test_one_that_dies_is_replaced() -> None:
    mind = Mind()
    try:
        await mind.think(question(), _nothing)
        first = mind.process_id
        os.kill(first, signal.SIGKILL)
        assert soon(lambda: not lives(first))
        assert (await mind.think(question(), _nothing)).picks == 1
        assert mind.process_id != first
    finally:
        mind.close()
    assert soon(lambda: not lives(mind.process_id))


def test_it_does_not_outlive_an_owner_who_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "owner.py"
    script.write_text(OWNER, encoding="utf-8")
    owner = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE)
    assert owner.stdout is not None
    process_id = int(owner.stdout.readline())
    assert lives(process_id)
    owner.kill()
    owner.wait()
    owner.stdout.close()
    assert soon(lambda: not lives(process_id))


async def _nothing(percent: int) -> None:
    assert 0 <= percent <= 100


async def test_a_patient_mind_steps_back_for_others(mind: Mind) -> None:
    patient = Mind(patient=True)
    try:
        steps = partial(os.getpriority, os.PRIO_PROCESS, 0)
        assert await patient.work_out(steps) == await mind.work_out(steps) + PATIENCE
    finally:
        patient.close()
