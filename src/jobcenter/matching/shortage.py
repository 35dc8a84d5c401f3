"""By how much one broken rule is missed, and in words what would be enough."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from jobcenter.matching.pairs import (
    Pairs,
    cards_lacking,
    over_ceilings,
    trip_minutes,
    visits_undecided,
    week_of,
)
from jobcenter.matching.problem import NOBODY, Problem


@dataclass(frozen=True, slots=True)
class Change:
    """What would be enough, with its numbers, and how far away that is (as if in minutes)."""

    cost: int
    sentence: str
    values: Mapping[str, int]


def demands(problem: Problem, pair: Pairs) -> Change | None:
    over = problem.orders.demands[pair.order[0]] - problem.clients.limits[pair.client[0]]
    missed = (over > 0).nonzero()[0]
    if missed.size != 1:
        return None
    demand, levels = int(missed[0]), int(over[missed[0]])
    sentence = "Would fit if the limit for {demand} were higher by {levels}."
    return Change(120 * levels, sentence, {"demand": demand, "levels": levels})


def outdoors(_problem: Problem, _pair: Pairs) -> Change | None:
    return Change(300, "Would fit if outdoor work were fine.", {})


def language(_problem: Problem, _pair: Pairs) -> Change | None:
    return Change(300, "Would fit if the order accepted the person's language.", {})


def steps(_problem: Problem, _pair: Pairs) -> Change | None:
    return Change(400, "Would fit if there were a way in without steps.", {})


def trip(problem: Problem, pair: Pairs) -> Change | None:
    over = trip_minutes(problem, pair) - problem.clients.trip_limit[pair.client]
    sentence = "Would fit if a trip of {minutes} min more were fine."
    return Change(4 * int(over[0]), sentence, {"minutes": int(over[0])})


def qualifications(problem: Problem, pair: Pairs) -> Change | None:
    held = problem.clients.valid_until[pair.client[0]]
    lacking = problem.orders.qualifications[pair.order[0]] & (held < pair.end[0])
    return _cards(problem, pair, lacking.nonzero()[0].tolist())


def counters(problem: Problem, pair: Pairs) -> Change | None:
    _, cards = cards_lacking(problem, pair)
    return _cards(problem, pair, cards.tolist())


def _cards(problem: Problem, pair: Pairs, missed: list[int]) -> Change | None:
    if len(missed) != 1:
        return None
    values = {"qualification": missed[0]}
    if problem.clients.valid_until[pair.client[0], missed[0]] == NOBODY:
        return Change(240, "Would fit with one more qualification: {qualification}.", values)
    return Change(120, "Would fit if this were renewed: {qualification}.", values)


def decision(problem: Problem, pair: Pairs) -> Change | None:
    """The last day that the decision would have to reach: that of the latest visit in the way."""
    _, rows = visits_undecided(problem, pair)
    support = problem.support
    anchor = np.where(support.from_end[rows], pair.end[0], pair.start[0])
    least = np.maximum(anchor + support.earliest[rows], problem.calendar.now)
    until = int((least + support.minutes[rows]).max())
    sentence = "Would fit if there were a decision for the coaching of {day}."
    return Change(240, sentence, {"day": until})


def available(problem: Problem, pair: Pairs) -> Change | None:
    """The part of the gig that lies outside the span that covers most of it."""
    free, client = problem.clients.free, int(pair.client[0])
    start, end = int(pair.start[0]), int(pair.end[0])
    best = (end - start, start, end)
    for row in range(int(free.offset[client]), int(free.offset[client + 1])):
        begin, until = int(free.begin[row]), int(free.end[row])
        if begin <= start < until:
            best = min(best, (end - until, until, end))
        elif begin < end <= until:
            best = min(best, (begin - start, start, begin))
    minutes, begin, until = best
    sentence = "Would fit if the person were free from {begin} to {end}."
    return Change(2 * minutes, sentence, {"begin": begin, "end": until})


def week_minutes(problem: Problem, pair: Pairs) -> Change | None:
    week = int(week_of(problem, pair.start)[0])
    left = int(problem.clients.week_minutes[pair.client[0], week])
    over = int(pair.end[0] - pair.start[0]) - left
    sentence = "Would fit if the weekly hours were {minutes} min more."
    return Change(over, sentence, {"minutes": over})


def week_gigs(problem: Problem, pair: Pairs) -> Change | None:
    week = int(week_of(problem, pair.start)[0])
    more = 1 - int(problem.clients.week_gigs[pair.client[0], week])
    sentence = "Would fit with more gigs that week than wished: {gigs}."
    return Change(60 * more, sentence, {"gigs": more})


def earnings(problem: Problem, pair: Pairs) -> Change | None:
    _, _, over = over_ceilings(problem, pair)
    cents = int(over.max())
    sentence = "Would fit if the pay were {cents} less, or after a benefits talk."
    return Change(cents // 20, sentence, {"cents": cents})


SHORTAGES: Mapping[str, Callable[[Problem, Pairs], Change | None]] = {
    "demands": demands,
    "outdoors": outdoors,
    "language": language,
    "steps": steps,
    "trip": trip,
    "qualifications": qualifications,
    "counters": counters,
    "decision": decision,
    "available": available,
    "week_minutes": week_minutes,
    "week_gigs": week_gigs,
    "earnings": earnings,
}
"""By the code of the rule; where time is the trouble, `near.py` tries other starts as well."""
