"""The hard rules: what must hold before a client may be picked for an order at a start.

Each rule is one function over columns of pairs, and the same function over a column of length one
explains a single pair. The last rule, whether a coach can be there, needs diaries and stands in
`visits.py`; only its words are here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from jobcenter.matching.pairs import (
    Pairs,
    cards_lacking,
    covered,
    gap,
    none_of,
    over_ceilings,
    rest_left,
    short_gaps,
    spread,
    trip_minutes,
    visits_undecided,
    week_of,
)
from jobcenter.matching.problem import NOBODY, Flags, Ints, Problem, flags

Holds: TypeAlias = Callable[[Problem, Pairs], Flags]


def place_is_left(problem: Problem, pairs: Pairs) -> Flags:
    return flags(problem.orders.places[pairs.order] > 0)


def start_is_in_time(problem: Problem, pairs: Pairs) -> Flags:
    return flags(pairs.start >= problem.calendar.now + problem.terms.earliest_notice)


def start_is_the_chosen_one(problem: Problem, pairs: Pairs) -> Flags:
    chosen = problem.orders.chosen[pairs.order]
    return flags((chosen == NOBODY) | (chosen == pairs.row))


def client_was_not_asked(problem: Problem, pairs: Pairs) -> Flags:
    return ~problem.orders.asked.has(pairs.order, pairs.client)


def task_is_welcome(problem: Problem, pairs: Pairs) -> Flags:
    return ~problem.clients.no_task.has(pairs.client, problem.orders.task[pairs.order])


def site_is_welcome(problem: Problem, pairs: Pairs) -> Flags:
    return ~problem.clients.no_site.has(pairs.client, problem.orders.site[pairs.order])


def orderer_is_welcome(problem: Problem, pairs: Pairs) -> Flags:
    return ~problem.clients.no_party.has(pairs.client, problem.orders.party[pairs.order])


def region_is_the_same(problem: Problem, pairs: Pairs) -> Flags:
    home, work = (
        problem.clients.region[pairs.client],
        problem.orders.region[pairs.order],
    )
    return flags((home == NOBODY) | (work == NOBODY) | (home == work))


def qualifications_are_valid(problem: Problem, pairs: Pairs) -> Flags:
    needed = problem.orders.qualifications[pairs.order]
    held = problem.clients.valid_until[pairs.client] >= pairs.end[:, None]
    return flags((~needed | held).all(axis=1))


def demands_are_within_limits(problem: Problem, pairs: Pairs) -> Flags:
    within = problem.orders.demands[pairs.order] <= problem.clients.limits[pairs.client]
    return flags(within.all(axis=1))


def outdoors_is_fine(problem: Problem, pairs: Pairs) -> Flags:
    return ~problem.orders.outdoors[pairs.order] | problem.clients.outdoors[pairs.client]


def language_is_shared(problem: Problem, pairs: Pairs) -> Flags:
    asked = problem.orders.languages[pairs.order]
    shared = asked & problem.clients.languages[pairs.client]
    return flags(~asked.any(axis=1) | shared.any(axis=1))


def site_is_step_free(problem: Problem, pairs: Pairs) -> Flags:
    needs = problem.clients.needs_step_free[pairs.client]
    return flags(~needs | problem.orders.step_free[pairs.order])


def trip_is_short_enough(problem: Problem, pairs: Pairs) -> Flags:
    return flags(trip_minutes(problem, pairs) <= problem.clients.trip_limit[pairs.client])


def counters_have_room(problem: Problem, pairs: Pairs) -> Flags:
    at, _ = cards_lacking(problem, pairs)
    return none_of(pairs, at)


def decision_reaches_every_visit(problem: Problem, pairs: Pairs) -> Flags:
    at, _ = visits_undecided(problem, pairs)
    return none_of(pairs, at)


def client_is_available(problem: Problem, pairs: Pairs) -> Flags:
    return covered(problem.clients.free, pairs.client, pairs.start, pairs.end)


def activity_is_not_missed(problem: Problem, pairs: Pairs) -> Flags:
    at, row, missing = short_gaps(problem, pairs)
    return none_of(pairs, at[(missing > 0) & ~problem.clients.busy.gig[row]])


def client_is_free(problem: Problem, pairs: Pairs) -> Flags:
    at, row, missing = short_gaps(problem, pairs)
    return none_of(pairs, at[(missing > 0) & problem.clients.busy.gig[row]])


def daily_rest_is_kept(problem: Problem, pairs: Pairs) -> Flags:
    busy, calendar = problem.clients.busy, problem.calendar
    at, row = spread(busy.offset, pairs.client)
    other_day = calendar.day_of(busy.begin[row]) != calendar.day_of(pairs.start[at])
    between = gap(busy.begin[row], busy.end[row], pairs.start[at], pairs.end[at])
    return none_of(pairs, at[busy.gig[row] & other_day & (between < problem.terms.daily_rest)])


def rest_days_are_kept(problem: Problem, pairs: Pairs) -> Flags:
    busy, calendar = problem.clients.busy, problem.calendar
    at, row = spread(busy.offset, pairs.client)
    days = np.abs(calendar.day_of(busy.begin[row]) - calendar.day_of(pairs.start[at]))
    wanted = problem.clients.rest_days[pairs.client[at]]
    return none_of(pairs, at[busy.gig[row] & (days > 0) & (days <= wanted)])


def not_all_is_new(problem: Problem, pairs: Pairs) -> Flags:
    clients, orders = problem.clients, problem.orders
    task = orders.task[pairs.order]
    known = clients.knows_task.has(pairs.client, task) | clients.practised.has(pairs.client, task)
    met = clients.knows_site.has(pairs.client, orders.site[pairs.order])
    return flags(~clients.one_new[pairs.client] | known | met)


def weekly_rest_is_kept(problem: Problem, pairs: Pairs) -> Flags:
    busy = problem.clients.busy
    at, row = spread(busy.offset, pairs.client)
    at, row = at[busy.gig[row]], row[busy.gig[row]]
    kept = np.ones(pairs.client.size, dtype=np.bool_)
    edges = np.searchsorted(at, np.arange(pairs.client.size + 1))
    # Most weeks are so empty that on average no stretch can be too short; the rest need the loop.
    for pair in np.flatnonzero(_weeks_are_full(problem, pairs, at, row)):
        rows = row[edges[pair] : edges[pair + 1]]
        gigs = [(int(busy.begin[one]), int(busy.end[one])) for one in rows]
        gigs.append((int(pairs.start[pair]), int(pairs.end[pair])))
        kept[pair] = rest_left(problem, gigs, gigs[-1]) >= problem.terms.weekly_rest
    return kept


def _weeks_are_full(problem: Problem, pairs: Pairs, at: Ints, row: Ints) -> Flags:
    """Whether all of the client's gigs in the shortest week might leave too little rest."""
    busy, calendar = problem.clients.busy, problem.calendar
    weeks = [calendar.week_bounds(week) for week in np.unique(calendar.week).tolist()]
    shortest = min(end - begin for begin, end in weeks)
    lengths = busy.end[row] - busy.begin[row]
    worked = np.bincount(at, weights=lengths, minlength=pairs.client.size)
    stretches = np.bincount(at, minlength=pairs.client.size) + 2
    left = shortest - worked - (pairs.end - pairs.start)
    return flags(left < problem.terms.weekly_rest * stretches)


