"""Why a place stays empty: the one rule that stands in the way of most people."""

import numpy as np

from jobcenter.matching.pairs import Pairs
from jobcenter.matching.problem import Flags, Problem, flags
from jobcenter.matching.rules import RULES, SUPPORT

ELSEWHERE = "elsewhere"
"""Somebody would fit alone, but the joint plan has them, or their coach, in a better place."""
CODES = (*(rule.code for rule in RULES), SUPPORT[0])


def commonest_failure(problem: Problem, order: int) -> str:
    """Return the code of the rule that alone keeps most people from an order that nobody fits.

    Where nobody fails a single rule only, it is the rule that most people fail first.
    """
    failed = _failed(problem, order)
    fewest = failed.sum(axis=0).min(axis=1, initial=len(RULES), keepdims=True)
    counts = np.zeros(len(CODES), dtype=np.int64)
    counts[-1] = np.count_nonzero(fewest == 0)
    single = failed & (failed.sum(axis=0) == 1) & (fewest == 1)
    counts[: len(RULES)] = single.any(axis=2).sum(axis=1)
    if not counts.any():
        first = failed.argmax(axis=0).max(axis=1)
        counts += np.bincount(first, minlength=len(CODES))
    return CODES[int(np.argmax(counts))]


def _failed(problem: Problem, order: int) -> Flags:
    """Return [rules, clients, starts] which rule each client fails at each start."""
    clients = problem.clients.unit.size
    offset = problem.orders.offset
    rows = np.arange(offset[order], offset[order + 1])
    pairs = Pairs.of(problem, np.repeat(np.arange(clients), rows.size), np.tile(rows, clients))
    held = np.stack([rule.holds(problem, pairs) for rule in RULES])
    return flags(~held).reshape(len(RULES), clients, rows.size)
