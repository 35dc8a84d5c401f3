"""Decides a whole round with the compiled loops: a bound from prices, then a plan that nears it.

Prices are found first (`kernels/ascent.py`); a plan is built along them and made better
(`kernels/search.py`), by turns with better prices as long as those still move. It may be stopped at
any moment and always has a plan that keeps every rule and a bound that no plan passes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from math import ceil, floor
from typing import TypeAlias

import numpy as np

from jobcenter.matching.beside import SMALL, Beside
from jobcenter.matching.kernels import ascent, search
from jobcenter.matching.kernels import scene as s
from jobcenter.matching.kernels.drafting import empty_draft, plan_of
from jobcenter.matching.kernels.market import bills_of, lists_of, market_of, priced_pairs, walk_of
from jobcenter.matching.kernels.pairing import find_pairs
from jobcenter.matching.kernels.projection import grid_of, rows, scene_of
from jobcenter.matching.kernels.scene import Small
from jobcenter.matching.kernels.search import Hunt
from jobcenter.matching.kernels.seats import free_seat, put
from jobcenter.matching.plan import Pick, Plan
from jobcenter.matching.problem import Problem, ints

Pace: TypeAlias = Callable[[int], float]
"""Given the steps taken, the share of the effort that is used up; at 1 it is time to stop."""

OPENING = 100
"""Rounds of prices before the first plan."""
ROUNDS = 25
LIST = 48
"""Candidates of a start that the search tries, and four more a place."""
STILL = 0.002
"""Steps of the prices this short lead nowhere any more."""
PRICES = 0.4
"""The share of the effort that goes into prices at most."""
HEAT = 120
"""Points that a step of the search may cost at first; in long searches hot ones end higher."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a round stands."""

    phase: str
    value: int
    bound: int
    steps: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """The plan, its worth, what no plan is worth more than, and how many pairs there were."""

    plan: Plan
    value: int
    bound: int
    pairs: int
    steps: int


class Proving(Enum):
    """Whether HiGHS looks for a second bound of a small round, and whether it is waited for."""

    NEVER = auto()
    MEANWHILE = auto()
    TO_THE_END = auto()


def steps_of(most: int) -> Pace:
    """So many steps: the same problem, seed and number of steps give the same plan anywhere."""
    return lambda steps: steps / max(most, 1)


def decide(
    problem: Problem,
    pace: Pace,
    *,
    seed: int = 1,
    fixed: Iterable[Pick] = (),
    tell: Callable[[Standing], None] | None = None,
    prove: Proving = Proving.NEVER,
) -> Outcome:
    """The best plan found within the effort; the `fixed` gigs are in it."""
    engine = Engine(problem, seed, tell or (lambda _: None))
    engine.run(pace, tuple(fixed), prove)
    return Outcome(engine.plan, engine.value, engine.bound, engine.pairs.who.size, engine.steps)


