"""A coach's visits as a private calendar feed: time, place and "Gig", never names or needs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from icalendar import Calendar, Event

from jobcenter.times import local


@dataclass(frozen=True, slots=True)
class FeedVisit:
    """One visit as the feed may show it; `sequence` grows with every change."""

    id: UUID
    sequence: int
    start: datetime
    end: datetime
    place: str
    changed_at: datetime
    cancelled: bool = False


def feed(visits: Iterable[FeedVisit], *, summary: str = "Gig", title: str = "Jobcenter") -> str:
    """Return the visits as iCalendar text, with the time zone's own rules in it."""
    calendar = Calendar()
    calendar.add("prodid", "-//Jobcenter//visits//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    for visit in sorted(visits, key=lambda one: (one.start, one.id)):
        calendar.add_component(_event(visit, summary))
    calendar.add_missing_timezones()
    text: bytes = calendar.to_ical()
    return text.decode()


def _event(visit: FeedVisit, summary: str) -> Event:
    event = Event()
    # The same for the life of the visit, so that calendars move it instead of adding another.
    event.add("uid", f"visit-{visit.id}@jobcenter")
    event.add("sequence", visit.sequence)
    event.add("dtstamp", visit.changed_at)
    event.add("dtstart", _shown(visit.start))
    event.add("dtend", _shown(visit.end))
    event.add("summary", summary)
    if visit.place:
        event.add("location", visit.place)
    event.add("status", "CANCELLED" if visit.cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    return event


def _shown(moment: datetime) -> datetime:
    """Return Helsinki's time; UTC for the second of two equal times, which has no name."""
    wall = local(moment)
    return moment if wall.fold else wall
