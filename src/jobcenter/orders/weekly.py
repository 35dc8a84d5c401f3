"""Weekly hours, written out for some days as spans of time; the wall's clock holds when it changes.

Hours that touch are one span, so that whoever is free before and after midnight is free across it.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.dialects.postgresql import Range

from jobcenter.times import DAY, HELSINKI, local

Span = tuple[datetime, datetime]
# A weekday (0 = Monday) and local minutes from and to.
Hours = tuple[int, int, int]
MIDNIGHT = 24 * 60


def written_out(hours: Iterable[Hours], begins: datetime, ends: datetime) -> list[Span]:
    """Return the spans of every local day that these two moments and the time between touch."""
    every = list(hours)
    spans = []
    day = local(begins).date()
    while day <= local(ends).date():
        spans += [(_at(day, f), _at(day, t)) for weekday, f, t in every if weekday == day.weekday()]
        day += timedelta(days=1)
    return joined(spans)


def _at(day: date, minute: int) -> datetime:
    clock = time(minute % MIDNIGHT // 60, minute % 60)
    return datetime.combine(day + DAY * (minute // MIDNIGHT), clock, HELSINKI).astimezone(UTC)


def joined(spans: Iterable[Span]) -> list[Span]:
    """Return the spans in order, those that touch or overlap as one."""
    whole: list[Span] = []
    for begin, end in sorted(spans):
        if whole and begin <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(whole[-1][1], end))
        else:
            whole.append((begin, end))
    return whole


def without(spans: Iterable[Span], holes: Iterable[Span]) -> list[Span]:
    """Return the spans with the holes cut out."""
    left = list(spans)
    for hole_begin, hole_end in holes:
        left = [
            part
            for begin, end in left
            for part in ((begin, min(end, hole_begin)), (max(begin, hole_end), end))
            if part[0] < part[1]
        ]
    return left


def covers(spans: Iterable[Span], begin: datetime, end: datetime) -> bool:
    """Whether one span holds all of the time between these two moments."""
    return any(opens <= begin and end <= closes for opens, closes in spans)


def ends_of(during: Range[datetime]) -> Span:
    """Return both ends of a time that a constraint keeps finite."""
    if during.lower is None or during.upper is None:
        raise ValueError("a time without an end")
    return during.lower, during.upper
