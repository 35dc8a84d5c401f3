"""Forms as they were sent: nothing is lost, nothing odd gets through, weeks come back as told."""

from datetime import date

import pytest

from jobcenter.errors import Fault, Invalid
from jobcenter.intake.hours import Span, grid_of, times_of, week_of
from jobcenter.intake.told import (
    LONGEST_VALUE,
    MOST_VALUES,
    clock,
    clock_text,
    day,
    euros,
    filled,
    moment,
    received,
    refuse,
    whole,
)

MORNING, LATE = (0, 480, 720), (2, 1200, 1440)


def test_a_field_that_is_not_there_is_empty() -> None:
    form = filled({"a": "1", "b": ("x", "y"), "c": False, "d": None, "e": 0, "f": True})
    assert (form.text("a"), form.text("b"), form.text("c"), form.text("z")) == ("1", "y", "", "")
    assert form.many("b") == ("x", "y")
    assert form.has("b", "x")
    assert form.text("e") == "0"
    assert [form.ticked(name) for name in "cdf"] == [False, False, True]


def test_what_no_database_can_keep_is_left_out() -> None:
    form = received({"a": ["x\x00y", "\ud800"], "b": ["z" * 9999], "c": ["1"] * 9999})
    assert form.many("a") == ("xy", "?")
    assert len(form.text("b")) == LONGEST_VALUE
    assert len(form.many("c")) == MOST_VALUES


@pytest.mark.parametrize("text", ["", "x", "-1", "41", "1.5", "٣", "9999999"])
def test_a_number_out_of_bounds_is_told(text: str) -> None:
    faults: list[Fault] = []
    assert whole(filled({"n": text}), "n", faults, least=0, most=40) == 0
    assert [fault.code for fault in faults] == ["not_a_number"]


@pytest.mark.parametrize(
    ("text", "ends", "minutes"),
    [("9", False, 540), ("09:30", False, 570), ("24:00", True, 1440), ("00:00", True, 1440),
     ("0", False, 0), ("25:00", False, None), ("x", True, None)],
)  # fmt: skip
def test_clocks_are_read(text: str, minutes: int | None, *, ends: bool) -> None:
    faults: list[Fault] = []
    assert clock(text, "at", faults, ends=ends) == minutes
    assert bool(faults) is (minutes is None)


def test_days_and_euros_may_be_left_out_but_not_be_odd() -> None:
    faults: list[Fault] = []
    form = filled({"d": "1.2.2027", "e": "12,50", "odd": "x"})
    assert day(form, "d", faults) == date(2027, 2, 1)
    assert euros(form, "e", faults) == 1250
    assert day(form, "none", faults) is None
    assert euros(form, "none", faults) is None
    assert faults == []
    assert day(form, "odd", faults) is None
    euros(form, "odd", faults)
    assert [fault.code for fault in faults] == ["not_a_day", "not_money"]
    with pytest.raises(Invalid):
        refuse(faults)


def test_an_hour_that_does_not_exist_is_told() -> None:
    faults: list[Fault] = []
    assert moment(date(2027, 3, 28), 3 * 60 + 30, "at", faults) is None
    assert [fault.code for fault in faults] == ["time_does_not_exist"]


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [MORNING],
        [(0, 480, 960), (0, 1000, 1200)],
        [(1, 480, 1200), (6, 0, 1440)],
        [LATE, (3, 481, 720), (4, 480, 720), (4, 960, 1200)],
    ],
)
def test_a_week_comes_back_as_it_was_told(rows: list[Span]) -> None:
    faults: list[Fault] = []
    assert week_of(filled(grid_of("free", rows)), "free", faults) == sorted(rows)
    assert faults == []


def test_whole_parts_of_the_day_are_ticks_and_the_rest_are_times() -> None:
    assert grid_of("free", [(0, 480, 960)]) == {"free0": ["morning", "afternoon"]}
    assert grid_of("free", [(0, 480, 900)]) == {
        "free0_1_from": "08:00", "free0_1_to": "15:00",
    }  # fmt: skip
    assert times_of("day", [MORNING]) == {"day0_1_from": "08:00", "day0_1_to": "12:00"}
    assert clock_text(1440) == "24:00"


def test_ticks_and_times_of_one_day_join_where_they_touch() -> None:
    faults: list[Fault] = []
    form = filled({"free0": ("morning",), "free0_1_from": "12", "free0_1_to": "13"})
    assert week_of(form, "free", faults) == [(0, 480, 780)]
    assert faults == []
