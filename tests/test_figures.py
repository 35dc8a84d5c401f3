"""Dated figures: the one that holds on the day, and a stop where there is none."""

from datetime import date

import pytest

from jobcenter.errors import RuleMissing
from jobcenter.figures import DatedFigure, amount_on

OLD = DatedFigure("pay_floor", "G1", 1000, date(2026, 1, 1), date(2027, 1, 1), "test")
NEW = DatedFigure("pay_floor", "G1", 1120, date(2027, 1, 1), None, "test")
RAISED = DatedFigure("pay_floor", "G1", 1150, date(2027, 6, 1), None, "test")


@pytest.mark.parametrize(
    ("day", "amount"),
    [
        (date(2026, 1, 1), 1000),
        (date(2026, 12, 31), 1000),
        (date(2027, 1, 1), 1120),
        (date(2027, 6, 1), 1150),
        (date(2040, 1, 1), 1150),
    ],
)
def test_the_newest_figure_that_holds_is_used(day: date, amount: int) -> None:
    assert amount_on((OLD, NEW, RAISED), "pay_floor", day, key="G1") == amount


@pytest.mark.parametrize(
    ("kind", "key", "day"),
    [
        ("pay_floor", "G1", date(2025, 12, 31)),
        ("pay_floor", "G9", date(2026, 6, 1)),
        ("vat", "", date(2026, 6, 1)),
    ],
)
def test_a_missing_figure_stops_with_a_sentence(kind: str, key: str, day: date) -> None:
    with pytest.raises(RuleMissing, match=f"The figure {kind} ?{key} is missing for {day}"):
        amount_on((OLD, NEW), kind, day, key=key)
