"""The score of a pair: a sum of whole numbers, each a named part that can be shown and explained.

Support needs are in no part: who needs more help is never worth less. An offer counts the same
whatever was answered, and a declined one lowers nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from jobcenter.matching.pairs import Pairs, trip_minutes
from jobcenter.matching.problem import Ints, Problem, ints


def place(problem: Problem, pairs: Pairs) -> Ints:
    return np.full(pairs.client.size, problem.weights.place, dtype=np.int64)


def priority(problem: Problem, pairs: Pairs) -> Ints:
    return ints(problem.weights.priority * problem.orders.priority[pairs.order])


def urgency(problem: Problem, pairs: Pairs) -> Ints:
    """By the order's first start, so that no start of a window is worth more than another."""
    orders = problem.orders
    notice = orders.start[orders.offset[pairs.order]] - problem.calendar.now
    steps = np.array(problem.weights.urgency_steps, dtype=np.int64)
    near = (notice[:, None] <= steps).sum(axis=1)
    return ints(problem.weights.urgency * near)


def wish(problem: Problem, pairs: Pairs) -> Ints:
    clients, orders = problem.clients, problem.orders
    points = clients.likes_task.look(pairs.client, orders.task[pairs.order])
    points = points + clients.likes_site.look(pairs.client, orders.site[pairs.order])
    points = points + clients.likes_party.look(pairs.client, orders.party[pairs.order])
    return ints(problem.weights.wish * points)


def wished_time(problem: Problem, pairs: Pairs) -> Ints:
    points = problem.clients.likes_time[pairs.client, problem.orders.time_class[pairs.row]]
    return ints(problem.weights.wish * points)


def strength(problem: Problem, pairs: Pairs) -> Ints:
    task = problem.orders.task[pairs.order]
    return problem.weights.strength * problem.clients.strengths.look(pairs.client, task)


def nearness(problem: Problem, pairs: Pairs) -> Ints:
    limit = np.maximum(problem.clients.trip_limit[pairs.client], 1)
    spare = np.maximum(limit - trip_minutes(problem, pairs), 0)
    return ints(problem.weights.nearness * spare // limit)


def comfort(problem: Problem, pairs: Pairs) -> Ints:
    spare = problem.clients.limits[pairs.client] - problem.orders.demands[pairs.order]
    levels = np.clip(spare, 0, problem.weights.comfort_cap).sum(axis=1)
    return ints(problem.weights.comfort * levels)


def waiting(problem: Problem, pairs: Pairs) -> Ints:
    days = problem.clients.days_since_offer[pairs.client]
    return problem.weights.waiting * np.minimum(days, problem.weights.waiting_cap)


def few_gigs(problem: Problem, pairs: Pairs) -> Ints:
    under = problem.weights.few_gigs_cap - problem.clients.gigs_90[pairs.client]
    return problem.weights.few_gigs * np.maximum(under, 0)


def few_offers(problem: Problem, pairs: Pairs) -> Ints:
    under = problem.weights.few_offers_cap - problem.clients.offers_90[pairs.client]
    return problem.weights.few_offers * np.maximum(under, 0)


def left_out(problem: Problem, pairs: Pairs) -> Ints:
    days = problem.clients.days_since_offer[pairs.client]
    return problem.weights.left_out * (days >= problem.weights.left_out_days).astype(np.int64)


def known_site(problem: Problem, pairs: Pairs) -> Ints:
    known = problem.clients.knows_site.has(pairs.client, problem.orders.site[pairs.order])
    return problem.weights.knows_site * known.astype(np.int64)


def known_task(problem: Problem, pairs: Pairs) -> Ints:
    known = problem.clients.knows_task.has(pairs.client, problem.orders.task[pairs.order])
    return problem.weights.knows_task * known.astype(np.int64)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the score: its code, what it is for, and the function."""

    code: str
    sentence: str
    points: Callable[[Problem, Pairs], Ints]


PARTS: tuple[Part, ...] = (
    Part("filled", "A filled place is worth more than any choice between people.", place),
    Part("priority", "Orders whose time grows short with nobody found come forward.", priority),
    Part("urgency", "The sooner an order starts, the more it counts.", urgency),
    Part("wish", "Tasks, places and orderers that the client likes count for them.", wish),
    Part(
        "wished_time",
        "So do times of the day and week that the client likes.",
        wished_time,
    ),
    Part("strength", "What the client is good at counts for them.", strength),
    Part(
        "nearness",
        "A short trip counts, measured against the client's own limit.",
        nearness,
    ),
    Part("comfort", "Room between what is asked and the client's limits counts.", comfort),
    Part(
        "waiting",
        "Every day since the last offer counts, whatever was answered then.",
        waiting,
    ),
    Part("few_gigs", "Those with few gigs in the last 90 days come forward.", few_gigs),
    Part(
        "few_offers",
        "Those with few offers in the last 90 days come forward, whatever they answered.",
        few_offers,
    ),
    Part("left_out", "Nobody stays without any offer for a month unseen.", left_out),
    Part("known_site", "A place that the client already knows counts.", known_site),
    Part("known_task", "A kind of task that the client has done counts.", known_task),
)


def score(problem: Problem, pairs: Pairs) -> Ints:
    """The sum of all parts."""
    total = np.zeros(pairs.client.size, dtype=np.int64)
    for part in PARTS:
        total = total + part.points(problem, pairs)
    return total


def rank(problem: Problem, pairs: Pairs, scores: Ints) -> Ints:
    """Positions from best to last.

    Between equals: fewest gigs in 90 days, then longest since the last, then the stable hash,
    then the earlier start.
    """
    clients = problem.clients
    return ints(
        np.lexsort(
            (
                pairs.start,
                clients.tie[pairs.client],
                -clients.days_since_gig[pairs.client],
                clients.gigs_90[pairs.client],
                -scores,
            )
        )
    )
