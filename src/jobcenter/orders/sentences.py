"""Sentences that the matcher stores, put into words for whoever reads them.

A stored value is a number, or says what it is: {"clock": moment}, {"moment": moment},
{"day": date}, {"cents": n}, {"demand": scale}, {"qualification": code} or {"support": [action, …]}.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from jobcenter import showing
from jobcenter.orders.finds import Json
from jobcenter.reference.qualifications import BY_CODE
from jobcenter.support import label
from jobcenter.texts import say

DEMANDS: Mapping[str, str] = {
    "physical": "Bodily work",
    "social": "Meeting people",
    "cognitive": "Steps to remember",
    "time_pressure": "Hurry",
    "noise": "Noise and bustle",
    "literacy": "Reading and numbers",
}


def worded(language: str, stored: Mapping[str, object]) -> str:
    """Return a stored sentence in the reader's language."""
    values = stored.get("values")
    filling = filled(language, values) if isinstance(values, dict) else {}
    return say(language, str(stored.get("sentence", "")), **filling)


def filled(language: str, values: Mapping[str, object]) -> Json:
    """Return what fills the places of a sentence, as the reader's language writes it."""
    return {name: _shown(language, value) for name, value in values.items()}


def _shown(language: str, value: object) -> object:
    if not isinstance(value, dict):
        return value
    ((kind, content),) = value.items()
    return KINDS[kind](language, content)


def _clock(language: str, content: object) -> str:
    return showing.at_clock(language, datetime.fromisoformat(str(content)))


def _moment(language: str, content: object) -> str:
    return showing.moment(language, datetime.fromisoformat(str(content)))


def _day(language: str, content: object) -> str:
    return showing.day(language, date.fromisoformat(str(content)))


def _money(language: str, content: object) -> str:
    return showing.money(language, int(str(content)))


def _demand(language: str, content: object) -> str:
    return say(language, DEMANDS[str(content)])


def _qualification(language: str, content: object) -> str:
    known = BY_CODE.get(str(content))
    if known is None:
        return str(content)
    return {"sv": known.name_sv, "en": known.name_en}.get(language, known.name_fi)


def _support(language: str, content: object) -> str:
    actions = content if isinstance(content, list) else []
    return ", ".join(say(language, label(str(action))) for action in actions)


KINDS: Mapping[str, Callable[[str, object], str]] = {
    "clock": _clock,
    "moment": _moment,
    "day": _day,
    "cents": _money,
    "demand": _demand,
    "qualification": _qualification,
    "support": _support,
}
