"""Placing: one order a date, the agreed price, who is looked at first, how many, and keys."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import Who
from jobcenter.errors import (
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    NotVerified,
    TooMany,
    WrongMoment,
)
from jobcenter.orders import placing
from jobcenter.orders.model import Order
from jobcenter.orders.occasions import Repeat, TimeFields
from jobcenter.people.parties import AgreedSite, AgreedTask, Agreement, OrderingParty
from tests import make
from tests.cast import CITY, MONDAY, Cast, key
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.orders import steps
from tests.orders.steps import HOUR
from tests.orders.wishing import place, wish

MINUTE = timedelta(minutes=1)


async def test_a_fixed_order_has_its_start_its_places_and_its_event(
    cast: Cast, fresh: Fresh
) -> None:
    placed = await place(cast, wish(places=3))
    (order,) = placed.orders
    assert (order.status, order.timing, order.start) == ("open", "fixed", TUESDAY_TEN)
    assert (order.channel, order.hourly_cents, order.site_id) == ("OPEN", 1300, cast.site)
    assert order.answer_by == datetime(2026, 11, 24, 8, tzinfo=UTC)
    places = await fresh.owner("SELECT place_no FROM order_places ORDER BY 1")
    assert [row[0] for row in places] == [1, 2, 3]
    events = await fresh.owner("SELECT kind, actor FROM order_events")
    assert [tuple(row) for row in events] == [("order.placed", cast.sari.actor_id)]
    assert [row[0] for row in await fresh.owner("SELECT kind FROM changes")] == ["order_placed"]
    assert await steps.told(fresh, "order_received") == [cast.sari.actor_id]


async def test_a_repeat_is_one_order_a_date_without_what_was_taken_out(
    cast: Cast, fresh: Fresh
) -> None:
    """Tuesdays and Thursdays to Christmas, without one; Independence Day is no workday anyway."""
    repeat = Repeat(
        frozenset({1, 3}), date(2026, 11, 24), date(2026, 12, 18), frozenset({date(2026, 12, 3)})
    )
    times = TimeFields("fixed", (TUESDAY_TEN,), 180, repeat=repeat)
    placed = await place(cast, wish(times), repeat=repeat)
    starts = [order.first_start for order in placed.orders]
    assert [start.day for start in starts] == [24, 26, 1, 8, 10, 15, 17]
    assert {start.hour for start in starts} == {8}
    assert len({order.series_id for order in placed.orders}) == 1
    assert placed.receipt["orders"] == [str(order.id) for order in placed.orders]
    series = await fresh.owner("SELECT weekdays, without FROM series")
    assert [tuple(row) for row in series] == [([1, 3], ["2026-12-03"])]
    assert (await fresh.owner("SELECT count(DISTINCT number) FROM orders"))[0][0] == 7


async def test_a_window_is_written_out_and_waits_for_its_start(cast: Cast) -> None:
    until = TUESDAY_TEN + 5 * HOUR
    times = TimeFields("window", (TUESDAY_TEN,), 180, end=until)
    (order,) = (await place(cast, wish(times))).orders
    assert order.start is None
    assert order.starts == [TUESDAY_TEN + number * timedelta(minutes=30) for number in range(5)]
    assert order.last_end == until


async def _agreement(cast: Cast, until: date) -> UUID:
    agreement = key("agreement")
    await make.save(
        cast,
        Agreement(
            organiser_id=CITY, id=agreement, party_id=cast.keittio, title="Kumppani",
            valid_from=date(2026, 1, 1), valid_to=until,
        ),
        AgreedTask(
            organiser_id=CITY, agreement_id=agreement, task_type_id=cast.dishwashing,
            hourly_cents=1420,
        ),
        AgreedSite(organiser_id=CITY, agreement_id=agreement, site_id=cast.site),
    )  # fmt: skip
    return agreement


async def test_an_agreements_price_wins_for_the_days_it_covers(cast: Cast) -> None:
    agreement = await _agreement(cast, until=date(2026, 12, 1))
    repeat = Repeat(frozenset({1}), date(2026, 11, 24), date(2026, 12, 1))
    times = TimeFields("fixed", (TUESDAY_TEN,), 180, repeat=repeat)
    covered, after = (await place(cast, wish(times), repeat=repeat)).orders
    assert (covered.channel, covered.agreement_id, covered.hourly_cents) == (
        "PARTNER", agreement, 1420,
    )  # fmt: skip
    assert (after.channel, after.agreement_id, after.hourly_cents) == ("OPEN", None, 1300)


async def test_another_site_is_outside_the_agreement(cast: Cast, fresh: Fresh) -> None:
    await _agreement(cast, until=date(2027, 1, 1))
    elsewhere = replace(wish(), place=replace(wish().place, address="Malmin kauppatie 1"))
    (order,) = (await place(cast, elsewhere)).orders
    assert (order.channel, order.hourly_cents) == ("OPEN", 1300)
    assert order.site_id != cast.site
    again = (await place(cast, elsewhere, now=MONDAY + MINUTE)).orders[0]
    assert again.site_id == order.site_id
    assert (await fresh.owner("SELECT count(*) FROM sites"))[0][0] == 2


async def test_the_first_order_of_an_unverified_party_waits_for_a_person(
    cast: Cast, fresh: Fresh
) -> None:
    await fresh.owner("UPDATE parties SET verified_at = NULL, employer_id = NULL")
    (order,) = (await place(cast)).orders
    assert (order.status, order.review_reason) == ("in_review", "first_order")
    assert await steps.todos(fresh) == ["review_order"]
    assert await fresh.owner("SELECT 1 FROM changes") == []
    with pytest.raises(WrongMoment):
        await steps.assign(cast, order.id, cast.eetu)
    opened = await cast.database.act(
        cast.maija, placing.review, order_id=order.id, approve=True, now=MONDAY + HOUR
    )
    assert (opened.status, opened.employer_id) == ("open", key("city"))
    (second,) = (await place(cast, now=MONDAY + 2 * HOUR)).orders
    assert second.status == "open"
    kinds = await fresh.owner("SELECT kind FROM changes")
    assert [row[0] for row in kinds] == ["order_placed", "order_placed"]


async def test_no_order_is_open_while_nobody_knows_its_party(cast: Cast, fresh: Fresh) -> None:
    """The database has the last word, whichever of the two is written, and in whichever order."""
    order_id = await make.save_order(cast, make.order())

    async def doubt(session: AsyncSession) -> None:
        await session.execute(update(OrderingParty).values(verified_at=None))

    async def become(session: AsyncSession, status: str) -> None:
        await session.execute(update(Order).values(status=status))

    with pytest.raises(NotVerified):
        await cast.database.act(cast.maija, doubt)
    await cast.database.act(cast.maija, become, "closed")
    await cast.database.act(cast.maija, doubt)
    with pytest.raises(NotVerified):
        await make.save_order(cast, make.order())
    waits = make.order()
    waits.status = "in_review"
    await make.save_order(cast, waits)
    with pytest.raises(NotVerified):
        await cast.database.act(cast.maija, become_open, waits.id)
    rows = await fresh.owner("SELECT id, status FROM orders ORDER BY status")
    assert [tuple(row) for row in rows] == [(order_id, "closed"), (waits.id, "in_review")]


async def become_open(session: AsyncSession, order_id: UUID) -> None:
    """Open an order past the review."""
    await session.execute(update(Order).where(Order.id == order_id).values(status="open"))


async def test_a_review_and_a_doubt_at_once_leave_no_open_order(cast: Cast, fresh: Fresh) -> None:
    waits = make.order()
    waits.status = "in_review"
    await make.save_order(cast, waits)
    met = asyncio.Barrier(2)

    async def doubt(session: AsyncSession) -> None:
        await met.wait()
        await session.execute(update(OrderingParty).values(verified_at=None))

    async def opens(session: AsyncSession) -> None:
        await become_open(session, waits.id)
        await met.wait()

    done = await asyncio.gather(
        cast.database.act(cast.maija, doubt),
        cast.database.act(cast.maija, opens),
        return_exceptions=True,
    )
    assert [type(one) for one in done if one is not None] == [NotVerified]
    rows = await fresh.owner(
        "SELECT 1 FROM orders o JOIN parties p ON p.id = o.party_id"
        " WHERE o.status = 'open' AND p.verified_at IS NULL"
    )
    assert rows == []


async def test_a_refused_order_is_told_kindly_and_stays_refused(cast: Cast, fresh: Fresh) -> None:
    waits = replace(wish(), review_reason="unlawful")
    (order,) = (await place(cast, waits)).orders
    with pytest.raises(NotFound):
        await cast.database.act(
            cast.sari, placing.review, order_id=order.id, approve=True, now=MONDAY
        )
    closed = await cast.database.act(
        cast.maija, placing.review, order_id=order.id, approve=False, now=MONDAY
    )
    assert closed.status == "cancelled"
    assert await steps.told(fresh, "order_refused") == [cast.sari.actor_id]
    with pytest.raises(WrongMoment):
        await cast.database.act(
            cast.maija, placing.review, order_id=order.id, approve=True, now=MONDAY
        )


async def test_somebody_new_brings_their_organisation(cast: Cast, fresh: Fresh) -> None:
    stranger = Who(CITY, "orderer", rights=frozenset({"order"}))
    (order,) = (await place(cast, by=stranger)).orders
    assert (order.status, order.placed_by) == ("in_review", None)
    parties = await fresh.owner("SELECT verified_at FROM parties WHERE id = $1", order.party_id)
    assert [row[0] for row in parties] == [None]
    with pytest.raises(NotAllowed):
        await place(cast, by=cast.kim)


async def test_twenty_new_orders_in_ten_minutes_and_not_one_more(cast: Cast, fresh: Fresh) -> None:
    for number in range(20):
        await place(cast, now=MONDAY + number * timedelta(seconds=20), key=f"k{number}")
    later = MONDAY + 9 * MINUTE
    with pytest.raises(TooMany):
        await place(cast, now=later)
    assert (await place(cast, now=later, key="k7")).replayed
    first_is_old = MONDAY + 10 * MINUTE
    assert (await place(cast, now=first_is_old)).orders[0].status == "open"
    assert (await fresh.owner("SELECT count(*) FROM orders"))[0][0] == 21


async def test_a_repeat_of_many_dates_counts_as_one(cast: Cast) -> None:
    repeat = Repeat(frozenset(range(5)), date(2026, 11, 24), date(2026, 12, 31))
    times = TimeFields("fixed", (TUESDAY_TEN,), 180, repeat=repeat)
    assert len((await place(cast, wish(times), repeat=repeat)).orders) > 20
    assert (await place(cast, now=MONDAY + MINUTE)).orders[0].status == "open"


async def test_many_at_once_are_counted_too(cast: Cast, fresh: Fresh) -> None:
    for number in range(16):
        await make.save_order(cast, make.order())
        await fresh.owner(
            "UPDATE orders SET placed_at = $1 WHERE placed_at = $2",
            MONDAY - number * timedelta(seconds=20) - MINUTE,
            MONDAY,
        )
    moments = [MONDAY + number * timedelta(seconds=1) for number in range(10)]
    answers = await asyncio.gather(
        *(place(cast, now=moment) for moment in moments), return_exceptions=True
    )
    assert [type(answer) for answer in answers].count(TooMany) == 6
    assert (await fresh.owner("SELECT count(*) FROM orders"))[0][0] == 20


async def test_the_same_key_places_once_and_answers_the_same(cast: Cast, fresh: Fresh) -> None:
    first = await place(cast, key="k")
    again = await place(cast, key="k", now=MONDAY + MINUTE)
    assert (again.receipt, again.replayed) == (first.receipt, True)
    assert [order.id for order in again.orders] == [order.id for order in first.orders]
    with pytest.raises(Invalid) as caught:
        await place(cast, key="k", body="another")
    assert [fault.code for fault in caught.value.faults] == ["key_reused"]
    assert (await place(cast, key="k", by=_neighbour(cast))).orders
    assert (await fresh.owner("SELECT count(*) FROM orders"))[0][0] == 2


def _neighbour(cast: Cast) -> Who:
    """Somebody else of the same organisation: their keys are their own."""
    return replace(cast.sari, actor_id=cast.maija.actor_id)


async def test_what_failed_leaves_its_key_free(cast: Cast, fresh: Fresh) -> None:
    nowhere = replace(wish(), place=replace(wish().place, postcode="33100"))
    with pytest.raises(Invalid):
        await place(cast, nowhere, key="k")
    assert not (await place(cast, key="k")).replayed


async def test_a_twin_waits_and_gets_the_same_answer_or_is_told_to_ask_again(cast: Cast) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(session: AsyncSession) -> placing.Placed:
        placed = await placing.place(
            session, wish=wish(), now=MONDAY, key=placing.Key("k", "the same")
        )
        begun.set()
        await go_on.wait()
        return placed

    first = asyncio.create_task(cast.database.act(cast.sari, slowly))
    await begun.wait()
    with pytest.raises(Conflict, match="still working"):
        await place(cast, key="k")
    twin = asyncio.create_task(place(cast, key="k"))
    await asyncio.sleep(0.3)
    assert not twin.done()
    go_on.set()
    assert (await twin).receipt == (await first).receipt


async def test_an_order_without_an_employer_of_record_is_not_open(cast: Cast, fresh: Fresh) -> None:
    await fresh.owner("UPDATE parties SET employer_id = NULL")
    (order,) = (await place(cast)).orders
    assert (order.status, order.review_reason) == ("in_review", "no_employer")

    async def open_it(session: AsyncSession) -> None:
        row = await session.get_one(Order, (CITY, order.id))
        row.status = "open"

    with pytest.raises(WrongMoment):
        await cast.database.act(cast.maija, open_it)
    party = await fresh.owner("SELECT employer_id FROM parties WHERE id = $1", cast.keittio)
    assert party[0][0] is None
