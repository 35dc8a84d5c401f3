"""Finds the prices that make the bound small: a subgradient walk with a memory.

Each order chooses alone at the prices. What is wanted more often than there is of it becomes
dearer, the rest cheaper. The step is B. Polyak's (Minimization of unsmooth functionals, 1969), the
direction an average over the last ones as in the volume algorithm (F. Barahona, R. Anbil, 2000).
"""

from typing import NamedTuple

from jobcenter.matching.kernels import scene as s
from jobcenter.matching.kernels.bills import Bills, cost, take
from jobcenter.matching.kernels.compiled import compiled, kernel
from jobcenter.matching.kernels.prices import Floats, Market, Pairs
from jobcenter.matching.kernels.scene import Scene, Small, fact

BOUND, STRIDE, WAITED, KEPT, ROUND, AIM = range(6)
FIRST_AIM = 0.01
"""How far below the best bound the prices are thought to lead, as a share of it, at first."""
PATIENCE = 6
"""Rounds without a notably better bound after which both become shorter."""
SHORTER = 0.75
NOTABLE = 1e-5
MEMORY = 0.5
"""How much of the old direction stays."""


class Walk(NamedTuple):
    """Where the walk stands, and the best prices so far."""

    state: Floats
    best_thing: Small
    best_price: Floats
    wanted: Small
    """[seats] the pair that each seat's order wants, or -1"""
    wanted_start: Small
    """[orders]"""
    gain: Floats
    """[orders] what each order gains at the prices"""


@compiled
def _choose(
    scene: Scene, market: Market, pairs: Pairs, bills: Bills, start: int, places: int,
    picks: Small, gains: Floats,
) -> float:  # fmt: skip
    """The best `places` pairs of a start at the prices, best first; returns what they gain.

    Pairs come by falling points and no price is negative: once the points are no more than the
    least gain that is held, nothing better follows.
    """
    count = 0
    for pair in range(pairs.first[start], pairs.first[start + 1]):
        worth = float(pairs.points[pair])
        if worth <= 0.0 or (count == places and worth <= gains[places - 1]):
            break
        gain = worth - cost(scene, market, pairs, bills, pair, start)
        if gain <= 0.0 or (count == places and gain <= gains[places - 1]):
            continue
        at = count if count < places else places - 1
        count = min(count + 1, places)
        while at > 0 and gains[at - 1] < gain:
            gains[at], picks[at] = gains[at - 1], picks[at - 1]
            at -= 1
        gains[at], picks[at] = gain, pair
    total = 0.0
    for at in range(count):
        total += gains[at]
    for at in range(count, places):
        picks[at] = -1
    return total


@kernel
def choose_all(
    scene: Scene, market: Market, pairs: Pairs, bills: Bills, walk: Walk,
    picks: Small, gains: Floats,
) -> float:  # fmt: skip
    """Let each order choose its best start and people at the prices; returns all gains."""
    total = 0.0
    for order in range(s.tall(scene, s.ORDERS)):
        first, best = fact(scene, s.ORDERS, order, s.SEAT_FIRST), 0.0
        places = fact(scene, s.ORDERS, order, s.SEAT_AFTER) - first
        walk.wanted_start[order] = -1
        for at in range(places):
            walk.wanted[first + at] = -1
        after = fact(scene, s.ORDERS, order, s.START_AFTER)
        for start in range(fact(scene, s.ORDERS, order, s.START_FIRST), after):
            row = pairs.first[start]
            if row == pairs.first[start + 1] or places * pairs.points[row] <= best:
                continue
            gain = _choose(scene, market, pairs, bills, start, places, picks, gains)
            if gain > best:
                best = gain
                walk.wanted_start[order] = start
                for at in range(places):
                    walk.wanted[first + at] = picks[at]
        walk.gain[order] = best
        total += best
    return total


