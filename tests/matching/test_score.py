"""Every part of the score counts what it says, and nothing about support or answers counts."""

from dataclasses import replace

import numpy as np
import pytest

from jobcenter.matching.candidates import candidates, picks_of
from jobcenter.matching.check import worth
from jobcenter.matching.pairs import Pairs
from jobcenter.matching.problem import FOREVER, Problem
from jobcenter.matching.records import Client, Coach, Order, Start, VisitNeed
from jobcenter.matching.score import PARTS, rank, score
from jobcenter.matching.terms import Weights
from tests.matching.city import City, city
from tests.matching.small import DAY, at, client, order, pair, problem

WEIGHTS = Weights()
DAY_10 = at(10, 10)
PART_CASES: list[tuple[str, Order, Client, int]] = [
    ("filled", order(), client(), 1000),
    ("priority", order(priority=2), client(), 120),
    ("priority", order(), client(), 0),
    ("urgency", order(DAY_10), client(), 0),
    ("urgency", order(at(6, 10)), client(), 40),
    ("urgency", order(at(2, 10), DAY_10), client(), 80),
    ("urgency", order(DAY), client(), 120),
    (
        "wish",
        order(task=1, site=2, party=3),
        client(likes_tasks={1: 3}, likes_sites={2: 1}, likes_parties={3: -2}),
        20,
    ),
    ("wish", order(task=1), client(likes_tasks={0: 3}), 0),
    (
        "wished_time",
        order(starts=(Start(minute=DAY, time_class=2),)),
        client(likes_times={2: 3}),
        30,
    ),
    (
        "wished_time",
        order(starts=(Start(minute=DAY, time_class=1),)),
        client(likes_times={2: 3}),
        0,
    ),
    ("strength", order(task=1), client(strengths={1: 2}), 20),
    ("strength", order(task=0), client(strengths={1: 2}), 0),
    ("nearness", order(place=0), client(trip_limit=20), 100),
    ("nearness", order(place=2), client(trip_limit=20), 50),
    ("nearness", order(place=2), client(trip_limit=10), 0),
    ("nearness", order(place=0), client(trip_limit=0), 100),
    ("comfort", order(demands=(1, 1, 1)), client(limits=(1, 2, 9)), 8 + 16),
    ("comfort", order(demands=(3,)), client(limits=(1,)), 0),
    ("waiting", order(), client(days_since_offer=12), 24),
    ("waiting", order(), client(days_since_offer=FOREVER), 120),
    ("few_gigs", order(), client(gigs_90=0), 60),
    ("few_gigs", order(), client(gigs_90=5), 10),
    ("few_gigs", order(), client(gigs_90=50), 0),
    ("few_offers", order(), client(offers_90=0), 40),
    ("few_offers", order(), client(offers_90=7), 5),
    ("few_offers", order(), client(offers_90=20), 0),
    ("left_out", order(), client(days_since_offer=30), 60),
    ("left_out", order(), client(days_since_offer=29), 0),
    ("known_site", order(site=4), client(knows_sites=frozenset({4})), 40),
    ("known_site", order(site=3), client(knows_sites=frozenset({4})), 0),
    ("known_task", order(task=4), client(knows_tasks=frozenset({4})), 20),
    ("known_task", order(task=3), client(knows_tasks=frozenset({4})), 0),
]


@pytest.mark.parametrize(("code", "wanted", "person", "points"), PART_CASES)
def test_a_part_counts(code: str, wanted: Order, person: Client, points: int) -> None:
    made = problem([wanted], [person])
    part = next(part for part in PARTS if part.code == code)
    assert part.points(made, pair(made)).tolist() == [points]


def test_every_part_is_tried() -> None:
    assert {code for code, *_ in PART_CASES} == {part.code for part in PARTS}


def test_the_score_is_the_sum_that_the_checker_knows() -> None:
    made = city(City(orders=60))
    found = candidates(made)
    picks = picks_of(found.pairs)
    some = np.random.default_rng(1).integers(len(picks), size=300).tolist()
    assert [int(found.points[one]) for one in some] == [worth(made, picks[one]) for one in some]


def test_needing_support_costs_nobody_a_point() -> None:
    every_hour = VisitNeed(earliest=0, latest=0, minutes=120)
    coach = Coach(shifts=((0, 5 * DAY),))
    people = [client(profile=0), client(profile=1)]
    made = problem([order()], people, [coach], plans={(1, 0): (every_hour,)})
    assert len(set(candidates(made).points.tolist())) == 1


def _ranked(*people: Client) -> list[int]:
    made = problem([order()], people, weights=Weights(few_gigs=0, waiting=0))
    pairs = Pairs.of(made, np.arange(len(people)), np.zeros(len(people), dtype=np.int64))
    return [int(one) for one in rank(made, pairs, score(made, pairs))]


def test_points_come_first() -> None:
    assert _ranked(client(gigs_90=0), client(gigs_90=9, knows_tasks=frozenset({0}))) == [1, 0]


def test_between_equals_the_fewest_gigs_then_the_longest_wait_then_the_hash() -> None:
    few = client(gigs_90=1, days_since_gig=3, tie=5)
    fewer = client(gigs_90=0, days_since_gig=3, tie=9)
    longer = client(gigs_90=1, days_since_gig=4, tie=7)
    lower = client(gigs_90=1, days_since_gig=3, tie=4)
    assert _ranked(few, fewer, longer, lower) == [1, 2, 3, 0]


def _worth(made: Problem) -> int:
    return int(score(made, pair(made))[0])


def test_an_offer_weighs_the_same_whatever_was_answered() -> None:
    """Only the days since the offer are known: there is no field for a no or for silence."""
    said_no = problem([order()], [client(days_since_offer=3)])
    said_yes = problem([order()], [client(days_since_offer=3)])
    assert _worth(said_no) == _worth(said_yes)
    fields = set(type(said_no.clients).__dataclass_fields__)
    assert not {name for name in fields if "declin" in name or "answer" in name}


def test_weights_are_data() -> None:
    made = problem([order(priority=1)], [client()])
    heavier = replace(made, weights=replace(WEIGHTS, priority=WEIGHTS.priority + 5))
    assert _worth(heavier) == _worth(made) + 5
