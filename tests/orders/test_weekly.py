"""Weekly hours on days when the clocks change, joined, cut and asked."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.dialects.postgresql import Range

from jobcenter.orders.weekly import covers, ends_of, joined, without, written_out

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_weekdays_hours_are_those_of_the_wall() -> None:
    tuesday = written_out([(1, 540, 720), (2, 540, 600)], NOON, NOON)
    assert tuesday == [
        (datetime(2026, 11, 24, 7, tzinfo=UTC), datetime(2026, 11, 24, 10, tzinfo=UTC))
    ]


def test_hours_that_touch_are_one_span_also_over_midnight() -> None:
    night = written_out([(1, 1200, 1440), (2, 0, 420)], NOON, NOON + timedelta(days=1))
    assert night == [
        (datetime(2026, 11, 24, 18, tzinfo=UTC), datetime(2026, 11, 25, 5, tzinfo=UTC))
    ]


@pytest.mark.parametrize(("day", "hours"), [((2027, 3, 28), 23), ((2027, 10, 31), 25)])
def test_a_whole_sunday_has_as_many_hours_as_it_has(day: tuple[int, int, int], hours: int) -> None:
    noon = datetime(*day, 12, tzinfo=UTC)
    (span,) = written_out([(6, 0, 1440)], noon, noon)
    assert span[1] - span[0] == hours * HOUR


@pytest.mark.parametrize(
    ("day", "hours"), [((2027, 3, 28), 6), ((2027, 10, 31), 8), ((2027, 4, 4), 7)]
)
def test_a_night_over_the_switch_is_as_long_as_it_is(day: tuple[int, int, int], hours: int) -> None:
    sunday = datetime(*day, 12, tzinfo=UTC)
    (night,) = [
        span
        for span in written_out([(5, 1380, 1440), (6, 0, 360)], sunday - timedelta(days=1), sunday)
        if span[1] > sunday - 12 * HOUR
    ]
    assert night[1] - night[0] == hours * HOUR


def test_spans_are_joined_cut_and_asked() -> None:
    whole = joined([(NOON, NOON + HOUR), (NOON + HOUR, NOON + 3 * HOUR)])
    assert whole == [(NOON, NOON + 3 * HOUR)]
    left = without(whole, [(NOON + HOUR, NOON + 2 * HOUR)])
    assert left == [(NOON, NOON + HOUR), (NOON + 2 * HOUR, NOON + 3 * HOUR)]
    assert covers(whole, NOON, NOON + 3 * HOUR)
    assert not covers(left, NOON, NOON + 2 * HOUR)
    assert without(whole, [(NOON - HOUR, NOON + 4 * HOUR)]) == []


def test_a_range_without_an_end_is_a_bug() -> None:
    assert ends_of(Range(NOON, NOON + HOUR)) == (NOON, NOON + HOUR)
    with pytest.raises(ValueError, match="without an end"):
        ends_of(Range(NOON, None))
