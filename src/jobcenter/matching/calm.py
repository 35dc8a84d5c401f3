"""The price of changing one's mind: what a pick of the last proposals is worth beyond its score.

A plan that lets such a pick go loses these points, so that only a gain worth noticing moves
anybody. It is a sum over picks, as the score is, and so lies in value and bound alike.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from jobcenter.matching.candidates import Candidates
from jobcenter.matching.pairs import Pairs
from jobcenter.matching.problem import NOBODY, Flags, Ints, Problem, flags, ints


def stands(problem: Problem, pairs: Pairs) -> Flags:
    """Whether the last proposals picked just this: the same person, order and start."""
    return flags(problem.orders.picked.look(pairs.order, pairs.client) == pairs.row + 1)


def kept(problem: Problem, pairs: Pairs) -> Ints:
    """The points of each pair that the last proposals had picked."""
    return problem.weights.calm * stands(problem, pairs).astype(np.int64)


def priced(problem: Problem, found: Candidates) -> Candidates:
    """The candidates at what they are worth to this plan."""
    return replace(found, points=ints(found.points + kept(problem, found.pairs)))


def standing(problem: Problem, found: Candidates) -> list[tuple[int, int]]:
    """The candidates that were picked last time; their visits know their own coaches."""
    return [(one, NOBODY) for one in np.flatnonzero(stands(problem, found.pairs)).tolist()]
