"""Cliques cover every excluding pair, HiGHS is asked rightly, and the relaxation bounds plans."""

import numpy as np
import pytest

from jobcenter.matching.candidates import candidates, conceivable
from jobcenter.matching.cliques import cliques
from jobcenter.matching.highs import Model, Work, relaxed, whole
from jobcenter.matching.records import Busy, Coach, Order, VisitNeed
from jobcenter.matching.relaxation import clashes, groups, relaxation
from jobcenter.matching.shift_room import shift_rooms
from tests.matching.small import at, client, numbers, order, problem

TEN = at(1, 10)
SHIFT = ((at(1, 8), at(1, 16)),)


@pytest.mark.parametrize("seed", range(5))
def test_cliques_cover_every_pair_and_nothing_else(seed: int) -> None:
    draw = np.random.default_rng(seed).random((40, 40)) < 0.4
    exclude = np.triu(draw, 1) | np.triu(draw, 1).T
    covered = np.zeros_like(exclude)
    for group in cliques(exclude):
        covered[np.ix_(group, group)] = True
    np.fill_diagonal(covered, val=False)
    assert (covered == exclude).all()


def test_three_that_exclude_each_other_are_one_group() -> None:
    exclude = ~np.eye(3, dtype=np.bool_)
    assert [group.tolist() for group in cliques(exclude)] == [[0, 1, 2]]


def test_nothing_excluded_needs_no_group() -> None:
    assert cliques(np.zeros((4, 4), dtype=np.bool_)) == []


def small_model() -> Model:
    """At most one of each two of three: 10 in whole numbers, 15 in halves."""
    model = Model()
    for _ in range(3):
        model.column(10.0)
    for pair in ((0, 1), (1, 2), (0, 2)):
        model.row(pair, 1, 1)
    return model


def test_the_relaxation_is_above_and_the_whole_answer_exact() -> None:
    every = np.ones(3, dtype=np.bool_)
    assert relaxed(small_model(), Work()).bound == pytest.approx(15)
    answer = whole(small_model(), Work(), every)
    assert answer.bound == pytest.approx(10)
    assert answer.values.sum() == pytest.approx(1)


def test_a_bound_holds_when_highs_is_stopped_at_once() -> None:
    assert relaxed(small_model(), Work(iterations=0)).bound >= 15 - 1e-6


def test_closed_columns_stay_at_nothing() -> None:
    answer = whole(small_model(), Work(), np.array([False, True, False]))
    assert answer.values.tolist() == [0, 1, 0]


def test_a_column_named_twice_in_a_row_adds_up() -> None:
    model = Model()
    model.column(1.0, most=10.0)
    model.row([0, 0], [1, 1], 6)
    assert relaxed(model, Work()).bound == pytest.approx(3)


def test_groups_list_positions_by_number() -> None:
    found = {number: rows.tolist() for number, rows in groups(numbers(3, 1, 3))}
    assert found == {1: [1], 3: [0, 2]}
    assert list(groups(numbers())) == []


def test_clashes_of_one_client() -> None:
    made = problem([order(TEN), order(TEN + 119), order(at(1, 13))], [client()])
    assert clashes(made, candidates(made).pairs).tolist() == [
        [False, True, False],
        [True, False, True],
        [False, True, False],
    ]


def bound_of(orders: list[Order], coaches: list[Coach], *needs: VisitNeed) -> int:
    """How many places the relaxation can fill, in whole places."""
    people = [client() for _ in orders for _ in range(2)]
    plans = {(0, 0): needs}
    made = problem(orders, people, coaches, plans=plans)
    found, _ = conceivable(made)
    answer = relaxed(relaxation(made, found).model, Work())
    return round(float(answer.values[: found.points.size].sum()))


DOOR = VisitNeed(earliest=-30, latest=-30, minutes=60)


def test_one_coach_is_not_at_two_doors_at_once() -> None:
    both = [order(TEN, place=1), order(TEN, place=2)]
    assert bound_of(both, [Coach(shifts=SHIFT)], DOOR) == 1
    assert bound_of(both, [Coach(shifts=SHIFT), Coach(shifts=SHIFT)], DOOR) == 2


@pytest.mark.parametrize(("gap", "filled"), [(67, 2), (66, 1)])
def test_the_way_between_two_doors_is_in_the_bound(gap: int, filled: int) -> None:
    both = [order(TEN, place=1), order(TEN + gap, place=2)]
    assert bound_of(both, [Coach(shifts=SHIFT)], DOOR) == filled


def test_minutes_of_wide_visits_are_in_the_bound() -> None:
    wide = VisitNeed(earliest=-120, latest=0, minutes=40, presence=1)
    three = [order(TEN, place=one) for one in range(3)]
    assert bound_of(three, [Coach(shifts=((at(1, 8), at(1, 8) + 80),))]) == 3
    assert bound_of(three, [Coach(shifts=((TEN - 80, TEN),))], wide) == 2


def test_room_in_a_shift_counts_overlapping_engagements_once() -> None:
    busy = (Busy(begin=TEN, end=TEN + 60), Busy(begin=TEN + 30, end=TEN + 90, place=2))
    made = problem([order()], [client()], [Coach(shifts=SHIFT, busy=busy)], now=at(1, 9))
    ((room,),) = shift_rooms(made)
    assert (room.begin, room.end, room.minutes) == (at(1, 9), at(1, 16), 420 - 90)
    assert room.placed.tolist() == [[2, 0]]
