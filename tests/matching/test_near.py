"""Near misses name the one rule in the way and a change that is enough; lists rank who fits."""

from dataclasses import replace

import pytest

from jobcenter.matching.candidates import candidates
from jobcenter.matching.check import breaches
from jobcenter.matching.near import (
    COACH_AT,
    COACH_BETWEEN,
    COACH_COSTS,
    OTHER_START,
    near_misses,
    waiting_for_support,
)
from jobcenter.matching.plan import Pick, Plan
from jobcenter.matching.problem import FOREVER, REMOTE
from jobcenter.matching.reasons import SENTENCES, reasons
from jobcenter.matching.records import Busy, Client, Coach, Order, VisitNeed
from jobcenter.matching.rules import RULES, SUPPORT
from jobcenter.matching.top import top
from jobcenter.matching.visits import Agenda
from tests.matching.city import City, city
from tests.matching.small import ALWAYS, at, client, order, problem, starts

TEN, NOON = at(1, 10), at(1, 12)
NEARLY: list[tuple[str, Order, Client, str]] = [
    (
        "demands",
        order(demands=(2, 3)),
        client(limits=(2, 1)),
        "Would fit if the limit for {demand} were higher by {levels}.",
    ),
    (
        "outdoors",
        order(outdoors=True),
        client(outdoors=False),
        "Would fit if outdoor work were fine.",
    ),
    (
        "language",
        order(languages=frozenset({0})),
        client(languages=frozenset({1})),
        "Would fit if the order accepted the person's language.",
    ),
    (
        "steps",
        order(step_free=False),
        client(needs_step_free=True),
        "Would fit if there were a way in without steps.",
    ),
    (
        "trip",
        order(place=2),
        client(trip_limit=7),
        "Would fit if a trip of {minutes} min more were fine.",
    ),
    (
        "qualifications",
        order(qualifications=frozenset({1})),
        client(),
        "Would fit with one more qualification: {qualification}.",
    ),
    (
        "qualifications",
        order(qualifications=frozenset({1})),
        client(qualifications={1: TEN}),
        "Would fit if this were renewed: {qualification}.",
    ),
    (
        "counters",
        order(counted=frozenset({0})),
        client(dues=((0, 0, FOREVER),)),
        "Would fit with one more qualification: {qualification}.",
    ),
    (
        "available",
        order(TEN),
        client(free=((at(1, 10.5), NOON),)),
        "Would fit if the person were free from {begin} to {end}.",
    ),
    (
        "week_minutes",
        order(),
        client(week_minutes=(90,)),
        "Would fit if the weekly hours were {minutes} min more.",
    ),
    (
        "week_gigs",
        order(),
        client(week_gigs=(0,)),
        "Would fit with more gigs that week than wished: {gigs}.",
    ),
    (
        "earnings",
        order(starts=starts(TEN, cents=3450)),
        client(ceilings=((0, 0, 3000),)),
        "Would fit if the pay were {cents} less, or after a benefits talk.",
    ),
]
NUMBERS = [
    {"demand": 1, "levels": 2},
    {},
    {},
    {},
    {"minutes": 3},
    {"qualification": 1},
    {"qualification": 1},
    {"qualification": 0},
    {"begin": TEN, "end": at(1, 10.5)},
    {"minutes": 30},
    {"gigs": 1},
    {"cents": 450},
]


@pytest.mark.parametrize(("case", "numbers"), list(zip(NEARLY, NUMBERS, strict=True)))
def test_a_near_miss_says_what_is_enough(
    case: tuple[str, Order, Client, str], numbers: dict[str, int]
) -> None:
    code, wanted, person, sentence = case
    (miss,) = near_misses(problem([wanted], [person]), 0, 5)
    assert (miss.code, miss.change.sentence, miss.change.values) == (code, sentence, numbers)
    assert miss.broken == next(rule.broken for rule in RULES if rule.code == code)


@pytest.mark.parametrize(
    "person",
    [
        client(no_tasks=frozenset({0})),
        client(no_sites=frozenset({0})),
        client(no_parties=frozenset({0})),
        client(region=2),
    ],
)
def test_what_a_person_ruled_out_is_not_a_near_miss(person: Client) -> None:
    assert near_misses(problem([order(region=1)], [person]), 0, 5) == ()


def test_who_breaks_two_rules_is_not_near() -> None:
    person = client(week_gigs=(0,), outdoors=False)
    assert near_misses(problem([order(outdoors=True)], [person]), 0, 5) == ()


def test_who_fits_is_not_a_miss() -> None:
    assert near_misses(problem([order()], [client()]), 0, 5) == ()


def test_another_start_is_offered_where_the_time_is_the_trouble() -> None:
    busy = client(busy=(Busy(begin=TEN, end=TEN + 30, place=0, gig=True),))
    (miss,) = near_misses(problem([order(TEN)], [busy]), 0, 5)
    assert (miss.code, miss.change.sentence) == ("free", OTHER_START)
    # Half an hour later is the nearest: two hours earlier would end just as the other gig begins.
    assert (dict(miss.change.values), miss.change.cost) == ({"at": TEN + 30}, 30)


def test_no_other_start_is_offered_when_others_agreed_on_one() -> None:
    busy = client(busy=(Busy(begin=TEN, end=TEN + 30, place=0, gig=True),))
    assert near_misses(problem([order(TEN, places=2, chosen=TEN)], [busy]), 0, 5) == ()


