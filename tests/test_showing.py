"""Days, times and money as people read them, in each language."""

from datetime import UTC, date, datetime, timedelta

import pytest

from jobcenter import showing

# Tuesday 24 November 2026, 9:30 in Helsinki; Monday noon before it is now.
START = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
LATER = timedelta(hours=2, minutes=30)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", "ti 24.11. klo 9.30–12"),
        ("sv", "tis 24.11 kl. 9.30–12"),
        ("en", "Tue 24 Nov at 9:30–12:00"),
        ("fi-easy", "tiistaina 24.11. kello 9.30–12"),
        ("zz", "ti 24.11. klo 9.30–12"),
    ],
)
def test_a_span_of_one_day(language: str, words: str) -> None:
    assert showing.span(language, START, START + LATER) == words
    assert showing.span(language, START, START + LATER).endswith(
        showing.clocks(language, START, START + LATER)
    )


def test_a_span_over_midnight_names_both_days() -> None:
    end = START + timedelta(hours=15)
    assert showing.span("fi", START, end) == "ti 24.11. klo 9.30 – ke 25.11. klo 0.30"


@pytest.mark.parametrize(
    ("days", "language", "words"),
    [
        (-1, "fi", "tänään maanantaina, klo 9.30"),
        (0, "fi", "huomenna tiistaina, klo 9.30"),
        (1, "fi", "ylihuomenna keskiviikkona, klo 9.30"),
        (3, "fi", "perjantaina 27.11. klo 9.30"),
        (0, "en", "tomorrow, Tuesday, at 9:30"),
        (3, "en", "Friday 27 November at 9:30"),
        (0, "sv", "i morgon, tisdag, kl. 9.30"),
        (3, "sv", "fredag 27.11. kl. 9.30"),
        (0, "fi-easy", "huomenna tiistaina, kello 9.30"),
    ],
)
def test_a_moment_as_a_person_says_it(days: int, language: str, words: str) -> None:
    assert showing.human(language, START + timedelta(days=days), now=NOW) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", "tiistai 24. marraskuuta 2026"),
        ("sv", "tisdag den 24 november 2026"),
        ("en", "Tuesday 24 November 2026"),
    ],
)
def test_a_long_day(language: str, words: str) -> None:
    assert showing.long_day(language, START) == words
    assert showing.long_day(language, date(2026, 11, 24)) == words


@pytest.mark.parametrize(
    ("language", "cents", "words"),
    [("fi", 3450, "34,50\xa0€"), ("sv", 0, "0,00\xa0€"), ("en", 123456, "€1,234.56")],
)
def test_money(language: str, cents: int, words: str) -> None:
    assert showing.money(language, cents) == words


@pytest.mark.parametrize(
    ("minutes", "words"), [(180, "3 h"), (270, "4 h 30 min"), (45, "45 min"), (0, "0 min")]
)
def test_a_length(minutes: int, words: str) -> None:
    assert showing.length("fi", minutes) == words


def test_a_night_of_changing_clocks_shows_the_wall() -> None:
    before = datetime(2027, 3, 28, 0, 30, tzinfo=UTC)
    assert showing.clocks("fi", before, before + timedelta(hours=1)) == "klo 2.30–4.30"
