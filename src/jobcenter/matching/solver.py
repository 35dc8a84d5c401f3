"""Decides jointly who goes where and which coach is there, and proves how good the plan is.

A relaxation gives a bound and prices; a draft is built along the last proposals, or along the
prices, and improved; where that leaves a gap, HiGHS solves the relaxation in whole numbers, over
the candidates that could still matter, and the draft is built again along that.
`docs/matching.md` tells it in words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import floor

import numpy as np

from jobcenter.matching.calm import priced, standing
from jobcenter.matching.candidates import Candidates, conceivable
from jobcenter.matching.highs import Answer, Work, in_whole_points, relaxed, whole
from jobcenter.matching.plan import Plan
from jobcenter.matching.problem import Problem
from jobcenter.matching.relaxation import Relaxation, relaxation
from jobcenter.matching.search import Search, preferred


@dataclass(frozen=True, slots=True)
class Effort:
    """How much to do, in steps and not in time, so that the same effort gives the same plan."""

    steps: int = 4000
    """Rebuildings after each start."""
    gap: float = 0.0005
    """A plan this near the bound is good enough to stop."""
    work: Work = field(default_factory=Work)
    slacks: tuple[int, ...] = (20, 100)
    """HiGHS is asked in whole numbers over candidates that cost the bound less than each slack, and
    in the end over all that could be in a better plan."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a round stands."""

    phase: str
    value: int
    bound: int


@dataclass(frozen=True, slots=True)
class Result:
    """The plan, what it is worth, and what no plan can be worth more than."""

    plan: Plan
    value: int
    bound: int
    found: Candidates
    """Everybody who would fit alone."""
    steps: int

    @property
    def share(self) -> float:
        """At least this share of the best possible plan."""
        return self.value / self.bound if self.bound else 1.0


def solve(
    problem: Problem,
    *,
    effort: Effort | None = None,
    seed: int = 1,
    tell: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Result:
    """The best plan found for all open orders; what is frozen is in the problem and stays.

    `stop` is asked between steps and may end the search early, by a clock for instance.
    """
    found, fits = conceivable(problem)
    run = _Run(problem, priced(problem, found), effort or Effort(), seed, tell, stop)
    run.go()
    return Result(run.plan, run.value, run.bound, found.where(fits), run.steps)


class _Run:
    """One run: the best plan so far and the lowest bound so far."""

    def __init__(
        self,
        problem: Problem,
        found: Candidates,
        effort: Effort,
        seed: int,
        tell: Callable[[Progress], None] | None,
        stop: Callable[[], bool] | None,
    ) -> None:
        self.plan, self.value, self.steps = Plan(), 0, 0
        self.bound = int(np.maximum(found.points, 0).sum())
        self._problem, self._found, self._effort = problem, found, effort
        self._work = replace(effort.work, seed=seed, gap=effort.gap / 2)
        self._seed = seed
        self._tell = tell
        self._stop = stop or (lambda: False)

    def go(self) -> None:
        """Bound, build, improve; then with HiGHS in whole numbers where a gap is left."""
        if not self._found.points.size:
            return
        relax = relaxation(self._problem, self._found)
        loose = relaxed(relax.model, self._work)
        self._bound_by(loose.bound, "bound")
        guide = loose.reduced[: self._found.points.size]
        search = Search(self._problem, self._found, guide, self._seed)
        before = standing(self._problem, self._found)
        if before:
            self._build(search, before, "plan")
            if self._near_enough() or self._stop():
                return
        self._build(search, self._preferred(relax, loose), "plan")
        for given in (*self._effort.slacks, None):
            if self._near_enough() or self._stop():
                return
            # At last everything that a better plan could be made of, however costly it looks.
            slack = loose.bound - self.value if given is None else given
            useful = np.ones(len(relax.model.points), dtype=np.bool_)
            useful[: guide.size] = guide > -slack
            answer = whole(relax.model, self._work, useful)
            # A plan with a candidate that was left out is worth at most bound - slack.
            self._bound_by(max(answer.bound, loose.bound - slack), "proof")
            self._build(search, self._preferred(relax, answer), "plan again")

    def _preferred(self, relax: Relaxation, answer: Answer) -> list[tuple[int, int]]:
        return preferred(answer.values, dict(relax.gives), self._found.points.size)

    def _build(self, search: Search, wanted: list[tuple[int, int]], phase: str) -> None:
        search.build(wanted)
        self._keep(search, phase)
        enough = floor(self.bound * (1 - self._effort.gap))
        self.steps += search.improve(self._effort.steps, enough, self._stop)
        self._keep(search, phase)

    def _keep(self, search: Search, phase: str) -> None:
        if search.draft.value > self.value:
            self.plan, self.value = search.draft.plan(), search.draft.value
        self._say(phase)

    def _bound_by(self, bound: float, phase: str) -> None:
        self.bound = min(self.bound, in_whole_points(bound))
        self._say(phase)

    def _near_enough(self) -> bool:
        return self.value >= self.bound * (1 - self._effort.gap)

    def _say(self, phase: str) -> None:
        if self._tell:
            self._tell(Progress(phase, self.value, self.bound))
