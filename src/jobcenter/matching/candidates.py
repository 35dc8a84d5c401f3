"""The filter: every (client, order, start) that the hard rules allow while nothing else is planned.

What is left, sorted by order, is what the solver chooses from and what lists show.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jobcenter.matching.pairs import Pairs, spread
from jobcenter.matching.plan import Pick
from jobcenter.matching.problem import Flags, Ints, Problem, flags
from jobcenter.matching.rules import RULES
from jobcenter.matching.score import score
from jobcenter.matching.visits import Agenda, Need


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs that fit alone, each with its points."""

    pairs: Pairs
    points: Ints

    def where(self, keep: Flags) -> Candidates:
        """The candidates that are kept."""
        return Candidates(self.pairs.where(keep), self.points[keep])

    def picks(self) -> list[Pick]:
        """Each candidate as a pick."""
        return picks_of(self.pairs)


def candidates(problem: Problem, orders: Ints | None = None) -> Candidates:
    """All that fit alone, or those of some orders."""
    found, fits = conceivable(problem, orders)
    return found.where(fits)


def conceivable(problem: Problem, orders: Ints | None = None) -> tuple[Candidates, Flags]:
    """All that cannot be proven impossible, and which of them fit alone for certain.

    A bound must hold for every plan, so nothing may be left out only because no way was found to
    place its visits.
    """
    asked = np.arange(problem.orders.places.size) if orders is None else orders
    pairs = allowed(problem, asked)
    supported = Supported(problem)
    fits = flags([supported.missing(pick) is None for pick in picks_of(pairs)])
    keep = fits | flags([supported.unproven(pick) for pick in picks_of(pairs)])
    pairs = pairs.where(keep)
    return Candidates(pairs, score(problem, pairs)), fits[keep]


def allowed(problem: Problem, orders: Ints) -> Pairs:
    """Pairs of these orders that every rule but support allows."""
    clients = np.arange(problem.clients.unit.size)
    offset = problem.orders.offset
    some = orders[offset[orders] < offset[orders + 1]]
    first = np.repeat(offset[some], clients.size)
    pairs = Pairs.of(problem, np.tile(clients, some.size), first)
    for rule in RULES:
        if not rule.timed:
            pairs = pairs.where(rule.holds(problem, pairs))
    at, row = spread(offset, pairs.order)
    pairs = Pairs.of(problem, pairs.client[at], row)
    for rule in RULES:
        if rule.timed:
            pairs = pairs.where(rule.holds(problem, pairs))
    return pairs


def picks_of(pairs: Pairs) -> list[Pick]:
    """The pairs as picks."""
    columns = (pairs.order, pairs.client, pairs.start)
    return [Pick(*row) for row in zip(*(c.tolist() for c in columns), strict=True)]


class Supported:
    """Answers for single pairs whether coaches can give every visit beside what is frozen.

    Clients of one unit who speak the same languages and need the same visits get the same answer,
    so it is found once.
    """

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._agenda = Agenda(problem)
        self._known: dict[tuple[object, ...], Need | None] = {}

    def missing(self, pick: Pick) -> Need | None:
        """The visit for which there is no coach, or None when all can be given."""
        needs = self._agenda.wants(pick)
        if not needs:
            return None
        coaches = tuple(self._agenda.coaches(pick.client))
        named = int(self._problem.clients.coach[pick.client])
        key = (pick.order, pick.start, needs, coaches, named)
        if key not in self._known:
            self._known[key] = self._agenda.add(pick)
            if self._known[key] is None:
                self._agenda.remove(pick.order, pick.client)
        return self._known[key]

    def unproven(self, pick: Pick) -> bool:
        """Whether a pick that was not placed might still be possible."""
        return self.missing(pick) is not None and not self._agenda.hopeless(pick)
