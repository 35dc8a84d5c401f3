"""The names of strengths and qualifications in the reader's language."""

from collections.abc import Mapping

from jobcenter.reference.qualifications import QUALIFICATIONS
from jobcenter.reference.strengths import STRENGTHS


def strengths(language: str) -> Mapping[str, str]:
    """Return what each strength is called."""
    return {one.code: _in(language, one.name_fi, one.name_sv, one.name_en) for one in STRENGTHS}


def qualifications(language: str) -> Mapping[str, str]:
    """Return what each qualification is called."""
    return {
        one.code: _in(language, one.name_fi, one.name_sv, one.name_en) for one in QUALIFICATIONS
    }


def _in(language: str, fi: str, sv: str, en: str) -> str:
    return {"sv": sv, "en": en}.get(language, fi)
