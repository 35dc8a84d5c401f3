"""When an order is to be done: fixed, several starts, a window, and weekly repeats of each.

Every repeat keeps the clock on the wall, so a gig at nine stays at nine when the clocks change.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from jobcenter.errors import Fault, Invalid
from jobcenter.times import DAY, holiday, local, minutes_between, of_wall

TimingKind = Literal["fixed", "starts", "window"]

SHORTEST = 30
LONGEST = 8 * 60
GRID = 30
MONTHS_AHEAD = 24
MOST_STARTS = 200
MOST_DATES = 110
WINDOW = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Repeat:
    """A weekly repeat; weekdays run from 0 = Monday, `without` are the dates taken out."""

    weekdays: frozenset[int]
    first_day: date
    last_day: date
    without: frozenset[date] = frozenset()
    on_holidays: bool = False


@dataclass(frozen=True, slots=True)
class TimeFields:
    """The times of an order as told, in UTC; a fixed one may give its end instead of minutes."""

    timing: TimingKind
    starts: tuple[datetime, ...]
    minutes: int | None = None
    end: datetime | None = None
    """The end of a fixed gig, or of the window."""
    repeat: Repeat | None = None


@dataclass(frozen=True, slots=True)
class Occasions:
    """Checked times: one order for each occasion, which lists its permitted starts in order."""

    timing: TimingKind
    minutes: int
    occasions: tuple[tuple[datetime, ...], ...]

    @property
    def starts(self) -> tuple[datetime, ...]:
        """Return every start of every occasion."""
        return tuple(start for starts in self.occasions for start in starts)


def dates_of(repeat: Repeat) -> tuple[date, ...]:
    """Return the dates of a repeat; public holidays are off unless asked for."""
    days = (repeat.last_day - repeat.first_day).days + 1
    every = (repeat.first_day + DAY * number for number in range(days))
    return tuple(
        day
        for day in every
        if day.weekday() in repeat.weekdays
        and day not in repeat.without
        and (repeat.on_holidays or holiday(day) is None)
    )


def check_times(
    raw: TimeFields, *, now: datetime, faults: list[Fault], lead: timedelta = timedelta()
) -> Occasions:
    """Return the occasions; what is wrong with start, end, minutes or repeat goes to `faults`.

    `lead` is the least time between now and the first start.
    """
    count = len(faults)
    minutes = _minutes(raw, faults)
    starts = _starts(raw, minutes, faults)
    if len(faults) > count:
        return Occasions(raw.timing, minutes, (starts,))
    repeated = _repeated(raw.repeat, starts, now, faults) if raw.repeat else (starts,)
    occasions = Occasions(raw.timing, minutes, repeated)
    _check_moments(occasions, now, lead, faults)
    return occasions


def _minutes(raw: TimeFields, faults: list[Fault]) -> int:
    """Return how long one gig lasts, in minutes that really pass."""
    minutes = raw.minutes or 0
    if raw.end is not None and raw.starts:
        begin = min(raw.starts)
        if raw.end < begin:
            faults.append(Fault("end", "end_before_start", "The end is before the start."))
            return minutes
        if raw.end == begin:
            faults.append(Fault("end", "empty_period", "The start and the end are the same."))
            return minutes
        if raw.timing == "fixed":
            minutes = minutes_between(begin, raw.end)
    field = "end" if raw.timing == "fixed" and raw.end else "minutes"
    if raw.minutes is None and raw.end is None:
        faults.append(Fault("end", "blank", "Please say how long the work takes."))
    elif minutes < SHORTEST:
        faults.append(Fault(field, "too_short", "A gig lasts at least 30 minutes."))
    elif minutes > LONGEST:
        faults.append(Fault(field, "too_long", "A gig lasts at most 8 hours."))
    return minutes


def _starts(raw: TimeFields, minutes: int, faults: list[Fault]) -> tuple[datetime, ...]:
    """Return the permitted starts of the first occasion, a window written out on the grid."""
    told = tuple(sorted(set(raw.starts)))
    if not told:
        faults.append(Fault("start", "blank", "Please say when the work starts."))
    elif any(start.second or start.microsecond for start in told):
        faults.append(Fault("start", "whole_minutes", "Please give times in whole minutes."))
    elif raw.timing == "fixed" and len(told) > 1:
        faults.append(Fault("start", "too_many_starts", "A fixed time has one start."))
    elif len(told) > MOST_STARTS:
        faults.append(Fault("start", "too_many_starts", "These are too many different starts."))
    elif raw.timing == "window":
        return _window(told[0], raw.end, minutes, faults)
    return told


def _window(
    begin: datetime, end: datetime | None, minutes: int, faults: list[Fault]
) -> tuple[datetime, ...]:
    if end is None:
        faults.append(Fault("end", "blank", "Please say when the work must be done at latest."))
    elif end - begin > WINDOW:
        faults.append(Fault("end", "too_long", "A time window lasts at most 24 hours."))
    elif end > begin:
        room = minutes_between(begin, end) - minutes
        if room >= 0:
            return tuple(begin + timedelta(minutes=after) for after in range(0, room + 1, GRID))
        faults.append(Fault("end", "window_too_short", "The work does not fit in between."))
    return (begin,)


def _repeated(
    repeat: Repeat, starts: tuple[datetime, ...], now: datetime, faults: list[Fault]
) -> tuple[tuple[datetime, ...], ...]:
    if repeat.last_day < repeat.first_day:
        faults.append(Fault("repeat", "end_before_start", "The last day is before the first day."))
        return (starts,)
    if repeat.last_day > local(_far(now)).date():
        faults.append(_too_far("repeat"))
        return (starts,)
    days = dates_of(repeat)
    if not days:
        faults.append(Fault("repeat", "no_dates", "No date is left. Please choose at least one."))
    if len(days) > MOST_DATES:
        faults.append(Fault("repeat", "too_many_dates", "These are too many dates for one order."))
        return (starts,)
    first = local(starts[0]).date()
    occasions: list[tuple[datetime, ...]] = []
    for day in days:
        try:
            occasions.append(tuple(_moved(start, day - first) for start in starts))
        except Invalid as invalid:
            faults += invalid.faults
    return tuple(occasions) or (starts,)


def _moved(start: datetime, by: timedelta) -> datetime:
    """Return the start so many days later by the clock on the wall."""
    wall = local(start)
    if not by:
        return start
    return of_wall(wall.replace(tzinfo=None, fold=0) + by, field="repeat")


def _check_moments(
    occasions: Occasions, now: datetime, lead: timedelta, faults: list[Fault]
) -> None:
    starts = occasions.starts
    if min(starts) <= now:
        faults.append(Fault("start", "in_past", "This time has already passed."))
    elif min(starts) < now + lead:
        hours = int(lead / timedelta(hours=1))
        faults.append(
            Fault(
                "start",
                "too_soon",
                "Please order at least {hours} hours ahead, or call us.",
                {"hours": hours},
            )
        )
    if max(starts) > _far(now):
        faults.append(_too_far("start"))


def _too_far(field: str) -> Fault:
    return Fault(field, "too_far", "This is too far ahead: at most 24 months from now.")


def _far(now: datetime) -> datetime:
    """Return the moment 24 months ahead; 29 February becomes the 28th."""
    years = MONTHS_AHEAD // 12
    try:
        return now.replace(year=now.year + years)
    except ValueError:
        return now.replace(year=now.year + years, day=28)
