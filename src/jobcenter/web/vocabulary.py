"""The names of strengths, qualifications and benefits."""

from collections.abc import Mapping

from jobcenter.reference.benefits import BENEFITS
from jobcenter.reference.qualifications import QUALIFICATIONS
from jobcenter.reference.strengths import STRENGTHS

# The English name of a benefit is what gettext puts into the reader's language.
BENEFIT_NAMES = {code: names[-1] for code, names in BENEFITS.items()}

SHOW_ANYWHERE = frozenset({"careful", "punctual", "friendly", "team_player"})


def strengths(language: str) -> Mapping[str, str]:
    """Return what each strength is called."""
    return {one.code: _in(language, one.name_fi, one.name_sv, one.name_en) for one in STRENGTHS}


def strengths_at(language: str, task: int) -> Mapping[str, str]:
    """Return the strengths that show in one kind of work, and a few that show in any."""
    fitting = [one for one in STRENGTHS if task in one.tasks or one.code in SHOW_ANYWHERE]
    easy = language == "fi-easy"
    return {
        one.code: one.name_easy if easy else _in(language, one.name_fi, one.name_sv, one.name_en)
        for one in fitting
    }


def qualifications(language: str) -> Mapping[str, str]:
    """Return what each qualification is called."""
    return {
        one.code: _in(language, one.name_fi, one.name_sv, one.name_en) for one in QUALIFICATIONS
    }


def _in(language: str, fi: str, sv: str, en: str) -> str:
    return {"sv": sv, "en": en}.get(language, fi)
