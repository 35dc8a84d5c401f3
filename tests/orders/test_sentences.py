"""What the matcher stores is put into the reader's language, values and all."""

import pytest

from jobcenter.orders.finds import Json
from jobcenter.orders.sentences import filled, worded

MOMENT = "2026-11-24T08:30:00+00:00"


@pytest.mark.parametrize(
    ("value", "english", "finnish"),
    [
        (18, 18, 18),
        ({"clock": MOMENT}, "10:30", "klo 10.30"),
        ({"moment": MOMENT}, "Tue 24 Nov at 10:30", "ti 24.11. klo 10.30"),
        ({"cents": 3450}, "€34.50", "34,50\xa0€"),
        ({"qualification": "HP"}, "Hygiene passport", "Hygieniapassi"),
        ({"qualification": "own-card"}, "own-card", "own-card"),
    ],
)
def test_values_are_written_as_the_language_writes_them(
    value: object, english: object, finnish: object
) -> None:
    assert filled("en", {"it": value}) == {"it": english}
    assert filled("fi", {"it": value}) == {"it": finnish}


def test_support_is_told_in_the_words_of_its_actions() -> None:
    value = {"support": ["START 2", "SAFE 2"]}
    assert filled("en", {"visit": value}) == {
        "visit": "meeting at the door, a coach at the introduction"
    }
    assert filled("fi", {"visit": value}) != filled("en", {"visit": value})


def test_a_demand_has_a_name() -> None:
    assert filled("en", {"demand": {"demand": "noise"}}) == {"demand": "Noise and bustle"}


def test_a_sentence_is_filled() -> None:
    stored: Json = {
        "sentence": "Would fit if the gig began at {at}.",
        "values": {"at": {"clock": MOMENT}},
    }
    assert worded("en", stored) == "Would fit if the gig began at 10:30."


def test_a_sentence_without_values_stands_alone() -> None:
    assert worded("en", {"sentence": "Knows the place."}) == "Knows the place."
