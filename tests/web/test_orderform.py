"""The order form without a database: what fills itself in, what a price needs, what is refused."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from jobcenter.errors import Fault, Invalid
from jobcenter.figures import DatedFigure
from jobcenter.orders.model import Order
from jobcenter.orders.pay import CancellationTerm
from jobcenter.orders.queries.ordering import AgreedPrice, Ground, KnownPlace
from jobcenter.people import parties as p
from jobcenter.web import orderform, orderwish
from jobcenter.web.orderform import OrderForm
from tests.cast import CITY, MONDAY, key

NEW_YEAR = date(2026, 1, 1)
AMOUNTS = (
    ("supplement", "holiday_compensation", 0),
    ("pay_floor", "G1", 1120),
    ("side_costs", "", 2200),
    ("fee", "", 0),
    ("vat", "", 2550),
)


def ground(*, agreed: int = 0) -> Ground:
    """Return what the form of Keittiö Oy stands on."""
    dishes = p.TaskType(
        organiser_id=CITY, id=key("dishwashing"), number=2, name_fi="Tiskaus", name_sv="Diskning",
        name_en="Dishwashing", sector="restaurant", least_minutes=180, most_minutes=240,
        demands=[2, 1, 1, 2, 2, 0], outdoors=False, qualifications=["HP"], pay_group="G1",
    )  # fmt: skip
    party = p.OrderingParty(
        organiser_id=CITY, id=key("keittio"), kind="company", name="Keittiö Oy",
        email="sari@keittio.example", phone="+358401234567", business_id="0112038-9",
    )  # fmt: skip
    site = p.Site(
        organiser_id=CITY, id=key("site"), party_id=key("keittio"), name="Kallio",
        address="Fleminginkatu 1", postcode="00530", region="helsinki", lat=60.0, lon=24.9,
        entrance="", step_free=False,
    )  # fmt: skip
    city = p.Organiser(
        id=CITY, name="Helsinki", contact_name="Jaana", contact_phone="09", contact_email="j@x.fi"
    )
    return Ground(
        party=party,
        contact=city,
        tasks={2: dishes},
        sites=[site],
        figures=[DatedFigure(*row, NEW_YEAR, None, "test") for row in AMOUNTS],
        terms=[CancellationTerm(2880, 0)],
        agreed={(2, site.id): AgreedPrice(agreed, "A 7", None)} if agreed else {},
    )


def story(**texts: str) -> OrderForm:
    """Return story 1's form, but for some fields."""
    form = orderform.begun(ground(), draft="d", name="Sari Salo")
    told = {"task": "2", "title": "Tiskaus", "day": "2026-11-26", "start": "10", "end": "13"}
    return form.having(**{**told, "pay": "11,50", **texts})


def test_a_first_form_knows_who_orders() -> None:
    form = orderform.begun(ground(), draft="d")
    assert form.text("party_name") == "Keittiö Oy"
    assert form.text("contact_phone") == "+358401234567"
    assert form.text("site") == str(key("site"))


@pytest.mark.parametrize(
    ("language", "title"), [("fi", "Tiskaus"), ("sv", "Diskning"), ("en", "Dishwashing")]
)
def test_a_task_fills_in_its_demands(language: str, title: str) -> None:
    form = orderform.filled(story(), "task", ground(), language=language)
    assert form.text("title") == title
    assert [form.text(name) for name in p.DEMANDS] == ["2", "1", "1", "2", "2", "0"]
    assert form.many("qualifications") == ("HP",)
    assert (form.text("pay"), form.text("length"), form.text("end")) == ("11,20", "180", "13:00")


@pytest.mark.parametrize(
    ("what", "start", "told"),
    [
        ("length:120", "10", ("10:00", "12:00", "")),
        ("length:180", "22.30", ("22:30", "01:30", "1")),
        ("length:120", "", ("09:00", "11:00", "")),
        ("length:120", "later", ("later", "13", "")),
        ("part:morning", "10", ("8", "12", "")),
        ("part:never", "10", ("10", "13", "")),
        ("length:x", "10", ("10", "13", "")),
        ("", "10", ("10", "13", "")),
    ],
)
def test_a_chip_fills_in_times(what: str, start: str, told: tuple[str, str, str]) -> None:
    form = orderform.filled(story(start=start), what, ground(), language="fi")
    assert (form.text("start"), form.text("end"), form.text("next_day")) == told


def test_a_window_keeps_its_own_end() -> None:
    form = orderform.filled(story(timing="window"), "length:60", ground(), language="fi")
    assert (form.text("end"), form.text("length")) == ("13", "60")


def test_a_kept_form_comes_back_as_it_was() -> None:
    form = story(title="Ääkköset 👩🏽‍🔧 <b>").listing(weekdays=["0", "3"])
    assert orderform.restored(form.stored()).pairs() == form.pairs()
    assert "\x00" not in str(story(title="a\x00b\ud800").stored())


def test_unknown_and_missing_fields_mean_nothing() -> None:
    form = orderform.read({"status": ["open"], "title": ["a", "b"]})
    assert form.text("title") == "b"
    assert form.text("places") == ""
    assert "status" not in dict(form.pairs())


def test_faults_stand_in_the_forms_order() -> None:
    names = ["bring", "day", "task", "pay"]
    found = orderform.by_field([Fault(name, "blank", "x") for name in names])
    assert list(found) == ["task", "day", "pay", "bring"]


def test_story_1_costs_what_it_should() -> None:
    price = orderwish.quote(story(), ground(), now=MONDAY)
    assert price is not None
    assert (price.one.pay_cents, price.one.side_costs_cents, price.one.vat_cents) == (
        3450,
        759,
        1073,
    )
    assert price.whole.total_cents == 5282


