"""What a piece of work pays, component by component, in whole cents rounded half up line by line.

Supplements are dated figures in basis points. A minute that is both evening and Sunday earns both;
holiday compensation is a share of all the rest. A supplement that would count and has no row stops.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from jobcenter.figures import DatedFigure, amount_on
from jobcenter.orders.pay import WHOLE, pay_cents, share_cents
from jobcenter.times import day_bounds, holiday, local

KIND = "supplement"
BASE = "pay"
HOLIDAY_COMPENSATION = "holiday_compensation"
EVENING_HOUR = 18
NIGHT_HOUR = 22
MORNING_HOUR = 6
SATURDAY = 5
SUNDAY = 6
MINUTE = timedelta(minutes=1)
# Days that the calendar names and that are not church holidays: no Sunday pay by themselves.
WORKING_EVES = {"Christmas Eve", "Midsummer Eve"}


@dataclass(frozen=True, slots=True)
class Component:
    """One line of a wage: so many cents for so many minutes."""

    name: str
    minutes: int
    cents: int


@dataclass(frozen=True, slots=True)
class Wage:
    """A wage with its lines; lines of nothing are left out."""

    components: tuple[Component, ...]

    @property
    def cents(self) -> int:
        """Return the whole wage."""
        return sum(component.cents for component in self.components)


def wage(hourly_cents: int, start: datetime, minutes: int, figures: Iterable[DatedFigure]) -> Wage:
    """Return what so many minutes of work from `start` pay."""
    held = tuple(figures)
    day = local(start).date()
    base = pay_cents(hourly_cents, minutes)
    lines = [Component(BASE, minutes, base)]
    for name, count in _minutes_by_supplement(start, minutes).items():
        points = amount_on(held, KIND, day, key=name)
        lines.append(Component(name, count, _supplement(hourly_cents, count, points)))
    if base:
        share = amount_on(held, KIND, day, key=HOLIDAY_COMPENSATION)
        whole = sum(line.cents for line in lines)
        lines.append(Component(HOLIDAY_COMPENSATION, minutes, share_cents(whole, share)))
    return Wage(tuple(line for line in lines if line.cents))


def _supplement(hourly_cents: int, minutes: int, points: int) -> int:
    divisor = 60 * WHOLE
    return (2 * hourly_cents * minutes * points + divisor) // (2 * divisor)


def _minutes_by_supplement(start: datetime, minutes: int) -> dict[str, int]:
    counts: dict[str, int] = {}
    for begin, length in _stretches(start, minutes):
        for name in _supplements_at(begin):
            counts[name] = counts.get(name, 0) + length
    return counts


def _stretches(start: datetime, minutes: int) -> Iterator[tuple[datetime, int]]:
    """Cut the work where supplements may change: at 6, 18, 22 and midnight of each local day."""
    end = start + timedelta(minutes=minutes)
    at = start
    while at < end:
        until = min(end, _next_cut(at))
        yield at, int((until - at) // MINUTE)
        at = until


def _next_cut(at: datetime) -> datetime:
    midnight, tomorrow = day_bounds(local(at).date())
    hours = (MORNING_HOUR, EVENING_HOUR, NIGHT_HOUR)
    # On the two days a year when clocks change, the hour is found by its name, not by its distance.
    cuts = [_clock(midnight, hour) for hour in hours]
    return next((cut for cut in cuts if cut > at), tomorrow)


def _clock(midnight: datetime, hour: int) -> datetime:
    guess = midnight + timedelta(hours=hour)
    return guess + timedelta(hours=hour - local(guess).hour)


def _supplements_at(moment: datetime) -> tuple[str, ...]:
    wall = local(moment)
    names = []
    if EVENING_HOUR <= wall.hour < NIGHT_HOUR:
        names.append("evening")
    if wall.hour >= NIGHT_HOUR or wall.hour < MORNING_HOUR:
        names.append("night")
    name = holiday(wall.date())
    if wall.weekday() == SUNDAY or (name is not None and name not in WORKING_EVES):
        names.append("sunday")
    elif wall.weekday() == SATURDAY:
        names.append("saturday")
    return tuple(names)
