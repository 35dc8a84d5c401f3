"""Builds a plan along the prices and makes it better by taking small parts out and filling up.

Ruin and recreate (G. Schrimpf et al., Record breaking optimization results using the ruin and
recreate principle, 2000), with candidates skipped now and then (J. Christiaens, G. Vanden Berghe,
Slack induction by string removals, 2020). The draft keeps every rule at every step; a step that
makes it worth less is taken back from the log.
"""

from typing import NamedTuple

from jobcenter.matching.kernels import draft as d
from jobcenter.matching.kernels import scene as s
from jobcenter.matching.kernels.compiled import compiled, kernel
from jobcenter.matching.kernels.diary import stay, stays
from jobcenter.matching.kernels.draft import (
    Draft,
    chosen_start,
    forget,
    gigs_of,
    person_in,
    seat_of,
    undo,
    visit,
)
from jobcenter.matching.kernels.prices import Floats
from jobcenter.matching.kernels.scene import Scene, Small, Table, fact
from jobcenter.matching.kernels.seats import put, take, taken_seats

VALUE, SEED, STEPS, TRIED = range(4)
ROOM = 48
"""Orders that one step may touch."""
BLINK = 30
"""One candidate in so many is passed over."""
PRIME = 2147483647


class Lists(NamedTuple):
    """The candidates of each start that are worth trying, by what is left after the prices."""

    first: Table
    """[starts + 1]"""
    who: Small
    points: Small
    left: Floats
    """points without the prices"""


class Hunt(NamedTuple):
    """Where the search stands: value, seed, steps taken; and scratch for one step."""

    state: Table
    touched: Small
    """[ROOM + 1] how many, then which orders a step emptied"""
    seeds: Small
    """[orders + 1] how many, then orders that could still gain"""
    frozen: Small
    """[seats] 1 where the gig is promised and must stay"""


@compiled
def chance(hunt: Hunt, below: int) -> int:
    """The next number of S. Park and K. Miller's minimal standard generator (CACM 31, 1988)."""
    hunt.state[SEED] = hunt.state[SEED] * 48271 % PRIME
    return int(hunt.state[SEED] % below)


@compiled
def _points_of(lists: Lists, person: int, start: int) -> int:
    for at in range(lists.first[start], lists.first[start + 1]):
        if lists.who[at] == person:
            return int(lists.points[at])
    return 0


@compiled
def _fill_start(
    draft: Draft, scene: Scene, lists: Lists, hunt: Hunt, start: int, blink: bool
) -> float:
    """Put the best candidates of a start into the order's free places; returns what is gained."""
    order, gained = fact(scene, s.STARTS, start, s.S_ORDER), 0.0
    free = fact(scene, s.ORDERS, order, s.PLACES) - taken_seats(draft, scene, order)
    for at in range(lists.first[start], lists.first[start + 1]):
        if free == 0:
            break
        if blink and chance(hunt, BLINK) == 0:
            continue
        if put(draft, scene, lists.who[at], start, chance(hunt, 64)):
            hunt.state[VALUE] += lists.points[at]
            gained += lists.left[at]
            free -= 1
    return gained


@compiled
def fill(draft: Draft, scene: Scene, lists: Lists, hunt: Hunt, order: int, blink: bool) -> None:
    """Fill an order's free places, at the start that it has or at the one that gains the most."""
    held = chosen_start(draft, order)
    first = fact(scene, s.ORDERS, order, s.START_FIRST)
    after = fact(scene, s.ORDERS, order, s.START_AFTER)
    if held >= 0 or after - first == 1:
        _fill_start(draft, scene, lists, hunt, held if held >= 0 else first, blink)
        return
    best, most = -1, 0.0
    for start in range(first, after):
        mark, value, seed = draft.log[0, 0], hunt.state[VALUE], hunt.state[SEED]
        gained = _fill_start(draft, scene, lists, hunt, start, blink)
        if hunt.state[VALUE] > value and (best < 0 or gained > most):
            best, most = start, gained
        undo(draft, mark)
        hunt.state[VALUE] = value
        if start < after - 1:
            hunt.state[SEED] = seed
    if best >= 0:
        _fill_start(draft, scene, lists, hunt, best, blink)


@compiled
def _empty(draft: Draft, scene: Scene, lists: Lists, hunt: Hunt, seat: int) -> None:
    """Take a gig out, and note that its order has a free place."""
    if hunt.frozen[seat] or hunt.touched[0] >= ROOM:
        return
    order = fact(scene, s.SEATS, seat, 0)
    hunt.state[VALUE] -= _points_of(lists, person_in(draft, seat), chosen_start(draft, order))
    take(draft, scene, seat)
    for at in range(1, hunt.touched[0] + 1):
        if hunt.touched[at] == order:
            return
    hunt.touched[0] += 1
    hunt.touched[hunt.touched[0]] = order


@compiled
def _empty_order(draft: Draft, scene: Scene, lists: Lists, hunt: Hunt, order: int) -> None:
    first = fact(scene, s.ORDERS, order, s.SEAT_FIRST)
    for seat in range(first, fact(scene, s.ORDERS, order, s.SEAT_AFTER)):
        if person_in(draft, seat) >= 0:
            _empty(draft, scene, lists, hunt, seat)


@compiled
def _empty_person(draft: Draft, scene: Scene, lists: Lists, hunt: Hunt, person: int) -> None:
    for one in range(gigs_of(draft, person) - 1, -1, -1):
        _empty(draft, scene, lists, hunt, seat_of(draft, person, one))


