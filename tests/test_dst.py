"""The nights when the clocks change: nothing is guessed, and a night's work is paid as it is."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
import pytest_asyncio
from sqlalchemy.dialects.postgresql import Range

from jobcenter.errors import Invalid
from jobcenter.orders import working
from jobcenter.orders.gigs import Gig
from jobcenter.orders.occasions import Repeat, TimeFields
from jobcenter.people.clients import ClientException
from jobcenter.times import local, period
from tests import make
from tests.cast import CITY, MONDAY, Cast, key
from tests.conftest import Fresh
from tests.orders import steps
from tests.orders.wishing import place, wish
from tests.web.programs import Program, Programs, app_of, browser_of
from tests.web.surfer import Clock

SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)
HOUR = timedelta(hours=1)


@pytest_asyncio.fixture
async def sari(cast: Cast, fresh: Fresh) -> AsyncIterator[Program]:
    """Give Sari's program."""
    clock = Clock()
    async with browser_of(app_of(cast, fresh, clock)) as http:
        yield await Programs(cast, http, clock).of(cast.sari)


def body(start: str, **more: object) -> dict[str, object]:
    return {
        "task_number": 2, "title": "Tiskaus", "starts": [start], "minutes": 180,
        "hourly_cents": 1650, "address": "Fleminginkatu 1", "postcode": "00530",
        "contact_name": "Sari Salo", "contact_phone": "+358401234567",
        "contact_email": "sari@keittio.fi", **more,
    }  # fmt: skip


REFUSED = [
    ("2027-03-28T03:30[Europe/Helsinki]", "time_does_not_exist"),
    ("2027-03-28T03:00[Europe/Helsinki]", "time_does_not_exist"),
    ("2027-03-28T03:30:00+03:00[Europe/Helsinki]", "time_does_not_exist"),
    ("2027-10-31T03:30[Europe/Helsinki]", "time_is_ambiguous"),
    ("2027-10-31T03:00[Europe/Helsinki]", "time_is_ambiguous"),
    ("2027-03-28T03:30:00", "zone_missing"),
    ("2027-10-31T03:30:00+04:00[Europe/Helsinki]", "offset_is_wrong"),
]


async def test_a_time_that_is_none_or_two_is_told(sari: Program) -> None:
    heard = []
    for start, _ in REFUSED:
        answer = await sari.post("/api/orders", body(start))
        assert answer.status_code == 422, start
        heard += [(start, error["code"]) for error in answer.json()["errors"]]
    assert heard == REFUSED


