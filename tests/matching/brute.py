"""The best plan of a tiny problem, found by trying everything on a quarter-hour grid.

Slow and simple: every set of picks, every coach and quarter for every visit, judged by the
checker alone. Visits may share; whatever the checker passes counts.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product

from jobcenter.matching.check import breaches, value
from jobcenter.matching.check_picks import breaches_of_picks
from jobcenter.matching.check_visits import Need, needs_of
from jobcenter.matching.plan import Booking, Pick, Plan, Served
from jobcenter.matching.problem import Problem

QUARTER = 15


def best(problem: Problem) -> int:
    """The value of the best plan on the grid."""
    singles = [pick for pick in _picks(problem) if not breaches_of_picks(problem, Plan((pick,)))]
    plans = [
        Plan(chosen)
        for size in range(int(problem.orders.places.sum()) + 1)
        for chosen in combinations(singles, size)
    ]
    found = 0
    for plan in sorted(plans, key=lambda plan: -value(problem, plan)):
        if value(problem, plan) <= found:
            break
        if not breaches_of_picks(problem, plan) and _supported(problem, plan):
            found = value(problem, plan)
    return found


def _picks(problem: Problem) -> Iterator[Pick]:
    orders = problem.orders
    for order in range(orders.places.size):
        for row in range(int(orders.offset[order]), int(orders.offset[order + 1])):
            for client in range(problem.clients.unit.size):
                yield Pick(order, client, int(orders.start[row]))


def _supported(problem: Problem, plan: Plan) -> bool:
    wanted = [
        (pick, number, need)
        for pick in plan.picks
        for number, need in enumerate(needs_of(problem, pick))
    ]
    return _place(problem, plan, wanted)


def _place(problem: Problem, plan: Plan, wanted: list[tuple[Pick, int, Need]]) -> bool:
    """Place the visits that are left, one after the other."""
    if not wanted:
        return not breaches(problem, plan)
    (pick, number, need), rest = wanted[0], wanted[1:]
    served = Served(pick.client, number)
    options = [
        *_joined(plan, pick, served),
        *_booked(problem, plan, pick, served),
        *_alone(problem, plan, pick, served, need),
    ]
    return any(_place(problem, after, rest) for after in options if not _clashes(problem, after))


def _clashes(problem: Problem, plan: Plan) -> bool:
    """What no further visit can mend."""
    mended = {"support", "visit_length"}
    return any(breach.code not in mended for breach in breaches(problem, plan))


def _joined(plan: Plan, pick: Pick, served: Served) -> Iterator[Plan]:
    for at, booking in enumerate(plan.bookings):
        if booking.order == pick.order and served.client not in {s.client for s in booking.serves}:
            more = replace(booking, serves=(*booking.serves, served))
            yield Plan(plan.picks, (*plan.bookings[:at], more, *plan.bookings[at + 1 :]))


def _booked(problem: Problem, plan: Plan, pick: Pick, served: Served) -> Iterator[Plan]:
    """Join a visit that stands in a coach's diary already."""
    busy = problem.coaches.busy
    joined = {booking.joins for booking in plan.bookings}
    for coach in range(problem.coaches.unit.size):
        for row in range(int(busy.offset[coach]), int(busy.offset[coach + 1])):
            if busy.order[row] == pick.order and row not in joined:
                begin, length = int(busy.begin[row]), int(busy.end[row] - busy.begin[row])
                booking = Booking(coach, pick.order, begin, length, (served,), row)
                yield Plan(plan.picks, (*plan.bookings, booking))


def _alone(problem: Problem, plan: Plan, pick: Pick, served: Served, need: Need) -> Iterator[Plan]:
    earliest = max(need.earliest, problem.calendar.now)
    begins = range(earliest, need.latest + 1, QUARTER)
    for coach, begin in product(range(problem.coaches.unit.size), begins):
        booking = Booking(coach, pick.order, begin, need.minutes, (served,))
        yield Plan(plan.picks, (*plan.bookings, booking))
