"""Stays that overlap in a coach's diary – promises on several lists – leave room where there is."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from jobcenter.matching.check import breaches
from jobcenter.matching.diary import STEP, Diary, Roads, Visit
from jobcenter.matching.engine import decide, steps_of
from jobcenter.matching.problem import NOBODY, REMOTE
from jobcenter.matching.records import Busy, Coach, VisitNeed
from jobcenter.matching.solver import solve
from jobcenter.matching.stays import untangled
from tests.matching.small import at, client, order, problem

NINE, WAY = at(1, 9), 7
"""Seven minutes lie between place 0 and place 1."""
LONG = Busy(begin=NINE, end=NINE + 120)
INSIDE = Busy(begin=NINE + 10, end=NINE + 20)

stays = some.builds(
    lambda begin, minutes, place: Busy(begin=NINE + begin, end=NINE + begin + minutes, place=place),
    some.integers(0, 200),
    some.integers(5, 90),
    some.sampled_from((NOBODY, 1)),
)
visits = some.builds(
    lambda earliest, more, minutes, place: Visit(NINE + earliest, NINE + more, minutes, place, 0),
    some.integers(-30, 120),
    some.integers(0, 280),
    some.integers(5, 60),
    some.sampled_from((NOBODY, 0)),
)


def is_possible(busy: Sequence[Busy], visit: Visit, begin: int) -> bool:
    """Whether the coach, free from 8 to 14 but for the stays, could begin the visit then."""
    end = begin + visit.minutes
    if begin < NINE - 60 or end > NINE + 300:
        return False
    if any(one.begin < end and begin < one.end for one in busy):
        return False
    before = max((o.end for o in busy if o.place == 1 and o.end <= begin), default=0)
    after = min((o.begin for o in busy if o.place == 1 and o.begin >= end), default=at(2, 9))
    placed = [range(o.begin, o.end) for o in busy if o.place == 1]
    called = {minute for o in busy for minute in range(o.begin, o.end)}
    calls = called.difference(*placed)
    if visit.place == NOBODY:
        return True
    return (
        begin - before - sum(before <= minute < begin for minute in calls) >= WAY
        and after - end - sum(end <= minute < after for minute in calls) >= WAY
    )


def diary_of(busy: Sequence[Busy]) -> Diary:
    made = problem([order()], [client()], [Coach(shifts=((at(1, 8), at(1, 14)),), busy=(*busy,))])
    return Diary(made.coaches, 0, Roads(made.travel))


@given(some.lists(stays, max_size=6), visits)
@settings(max_examples=300, deadline=None)
def test_a_visit_begins_at_the_first_minute_that_is_really_free(
    busy: list[Busy], visit: Visit
) -> None:
    window = range(visit.earliest, visit.latest + 1)
    free = [begin for begin in window if is_possible(busy, visit, begin)]
    found = diary_of(busy).slot(visit)
    if found is None:
        assert free == []
    else:
        assert found in free
        assert found in {free[0], -(-free[0] // STEP) * STEP}


@given(some.lists(stays, max_size=8))
@settings(deadline=None)
def test_untangled_stays_take_the_same_minutes_once(busy: list[Busy]) -> None:
    taken = [minute for one in untangled(busy) for minute in range(one.begin, one.end)]
    assert taken == sorted({minute for one in busy for minute in range(one.begin, one.end)})


def test_a_visit_that_others_may_join_stays_whole() -> None:
    joinable = Busy(begin=NINE + 30, end=NINE + 90, place=1, order=0, room=2)
    twice = untangled([LONG, joinable, joinable])
    assert twice == (
        Busy(begin=NINE, end=NINE + 30),
        joinable,
        Busy(begin=NINE + 90, end=NINE + 120),
    )


@pytest.mark.parametrize("busy", [(LONG, INSIDE), (LONG, LONG, INSIDE)])
def test_no_plan_sends_a_coach_to_two_at_once(busy: tuple[Busy, ...]) -> None:
    call = VisitNeed(earliest=-45, latest=100, minutes=30, presence=REMOTE)
    made = problem(
        [order(at(1, 10))],
        [client()],
        [Coach(shifts=((NINE, at(1, 16)),), busy=busy)],
        plans={(0, 0): (call,)},
    )
    for plan in (solve(made).plan, decide(made, steps_of(150)).plan):
        assert breaches(made, plan) == []
        assert [one.begin for one in plan.bookings] == [NINE + 120]
