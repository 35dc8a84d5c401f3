"""Every word of the organiser's lists is in Finnish too, and every code has a name."""

import pytest

from jobcenter.errors import NotFound
from jobcenter.lists.catalogue import LISTS, groups, listing_of
from jobcenter.lists.fields import Sources
from jobcenter.lists.listing import slug_of
from jobcenter.texts import catalogue

# What is called the same in both languages.
ALIKE = {"", "Suomi", "Svenska", "English"}


def test_every_word_of_a_list_is_in_finnish() -> None:
    words = [
        word
        for listing in LISTS.values()
        for word in (
            listing.title,
            listing.about,
            listing.group,
            *(one.label for one in listing.fields),
            *(one.hint for one in listing.fields),
        )
    ]
    finnish = catalogue("fi")
    assert [word for word in words if word not in ALIKE and finnish.gettext(word) == word] == []


def test_every_code_has_a_name_in_both_languages() -> None:
    for listing in LISTS.values():
        for field in listing.fields:
            english, finnish = (field.choices(one, Sources()) for one in ("en", "fi"))
            assert list(english) == list(finnish)
            assert all(finnish.values()), (listing.code, field.name)


def test_a_key_gives_one_address() -> None:
    assert slug_of({"a": 1, "b": "x"}) == slug_of({"b": "x", "a": 1}) != slug_of({"a": 2, "b": "x"})


def test_every_list_stands_under_one_heading() -> None:
    listed = [listing.code for group in groups().values() for listing in group]
    assert sorted(listed) == sorted(LISTS)
    assert next(iter(groups())) == "Work"
    assert all(code == listing_of(code).code for code in LISTS)
    with pytest.raises(NotFound):
        listing_of("users")


def test_an_entry_is_called_by_its_key_and_its_name() -> None:
    tasks, floors = LISTS["tasks"], LISTS["pay-floors"]
    values = {"name_fi": "Tiskaus"}
    assert tasks.title_of({"number": 2}, values, "fi", Sources()) == "2 · Tiskaus"
    assert tasks.title_of({"number": 2}, None, "fi", Sources()) == "2"
    assert floors.title_of({"key": "G1"}, {"amount": 1200}, "fi", Sources()) == "G1"
    units = LISTS["units"]
    assert units.title_of({"id": "x"}, {"name": "Paja Kulma"}, "fi", Sources()) == "Paja Kulma"
    weights = LISTS["weights"]
    assert weights.title_of({"key": "wish"}, None, "en", Sources()).startswith("A wish")
    assert set(weights.defaults) == set(weights.key[0].choices("en", Sources()))
