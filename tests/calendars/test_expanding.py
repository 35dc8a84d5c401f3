"""When a calendar says that somebody is busy: a table of events, and texts that mean harm."""

from datetime import UTC, datetime, timedelta

import pytest

from jobcenter.calendars.apart import read_apart
from jobcenter.calendars.expanding import MOST_EVENTS, Unread, busy, telling_lines

# Midnight in Helsinki before Monday 23 November, in winter time.
BEGIN = datetime(2026, 11, 22, 22, tzinfo=UTC)
END = BEGIN + timedelta(days=60)


def calendar(*events: str, more: str = "") -> str:
    """Return a calendar of events, each written with a bar between its lines."""
    parts = (f"BEGIN:VEVENT|{event}|END:VEVENT|" for event in events)
    lines = f"BEGIN:VCALENDAR|VERSION:2.0|PRODID:-//x//EN|{more}{''.join(parts)}END:VCALENDAR|"
    return lines.replace("|", "\r\n")


def times(text: str) -> list[str]:
    """Return busy times as Helsinki's winter clocks show them."""
    wall = timedelta(hours=2)
    return [f"{a + wall:%d.%m. %H:%M}-{b + wall:%d.%m. %H:%M}" for a, b in busy(text, BEGIN, END)]


ONE = "UID:1|DTSTART:20261124T080000Z|DTEND:20261124T090000Z"
DAILY = "UID:1|DTSTART:20261124T080000Z|DTEND:20261124T090000Z|RRULE:FREQ=DAILY;COUNT=3"
HELSINKI = "TZID=Europe/Helsinki"
WEEKLY = (
    f"UID:1|DTSTART;{HELSINKI}:20260602T100000|DTEND;{HELSINKI}:20260602T110000"
    "|RRULE:FREQ=WEEKLY;BYDAY=TU;UNTIL=20261210T000000Z"
    f"|EXDATE;{HELSINKI}:20261201T100000"
)
EVENTS = {
    "one": ([ONE], ["24.11. 10:00-24.11. 11:00"]),
    "free": ([f"{ONE}|TRANSP:TRANSPARENT"], []),
    "cancelled": ([f"{ONE}|STATUS:CANCELLED"], []),
    "tentative": ([f"{ONE}|STATUS:TENTATIVE"], ["24.11. 10:00-24.11. 11:00"]),
    "over": (["UID:1|DTSTART:20261101T080000Z|DTEND:20261101T090000Z"], []),
    "far ahead": (["UID:1|DTSTART:20270401T080000Z|DTEND:20270401T090000Z"], []),
    "a whole day": (
        ["UID:1|DTSTART;VALUE=DATE:20261203|DTEND;VALUE=DATE:20261205"],
        ["03.12. 00:00-05.12. 00:00"],
    ),
    "a day without an end": (
        ["UID:1|DTSTART;VALUE=DATE:20261203"],
        ["03.12. 00:00-04.12. 00:00"],
    ),
    "how long": (
        ["UID:1|DTSTART:20261124T080000Z|DURATION:PT90M"],
        ["24.11. 10:00-24.11. 11:30"],
    ),
    "no length": (["UID:1|DTSTART:20261124T080000Z"], []),
    "no zone": (
        ["UID:1|DTSTART:20261124T100000|DTEND:20261124T110000"],
        ["24.11. 10:00-24.11. 11:00"],
    ),
    "another zone": (
        ["UID:1|DTSTART;TZID=America/New_York:20261124T030000|DURATION:PT1H"],
        ["24.11. 10:00-24.11. 11:00"],
    ),
    "Outlook's zone": (
        ["UID:1|DTSTART;TZID=FLE Standard Time:20261124T100000|DURATION:PT1H"],
        ["24.11. 10:00-24.11. 11:00"],
    ),
    "seconds": (
        ["UID:1|DTSTART:20261124T080030Z|DTEND:20261124T085930Z"],
        ["24.11. 10:00-24.11. 11:00"],
    ),
    "since long ago": (
        ["UID:1|DTSTART:20200101T080000Z|DTEND:20290101T080000Z"],
        ["23.11. 00:00-22.01. 00:00"],
    ),
    "overlapping": (
        [ONE, "UID:2|DTSTART:20261124T083000Z|DTEND:20261124T100000Z"],
        ["24.11. 10:00-24.11. 12:00"],
    ),
    "each Tuesday since summer but one": (
        [WEEKLY],
        ["24.11. 10:00-24.11. 11:00", "08.12. 10:00-08.12. 11:00"],
    ),
    "one moved and one called off": (
        [
            DAILY,
            "UID:1|RECURRENCE-ID:20261125T080000Z|DTSTART:20261125T120000Z|DTEND:20261125T130000Z",
            "UID:1|RECURRENCE-ID:20261126T080000Z|DTSTART:20261126T080000Z|STATUS:CANCELLED",
        ],
        ["24.11. 10:00-24.11. 11:00", "25.11. 14:00-25.11. 15:00"],
    ),
    "our own visit": ([f"UID:visit-{'0' * 36}@jobcenter{ONE[5:]}"], []),
    "folded, with what hides in it": (
        ["UID:1|DTSTART:20261124T0|\t80000Z|SUMMARY:a|\tDTSTART:1|DURATION:PT1H"],
        ["24.11. 10:00-24.11. 11:00"],
    ),
    "an alarm in it": (
        [f"{ONE}|BEGIN:VALARM|TRIGGER:-PT5M|DURATION:PT5M|REPEAT:99999999|END:VALARM"],
        ["24.11. 10:00-24.11. 11:00"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EVENTS)
def test_times_are_read(name: str) -> None:
    events, expected = EVENTS[name]
    assert times(calendar(*events)) == expected


def test_a_zone_that_a_calendar_brings_itself_is_understood() -> None:
    zone = (
        "BEGIN:VTIMEZONE|TZID:Own|BEGIN:STANDARD|DTSTART:19700101T000000|TZOFFSETFROM:+0500"
        "|TZOFFSETTO:+0500|TZNAME:X|END:STANDARD|END:VTIMEZONE|"
    )
    text = calendar("UID:1|DTSTART;TZID=Own:20261124T130000|DURATION:PT1H", more=zone)
    assert times(text) == ["24.11. 10:00-24.11. 11:00"]


PUBLISHED = (
    "BEGIN:VFREEBUSY|UID:1|DTSTART:20261123T000000Z|DTEND:20261223T000000Z"
    "|FREEBUSY;FBTYPE=BUSY:20261124T080000Z/PT1H,20261125T080000Z/20261125T090000Z"
    "|FREEBUSY;FBTYPE=FREE:20261126T080000Z/PT1H|FREEBUSY;FBTYPE=free:20261126T100000Z/PT1H"
    "|FREEBUSY:20261127T080000Z/PT1H|FREEBUSY;FBTYPE=BUSY-TENTATIVE:20261128T080000Z/PT1H"
    "|FREEBUSY:20261101T080000Z/PT1H|SUMMARY:Aino|END:VFREEBUSY|"
)


def test_a_calendar_that_only_says_when_somebody_is_busy_is_understood() -> None:
    busy_days = [f"{day}.11. 10:00-{day}.11. 11:00" for day in (24, 25, 27, 28)]
    assert times(calendar(more=PUBLISHED)) == busy_days
    assert times(calendar(DAILY, more=PUBLISHED))[:3] == [
        f"{day}.11. 10:00-{day}.11. 11:00" for day in (24, 25, 26)
    ]
    assert not [line for line in telling_lines(calendar(more=PUBLISHED)) if "Aino" in line]


async def test_our_own_visits_do_not_make_a_calendar_busy_that_names_no_events() -> None:
    """They are taken already; what meets a visit without being one is still told."""
    first, second, later = (
        (datetime(2026, 11, 27, hour, tzinfo=UTC), datetime(2026, 11, 27, hour + 1, tzinfo=UTC))
        for hour in (8, 11, 12)
    )
    merged = "BEGIN:VFREEBUSY|FREEBUSY:20261127T110000Z/PT2H,20261127T080000Z/PT30M|END:VFREEBUSY|"
    text = calendar(more=PUBLISHED + merged)
    found = await read_apart(text, BEGIN, END, ours=[first, later, second])
    assert [(begin.day, begin.hour, end - begin) for begin, end in found if begin.day == 27] == [
        (27, 8, timedelta(minutes=30))
    ]
    assert len(busy(text, BEGIN, END)) == len(found) + 1


def test_what_an_event_is_about_is_thrown_away_first() -> None:
    secret = "SUMMARY:Aino|LOCATION:home|ATTENDEE;CN=Aino:mailto:a@b.c|DESCRIPTION:x|X-NOTE:Aino"
    lines = list(telling_lines(calendar(f"{ONE}|{secret}")))
    assert "DTSTART:20261124T080000Z" in lines
    assert not [line for line in lines if "Aino" in line or "home" in line]


NO_CALENDARS = {
    "nothing": "",
    "a page": "<html><body>Please sign in</body></html>",
    "another thing": "BEGIN:VCARD\r\nFN:Aino\r\nEND:VCARD\r\n",
    "half of one": calendar(ONE)[:90],
    "no end": calendar(ONE).replace("END:VCALENDAR\r\n", ""),
    "no time": calendar("UID:1|DTSTART:soon|DTEND:20261124T090000Z"),
    "no begin": calendar("UID:1|DTEND:20261124T090000Z"),
    "no rule": calendar(f"{ONE}|RRULE:FREQ=NEVER"),
    "no period": calendar(more=f"{PUBLISHED}BEGIN:VFREEBUSY|FREEBUSY:soon|END:VFREEBUSY|"),
    "bytes": "BEGIN:VCALENDAR\r\n\x00\x01\r\n",
    "the year 9999": calendar("UID:1|DTSTART:20200101T080000Z|DTEND:99990101T0Z|RRULE:FREQ=DAILY"),
}


@pytest.mark.parametrize("name", NO_CALENDARS)
def test_what_is_no_calendar_is_said(name: str) -> None:
    with pytest.raises(Unread) as caught:
        busy(NO_CALENDARS[name], BEGIN, END)
    assert caught.value.code == "not_calendar"


TOO_MUCH = {
    "each second": calendar(f"{ONE}|RRULE:FREQ=SECONDLY"),
    "each minute": calendar(f"{ONE}|RRULE:INTERVAL=2;FREQ=MINUTELY"),
    "events": calendar(*([ONE] * (MOST_EVENTS + 1))),
    "times": calendar(*(f"UID:{n}{ONE[5:]}|RRULE:FREQ=HOURLY" for n in range(5))),
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_what_is_too_much_is_said(name: str) -> None:
    with pytest.raises(Unread) as caught:
        busy(TOO_MUCH[name], BEGIN, END)
    assert caught.value.code == "too_much"


async def test_a_calendar_is_read_apart_and_what_never_ends_is_stopped() -> None:
    assert await read_apart(calendar(ONE), BEGIN, END) == busy(calendar(ONE), BEGIN, END)
    for name, text in (("not_calendar", "<html>"), ("too_much", TOO_MUCH["events"])):
        with pytest.raises(Unread) as caught:
            await read_apart(text, BEGIN, END)
        assert caught.value.code == name
    # Two thousand years of hours, five hundred times: an hour of work, cut off.
    bomb = "UID:{}|DTSTART:00010101T080000Z|DURATION:PT1H|RRULE:FREQ=HOURLY"
    text = calendar(*(bomb.format(n) for n in range(500)))
    with pytest.raises(Unread) as caught:
        await read_apart(text, BEGIN, END, patience=1.0)
    assert caught.value.code == "too_much"
