"""Why a person is proposed: three to five reasons, each true by the very numbers of the score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from jobcenter.matching.pairs import Pairs, trip_minutes
from jobcenter.matching.plan import Pick
from jobcenter.matching.problem import Problem, ints
from jobcenter.matching.score import PARTS

MOST = 5
MANY_DAYS = 7
"""From so many days since the last offer on, waiting is a reason worth telling."""
YEAR = 365
"""Longer ago than this is the same as never: nobody counts such days."""

SENTENCES: Mapping[str, str] = {
    "free": "Free for the whole gig.",
    "trip": "The trip takes {minutes} min.",
    "next_door": "Lives right beside the place.",
    "visit": "The coach visit that is needed has a coach.",
    "visits": "All {visits} coach visits that are needed have a coach.",
    "known_task": "Has done this kind of task before.",
    "known_site": "Knows the place.",
    "strength": "Good at this kind of task.",
    "wish": "Likes this kind of task, place or orderer.",
    "wished_time": "Likes this time of the day.",
    "waiting": "{days} days since the last offer.",
    "no_offers": "No offer in the last year.",
    "first_gigs": "No gigs in the last 90 days.",
    "few_gigs": "Gigs in the last 90 days: {gigs}.",
    "comfort": "The task stays well within the person's limits.",
    "qualifications": "Every qualification needed is valid.",
    "limits": "Within the person's own limits.",
}
"""Code to sentence; a sentence's {values} are whole numbers."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: its code, its sentence, and the numbers for it."""

    code: str
    sentence: str
    values: Mapping[str, int]


def reasons(problem: Problem, pick: Pick) -> tuple[Reason, ...]:
    """Three to five reasons for a pick: what makes it possible first, then what counts most."""
    pair = pair_of(problem, pick)
    points = {part.code: int(part.points(problem, pair)[0]) for part in PARTS}
    minutes = int(trip_minutes(problem, pair)[0])
    found = [_reason("free"), _reason("trip", minutes=minutes) if minutes else _reason("next_door")]
    template = int(problem.support.template(pair.client, pair.order)[0])
    visits = int(np.diff(problem.support.offset)[template])
    if visits:
        found.append(_reason("visits", visits=visits) if visits > 1 else _reason("visit"))
    told = [(points[one.code], one) for one in _told(problem, pair, points)]
    found += [one for _, one in sorted(told, key=lambda row: -row[0])]
    if problem.orders.qualifications[pick.order].any():
        found.append(_reason("qualifications"))
    found.append(_reason("limits"))
    return tuple(found[:MOST])


def pair_of(problem: Problem, pick: Pick) -> Pairs:
    """A pick as columns of length one."""
    orders = problem.orders
    first, last = int(orders.offset[pick.order]), int(orders.offset[pick.order + 1])
    row = first + int(np.searchsorted(orders.start[first:last], pick.start))
    return Pairs.of(problem, ints([pick.client]), ints([row]))


def _told(problem: Problem, pair: Pairs, points: Mapping[str, int]) -> list[Reason]:
    """Reasons that are true and in the client's favour, with the code of their part."""
    clients, client = problem.clients, int(pair.client[0])
    days, gigs = int(clients.days_since_offer[client]), int(clients.gigs_90[client])
    spare = clients.limits[client] - problem.orders.demands[pair.order[0]]
    holds = {
        "known_task": points["known_task"] > 0,
        "known_site": points["known_site"] > 0,
        "strength": points["strength"] > 0,
        "wish": points["wish"] > 0,
        "wished_time": points["wished_time"] > 0,
        "waiting": points["waiting"] > 0 and days >= MANY_DAYS,
        "few_gigs": points["few_gigs"] > 0,
        "comfort": points["comfort"] > 0 and bool((spare > 0).all()),
    }
    values = {"waiting": {"days": days}, "few_gigs": {"gigs": gigs}}
    found = [_reason(code, **values.get(code, {})) for code, true in holds.items() if true]
    none = {
        "waiting": "no_offers" if days >= YEAR else "waiting",
        "few_gigs": "few_gigs" if gigs else "first_gigs",
    }
    return [
        one
        if none.get(one.code, one.code) == one.code
        else Reason(one.code, SENTENCES[none[one.code]], {})
        for one in found
    ]


def _reason(code: str, **values: int) -> Reason:
    return Reason(code, SENTENCES[code], values)
