"""The filter: whoever fits an order while nothing else is planned, with their points, best first.

A grid of cells over the homes leaves out who lives too far away without looking at them.
"""

from typing import NamedTuple

import numpy as np

from jobcenter.matching.kernels import scene as s
from jobcenter.matching.kernels.care import (
    ESCORT,
    decision_reaches_every_visit,
    may_join_held,
    template,
    window,
)
from jobcenter.matching.kernels.compiled import compiled, kernel
from jobcenter.matching.kernels.diary import slot
from jobcenter.matching.kernels.draft import NONE, Draft
from jobcenter.matching.kernels.fit import order_suits, start_suits
from jobcenter.matching.kernels.rest import GIGS, bound_gigs, weekly_rest_is_kept
from jobcenter.matching.kernels.scene import Scene, Small, Table, fact, term
from jobcenter.matching.kernels.worth import order_worth, start_worth

TOPS = 0x0888_8888_8888_8888
"""The highest bit of each of fifteen demands."""
HIGH = 1 << 28
"""More than any score: keys that are sorted upwards put the best first."""


class Grid(NamedTuple):
    """People by the cell in which they live, with what refuses most of them at a glance."""

    first: Table
    """[rows * columns + 1] rows of `sieve`; cells of one row lie side by side"""
    sieve: Table
    """[people, 6] who, metres east and north, reach, limits of demands, qualifications"""
    wants: Table
    """[orders, 2] demands and qualifications, packed like those of people"""
    west: int
    south: int
    columns: int
    rows: int
    cell: int
    """metres"""
    reach: int
    """metres that nobody's longest trip is over"""


class Known(NamedTuple):
    """Answers about coaches for one start, by circle and template; `stamp` tells whose they are."""

    stamp: Table
    answer: Table


@compiled
def _rest_is_kept(scene: Scene, person: int, start: int) -> bool:
    if term(scene, s.WEEKLY_REST) == 0:
        return True
    gigs = np.empty((GIGS + 1, 2), np.int32)
    count = bound_gigs(scene, person, gigs)
    gigs[count, 0] = fact(scene, s.STARTS, start, s.S_BEGIN)
    gigs[count, 1] = gigs[count, 0] + fact(
        scene, s.ORDERS, fact(scene, s.STARTS, start, s.S_ORDER), s.MINUTES
    )
    return weekly_rest_is_kept(scene, gigs, count + 1, start)


@compiled
def _coaches_can(draft: Draft, scene: Scene, which: int, person: int, start: int) -> bool:
    """Whether each visit alone has some coach: what proves a pair impossible when it fails."""
    circle, order = fact(scene, s.PEOPLE, person, s.CIRCLE), fact(scene, s.STARTS, start, s.S_ORDER)
    for need in range(fact(scene, s.NEED_FIRST, which, 0), fact(scene, s.NEED_FIRST, which + 1, 0)):
        low, high, length, come = window(scene, need, person, start)
        leave = fact(scene, s.ORDERS, order, s.PLACE) if come >= 0 else -1
        buffer = fact(scene, s.ORDERS, order, s.BUFFER) if come >= 0 else 0
        found = length == 0 or may_join_held(scene, need, person, start)
        for row in range(
            fact(scene, s.CIRCLE_FIRST, circle, 0), fact(scene, s.CIRCLE_FIRST, circle + 1, 0)
        ):
            coach = fact(scene, s.CIRCLE_COACH, row, 0)
            found = found or (
                slot(draft, scene, coach, low, high, length, come, leave, buffer) != NONE
            )
        if not found:
            return False
    return True


@compiled
def _supported(draft: Draft, scene: Scene, known: Known, person: int, start: int) -> bool:
    """The answer of `_coaches_can`, found once for all who have the same needs and coaches."""
    which = template(scene, person, fact(scene, s.STARTS, start, s.S_ORDER))
    first, after = fact(scene, s.NEED_FIRST, which, 0), fact(scene, s.NEED_FIRST, which + 1, 0)
    if first == after:
        return True
    for need in range(first, after):
        if fact(scene, s.NEEDS, need, s.PRESENCE) == ESCORT:
            return _coaches_can(draft, scene, which, person, start)
    circle = fact(scene, s.PEOPLE, person, s.CIRCLE)
    if known.stamp[circle, which] != start:
        known.stamp[circle, which] = start
        known.answer[circle, which] = int(_coaches_can(draft, scene, which, person, start))
    return bool(known.answer[circle, which])


