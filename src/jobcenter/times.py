"""Time as people in Helsinki see it: what they type becomes UTC, UTC becomes their day and week.

Nothing here guesses: a time that does not exist or exists twice is told, never chosen. No clock
either: `now` is always an argument.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo

import holidays

from jobcenter.errors import Fault, Invalid

HELSINKI = ZoneInfo("Europe/Helsinki")
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
SATURDAY = 5
# Years far outside would overflow on the way to UTC.
YEARS = range(1900, 2200)

_RFC_3339 = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})[Tt ]"
    r"(?P<clock>(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?)"
    r"(?P<offset>[Zz]|[+-]\d{2}:\d{2})?(?:\[(?P<zone>[^\]]*)\])?",
    re.ASCII,
)
_ISO_DAY = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)", re.ASCII)
_FINNISH_DAY = re.compile(r"(?P<day>\d\d?)\.(?P<month>\d\d?)\.(?P<year>\d{4})", re.ASCII)
_CLOCK = re.compile(r"([01]?\d|2[0-3])(?:[.:]([0-5]\d))?(?::00)?", re.ASCII)


def parse(text: str, *, field: str) -> datetime:
    """Return UTC for an API's RFC 3339 time with offset, or a wall time with [Europe/Helsinki]."""
    found = _RFC_3339.fullmatch(text)
    if not found:
        raise _not_a_time(field)
    offset, zone = found["offset"], found["zone"]
    if zone is not None and zone != HELSINKI.key:
        raise Invalid(Fault(field, "zone_unknown", "Please give the time in Europe/Helsinki."))
    try:
        wall = datetime.fromisoformat(f"{found['day']}T{found['clock']}")
        if wall.year not in YEARS:
            raise _not_a_time(field)
        if zone is None and offset:
            return datetime.fromisoformat(f"{wall.isoformat()}{offset.upper()}").astimezone(UTC)
    except ValueError:
        raise _not_a_time(field) from None
    if zone is None:
        raise Invalid(
            Fault(field, "zone_missing", "Please say the time zone, for example +02:00 at the end.")
        )
    return of_wall(wall, field=field, offset=offset)


def rfc_3339(moment: datetime) -> str:
    """Return a moment as an API tells it: UTC with a Z, as everywhere in its answers."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _not_a_time(field: str) -> Invalid:
    return Invalid(Fault(field, "not_a_time", "We could not read this time."))


def day_of(text: str, *, field: str) -> date:
    """Return the day a form means by 2027-03-28 or 28.3.2027."""
    parts = _ISO_DAY.fullmatch(text.strip()) or _FINNISH_DAY.fullmatch(text.strip())
    if parts and int(parts["year"]) in YEARS:
        with suppress(ValueError):
            return date(int(parts["year"]), int(parts["month"]), int(parts["day"]))
    raise Invalid(Fault(field, "not_a_day", "We could not read this day. Write it like 28.3.2027."))


def clock_of(text: str, *, field: str) -> time:
    """Return the time of day a form means by 9, 9.30, 9:30 or 09:30."""
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        raise Invalid(
            Fault(field, "not_a_time", "We could not read this time. Write it like 9.30.")
        )
    return time(int(found[1]), int(found[2] or 0))


def period(
    day: date,
    start: time,
    end: time,
    *,
    ends_next_day: bool = False,
    offsets: Mapping[str, str] | None = None,
) -> tuple[datetime, datetime]:
    """Return a form's day, start and end in UTC; the end may lie before the start.

    `offsets` may hold the person's choice for "start" or "end" when that time comes twice.
    """
    chosen = offsets or {}
    walls = {
        "start": datetime.combine(day, start),
        "end": datetime.combine(day + DAY if ends_next_day else day, end),
    }
    moments: list[datetime] = []
    faults: list[Fault] = []
    for field, wall in walls.items():
        try:
            moments.append(of_wall(wall, field=field, offset=chosen.get(field)))
        except Invalid as invalid:
            faults += invalid.faults
    if faults:
        raise Invalid(*faults)
    return moments[0], moments[1]


def of_wall(wall: datetime, *, field: str, offset: str | None = None) -> datetime:
    """Return UTC for what a clock on a wall in Helsinki shows; `offset` chooses in autumn."""
    moments = _moments(wall)
    if not moments:
        before, after = _gap(wall)
        raise Invalid(
            Fault(
                field,
                "time_does_not_exist",
                "That night the clocks go from {before} straight to {after}. "
                "Please choose a time outside that hour.",
                {"before": f"{before:%H:%M}", "after": f"{after:%H:%M}"},
            )
        )
    choices = {offset_of(moment): moment for moment in moments}
    if offset is not None:
        if _same_offset(offset) not in choices:
            raise Invalid(
                Fault(field, "offset_is_wrong", "The offset is not Helsinki's at that time.")
            )
        return choices[_same_offset(offset)]
    if len(choices) > 1:
        first, second = choices
        raise Invalid(
            Fault(
                field,
                "time_is_ambiguous",
                "That night this time comes twice. "
                "Please choose: summer time ({first}) or winter time ({second}).",
                {"first": first, "second": second},
            )
        )
    return moments[0]


def _moments(wall: datetime) -> list[datetime]:
    """Return the moments at which the wall shows this: none, one or two, earliest first."""
    tries = {wall.replace(tzinfo=HELSINKI, fold=fold).astimezone(UTC) for fold in (0, 1)}
    naive = wall.replace(fold=0)
    return sorted(m for m in tries if m.astimezone(HELSINKI).replace(tzinfo=None, fold=0) == naive)


def _gap(wall: datetime) -> tuple[datetime, datetime]:
    """Return the wall times between which a wall that does not exist is skipped."""
    begin = wall.replace(second=0, microsecond=0)
    while not _moments(begin - MINUTE):
        begin -= MINUTE
    end = begin
    while not _moments(end):
        end += MINUTE
    return begin, end


def _same_offset(offset: str) -> str:
    return "+00:00" if offset in ("Z", "z", "-00:00") else offset


def offset_of(moment: datetime) -> str:
    """Return Helsinki's offset at that moment, such as +02:00."""
    return moment.astimezone(HELSINKI).isoformat()[-6:]