@compiled
def _empty_coach(
    draft: Draft, scene: Scene, lists: Lists, hunt: Hunt, person: int, start: int
) -> None:
    """Take out what one of the person's coaches does around the time of the start."""
    circle = fact(scene, s.PEOPLE, person, s.CIRCLE)
    first = fact(scene, s.CIRCLE_FIRST, circle, 0)
    several = fact(scene, s.CIRCLE_FIRST, circle + 1, 0) - first
    if several == 0:
        return
    coach = fact(scene, s.CIRCLE_COACH, first + chance(hunt, several), 0)
    begin = fact(scene, s.STARTS, start, s.S_BEGIN)
    end = begin + fact(scene, s.ORDERS, fact(scene, s.STARTS, start, s.S_ORDER), s.MINUTES)
    reach = 60 if chance(hunt, 2) else 720
    for row in range(stays(draft, coach) - 1, -1, -1):
        if row >= stays(draft, coach):
            continue
        one = stay(draft, coach, row)
        order = visit(draft, one, d.V_ORDER)
        near = (
            visit(draft, one, d.V_END) > begin - reach
            and visit(draft, one, d.V_BEGIN) < end + reach
        )
        if near and order >= 0 and chance(hunt, 3):
            _empty_order(draft, scene, lists, hunt, order)


@compiled
def _ruin(draft: Draft, scene: Scene, lists: Lists, hunt: Hunt, order: int) -> int:
    """Empty an order and what stands in the way of some who would suit it; returns one of them."""
    if chance(hunt, 4):
        _empty_order(draft, scene, lists, hunt, order)
    first = fact(scene, s.ORDERS, order, s.START_FIRST)
    start = chosen_start(draft, order)
    if start < 0:
        start = first + chance(hunt, fact(scene, s.ORDERS, order, s.START_AFTER) - first)
    count, wanted = lists.first[start + 1] - lists.first[start], -1
    if count == 0:
        return -1
    for _ in range(1 + chance(hunt, 3)):
        reach = min(count, 4 if chance(hunt, 2) else 24)
        at = lists.first[start] + chance(hunt, reach)
        _empty_person(draft, scene, lists, hunt, lists.who[at])
        wanted = at
    if chance(hunt, 3) == 0:
        _empty_coach(draft, scene, lists, hunt, lists.who[wanted], start)
    if chance(hunt, 2) == 0:
        put_at = put(draft, scene, lists.who[wanted], start, chance(hunt, 64))
        if put_at:
            hunt.state[VALUE] += lists.points[wanted]
    return start


@compiled
def _step(draft: Draft, scene: Scene, lists: Lists, hunt: Hunt, order: int, heat: int) -> None:
    """Take something out, fill up, and keep it when the plan is worth hardly less than before."""
    forget(draft)
    value, hunt.touched[0] = hunt.state[VALUE], 0
    mark = draft.log[0, 0]
    _ruin(draft, scene, lists, hunt, order)
    fill_first = chance(hunt, 2) == 0
    if fill_first:
        fill(draft, scene, lists, hunt, order, True)
    while hunt.touched[0] > 0:
        at = 1 + chance(hunt, hunt.touched[0])
        one = hunt.touched[at]
        hunt.touched[at] = hunt.touched[hunt.touched[0]]
        hunt.touched[0] -= 1
        fill(draft, scene, lists, hunt, one, True)
    if not fill_first:
        fill(draft, scene, lists, hunt, order, True)
    if hunt.state[VALUE] < value - chance(hunt, heat + 1):
        undo(draft, mark)
        hunt.state[VALUE] = value


@compiled
def _find_seeds(draft: Draft, scene: Scene, lists: Lists, hunt: Hunt, gain: Floats) -> None:
    """Orders that the prices would give more than they hold: complementary slackness left open."""
    count = 0
    for order in range(s.tall(scene, s.ORDERS)):
        held, start = 0.0, chosen_start(draft, order)
        first = fact(scene, s.ORDERS, order, s.SEAT_FIRST)
        for seat in range(first, fact(scene, s.ORDERS, order, s.SEAT_AFTER)):
            person = person_in(draft, seat)
            if person >= 0:
                for at in range(lists.first[start], lists.first[start + 1]):
                    if lists.who[at] == person:
                        held += lists.left[at]
        if gain[order] - held > 0.5:
            count += 1
            hunt.seeds[count] = order
    hunt.seeds[0] = count


@kernel
def build(draft: Draft, scene: Scene, lists: Lists, hunt: Hunt, turns: Small) -> None:
    """Fill all orders, in the turn that is given."""
    for at in range(turns.size):
        forget(draft)
        fill(draft, scene, lists, hunt, turns[at], False)
    forget(draft)


@kernel
def improve(
    draft: Draft, scene: Scene, lists: Lists, hunt: Hunt, gain: Floats, steps: int, heat: int
) -> None:
    """Take so many steps, most of them where something is still to be gained.

    A step may cost up to `heat` points (threshold accepting: G. Dueck, T. Scheuer, 1990).
    """
    orders = s.tall(scene, s.ORDERS)
    _find_seeds(draft, scene, lists, hunt, gain)
    for _ in range(steps):
        order = chance(hunt, orders)
        if hunt.seeds[0] > 0 and chance(hunt, 5):
            order = hunt.seeds[1 + chance(hunt, hunt.seeds[0])]
        _step(draft, scene, lists, hunt, order, heat)
    hunt.state[STEPS] += steps
    forget(draft)
