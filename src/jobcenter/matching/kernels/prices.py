"""Prices on scarce time, and what a pair pays at them.

Lagrangian relaxation (M. Held, R. Karp, The traveling-salesman problem and minimum spanning trees,
Operations Research 18, 1970): every constraint that ties orders together is taken out of the way
and charged for instead. What the orders then gain alone, plus all that the prices could have sold,
is at least the value of every plan, whatever the prices are as long as none is negative.

What has a price: each moment of a person's time, a person's minutes and gigs of each week, each
earnings limit, and each quarter-hour of a unit's coaches.
"""

from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from jobcenter.matching.kernels import scene as s
from jobcenter.matching.kernels.care import may_join_held, template, window
from jobcenter.matching.kernels.compiled import compiled, kernel
from jobcenter.matching.kernels.scene import Scene, Small, Table, fact

Floats: TypeAlias = npt.NDArray[np.float64]
QUARTER = 15


class Pairs(NamedTuple):
    """Who may go where, by start, the best first.

    Gigs of one person exclude each other when they overlap. On a line, overlapping stretches
    always share the beginning of one of them; so a moment is priced for every beginning among the
    person's pairs, and a pair pays for the moments `low` to `high` that it covers.
    """

    first: Table
    """[starts + 1]"""
    who: Small
    points: Small
    low: Small
    high: Small


class Market(NamedTuple):
    """What each thing costs, how much there is of it, and where each kind begins."""

    price: Floats
    room: Floats
    use: Floats
    drift: Floats
    """the direction in which the price has been moving"""
    active: Small
    """[2, things] things that are in use or cost something; row 1 marks them"""
    at: Table
    """[4] where weeks, ceilings and coaches begin; how many things are active"""
    dawn: int
    """minute of the first quarter-hour of coaches"""
    quarters: int


@kernel
def moments(
    scene: Scene, pairs_who: Small, starts: Small, order: Table, low: Small, high: Small
) -> int:
    """Number the beginnings of each person's pairs; `order` has the pairs by person and begin."""
    between, moment, at = s.term(scene, s.BETWEEN), -1, 0
    while at < order.size:
        person, after = pairs_who[order[at]], at
        begun = -1
        while after < order.size and pairs_who[order[after]] == person:
            begin = fact(scene, s.STARTS, starts[order[after]], s.S_BEGIN)
            if after == at or begin != begun:
                moment += 1
            begun = begin
            low[order[after]] = moment
            after += 1
        for one in range(at, after):
            start = starts[order[one]]
            end = fact(scene, s.STARTS, start, s.S_BEGIN) + between
            end += fact(scene, s.ORDERS, fact(scene, s.STARTS, start, s.S_ORDER), s.MINUTES)
            here = one
            while here < after:
                begin = fact(scene, s.STARTS, starts[order[here]], s.S_BEGIN)
                if begin >= end:
                    break
                here += 1
            high[order[one]] = low[order[here - 1]] + 1
        at = after
    return moment + 1


@compiled
def _quarter(market: Market, unit: int, minute: int) -> int:
    """The first full quarter-hour of a unit that begins at the minute or later."""
    return int(market.at[2] + unit * market.quarters - (market.dawn - minute) // QUARTER)


@compiled
def _cheapest(market: Market, unit: int, low: int, high: int, turn: int) -> int:
    """The cheapest quarter-hour of a unit that begins in [low, high); -1 when there is none."""
    first, last = _quarter(market, unit, low), _quarter(market, unit, high) - 1
    first = max(first, market.at[2] + unit * market.quarters)
    last = min(last, market.at[2] + (unit + 1) * market.quarters - 1)
    best, count = -1, last - first + 1
    for step in range(count):
        here = first + (turn + step) % count
        if market.room[here] > 0 and (best < 0 or market.price[here] < market.price[best]):
            best = here
            if market.price[here] == 0.0:
                break
    return int(best)


@compiled
def _touch(market: Market, thing: int, amount: float) -> None:
    if market.active[1, thing] == 0:
        market.active[1, thing] = 1
        market.active[0, market.at[3]] = thing
        market.at[3] += 1
    market.use[thing] += amount


@compiled
def visits_price(
    scene: Scene, market: Market, person: int, start: int, turn: int, take: bool
) -> float:
    """What a pair pays for the coaches' time; with `take` it also uses that time.

    A visit with a fixed time pays for each quarter-hour that begins in it, shared by its ratio. One
    with a window pays for as many quarter-hours as it must cover, at the price of the cheapest.
    """
    which = template(scene, person, fact(scene, s.STARTS, start, s.S_ORDER))
    unit, total = fact(scene, s.PEOPLE, person, s.UNIT), 0.0
    for need in range(fact(scene, s.NEED_FIRST, which, 0), fact(scene, s.NEED_FIRST, which + 1, 0)):
        low, high, length, _ = window(scene, need, person, start)
        if length == 0 or may_join_held(scene, need, person, start):
            continue
        ratio = 1
        if fact(scene, s.ORDERS, fact(scene, s.STARTS, start, s.S_ORDER), s.GROUP):
            ratio = max(fact(scene, s.NEEDS, need, s.RATIO), 1)
        if low == high:
            after = _quarter(market, unit, low + length)
            for thing in range(_quarter(market, unit, low), after):
                total += market.price[thing] / ratio
                if take:
                    _touch(market, thing, 1.0 / ratio)
        else:
            thing = _cheapest(market, unit, low, high + length, turn)
            amount = (length // QUARTER) / ratio
            if thing >= 0:
                total += market.price[thing] * amount
                if take:
                    _touch(market, thing, amount)
    return total


@compiled
def own_price(
    scene: Scene, market: Market, pairs: Pairs, pair: int, start: int, take: bool
) -> float:
    """What a pair pays for the person's own time, hours, gigs and earnings."""
    person, week = pairs.who[pair], fact(scene, s.STARTS, start, s.S_WEEK)
    minutes = fact(scene, s.ORDERS, fact(scene, s.STARTS, start, s.S_ORDER), s.MINUTES)
    total = 0.0
    for thing in range(pairs.low[pair], pairs.high[pair]):
        total += market.price[thing]
        if take:
            _touch(market, thing, 1.0)
    weeks = (
        fact(scene, s.WEEK_ROOM, person, 2 * week),
        fact(scene, s.WEEK_ROOM, person, 2 * week + 1),
    )
    for kind in range(2):
        thing = market.at[0] + (person * s.wide(scene, s.WEEK_ROOM)) + 2 * week + kind
        amount = (minutes if kind == 0 else 1) / weeks[kind]
        total += market.price[thing] * amount
        if take:
            _touch(market, thing, amount)
    first = fact(scene, s.PEOPLE, person, s.CEILING_FIRST)
    for row in range(first, fact(scene, s.PEOPLE, person, s.CEILING_AFTER)):
        kind, room = fact(scene, s.CEILINGS, row, s.C_KIND), fact(scene, s.CEILINGS, row, s.C_CENTS)
        if fact(scene, s.PERIOD, start, kind) == fact(scene, s.CEILINGS, row, s.C_PERIOD):
            amount = fact(scene, s.CENTS, start, kind) / max(room, 1)
            total += market.price[market.at[1] + row] * amount
            if take:
                _touch(market, market.at[1] + row, amount)
    return total


@compiled
def pair_price(
    scene: Scene, market: Market, pairs: Pairs, pair: int, start: int, turn: int, take: bool
) -> float:
    """What a pair pays for everything."""
    person = pairs.who[pair]
    return own_price(scene, market, pairs, pair, start, take) + visits_price(
        scene, market, person, start, turn + person * 7919, take
    )
