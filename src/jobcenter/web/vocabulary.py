"""The names of qualifications and benefits."""

from collections.abc import Mapping

from jobcenter.reference.benefits import BENEFITS
from jobcenter.reference.qualifications import QUALIFICATIONS

# The English name of a benefit is what gettext puts into the reader's language.
BENEFIT_NAMES = {code: names[-1] for code, names in BENEFITS.items()}


def qualifications(language: str) -> Mapping[str, str]:
    """Return what each qualification is called."""
    return {
        one.code: _in(language, one.name_fi, one.name_sv, one.name_en) for one in QUALIFICATIONS
    }


def _in(language: str, fi: str, sv: str, en: str) -> str:
    return {"sv": sv, "en": en}.get(language, fi)