TAKEN = [
    ("2027-03-28T02:59[Europe/Helsinki]", datetime(2027, 3, 28, 0, 59, tzinfo=UTC)),
    ("2027-03-28T04:00[Europe/Helsinki]", datetime(2027, 3, 28, 1, tzinfo=UTC)),
    ("2027-10-31T03:30:00+03:00", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
    ("2027-10-31T03:30:00+02:00", datetime(2027, 10, 31, 1, 30, tzinfo=UTC)),
    ("2027-10-31T03:30:00+03:00[Europe/Helsinki]", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
    ("2027-10-31T03:30:00+02:00[Europe/Helsinki]", datetime(2027, 10, 31, 1, 30, tzinfo=UTC)),
]


async def test_a_time_that_is_clear_is_kept_as_meant(sari: Program, fresh: Fresh) -> None:
    for start, moment in TAKEN:
        answer = await sari.post("/api/orders", body(start))
        assert answer.status_code == 201, answer.text
        assert local(moment).strftime("%H:%M") == start[11:16]
    rows = await fresh.owner("SELECT start, zone FROM orders ORDER BY number")
    assert [tuple(row) for row in rows] == [(moment, "Europe/Helsinki") for _, moment in TAKEN]


# The Saturday hour pays 150 per cent (night, Saturday), the Sunday hours 230 (night, Sunday).
NIGHTS: list[tuple[date, int, int]] = [
    (SPRING - timedelta(days=1), 6, 21_450),
    (AUTUMN - timedelta(days=1), 8, 29_040),
    (date(2027, 4, 3), 7, 25_245),
]


@pytest.mark.parametrize(("day", "hours", "pay"), NIGHTS, ids=["spring", "autumn", "any night"])
async def test_a_night_from_eleven_to_six_pays_the_hours_that_pass(
    cast: Cast, day: date, hours: int, pay: int
) -> None:
    """By the form: a day, a start, an end, "ends next day"; 16,50 an hour."""
    begin, end = period(day, time(23), time(6), ends_next_day=True)
    gig = await worked(cast, begin, end)
    assert gig.end - gig.start == hours * HOUR
    assert (gig.worked_minutes, gig.pay_cents) == (hours * 60, pay)


async def worked(cast: Cast, begin: datetime, end: datetime) -> Gig:
    """Order a night's work, have Eetu do it, and approve the hours."""
    placed = await place(cast, wish(TimeFields("fixed", (begin,), end=end), hourly_cents=1650))
    order = placed.orders[0]
    free = ClientException(
        organiser_id=CITY, id=key("night"), client_id=cast.eetu,
        during=Range(begin - HOUR, end + HOUR), available=True,
    )  # fmt: skip
    await make.save(cast, free)
    gig = await steps.assign(cast, order.id, cast.eetu, start=begin, now=begin - 72 * HOUR)
    await steps.accept(cast, gig.id, now=begin - 71 * HOUR)
    here = cast.client(cast.eetu)
    await cast.database.act(here, working.check_in, gig_id=gig.id, now=begin)
    done = await cast.database.act(here, working.check_out, gig_id=gig.id, now=end)
    return await cast.database.act(
        cast.sari,
        working.approve,
        gig_id=gig.id,
        minutes=done.worked_minutes or 0,
        now=end + HOUR,
    )


async def test_an_autumn_night_longer_than_a_gig_may_be_is_refused(cast: Cast) -> None:
    """From ten to six are nine hours that night, and eight on any other."""
    day = AUTUMN - timedelta(days=1)
    begin, end = period(day, time(22), time(6), ends_next_day=True)
    with pytest.raises(Invalid) as caught:
        wish(TimeFields("fixed", (begin,), end=end), hourly_cents=1650)
    assert [fault.code for fault in caught.value.faults] == ["too_long"]
    other = day + timedelta(days=7)
    begin, end = period(other, time(22), time(6), ends_next_day=True)
    assert wish(TimeFields("fixed", (begin,), end=end), hourly_cents=1650).times.minutes == 480


@pytest.mark.parametrize("day", [SPRING, AUTUMN], ids=["spring", "autumn"])
async def test_a_repeat_over_the_switch_stays_at_nine(cast: Cast, day: date) -> None:
    first, last = day - timedelta(days=7), day + timedelta(days=7)
    nine, ends = period(first, time(9), time(12))
    repeat = Repeat(frozenset({6}), first, last, on_holidays=True)
    times = TimeFields("fixed", (nine,), end=ends, repeat=repeat)
    orders = (await place(cast, wish(times, hourly_cents=1650), repeat=repeat)).orders
    assert [local(order.first_start).time() for order in orders] == [time(9)] * 3
    steps_between = [later.first_start - order.first_start for order, later in pairwise(orders)]
    assert len(set(steps_between)) == 2
    assert sum(steps_between, timedelta()) != timedelta(days=14)


@pytest.mark.parametrize(
    ("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (date(2027, 4, 4), 24)],
    ids=["spring", "autumn", "any day"],
)  # fmt: skip
async def test_a_window_of_a_whole_sunday_is_as_long_as_the_sunday(
    cast: Cast, day: date, hours: int
) -> None:
    begin, end = period(day, time(0), time(0), ends_next_day=True)
    told = TimeFields("window", (begin,), 60, end=end)
    if hours > 24:
        with pytest.raises(Invalid):
            wish(told, hourly_cents=1650)
        return
    (order,) = (await place(cast, wish(told, hourly_cents=1650))).orders
    assert order.last_end - order.first_start == hours * HOUR
    assert len(order.starts) == 2 * (hours - 1) + 1


FAILS: list[Callable[[], object]] = [
    lambda: period(SPRING, time(3, 30), time(6)),
    lambda: period(SPRING, time(1), time(3, 30)),
    lambda: period(AUTUMN, time(3, 30), time(6)),
]


@pytest.mark.parametrize("asked", FAILS)
def test_a_form_asks_instead_of_guessing(asked: Callable[[], object]) -> None:
    with pytest.raises(Invalid) as caught:
        asked()
    assert caught.value.faults[0].code in {"time_does_not_exist", "time_is_ambiguous"}


def test_a_form_that_says_which_of_the_two_is_understood() -> None:
    summer, _ = period(AUTUMN, time(3, 30), time(6), offsets={"start": "+03:00"})
    winter, _ = period(AUTUMN, time(3, 30), time(6), offsets={"start": "+02:00"})
    assert winter - summer == HOUR
    assert summer > MONDAY
