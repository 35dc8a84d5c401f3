"""What a form of each list asks for: right ones are read, wrong ones refused at their fields."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from jobcenter.errors import Invalid
from jobcenter.intake.told import Told, filled
from jobcenter.lists.catalogue import LISTS
from jobcenter.lists.drafting import SAME, Draft, drafted, form_of
from jobcenter.lists.listing import slug_of
from jobcenter.lists.reading import Entry, Row
from tests.lists.forms import KANELI, NEW, OTHER, SAID, SOURCES, Form

TODAY = date(2026, 11, 23)
NEXT_YEAR = date(2027, 1, 1)
DAY = timedelta(days=1)


def draft(code: str, form: Form, *, on: date = TODAY, entry: Entry | None = None) -> Draft:
    return drafted(LISTS[code], entry, told(form, on), SOURCES, TODAY)


def told(form: Form, on: date = TODAY) -> Told:
    return filled({**form, "from": on.isoformat()})


def test_every_list_that_can_be_changed_has_a_form_in_these_tests() -> None:
    assert {*NEW, *OTHER} == {code for code, listing in LISTS.items() if listing.editable}


@pytest.mark.parametrize("code", NEW)
def test_a_right_form_makes_an_entry(code: str) -> None:
    made = draft(code, NEW[code])
    assert (made.holds_from, made.before, made.until) == (TODAY, None, None)
    assert list(made.values) == [field.name for field in LISTS[code].values]


@pytest.mark.parametrize(
    ("code", "change", "fields"),
    [
        ("tasks", {"name_sv": ""}, ["name_sv"]),
        ("tasks", {"number": "0", "sector": "space"}, ["number", "sector"]),
        ("tasks", {"least_minutes": "180", "most_minutes": "120"}, ["most_minutes"]),
        ("tasks", {"most_minutes": "600"}, ["most_minutes"]),
        ("tasks", {"demands-noise": "5"}, ["demands-noise"]),
        ("tasks", {"pay_group": "G7"}, ["pay_group"]),
        ("units", {"languages": []}, ["languages"]),
        ("units", {"postcode": "99999", "phone": "1"}, ["postcode", "phone"]),
        ("covers", {"by_unit_id": KANELI}, ["by_unit_id"]),
        ("covers", {"unit_id": "x"}, ["unit_id"]),
        ("employers", {"insurer": ""}, ["insurer"]),
        ("employers", {"business_id": "2077474-1"}, ["business_id"]),
        ("roles", {"code": " "}, ["code"]),
        ("pay-floors", {"amount": "0"}, ["amount"]),
        ("pay-floors", {"source": ""}, ["source"]),
        ("pay-floors", {"standing": "certain"}, ["standing"]),
        ("cancellation", {"percent": "101"}, ["percent"]),
        ("cancellation", {"employer_kind": ""}, ["employer_kind"]),
        ("benefits", {"amount_cents": ""}, ["amount_cents"]),
        ("benefits", {"kind": "TAPER"}, ["taper_percent"]),
        ("benefits", {"components": []}, ["components"]),
        ("coaching", {"needs": "a law"}, ["needs"]),
    ],
)
def test_a_wrong_form_says_at_which_fields(
    code: str, change: Mapping[str, str | list[str]], fields: list[str]
) -> None:
    with pytest.raises(Invalid) as refused:
        draft(code, {**NEW[code], **change})
    assert [fault.field for fault in refused.value.faults] == fields


def entry(*rows: Row) -> Entry:
    return Entry(slug_of({"key": "G1"}), {"key": "G1"}, TODAY, rows)


def floor(cents: int, begins: date, ends: date | None = None) -> Row:
    return Row({"amount": cents, **SAID}, begins, ends)


def test_what_is_planned_for_later_ends_a_change() -> None:
    known = entry(
        floor(1200, TODAY - 30 * DAY, NEXT_YEAR), floor(1300, NEXT_YEAR),
    )  # fmt: skip
    form = {"amount": "12,50", **SAID}
    made = draft("pay-floors", form, on=TODAY + DAY, entry=known)
    assert (made.before or {})["amount"] == 1200
    assert made.until == NEXT_YEAR
    later = draft("pay-floors", form, on=NEXT_YEAR + DAY, entry=known)
    assert ((later.before or {})["amount"], later.until) == (1300, None)


def test_what_has_held_is_not_rewritten_and_nothing_changes_into_itself() -> None:
    known = entry(floor(1200, TODAY - 30 * DAY))
    with pytest.raises(Invalid, match="another look") as past:
        draft("pay-floors", {"amount": "13", **SAID}, on=TODAY - DAY, entry=known)
    assert [(fault.field, fault.code) for fault in past.value.faults] == [("from", "past")]
    with pytest.raises(Invalid) as same:
        draft("pay-floors", {"amount": "12", **SAID}, entry=known)
    assert [fault.sentence for fault in same.value.faults] == [SAME]


def test_an_entry_knows_what_holds_what_comes_and_what_held() -> None:
    held, now, ahead = (
        floor(1100, TODAY - 60 * DAY, TODAY - 30 * DAY),
        floor(1200, TODAY - 30 * DAY, TODAY + DAY),
        floor(1300, TODAY + DAY),
    )
    known = entry(held, now, ahead)
    assert (known.past, known.now, known.ahead) == ((held,), now, (ahead,))
    assert now.last_day == TODAY
    assert known.on(TODAY + DAY) == ahead
    assert known.on(TODAY - 90 * DAY) is None
    assert entry().now is None
    usual = Entry("x", {"key": "wish"}, TODAY, default={"amount": 10})
    assert usual.now == Row({"amount": 10})


def test_a_unit_lies_in_the_middle_of_its_district() -> None:
    derive = LISTS["units"].derive
    assert derive
    place = derive({"postcode": "00940"})
    assert place == {"lat": 60.239, "lon": 25.077, "region": "east"}
    assert derive({"postcode": "00100"})["region"] == "south"


def test_a_form_begins_with_what_holds_and_today() -> None:
    floors = LISTS["pay-floors"]
    form = form_of(floors, floor(1250, TODAY), SOURCES, TODAY)
    assert form.text("amount") == "12,50"
    assert form.text("source") == "Agreement 12"
    assert form.text("standing") == "confirmed"
    assert form.text("from") == "2026-11-23"
    empty = form_of(floors, None, SOURCES, TODAY)
    assert dict(empty.fields) == {"from": ("2026-11-23",)}
    # What holds without any row tells no source yet.
    usual = form_of(LISTS["weights"], Row({"amount": 10}), SOURCES, TODAY)
    assert (usual.text("amount"), usual.text("source")) == ("10", "")


@pytest.mark.parametrize("code", ["tasks", "units", "employers", "roles"])
def test_a_form_gives_back_what_was_sent(code: str) -> None:
    made = draft(code, NEW[code])
    again = form_of(LISTS[code], Row(made.values), SOURCES, TODAY)
    fields = {**told(NEW[code]).fields, **again.fields}
    assert drafted(LISTS[code], None, Told(fields), SOURCES, TODAY).values == made.values


def test_a_time_out_of_reach_is_told_with_everything_else() -> None:
    """Also where the key is known, and only once where the number is none at all."""
    for amount, said in (("10", {"least": 25, "most": 336}), ("soon", {"least": 1, "most": 336})):
        form = {"key": "first", "amount": amount, "source": "", "standing": "assumed"}
        with pytest.raises(Invalid) as refused:
            drafted(LISTS["escalation"], None, told(form), SOURCES, TODAY)
        faults = {fault.field: fault.values for fault in refused.value.faults}
        assert faults == {"source": {}, "amount": said}
        assert len(refused.value.faults) == len(faults)
