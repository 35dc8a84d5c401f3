"""A person is found in a sentence as people write names and numbers there, and others are not."""

import pytest

from jobcenter.retention.callnames import call_names
from jobcenter.retention.masking import VEIL, Person, masked, pattern, stems

AINO = Person("Aino", "Virtanen", "+358455551234", "aino.v@example.org")


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Aino Virtanen tulee.", "[erased] tulee."),
        ("Ask VIRTANEN, AINO at the door", "Ask [erased] at the door"),
        ("Aino Virtaselle kahvia", "[erased] kahvia"),
        ("Ainon Virtasen avain, Aino Virtaseen", "[erased] avain, [erased]"),
        ("Call +358 45 555 1234 or 045-5551234", "Call [erased] or [erased]"),
        ("00358 (45) 5551234.", "[erased]."),
        ("write AINO.V@example.org", "write [erased]"),
        # A name alone is somebody else's too, a longer number is another one.
        ("Aino, Ainola, Virtanen", "Aino, Ainola, Virtanen"),
        ("viite 10455551234 ja 0455551234567", "viite 10455551234 ja 0455551234567"),
    ],
)
def test_the_whole_name_and_number_are_found_everywhere(said: str, left: str) -> None:
    found = pattern(AINO)
    assert found
    assert masked(said, found) == left


@pytest.mark.parametrize(
    ("given", "family", "said", "left"),
    [
        ("Aino", "Virtanen", "Ainolle, ainolta, Ainoon: Aino's", "_, _, _: _"),
        ("Aino", "Virtanen", "Ainola ja Ainoa Ainoastaan", "Ainola ja _ Ainoastaan"),
        ("Kai", "Mattsson", "Kaille kaikki, Mattssonin ja Mattssons", "_ kaikki, _ ja _"),
        ("Pekka", "Niemi", "Pekan, Pekalle ja Pekkaa", "_, _ ja _"),
        ("Kim", "Å", "Kim:n vuoro, Å", "_ vuoro, Å"),
    ],
)  # fmt: skip
def test_a_name_alone_is_found_with_its_endings(
    given: str, family: str, said: str, left: str
) -> None:
    person = Person(given, family)
    found = pattern(person, near=person.names)
    assert found
    assert masked({"a": [said, 1, None]}, found) == {"a": [left.replace("_", VEIL), 1, None]}
    assert any(stem.lower() in said.lower() for stem in stems(person))


def test_far_from_the_person_a_word_is_not_their_name() -> None:
    found = pattern(AINO, elsewhere=AINO.names)
    assert found
    assert masked("Ainoa ovi, aino, Virtanen; Ainolle", found) == (
        "Ainoa ovi, aino, [erased]; [erased]"
    )


@pytest.mark.parametrize(
    ("given", "said", "left"),
    [
        ("Aino", "Ainsku avaa, Aikulle ja Ainskun avain", "_ avaa, _ ja _ avain"),
        ("Johannes", "Jussi tuli, Jussille kahvia, Hannes", "_ tuli, _ kahvia, _"),
        ("Anna-Liisa", "Anna avain Liisalle ja Lissulle", "_ avain _ ja _"),
        ("Maria", "Maijan reppu; maija on myös auto", "_ reppu; maija on myös auto"),
        ("Seppo", "Sepi ja Sepänkatu", "_ ja Sepänkatu"),
    ],
)
def test_what_somebody_is_called_is_found_near_to_them(given: str, said: str, left: str) -> None:
    person, called = Person(given, "Virtanen"), call_names(given)
    found = pattern(person, near=person.names, called=called)
    assert found
    assert masked(said, found) == left.replace("_", VEIL)
    assert any(stem.lower() in said.lower() for stem in stems(person, called))
    assert masked(said.replace(given, ""), pattern(person) or found) == said.replace(given, "")


def test_a_name_that_nothing_is_known_of_has_its_parts_and_pet_names_only() -> None:
    assert call_names("Li") == ()
    assert call_names("Ann Zayra")[:2] == ("Ann", "Annsku")
    assert "Zayra" in call_names("Ann Zayra")


def test_nobody_is_found_by_nothing() -> None:
    assert pattern(Person("", "")) is None
