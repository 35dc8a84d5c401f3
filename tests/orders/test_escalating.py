"""At 72, 24 and 4 hours before the start: how many steps the clock has reached."""

from datetime import timedelta

import pytest

from jobcenter.orders.escalating import ALARM, step_at

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(("hours", "before", "then"), [(72, 0, 1), (24, 1, 2), (4, 2, 3)])
def test_each_step_is_reached_to_the_second(hours: int, before: int, then: int) -> None:
    assert step_at(timedelta(hours=hours) + SECOND) == before
    assert step_at(timedelta(hours=hours)) == then


def test_whoever_orders_late_goes_straight_to_the_last_step() -> None:
    assert step_at(timedelta(minutes=30)) == ALARM == 3
