"""A process of its own in which rounds are thought through, one after the other.

It lives as long as its owner, forgets nothing important when it is killed, and is made anew.
"""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Awaitable, Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing.sharedctypes import Synchronized
from threading import Thread
from typing import TypeVar

from jobcenter.matching.thinking.answer import answer
from jobcenter.matching.thinking.question import Answer, Question

Progress = Callable[[int], Awaitable[None]]
Found = TypeVar("Found")

# How often a waiting owner looks how far the thinking is, in seconds.
LOOKS = 0.25
# How far a patient mind steps back, in the system's own steps of niceness.
PATIENCE = 5
CONTEXT = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Pulse:
    """What owner and process share: how far the thought is, and who thinks it."""

    percent: "Synchronized[int]"
    process: "Synchronized[int]"


_pulses: list[Pulse] = []


class Mind:
    """Thinks in one child process; a second question waits for the first.

    A patient mind lets everybody else have the processor first.
    """

    def __init__(self, *, patient: bool = False) -> None:
        self._niceness = PATIENCE if patient else 0
        self._pulse = Pulse(CONTEXT.Value("i", 0), CONTEXT.Value("i", 0))
        self._pool = self._fresh()

    def _fresh(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            1, mp_context=CONTEXT, initializer=_begin, initargs=(self._pulse, self._niceness)
        )

    @property
    def process_id(self) -> int:
        """The id of the process that thinks, 0 before it has begun."""
        return self._pulse.process.value

    def warm(self) -> None:
        """Start the process now, so that the first question finds it awake."""
        self._pool.submit(os.getpid)

    async def think(self, question: Question, progress: Progress) -> Answer:
        """Return the answer; a process that dies under the question is replaced once."""
        return await self._surely(partial(_think, question), progress)

    async def work_out(self, function: Callable[[], Found]) -> Found:
        """Call the function in the process, so that the owner stays quick; as sure as `think`."""
        return await self._surely(function, _nobody_asks)

    async def _surely(self, function: Callable[[], Found], progress: Progress) -> Found:
        try:
            return await self._once(function, progress)
        except BrokenProcessPool:
            self._pool.shutdown(wait=False)
            self._pool = self._fresh()
            return await self._once(function, progress)

    async def _once(self, function: Callable[[], Found], progress: Progress) -> Found:
        waiting = asyncio.wrap_future(self._pool.submit(function))
        while not waiting.done():
            await asyncio.wait({waiting}, timeout=LOOKS)
            await progress(self._pulse.percent.value)
        return waiting.result()

    def close(self) -> None:
        """End the process, also in the middle of a thought."""
        if self.process_id:
            with suppress(ProcessLookupError):
                os.kill(self.process_id, signal.SIGKILL)
        self._pool.shutdown(wait=False, cancel_futures=True)


def _begin(pulse: Pulse, niceness: int) -> None:
    """Leave Ctrl-C to the owner, and do not outlive them."""
    os.nice(niceness)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pulse.process.value = os.getpid()
    _pulses[:] = [pulse]
    Thread(target=_follow_the_owner, daemon=True).start()


def _follow_the_owner() -> None:
    owner = multiprocessing.parent_process()
    if owner is not None:
        owner.join()
        os._exit(1)


async def _nobody_asks(_percent: int) -> None:
    """A short work has nobody who watches it."""


def _think(question: Question) -> Answer:
    # Here and not where it is asked: what is asked may wait while another thought goes on.
    _tell(0)
    return answer(question, _tell)


def _tell(percent: int) -> None:
    for pulse in _pulses:
        pulse.percent.value = percent
