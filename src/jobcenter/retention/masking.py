"""Finds a person's name and number in what others wrote, and puts a mark in their place.

A word is known by its own letters and by the endings that Finnish and Swedish put on names. What
somebody may be called besides (`callnames`) is looked for near to them only, with its capital.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

VEIL = "[erased]"
# Endings of a name in a sentence: Ainon, Ainolle, Ainoon, Aino's, Kim:n.
ENDINGS = (
    r"(?:[:'’]?(?:i?(?:l[lt][aäe]|s[st][aä]|n[aä]|ksi|t?t[aä]|n)"
    r"|h?[aeiouyäö]n|s))?"
)
# The ending that makes words of names: Ainoa is "of Aino", and "only".
PARTITIVE = r"[aä]?"
# A name in -nen bends on -s: Virtanen, Virtasen, Virtaselle, Virtasta.
BENT = r"(?:nen|st[aä]|s(?:e(?:en|n|l[lt][aä]|lle|s[st][aä]|n[aä]|ksi)|i(?:a|ä|lle|lta|ltä)))"
# A double stop is single before some endings: Pekka, Pekan; Riitta, Riitan.
DOUBLE = re.compile(r"(kk|pp|tt)([aäeiouyö])$", re.IGNORECASE)
COUNTRY = "+358"
SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Person:
    """What somebody is called and reached by."""

    given: str
    family: str
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names that are long enough to be found by themselves."""
        return tuple(
            name.strip() for name in (self.given, self.family) if len(name.strip()) >= SHORTEST
        )


def pattern(
    person: Person,
    near: Iterable[str] = (),
    elsewhere: Iterable[str] = (),
    called: Iterable[str] = (),
) -> re.Pattern[str] | None:
    """Return what finds the whole name, number and address, and these names by themselves.

    Elsewhere than near to the person a name is one only with its capital; so is what they may be
    called.
    """
    parts = []
    if len(person.names) == len((person.given, person.family)):
        given, family = (f"{_bent(name)}{PARTITIVE}" for name in person.names)
        parts += [rf"\b{given}\s+{family}\b", rf"\b{family},?\s+{given}\b"]
    parts += [rf"\b{_bent(name)}{PARTITIVE}\b" for name in near]
    capital = (*elsewhere, *called)
    parts += [rf"\b(?-i:{re.escape(name[0].upper())}){_bent(name)[1:]}\b" for name in capital]
    if person.phone:
        parts.append(_number(person.phone))
    if person.email:
        parts.append(re.escape(person.email))
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None


def stems(person: Person, called: Iterable[str] = ()) -> tuple[str, ...]:
    """Return beginnings of which one is in every text that `pattern` can find, numbers aside."""
    every = (*person.names, *called)
    names = [name.removesuffix("nen") if len(name) > len("nen") else name for name in every]
    return tuple(DOUBLE.sub(lambda found: found[1][0], name) for name in names)


def masked(said: object, found: re.Pattern[str]) -> object:
    """Return a text, or a structure of texts, with the mark wherever the pattern is found."""
    if isinstance(said, str):
        return found.sub(VEIL, said)
    if isinstance(said, list):
        return [masked(one, found) for one in said]
    if isinstance(said, dict):
        return {name: masked(one, found) for name, one in said.items()}
    return said


def _bent(name: str) -> str:
    if name.lower().endswith("nen") and len(name) > len("nen"):
        return re.escape(name[: -len("nen")]) + BENT
    double = DOUBLE.search(name)
    if double:
        stop, vowel = double.groups()
        return rf"{re.escape(name[:-3])}{stop[0]}{{1,2}}{vowel}{ENDINGS}"
    return re.escape(name) + ENDINGS


def _number(phone: str) -> str:
    """Return what finds a number however it is written: +358 45..., 00358-45..., (045) ..."""
    digits = re.sub(r"\D", "", phone)
    own = digits.removeprefix(COUNTRY[1:]) if phone.startswith(COUNTRY) else digits
    gap = r"[\s().\-]*"
    before = rf"(?:(?:\+|00)?358{gap}|0)?" if phone.startswith(COUNTRY) else r"(?:\+|00)?"
    return rf"(?<!\d){before}{gap.join(own)}(?!\d)"
