"""Every hard rule says yes and no where it should, and the checker says the same."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pytest

from jobcenter.matching.check import breaches
from jobcenter.matching.plan import Pick, Plan
from jobcenter.matching.problem import FOREVER, REMOTE, Problem
from jobcenter.matching.records import Busy, Client, Order, Plans, VisitNeed
from jobcenter.matching.rules import RULES
from jobcenter.matching.terms import Terms
from tests.matching.small import at, client, order, pair, problem, starts


class Case(NamedTuple):
    """One order and one client; says whether the rule holds."""

    rule: str
    holds: bool
    order: Order
    client: Client
    now: int = 0
    terms: Terms | None = None
    plans: Plans | None = None


def gig(begin: int, end: int, place: int = 0, buffer: int = 0) -> Busy:
    return Busy(begin=begin, end=end, place=place, buffer=buffer, gig=True)


def days_of_gigs(days: Sequence[int], first: float, last: float) -> tuple[Busy, ...]:
    return tuple(gig(at(day, first), at(day, last)) for day in days)


TEN = at(1, 10)
NOON = at(1, 12)
# A call of ten minutes that ends between eleven and one.
CALL: Plans = {(0, 0): (VisitNeed(earliest=50, latest=170, minutes=10, presence=REMOTE),)}
HP = frozenset({0})
CASES = [
    Case("place", True, order(places=1), client()),
    Case("place", False, order(places=0), client()),
    Case("asked", True, order(asked=frozenset({1})), client()),
    Case("asked", False, order(asked=frozenset({0})), client()),
    Case("task", True, order(task=3), client(no_tasks=frozenset({2}))),
    Case("task", False, order(task=3), client(no_tasks=frozenset({3}))),
    Case("site", True, order(site=3), client(no_sites=frozenset({2}))),
    Case("site", False, order(site=3), client(no_sites=frozenset({3}))),
    Case("orderer", True, order(party=3), client(no_parties=frozenset({2}))),
    Case("orderer", False, order(party=3), client(no_parties=frozenset({3}))),
    Case("region", True, order(region=1), client(region=1)),
    Case("region", True, order(region=1), client()),
    Case("region", True, order(), client(region=1)),
    Case("region", False, order(region=1), client(region=2)),
    Case("demands", True, order(demands=(2, 3)), client(limits=(2, 3))),
    Case("demands", False, order(demands=(2, 3)), client(limits=(3, 2))),
    Case("outdoors", True, order(outdoors=True), client(outdoors=True)),
    Case("outdoors", True, order(outdoors=False), client(outdoors=False)),
    Case("outdoors", False, order(outdoors=True), client(outdoors=False)),
    Case("language", True, order(languages=frozenset({0, 1})), client(languages=frozenset({1}))),
    Case("language", True, order(), client(languages=frozenset({2}))),
    Case("language", False, order(languages=frozenset({0, 1})), client(languages=frozenset({2}))),
    Case("language", False, order(languages=frozenset({0})), client()),
    Case("steps", True, order(step_free=True), client(needs_step_free=True)),
    Case("steps", True, order(step_free=False), client()),
    Case("steps", False, order(step_free=False), client(needs_step_free=True)),
    Case("trip", True, order(place=2), client(trip_limit=10)),
    Case("trip", False, order(place=2), client(trip_limit=9)),
    Case("trip", True, order(place=0), client(trip_limit=0)),
    Case("notice", True, order(TEN), client(), now=TEN),
    Case("notice", False, order(TEN), client(), now=TEN + 1),
    Case("notice", False, order(TEN), client(), now=TEN - 60, terms=Terms(earliest_notice=61)),
    Case("start", True, order(TEN, NOON, chosen=TEN), client()),
    Case("start", False, order(TEN, NOON, chosen=NOON), client()),
    Case(
        "qualifications",
        True,
        order(qualifications=frozenset({1})),
        client(qualifications={0: FOREVER, 1: NOON}),
    ),
    Case(
        "qualifications",
        False,
        order(qualifications=frozenset({1})),
        client(qualifications={1: NOON - 1}),
    ),
    Case(
        "qualifications",
        False,
        order(qualifications=frozenset({0, 1})),
        client(qualifications={0: FOREVER}),
    ),
    Case("counters", True, order(TEN, counted=HP), client(dues=((0, TEN + 1, FOREVER),))),
    Case("counters", False, order(TEN, counted=HP), client(dues=((0, TEN, TEN + 1),))),
    Case("counters", True, order(TEN, counted=HP), client(dues=((0, 0, TEN),))),
    Case("counters", True, order(TEN), client(dues=((0, 0, FOREVER),))),
    Case(
        "counters",
        True,
        order(TEN, counted=HP),
        client(dues=((0, 0, FOREVER),), qualifications={0: NOON}),
    ),
    Case(
        "counters",
        False,
        order(TEN, counted=HP),
        client(dues=((0, 0, FOREVER),), qualifications={0: NOON - 1}),
    ),
    Case("decision", True, order(TEN), client(undecided=((0, FOREVER),))),
    Case("decision", True, order(TEN), client(), plans=CALL),
    Case("decision", True, order(TEN), client(undecided=((0, NOON),)), plans=CALL),
    Case("decision", False, order(TEN), client(undecided=((0, NOON + 61),)), plans=CALL),
    Case("decision", True, order(TEN), client(undecided=((NOON, FOREVER),)), plans=CALL),
    Case("decision", False, order(TEN), client(undecided=((at(1, 11), FOREVER),)), plans=CALL),
    Case("available", True, order(TEN), client(free=((TEN, NOON),))),
    Case("available", True, order(TEN), client(free=((TEN, TEN + 60), (TEN + 60, NOON)))),
    Case("available", False, order(TEN), client(free=((TEN, NOON - 1),))),
    Case("available", False, order(TEN), client(free=((TEN, TEN + 60), (TEN + 61, NOON)))),
    Case("available", False, order(TEN), client(free=())),
    Case("activity", True, order(TEN), client(busy=(Busy(begin=NOON, end=NOON + 60, place=0),))),
    Case(
        "activity", True, order(TEN), client(busy=(Busy(begin=NOON + 7, end=NOON + 60, place=1),))
    ),
    Case(
        "activity", False, order(TEN), client(busy=(Busy(begin=NOON + 6, end=NOON + 60, place=1),))
    ),
    Case("free", True, order(TEN), client(busy=(gig(NOON, NOON + 60),))),
    Case("free", True, order(TEN), client(busy=(gig(TEN - 60, TEN - 7, place=1),))),
    Case("free", False, order(TEN), client(busy=(gig(TEN - 60, TEN - 6, place=1),))),
    Case("free", False, order(TEN), client(busy=(gig(NOON - 1, NOON + 60),))),
    Case("free", True, order(TEN, buffer=30), client(busy=(gig(NOON, NOON + 60),))),
    Case("free", True, order(TEN, buffer=30), client(busy=(gig(NOON + 37, NOON + 60, place=1),))),
    Case("free", False, order(TEN, buffer=30), client(busy=(gig(NOON + 36, NOON + 60, place=1),))),
    Case("free", False, order(TEN), client(busy=(gig(NOON + 36, NOON + 60, place=1, buffer=30),))),
    Case("daily_rest", True, order(at(1, 9)), client(busy=(gig(at(0, 18), at(0, 22)),))),
    Case("daily_rest", False, order(at(1, 9) - 1), client(busy=(gig(at(0, 18), at(0, 22)),))),
    Case("daily_rest", True, order(at(1, 6)), client(busy=(gig(at(1, 20), at(1, 22)),))),
    Case("rest_days", True, order(at(2, 9)), client(rest_days=1, busy=(gig(at(0, 9), at(0, 10)),))),
    Case(
        "rest_days", True, order(at(0, 9)), client(rest_days=2, busy=(gig(at(0, 12), at(0, 13)),))
    ),
    Case(
        "rest_days", False, order(at(2, 9)), client(rest_days=2, busy=(gig(at(0, 9), at(0, 10)),))
    ),
    Case(
        "rest_days", False, order(at(0, 9)), client(rest_days=2, busy=(gig(at(2, 9), at(2, 10)),))
    ),
    Case("news", True, order(), client()),
    Case("news", False, order(), client(one_new=True)),
    Case("news", True, order(), client(one_new=True, practised=frozenset({0}))),
    Case("news", True, order(), client(one_new=True, knows_tasks=frozenset({0}))),
    Case("news", True, order(), client(one_new=True, knows_sites=frozenset({0}))),
    Case("weekly_rest", True, order(at(1, 8)), client(busy=days_of_gigs((0, 2, 3, 4), 8, 16))),
    Case("weekly_rest", True, order(at(6, 11)), client(busy=days_of_gigs((0, 1, 2, 3, 4), 8, 24))),
    Case(
        "weekly_rest",
        False,
        order(at(6, 10)),
        client(busy=days_of_gigs((0, 1, 2, 3, 4), 8, 24)),
    ),
    Case("week_minutes", True, order(), client(week_minutes=(120,))),
    Case("week_minutes", False, order(), client(week_minutes=(119,))),
    Case("week_minutes", True, order(at(8, 10)), client(week_minutes=(0, 120))),
    Case("week_gigs", True, order(), client(week_gigs=(1,))),
    Case("week_gigs", False, order(), client(week_gigs=(0,))),
    Case(
        "earnings",
        True,
        order(starts=starts(TEN, cents=3450, period=2)),
        client(ceilings=((0, 2, 3450), (0, 1, 0))),
    ),
    Case(
        "earnings",
        False,
        order(starts=starts(TEN, cents=3450, period=2)),
        client(ceilings=((0, 2, 3449),)),
    ),
]


def made(case: Case) -> Problem:
    return problem([case.order], [case.client], now=case.now, terms=case.terms, plans=case.plans)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}-{case.holds}")
def test_a_rule_holds_or_not(case: Case) -> None:
    rule = next(rule for rule in RULES if rule.code == case.rule)
    assert rule.holds(made(case), pair(made(case))).tolist() == [case.holds]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}-{case.holds}")
def test_the_checker_sees_the_same(case: Case) -> None:
    plan = Plan((Pick(0, 0, int(made(case).orders.start[0])),))
    codes = {breach.code for breach in breaches(made(case), plan)}
    assert (case.rule in codes) is not case.holds


def test_every_rule_has_a_yes_and_a_no() -> None:
    for rule in RULES:
        assert {case.holds for case in CASES if case.rule == rule.code} == {True, False}


def test_a_rule_over_a_column_is_the_rule_of_each_pair() -> None:
    people = [client(trip_limit=limit, week_gigs=(limit % 2,)) for limit in range(3, 20)]
    both = problem([order(place=2)], people)
    rows = np.zeros(len(people), dtype=np.int64)
    columns = type(pair(both)).of(both, np.arange(len(people)), rows)
    for rule in RULES:
        alone = [bool(rule.holds(both, pair(both, one))[0]) for one in range(len(people))]
        assert rule.holds(both, columns).tolist() == alone
