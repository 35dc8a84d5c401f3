"""The best candidates for one order while everything else stays as it is."""

from __future__ import annotations

from dataclasses import dataclass

from jobcenter.matching.candidates import Supported, allowed, picks_of
from jobcenter.matching.plan import Pick
from jobcenter.matching.problem import Problem, ints
from jobcenter.matching.score import rank, score


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate of a list, at their best start."""

    pick: Pick
    points: int


def top(problem: Problem, order: int, most: int) -> tuple[Ranked, ...]:
    """The best clients for an order, each at the best start that coaches can support."""
    pairs = allowed(problem, ints([order]))
    points = score(problem, pairs)
    picks, supported = picks_of(pairs), Supported(problem)
    found: dict[int, Ranked] = {}
    for at in rank(problem, pairs, points).tolist():
        pick = picks[at]
        if pick.client not in found and supported.missing(pick) is None:
            found[pick.client] = Ranked(pick, int(points[at]))
        if len(found) == most:
            break
    return tuple(found.values())
