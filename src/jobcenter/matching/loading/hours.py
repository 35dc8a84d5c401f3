"""The matcher's grid of time: minutes since a Monday's midnight, and weekly hours laid out on it.

Local days keep their real length, so a minute is a minute also when the clocks change.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from jobcenter.matching.problem import Calendar
from jobcenter.matching.records import Span
from jobcenter.times import DAY, HELSINKI, day_bounds, local, minutes_between

WEEK = 7
MIDNIGHT = 24 * 60


@dataclass(frozen=True, slots=True)
class HoursFact:
    """Hours of one weekday (0 = Monday), in local minutes."""

    weekday: int
    from_minute: int
    to_minute: int


@dataclass(frozen=True, slots=True)
class ExceptionFact:
    """A time that differs from the usual week."""

    begin: datetime
    end: datetime
    available: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """Whole ISO weeks from `first_day`; minute 0 is its midnight in Helsinki."""

    first_day: date
    days: int

    @staticmethod
    def around(first: date, last: date) -> "Grid":
        """Return the whole weeks that hold both days."""
        monday = first - DAY * first.weekday()
        weeks = ((last - monday).days // WEEK) + 1
        return Grid(monday, weeks * WEEK)

    @property
    def origin(self) -> datetime:
        """Return when minute 0 was."""
        return day_bounds(self.first_day)[0]

    @property
    def end(self) -> datetime:
        """Return when the grid ends."""
        return day_bounds(self.first_day + DAY * self.days)[0]

    def minute(self, moment: datetime) -> int:
        """Return the minute in which a moment lies."""
        return minutes_between(self.origin, moment)

    def moment(self, minute: int) -> datetime:
        """Return when a minute begins, in UTC."""
        return self.origin + timedelta(minutes=minute)

    def week(self, moment: datetime) -> int:
        """Return the index of the moment's ISO week, negative before the grid."""
        return (local(moment).date() - self.first_day).days // WEEK

    def calendar(self, now: datetime) -> Calendar:
        """Return the grid as the problem's calendar."""
        midnights = [
            self.minute(day_bounds(self.first_day + DAY * day)[0]) for day in range(self.days + 1)
        ]
        return Calendar(
            now=self.minute(now),
            day_starts=np.array(midnights, dtype=np.int64),
            week=np.arange(self.days, dtype=np.int64) // WEEK,
        )


class Weekly:
    """Lays weekly hours out over a grid; each wall time is worked out once."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._known: dict[tuple[int, int], int] = {}

    def spans(self, hours: Iterable[HoursFact]) -> list[Span]:
        """Return the hours of every week of the grid."""
        return [
            (self._at(day, row.from_minute), self._at(day, row.to_minute))
            for row in hours
            for day in range(row.weekday, self._grid.days, WEEK)
        ]

    def _at(self, day: int, minute: int) -> int:
        found = self._known.get((day, minute))
        if found is None:
            found = self._known[day, minute] = self._worked_out(day, minute)
        return found

    def _worked_out(self, day: int, minute: int) -> int:
        date_ = self._grid.first_day + DAY * (day + minute // MIDNIGHT)
        clock = time(minute % MIDNIGHT // 60, minute % 60)
        return self._grid.minute(datetime.combine(date_, clock, HELSINKI).astimezone(UTC))


def changed_by(
    spans: Sequence[Span], exceptions: Sequence[ExceptionFact], grid: Grid
) -> tuple[Span, ...]:
    """Return the usual times with the exceptions applied: `cannot` wins over `can`."""
    can = [(grid.minute(e.begin), grid.minute(e.end)) for e in exceptions if e.available]
    cannot = [(grid.minute(e.begin), grid.minute(e.end)) for e in exceptions if not e.available]
    return without((*spans, *can), cannot)


def common(spans: Iterable[Span], windows: Iterable[Span]) -> tuple[Span, ...]:
    """Return the parts of the spans that lie in one of the windows."""
    parts = ((max(a, c), min(b, d)) for c, d in windows for a, b in spans)
    return tuple((begin, end) for begin, end in parts if begin < end)


def without(spans: Iterable[Span], holes: Iterable[Span]) -> tuple[Span, ...]:
    """Return the spans with the holes cut out."""
    left = list(spans)
    for hole_begin, hole_end in holes:
        left = [
            part
            for begin, end in left
            for part in ((begin, min(end, hole_begin)), (max(begin, hole_end), end))
            if part[0] < part[1]
        ]
    return tuple(left)
