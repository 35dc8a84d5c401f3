"""Repairs: what a change touches is looked at again; lists that people hold stay as they are."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.dialects.postgresql import Range

from jobcenter.matching.round import Matcher
from jobcenter.orders import answering, assigning, proposing, shortlists, visiting
from jobcenter.orders.changes import waiting_changes
from jobcenter.orders.finds import Found, PlaceList
from jobcenter.orders.gigs import Via
from jobcenter.people.clients import ClientException, ClientNeed
from tests import make
from tests.cast import CITY, MONDAY, THIS_YEAR, Cast
from tests.conftest import Fresh
from tests.locks import held
from tests.make import TUESDAY_TEN
from tests.matching.rounds import Stage, thinking

LATER = MONDAY + timedelta(minutes=10)


@pytest.fixture(scope="module")
def matcher() -> Iterator[Matcher]:
    with thinking() as matcher:
        yield matcher


@pytest.fixture
def stage(cast: Cast, fresh: Fresh, matcher: Matcher) -> Stage:
    return Stage(cast, fresh, matcher)


async def away(stage: Stage, client: UUID) -> None:
    """Let a client be away on Tuesday, as an availability page would."""
    row = ClientException(
        organiser_id=CITY,
        client_id=client,
        during=Range(TUESDAY_TEN, TUESDAY_TEN + timedelta(hours=1)),
        available=False,
    )
    await make.save(stage.cast, row)
    await stage.change("availability", client_id=client)


async def open_list(stage: Stage) -> UUID:
    """Let Maija look at the first list."""
    (list_id, *_) = [row["list"] for row in await stage.lists()]
    assert isinstance(list_id, UUID)
    await stage.cast.database.act(
        stage.cast.maija, assigning.open_list, proposal_id=list_id, now=LATER
    )
    return list_id


async def test_nothing_changed_is_nothing_to_do(stage: Stage) -> None:
    await make.save_order(stage.cast, make.order())
    assert await stage.repair() is False
    assert await stage.lists() == []


async def test_a_new_order_is_proposed_for(stage: Stage) -> None:
    order_id = await make.save_order(stage.cast, make.order())
    await stage.change("order_placed", order_id=order_id)
    assert await stage.repair() is True
    assert {row["order_id"] for row in await stage.lists()} == {order_id}
    assert (await stage.cast.database.read(stage.cast.worker, waiting_changes)).changes == ()
    assert await stage.repair() is False


async def test_a_repair_leaves_the_joint_plans_other_picks_alone(stage: Stage) -> None:
    first = await make.save_order(stage.cast, make.order())
    await stage.whole()
    before = [row for row in await stage.lists() if row["order_id"] == first]
    second = await make.save_order(stage.cast, make.order())
    await stage.change("order_placed", order_id=second)
    await stage.repair(LATER)
    rows = await stage.lists()
    assert [row for row in rows if row["order_id"] == first] == before
    picks = [row["client_id"] for row in rows if row["planned"]]
    assert len(picks) == len(set(picks)) == 2
    # Alternatives are those who would fit alone, whatever else is only proposed.
    assert before[0]["client_id"] in {
        row["client_id"] for row in rows if row["order_id"] == second and not row["planned"]
    }


async def test_somebody_away_leaves_the_lists(stage: Stage) -> None:
    await make.save_order(stage.cast, make.order())
    await stage.whole()
    await away(stage, stage.cast.eetu)
    await stage.repair(LATER)
    assert stage.cast.eetu not in await stage.listed()
    assert len(await stage.listed()) == 3


async def test_an_open_list_only_loses_who_became_impossible(stage: Stage) -> None:
    await make.save_order(stage.cast, make.order())
    await stage.whole()
    before = await stage.listed()
    list_id = await open_list(stage)
    await away(stage, stage.cast.eetu)
    await stage.repair(LATER)
    rows = await stage.lists()
    assert {row["list"] for row in rows} == {list_id}
    assert [row["client_id"] for row in rows] == before
    assert [row["client_id"] for row in rows if row["state"] == "out"] == [stage.cast.eetu]


async def test_a_list_that_was_open_yesterday_gives_way(stage: Stage) -> None:
    await make.save_order(stage.cast, make.order())
    await stage.whole()
    list_id = await open_list(stage)
    await away(stage, stage.cast.eetu)
    await stage.repair(LATER + timedelta(hours=2))
    assert list_id not in {row["list"] for row in await stage.lists()}


async def test_an_approved_list_is_kept_for_its_turn(stage: Stage) -> None:
    await make.save_order(stage.cast, make.order())
    await stage.whole()
    mine = [row for row in await stage.lists() if row["client_id"] != stage.cast.onni]
    gig = await stage.cast.database.act(
        stage.cast.maija,
        assigning.approve_list,
        proposal_id=mine[0]["list"],
        ranks=[row["rank"] for row in mine],
        now=MONDAY,
    )
    second = mine[1]["client_id"]
    await away(stage, second)
    await stage.repair(LATER)
    states = {row["client_id"]: row["state"] for row in await stage.lists()}
    assert states[gig.client_id] == "asked"
    assert states[second] == "out"
    assert states[mine[2]["client_id"]] == "waiting"


async def test_who_said_no_is_not_proposed_again(stage: Stage) -> None:
    order_id = await make.save_order(stage.cast, make.order())
    await stage.whole()
    gig = await stage.cast.database.act(
        stage.cast.maija,
        assigning.assign,
        order_id=order_id,
        place_no=1,
        client_id=stage.cast.eetu,
        start=TUESDAY_TEN,
        now=MONDAY,
    )
    await stage.repair(LATER)
    await stage.cast.database.act(
        stage.cast.maija, answering.decline, gig_id=gig.id, via=Via.PHONE, now=LATER
    )
    await stage.repair(LATER)
    waiting = [row["client_id"] for row in await stage.lists() if row["state"] == "waiting"]
    assert stage.cast.eetu not in waiting
    assert len(waiting) == 3


async def test_who_is_assigned_leaves_other_lists_of_that_time(stage: Stage) -> None:
    first = await make.save_order(stage.cast, make.order())
    second = await make.save_order(stage.cast, make.order())
    await stage.whole()
    await stage.cast.database.act(
        stage.cast.maija,
        assigning.assign,
        order_id=first,
        place_no=1,
        client_id=stage.cast.eetu,
        start=TUESDAY_TEN,
        now=MONDAY,
    )
    await stage.repair(LATER)
    rows = [row for row in await stage.lists() if row["order_id"] == second]
    assert stage.cast.eetu not in {row["client_id"] for row in rows}


async def test_a_coachs_hour_that_is_taken_leaves_other_lists(stage: Stage) -> None:
    """Aino needs Kim at half past nine for either; then Eetu's gig at ten takes Kim's half hour."""
    need = ClientNeed(
        organiser_id=CITY, client_id=stage.cast.eetu, code="START", level=2, assessed_on=THIS_YEAR
    )
    await make.save(stage.cast, need)
    orders = [await make.save_order(stage.cast, make.order()) for _ in range(3)]
    day_after = make.order(start=TUESDAY_TEN + timedelta(days=1))
    away_from_it = await make.save_order(stage.cast, day_after)
    await stage.whole()
    rows = await stage.lists()
    assert {row["order_id"] for row in rows if row["client_id"] == stage.cast.aino} == {
        *orders,
        away_from_it,
    }
    opened = next(row["list"] for row in rows if row["order_id"] == orders[1])
    await stage.cast.database.act(
        stage.cast.maija, assigning.open_list, proposal_id=opened, now=MONDAY
    )
    await stage.cast.database.act(
        stage.cast.maija,
        assigning.assign,
        order_id=orders[0],
        place_no=1,
        client_id=stage.cast.eetu,
        start=TUESDAY_TEN,
        now=MONDAY,
    )
    await stage.fresh.owner("UPDATE changes SET client_id = NULL")
    waiting = await stage.cast.database.read(stage.cast.worker, waiting_changes)
    assert waiting.orders == frozenset(orders)
    await stage.repair(LATER)
    aino = {
        row["order_id"]: row["state"]
        for row in await stage.lists()
        if row["client_id"] == stage.cast.aino and row["order_id"] != orders[0]
    }
    assert aino == {orders[1]: "out", away_from_it: "waiting"}
    # Nobody drops out in silence: she waits for support wherever the coach is what is missing.
    assert {(orders[1], stage.cast.aino), (orders[2], stage.cast.aino)} <= await waiting_for(stage)


async def test_an_unfilled_place_gains_by_freed_time(stage: Stage) -> None:
    order_id = await make.save_order(stage.cast, make.order())
    for client in (stage.cast.aino, stage.cast.eetu, stage.cast.venla, stage.cast.onni):
        await away(stage, client)
    await stage.whole()
    assert await stage.listed() == []
    await stage.fresh.owner("DELETE FROM client_exceptions WHERE client_id = $1", stage.cast.eetu)
    await stage.change("availability", client_id=stage.cast.eetu)
    await stage.repair(LATER)
    rows = await stage.lists()
    assert [(row["order_id"], row["client_id"]) for row in rows] == [(order_id, stage.cast.eetu)]


async def waiting_for(stage: Stage) -> set[tuple[UUID, UUID]]:
    """Return (order, client) of those who are shown as waiting for support."""
    rows = await stage.fresh.owner(
        "SELECT order_id, client_id FROM near_misses WHERE waits_for_support"
    )
    return {(row["order_id"], row["client_id"]) for row in rows}


async def test_whose_coach_is_away_waits_for_support_and_comes_back(stage: Stage) -> None:
    order_id = await make.save_order(stage.cast, make.order())
    await stage.whole()
    aino = (order_id, stage.cast.aino)
    assert aino[1] in await stage.listed()
    gone = Range(TUESDAY_TEN - timedelta(hours=4), TUESDAY_TEN + timedelta(hours=9))
    await stage.cast.database.act(
        stage.cast.maija, visiting.away, coach_id=stage.cast.kim_coach, during=gone, now=MONDAY
    )
    assert await stage.repair(LATER)
    assert aino[1] not in await stage.listed()
    assert aino in await waiting_for(stage)
    await stage.fresh.owner("DELETE FROM coach_absences")
    await stage.change("coach_back", order_id=order_id)
    assert await stage.repair(LATER + timedelta(minutes=1))
    assert aino[1] in await stage.listed()
    assert aino not in await waiting_for(stage)


async def test_a_cancelled_order_leaves_no_list(stage: Stage) -> None:
    order_id = await make.save_order(stage.cast, make.order())
    await stage.whole()
    await stage.fresh.owner(
        "UPDATE orders SET status = 'cancelled', version = version + 1 WHERE id = $1", order_id
    )
    await stage.change("order_cancelled", order_id=order_id)
    await make.save_order(stage.cast, make.order())
    await stage.repair(LATER)
    assert order_id not in {row["order_id"] for row in await stage.lists()}


def found(order_id: UUID, *, version: int = 1, taken: frozenset[int] = frozenset()) -> Found:
    return Found(
        order_id=order_id, version=version, taken=taken, read_at=MONDAY, lists=(), misses=()
    )


async def propose(stage: Stage, *several: Found) -> frozenset[UUID]:
    begun = await stage.cast.database.act(
        stage.cast.worker, proposing.begin_round, kind="repair", now=MONDAY
    )
    return await stage.cast.database.act(
        stage.cast.worker,
        shortlists.propose,
        round_id=begun.id,
        found=several,
        seen=frozenset(),
        now=MONDAY,
    )


async def test_a_stale_order_is_left_alone(stage: Stage) -> None:
    fresh, changed, taken = [await make.save_order(stage.cast, make.order()) for _ in range(3)]
    written = await propose(
        stage,
        found(fresh),
        found(changed, version=2),
        found(taken, taken=frozenset({1})),
    )
    assert written == {fresh}


async def test_an_older_look_does_not_write_over_a_newer_one(stage: Stage) -> None:
    order_id = await make.save_order(stage.cast, make.order())
    await stage.whole(LATER)
    assert await propose(stage, found(order_id)) == frozenset()
    assert len(await stage.listed()) == 4


async def test_two_looks_at_once_write_one_list(stage: Stage) -> None:
    """The second waited for the first: what the first wrote is newer, and stays."""
    order_id = await make.save_order(stage.cast, make.order())
    place = PlaceList(place_no=1, entries=(), unfilled_reason="available")
    both = replace(found(order_id), lists=(place,))
    async with held(stage.fresh, f"SELECT 1 FROM orders WHERE id = '{order_id}'") as barrier:
        looks = [asyncio.create_task(propose(stage, both)) for _ in range(2)]
        await barrier.until_waiting(2)
    written = await asyncio.gather(*looks)
    assert sorted(written, key=len) == [frozenset(), {order_id}]
    assert len(await stage.lists()) == 1


async def test_an_order_moved_forward_touches_no_other(stage: Stage) -> None:
    order_id = await make.save_order(stage.cast, make.order())
    await make.save_order(stage.cast, make.order())
    await stage.change("escalated", order_id=order_id)
    waiting = await stage.cast.database.read(stage.cast.worker, waiting_changes)
    assert waiting.orders == waiting.changed == {order_id}


async def test_a_repair_that_was_asked_for_is_run_without_changes(stage: Stage) -> None:
    asked = await stage.cast.database.act(
        stage.cast.maija, proposing.ask_round, kind="repair", now=MONDAY
    )
    assert await stage.repair() is True
    (row,) = await stage.fresh.owner("SELECT id, status FROM rounds")
    assert (row["id"], row["status"]) == (asked.id, "done")