def test_a_decision_is_asked_for_up_to_the_visit_that_it_lacks() -> None:
    call = VisitNeed(earliest=50, latest=170, minutes=10, presence=REMOTE)
    person, coach = client(undecided=((0, at(3, 0)),)), Coach(shifts=ALWAYS)
    made = problem([order(TEN)], [person], [coach], plans={(0, 0): (call,)})
    (miss,) = near_misses(made, 0, 5)
    assert (miss.code, miss.change.values) == ("decision", {"day": TEN + 60})
    # Where a part of the window is left, the visit lies in it.
    open_late = replace(person, undecided=((at(1, 11), TEN + 150),))
    late = problem([order(TEN)], [open_late], [coach], plans={(0, 0): (call,)})
    agenda = Agenda(late)
    assert agenda.add(Pick(0, 0, TEN)) is None
    (booking,) = agenda.bookings()
    assert booking.begin >= TEN + 140
    assert breaches(late, Plan((Pick(0, 0, TEN),), (booking,))) == []


AT_START = VisitNeed(earliest=-30, latest=-30, minutes=60, label=7)
CALL = VisitNeed(earliest=-600, latest=-30, minutes=10, presence=REMOTE, label=8)


@pytest.mark.parametrize(
    ("need", "sentence", "begin", "end"),
    [
        (AT_START, COACH_AT, TEN - 30, TEN + 30),
        (CALL, COACH_BETWEEN, TEN - 600, TEN - 20),
    ],
)
def test_a_pair_without_a_coach_waits_for_support(
    need: VisitNeed, sentence: str, begin: int, end: int
) -> None:
    made = problem([order(TEN)], [client()], [Coach()], plans={(0, 0): (need,)})
    (miss,) = waiting_for_support(made, 0)
    assert (miss.code, miss.broken) == (SUPPORT[0], SUPPORT[2])
    assert miss.change.sentence == sentence
    assert dict(miss.change.values) == {
        "begin": begin,
        "end": end,
        "minutes": need.minutes,
        "visit": need.label,
    }
    assert near_misses(made, 0, 5) == (miss,)


def test_a_coach_at_another_start_is_nearer_than_a_coach_who_is_not_there() -> None:
    """Half an hour of waiting for the coach costs less than finding one."""
    late = Coach(shifts=((TEN, at(1, 16)),))
    made = problem([order(TEN)], [client()], [late], plans={(0, 0): (AT_START,)})
    assert [miss.code for miss in waiting_for_support(made, 0)] == ["support"]
    (miss,) = near_misses(made, 0, 5)
    assert miss.change.cost <= COACH_COSTS


def test_the_smallest_change_comes_first_and_everybody_once() -> None:
    people = [client(week_minutes=(left,)) for left in (30, 110, 60)]
    misses = near_misses(problem([order()], people), 0, 2)
    assert [miss.pick.client for miss in misses] == [1, 2]


def test_named_changes_are_enough_in_a_city() -> None:
    """Where a trip, an hour or a gig more was said to be enough, it is."""
    made = city(City(orders=40, coach_days=0.3))
    clients = made.clients
    generous = replace(
        made,
        clients=replace(
            clients, trip_limit=clients.trip_limit + 1000, week_gigs=clients.week_gigs + 10
        ),
    )
    told = [
        miss
        for number in range(0, 40, 4)
        for miss in near_misses(made, number, 10)
        if miss.code in {"trip", "week_gigs"} and miss.change.sentence != OTHER_START
    ]
    fits = set(candidates(generous).picks())
    assert told
    assert {miss.pick for miss in told} <= fits


def test_the_top_list_is_the_best_of_the_candidates() -> None:
    made = city(City(orders=40))
    found = candidates(made)
    for number in range(0, 40, 8):
        here = found.pairs.order == number
        best: dict[int, int] = {}
        rows = zip(found.pairs.client[here].tolist(), found.points[here].tolist(), strict=True)
        for person, points in rows:
            best[person] = max(points, best.get(person, 0))
        ranked = top(made, number, 5)
        assert [one.points for one in ranked] == sorted(best.values(), reverse=True)[:5]
        assert len({one.pick.client for one in ranked}) == len(ranked)


def test_somebody_on_the_list_fits_alone() -> None:
    made = problem([order(TEN)], [client()], weights=None)
    (ranked,) = top(made, 0, 5)
    assert breaches(made, Plan((ranked.pick,))) == []


def test_reasons_are_three_to_five_and_true() -> None:
    made = city(City(orders=40))
    for ranked in top(made, 0, 5) + top(made, 7, 5):
        told = reasons(made, ranked.pick)
        assert 3 <= len(told) <= 5
        assert all(reason.sentence in SENTENCES.values() for reason in told)
        assert len({reason.sentence for reason in told}) == len(told)


def test_reasons_tell_what_counts_most_first() -> None:
    person = client(home=1, knows_tasks=frozenset({0}), days_since_offer=30, gigs_90=6, free=ALWAYS)
    told = reasons(problem([order()], [person]), Pick(0, 0, TEN))
    assert [(one.sentence, dict(one.values)) for one in told] == [
        ("Free for the whole gig.", {}),
        ("The trip takes {minutes} min.", {"minutes": 7}),
        ("{days} days since the last offer.", {"days": 30}),
        ("Has done this kind of task before.", {}),
        ("Within the person's own limits.", {}),
    ]


def test_reasons_tell_of_visits_and_of_first_gigs() -> None:
    coach = Coach(shifts=((0, at(3, 0)),))
    made = problem([order(TEN)], [client()], [coach], plans={(0, 0): (AT_START,)})
    said = [reason.sentence for reason in reasons(made, Pick(0, 0, TEN))]
    assert SENTENCES["next_door"] in said
    assert SENTENCES["visit"] in said
    assert SENTENCES["first_gigs"] in said
    twice = problem([order(TEN)], [client()], [coach], plans={(0, 0): (AT_START, AT_START)})
    told = {reason.sentence: reason.values for reason in reasons(twice, Pick(0, 0, TEN))}
    assert told[SENTENCES["visits"]] == {"visits": 2}
