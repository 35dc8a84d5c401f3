"""The same problem with other starts for one order: what near misses try."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from jobcenter.matching.problem import NOBODY, Ints, Problem, ints

REACH = 240
"""How far from a permitted start other starts are tried, in minutes."""


def with_other_starts(problem: Problem, order: int) -> Problem:
    """The order starts at other grid times of its days; pay counts as at the nearest own start.

    Which start the others have agreed on is forgotten, for all orders: ask only about this one.
    """
    orders, offset = problem.orders, problem.orders.offset
    first, last = int(offset[order]), int(offset[order + 1])
    own = orders.start[first:last]
    starts = _near(problem, own)
    nearest = first + np.abs(starts[:, None] - own[None, :]).argmin(axis=1)
    rows = np.concatenate([np.arange(first), nearest, np.arange(last, orders.start.size)])
    start = orders.start[rows]
    start[first : first + starts.size] = starts
    moved = starts.size - (last - first)
    return replace(
        problem,
        orders=replace(
            orders,
            offset=np.where(np.arange(offset.size) > order, offset + moved, offset),
            start=start,
            chosen=np.full(orders.chosen.size, NOBODY),
            cents=orders.cents[rows],
            period=orders.period[rows],
            time_class=orders.time_class[rows],
        ),
    )


def _near(problem: Problem, own: Ints) -> Ints:
    """Grid times within reach of a permitted start on its day, without the starts themselves."""
    calendar = problem.calendar
    steps = np.arange(-REACH, REACH + 1, calendar.grid)
    tried = own[:, None] + steps[None, :]
    same_day = calendar.day_of(tried) == calendar.day_of(own)[:, None]
    return np.setdiff1d(ints(tried[same_day]), own)
