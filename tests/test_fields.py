"""What people type into one field: every kind of text, number and address of RELIABILITY 4.1."""

import unicodedata

import pytest

from jobcenter.errors import Fault
from jobcenter.fields import business_id_of, cents_of, email_of, phone_of, text_of


def codes(faults: list[Fault]) -> list[str]:
    return [fault.code for fault in faults]


@pytest.mark.parametrize(
    "name",
    [
        "Zoë Ääkkönen 👩🏽‍🔧",
        "محمد",
        "李",
        "O’Brien",
        "<script>alert(1)</script>",
        "{{7*7}}",
        "' OR 1=1--",
        "=HYPERLINK(1)",
        "+1",
    ],
)
def test_any_real_text_is_kept_as_it_is(name: str) -> None:
    faults: list[Fault] = []
    assert text_of(name, "name", faults, required=True) == name
    assert faults == []


def test_text_is_stored_composed_and_trimmed() -> None:
    faults: list[Fault] = []
    decomposed = unicodedata.normalize("NFD", "Nguyễn")
    assert text_of(f"  {decomposed}\t Anh ", "name", faults) == "Nguyễn Anh"
    assert text_of("a\r\nb\rc \n", "text", faults, lines=True) == "a\nb\nc"
    assert text_of("\u202eabc", "name", faults) == "abc"
    assert faults == []


@pytest.mark.parametrize("blank", ["", "   ", "\u200b", "\u202e", "\u200b \u2060", "\u3164", "\n"])
def test_what_shows_nothing_is_blank(blank: str) -> None:
    faults: list[Fault] = []
    assert text_of(blank, "name", faults, required=True) == ""
    assert codes(faults) == ["blank"]
    assert text_of(blank, "name", [], required=False) == ""


@pytest.mark.parametrize("bad", ["a\x00b", "\ufffe", "\ud800", "\x1b[31m", "\x7f", "\U0001ffff"])
def test_characters_that_cannot_be_stored_are_refused(bad: str) -> None:
    faults: list[Fault] = []
    assert text_of(bad, "name", faults) == ""
    assert codes(faults) == ["control_characters"]


@pytest.mark.parametrize("long", ["a" * 51, "e" + "\u0301" * 40, "a" * 100_000, "👩🏽‍🔧" * 40])
def test_text_that_is_too_long_says_how_long_it_may_be(long: str) -> None:
    faults: list[Fault] = []
    text_of(long, "name", faults, most=50)
    assert codes(faults) == ["too_long"]
    assert faults[0].values == {"most": 50}


def test_text_of_exactly_the_most_is_fine() -> None:
    faults: list[Fault] = []
    assert len(text_of("ä" * 50, "name", faults, most=50)) == 50
    assert faults == []


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("+358401234567", "+358401234567"),
        ("040 123 4567", "+358401234567"),
        ("040-1234567", "+358401234567"),
        ("09 310 1111", "+35893101111"),
        ("010 123 4567", "+358101234567"),
    ],
)
def test_finnish_numbers_are_stored_in_one_form(typed: str, stored: str) -> None:
    faults: list[Fault] = []
    assert phone_of(typed, "phone", faults) == stored
    assert faults == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "contact_missing"),
        ("+88213123456", "phone_country"),
        ("+46701234567", "phone_country"),
        ("0600 12345", "phone_wrong"),
        ("0700 12345", "phone_wrong"),
        ("112", "phone_wrong"),
        ("+35840", "phone_wrong"),
        ("call me", "phone_wrong"),
    ],
)
def test_other_numbers_are_refused(typed: str, code: str) -> None:
    faults: list[Fault] = []
    assert phone_of(typed, "phone", faults, required=True) == ""
    assert codes(faults) == [code]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("sari@keittio.example", "sari@keittio.example"),
        (" Sari@Keittio.FI ", "Sari@keittio.fi"),
        ("a@ääkkönen.fi", "a@ääkkönen.fi"),
    ],
)
def test_addresses_are_kept(typed: str, stored: str) -> None:
    faults: list[Fault] = []
    assert email_of(typed, "email", faults) == stored
    assert faults == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "contact_missing"),
        ("a@b", "email_wrong"),
        ('"x y"@z.fi', "email_wrong"),
        ("a" * 244 + "@example.fi", "email_wrong"),
        ("a@localhost", "email_wrong"),
        ("a@[127.0.0.1]", "email_wrong"),
    ],
)
def test_what_is_no_address_is_refused(typed: str, code: str) -> None:
    faults: list[Fault] = []
    assert email_of(typed, "email", faults, required=True) == ""
    assert codes(faults) == [code]


@pytest.mark.parametrize("typed", ["2077474-0", "20774740", "FI20774740", " 2077474-0 "])
def test_a_business_id_is_stored_in_one_form(typed: str) -> None:
    faults: list[Fault] = []
    assert business_id_of(typed, "business_id", faults) == "2077474-0"
    assert faults == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [("1234567-8", "business_id_wrong"), ("abc", "business_id_wrong"), ("", "business_id_missing")],
)
def test_a_wrong_business_id_is_refused(typed: str, code: str) -> None:
    faults: list[Fault] = []
    assert business_id_of(typed, "business_id", faults, required=True) == ""
    assert codes(faults) == [code]


@pytest.mark.parametrize(
    ("typed", "cents"),
    [("12", 1200), ("12,5", 1250), ("12,50", 1250), ("12.50", 1250), ("1 200,00 €", 120000)],
)
def test_money_is_read_as_finns_write_it(typed: str, cents: int) -> None:
    faults: list[Fault] = []
    assert cents_of(typed, "pay", faults) == cents
    assert faults == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [("12.345", "cents"), ("", "not_money"), ("-1", "not_money"), ("1e9", "not_money")],
)
def test_what_is_no_money_is_refused(typed: str, code: str) -> None:
    faults: list[Fault] = []
    assert cents_of(typed, "pay", faults) == 0
    assert codes(faults) == [code]
