"""A second bound of a small round, which HiGHS proves in a process of its own beside the search.

The prices of the engine prove a bound for any size. Where HiGHS can read the whole round, its
linear relaxation may be tighter, and in whole numbers tighter still; the least bound counts.
"""

from __future__ import annotations

from contextlib import suppress
from math import inf, isfinite
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import Thread

import numpy as np

from jobcenter.matching.calm import priced
from jobcenter.matching.candidates import conceivable
from jobcenter.matching.highs import Work, in_whole_points, relaxed, whole
from jobcenter.matching.problem import Problem
from jobcenter.matching.relaxation import relaxation

SMALL = 100_000
"""Pairs of a round that HiGHS reads in some seconds and proves in a minute."""
LINEAR = Work(iterations=2_000_000)
IN_WHOLE = Work(iterations=20_000_000, nodes=2_000, gap=0.0)


class Beside:
    """The work of HiGHS on one round; `bound` falls as it gets on."""

    def __init__(self, problem: Problem) -> None:
        self._bound: float = inf
        # A process can be ended at any moment, which HiGHS in a thread cannot.
        clean = get_context("spawn")
        self._line, theirs = clean.Pipe()
        self._process = clean.Process(target=_prove, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()
        # It takes a second until somebody listens there; nobody waits for that here.
        Thread(target=self._hand_over, args=(problem,), daemon=True).start()

    @property
    def bound(self) -> float:
        """What no plan is worth more than, as far as is known by now."""
        while self._line.poll() and self._hear():
            pass
        return self._bound

    def wait(self) -> None:
        """Wait until HiGHS is done; its work is counted in its own steps, so always the same."""
        while self._hear():
            pass

    def stop(self) -> None:
        """End it wherever it is."""
        self._process.kill()
        self._process.join()
        self._line.close()

    def _hand_over(self, problem: Problem) -> None:
        with suppress(OSError):
            self._line.send(problem)

    def _hear(self) -> bool:
        try:
            self._bound = min(self._bound, self._line.recv())
        except (EOFError, ConnectionError):
            return False
        return True


def _prove(line: Connection) -> None:
    problem: Problem = line.recv()
    found, _ = conceivable(problem)
    model = relaxation(problem, priced(problem, found)).model
    _tell(line, relaxed(model, LINEAR).bound)
    _tell(line, whole(model, IN_WHOLE, np.ones(len(model.points), dtype=np.bool_)).bound)


def _tell(line: Connection, bound: float) -> None:
    if isfinite(bound):
        line.send(in_whole_points(bound))
