"""Times of orders: fixed, several starts, windows and repeats, also when the clocks change."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from jobcenter.errors import Fault, Invalid
from jobcenter.orders.occasions import Occasions, Repeat, TimeFields, check_times, dates_of
from jobcenter.times import local, of_wall

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
START = datetime(2026, 11, 24, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
TUESDAY, THURSDAY = 1, 3


def checked(raw: TimeFields) -> Occasions:
    faults: list[Fault] = []
    occasions = check_times(raw, now=NOW, faults=faults)
    if faults:
        raise Invalid(*faults)
    return occasions


def faults_of(raw: TimeFields) -> list[tuple[str, str]]:
    faults: list[Fault] = []
    check_times(raw, now=NOW, faults=faults)
    return [(fault.field, fault.code) for fault in faults]


def wall(day: date, hour: int) -> datetime:
    return of_wall(datetime.combine(day, time(hour)), field="start")


def test_a_fixed_time_has_one_start_and_lasts_what_passes() -> None:
    times = checked(TimeFields("fixed", (START,), end=START + 3 * HOUR))
    assert (times.minutes, times.occasions) == (180, ((START,),))


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (TimeFields("fixed", (START,), end=START - HOUR), ("end", "end_before_start")),
        (TimeFields("fixed", (START,), end=START), ("end", "empty_period")),
        (TimeFields("fixed", (START,), end=START + 14 * HOUR), ("end", "too_long")),
        (TimeFields("fixed", (START,), end=START + 25 * HOUR), ("end", "too_long")),
        (TimeFields("fixed", (START,), end=START + HOUR / 12), ("end", "too_short")),
        (TimeFields("fixed", (START,), 29), ("minutes", "too_short")),
        (TimeFields("fixed", (START,), 481), ("minutes", "too_long")),
        (TimeFields("fixed", (START,), -60), ("minutes", "too_short")),
        (TimeFields("fixed", (START,)), ("end", "blank")),
        (TimeFields("fixed", (), 60), ("start", "blank")),
        (TimeFields("fixed", (NOW,), 60), ("start", "in_past")),
        (TimeFields("fixed", (NOW - timedelta(minutes=1),), 60), ("start", "in_past")),
        (
            TimeFields("fixed", (datetime(2028, 11, 22, 10, 1, tzinfo=UTC),), 60),
            ("start", "too_far"),
        ),
        (TimeFields("fixed", (datetime(2031, 11, 22, tzinfo=UTC),), 60), ("start", "too_far")),
        (TimeFields("fixed", (START, START + HOUR), 60), ("start", "too_many_starts")),
        (TimeFields("fixed", (START + timedelta(seconds=1),), 60), ("start", "whole_minutes")),
        (TimeFields("window", (START,), 60), ("end", "blank")),
        (TimeFields("window", (START,), 60, START + HOUR / 2), ("end", "window_too_short")),
        (TimeFields("window", (START,), 60, START - HOUR), ("end", "end_before_start")),
        (TimeFields("window", (START,), 60, START + 25 * HOUR), ("end", "too_long")),
        (TimeFields("window", (START,), None, START + 5 * HOUR), ("minutes", "too_short")),
    ],
)
def test_times_that_cannot_be_are_told_by_field(raw: TimeFields, fault: tuple[str, str]) -> None:
    assert faults_of(raw) == [fault]


def test_the_edges_are_allowed() -> None:
    for raw in (
        TimeFields("fixed", (START,), 30),
        TimeFields("fixed", (START,), 480),
        TimeFields("fixed", (NOW + timedelta(minutes=1),), 60),
        TimeFields("fixed", (datetime(2028, 11, 22, 10, tzinfo=UTC),), 60),
    ):
        assert faults_of(raw) == []


def test_several_starts_come_sorted_and_once() -> None:
    later = START + 4 * HOUR
    times = checked(TimeFields("starts", (later, START, later), 120))
    assert times.occasions == ((START, later),)
    assert faults_of(TimeFields("starts", (NOW, later), 60)) == [("start", "in_past")]


def test_a_window_is_written_out_on_a_grid_of_half_hours() -> None:
    times = checked(TimeFields("window", (START,), 120, START + 4 * HOUR))
    assert times.starts == tuple(START + timedelta(minutes=30 * step) for step in range(5))
    exact = checked(TimeFields("window", (START,), 120, START + 2 * HOUR))
    assert exact.starts == (START,)


def test_a_repeat_makes_an_occasion_for_each_date() -> None:
    repeat = Repeat(frozenset({TUESDAY, THURSDAY}), date(2026, 11, 24), date(2026, 12, 8))
    times = checked(TimeFields("fixed", (START,), 120, repeat=repeat))
    assert [local(starts[0]).day for starts in times.occasions] == [24, 26, 1, 3, 8]
    assert {len(starts) for starts in times.occasions} == {1}


def test_a_repeated_window_keeps_its_starts_on_each_date() -> None:
    repeat = Repeat(frozenset({TUESDAY}), date(2026, 11, 24), date(2026, 12, 1))
    raw = TimeFields("window", (START,), 60, START + 2 * HOUR, repeat)
    first, second = checked(raw).occasions
    assert [start - 7 * 24 * HOUR for start in second] == list(first)


def test_a_repeat_leaves_out_dates_taken_out_and_holidays() -> None:
    repeat = Repeat(
        frozenset({TUESDAY, THURSDAY, 4}),
        date(2026, 12, 1),
        date(2027, 1, 7),
        without=frozenset({date(2026, 12, 10)}),
    )
    dates = dates_of(repeat)
    assert date(2026, 12, 10) not in dates
    assert not {date(2026, 12, 24), date(2026, 12, 25), date(2027, 1, 1)} & set(dates)
    assert date(2026, 12, 29) in dates
    assert date(2027, 1, 7) == dates[-1]


def test_a_repeat_may_be_wanted_on_holidays() -> None:
    day = date(2026, 12, 25)
    assert dates_of(Repeat(frozenset({4}), day, day)) == ()
    assert dates_of(Repeat(frozenset({4}), day, day, on_holidays=True)) == (day,)


@pytest.mark.parametrize(
    ("first", "change"),
    [(date(2027, 3, 25), date(2027, 4, 1)), (date(2027, 10, 28), date(2027, 11, 4))],
)
def test_a_repeat_keeps_the_clock_on_the_wall(first: date, change: date) -> None:
    raw = TimeFields(
        "fixed", (wall(first, 9),), 60, repeat=Repeat(frozenset({THURSDAY}), first, change)
    )
    before, after = checked(raw).starts
    assert [local(start).hour for start in (before, after)] == [9, 9]
    assert after - before != timedelta(days=7)


def test_a_repeat_over_an_hour_that_is_not_there_is_told() -> None:
    sunday = date(2027, 3, 21)
    start = of_wall(datetime.combine(sunday, time(3, 30)), field="start")
    repeat = Repeat(frozenset({6}), sunday, date(2027, 4, 4), on_holidays=True)
    raw = TimeFields("fixed", (start,), 60, repeat=repeat)
    assert faults_of(raw) == [("repeat", "time_does_not_exist")]


@pytest.mark.parametrize(
    ("repeat", "code"),
    [
        (Repeat(frozenset({1}), date(2026, 11, 24), date(2026, 11, 23)), "end_before_start"),
        (Repeat(frozenset(), date(2026, 11, 24), date(2026, 12, 24)), "no_dates"),
        (Repeat(frozenset({4}), date(2026, 12, 25), date(2026, 12, 25)), "no_dates"),
        (Repeat(frozenset({1}), date(2026, 11, 24), date(2036, 11, 24)), "too_far"),
        (Repeat(frozenset(range(7)), date(2026, 11, 24), date(2027, 11, 23)), "too_many_dates"),
    ],
)
def test_a_repeat_that_cannot_be_is_told(repeat: Repeat, code: str) -> None:
    assert faults_of(TimeFields("fixed", (START,), 60, repeat=repeat)) == [("repeat", code)]


def test_two_years_ahead_of_a_leap_day_is_the_28th() -> None:
    faults: list[Fault] = []
    now = datetime(2028, 2, 29, 12, tzinfo=UTC)
    check_times(
        TimeFields("fixed", (datetime(2030, 2, 28, 12, tzinfo=UTC),), 60), now=now, faults=faults
    )
    assert faults == []