@compiled
def _sift(grid: Grid, row: int, x: int, y: int, demands: int, quals: int) -> bool:
    """Whether the rules may allow a person: distance, demands and qualifications at once.

    Demands lie in four bits each. With the highest bit set in the limit, it survives the
    subtraction where the limit is no smaller (L. Lamport, Multiple byte processing with full-word
    instructions, CACM 18, 1975).
    """
    east, north, reach = grid.sieve[row, 1] - x, grid.sieve[row, 2] - y, grid.sieve[row, 3]
    return bool(
        grid.sieve[row, 5] & quals == quals
        and (grid.sieve[row, 4] - demands) & TOPS == TOPS
        and east * east + north * north < (reach + 1) * (reach + 1)
    )


@compiled
def suiting(scene: Scene, grid: Grid, order: int, who: Table) -> int:
    """Write everybody whom the order suits, whatever the start; returns how many."""
    place = fact(scene, s.ORDERS, order, s.PLACE)
    x, y = fact(scene, s.GROUND, place, 0), fact(scene, s.GROUND, place, 1)
    west, south = x - grid.reach - grid.west, y - grid.reach - grid.south
    left, low = max(west // grid.cell, 0), max(south // grid.cell, 0)
    right = min((west + 2 * grid.reach) // grid.cell, grid.columns - 1)
    high = min((south + 2 * grid.reach) // grid.cell, grid.rows - 1)
    demands, quals, count = grid.wants[order, 0], grid.wants[order, 1], 0
    for row in range(low, high + 1 if left <= right else low):
        first = grid.first[row * grid.columns + left]
        for at in range(first, grid.first[row * grid.columns + right + 1]):
            if _sift(grid, at, x, y, demands, quals):
                person = grid.sieve[at, 0]
                if order_suits(scene, person, order):
                    who[count] = person
                    count += 1
    return count


@compiled
def ranked(
    draft: Draft, scene: Scene, grid: Grid, known: Known, order: int,
    who: Table, keys: Table, room: int, after: Table,
) -> int:  # fmt: skip
    """Write a key for each person and start of the order, best first in each start.

    `after` gets where each start's keys end. Returns how many, or -1 when `room` is too small.
    """
    several, count = suiting(scene, grid, order, who), 0
    first = fact(scene, s.ORDERS, order, s.START_FIRST)
    for start in range(first, fact(scene, s.ORDERS, order, s.START_AFTER)):
        begin = count
        for at in range(several):
            person = who[at]
            if (
                start_suits(scene, person, start)
                and _rest_is_kept(scene, person, start)
                and decision_reaches_every_visit(scene, person, start)
                and _supported(draft, scene, known, person, start)
            ):
                if count == room:
                    return -1
                worth = order_worth(scene, person, order) + start_worth(scene, person, start)
                keys[count] = ((HIGH - worth) << 32) | person
                count += 1
        keys[begin:count].sort()
        after[start - first] = count
    return count


@kernel
def rank_orders(
    draft: Draft, scene: Scene, grid: Grid, known: Known, order: int, until: int,
    who: Table, keys: Table, after: Table,
    pair_who: Small, pair_points: Small, start_after: Table,
) -> tuple[int, int]:  # fmt: skip
    """Do so for the orders from `order` while there is room; returns (next order, pairs)."""
    count = 0
    while order < until:
        found = ranked(
            draft, scene, grid, known, order, who, keys,
            min(keys.size, pair_who.size - count), after,
        )  # fmt: skip
        if found < 0:
            return order, count
        for at in range(found):
            pair_who[count + at] = keys[at] & 0xFFFFFFFF
            pair_points[count + at] = HIGH - (keys[at] >> 32)
        first = fact(scene, s.ORDERS, order, s.START_FIRST)
        for start in range(first, fact(scene, s.ORDERS, order, s.START_AFTER)):
            start_after[start] = count + after[start - first]
        count += found
        order += 1
    return order, count
