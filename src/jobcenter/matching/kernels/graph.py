"""The filter: whoever fits an order while nothing else is planned, with their points, best first.

A grid of cells over the homes leaves out who lives too far away without looking at them.
"""

from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

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
from jobcenter.matching.kernels.sky import is_open, spans
from jobcenter.matching.kernels.worth import order_worth, start_worth

Thirds: TypeAlias = npt.NDArray[np.float32]
Bytes: TypeAlias = npt.NDArray[np.int8]

TOPS = 0x0888_8888_8888_8888
"""The highest bit of each of fifteen demands."""
HIGH = 1 << 28
"""More than any score: keys that are sorted upwards put the best first."""


class Grid(NamedTuple):
    """People by the cell in which they live, with what refuses most of them at a glance."""

    first: Table
    """[rows * columns + 1] the first person of each cell; cells of one row lie side by side"""
    people: Table
    east: Thirds
    """[people] metres"""
    north: Thirds
    reach: Thirds
    """[people] square of the metres that a trip is less than"""
    limits: Table
    """[people] limits of demands, packed"""
    cards: Small
    """[people] qualifications, packed"""
    sky: Table
    """[words, people] when they are free (`sky.py`), from the minute `dawn`"""
    dawn: int
    wants: Table
    """[orders, 2] demands and qualifications, packed like those of people"""
    west: int
    south: int
    columns: int
    rows: int
    cell: int
    """metres"""
    longest: int
    """metres that nobody's longest trip is over"""


class Desk(NamedTuple):
    """What the filter works on, as large as any order may need."""

    columns: Table
    """[people] where those stand in the grid who are still in question"""
    passed: Bytes
    """[people]"""
    spans: Table
    """[starts of an order, 3]"""
    keys: Table
    """[people * starts of an order]"""
    after: Table
    """[starts of an order]"""


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
def _sift(grid: Grid, first: int, after: int, order: Table, passed: Bytes) -> None:
    """Whether the rules may allow each of some: distance, demands and qualifications at once.

    Demands lie in four bits each. With the highest bit set in the limit, it survives the
    subtraction where the limit is no smaller (L. Lamport, Multiple byte processing with full-word
    instructions, CACM 18, 1975). No branches, so that several people are judged at a time.
    """
    x, y, demands, cards = order[0], order[1], order[2], order[3]
    east, north, reach = grid.east[first:after], grid.north[first:after], grid.reach[first:after]
    limits, held = grid.limits[first:after], grid.cards[first:after]
    for at in range(after - first):
        aside, up = east[at] - x, north[at] - y
        passed[at] = (
            ((held[at] & cards) == cards)
            & (((limits[at] - demands) & TOPS) == TOPS)
            & (aside * aside + up * up < reach[at])
        )


@compiled
def _near(scene: Scene, grid: Grid, desk: Desk, order: int) -> int:
    """Write who may live near enough and be able to; returns how many."""
    place = fact(scene, s.ORDERS, order, s.PLACE)
    x, y = fact(scene, s.GROUND, place, 0), fact(scene, s.GROUND, place, 1)
    west, south = x - grid.longest - grid.west, y - grid.longest - grid.south
    left, low = max(west // grid.cell, 0), max(south // grid.cell, 0)
    right = min((west + 2 * grid.longest) // grid.cell, grid.columns - 1)
    high = min((south + 2 * grid.longest) // grid.cell, grid.rows - 1)
    asked, count = np.array([x, y, grid.wants[order, 0], grid.wants[order, 1]]), 0
    for row in range(low, high + 1 if left <= right else low):
        first = grid.first[row * grid.columns + left]
        after = grid.first[row * grid.columns + right + 1]
        _sift(grid, first, after, asked, desk.passed)
        for at in range(after - first):
            desk.columns[count] = first + at
            count += desk.passed[at]
    return count


@compiled
def suiting(scene: Scene, grid: Grid, desk: Desk, order: int) -> int:
    """Write where all stand whom the order suits and some start may; returns how many."""
    spans(scene, grid.dawn, grid.sky.shape[0], order, desk.spans)
    first, count = fact(scene, s.ORDERS, order, s.START_FIRST), 0
    several = fact(scene, s.ORDERS, order, s.START_AFTER) - first
    for at in range(_near(scene, grid, desk, order)):
        column, hope = desk.columns[at], False
        for one in range(several):
            hope = hope or is_open(grid.sky, desk.spans[one], column)
        if hope and order_suits(scene, grid.people[column], order):
            desk.columns[count] = column
            count += 1
    return count


@compiled
def ranked(draft: Draft, scene: Scene, grid: Grid, known: Known, desk: Desk, order: int) -> int:
    """Write a key for each person and start of the order, best first in each start.

    The desk's `after` gets where each start's keys end. Returns how many.
    """
    several, count = suiting(scene, grid, desk, order), 0
    first = fact(scene, s.ORDERS, order, s.START_FIRST)
    for start in range(first, fact(scene, s.ORDERS, order, s.START_AFTER)):
        begin = count
        for at in range(several):
            person = grid.people[desk.columns[at]]
            if (
                is_open(grid.sky, desk.spans[start - first], desk.columns[at])
                and start_suits(scene, person, start)
                and _rest_is_kept(scene, person, start)
                and decision_reaches_every_visit(scene, person, start)
                and _supported(draft, scene, known, person, start)
            ):
                worth = order_worth(scene, person, order) + start_worth(scene, person, start)
                desk.keys[count] = ((HIGH - worth) << 32) | person
                count += 1
        desk.keys[begin:count].sort()
        desk.after[start - first] = count
    return count


@kernel
def rank_orders(
    draft: Draft, scene: Scene, grid: Grid, known: Known, desk: Desk, order: int, until: int,
    pair_who: Small, pair_points: Small, counts: Table,
) -> tuple[int, int]:  # fmt: skip
    """Do so for the orders from `order` while there is room; returns (next order, pairs).

    `counts` gets how many each start has.
    """
    count = 0
    while order < until:
        found = ranked(draft, scene, grid, known, desk, order)
        if count + found > pair_who.size:
            return order, count
        for at in range(found):
            pair_who[count + at] = desk.keys[at] & 0xFFFFFFFF
            pair_points[count + at] = HIGH - (desk.keys[at] >> 32)
        first, before = fact(scene, s.ORDERS, order, s.START_FIRST), 0
        for start in range(first, fact(scene, s.ORDERS, order, s.START_AFTER)):
            counts[start] = desk.after[start - first] - before
            before = desk.after[start - first]
        count += found
        order += 1
    return order, count
