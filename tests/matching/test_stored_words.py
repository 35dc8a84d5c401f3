"""Reasons and near misses as they are stored: sentences whose values say what they are."""

from dataclasses import replace
from datetime import timedelta

import pytest

from jobcenter.matching.loading.facts import ClientFact, Details, OrderFact
from jobcenter.matching.loading.hours import HoursFact
from jobcenter.matching.loading.layout import lay_out
from jobcenter.matching.thinking.words import WAITING, Words
from jobcenter.orders.finds import Json, Miss
from jobcenter.orders.sentences import worded
from tests.matching import folk
from tests.matching.folk import TUESDAY_TEN


def words(client: ClientFact, order: OrderFact | None = None) -> Words:
    coaches = (folk.coach(),) if client.details.needs == {"START": 3} else ()
    return Words(lay_out(folk.world(order or folk.order(), clients=(client,), coaches=coaches)))


def only_miss(client: ClientFact, order: OrderFact | None = None) -> Miss:
    (miss,) = words(client, order).misses(0, 5)
    return miss


def value(stored: Json, name: str) -> object:
    values = stored["values"]
    assert isinstance(values, dict)
    return values[name]


def morning_person() -> ClientFact:
    hours = tuple(HoursFact(day, 420, 690) for day in range(5))
    return folk.client(details=Details(hours=hours))


def test_a_demand_is_named_by_its_scale() -> None:
    miss = only_miss(replace(folk.client(), limits=(3, 3, 3, 1, 3, 3)))
    assert (miss.rule, miss.waits_for_support) == ("demands", False)
    assert value(miss.fits_if, "demand") == {"demand": "time_pressure"}
    assert value(miss.fits_if, "levels") == 1


def test_a_qualification_is_named_by_its_code() -> None:
    order = replace(folk.order(), qualifications=("HP",))
    miss = only_miss(folk.client(), order)
    assert miss.rule == "qualifications"
    assert value(miss.fits_if, "qualification") == {"qualification": "HP"}


def test_times_of_the_same_day_are_told_by_the_clock() -> None:
    miss = only_miss(morning_person())
    assert miss.rule == "available"
    assert [set(one) for one in _times(miss)] == [{"clock"}] * len(_times(miss))


def _times(miss: Miss) -> list[dict[str, object]]:
    values = miss.fits_if["values"]
    assert isinstance(values, dict)
    return [one for name, one in values.items() if name in {"at", "begin", "end"}]


def test_who_waits_for_support_is_told_what_is_missing() -> None:
    miss = only_miss(folk.needing("aino", START=2))
    assert (miss.rule, miss.waits_for_support) == ("support", True)
    assert miss.why == {"sentence": WAITING, "values": {"visit": {"support": ["START 2"]}}}
    assert value(miss.fits_if, "begin") == {
        "clock": (TUESDAY_TEN - timedelta(minutes=30)).isoformat()
    }


def test_a_visit_on_an_earlier_day_is_told_with_its_day() -> None:
    miss = only_miss(folk.needing("aino", ARRIVE=2))
    assert "moment" in _times(miss)[0]


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_everything_stored_can_be_said(language: str) -> None:
    clients = [
        replace(folk.client(), limits=(3, 3, 3, 1, 3, 3)),
        morning_person(),
        folk.needing("aino", START=2),
        folk.needing("aino", ARRIVE=2),
        replace(folk.client(), travel_minutes=1),
    ]
    for client in clients:
        miss = only_miss(client)
        for stored in (miss.why, miss.fits_if):
            said = worded(language, stored)
            assert said
            assert "{" not in said


def test_who_waits_for_support_comes_first_and_is_never_left_out() -> None:
    waiting = tuple(folk.needing(f"w{number}", START=2) for number in range(12))
    late = replace(morning_person(), id=folk.key("late"))
    laid = lay_out(folk.world(folk.order(), clients=(late, *waiting)))
    misses = Words(laid).misses(0, 3)
    assert [miss.waits_for_support for miss in misses] == [True] * 12 + [False]
