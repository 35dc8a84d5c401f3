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
from jobcenter.matching.kernels.compiled import compiled, kernel
from jobcenter.matching.kernels.scene import Scene, Small, Table, fact
from jobcenter.matching.kernels.seats import clash

Floats: TypeAlias = npt.NDArray[np.float64]
QUARTER = 15


class Pairs(NamedTuple):
    """Who may go where, by start, the best first.

    A moment is priced for every beginning among the person's pairs, and a pair covers the moments
    from `low`, its own, to before `high`: the first beginning beside which the person could do it.
    Of all that cover a moment, the one that begins first excludes each of the others, and so on:
    nobody does two of them. Time, ways, buffers and the daily rest are in it.
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


@compiled
def _first_beside(scene: Scene, starts: Small, order: Table, one: int, after: int) -> int:
    """Which of the person's later pairs is the first that they could have beside this one."""
    start = starts[order[one]]
    work = fact(scene, s.STARTS, start, s.S_ORDER)
    end = fact(scene, s.STARTS, start, s.S_BEGIN) + fact(scene, s.ORDERS, work, s.MINUTES)
    end += s.term(scene, s.BETWEEN)
    for here in range(one + 1, after):
        other = starts[order[here]]
        if (
            fact(scene, s.STARTS, other, s.S_BEGIN) >= end
            and fact(scene, s.STARTS, other, s.S_ORDER) != work
            and not clash(scene, start, other)
        ):
            return here
    return after


@kernel
def moments(
    scene: Scene, pairs_who: Small, starts: Small, order: Table, low: Small, high: Small
) -> int:
    """Number the beginnings of each person's pairs; `order` has the pairs by person and begin."""
    moment, at = -1, 0
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
            beside = _first_beside(scene, starts, order, one, after)
            high[order[one]] = moment + 1 if beside == after else low[order[beside]]
        at = after
    return moment + 1


@compiled
def quarter(market: Market, unit: int, minute: int) -> int:
    """The first full quarter-hour of a unit that begins at the minute or later."""
    return int(market.at[2] + unit * market.quarters - (market.dawn - minute) // QUARTER)
