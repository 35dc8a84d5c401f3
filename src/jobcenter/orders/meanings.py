"""What a client's text message means, and what follows from it. Pure: words and standing in.

A reply is taken at its word only when it can mean one thing; whatever else it says, a person reads.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Meaning(StrEnum):
    """What the words say."""

    YES = "yes"
    NO = "no"
    STOP = "stop"
    START = "start"
    OTHER = "other"


class Step(StrEnum):
    """What follows."""

    ANSWER = "answer"
    """It answers the one question that is open."""
    WHICH = "which"
    """It may mean several gigs: the client is asked which."""
    TOO_LATE = "too_late"
    """A yes to what has gone meanwhile."""
    KNOWN = "known"
    """They have said so before, or a no comes after the end: nothing is left to do."""
    CALL = "call"
    """A person reads it and calls."""
    STOP = "stop"
    START = "start"
    STRANGER = "stranger"
    """The number is nobody's on file."""


class Question(StrEnum):
    """What a client is asked by text message."""

    OFFER = "offer"
    STILL_FINE = "still_fine"


@dataclass(frozen=True, slots=True)
class Open:
    """A question that waits for this client's answer."""

    gig_id: UUID
    client_id: UUID
    question: Question


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand with whoever has this number."""

    open: Sequence[Open] = ()
    lapsed: bool = False
    """Whether an offer of the last day went by unanswered: a late word may still mean it."""
    said: frozenset[Meaning] = frozenset()
    """What they have answered within the last day."""
    coming: bool = False
    """Whether they have agreed to a gig that is not over: a no may mean that they cannot come."""


# The digits of the message, and the plain words of four languages' yes and no. "OK" is none: it may
# be said to any message.
_WORDS: Mapping[Meaning, frozenset[str]] = {
    Meaning.YES: frozenset({"1", "kyllä", "kylla", "joo", "juu", "ja", "yes"}),
    Meaning.NO: frozenset({"2", "ei", "en", "nej", "no"}),
    Meaning.STOP: frozenset({"stop", "seis", "lopeta", "stopp", "sluta"}),
    Meaning.START: frozenset({"start", "aloita", "börja"}),
}
# What follows from these, whatever is open.
_ALWAYS = {Meaning.STOP: Step.STOP, Meaning.START: Step.START, Meaning.OTHER: Step.CALL}
_POLITE = frozenset({"kiitos", "kiitti", "tack", "thanks", "thank", "you"})
_WORD = re.compile(r"\w+")


def meaning_of(text: str) -> Meaning:
    """Return what a message says, when all of its words say the same."""
    words = set(_WORD.findall(text.casefold())) - _POLITE
    fits = [meaning for meaning, known in _WORDS.items() if words and words <= known]
    return fits[0] if fits else Meaning.OTHER


def step_of(meaning: Meaning, standing: Standing) -> Step:
    """Return what follows from a message, by what is open."""
    if meaning in _ALWAYS:
        return _ALWAYS[meaning]
    if len(standing.open) == 1 and not standing.lapsed:
        return Step.ANSWER
    if standing.open:
        return Step.WHICH
    if meaning is Meaning.NO and (standing.coming or Meaning.YES in standing.said):
        return Step.CALL
    if meaning in standing.said:
        return Step.KNOWN
    if standing.lapsed:
        return Step.TOO_LATE if meaning is Meaning.YES else Step.KNOWN
    return Step.CALL
