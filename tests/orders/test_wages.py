"""What a piece of work pays: evenings, nights, week-ends and holidays, to the cent."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from jobcenter.errors import RuleMissing
from jobcenter.figures import DatedFigure
from jobcenter.orders.wages import wage
from jobcenter.reference.pay import figures

HELSINKI = ZoneInfo("Europe/Helsinki")
KNOWN = figures(2026)
POINTS = {"evening": 1500, "night": 3000, "saturday": 2000, "sunday": 10000}


def plain(holiday_compensation: int = 0) -> list[DatedFigure]:
    """Return the supplements with a holiday compensation of our own."""
    amounts = {**POINTS, "holiday_compensation": holiday_compensation}
    begins, ends = date(2026, 1, 1), date(2028, 1, 1)
    return [
        DatedFigure("supplement", name, points, begins, ends, "test")
        for name, points in amounts.items()
    ]


def at(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=HELSINKI).astimezone(UTC)


CASES = [
    ("a weekday morning is plain", "2026-11-24", "10:00", 180, 1150, {"pay": 3450}),
    ("the evening begins at six", "2026-11-24", "17:00", 120, 1200, {"pay": 2400, "evening": 180}),
    ("the night begins at ten", "2026-11-24", "21:30", 60, 1200,
     {"pay": 1200, "evening": 90, "night": 180}),
    ("the night ends at six", "2026-11-25", "05:00", 120, 1200, {"pay": 2400, "night": 360}),
    ("a Saturday", "2026-11-28", "10:00", 60, 1200, {"pay": 1200, "saturday": 240}),
    ("a Sunday evening earns both", "2026-11-29", "18:00", 60, 1200,
     {"pay": 1200, "evening": 180, "sunday": 1200}),
    ("a church holiday is a Sunday", "2026-12-25", "10:00", 60, 1200,
     {"pay": 1200, "sunday": 1200}),
    ("Christmas Eve is a Thursday", "2026-12-24", "10:00", 60, 1200, {"pay": 1200}),
    ("Saturday ends at midnight", "2026-11-28", "23:00", 120, 1200,
     {"pay": 2400, "night": 720, "saturday": 240, "sunday": 1200}),
    ("half a cent goes up", "2026-11-24", "10:00", 30, 1111, {"pay": 556}),
    ("no minutes, no pay", "2026-11-24", "10:00", 0, 1200, {}),
]  # fmt: skip


@pytest.mark.parametrize(("why", "day", "clock", "minutes", "hourly", "lines"), CASES)
def test_components(
    why: str, day: str, clock: str, minutes: int, hourly: int, lines: dict[str, int]
) -> None:
    earned = wage(hourly, at(day, clock), minutes, plain())
    assert {line.name: line.cents for line in earned.components} == lines, why
    assert earned.cents == sum(lines.values())


def test_holiday_compensation_is_a_share_of_everything() -> None:
    earned = wage(1200, at("2026-11-29", "10:00"), 60, plain(900))
    assert [line.cents for line in earned.components] == [1200, 1200, 216]


@pytest.mark.parametrize(
    ("day", "minutes"), [("2026-10-25", 120), ("2027-03-28", 120)], ids=["autumn", "spring"]
)
def test_minutes_are_those_that_really_pass(day: str, minutes: int) -> None:
    """In the night of the change of clocks, from two: two hours of night and Sunday, both times."""
    earned = wage(1200, at(day, "02:00"), minutes, plain())
    counted = {line.name: line.minutes for line in earned.components}
    assert counted == {"pay": 120, "night": 120, "sunday": 120}
    after = wage(1200, at(day, "02:00") + timedelta(hours=8), 60, plain())
    assert {line.name for line in after.components} == {"pay", "sunday"}


def test_a_supplement_that_counts_and_has_no_row_stops() -> None:
    without = [figure for figure in KNOWN if figure.key != "evening"]
    with pytest.raises(RuleMissing, match="evening"):
        wage(1200, at("2026-11-24", "18:00"), 60, without)
    assert wage(1200, at("2026-11-24", "10:00"), 60, without).cents == 1308
    with pytest.raises(RuleMissing, match="holiday_compensation"):
        wage(1200, at("2035-11-26", "10:00"), 60, KNOWN)
