"""The words of messages: SETTLED 22 to the letter, every language, and nothing that gives away."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from jobcenter.orders.news import Contact, News, write_mail, write_sms

OFFER = News(
    kind="offer",
    language="fi",
    link="https://jc.example/o/abc",
    contact=Contact("Jaana Rinne", "09 310 00000", "jobcenter@example.org"),
    start=datetime(2026, 11, 24, 7, 0, tzinfo=UTC),
    end=datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
    answer_by=datetime(2026, 11, 23, 16, 0, tzinfo=UTC),
    task="Tiskaus",
    district="Kallio",
    pay_cents=3450,
    worker="Aino",
    number=17,
    missing=2,
)
SMS = (
    "offer",
    "reminder",
    "confirmed",
    "cancelled",
    "moved",
    "coach_changed",
    "where_are_you",
    "how_was_it",
    "thanks",
    "still_fine",
    "heard_no",
    "heard_fine",
    "which_gig",
    "too_late",
    "we_call",
    "texts_stopped",
    "texts_started",
    "x",
)
MAIL = (
    "order_received",
    "order_changed",
    "order_cancelled",
    "order_refused",
    "hours_to_approve",
    "found",
    "unfilled",
    "signin",
    "x",
)
LANGUAGES = ("fi", "sv", "en", "fi-easy")


def _sms(kind: str, language: str) -> str:
    return write_sms(replace(OFFER, kind=kind, language=language)).text


def test_the_offer_is_the_agreed_sentence() -> None:
    assert write_sms(OFFER).text == (
        "Jobcenter: uusi keikka ti 24.11. klo 9–11. Katso ja vastaa: https://jc.example/o/abc"
    )


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("sv", "Jobcenter: nytt gig tis 24.11 kl. 9–11. Titta och svara: https://jc.example/o/abc"),
        ("en", ("Jobcenter: a new gig Tue 24 Nov at 9:00–11:00. Look and answer: "
         "https://jc.example/o/abc")),
        ("fi-easy", ("Jobcenter: Sinulle on uusi keikka. Se on tiistaina 24.11. kello 9–11. "
         "Katso ja vastaa tästä: https://jc.example/o/abc")),
    ],
)  # fmt: skip
def test_the_offer_speaks_the_clients_language(language: str, text: str) -> None:
    assert _sms("offer", language) == text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", SMS)
def test_a_short_message_gives_nothing_away(kind: str, language: str) -> None:
    text = _sms(kind, language)
    assert not re.search(r"Tiskaus|Kallio|34|Aino|€|coach|valmenta|tränare|unit|tuki", text)
    assert "{" not in text
    assert len(text) <= 160


def test_the_full_text_needs_the_clients_consent() -> None:
    full = write_sms(replace(OFFER, full=True)).text
    assert "Tiskaus, Kallio, palkka 34,50\xa0€." in full
    assert "Tiskaus" not in write_sms(replace(OFFER, full=True, kind="reminder")).text


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("kind", MAIL)
def test_a_mail_says_what_happened_where_to_look_and_whom_to_ask(kind: str, language: str) -> None:
    words = write_mail(replace(OFFER, kind=kind, language=language))
    assert words.subject
    assert "{" not in words.subject + words.text
    for part in ("https://jc.example/o/abc", "Jaana Rinne", "09 310 00000"):
        assert part in words.text


def test_the_orderer_learns_a_first_name_only_if_its_owner_agreed() -> None:
    found = replace(OFFER, kind="found")
    assert "Aino tulee teille ti 24.11. klo 9–11" in write_mail(found).text
    assert "tekijä tulee teille" in write_mail(replace(found, worker="")).text


@pytest.mark.parametrize("language", ["fi", "sv"])
@pytest.mark.parametrize("kind", MAIL)
def test_no_english_is_left_over(kind: str, language: str) -> None:
    english = write_mail(replace(OFFER, kind=kind, language="en")).text.splitlines()
    foreign = write_mail(replace(OFFER, kind=kind, language=language)).text.splitlines()
    assert set(english) & set(foreign) <= {"", "Jobcenter"}


@pytest.mark.parametrize(
    ("language", "how"),
    [
        ("fi", "Tai vastaa viestillä: 1 = kyllä, 2 = ei."),
        ("sv", "Eller svara med sms: 1 = ja, 2 = nej."),
        ("en", "Or reply: 1 = yes, 2 = no."),
        ("fi-easy", "Voit myös vastata viestillä: 1 = kyllä, 2 = ei."),
    ],
)
def test_a_reply_is_asked_for_only_where_it_is_heard(language: str, how: str) -> None:
    asked = replace(OFFER, kind="still_fine", language=language)
    assert how not in write_sms(asked).text
    assert write_sms(replace(asked, replies=True)).text.endswith(how)
    # In the short offer nothing but time and link; the full one may be answered by a reply.
    offer = replace(OFFER, language=language, replies=True)
    assert how not in write_sms(offer).text
    assert write_sms(replace(offer, full=True)).text.endswith(how)


def test_an_orderer_hears_the_date_that_works_when_there_is_one() -> None:
    told = replace(OFFER, kind="unfilled", language="en")
    assert "go on looking" in write_mail(told).text
    text = write_mail(replace(told, ahead=OFFER.start)).text
    assert "would work out" in text
    assert "go on looking" not in text