def test_places_and_dates_multiply_the_price() -> None:
    form = story(places="3", repeat="1", last_day="2026-12-10")
    price = orderwish.quote(form, ground(), now=MONDAY)
    assert price is not None
    assert (price.places, price.dates) == (3, 3)
    assert price.whole.total_cents == 9 * 5282


@pytest.mark.parametrize(
    "texts", [{"pay": ""}, {"day": ""}, {"end": ""}, {"places": "x"}, {"places": "0"}]
)
def test_without_its_parts_there_is_no_price(texts: dict[str, str]) -> None:
    assert orderwish.quote(story(**texts), ground(), now=MONDAY) is None


def test_an_agreement_wins_over_what_is_typed() -> None:
    made = orderwish.checked(story(pay="nothing"), ground(agreed=1310), now=MONDAY)
    assert made.wish.work.hourly_cents == 1310


def test_a_wish_is_what_was_typed() -> None:
    made = orderwish.checked(story(places="2", group_visit="1"), ground(), now=MONDAY)
    assert made.wish.times.occasions[0][0] == MONDAY.replace(day=26, hour=8)
    assert (made.wish.places, made.wish.group_visit, made.repeat) == (2, True, None)


def test_several_starts_are_all_permitted() -> None:
    form = story(timing="starts", length="120").listing(
        alt_day=["2026-11-27", "", "2026-11-28"], alt_start=["13", "", "9"]
    )
    made = orderwish.checked(form, ground(), now=MONDAY)
    assert len(made.wish.times.occasions[0]) == 3


def test_dates_that_are_taken_out_stay_out() -> None:
    form = story(repeat="1", last_day="2026-12-10")
    assert [kept for _, kept in orderwish.dates(form)] == [True, True, True]
    every = ["2026-11-26", "2026-12-03", "2026-12-10"]
    form = form.listing(listed=every, kept=[every[0], every[2]])
    made = orderwish.checked(form, ground(), now=MONDAY)
    assert [starts[0].day for starts in made.wish.times.occasions] == [26, 10]


@pytest.mark.parametrize("last_day", ["", "x", "2999-01-01", "2026-11-01"])
def test_a_repeat_that_makes_no_sense_lists_nothing(last_day: str) -> None:
    assert orderwish.dates(story(repeat="1", last_day=last_day)) == []


@pytest.mark.parametrize(
    ("texts", "codes"),
    [
        ({"day": "", "start": ""}, {("day", "blank"), ("start", "blank")}),
        ({"end": "9"}, {("end", "end_before_start")}),
        ({"pay": "9,00"}, {("pay", "below_floor")}),
        ({"task": ""}, {("task", "blank")}),
        ({"places": "1e3"}, {("places", "not_a_number")}),
        ({"day": "2027-03-28", "start": "3.30", "end": "6"}, {("start", "time_does_not_exist")}),
        ({"timing": "window", "length": ""}, {("length", "too_short")}),
    ],
)
def test_each_mistake_is_told_once_at_its_field(
    texts: dict[str, str], codes: set[tuple[str, str]]
) -> None:
    with pytest.raises(Invalid) as refused:
        orderwish.checked(story(**texts), ground(), now=MONDAY)
    assert {(fault.field, fault.code) for fault in refused.value.faults} == codes


def test_an_order_once_more_keeps_all_but_the_day() -> None:
    asked = ground()
    order = placed_order()
    form = orderform.again(orderform.begun(asked, draft="d"), order, asked.tasks[2], asked.sites[0])
    assert (form.text("day"), form.text("start"), form.text("end")) == ("", "10:00", "13:00")
    assert (form.text("pay"), form.text("places")) == ("11,50", "1")


def placed_order() -> Order:
    """Return story 1's order as it was placed."""
    start = MONDAY.replace(day=26, hour=8)
    return Order(
        organiser_id=CITY, id=key("order"), number=7, party_id=key("keittio"), site_id=key("site"),
        task_type_id=key("dishwashing"), title="Tiskaus", description="",
        demands=[2, 1, 1, 2, 2, 0],
        outdoors=False, qualifications=[], language="", places=1, group_visit=False, minutes=180,
        starts=[start], start=start, first_start=start, last_end=start + timedelta(hours=3),
        hourly_cents=1150, contact_name="Sari", contact_phone="+358401234567", wear="", bring="",
    )  # fmt: skip


def test_a_known_place_fills_in_what_is_told_of_it() -> None:
    here = ground()
    (site,) = here.sites
    site.entrance, site.step_free = "The blue door", True
    told = {site.id: KnownPlace("Closed shoes", "Ville Virta", "+358407654321")}
    here = replace(here, told=told)
    form = orderform.begun(here, draft="d", name="Sari Salo")
    first = {name: form.text(name) for name in orderform.OF_PLACE}
    assert list(first.values()) == [
        "The blue door", "1", "Closed shoes", "Ville Virta", "+358407654321",
    ]  # fmt: skip
    # What is told otherwise for one order stays, also when the form is filled again.
    own = form.having(entrance="The yard today", step_free="", contact_name="Sari")
    assert orderform.at_place(own, here).pairs() == own.pairs()
    # Another place takes its own words along, and leaves those that somebody typed.
    other = orderform.at_place(own.having(site=orderform.NEW_SITE), here)
    assert [other.text(name) for name in orderform.OF_PLACE] == [
        "The yard today", "", "", "Sari", "+358407654321",
    ]  # fmt: skip
    back = orderform.at_place(form.having(site=orderform.NEW_SITE), here)
    assert back.text("entrance") == ""
    assert orderform.at_place(back.having(site=str(site.id)), here).text("step_free") == "1"
