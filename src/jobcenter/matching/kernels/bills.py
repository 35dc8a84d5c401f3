"""What each pair pays for, written out when it is first asked for.

A round of prices reads the best few pairs of each start, the same ones over and over. What a pair
needs never changes, only what that costs: so it is worked out once, and then only added up.
"""

from typing import NamedTuple

from jobcenter.matching.kernels import scene as s
from jobcenter.matching.kernels.care import may_join_held, template, window
from jobcenter.matching.kernels.compiled import compiled
from jobcenter.matching.kernels.prices import QUARTER, Floats, Market, Pairs, quarter
from jobcenter.matching.kernels.scene import Scene, Small, Table, fact

COVERS = 3
A_CEILING, A_WEEK = COVERS + 1, COVERS + 2
"""Things of a ceiling and of a person's week: the room, its covers; and the gigs of the week."""


class Bills(NamedTuple):
    """A bill is a few lines; a line is a run of things, each needed by the same amount.

    Where the amount is negative, one thing of the run is enough: a visit with a window takes the
    cheapest quarter-hour.
    """

    begin: Small
    """[pairs] its first line, or -1 while the bill is not written"""
    end: Small
    """[pairs]"""
    first: Small
    """[lines] the first thing of the run, and the one after its last"""
    after: Small
    amount: Floats
    size: Table
    """[2] lines that are kept; how many may be: what is written beyond is soon written over"""


@compiled
def _line(bills: Bills, at: int, first: int, after: int, amount: float) -> int:
    """Write a line unless it is about nothing; returns where the next one goes."""
    if after <= first or amount == 0.0:
        return at
    bills.first[at], bills.after[at], bills.amount[at] = first, after, amount
    return at + 1


@compiled
def _covers(bills: Bills, at: int, thing: int, share: int, room: int) -> int:
    """Lines for how many of the large ones find room together.

    At most one that takes over half of the room, at most two that take over a third: cover
    inequalities (E. Balas, Facets of the knapsack polytope, Mathematical Programming 8, 1975).
    """
    for most in range(1, COVERS + 1):
        if share * (most + 1) > room:
            at = _line(bills, at, thing + most, thing + most + 1, 1.0 / most)
    return at


@compiled
def _own(scene: Scene, market: Market, pairs: Pairs, bills: Bills, pair: int, start: int) -> int:
    """The person's own time, hours and gigs of the week, and earnings limits."""
    person, week = pairs.who[pair], fact(scene, s.STARTS, start, s.S_WEEK)
    minutes = fact(scene, s.ORDERS, fact(scene, s.STARTS, start, s.S_ORDER), s.MINUTES)
    at = _line(bills, bills.begin[pair], pairs.low[pair], pairs.high[pair], 1.0)
    weeks = s.wide(scene, s.WEEK_ROOM) // 2
    thing = market.at[0] + (person * weeks + week) * A_WEEK
    room = max(fact(scene, s.WEEK_ROOM, person, 2 * week), 1)
    gigs = max(fact(scene, s.WEEK_ROOM, person, 2 * week + 1), 1)
    at = _line(bills, at, thing, thing + 1, minutes / room)
    at = _covers(bills, at, thing, minutes, room)
    at = _line(bills, at, thing + A_WEEK - 1, thing + A_WEEK, 1.0 / gigs)
    first = fact(scene, s.PEOPLE, person, s.CEILING_FIRST)
    for row in range(first, fact(scene, s.PEOPLE, person, s.CEILING_AFTER)):
        kind, room = fact(scene, s.CEILINGS, row, s.C_KIND), fact(scene, s.CEILINGS, row, s.C_CENTS)
        if fact(scene, s.PERIOD, start, kind) == fact(scene, s.CEILINGS, row, s.C_PERIOD):
            thing, cents = market.at[1] + row * A_CEILING, fact(scene, s.CENTS, start, kind)
            at = _line(bills, at, thing, thing + 1, cents / max(room, 1))
            at = _covers(bills, at, thing, cents, max(room, 1))
    return at