def local(moment: datetime) -> datetime:
    """Return the moment as Helsinki's wall shows it."""
    return moment.astimezone(HELSINKI)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Return when a Helsinki day begins and ends; 23 or 25 hours when the clocks change."""
    return _midnight(day), _midnight(day + DAY)


def week_bounds(day: date) -> tuple[datetime, datetime]:
    """Return when the ISO week of that day begins (Monday) and ends."""
    monday = day - DAY * day.weekday()
    return _midnight(monday), _midnight(monday + 7 * DAY)


def month_bounds(day: date) -> tuple[datetime, datetime]:
    """Return when the month of that day begins and ends."""
    return _midnight(first_of_month(day)), _midnight(next_month(day))


def first_of_month(day: date) -> date:
    """Return the first day of that day's month."""
    return day.replace(day=1)


def next_month(day: date) -> date:
    """Return the first day of the month after that day's."""
    return (first_of_month(day) + 31 * DAY).replace(day=1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), HELSINKI).astimezone(UTC)


def minutes_between(start: datetime, end: datetime) -> int:
    """Return the whole minutes that really pass, also over a night when the clocks change."""
    return int((end.astimezone(UTC) - start.astimezone(UTC)) // MINUTE)


@cache
def _holidays(year: int) -> Mapping[date, str]:
    return holidays.country_holidays("FI", years=year, language="en_US")


def holiday(day: date) -> str | None:
    """Return the English name of a Finnish holiday (the two eves included), or None."""
    return _holidays(day.year).get(day)


def is_workday(day: date) -> bool:
    """Return whether offices are open: Monday to Friday, no holiday."""
    return day.weekday() < SATURDAY and holiday(day) is None


def next_workday(day: date) -> date:
    """Return the first working day after that day."""
    later = day + DAY
    while not is_workday(later):
        later += DAY
    return later


def after_workdays(day: date, count: int) -> date:
    """Return the day on which that many whole working days have passed since that day."""
    for _ in range(count):
        day = next_workday(day)
    return day


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When we leave people in peace: from `begins` in the evening to `ends` in the morning."""

    begins: time
    ends: time
    workdays_only: bool = False

    def cover(self, moment: datetime) -> bool:
        """Return whether nothing may be sent at that moment."""
        wall = local(moment)
        clock = wall.time()
        if self.workdays_only and not is_workday(wall.date()):
            return True
        if self.begins <= self.ends:
            return self.begins <= clock < self.ends
        return clock >= self.begins or clock < self.ends


def next_allowed(moment: datetime, quiet: QuietHours | None) -> datetime:
    """Return the moment itself, or the first one after it that is not quiet."""
    if quiet is None or not quiet.cover(moment):
        return moment
    day = local(moment).date()
    while True:
        opens = datetime.combine(day, quiet.ends, HELSINKI).astimezone(UTC)
        if opens > moment and not quiet.cover(opens):
            return opens
        day += DAY


Relative = Literal["today", "tomorrow", "day_after_tomorrow", "later"]


@dataclass(frozen=True, slots=True)
class When:
    """The parts of "tomorrow, Tuesday 24.11., at 9:00", for a template to put into words."""

    relative: Relative
    day: date
    clock: time

    @property
    def weekday(self) -> int:
        """Return 0 for Monday to 6 for Sunday."""
        return self.day.weekday()


def when(moment: datetime, *, now: datetime) -> When:
    """Return how a person would say that moment today."""
    wall = local(moment)
    names: Mapping[int, Relative] = {0: "today", 1: "tomorrow", 2: "day_after_tomorrow"}
    ahead = (wall.date() - local(now).date()).days
    return When(names.get(ahead, "later"), wall.date(), wall.time().replace(tzinfo=None))
