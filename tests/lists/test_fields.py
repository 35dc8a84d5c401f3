"""Each kind of value: what may be typed, how it is kept, typed again, and shown."""

from typing import NamedTuple

import pytest

from jobcenter.errors import Fault
from jobcenter.intake.told import Told
from jobcenter.lists.choices import demands, pay_groups
from jobcenter.lists.fields import Field, Sources, read, shown, typed
from jobcenter.lists.listing import named

SOURCES = Sources(("G1", "G2"), {})
COLOURS = named({"": "None", "red": "Yes", "blue": "No"})
EUROS = Field("x", "Pay", "euros", least=100, most=5000)
SHARE = Field("x", "Share", "percent", most=10_000)
NUMBER = Field("x", "Days", "number", least=1, most=7)
LENGTH = Field("x", "Length", "minutes", least=1, most=600)
CLOCK = Field("x", "From", "clock", most=1440)
NAME = Field("x", "Name", most=10)
STORY = Field("x", "Text", "area", most=100)
PHONE = Field("x", "Phone", "phone")
FIRM = Field("x", "Firm", "business_id")
TICK = Field("x", "Outdoors", "tick", required=False)
COLOUR = Field("x", "Colour", "choice", options=COLOURS)
MAYBE = Field("x", "Colour", "choice", options=COLOURS, required=False)
GROUP = Field("x", "Group", "choice", options=pay_groups)
MANY = Field("x", "Colours", "many", options=COLOURS)
NONE = Field("x", "Colours", "many", options=COLOURS, required=False)
MARKS = Field("x", "Marks", "numbers", required=False)
LEVELS = Field("x", "Demands", "levels", most=3, options=demands)


class Kept(NamedTuple):
    """What is typed, what is kept of it, and how that is shown in Finnish and English."""

    field: Field
    text: str
    value: object
    finnish: str
    english: str


KEPT = [
    Kept(EUROS, "12,50", 1250, "12,50\N{NO-BREAK SPACE}€", "€12.50"),
    Kept(EUROS, "12.5", 1250, "12,50\N{NO-BREAK SPACE}€", "€12.50"),
    Kept(SHARE, "25,5", 2550, "25,50 %", "25,50 %"),
    Kept(SHARE, "22", 2200, "22 %", "22 %"),
    Kept(NUMBER, "4", 4, "4", "4"),
    Kept(LENGTH, "90", 90, "1 h 30 min", "1 h 30 min"),
    Kept(CLOCK, "21.30", 1290, "21:30", "21:30"),
    Kept(CLOCK, "8", 480, "08:00", "08:00"),
    Kept(NAME, "  Tiskaus ", "Tiskaus", "Tiskaus", "Tiskaus"),
    Kept(STORY, "a\r\nb", "a\nb", "a\nb", "a\nb"),
    Kept(PHONE, "09 310 1234", "+35893101234", "+35893101234", "+35893101234"),
    Kept(FIRM, "20774740", "2077474-0", "2077474-0", "2077474-0"),
    Kept(TICK, "1", True, "Kyllä", "Yes"),
    Kept(TICK, "", False, "Ei", "No"),
    Kept(COLOUR, "red", "red", "Kyllä", "Yes"),
    Kept(COLOUR, "", "", "Ei lainkaan", "None"),
    Kept(MAYBE, "", None, "Ei lainkaan", "None"),
    Kept(GROUP, "G2", "G2", "G2", "G2"),
    Kept(MARKS, "80, 60", [60, 80], "60, 80", "60, 80"),
    Kept(MARKS, "", None, "–", "–"),
]


@pytest.mark.parametrize("case", KEPT, ids=lambda case: f"{case.field.kind}-{case.text}")
def test_what_is_typed_is_kept_and_shown(case: Kept) -> None:
    faults: list[Fault] = []
    assert read(case.field, Told({"x": (case.text,)}), SOURCES, faults) == case.value
    assert faults == []
    finnish, english = (shown(case.field, case.value, one, SOURCES) for one in ("fi", "en"))
    assert english == case.english
    assert finnish == case.finnish
    # What a form shows again is read as the same.
    again = Told(typed(case.field, case.value, SOURCES))
    assert read(case.field, again, SOURCES, faults) == case.value


WRONG = [
    (EUROS, "", "blank"),
    (EUROS, "much", "not_money"),
    (EUROS, "12,345", "cents"),
    (EUROS, "0,50", "out_of_bounds"),
    (EUROS, "51", "out_of_bounds"),
    (SHARE, "101", "out_of_bounds"),
    (NUMBER, "0", "not_a_number"),
    (NUMBER, "8", "not_a_number"),
    (NUMBER, "two", "not_a_number"),
    (NUMBER, "9" * 40, "not_a_number"),
    (NUMBER, "", "blank"),
    (CLOCK, "25:00", "not_a_time"),
    (NAME, "", "blank"),
    (NAME, "\u200b", "blank"),
    (NAME, "much too long", "too_long"),
    (PHONE, "123", "phone_wrong"),
    (FIRM, "2077474-1", "business_id_wrong"),
    (COLOUR, "green", "unknown"),
    (GROUP, "G9", "unknown"),
    (GROUP, "", "unknown"),
    (MARKS, "60, some", "not_numbers"),
    (MARKS, "-1", "not_numbers"),
    (MANY, "green", "blank"),
]


@pytest.mark.parametrize(("field", "text", "code"), WRONG)
def test_what_cannot_be_is_said_at_the_field(field: Field, text: str, code: str) -> None:
    faults: list[Fault] = []
    read(field, Told({"x": (text,)}), SOURCES, faults)
    assert [(fault.field, fault.code) for fault in faults][:1] == [("x", code)]


def test_several_are_chosen_and_unknown_ones_left_out() -> None:
    faults: list[Fault] = []
    told = Told({"x": ("red", "green", "blue")})
    assert read(MANY, told, SOURCES, faults) == ["red", "blue"]
    assert read(NONE, Told(), SOURCES, faults) == []
    assert shown(MANY, ["red", "blue"], "en", SOURCES) == "Yes, No"
    assert typed(MANY, ["red"], SOURCES) == {"x": ("red",)}
    assert faults == []


def test_each_demand_has_its_own_level() -> None:
    faults: list[Fault] = []
    form = typed(LEVELS, [3, 0, 1, 2, 0, 1], SOURCES)
    assert form["x-physical"] == ("3",)
    assert read(LEVELS, Told(form), SOURCES, faults) == [3, 0, 1, 2, 0, 1]
    assert shown(LEVELS, [3, 0, 1, 2, 0, 1], "en", SOURCES).startswith("Bodily work 3, Meeting")
    read(LEVELS, Told({**form, "x-noise": ("4",)}), SOURCES, faults)
    assert [fault.field for fault in faults] == ["x-noise"]
