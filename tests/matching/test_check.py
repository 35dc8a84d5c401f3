"""The checker passes a good plan and catches every way of spoiling it."""

from dataclasses import replace

import pytest

from jobcenter.matching.check import breaches, value
from jobcenter.matching.plan import Booking, Pick, Plan, Served
from jobcenter.matching.problem import Problem
from jobcenter.matching.records import Busy, Client, Coach, VisitNeed
from tests.matching.small import at, client, order, problem, starts

TEN, NOON, TWO = at(1, 10), at(1, 12), at(1, 14)
DOOR = VisitNeed(earliest=-30, latest=0, minutes=30, ratio=2, same_coach=1)
CHECK = VisitNeed(earliest=30, latest=60, minutes=15, ratio=2, same_coach=1)
SHIFT = ((at(1, 8), at(1, 18)),)


def good_problem() -> Problem:
    """A group order for two, one more order in the afternoon, two coaches and one of elsewhere."""
    orders = [
        order(TEN, at(1, 10.5), place=1, places=2, group=True),
        order(TWO, place=3, profile=1),
    ]
    people = [client(), client(), client(unit=1), client(languages=frozenset({3}))]
    coaches = [
        Coach(shifts=SHIFT, base=0, busy=(Busy(begin=NOON, end=NOON + 30, place=1),)),
        Coach(shifts=SHIFT),
        Coach(shifts=SHIFT, unit=1),
    ]
    return problem(orders, people, coaches, plans={(0, 0): (DOOR, CHECK), (0, 1): (DOOR,)})


FIRST = Booking(0, 0, TEN - 30, 30, (Served(0, 0), Served(1, 0)))
SECOND = Booking(0, 0, TEN + 45, 15, (Served(0, 1), Served(1, 1)))
THIRD = Booking(1, 1, TWO - 30, 30, (Served(0, 0),))
GOOD = Plan((Pick(0, 0, TEN), Pick(0, 1, TEN), Pick(1, 0, TWO)), (FIRST, SECOND, THIRD))


def with_bookings(*bookings: Booking) -> Plan:
    return replace(GOOD, bookings=bookings)


def test_a_good_plan_has_no_breaches() -> None:
    assert breaches(good_problem(), GOOD) == []
    assert value(good_problem(), GOOD) > 3000


def test_an_empty_plan_is_good_and_worth_nothing() -> None:
    assert breaches(good_problem(), Plan()) == []
    assert value(good_problem(), Plan()) == 0


SPOILED: list[tuple[str, Plan]] = [
    ("support", with_bookings(FIRST, SECOND)),
    ("support", with_bookings(replace(FIRST, serves=FIRST.serves[:1]), SECOND, THIRD)),
    ("support", with_bookings(FIRST, SECOND, THIRD, replace(THIRD, coach=0))),
    ("visit", replace(GOOD, picks=GOOD.picks[:2])),
    ("visit", with_bookings(FIRST, SECOND, THIRD, replace(THIRD, serves=()))),
    ("visit_time", with_bookings(replace(FIRST, begin=TEN + 1), SECOND, THIRD)),
    ("visit_time", with_bookings(replace(FIRST, begin=TEN - 31), SECOND, THIRD)),
    ("visit_length", with_bookings(replace(FIRST, minutes=31), SECOND, THIRD)),
    ("visit_length", with_bookings(replace(FIRST, minutes=29), SECOND, THIRD)),
    (
        "visit_twice",
        with_bookings(replace(FIRST, serves=(Served(0, 0), Served(0, 1))), SECOND, THIRD),
    ),
    ("coach", with_bookings(replace(FIRST, coach=2), SECOND, THIRD)),
    ("same_coach", with_bookings(FIRST, replace(SECOND, coach=1), THIRD)),
    ("coach_twice", with_bookings(FIRST, SECOND, replace(THIRD, coach=0, begin=NOON))),
    ("shift", with_bookings(FIRST, SECOND, replace(THIRD, begin=at(1, 17.75)))),
    ("coach_travel", with_bookings(FIRST, SECOND, replace(THIRD, coach=0, begin=NOON + 36))),
    ("joins", with_bookings(replace(FIRST, joins=0), SECOND, THIRD)),
    ("start", replace(GOOD, picks=(Pick(0, 0, TEN), Pick(0, 1, at(1, 10.5)), GOOD.picks[2]))),
    ("start", replace(GOOD, picks=(Pick(0, 0, TEN + 1), *GOOD.picks[1:]))),
    ("twice", replace(GOOD, picks=(*GOOD.picks, GOOD.picks[0]))),
    ("place", replace(GOOD, picks=(*GOOD.picks, Pick(0, 2, TEN)))),
]


