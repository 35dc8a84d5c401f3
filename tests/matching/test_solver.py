"""Whole rounds: golden problems, determinism, repair, and a city near its proven bound."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from jobcenter.matching.candidates import candidates
from jobcenter.matching.check import breaches, value
from jobcenter.matching.draft import Draft
from jobcenter.matching.plan import Pick
from jobcenter.matching.problem import Problem
from jobcenter.matching.records import Busy, Client, Coach, Order, VisitNeed
from jobcenter.matching.solver import Effort, Progress, Result, solve
from tests.matching.city import City, city
from tests.matching.small import at, client, order, problem, starts

TEN, TWO = at(1, 10), at(1, 14)
SHIFT = ((at(1, 8), at(1, 18)),)
QUICK = Effort(steps=200)
DOOR = VisitNeed(earliest=-30, latest=-30, minutes=60)


def sound(made: Problem, effort: Effort = QUICK, seed: int = 1) -> Result:
    result = solve(made, effort=effort, seed=seed)
    assert breaches(made, result.plan) == []
    assert value(made, result.plan) == result.value <= result.bound
    return result


def golden() -> Iterator[tuple[str, Problem, int]]:
    """A name, a problem, and how many places the best plan fills."""
    yield "nobody", problem([order()], []), 0
    yield "nothing to do", problem([], [client()]), 0
    yield "one and one", problem([order()], [client()]), 1
    yield "two orders at once", problem([order(TEN), order(TEN)], [client()]), 1
    yield "a day of two", problem([order(TEN), order(TWO)], [client()]), 2
    window = order(starts=starts(*range(TEN, TWO, 15)))
    yield "a window gives way", problem([order(TEN), window], [client()]), 2
    specialist = client(qualifications={0: at(9, 0)})
    special = order(qualifications=frozenset({0}))
    yield "the specialist is spared", problem([order(), special], [specialist, client()]), 2
    coach = [Coach(shifts=SHIFT)]
    needy = {(0, 0): (DOOR,)}
    yield "one coach, one door", problem([order(), order()], [client()] * 2, coach, plans=needy), 1
    later = [order(TEN, place=1), order(at(1, 11.5), place=2)]
    yield "one coach, two doors", problem(later, [client()] * 2, coach, plans=needy), 2
    group = order(TEN, places=3, group=True)
    shared = {(0, 0): (replace(DOOR, ratio=3),)}
    yield "a shared visit", problem([group], [client()] * 3, coach, plans=shared), 3
    poor: list[Client] = [client(ceilings=((0, 0, 5000),))]
    paid: list[Order] = [order(starts=starts(one, cents=3000)) for one in (TEN, TWO)]
    yield "a ceiling", problem(paid, poor), 1


@pytest.mark.parametrize(("made", "filled"), [(one, count) for _, one, count in golden()])
def test_golden_problems_are_solved_and_proven(made: Problem, filled: int) -> None:
    result = sound(made)
    assert len(result.plan.picks) == filled
    assert result.bound == result.value
    assert result.share == 1.0


def test_the_same_work_gives_the_same_plan() -> None:
    made = city(City(orders=60, coach_days=0.3))
    first, second = sound(made), sound(made)
    assert (first.plan, first.bound, first.steps) == (second.plan, second.bound, second.steps)


def test_progress_tells_of_a_bound_that_falls_and_a_value_that_grows() -> None:
    told: list[Progress] = []
    result = solve(city(City(orders=60, coach_days=0.3)), effort=QUICK, tell=told.append)
    bounds, values = [one.bound for one in told], [one.value for one in told]
    assert bounds == sorted(bounds, reverse=True)
    assert values == sorted(values)
    assert (values[-1], bounds[-1]) == (result.value, result.bound)


def test_a_round_can_be_stopped_and_still_has_a_plan_and_a_bound() -> None:
    made = city(City(orders=60, coach_days=0.3))
    result = solve(made, stop=lambda: True)
    assert result.steps == 0
    assert 0 < result.value <= result.bound
    assert breaches(made, result.plan) == []


def test_a_repair_leaves_what_is_frozen_alone() -> None:
    """The frozen gig is its client's engagement, its visit the coach's: both are gone round."""
    gig = Busy(begin=TEN, end=at(1, 12), place=0, gig=True)
    visit = Busy(begin=TEN - 30, end=TEN + 30, place=1)
    people = [client(busy=(gig,)), client(profile=1)]
    coaches = [Coach(shifts=SHIFT, busy=(visit,)), Coach(shifts=SHIFT)]
    made = problem([order(TEN, place=3)], people, coaches, plans={(1, 0): (DOOR,)})
    result = sound(made)
    assert result.plan.picks == (Pick(0, 1, TEN),)
    assert [one.coach for one in result.plan.bookings] == [1]


def test_another_place_of_an_order_keeps_its_start() -> None:
    made = problem([order(TEN, TWO, places=2, chosen=TWO)], [client()] * 2)
    assert {pick.start for pick in sound(made).plan.picks} == {TWO}


def test_everybody_found_fits_alone() -> None:
    made = city(City(orders=30, coach_days=0.2))
    assert set(sound(made).found.picks()) == set(candidates(made).picks())


def test_a_draft_goes_back_to_exactly_what_was() -> None:
    made = city(City(orders=40, coach_days=0.3))
    draft = Draft(made, candidates(made))
    for one in range(0, len(draft.picks), 3):
        draft.add(one)
    before, mark = (draft.plan(), draft.value), draft.mark()
    for one in sorted(draft.inside)[::2]:
        if one in draft.inside:
            draft.remove(one)
    for one in range(1, len(draft.picks), 3):
        draft.add(one)
    assert breaches(made, draft.plan()) == []
    draft.undo(mark)
    assert (draft.plan(), draft.value) == before


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_city_comes_within_half_a_per_cent_of_its_bound(seed: int) -> None:
    result = sound(city(City(orders=80, seed=seed, coach_days=0.3)), Effort(steps=800))
    assert result.share >= 0.995
