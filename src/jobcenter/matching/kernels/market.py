"""Sets the market up: which moments, weeks, limits and quarter-hours have a price."""

from __future__ import annotations

import numpy as np

from jobcenter.matching.kernels import ascent
from jobcenter.matching.kernels import scene as s
from jobcenter.matching.kernels.ascent import Walk
from jobcenter.matching.kernels.bills import A_CEILING, A_WEEK, Bills
from jobcenter.matching.kernels.pairing import Found
from jobcenter.matching.kernels.prices import QUARTER, Floats, Market, Pairs, moments
from jobcenter.matching.kernels.projection import rows
from jobcenter.matching.kernels.scene import Scene
from jobcenter.matching.kernels.search import Lists
from jobcenter.matching.kernels.shortlist import shortlist
from jobcenter.matching.problem import ints

LINES = 1 << 22
"""Lines of bills that are kept; more are written anew each time."""


def priced_pairs(scene: Scene, found: Found) -> Pairs:
    """The pairs with the moments of their people's time that they cover."""
    counts = np.diff(found.first)
    starts = np.repeat(np.arange(counts.size, dtype=np.int32), counts)
    begin = rows(scene, s.STARTS)[:, s.S_BEGIN][starts]
    by_person = ints(np.argsort((found.who.astype(np.int64) << 32) + begin, kind="stable"))
    low, high = np.zeros(found.who.size, np.int32), np.zeros(found.who.size, np.int32)
    moments(scene, found.who, starts, by_person, low, high)
    return Pairs(found.first, found.who, found.points, low, high)


def market_of(scene: Scene, pairs: Pairs) -> Market:
    """Everything that has a price; nothing costs anything yet."""
    begins = int(pairs.high.max(initial=0))
    weeks = rows(scene, s.WEEK_ROOM).size // 2 * A_WEEK
    ceilings = rows(scene, s.CEILINGS).shape[0] * A_CEILING
    dawn, coaches = _coach_room(scene)
    total = begins + weeks + ceilings + coaches.size
    room = np.ones(total)
    room[begins + weeks + ceilings :] = coaches.reshape(-1)
    at = ints([begins, begins + weeks, begins + weeks + ceilings, 0])
    active = np.zeros((2, total), np.int32)
    columns = coaches.shape[1]
    return Market(
        np.zeros(total), room, np.zeros(total), np.zeros(total), active, at, dawn, columns
    )


def bills_of(scene: Scene, pairs: Pairs, most: int = LINES) -> Bills:
    """Unwritten bills, with room for those that are read again and again."""
    ceilings = np.diff(rows(scene, s.PEOPLE)[:, [s.CEILING_FIRST, s.CEILING_AFTER]])
    needs = np.diff(rows(scene, s.NEED_FIRST)[:, 0])
    longest = 1 + A_WEEK + A_CEILING * int(ceilings.max(initial=0)) + int(needs.max(initial=0))
    count = pairs.who.size
    room = min(count * longest, most) + longest
    first, after = np.zeros(room, np.int32), np.zeros(room, np.int32)
    return Bills(
        np.full(count, -1, np.int32),
        np.zeros(count, np.int32),
        first,
        after,
        np.zeros(room),
        ints([0, room - longest]),
    )


def walk_of(scene: Scene, market: Market) -> Walk:
    """The walk at its beginning."""
    orders, seats = rows(scene, s.ORDERS).shape[0], rows(scene, s.SEATS).shape[0]
    return Walk(
        np.array([np.inf, 1.0, 0.0, 0.0, 0.0, ascent.FIRST_AIM]),
        np.zeros(market.price.size, np.int32),
        np.zeros(market.price.size),
        np.full(seats, -1, np.int32),
        np.full(orders, -1, np.int32),
        np.zeros(orders),
    )


def lists_of(scene: Scene, market: Market, pairs: Pairs, bills: Bills, most: int) -> Lists:
    """The candidates of each start that are worth trying at the prices."""
    order = rows(scene, s.STARTS)[:, s.S_ORDER]
    keep = most + 4 * rows(scene, s.ORDERS)[order, s.PLACES]
    room = int(np.minimum(np.diff(pairs.first), keep).sum())
    first, left = np.zeros(pairs.first.size, np.int64), np.zeros(room)
    who, points = np.zeros(room, np.int32), np.zeros(room, np.int32)
    shortlist(scene, market, pairs, bills, most, first, who, points, left)
    return Lists(first, who, points, left)


def _coach_room(scene: Scene) -> tuple[int, Floats]:
    """How many coaches of each unit are there when each quarter-hour begins, and not bound."""
    shifts, held, coaches = rows(scene, s.SHIFTS), rows(scene, s.HELD), rows(scene, s.COACHES)
    dawn = int(shifts[:, 0].min(initial=0)) // QUARTER * QUARTER
    width = (int(shifts[:, 1].max(initial=0)) - dawn) // QUARTER + 2
    units = 1 + max(
        int(coaches[:, s.Q_UNIT].max(initial=0)),
        int(rows(scene, s.PEOPLE)[:, s.UNIT].max(initial=0)),
    )
    room = np.zeros((units, width))
    for coach in coaches.tolist():
        line = np.zeros(width)
        for begin, end in shifts[coach[s.SHIFT_FIRST] : coach[s.SHIFT_AFTER]].tolist():
            line[-((dawn - begin) // QUARTER) : -((dawn - end) // QUARTER)] = 1
        for begin, end in held[coach[s.HELD_FIRST] : coach[s.HELD_AFTER], :2].tolist():
            line[max(-((dawn - begin) // QUARTER), 0) : max(-((dawn - end) // QUARTER), 0)] = 0
        room[coach[s.Q_UNIT]] += line
    return dawn, room
