"""Times in Helsinki: what is typed, the two nights when the clocks change, days and quiet hours."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobcenter.errors import Fault, Invalid
from jobcenter.times import (
    QuietHours,
    after_workdays,
    clock_of,
    day_bounds,
    day_of,
    holiday,
    is_workday,
    local,
    minutes_between,
    month_bounds,
    next_allowed,
    next_month,
    next_workday,
    of_wall,
    offset_of,
    parse,
    period,
    week_bounds,
    when,
)

MOMENTS = st.integers(631_152_000, 4_102_444_800).map(lambda s: datetime.fromtimestamp(s, UTC))
SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def fault_of(text: str) -> Fault:
    with pytest.raises(Invalid) as caught:
        parse(text, field="start")
    (fault,) = caught.value.faults
    assert fault.field == "start"
    return fault


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2027-06-30T09:00:00+03:00", "2027-06-30T06:00"),
        ("2027-06-30T09:00+03:00", "2027-06-30T06:00"),
        ("2027-06-30t06:00:00z", "2027-06-30T06:00"),
        ("2027-06-30T09:00[Europe/Helsinki]", "2027-06-30T06:00"),
        ("2027-12-30T09:00[Europe/Helsinki]", "2027-12-30T07:00"),
        ("2027-06-30T09:00:00+03:00[Europe/Helsinki]", "2027-06-30T06:00"),
        ("2027-10-31T03:30:00+03:00", "2027-10-31T00:30"),
        ("2027-10-31T03:30:00+02:00", "2027-10-31T01:30"),
        ("2027-10-31T03:30+02:00[Europe/Helsinki]", "2027-10-31T01:30"),
    ],
)
def test_an_api_time_becomes_utc(text: str, moment: str) -> None:
    assert parse(text, field="start") == utc(moment)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2027-06-30T09:00:00", "zone_missing"),
        ("2027-06-30T09:00", "zone_missing"),
        ("2027-03-28T03:30[Europe/Helsinki]", "time_does_not_exist"),
        ("2027-10-31T03:30[Europe/Helsinki]", "time_is_ambiguous"),
        ("2027-06-30T09:00+02:00[Europe/Helsinki]", "offset_is_wrong"),
        ("2027-06-30T09:00[Europe/Stockholm]", "zone_unknown"),
        ("2027-06-30T09:00[]", "zone_unknown"),
        ("1", "not_a_time"),
        ("", "not_a_time"),
        ("2027-02-30T09:00:00Z", "not_a_time"),
        ("2027-02-30", "not_a_time"),
        ("2027-06-30T25:00:00Z", "not_a_time"),
        ("2027-06-30T23:59:60Z", "not_a_time"),
        ("0000-01-01T00:00:00Z", "not_a_time"),
        ("0001-01-01T00:00:00+14:00", "not_a_time"),
        ("0001-01-01T00:00[Europe/Helsinki]", "not_a_time"),
        ("9999-12-31T23:59:59-14:00", "not_a_time"),
        ("2027-06-30T09:00:00+99:00", "not_a_time"),
        ("20270630T0900Z", "not_a_time"),
        ("２０２７-06-30T09:00:00Z", "not_a_time"),
        ("2027-06-30T09:00:00Z\n", "not_a_time"),
    ],
)
def test_an_api_time_that_cannot_be_meant_is_refused(text: str, code: str) -> None:
    assert fault_of(text).code == code


def test_the_hour_that_does_not_exist_is_explained() -> None:
    fault = fault_of("2027-03-28T03:30[Europe/Helsinki]")
    assert fault.values == {"before": "03:00", "after": "04:00"}
    assert fault.sentence.format(**fault.values).startswith(
        "That night the clocks go from 03:00 straight to 04:00."
    )


def test_the_hour_that_comes_twice_offers_both() -> None:
    assert fault_of("2027-10-31T03:30[Europe/Helsinki]").values == {
        "first": "+03:00",
        "second": "+02:00",
    }


def test_the_edges_of_the_two_nights_are_ordinary_times() -> None:
    def at(day: date, clock: str) -> datetime:
        return of_wall(datetime.combine(day, time.fromisoformat(clock)), field="start")

    assert at(SPRING, "02:59") == utc("2027-03-28T00:59")
    assert at(SPRING, "04:00") == utc("2027-03-28T01:00")
    assert at(AUTUMN, "02:59") == utc("2027-10-30T23:59")
    assert at(AUTUMN, "04:00") == utc("2027-10-31T02:00")


@pytest.mark.parametrize("text", ["2027-03-28", "28.3.2027", " 28.03.2027 "])
def test_a_form_reads_a_day(text: str) -> None:
    assert day_of(text, field="day") == SPRING


@pytest.mark.parametrize("text", ["", "30.2.2027", "2027-02-30", "28.3.", "tomorrow", "9999-12-31"])
def test_a_form_refuses_what_is_no_day(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        day_of(text, field="day")
    assert [fault.code for fault in caught.value.faults] == ["not_a_day"]


@pytest.mark.parametrize("text", ["9.30", "9:30", "09:30", "09:30:00", " 9.30 "])
def test_a_form_reads_a_time_of_day(text: str) -> None:
    assert clock_of(text, field="start") == time(9, 30)
    assert clock_of("9", field="start") == time(9)


@pytest.mark.parametrize("text", ["", "24", "9.60", "9,30", "-1", "930", "nine"])
def test_a_form_refuses_what_is_no_time(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        clock_of(text, field="start")
    assert [fault.code for fault in caught.value.faults] == ["not_a_time"]


def test_a_form_gives_a_period_in_utc() -> None:
    assert period(date(2027, 6, 30), time(9), time(12, 30)) == (
        utc("2027-06-30T06:00"),
        utc("2027-06-30T09:30"),
    )


def test_a_night_is_seven_or_nine_hours_long_when_the_clocks_change() -> None:
    for day, hours in ((SPRING, 7), (AUTUMN, 9), (date(2027, 6, 30), 8)):
        start, end = period(day - timedelta(days=1), time(22), time(6), ends_next_day=True)
        assert minutes_between(start, end) == hours * 60


def test_a_period_tells_of_both_its_ends() -> None:
    with pytest.raises(Invalid) as caught:
        period(SPRING, time(3, 15), time(3, 45))
    assert [(fault.field, fault.code) for fault in caught.value.faults] == [
        ("start", "time_does_not_exist"),
        ("end", "time_does_not_exist"),
    ]


def test_a_form_may_choose_which_of_the_two_it_means() -> None:
    start, end = period(AUTUMN, time(3, 30), time(5), offsets={"start": "+02:00"})
    assert (start, minutes_between(start, end)) == (utc("2027-10-31T01:30"), 90)
    start, end = period(AUTUMN, time(3, 30), time(5), offsets={"start": "+03:00"})
    assert minutes_between(start, end) == 150


def test_days_weeks_and_months_begin_at_helsinki_midnight() -> None:
    assert day_bounds(date(2027, 1, 1)) == (utc("2026-12-31T22:00"), utc("2027-01-01T22:00"))
    assert [minutes_between(*day_bounds(day)) for day in (SPRING, AUTUMN)] == [23 * 60, 25 * 60]
    assert week_bounds(SPRING) == (utc("2027-03-21T22:00"), utc("2027-03-28T21:00"))
    assert month_bounds(AUTUMN) == (utc("2027-09-30T21:00"), utc("2027-10-31T22:00"))
    assert next_month(date(2027, 12, 31)) == date(2028, 1, 1)


def test_the_offset_is_helsinkis() -> None:
    assert offset_of(utc("2027-06-30T06:00")) == "+03:00"
    assert offset_of(utc("2027-12-30T06:00")) == "+02:00"


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2027, 1, 6), "Epiphany"),
        (date(2027, 3, 26), "Good Friday"),
        (date(2027, 6, 25), "Midsummer Eve"),
        (date(2027, 12, 6), "Independence Day"),
        (date(2027, 12, 24), "Christmas Eve"),
        (date(2027, 12, 7), None),
    ],
)
def test_finnish_holidays_are_known(day: date, name: str | None) -> None:
    assert holiday(day) == name
    assert is_workday(day) == (name is None)


def test_working_days_skip_weekends_and_holidays() -> None:
    assert next_workday(date(2027, 3, 25)) == date(2027, 3, 30)
    assert not is_workday(date(2027, 3, 20))
    assert after_workdays(date(2027, 3, 24), 3) == date(2027, 3, 31)


NIGHTS = QuietHours(time(20), time(8))
OFFICE = QuietHours(time(18), time(8), workdays_only=True)


@pytest.mark.parametrize(
    ("quiet", "moment", "allowed"),
    [
        (NIGHTS, "2027-06-29T18:00", "2027-06-30T05:00"),
        (NIGHTS, "2027-06-29T16:59", "2027-06-29T16:59"),
        (NIGHTS, "2027-06-29T17:00", "2027-06-30T05:00"),
        (NIGHTS, "2027-06-29T04:59", "2027-06-29T05:00"),
        (NIGHTS, "2027-06-29T05:00", "2027-06-29T05:00"),
        (NIGHTS, "2027-03-27T19:00", "2027-03-28T05:00"),
        (NIGHTS, "2027-10-30T18:00", "2027-10-31T06:00"),
        (OFFICE, "2027-03-25T16:30", "2027-03-30T05:00"),
        (QuietHours(time(12), time(13)), "2027-06-29T09:30", "2027-06-29T10:00"),
        (None, "2027-06-29T23:00", "2027-06-29T23:00"),
    ],
)
def test_a_message_waits_for_the_end_of_the_quiet_hours(
    quiet: QuietHours | None, moment: str, allowed: str
) -> None:
    assert next_allowed(utc(moment), quiet) == utc(allowed)


@pytest.mark.parametrize(
    ("moment", "relative"),
    [
        ("2027-06-28T21:30", "today"),
        ("2027-06-29T06:00", "today"),
        ("2027-06-29T21:00", "tomorrow"),
        ("2027-07-01T06:00", "day_after_tomorrow"),
        ("2027-07-02T06:00", "later"),
    ],
)
def test_when_is_told_as_a_person_would(moment: str, relative: str) -> None:
    told = when(utc(moment), now=utc("2027-06-28T21:15"))
    assert told.relative == relative


def test_when_carries_the_weekday_the_day_and_the_clock() -> None:
    told = when(utc("2027-06-30T06:00"), now=utc("2027-06-29T06:00"))
    assert (told.weekday, told.day, told.clock) == (2, date(2027, 6, 30), time(9))


@given(MOMENTS)
def test_what_the_wall_shows_leads_back_to_the_moment(moment: datetime) -> None:
    wall = local(moment).replace(tzinfo=None, fold=0)
    assert of_wall(wall, field="start", offset=offset_of(moment)) == moment
    assert parse(f"{wall.isoformat()}{offset_of(moment)}", field="start") == moment


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_days_follow_each_other_without_gap(day: date) -> None:
    begins, ends = day_bounds(day)
    assert day_bounds(day + timedelta(days=1))[0] == ends
    assert minutes_between(begins, ends) in {23 * 60, 24 * 60, 25 * 60}
    assert week_bounds(day)[0] <= begins < ends <= week_bounds(day)[1]
    assert month_bounds(day)[0] <= begins < ends <= month_bounds(day)[1]


@given(
    moment=MOMENTS,
    begins=st.times(),
    ends=st.times(),
    workdays_only=st.booleans(),
)
def test_the_allowed_moment_is_never_quiet_and_never_earlier(
    moment: datetime, begins: time, ends: time, *, workdays_only: bool
) -> None:
    quiet = QuietHours(begins, ends, workdays_only)
    allowed = next_allowed(moment, quiet)
    assert allowed >= moment
    assert not quiet.cover(allowed)
