"""How made-up people answer and fall ill: drawn by seed, the same under every policy that is tried.

The shares are assumptions, to be replaced by a city's own once it has some.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from math import exp
from uuid import UUID

from jobcenter.seed.dice import Dice
from jobcenter.times import DAY, day_bounds, local

# A person's own share of yes, and of silence; what is left is a no.
YES, YES_SPREAD = 0.62, 0.16
SILENT, SILENT_SPREAD = 0.14, 0.08
# Half of the answers come within so many minutes.
ANSWER_MINUTES, ANSWER_SPREAD = 75, 1.1
# Nobody answers in their sleep.
AWAKE, ASLEEP = time(8), time(21)
ILL = 0.05
MISSED = 0.015
STILL_FINE_SILENT = 0.15
COACH_ILL = 0.01
MOVES = 0.5


@dataclass(frozen=True, slots=True)
class Fate:
    """What somebody does about one order: their answer and when, and whether they fall ill."""

    answer: str
    """yes, no or silence."""
    minutes: int
    ill_hours_before: int | None
    misses: bool
    says_still_fine: bool


def fate(seed: int, client_id: UUID, order_number: int) -> Fate:
    """Draw what a client would do if asked for an order."""
    person, dice = Dice(seed, "person", client_id), Dice(seed, "fate", client_id, order_number)
    yes = min(0.9, max(0.2, person.near(YES, YES_SPREAD)))
    silent = min(1 - yes, max(0.0, person.near(SILENT, SILENT_SPREAD)))
    answer = dice.weighed({"yes": yes, "silence": silent, "no": 1 - yes - silent})
    minutes = round(ANSWER_MINUTES * exp(dice.near(0, ANSWER_SPREAD)))
    ill = dice.between(1, 30) if dice.chance(ILL) else None
    return Fate(
        answer,
        minutes,
        ill,
        dice.chance(MISSED),
        says_still_fine=not dice.chance(STILL_FINE_SILENT),
    )


def awake(moment: datetime) -> datetime:
    """Return the moment, or the next morning's when people sleep."""
    wall = local(moment)
    if wall.time() < AWAKE:
        return day_bounds(wall.date())[0] + timedelta(hours=AWAKE.hour)
    if wall.time() >= ASLEEP:
        return day_bounds(wall.date() + DAY)[0] + timedelta(hours=AWAKE.hour)
    return moment


def first_to_try(fates: list[Fate]) -> int:
    """Of several who are asked at once, return who decides it: the quickest yes, else the last no.

    Only one of them can hold the place, so it is this one whom the real actions ask.
    """
    willing = [number for number, one in enumerate(fates) if one.answer == "yes"]
    if willing:
        return min(willing, key=lambda number: fates[number].minutes)
    return max(
        range(len(fates)),
        key=lambda number: (fates[number].answer == "silence", fates[number].minutes),
    )
