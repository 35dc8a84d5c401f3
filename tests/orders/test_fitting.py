"""The promises that are checked again in the assigning transaction, one by one."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy.dialects.postgresql import Range

from jobcenter.database import Base
from jobcenter.errors import ClientIsTaken, Conflict, RuleBroken
from jobcenter.orders.model import Order
from jobcenter.people.clients import (
    ClientActivity,
    ClientException,
    ClientNeed,
    ClientQualification,
    ClientWish,
)
from jobcenter.people.parties import Site
from tests import make
from tests.cast import CITY, THIS_YEAR, Cast, key
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.orders import steps
from tests.orders.steps import DAY, HOUR

CLIENTS: list[tuple[str, str]] = [
    ("not in the pool", "in_pool = false"),
    ("on a break", "paused = true"),
    ("a lower limit", "limits = '{1,3,3,3,3,3}'"),
    ("not outdoors", "outdoors = false"),
    ("needs a way without steps", "step_free = true"),
    ("does not speak it", "spoken = '{sv}'"),
    ("too far away", "travel_minutes = 5"),
    ("few hours a week", "week_minutes = 120"),
    ("no gigs", "week_gigs = 0"),
]


@pytest.mark.parametrize(("what", "change"), CLIENTS, ids=[row[0] for row in CLIENTS])
async def test_a_limit_of_the_person_is_kept(
    cast: Cast, fresh: Fresh, what: str, change: str
) -> None:
    order = make.order(outdoors=True)
    order.language = "fi"
    order_id = await make.save_order(cast, order)
    await fresh.owner(f"UPDATE clients SET {change} WHERE id = $1", cast.eetu)
    with pytest.raises(RuleBroken):
        await steps.assign(cast, order_id, cast.eetu)
    assert (await steps.assign(cast, order_id, cast.venla)).status == "assigned"


def _need(code: str, level: int) -> Base:
    return ClientNeed(
        organiser_id=CITY, client_id=key("eetu"), code=code, level=level, assessed_on=THIS_YEAR
    )


def _wish(subject: str, about: str) -> Base:
    return ClientWish(
        organiser_id=CITY, client_id=key("eetu"), subject=subject, subject_id=key(about),
        veto=True, points=0,
    )  # fmt: skip


def _away(begin: timedelta, end: timedelta, *, available: bool = False) -> Base:
    return ClientException(
        organiser_id=CITY, id=key(f"away {begin} {end} {available}"), client_id=key("eetu"),
        during=Range(TUESDAY_TEN + begin, TUESDAY_TEN + end), available=available,
    )  # fmt: skip


def _activity(weekday: int, hour: int) -> Base:
    return ClientActivity(
        organiser_id=CITY, client_id=key("eetu"), weekday=weekday, from_minute=hour * 60,
        to_minute=hour * 60 + 60,
    )  # fmt: skip


ROWS: list[tuple[str, Callable[[], Base]]] = [
    ("only light tasks", lambda: _need("BODY", 3)),
    ("no such task", lambda: _wish("task", "dishwashing")),
    ("not this place", lambda: _wish("site", "site")),
    ("not this orderer", lambda: _wish("party", "keittio")),
    ("away in the middle", lambda: _away(HOUR, 2 * HOUR)),
    ("away at the last minute", lambda: _away(3 * HOUR - timedelta(minutes=1), 5 * HOUR)),
    ("at the unit", lambda: _activity(1, 12)),
]


@pytest.mark.parametrize(("what", "row"), ROWS, ids=[row[0] for row in ROWS])
async def test_what_a_person_told_us_is_kept(
    cast: Cast, what: str, row: Callable[[], Base]
) -> None:
    order_id = await make.save_order(cast, make.order())
    await make.save(cast, row())
    with pytest.raises(RuleBroken):
        await steps.assign(cast, order_id, cast.eetu)


async def test_what_ends_before_or_begins_after_does_not_matter(cast: Cast) -> None:
    await make.save(
        cast,
        _away(-HOUR, timedelta()),
        _away(3 * HOUR, 4 * HOUR),
        _activity(1, 9),
        _activity(2, 10),
    )
    order_id = await make.save_order(cast, make.order())
    assert (await steps.assign(cast, order_id, cast.eetu)).status == "assigned"


async def test_outside_the_usual_hours_only_by_an_exception(cast: Cast) -> None:
    evening = TUESDAY_TEN + 9 * HOUR
    order_id = await make.save_order(cast, make.order(start=evening))
    with pytest.raises(RuleBroken, match="not available"):
        await steps.assign(cast, order_id, cast.eetu, start=evening)
    await make.save(cast, _away(10 * HOUR, 13 * HOUR, available=True))
    assert (await steps.assign(cast, order_id, cast.eetu, start=evening)).status == "assigned"


async def test_a_card_must_hold_on_the_day(cast: Cast, fresh: Fresh) -> None:
    order = make.order()
    order.qualifications = ["HP"]
    order_id = await make.save_order(cast, order)
    with pytest.raises(RuleBroken, match="qualification"):
        await steps.assign(cast, order_id, cast.eetu)
    await make.save(
        cast,
        ClientQualification(
            organiser_id=CITY, client_id=cast.eetu, code="HP", valid_to=date(2026, 11, 23),
            verified_on=THIS_YEAR,
        ),
    )  # fmt: skip
    with pytest.raises(RuleBroken, match="qualification"):
        await steps.assign(cast, order_id, cast.eetu)
    await fresh.owner("UPDATE client_qualifications SET valid_to = '2026-11-24'")
    assert (await steps.assign(cast, order_id, cast.eetu)).status == "assigned"


@pytest.mark.parametrize(
    ("channel", "too_short", "enough"), [("OPEN", 59, 60), ("PARTNER", 29, 30)]
)
async def test_there_is_time_for_the_way_between_two_gigs(
    cast: Cast, fresh: Fresh, channel: str, too_short: int, enough: int
) -> None:
    """To Malmi it is 4 minutes and 3 a kilometre, 30 in all; an open order adds 30."""
    await make.save(cast, _site_in_malmi())
    await steps.agreed(cast, cast.eetu)
    ends = TUESDAY_TEN + 3 * HOUR
    starts = [ends + timedelta(minutes=gap) for gap in (too_short, enough)]
    there = make.order(start=starts[0], starts=starts, minutes=60)
    there.site_id = key("malmi")
    order_id = await make.save_order(cast, there)
    await fresh.owner("ALTER TABLE orders DROP CONSTRAINT partner_has_agreement")
    await fresh.owner("UPDATE orders SET channel = $1 WHERE id = $2", channel, order_id)
    with pytest.raises(ClientIsTaken):
        await steps.assign(cast, order_id, cast.eetu, start=starts[0])
    assert (await steps.assign(cast, order_id, cast.eetu, start=starts[1])).status == "assigned"


async def test_at_one_place_one_gig_may_follow_the_other(cast: Cast) -> None:
    await steps.agreed(cast, cast.eetu)
    after = make.order(start=TUESDAY_TEN + 3 * HOUR, minutes=60)
    order_id = await make.save_order(cast, after)
    assert (
        await steps.assign(cast, order_id, cast.eetu, start=after.first_start)
    ).status == "assigned"


async def _week(cast: Cast, *orders: Order) -> None:
    for order in orders:
        await steps.agreed(cast, cast.eetu, order)


async def test_eleven_hours_lie_between_two_days(cast: Cast) -> None:
    await make.save(cast, _away(9 * HOUR, 13 * HOUR, available=True))
    late = make.order(start=TUESDAY_TEN + 10 * HOUR, minutes=120)
    await _week(cast, late)
    early, later = TUESDAY_TEN + 23 * HOUR - timedelta(minutes=1), TUESDAY_TEN + 23 * HOUR
    order_id = await make.save_order(
        cast, make.order(start=early, starts=[early, later], minutes=60)
    )
    with pytest.raises(RuleBroken):
        await steps.assign(cast, order_id, cast.eetu, start=early)
    assert (await steps.assign(cast, order_id, cast.eetu, start=later)).status == "assigned"


async def test_a_week_has_thirty_five_hours_of_rest(cast: Cast, fresh: Fresh) -> None:
    """An hour every morning, Monday to Sunday: the seventh is refused."""
    await fresh.owner("UPDATE clients SET week_gigs = 10 WHERE id = $1", cast.eetu)
    first = TUESDAY_TEN + 6 * DAY
    days = [make.order(start=first + number * DAY, minutes=60) for number in range(6)]
    await _week(cast, *days)
    sunday = make.order(start=first + 6 * DAY, minutes=60)
    order_id = await make.save_order(cast, sunday)
    with pytest.raises(Conflict):
        await steps.assign(cast, order_id, cast.eetu, start=sunday.first_start)


async def test_a_night_into_monday_counts_for_both_weeks(cast: Cast, fresh: Fresh) -> None:
    await fresh.owner("UPDATE clients SET week_gigs = 10 WHERE id = $1", cast.eetu)
    await make.save(cast, _away(timedelta(), 40 * DAY, available=True))
    # Monday and the night before Tuesday are free: 35 hours, until the Sunday night takes four.
    eleven = TUESDAY_TEN + 7 * DAY + HOUR
    days = [make.order(start=eleven + number * DAY, minutes=60) for number in range(6)]
    await _week(cast, *days)
    night = make.order(start=eleven - 37 * HOUR, minutes=360)
    order_id = await make.save_order(cast, night)
    with pytest.raises(RuleBroken):
        await steps.assign(cast, order_id, cast.eetu, start=night.first_start)


def _site_in_malmi() -> Base:
    return Site(
        organiser_id=CITY, id=key("malmi"), party_id=key("keittio"), name="Keittiö Malmi",
        address="Malmin kauppatie 1", postcode="00700", region="helsinki", lat=60.248, lon=25.027,
        confirmed_on=THIS_YEAR,
    )  # fmt: skip
