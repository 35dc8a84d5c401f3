"""Sentences that the matcher stores, put into words for whoever reads them.

A stored value is a number, or says what it is: {"clock": moment}, {"moment": moment},
{"day": date}, {"cents": n}, {"demand": scale}, {"qualification": code} or {"support": [action, …]}.
"""

from collections.abc import Callable, Iterable, Mapping
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

# What the matcher stores of why somebody fits, said to them; what is not here is not told.
TO_CLIENT: Mapping[str, str] = {
    "Free for the whole gig.": "You are free for the whole gig.",
    "The trip takes {minutes} min.": "Your trip takes {minutes} minutes.",
    "Lives right beside the place.": "The place is right beside your home.",
    "The coach visit that is needed has a coach.": "A coach can help you at this gig.",
    "All {visits} coach visits that are needed have a coach.":
        "A coach can help you at this gig, {visits} times.",
    "Every coach visit needed has a coach: {visits}.":
        "A coach can help you at this gig, {visits} times.",
    "Has done this kind of task before.": "You have done this kind of work before.",
    "Knows the place.": "You know the place.",
    "Good at this kind of task.": "You are good at this kind of work.",
    "Likes this kind of task, place or orderer.": "You have said that you like this.",
    "Likes this time of the day.": "You like this time of the day.",
    "{days} days since the last offer.": "We last asked you {days} days ago.",
    "No offer in the last year.": "We have not asked you for a long time.",
    "No gigs in the last 90 days.": "You have not had a gig for three months.",
    "Gigs in the last 90 days: {gigs}.": "Your gigs in the last three months: {gigs}.",
    "The task stays well within the person's limits.": "The work is not too hard for you.",
    "Every qualification needed is valid.": "You have the cards that are needed.",
    "Within the person's own limits.": "The work stays within your own limits.",
}  # fmt: skip


def to_client(language: str, stored: Iterable[Mapping[str, object]]) -> tuple[str, ...]:
    """Return why a gig fits somebody, in words to them."""
    own = ({**one, "sentence": TO_CLIENT.get(str(one.get("sentence")))} for one in stored)
    return tuple(worded(language, one) for one in own if one["sentence"])


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
