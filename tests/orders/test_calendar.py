"""The coach's feed: read back by a calendar, right on the nights when the clocks change."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from icalendar import Calendar, Event

from jobcenter.orders.calendar import FeedVisit, feed

CHANGED = datetime(2026, 11, 20, 12, tzinfo=UTC)
VISIT = FeedVisit(
    id=UUID("01936f2e-0000-7000-8000-000000000001"),
    sequence=0,
    start=datetime(2026, 11, 24, 7, 30, tzinfo=UTC),
    end=datetime(2026, 11, 24, 8, 30, tzinfo=UTC),
    place="Varastokuja 3, 00500 Helsinki",
    changed_at=CHANGED,
)


def events_of(text: str) -> list[Event]:
    return list(Calendar.from_ical(text).events)


def test_a_visit_shows_time_place_and_gig() -> None:
    (event,) = events_of(feed([VISIT]))
    assert (event["summary"], event["location"]) == ("Gig", "Varastokuja 3, 00500 Helsinki")
    assert event.start == VISIT.start
    assert event.end == VISIT.end
    assert (event["status"], event["class"]) == ("CONFIRMED", "PRIVATE")


def test_the_feed_carries_the_rules_of_the_time_zone() -> None:
    text = feed([VISIT])
    assert "BEGIN:VTIMEZONE" in text
    assert "DTSTART;TZID=Europe/Helsinki:20261124T093000" in text
    assert text.endswith("END:VCALENDAR\r\n")


def test_a_moved_visit_keeps_its_id_and_counts_up() -> None:
    later = replace(VISIT, sequence=1, start=VISIT.start + timedelta(hours=1))
    (before,), (after,) = events_of(feed([VISIT])), events_of(feed([later]))
    assert before["uid"] == after["uid"] == f"visit-{VISIT.id}@jobcenter"
    assert (before["sequence"], after["sequence"]) == (0, 1)


def test_a_freed_visit_is_cancelled() -> None:
    (event,) = events_of(feed([replace(VISIT, cancelled=True)]))
    assert event["status"] == "CANCELLED"


def test_a_call_has_no_place() -> None:
    (event,) = events_of(feed([replace(VISIT, place="")]))
    assert "location" not in event


@pytest.mark.parametrize(
    ("start", "hours"),
    [
        (datetime(2027, 3, 27, 20, tzinfo=UTC), 8),
        (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), 1),
        (datetime(2027, 10, 31, 1, 30, tzinfo=UTC), 1),
    ],
)
def test_nights_when_the_clocks_change_last_as_long_as_they_do(start: datetime, hours: int) -> None:
    visit = replace(VISIT, start=start, end=start + timedelta(hours=hours))
    (event,) = events_of(feed([visit]))
    begin, end = event.start, event.end
    assert isinstance(begin, datetime)
    assert isinstance(end, datetime)
    assert begin.astimezone(UTC) == start
    assert end.astimezone(UTC) - start == timedelta(hours=hours)


def test_visits_come_in_order_and_in_the_readers_words() -> None:
    first = replace(VISIT, id=UUID(int=7), start=VISIT.start - timedelta(days=1))
    events = events_of(feed([VISIT, first], summary="Keikka"))
    assert [event.start for event in events] == [first.start, VISIT.start]
    assert {str(event["summary"]) for event in events} == {"Keikka"}


def test_no_name_and_no_need_can_be_handed_in() -> None:
    names = {field.name for field in fields(FeedVisit)}
    assert names == {"id", "sequence", "start", "end", "place", "changed_at", "cancelled"}


def test_an_empty_feed_is_still_a_calendar() -> None:
    assert events_of(feed([])) == []
