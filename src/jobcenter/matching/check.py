"""The truth about a plan: what it breaks and what it is worth.

Plain loops over single numbers, written again from the words in `docs/matching.md` and sharing
nothing with rules, score or solver but the problem itself. A round runs this on every plan before
anything is proposed.
"""

from __future__ import annotations

from jobcenter.matching.check_picks import Breach, breaches_of_picks, mark, travel
from jobcenter.matching.check_visits import breaches_of_visits
from jobcenter.matching.plan import Pick, Plan
from jobcenter.matching.problem import Problem


def breaches(problem: Problem, plan: Plan) -> list[Breach]:
    """Everything the plan breaks; empty for a plan that may be proposed."""
    return breaches_of_picks(problem, plan) + breaches_of_visits(problem, plan)


def value(problem: Problem, plan: Plan) -> int:
    """What the plan is worth: the points of all its picks, and of those that it leaves alone."""
    still = [pick for pick in plan.picks if _was_picked(problem, pick)]
    return sum(worth(problem, pick) for pick in plan.picks) + problem.weights.calm * len(still)


def _was_picked(problem: Problem, pick: Pick) -> bool:
    row = mark(problem.orders.picked, pick.order, pick.client) - 1
    return row >= 0 and int(problem.orders.start[row]) == pick.start


def worth(problem: Problem, pick: Pick) -> int:
    """The points of one pick, part by part."""
    weights, clients, orders = problem.weights, problem.clients, problem.orders
    client, order = pick.client, pick.order
    first = int(orders.start[orders.offset[order]]) - problem.calendar.now
    trip = travel(problem, int(clients.home[client]), int(orders.place[order]))
    limit = max(int(clients.trip_limit[client]), 1)
    points = weights.place + weights.priority * int(orders.priority[order])
    points += weights.urgency * sum(first <= step for step in weights.urgency_steps)
    points += weights.wish * _wishes(problem, pick)
    points += weights.strength * mark(clients.strengths, client, int(orders.task[order]))
    points += weights.nearness * max(limit - trip, 0) // limit
    points += weights.comfort * _comfort(problem, pick)
    points += weights.waiting * min(int(clients.days_since_offer[client]), weights.waiting_cap)
    points += weights.few_gigs * max(weights.few_gigs_cap - int(clients.gigs_90[client]), 0)
    points += weights.few_offers * max(weights.few_offers_cap - int(clients.offers_90[client]), 0)
    if clients.days_since_offer[client] >= weights.left_out_days:
        points += weights.left_out
    if mark(clients.knows_site, client, int(orders.site[order])):
        points += weights.knows_site
    if mark(clients.knows_task, client, int(orders.task[order])):
        points += weights.knows_task
    return points


def _wishes(problem: Problem, pick: Pick) -> int:
    clients, orders = problem.clients, problem.orders
    points = mark(clients.likes_task, pick.client, int(orders.task[pick.order]))
    points += mark(clients.likes_site, pick.client, int(orders.site[pick.order]))
    points += mark(clients.likes_party, pick.client, int(orders.party[pick.order]))
    for row in range(orders.offset[pick.order], orders.offset[pick.order + 1]):
        if orders.start[row] == pick.start and clients.likes_time.shape[1]:
            points += int(clients.likes_time[pick.client, orders.time_class[row]])
    return points


def _comfort(problem: Problem, pick: Pick) -> int:
    cap = problem.weights.comfort_cap
    asked = problem.orders.demands[pick.order]
    limits = problem.clients.limits[pick.client]
    return sum(max(0, min(int(b) - int(a), cap)) for a, b in zip(asked, limits, strict=True))
