"""At 72, 24 and 4 hours before the start: how many steps the clock has reached."""

from datetime import timedelta
from itertools import pairwise

import pytest

from jobcenter.orders.clocks import CLOCKS, usual
from jobcenter.orders.escalating import ALARM, step_at

SECOND = timedelta(seconds=1)
STEPS = tuple(usual("escalation_hours").values())


@pytest.mark.parametrize(("hours", "before", "then"), [(72, 0, 1), (24, 1, 2), (4, 2, 3)])
def test_each_step_is_reached_to_the_second(hours: int, before: int, then: int) -> None:
    assert step_at(timedelta(hours=hours) + SECOND, STEPS) == before
    assert step_at(timedelta(hours=hours), STEPS) == then


def test_whoever_orders_late_goes_straight_to_the_last_step() -> None:
    assert step_at(timedelta(minutes=30), STEPS) == ALARM == 3


def test_the_steps_are_the_organisers() -> None:
    assert step_at(timedelta(hours=100), (120, 12, 2)) == 1
    assert step_at(timedelta(hours=24), (120, 12, 2)) == 1


def test_no_bounds_let_a_later_time_come_before_an_earlier_one() -> None:
    for kind, clocks in CLOCKS.items():
        reaches = sorted((clock.least, clock.most) for clock in clocks.values())
        assert all(clock.least <= clock.usual <= clock.most for clock in clocks.values()), kind
        if kind not in {"clock_days", "talks"}:
            overlaps = [one for one, then in pairwise(reaches) if one[1] > then[0]]
            assert overlaps == [], kind
