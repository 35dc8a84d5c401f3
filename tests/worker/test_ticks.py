"""What the clock alone makes happen: silence ends an offer, the next is asked, alarms ring."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from jobcenter.database import Database, Who
from jobcenter.errors import Conflict
from jobcenter.orders import answering, assigning, escalating
from jobcenter.orders.gigs import Via
from jobcenter.orders.proposals import Change, Proposal, ProposalRow, Round
from jobcenter.orders.proposing import ask_round
from jobcenter.worker import ticks
from tests import make
from tests.cast import CITY, MONDAY
from tests.make import TUESDAY_TEN
from tests.worker.conftest import Works

# Story 4: an offer on Monday at nine for Wednesday at ten.
WEDNESDAY_TEN = TUESDAY_TEN + timedelta(days=1)
THURSDAY_TEN = TUESDAY_TEN + timedelta(days=2)
MONDAY_NINE_PM = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
TUESDAY_EIGHT = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
TUESDAY_NINE = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


async def kinds(works: Works) -> list[tuple[str, str]]:
    rows = await works.fresh.owner("SELECT kind, state FROM notices ORDER BY written_at, id")
    return [(row["kind"], row["state"]) for row in rows]


async def status(works: Works, gig_id: UUID) -> str:
    row = (await works.fresh.owner("SELECT status FROM gigs WHERE id = $1", gig_id))[0]
    return str(row["status"])


async def shortlist(works: Works, order_id: UUID, *clients: UUID) -> UUID:
    """Write a list of these people for the order's only place."""
    round_id, proposal_id = uuid7(), uuid7()
    await make.save(
        works.cast,
        Round(organiser_id=CITY, id=round_id, kind="repair", status="done", asked_at=MONDAY,
              unfilled={}),
        Proposal(organiser_id=CITY, id=proposal_id, order_id=order_id, place_no=1,
                 round_id=round_id, made_at=MONDAY),
        *(
            ProposalRow(organiser_id=CITY, proposal_id=proposal_id, rank=rank, client_id=client_id,
                        unit_id=works.cast.kaneli, start=WEDNESDAY_TEN, score=0, reasons=[],
                        visits=[])
            for rank, client_id in enumerate(clients, start=1)
        ),
    )  # fmt: skip
    return proposal_id


async def test_silence_is_reminded_in_the_morning_and_ends_when_the_time_is_up(
    works: Works,
) -> None:
    gig_id = await works.offer(works.cast.eetu, start=WEDNESDAY_TEN)
    await works.run(MONDAY)
    await works.run(MONDAY_NINE_PM)
    assert await kinds(works) == [("offer", "sent"), ("reminder", "pending")]
    await works.run(TUESDAY_EIGHT)
    assert await kinds(works) == [("offer", "sent"), ("reminder", "sent")]
    assert await status(works, gig_id) == "assigned"
    await works.run(TUESDAY_NINE)
    assert await status(works, gig_id) == "expired"
    with pytest.raises(Conflict):
        await works.cast.database.act(
            works.cast.client(works.cast.eetu), answering.accept, gig_id=gig_id, via=Via.LINK,
            now=TUESDAY_NINE + MINUTE,
        )  # fmt: skip
    texts = [each["text"] for each in works.sms.received()]
    assert len(texts) == 2
    assert texts[1].startswith("Jobcenter: keikka ke 25.11. klo 10–13 odottaa vielä vastaustasi.")


async def test_an_offer_that_never_arrived_is_not_reminded_of(works: Works) -> None:
    works.sms.mode("400")
    await works.offer(works.cast.eetu, start=WEDNESDAY_TEN)
    await works.run(MONDAY)
    await works.run(TUESDAY_EIGHT)
    assert await kinds(works) == [("offer", "failed")]


async def test_the_next_on_an_approved_list_is_asked_after_silence_and_after_a_no(
    works: Works,
) -> None:
    cast = works.cast
    order_id = await make.save_order(cast, make.order(start=WEDNESDAY_TEN))
    proposal_id = await shortlist(works, order_id, cast.eetu, cast.aino, cast.venla)
    first = await cast.database.act(
        cast.maija, assigning.approve_list, proposal_id=proposal_id, ranks=[1, 2, 3], now=MONDAY
    )
    await works.run(first.answer_by)
    asked = await works.fresh.owner("SELECT id, client_id, status FROM gigs ORDER BY assigned_at")
    assert [(row["client_id"], row["status"]) for row in asked] == [
        (cast.eetu, "expired"),
        (cast.aino, "assigned"),
    ]
    later = first.answer_by + timedelta(hours=1)
    await cast.database.act(
        cast.maija, answering.decline, gig_id=asked[1]["id"], via=Via.PHONE, now=later
    )
    await works.run(later)
    asked = await works.fresh.owner("SELECT client_id, assigned_by FROM gigs ORDER BY assigned_at")
    assert [row["client_id"] for row in asked] == [cast.eetu, cast.aino, cast.venla]
    assert {row["assigned_by"] for row in asked} == {cast.maija.actor_id}
    assert len(works.sms.received()) == 2, "the first offer was over before it could be sent"


async def test_whoever_cannot_be_asked_any_more_is_passed_over(works: Works) -> None:
    cast = works.cast
    order_id = await make.save_order(cast, make.order(start=WEDNESDAY_TEN))
    proposal_id = await shortlist(works, order_id, cast.eetu, cast.aino, cast.venla)
    first = await cast.database.act(
        cast.maija, assigning.approve_list, proposal_id=proposal_id, ranks=[1, 2, 3], now=MONDAY
    )
    await works.offer(cast.aino, start=WEDNESDAY_TEN)
    await cast.database.act(
        cast.maija, answering.decline, gig_id=first.id, via=Via.PHONE, now=MONDAY + MINUTE
    )
    await works.run(MONDAY + MINUTE)
    asked = await works.fresh.owner(
        "SELECT client_id FROM gigs WHERE order_id = $1 ORDER BY assigned_at", order_id
    )
    assert [row["client_id"] for row in asked] == [cast.eetu, cast.venla]


