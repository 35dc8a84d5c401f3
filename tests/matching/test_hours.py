"""The matcher's grid of time, also in the weeks when the clocks change."""

from datetime import UTC, date, datetime

import pytest

from jobcenter.matching.loading.hours import (
    ExceptionFact,
    Grid,
    HoursFact,
    Weekly,
    changed_by,
    without,
)

MONDAY = date(2026, 11, 23)
SPRING = date(2027, 3, 28)
AUTUMN = date(2027, 10, 31)
NINE_TO_TWELVE = HoursFact(weekday=6, from_minute=9 * 60, to_minute=12 * 60)


def test_a_grid_is_whole_weeks() -> None:
    grid = Grid.around(date(2026, 11, 25), date(2026, 12, 7))
    assert grid == Grid(MONDAY, 21)
    assert grid.origin == datetime(2026, 11, 22, 22, tzinfo=UTC)
    assert grid.end == datetime(2026, 12, 13, 22, tzinfo=UTC)


def test_minutes_and_moments_are_each_others_inverse() -> None:
    grid = Grid(MONDAY, 14)
    moment = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
    assert grid.minute(moment) == 34 * 60 + 30
    assert grid.moment(grid.minute(moment)) == moment


@pytest.mark.parametrize(
    ("sunday", "minutes"), [(date(2026, 11, 29), 1440), (SPRING, 1380), (AUTUMN, 1500)]
)
def test_days_keep_their_real_length(sunday: date, minutes: int) -> None:
    calendar = Grid.around(sunday, sunday).calendar(datetime(2026, 11, 23, tzinfo=UTC))
    lengths = [
        int(end - begin)
        for begin, end in zip(calendar.day_starts, calendar.day_starts[1:], strict=False)
    ]
    assert lengths == [1440] * 6 + [minutes]


@pytest.mark.parametrize("sunday", [date(2026, 11, 29), SPRING, AUTUMN])
def test_weekly_hours_follow_the_clock_on_the_wall(sunday: date) -> None:
    grid = Grid.around(sunday, sunday)
    spans = Weekly(grid).spans([NINE_TO_TWELVE])
    walls = [[f"{grid.moment(edge):%H:%M}" for edge in span] for span in spans]
    # UTC is two hours behind in winter and three in summer.
    nine = "06:00" if sunday == SPRING else "07:00"
    twelve = "09:00" if sunday == SPRING else "10:00"
    assert walls == [[nine, twelve]]


def test_hours_to_midnight_end_with_the_day() -> None:
    grid = Grid(MONDAY, 7)
    evening = HoursFact(weekday=0, from_minute=20 * 60, to_minute=24 * 60)
    assert Weekly(grid).spans([evening]) == [(1200, 1440)]


def test_hours_that_do_not_exist_shrink_instead_of_failing() -> None:
    night = HoursFact(weekday=6, from_minute=3 * 60 + 30, to_minute=5 * 60)
    grid = Grid.around(SPRING, SPRING)
    ((begin, end),) = Weekly(grid).spans([night])
    assert begin <= end


def test_weeks_are_counted_from_the_first_monday() -> None:
    grid = Grid(MONDAY, 21)
    moments = [datetime(2026, 11, day, 12, tzinfo=UTC) for day in (22, 23, 29, 30)]
    assert [grid.week(moment) for moment in moments] == [-1, 0, 0, 1]


@pytest.mark.parametrize(
    ("holes", "left"),
    [
        ([], ((0, 100),)),
        ([(40, 60)], ((0, 40), (60, 100))),
        ([(0, 100)], ()),
        ([(-10, 10), (90, 200)], ((10, 90),)),
        ([(200, 300)], ((0, 100),)),
        ([(10, 20), (15, 30)], ((0, 10), (30, 100))),
    ],
)
def test_holes_are_cut_out(holes: list[tuple[int, int]], left: tuple[tuple[int, int], ...]) -> None:
    assert without([(0, 100)], holes) == left


def test_cannot_wins_over_can() -> None:
    grid = Grid(MONDAY, 7)
    monday = [(480, 720)]
    exceptions = [
        ExceptionFact(grid.moment(720), grid.moment(900), available=True),
        ExceptionFact(grid.moment(600), grid.moment(800), available=False),
    ]
    assert sorted(changed_by(monday, exceptions, grid)) == [(480, 600), (800, 900)]