@compiled
def _use(scene: Scene, market: Market, pairs: Pairs, bills: Bills, walk: Walk, turn: int) -> None:
    """Count what all the choices use."""
    for at in range(market.at[3]):
        market.use[market.active[0, at]] = 0.0
    for order in range(s.tall(scene, s.ORDERS)):
        start = walk.wanted_start[order]
        if start >= 0:
            first = fact(scene, s.ORDERS, order, s.SEAT_FIRST)
            for seat in range(first, fact(scene, s.ORDERS, order, s.SEAT_AFTER)):
                pair = walk.wanted[seat]
                if pair >= 0:
                    mine = turn + pairs.who[pair] * 7919
                    take(scene, market, pairs, bills, pair, start, mine)


@compiled
def _keep(market: Market, walk: Walk) -> None:
    """Remember the prices."""
    count = 0
    for at in range(market.at[3]):
        thing = market.active[0, at]
        if market.price[thing] > 0.0:
            walk.best_thing[count] = thing
            walk.best_price[count] = market.price[thing]
            count += 1
    walk.state[KEPT] = count


@kernel
def recall(market: Market, walk: Walk) -> None:
    """Go back to the best prices."""
    for at in range(market.at[3]):
        thing = market.active[0, at]
        market.price[thing] = 0.0
        market.drift[thing] = 0.0
        market.use[thing] = 0.0
        market.active[1, thing] = 0
    market.at[3] = 0
    for at in range(int(walk.state[KEPT])):
        thing = walk.best_thing[at]
        market.price[thing] = walk.best_price[at]
        market.active[0, at] = thing
        market.active[1, thing] = 1
        market.at[3] += 1


@compiled
def _judge(market: Market, walk: Walk, bound: float) -> None:
    """Keep prices that are better; after a while without, aim lower and step shorter."""
    walk.state[WAITED] += 1.0
    if bound < walk.state[BOUND]:
        if bound < walk.state[BOUND] * (1.0 - NOTABLE):
            walk.state[WAITED] = 0.0
        walk.state[BOUND] = bound
        _keep(market, walk)
    if walk.state[WAITED] >= PATIENCE:
        walk.state[STRIDE] *= SHORTER
        walk.state[AIM] *= SHORTER
        walk.state[WAITED] = 0.0


@compiled
def _turn(market: Market, walk: Walk) -> float:
    """Turn the direction towards what is wanted too often; returns the square of its length."""
    square, at = 0.0, 0
    while at < market.at[3]:
        thing = market.active[0, at]
        over = market.use[thing] - market.room[thing]
        drift = MEMORY * market.drift[thing] + (1.0 - MEMORY) * over
        if walk.state[ROUND] == 1:
            drift = over
        if market.price[thing] <= 0.0 and drift <= 0.0:
            market.drift[thing] = 0.0
            market.use[thing] = 0.0
            market.active[1, thing] = 0
            market.at[3] -= 1
            market.active[0, at] = market.active[0, market.at[3]]
        else:
            market.drift[thing] = drift
            square += drift * drift
            at += 1
    return square


@kernel
def climb(
    scene: Scene, market: Market, pairs: Pairs, bills: Bills, walk: Walk,
    picks: Small, gains: Floats, rounds: int,
) -> None:  # fmt: skip
    """Take so many steps, each as long as would bring the bound down to where it is aimed."""
    for _ in range(rounds):
        walk.state[ROUND] += 1
        bound = choose_all(scene, market, pairs, bills, walk, picks, gains)
        for at in range(market.at[3]):
            thing = market.active[0, at]
            bound += market.price[thing] * market.room[thing]
        _judge(market, walk, bound)
        _use(scene, market, pairs, bills, walk, int(walk.state[ROUND]) * 31)
        square = _turn(market, walk)
        if square <= 0.0:
            walk.state[STRIDE] = 0.0
            return
        over = bound - walk.state[BOUND] * (1.0 - walk.state[AIM])
        step = walk.state[STRIDE] * max(over, 1e-6 * bound) / square
        for at in range(market.at[3]):
            thing = market.active[0, at]
            market.price[thing] = max(market.price[thing] + step * market.drift[thing], 0.0)