@compiled
def _visits(scene: Scene, market: Market, bills: Bills, at: int, person: int, start: int) -> int:
    """The coaches' time.

    A visit with a fixed time pays for each quarter-hour that begins in it, shared by its ratio. One
    with a window pays for as many quarter-hours as it must cover, at the price of the cheapest.
    """
    order = fact(scene, s.STARTS, start, s.S_ORDER)
    which, unit = template(scene, person, order), fact(scene, s.PEOPLE, person, s.UNIT)
    dawn = market.at[2] + unit * market.quarters
    for need in range(fact(scene, s.NEED_FIRST, which, 0), fact(scene, s.NEED_FIRST, which + 1, 0)):
        low, high, length, _ = window(scene, need, person, start)
        if length == 0 or may_join_held(scene, need, person, start):
            continue
        ratio = 1
        if fact(scene, s.ORDERS, order, s.GROUP):
            ratio = max(fact(scene, s.NEEDS, need, s.RATIO), 1)
        first, after = quarter(market, unit, low), quarter(market, unit, high + length)
        first, after = max(first, dawn), min(after, dawn + market.quarters)
        if low == high:
            at = _line(bills, at, first, after, 1.0 / ratio)
        else:
            while first < after and market.room[first] <= 0:
                first += 1
            while first < after and market.room[after - 1] <= 0:
                after -= 1
            at = _line(bills, at, first, after, -(length // QUARTER) / ratio)
    return at


@compiled
def written(
    scene: Scene, market: Market, pairs: Pairs, bills: Bills, pair: int, start: int
) -> tuple[int, int]:
    """The lines of a pair's bill, from the first to the one after the last."""
    if bills.begin[pair] >= 0:
        return bills.begin[pair], bills.end[pair]
    bills.begin[pair] = begin = bills.size[0]
    at = _own(scene, market, pairs, bills, pair, start)
    at = _visits(scene, market, bills, at, pairs.who[pair], start)
    if at <= bills.size[1]:
        bills.size[0] = bills.end[pair] = at
    else:
        bills.begin[pair] = -1
    return begin, at


@compiled
def cheapest(market: Market, first: int, after: int, turn: int) -> int:
    """The cheapest thing of a run that there is any of; `turn` says which of equals."""
    best, count = -1, after - first
    for step in range(count):
        here = first + (turn + step) % count
        if market.room[here] > 0 and (best < 0 or market.price[here] < market.price[best]):
            best = here
            if market.price[here] == 0.0:
                break
    return int(best)


@compiled
def cost(scene: Scene, market: Market, pairs: Pairs, bills: Bills, pair: int, start: int) -> float:
    """What a pair pays for everything at the prices."""
    at, end = written(scene, market, pairs, bills, pair, start)
    total = 0.0
    while at < end:
        amount = bills.amount[at]
        if amount < 0.0:
            total -= amount * market.price[cheapest(market, bills.first[at], bills.after[at], 0)]
        else:
            for thing in range(bills.first[at], bills.after[at]):
                total += amount * market.price[thing]
        at += 1
    return total


@compiled
def _touch(market: Market, thing: int, amount: float) -> None:
    if market.active[1, thing] == 0:
        market.active[1, thing] = 1
        market.active[0, market.at[3]] = thing
        market.at[3] += 1
    market.use[thing] += amount


@compiled
def take(
    scene: Scene, market: Market, pairs: Pairs, bills: Bills, pair: int, start: int, turn: int
) -> None:
    """Count what a pair uses."""
    at, end = written(scene, market, pairs, bills, pair, start)
    while at < end:
        amount = bills.amount[at]
        if amount < 0.0:
            thing = cheapest(market, bills.first[at], bills.after[at], turn)
            _touch(market, thing, -amount)
        else:
            for thing in range(bills.first[at], bills.after[at]):
                _touch(market, thing, amount)
        at += 1