class Engine:
    """One round: the best plan so far, the lowest bound so far, and what leads from one to next."""

    def __init__(self, problem: Problem, seed: int, tell: Callable[[Standing], None]) -> None:
        self._problem, self._tell, self.steps = problem, tell, 0
        self._beside: Beside | None = None
        self.scene = scene_of(problem)
        self.draft = empty_draft(self.scene)
        found = find_pairs(self.scene, grid_of(problem, self.scene), self.draft)
        self.pairs = priced_pairs(self.scene, found)
        self.market = market_of(self.scene, self.pairs)
        self.bills = bills_of(self.scene, self.pairs)
        self.walk = walk_of(self.scene, self.market)
        places = problem.orders.places
        most = max(int(places.max(initial=1)), 1)
        self._scratch = np.zeros(most, np.int32), np.zeros(most)
        seats = int(places.sum())
        self.hunt = Hunt(
            ints([0, 1 + seed * 7919 % (search.PRIME - 1), 0, 0]),
            np.zeros(search.ROOM + 1, np.int32),
            np.zeros(places.size + 1, np.int32),
            np.zeros(seats, np.int32),
        )
        self.value, self.plan, self._best = 0, Plan(), self.draft.cells.copy()
        self.bound = _highest(found.points)
        # A round of prices asks every order once, a step of the search a handful.
        self._cost = max(places.size // 4, 1)

    def run(self, pace: Pace, fixed: tuple[Pick, ...], prove: Proving = Proving.NEVER) -> None:
        """Prices, plan, better prices, better plan, until no effort is left or all is proven."""
        if self.pairs.who.size:
            self._promise(fixed)
            self._price(OPENING)
            self._build()
            try:
                if prove is not Proving.NEVER and not self._done() and self.pairs.who.size <= SMALL:
                    self._beside = Beside(self._problem)
                self._improve(pace)
                if self._beside and prove is Proving.TO_THE_END and not self._done():
                    self._beside.wait()
                    self._hear()
            finally:
                if self._beside:
                    self._beside.stop()
        self.draft.cells[:] = self._best
        self.plan = plan_of(self.draft, self.scene)

    def _improve(self, pace: Pace) -> None:
        while pace(self.steps) < PRICES and not self._done() and self._moves():
            self._price(ROUNDS)
            self.search(200, 0)
        self._build()
        self._cool(pace)

    def _cool(self, pace: Pace) -> None:
        """Search on, with less and less heat."""
        begun = pace(self.steps)
        chunk = max(500, self._cost)
        while (share := pace(self.steps)) < 1 and not self._done():
            left = (1 - share) / max(1 - begun, 1e-9)
            self.search(chunk, floor(HEAT * left * left))

    def _hear(self) -> None:
        """Take over what HiGHS has proven, if that is less."""
        if self._beside:
            self.bound = int(min(self._beside.bound, self.bound))

    def _done(self) -> bool:
        self._hear()
        return self.value >= self.bound

    def _moves(self) -> bool:
        return bool(self.walk.state[ascent.STRIDE] > STILL)

    def _price(self, rounds: int) -> None:
        ascent.climb(
            self.scene, self.market, self.pairs, self.bills, self.walk, *self._scratch, rounds
        )
        self.steps += rounds * self._cost
        lowest = float(self.walk.state[ascent.BOUND])
        # Floats: a hair above is still a bound. Values are whole, so the bound may be too.
        self.bound = min(self.bound, floor(lowest + 1e-9 * abs(lowest) + 1e-6))
        self._say("prices")

    def _build(self) -> None:
        """A plan from nothing along the best prices, and lists for the search."""
        ascent.recall(self.market, self.walk)
        ascent.choose_all(
            self.scene, self.market, self.pairs, self.bills, self.walk, *self._scratch
        )
        self.lists = lists_of(self.scene, self.market, self.pairs, self.bills, LIST)
        if self.steps <= OPENING * self._cost:
            turns: Small = np.argsort(-self.walk.gain, kind="stable").astype(np.int32)
            search.build(self.draft, self.scene, self.lists, self.hunt, turns)
        self._keep("plan")

    def _promise(self, fixed: tuple[Pick, ...]) -> None:
        """Put the promised gigs in first; the search leaves their seats alone."""
        orders, starts = rows(self.scene, s.ORDERS), rows(self.scene, s.STARTS)
        for pick in fixed:
            first, after = orders[pick.order, [s.START_FIRST, s.START_AFTER]].tolist()
            for start in range(first, after):
                if starts[start, s.S_BEGIN] == pick.start:
                    self._promise_one(pick.client, start, pick.order)

    def _promise_one(self, client: int, start: int, order: int) -> None:
        seat = free_seat(self.draft, self.scene, order)
        here = slice(self.pairs.first[start], self.pairs.first[start + 1])
        if put(self.draft, self.scene, client, start, 0):
            points = self.pairs.points[here][self.pairs.who[here] == client]
            self.hunt.frozen[seat] = 1
            self.hunt.state[search.VALUE] += int(points.sum())

    def search(self, steps: int, heat: int) -> None:
        """Take so many steps of the search from where the plan stands."""
        search.improve(self.draft, self.scene, self.lists, self.hunt, self.walk.gain, steps, heat)
        self.steps += steps
        self._keep("search")

    def _keep(self, phase: str) -> None:
        if int(self.hunt.state[search.VALUE]) > self.value:
            self.value = int(self.hunt.state[search.VALUE])
            self._best[:] = self.draft.cells
        self._say(phase)

    def _say(self, phase: str) -> None:
        self._tell(Standing(phase, self.value, self.bound, self.steps))


def _highest(points: Small) -> int:
    """More than any plan is worth, before anything is known."""
    return ceil(float(np.maximum(points, 0).sum(dtype=np.int64)))