def week_has_minutes_left(problem: Problem, pairs: Pairs) -> Flags:
    left = problem.clients.week_minutes[pairs.client, week_of(problem, pairs.start)]
    return flags(pairs.end - pairs.start <= left)


def week_has_gigs_left(problem: Problem, pairs: Pairs) -> Flags:
    left = problem.clients.week_gigs[pairs.client, week_of(problem, pairs.start)]
    return flags(left > 0)


def earnings_stay_under(problem: Problem, pairs: Pairs) -> Flags:
    at, _, over = over_ceilings(problem, pairs)
    return none_of(pairs, at[over > 0])


@dataclass(frozen=True, slots=True)
class Rule:
    """A hard rule: its code, what must hold, what is said when it does not, and the function."""

    code: str
    sentence: str
    broken: str
    holds: Holds
    timed: bool = False
    """Depends on the start, not only on client and order."""


RULES: tuple[Rule, ...] = (
    Rule("place", "The order has a place left.", "All places are taken.", place_is_left),
    Rule(
        "asked",
        "Nobody is asked twice about the same order.",
        "This person was already asked.",
        client_was_not_asked,
    ),
    Rule(
        "task",
        "The client has not ruled out this kind of task.",
        "The person does not want this kind of task.",
        task_is_welcome,
    ),
    Rule(
        "site",
        "The client has not ruled out this place.",
        "The person does not want to go to this place.",
        site_is_welcome,
    ),
    Rule(
        "orderer",
        "The client has not ruled out this orderer.",
        "The person does not want to work for this orderer.",
        orderer_is_welcome,
    ),
    Rule(
        "region",
        "The order is in the client's own region, when regions are used.",
        "The order is in another region.",
        region_is_the_same,
    ),
    Rule(
        "demands",
        "No demand of the task is above the client's own limit.",
        "The task asks for more than the person's limit.",
        demands_are_within_limits,
    ),
    Rule(
        "outdoors",
        "Outdoor work only for those who are fine with it.",
        "The work is outdoors.",
        outdoors_is_fine,
    ),
    Rule(
        "language",
        "The client speaks one of the languages the order asks for.",
        "There is no shared language.",
        language_is_shared,
    ),
    Rule(
        "steps",
        "A client who needs a step-free way goes only to places that have one.",
        "The place has steps.",
        site_is_step_free,
    ),
    Rule(
        "news",
        "Not both the task and the place are new, for those who take one new thing at a time.",
        "Task and place are both new; this person takes one new thing at a time.",
        not_all_is_new,
    ),
    Rule(
        "trip",
        "The trip from home is not longer than the client's limit.",
        "The trip is too long.",
        trip_is_short_enough,
    ),
    Rule(
        "notice",
        "The gig does not start too soon from now.",
        "The start is too soon.",
        start_is_in_time,
        timed=True,
    ),
    Rule(
        "start",
        "Everybody on one order starts at the same time.",
        "The others on this order start at another time.",
        start_is_the_chosen_one,
        timed=True,
    ),
    Rule(
        "qualifications",
        "Every qualification the order needs is valid until the gig ends.",
        "A qualification is missing or runs out before.",
        qualifications_are_valid,
        timed=True,
    ),
    Rule(
        "counters",
        "Once so much of a work is done that its card is needed, only with the card.",
        "So much of this work is done that a card is needed for more.",
        counters_have_room,
        timed=True,
    ),
    Rule(
        "decision",
        "Every visit the client needs can end on a day of the decision that its coaching needs.",
        "A coach visit would fall on a day without the decision that it needs.",
        decision_reaches_every_visit,
        timed=True,
    ),
    Rule(
        "available",
        "The client is available for the whole gig.",
        "The person is not available then.",
        client_is_available,
        timed=True,
    ),
    Rule(
        "activity",
        "The gig and the trip leave the client's activity hours alone.",
        "The person is at their work activity then.",
        activity_is_not_missed,
        timed=True,
    ),
    Rule(
        "free",
        "The client has no other gig then, and time to travel between gigs.",
        "The person has another gig too close.",
        client_is_free,
        timed=True,
    ),
    Rule(
        "daily_rest",
        "Between gigs on different days there are 11 hours of rest.",
        "The rest between two days would be too short.",
        daily_rest_is_kept,
        timed=True,
    ),
    Rule(
        "rest_days",
        "The client's own rest days lie between days with gigs.",
        "The person wants more days of rest in between.",
        rest_days_are_kept,
        timed=True,
    ),
    Rule(
        "weekly_rest",
        "Every week has 35 hours of rest in one piece.",
        "The weekly rest would be too short.",
        weekly_rest_is_kept,
        timed=True,
    ),
    Rule(
        "week_minutes",
        "The client's gigs of the week stay within their weekly hours.",
        "The weekly hours are full.",
        week_has_minutes_left,
        timed=True,
    ),
    Rule(
        "week_gigs",
        "The client has no more gigs a week than they want.",
        "The person has enough gigs that week.",
        week_has_gigs_left,
        timed=True,
    ),
    Rule(
        "earnings",
        "The pay keeps every earnings limit of the client.",
        "An earnings limit would be passed.",
        earnings_stay_under,
        timed=True,
    ),
)

SUPPORT = (
    "support",
    "Every visit the client needs has a coach of the unit, with the coach's travel and language.",
    "Waiting for support: no coach of the unit can be there.",
)
"""Code, sentence and broken sentence of the last rule, which `visits.py` decides."""
