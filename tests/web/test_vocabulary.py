"""The words for strengths: a handful for each kind of work, in the reader's own language."""

import pytest

from jobcenter.people.choices import Word, Words
from jobcenter.reference.strengths import SHOW_ANYWHERE, STRENGTHS
from jobcenter.texts import LANGUAGES

TASKS = sorted({number for one in STRENGTHS for number in one.tasks})
USUAL = Words(
    [
        Word(
            one.code, one.name_fi, one.name_sv, one.name_en, one.name_easy, one.tasks,
            one.code in SHOW_ANYWHERE,
        )
        for one in STRENGTHS
    ]
)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_kind_of_work_offers_a_handful_of_strengths(language: str) -> None:
    for task in TASKS:
        offered = USUAL.at(language, task)
        assert offered.keys() >= SHOW_ANYWHERE
        assert len(SHOW_ANYWHERE) <= len(offered) <= 12, (task, list(offered))
        assert all(offered.values())


def test_dishwashing_is_praised_in_each_language() -> None:
    assert USUAL.at("fi", 2)["kitchen"] == "Keittiötaidot"
    assert USUAL.at("sv", 2)["kitchen"] == "Köksvana"
    assert USUAL.at("en", 2)["kitchen"] == "Kitchen skills"
    assert USUAL.at("fi-easy", 2)["kitchen"] == "Osaan tehdä työtä keittiössä."
    assert "sewing" not in USUAL.at("fi", 2)
    assert USUAL.names("en")["sewing"] == "Can sew"


def test_what_is_retired_keeps_its_name_and_is_offered_to_whoever_chose_it() -> None:
    words = Words([Word("quick", "Nopea", "Snabb", "Quick", tasks=(2,), offered=False)])
    assert (words.offered("fi"), words.at("fi", 2)) == ({}, {})
    assert words.offered("fi", ["quick"]) == words.names("fi") == {"quick": "Nopea"}
    assert words.helps() == {"quick": {2}}
    assert Word("a", "Hyvä", "Bra", "Good").name("fi-easy", easy=True) == "Hyvä"
