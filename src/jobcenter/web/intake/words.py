"""Forms as they were sent, and codes in the reader's language."""

from collections.abc import Iterable, Mapping

from jobcenter.errors import Fault
from jobcenter.intake.told import Told, received
from jobcenter.people.consents import HOW_TOLD
from jobcenter.reference.benefits import BENEFITS
from jobcenter.reference.units import LEGAL_BASES
from jobcenter.support import NEEDS, label
from jobcenter.web import vocabulary
from jobcenter.web.asking import WebRequest

DIGITS = 9


def lists(language: str) -> dict[str, object]:
    """Return what the parts are chosen from besides the organiser's own words, for a template."""
    return {
        "cards": vocabulary.qualifications(language),
        "benefits": _choices(BENEFITS, language),
        "needs": NEEDS,
        "how_told": HOW_TOLD,
        "label": label,
    }


def _choices(names: Mapping[str, tuple[str, str, str]], language: str) -> dict[str, str]:
    """Return codes with their names in the reader's language: Finnish, Swedish or English."""
    column = {"sv": 1, "en": 2}.get(language, 0)
    return {code: words[column] for code, words in names.items()}


def services(offered: Mapping[str, str]) -> dict[str, object]:
    """Return the services and the laws under which clients come, for a template."""
    return {"services": offered, "legal_bases": LEGAL_BASES}


async def sent(request: WebRequest) -> Told:
    """Return a form with every value of every field; a file is no answer to a question."""
    given: dict[str, list[str]] = {}
    for name, value in (await request.form()).multi_items():
        given.setdefault(name, []).append(value if isinstance(value, str) else "")
    return received(given)


def version_of(form: Told) -> int:
    """Return which state a form was made from; no version is ever 0."""
    text = form.text("version")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS else 0


def by_field(faults: Iterable[Fault]) -> dict[str, list[Fault]]:
    """Return faults by the fields that they are told at."""
    found: dict[str, list[Fault]] = {}
    for fault in faults:
        found.setdefault(fault.field, []).append(fault)
    return found
