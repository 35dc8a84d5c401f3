"""Makes a draft from what the relaxation prefers, and improves it by small rebuildings.

Every step keeps all rules. A step puts one candidate in, takes out what is in its way, fills up
again, and is taken back when the plan is worth less than before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from jobcenter.matching.candidates import Candidates
from jobcenter.matching.draft import Draft
from jobcenter.matching.highs import Floats
from jobcenter.matching.problem import NOBODY, Problem

NEAR = 12
"""How many of an order's best candidates a step chooses between."""
OUT = 5
"""How many gigs a step takes out at most to free coaches."""


class Search:
    """A draft and the order in which candidates are tried."""

    def __init__(self, problem: Problem, found: Candidates, guide: Floats, seed: int) -> None:
        self.draft = Draft(problem, found)
        self._random = np.random.default_rng(seed)
        self._problem = problem
        # By what the relaxation says a candidate would cost, then by its points.
        by_guide = np.lexsort((np.arange(guide.size), -found.points, -guide))
        self._tried_first: list[int] = by_guide.tolist()
        self._of_order: dict[int, list[int]] = {}
        self._of_client: dict[int, list[int]] = {}
        for one in self._tried_first:
            pick = self.draft.picks[one]
            self._of_order.setdefault(pick.order, []).append(one)
            self._of_client.setdefault(pick.client, []).append(one)
        self._orders = sorted(self._of_order)
        self._unit: list[int] = problem.clients.unit.tolist()
        self._wished: list[int] = []

    def build(self, wanted: Iterable[tuple[int, int]]) -> None:
        """Start again from (candidate, coach) that belong together, then fill up."""
        together = list(wanted)
        self._wished = [one for one, _ in together]
        self.draft.undo(0)
        self.draft.add_all(together)
        self.fill(self._tried_first)

    def fill(self, several: Iterable[int]) -> None:
        """Add whatever still fits, in this order."""
        for one in several:
            if self.draft.places_left(self.draft.picks[one].order) > 0:
                self.draft.add(one)

    def improve(self, steps: int, enough: int, stop: Callable[[], bool]) -> int:
        """Take so many steps, fewer when the value is enough; returns the steps taken."""
        for step in range(steps if self._orders else 0):
            if self.draft.value >= enough or stop():
                return step
            self._step()
        return steps

    def _step(self) -> None:
        draft, before, mark = self.draft, self.draft.value, self.draft.mark()
        target = self._target()
        if target in draft.inside:
            return
        gone = self._make_room(target)
        if not draft.add(target):
            gone += self._free_coaches(target)
            draft.add(target)
        self._refill(gone, target)
        if draft.value < before:
            draft.undo(mark)

    def _target(self) -> int:
        if self._random.random() < 0.2:
            left = [one for one in self._wished if one not in self.draft.inside]
            if left:
                return self._one_of(left)
        open_orders = [order for order in self._orders if self.draft.places_left(order) > 0]
        some = open_orders if open_orders and self._random.random() < 0.7 else self._orders
        several = self._of_order[self._one_of(some)]
        if self._random.random() < 0.3:
            return self._one_of(several)
        return self._one_of(several[:NEAR])

    def _one_of(self, several: list[int]) -> int:
        return several[self._random.integers(len(several))]

    def _make_room(self, target: int) -> list[int]:
        draft, gone = self.draft, list[int]()
        while obstacles := draft.obstacles(target):
            gone += draft.remove(obstacles[0])
        client = draft.picks[target].client
        while not draft.caps_hold(target) and draft.of_client(client):
            cheapest = min(draft.of_client(client), key=lambda one: (draft.points[one], one))
            gone += draft.remove(cheapest)
        return gone

    def _free_coaches(self, target: int) -> list[int]:
        """Take out gigs of the same unit on the same and the next day that hold coaches."""
        draft, pick = self.draft, self.draft.picks[target]
        unit, reach = self._unit[pick.client], 1440
        beside = [
            one
            for one in sorted(draft.inside)
            if self._unit[draft.picks[one].client] == unit
            and abs(draft.picks[one].start - pick.start) < reach
            and draft.agenda.wants(draft.picks[one])
        ]
        gone: list[int] = []
        for at in self._random.permutation(len(beside))[: self._random.integers(1, OUT + 1)]:
            if beside[at] in draft.inside:
                gone += draft.remove(beside[at])
        return gone

    def _refill(self, gone: list[int], target: int) -> None:
        """Put back what went out where it still fits, then whoever else fits there."""
        self.fill(gone)
        for one in gone:
            pick = self.draft.picks[one]
            if self.draft.places_left(pick.order) > 0:
                self.fill(self._of_order[pick.order])
            self.fill(self._of_client[pick.client])
        self.fill(self._of_order[self.draft.picks[target].order])


def preferred(
    values: Floats, gives: dict[int, list[tuple[int, int]]], size: int
) -> list[tuple[int, int]]:
    """Candidates that the relaxation takes more than half, with the coach it takes for them."""
    chosen = []
    for one in np.flatnonzero(values[:size] > 0.5).tolist():
        coaches = [(-float(values[column]), coach) for coach, column in gives.get(one, [])]
        chosen.append((-float(values[one]), one, min(coaches)[1] if coaches else NOBODY))
    return [(one, coach) for _, one, coach in sorted(chosen)]
