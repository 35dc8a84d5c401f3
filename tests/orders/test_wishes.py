"""An order as wished for: the bad order of story 9, and every field with its own fault."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from jobcenter.errors import Invalid, RuleMissing
from jobcenter.orders.occasions import Repeat, TimeFields
from jobcenter.orders.wishes import Wish, WishFields, check
from jobcenter.orders.wordings import UNLAWFUL
from jobcenter.reference.pay import figures
from tests.orders.wishing import DISHES

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
START = datetime(2026, 11, 24, 8, tzinfo=UTC)
FIGURES = figures(2026)
GOOD = replace(
    DISHES,
    times=TimeFields("fixed", (START,), 180),
    contact_name="Sari",
    contact_phone="040 123 4567",
    hourly_cents=1150,
    address="Varastokuja 3",
    postcode="00500",
)


def wished(raw: WishFields, *, lead: timedelta = timedelta()) -> Wish:
    return check(raw, now=NOW, figures=FIGURES, lead=lead)


def faults_of(raw: WishFields, *, lead: timedelta = timedelta()) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as caught:
        wished(raw, lead=lead)
    return [(fault.field, fault.code) for fault in caught.value.faults]


def test_a_good_wish_comes_back_cleaned() -> None:
    wish = wished(GOOD)
    assert wish.contact.phone == "+358401234567"
    assert wish.party.business_id == "2077474-0"
    assert (wish.times.minutes, wish.times.starts) == (180, (START,))
    assert (wish.warnings, wish.review_reason) == ((), None)
    assert wish.work.title == "Tiskaus"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"party_name": " "}, ("party_name", "blank")),
        ({"contact_name": "\u200b"}, ("contact_name", "blank")),
        ({"contact_phone": ""}, ("contact_phone", "contact_missing")),
        ({"contact_phone": "+88213123456"}, ("contact_phone", "phone_country")),
        ({"contact_email": ""}, ("contact_email", "contact_missing")),
        ({"contact_email": "a@b"}, ("contact_email", "email_wrong")),
        ({"business_id": "1234567-8"}, ("business_id", "business_id_wrong")),
        ({"business_id": ""}, ("business_id", "business_id_missing")),
        ({"title": ""}, ("title", "blank")),
        ({"title": "a" * 121}, ("title", "too_long")),
        ({"description": "a" * 10_001}, ("description", "too_long")),
        ({"description": "a\x00"}, ("description", "control_characters")),
        ({"address": ""}, ("address", "blank")),
        ({"postcode": "33100"}, ("postcode", "outside_area")),
        ({"address": "Hämeenkatu 1, 33100 Tampere"}, ("postcode", "outside_area")),
        ({"hourly_cents": 900}, ("hourly_cents", "below_floor")),
        ({"hourly_cents": 0}, ("hourly_cents", "below_floor")),
        ({"hourly_cents": -1}, ("hourly_cents", "below_floor")),
        ({"hourly_cents": 1_000_000_000}, ("hourly_cents", "too_high")),
        ({"pay_group": "G9"}, ("pay_group", "pay_group_unknown")),
        ({"places": 0}, ("places", "too_few")),
        ({"places": -1}, ("places", "too_few")),
        ({"places": 201}, ("places", "too_many")),
        ({"group_visit": True}, ("places", "too_few")),
        ({"demands": (1, 2, 3)}, ("demands", "demands_unknown")),
        ({"demands": (1, 2, 3, 4, 0, 0)}, ("demands", "demands_unknown")),
        ({"qualifications": ("PhD",)}, ("qualifications", "qualification_unknown")),
        ({"times": TimeFields("fixed", (NOW,), 60)}, ("start", "in_past")),
        ({"description": "Vain terve tekijä"}, ("description", UNLAWFUL)),
        ({"wear": "Naiset: hame"}, ("wear", UNLAWFUL)),
    ],
)
def test_each_field_has_its_own_fault(change: dict[str, object], fault: tuple[str, str]) -> None:
    assert faults_of(changed(change)) == [fault]


def changed(change: dict[str, object]) -> WishFields:
    values = {name: getattr(GOOD, name) for name in WishFields.__slots__}
    return WishFields(**{**values, **change})


def test_the_bad_order_of_story_9_is_told_all_at_once() -> None:
    bad = replace(
        GOOD,
        times=TimeFields("fixed", (START,), end=START - timedelta(hours=1)),
        business_id="1234567-8",
        hourly_cents=900,
        address="Hämeenkatu 1",
        postcode="33100",
        description="vain terve mies alle 30",
    )
    assert faults_of(bad) == [
        ("business_id", "business_id_wrong"),
        ("postcode", "outside_area"),
        ("end", "end_before_start"),
        ("hourly_cents", "below_floor"),
        ("description", UNLAWFUL),
    ]


def test_pay_at_the_floor_is_fine_and_the_floor_is_told() -> None:
    assert wished(replace(GOOD, hourly_cents=1120)).work.hourly_cents == 1120
    with pytest.raises(Invalid) as caught:
        wished(replace(GOOD, hourly_cents=1119))
    assert caught.value.faults[0].values == {"floor": "11,20"}


def test_a_floor_that_is_missing_stops_instead_of_meaning_none() -> None:
    with pytest.raises(RuleMissing, match="pay_floor G1 is missing for 2026-11-24"):
        check(GOOD, now=NOW, figures=figures(2030))


def test_every_date_of_a_repeat_is_held_against_its_own_floor() -> None:
    dearer = tuple(
        replace(figure, amount=figure.amount + 100) if figure.valid_from.year == 2027 else figure
        for figure in FIGURES
    )
    repeat = Repeat(frozenset({1}), date(2026, 11, 24), date(2027, 1, 12))
    raw = replace(GOOD, times=TimeFields("fixed", (START,), 60, repeat=repeat))
    with pytest.raises(Invalid) as caught:
        check(raw, now=NOW, figures=dearer)
    assert caught.value.faults[0].values == {"floor": "12,20"}


def test_an_unlawful_wording_is_refused_once_and_then_looked_at_even_if_reworded() -> None:
    first = replace(GOOD, description="vain terve mies alle 30")
    with pytest.raises(Invalid) as caught:
        wished(first)
    assert caught.value.faults[0].values == {"words": "terve, alle 30, mies"}
    for text in (first.description, "Reipas tekijä"):
        again = replace(GOOD, description=text, wording_seen=True)
        assert wished(again).review_reason == UNLAWFUL


def test_health_beside_an_address_is_a_warning_not_a_refusal() -> None:
    wish = wished(replace(GOOD, address="Kanervatie 3, asukas on muistisairas"))
    assert [(one.field, one.code) for one in wish.warnings] == [("address", "health_in_address")]


def test_an_association_without_a_business_id_is_served() -> None:
    wish = wished(replace(GOOD, party_kind="association", business_id=""))
    assert wish.party.business_id is None


def test_a_city_unit_without_a_cost_centre_may_only_save_a_draft() -> None:
    raw = replace(GOOD, party_kind="city_unit", business_id="")
    assert faults_of(raw) == [("cost_centre", "cost_centre_missing")]
    draft = check(raw, now=NOW, figures=FIGURES, as_draft=True)
    assert draft.party.cost_centre is None
    assert wished(replace(raw, cost_centre="CC-4410")).party.cost_centre == "CC-4410"


def test_open_orders_come_in_time() -> None:
    two_days = timedelta(hours=48)
    assert faults_of(GOOD, lead=two_days) == [("start", "too_soon")]
    later = replace(GOOD, times=TimeFields("fixed", (NOW + two_days,), 60))
    assert wished(later, lead=two_days).times.starts == (NOW + two_days,)


def test_text_with_code_in_it_is_only_text() -> None:
    wish = wished(replace(GOOD, description="<script>alert(1)</script>\n{{7*7}}"))
    assert wish.work.description == "<script>alert(1)</script>\n{{7*7}}"