async def test_a_list_that_nobody_approved_asks_nobody(works: Works) -> None:
    order_id = await make.save_order(works.cast, make.order(start=WEDNESDAY_TEN))
    await shortlist(works, order_id, works.cast.eetu)
    await works.run(MONDAY)
    assert await works.fresh.owner("SELECT id FROM gigs") == []


async def test_an_empty_place_escalates_once_at_each_step(works: Works) -> None:
    """72, 24 and 4 hours before: the unit and the orderer hear, however often the clock ticks."""
    order_id = await make.save_order(works.cast, make.order(start=THURSDAY_TEN, places=2))
    order_event = "SELECT count(*) FROM order_events WHERE kind = 'order.escalated'"
    # Placed now, looked for first.
    await works.run(MONDAY + MINUTE)
    assert await works.todos() == []
    for step, (hours, todos) in enumerate(
        ((72, ["fill_soon"]), (24, ["fill_soon"] * 2), (4, ["fill", "fill_soon", "fill_soon"])), 1
    ):
        for minute in (-1, 0, 1, 2):
            await works.run(THURSDAY_TEN - timedelta(hours=hours) + minute * MINUTE)
            if minute < 0:
                assert len(await works.todos()) == step - 1
        assert await works.todos() == todos
        assert (await works.fresh.owner(order_event))[0][0] == step
        assert [mail["to"] for mail in works.mail.received()] == ["sari@keittio.example"] * step
    # Somebody on a list can still be asked: then it is not yet the orderer's trouble.
    other = await make.save_order(works.cast, make.order(start=THURSDAY_TEN))
    await shortlist(works, other, works.cast.eetu)
    await works.run(THURSDAY_TEN - timedelta(hours=23))
    assert len(works.mail.received()) == 3
    assert (await works.fresh.owner("SELECT escalated FROM orders WHERE id = $1", other))[0][0] == 2
    assert order_id != other


async def test_nobody_is_said_to_be_missing_while_all_are_being_looked_for(works: Works) -> None:
    await make.save_order(works.cast, make.order(start=THURSDAY_TEN))
    at = THURSDAY_TEN - timedelta(hours=71)
    await works.cast.database.act(works.cast.maija, ask_round, kind="whole", now=at)

    async def due(now: datetime) -> list[int]:
        found = await works.cast.database.read(works.hands.who, escalating.due, now=now)
        return [one.step for one in found]

    assert await due(at) == []
    # A round that never comes holds nothing up, and the last alarm waits for none.
    assert await due(at + timedelta(minutes=11)) == [1]
    last = THURSDAY_TEN - timedelta(hours=4)
    await works.cast.database.act(works.cast.maija, ask_round, kind="whole", now=last)
    assert await due(last) == [escalating.ALARM]


async def test_a_matcher_that_fails_keeps_no_alarm_from_ringing(works: Works) -> None:
    looked: list[UUID] = []

    async def broken(
        _database: Database, _who: Who, order_ids: Collection[UUID], _now: datetime
    ) -> Mapping[UUID, datetime]:
        looked.extend(order_ids)
        raise RuntimeError("no memory left")

    works = replace(works, hands=replace(works.hands, ahead=broken))
    order_id = await make.save_order(works.cast, make.order(start=THURSDAY_TEN))
    at = THURSDAY_TEN - timedelta(hours=72)
    # What people need does not wait for it.
    await ticks.TICKS["alert"](works.hands, at)
    assert looked == []
    await works.run(at)
    assert looked == [order_id]
    assert await works.todos() == ["fill_soon"]
    assert [mail["to"] for mail in works.mail.received()] == ["sari@keittio.example"]


async def test_a_worker_who_does_not_come_is_asked_kindly_then_called(works: Works) -> None:
    """Story 10."""
    gig_id = await works.offer(works.cast.eetu)
    await works.cast.database.act(
        works.cast.maija, answering.accept, gig_id=gig_id, via=Via.PHONE, now=MONDAY
    )
    await works.run(MONDAY)
    await works.run(TUESDAY_TEN + 14 * MINUTE)
    before = len(works.sms.received())
    await works.run(TUESDAY_TEN + 15 * MINUTE)
    await works.run(TUESDAY_TEN + 16 * MINUTE)
    assert [each["text"] for each in works.sms.received()[before:]] == [
        "Jobcenter: oletko matkalla? Onko kaikki hyvin? Voit soittaa meille: 09 310 00000"
    ]
    assert await works.todos() == []
    await works.run(TUESDAY_TEN + 20 * MINUTE)
    assert await works.todos() == ["where_are_you"]


async def test_a_beat_asks_for_each_thing_once(works: Works) -> None:
    await works.crowd(2)
    await make.save(works.cast, Change(organiser_id=CITY, kind="order_placed", at=MONDAY))
    for _ in range(3):
        await ticks.beat(works.hands, MONDAY)
    rows = await works.fresh.owner(
        "SELECT entrypoint, count(*) FROM pgqueuer GROUP BY 1 ORDER BY 1"
    )
    assert {row["entrypoint"]: row["count"] for row in rows} == {
        "deliver": 2,
        "match": 1,
        # All but those of the night, which were due too long ago.
        "tick": sum(schedule.at is None for schedule in works.hands.config.schedules),
    }
