"""The words for strengths: a handful for each kind of work, in the reader's own language."""

import pytest

from jobcenter.reference.strengths import STRENGTHS
from jobcenter.texts import LANGUAGES
from jobcenter.web.vocabulary import SHOW_ANYWHERE, strengths, strengths_at

TASKS = sorted({number for one in STRENGTHS for number in one.tasks})


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_kind_of_work_offers_a_handful_of_strengths(language: str) -> None:
    for task in TASKS:
        offered = strengths_at(language, task)
        assert offered.keys() >= SHOW_ANYWHERE
        assert len(SHOW_ANYWHERE) <= len(offered) <= 12, (task, list(offered))
        assert all(offered.values())


def test_dishwashing_is_praised_in_each_language() -> None:
    assert strengths_at("fi", 2)["kitchen"] == "Keittiötaidot"
    assert strengths_at("sv", 2)["kitchen"] == "Köksvana"
    assert strengths_at("en", 2)["kitchen"] == "Kitchen skills"
    assert strengths_at("fi-easy", 2)["kitchen"] == "Osaan tehdä työtä keittiössä."
    assert "sewing" not in strengths_at("fi", 2)
    assert strengths("en")["sewing"] == "Can sew"