@pytest.mark.parametrize(("code", "plan"), SPOILED)
def test_a_spoiled_plan_is_caught(code: str, plan: Plan) -> None:
    assert code in {breach.code for breach in breaches(good_problem(), plan)}


def test_a_coach_without_the_language_is_caught() -> None:
    plan = Plan((Pick(1, 3, TWO),), (replace(THIRD, serves=(Served(3, 0),)),))
    assert {breach.code for breach in breaches(good_problem(), plan)} == {"coach"}


def test_a_visit_in_the_past_is_caught() -> None:
    made = good_problem()
    later = replace(made, calendar=replace(made.calendar, now=TEN - 29))
    assert {breach.code for breach in breaches(later, GOOD)} == {"visit_past"}


def test_more_clients_than_the_ratio_are_caught() -> None:
    made = good_problem()
    one_to_one = replace(made, support=replace(made.support, ratio=made.support.ratio // 2))
    assert "ratio" in {breach.code for breach in breaches(one_to_one, GOOD)}


def test_sharing_where_no_group_was_ordered_is_caught() -> None:
    made = good_problem()
    apart = replace(made, orders=replace(made.orders, group=~made.orders.group))
    assert "ratio" in {breach.code for breach in breaches(apart, GOOD)}


def test_the_way_from_the_base_counts() -> None:
    """Seven minutes from place 0 to place 1, and the first visit begins at half past nine."""
    made = good_problem()
    shifts = made.coaches.shifts
    for minute, caught in ((TEN - 37, False), (TEN - 36, True)):
        begin = shifts.begin.copy()
        begin[0] = minute
        late = replace(made, coaches=replace(made.coaches, shifts=replace(shifts, begin=begin)))
        assert ("coach_travel" in {one.code for one in breaches(late, GOOD)}) is caught


TOGETHER: list[tuple[str, Client, tuple[int, int], bool]] = [
    ("week_minutes", client(week_minutes=(240,)), (TEN, TWO), True),
    ("week_minutes", client(week_minutes=(239,)), (TEN, TWO), False),
    ("week_gigs", client(week_gigs=(2,)), (TEN, TWO), True),
    ("week_gigs", client(week_gigs=(1,)), (TEN, TWO), False),
    ("earnings", client(ceilings=((0, 0, 4000),)), (TEN, TWO), True),
    ("earnings", client(ceilings=((0, 0, 3999),)), (TEN, TWO), False),
    ("free", client(), (TEN, NOON), True),
    ("free", client(), (TEN, NOON - 1), False),
    ("rest_days", client(rest_days=1), (TEN, TEN + 2880), True),
    ("rest_days", client(rest_days=2), (TEN, TEN + 2880), False),
    ("daily_rest", client(), (at(1, 20), at(2, 9)), True),
    ("daily_rest", client(), (at(1, 20), at(2, 9) - 1), False),
]


@pytest.mark.parametrize(("code", "person", "times", "fits"), TOGETHER)
def test_two_gigs_of_one_person_are_judged_together(
    code: str, person: Client, times: tuple[int, int], *, fits: bool
) -> None:
    orders = [order(starts=starts(minute, cents=2000)) for minute in times]
    plan = Plan(tuple(Pick(number, 0, minute) for number, minute in enumerate(times)))
    found = {breach.code for breach in breaches(problem(orders, [person]), plan)}
    assert found == (set() if fits else {code})
