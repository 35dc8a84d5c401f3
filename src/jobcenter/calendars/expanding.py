"""Reads when somebody is busy out of a calendar's text, and nothing else.

What an event is about is thrown away before anything reads the text: only lines that tell when
reach the library. Text of others may be made to take for ever, so `apart` runs this on its own.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta

import recurring_ical_events
from icalendar import Calendar, Component, Event, vPeriod
from icalendar.error import InvalidCalendar

from jobcenter.times import DAY, HELSINKI, MINUTE

Span = tuple[datetime, datetime]

MOST_EVENTS = 5_000
MOST_TIMES = 5_000
# Of the lines of an event, those that tell when it is, and whether it takes the time.
TELLING = frozenset({
    "BEGIN", "END", "UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE",
    "RECURRENCE-ID", "SEQUENCE", "STATUS", "TRANSP", "FREEBUSY",
})  # fmt: skip
# Of a calendar and its time zones.
AROUND = frozenset({
    "VERSION", "PRODID", "CALSCALE", "X-WR-TIMEZONE", "TZID", "TZOFFSETFROM", "TZOFFSETTO",
    "TZNAME",
})  # fmt: skip
KEPT_PARTS = frozenset({"VCALENDAR", "VTIMEZONE", "STANDARD", "DAYLIGHT", "VEVENT", "VFREEBUSY"})
# Our own visits, which a coach may have subscribed to in the same calendar.
OURS = re.compile(r"visit-[0-9a-f-]{36}@jobcenter")
NAME = re.compile(r"[A-Za-z0-9-]+")
RESTLESS = re.compile(r"FREQ=(SECONDLY|MINUTELY)", re.IGNORECASE)


class Unread(Exception):
    """A calendar could not be read; `code` says why, and the coach reads it in words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def busy(text: str, begin: datetime, end: datetime, ours: Collection[Span] = ()) -> list[Span]:
    """Return the stretches between two moments in which somebody is busy, apart and in order.

    `ours` are the visits that they have with us, which a calendar that names no events may hold.

    :raises Unread: when it is no calendar, or holds more than anybody's days can
    """
    lines = list(telling_lines(text))
    if lines.count("BEGIN:VEVENT") > MOST_EVENTS or any(map(RESTLESS.search, lines)):
        raise Unread("too_much")
    found = _times(lines, begin - DAY, end + DAY, ours)
    if len(found) > MOST_TIMES:
        raise Unread("too_much")
    return _apart(_clipped(found, begin, end))


def telling_lines(text: str) -> Iterator[str]:
    """Return the unfolded lines that tell when; what an event is about is left out."""
    inside: list[str] = []
    for line in _unfolded(text):
        name = (NAME.match(line) or [""])[0].upper()
        value = line.partition(":")[2].strip().upper()
        if name == "BEGIN":
            inside.append(value)
        if inside and KEPT_PARTS.issuperset(inside) and name in TELLING | AROUND:
            # What else stands in such a line before the value may hold names.
            yield line if name not in {"BEGIN", "END"} else f"{name}:{value}"
        if name == "END" and inside:
            inside.pop()


def _unfolded(text: str) -> Iterator[str]:
    whole = ""
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if line[:1] in {" ", "\t"}:
            whole += line[1:]
            continue
        yield whole
        whole = line
    yield whole


def _times(
    lines: Sequence[str], begin: datetime, end: datetime, ours: Collection[Span]
) -> list[Span]:
    try:
        calendar = Calendar.from_ical("\r\n".join(lines) + "\r\n")
        _refuse_broken(calendar)
        found = recurring_ical_events.of(calendar).between(begin, end)
        events = [_when(one) for one in found if isinstance(one, Event) and _takes_time(one)]
        # Visits that touch are published as one.
        known = {*ours, *_apart(ours)}
        published = [one for one in _published(calendar) if one not in known]
        return events + [one for one in published if one[0] < end and begin < one[1]]
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, InvalidCalendar):
        # The library tells broken text by all of these.
        raise Unread("not_calendar") from None


def _refuse_broken(calendar: Component) -> None:
    """An event that lost a line would count as free: then the calendar cannot be understood."""
    if calendar.name != "VCALENDAR" or any(part.errors for part in calendar.walk()):
        raise Unread("not_calendar")


def _published(calendar: Component) -> Iterator[Span]:
    """Return what a calendar says that publishes when somebody is busy, and no events."""
    for part in calendar.walk("VFREEBUSY"):
        for _, one in part.property_items(recursive=False):
            if isinstance(one, vPeriod) and str(one.params.get("FBTYPE", "")).upper() != "FREE":
                yield _moment(one.start), _moment(one.end)


def _takes_time(event: Event) -> bool:
    is_free = str(event.get("TRANSP", "")).upper() == "TRANSPARENT"
    is_off = str(event.get("STATUS", "")).upper() == "CANCELLED"
    return not is_free and not is_off and not OURS.fullmatch(str(event.get("UID", "")))


def _when(event: Event) -> Span:
    return _moment(event.start), _moment(event.end)


def _moment(day: date | datetime) -> datetime:
    """Return a moment; a day begins, and a time without a zone is, by Helsinki's clocks."""
    if not isinstance(day, datetime):
        return datetime.combine(day, time(), HELSINKI)
    return day if day.tzinfo else day.replace(tzinfo=HELSINKI)


def _clipped(spans: Iterable[Span], begin: datetime, end: datetime) -> Iterator[Span]:
    """Cut to the days that are asked about, in whole minutes."""
    for first, last in spans:
        begins = max(_floor(first.astimezone(begin.tzinfo)), begin)
        ends = min(_floor(last.astimezone(begin.tzinfo) + MINUTE - timedelta(microseconds=1)), end)
        if first < last and begins < ends:
            yield begins, ends


def _floor(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _apart(spans: Iterable[Span]) -> list[Span]:
    """Join what overlaps or touches."""
    found: list[Span] = []
    for begin, end in sorted(spans):
        if found and begin <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((begin, end))
    return found
