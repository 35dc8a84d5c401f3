"""Whole rounds from the database to the lists: what is proposed, logged and counted."""

import json
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.dialects.postgresql import Range

from jobcenter.access import look
from jobcenter.matching.round import Matcher
from jobcenter.orders import assigning, busy_times, proposing
from jobcenter.orders.queries import lists
from jobcenter.people.calendars import CoachBusy
from jobcenter.people.clients import ClientActivity, ClientNeed, ClientQualification
from jobcenter.people.staff import CoachAbsence
from tests import make
from tests.cast import CITY, MONDAY, THIS_YEAR, Cast
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.matching.rounds import Stage, thinking


@pytest.fixture(scope="module")
def matcher() -> Iterator[Matcher]:
    with thinking() as matcher:
        yield matcher


@pytest.fixture
def stage(cast: Cast, fresh: Fresh, matcher: Matcher) -> Stage:
    return Stage(cast, fresh, matcher)


async def test_every_place_gets_a_list_with_the_joint_plans_pick_first(stage: Stage) -> None:
    await make.save_order(stage.cast, make.order(places=2))
    done = await stage.whole()
    rows = await stage.lists()
    assert (done.status, done.orders, done.places, done.proposed) == ("done", 1, 2, 2)
    assert [(row["place_no"], row["rank"], row["planned"]) for row in rows] == [
        (1, 1, True), (1, 2, False), (1, 3, False),
        (2, 1, True), (2, 2, False), (2, 3, False),
    ]  # fmt: skip
    assert {row["start"] for row in rows} == {TUESDAY_TEN}
    assert {row["state"] for row in rows} == {"waiting"}
    assert rows[0]["client_id"] != rows[3]["client_id"]


async def test_value_and_bound_are_stored(stage: Stage) -> None:
    await make.save_order(stage.cast, make.order())
    done = await stage.whole()
    assert done.value is not None
    assert done.bound is not None
    assert 0 < done.value <= done.bound
    assert done.progress == 100
    assert done.seconds is not None
    assert done.unfilled == {}


async def test_a_round_assigns_nobody(stage: Stage) -> None:
    await make.save_order(stage.cast, make.order())
    await stage.whole()
    assert await stage.fresh.owner("SELECT 1 FROM gigs UNION SELECT 1 FROM visits") == []


async def test_every_proposal_has_three_to_five_reasons(stage: Stage) -> None:
    await make.save_order(stage.cast, make.order())
    await stage.whole()
    for row in await stage.lists():
        reasons = json.loads(row["reasons"])
        assert 3 <= len(reasons) <= 5
        assert all(one["sentence"].format(**one["values"]) for one in reasons)


async def test_what_fitted_can_be_assigned(stage: Stage) -> None:
    order_id = await make.save_order(stage.cast, make.order())
    await stage.whole()
    (aino,) = [row for row in await stage.lists() if row["client_id"] == stage.cast.aino]
    (visit,) = json.loads(aino["visits"])
    assert visit == {
        "piece": 0,
        "coach_id": str(stage.cast.kim_coach),
        "start": (TUESDAY_TEN - timedelta(minutes=30)).isoformat(),
        "minutes": 60,
        "presence": "present",
    }
    gig = await stage.cast.database.act(
        stage.cast.maija,
        assigning.assign,
        order_id=order_id,
        place_no=1,
        client_id=stage.cast.aino,
        start=aino["start"],
        now=MONDAY,
    )
    assert gig.status == "assigned"


async def test_machines_looks_are_logged(stage: Stage) -> None:
    await make.save_order(stage.cast, make.order())
    await make.save_order(stage.cast, make.order(start=TUESDAY_TEN + timedelta(days=1)))
    done = await stage.whole()
    looks = await stage.fresh.owner(
        "SELECT client_id, role FROM looks WHERE request_id = $1", str(done.id)
    )
    assert {row["role"] for row in looks} == {"worker"}
    seen = [row["client_id"] for row in looks]
    assert sorted(map(str, seen)) == sorted(map(str, {None, *await stage.listed()}))


async def test_a_second_round_over_the_same_world_changes_nothing(stage: Stage) -> None:
    await make.save_order(stage.cast, make.order())
    await stage.whole()
    before = await stage.lists()
    await stage.whole(MONDAY + timedelta(minutes=5))
    assert await stage.lists() == before


async def test_orders_past_the_horizon_wait(stage: Stage) -> None:
    await make.save_order(stage.cast, make.order(start=TUESDAY_TEN + timedelta(days=14)))
    done = await stage.whole()
    assert (done.orders, await stage.lists()) == (0, [])


async def test_a_window_gets_its_start_from_the_matcher(stage: Stage) -> None:
    activity = ClientActivity(
        organiser_id=CITY, client_id=stage.cast.eetu, weekday=1, from_minute=480, to_minute=900
    )
    await make.save(stage.cast, activity)
    starts = [TUESDAY_TEN + timedelta(minutes=30 * step) for step in range(15)]
    await make.save_order(stage.cast, make.order(starts=starts))
    await stage.whole()
    found = {row["client_id"]: row["start"] for row in await stage.lists()}
    # His activity ends at 15:00; then comes the way, and half an hour to spare.
    assert found[stage.cast.eetu] == TUESDAY_TEN + timedelta(hours=6)
    assert all(start in starts for start in found.values())


async def test_a_group_shares_one_instructor_of_each_unit(stage: Stage) -> None:
    """Three of one unit, of whom one needs nobody, and one of another unit."""
    need = ClientNeed(
        organiser_id=CITY, client_id=stage.cast.eetu, code="START", level=2, assessed_on=THIS_YEAR
    )
    await make.save(stage.cast, need)
    await make.save_order(stage.cast, make.order(places=4, group_visit=True))
    done = await stage.whole()
    picks = {row["client_id"]: row for row in await stage.lists() if row["planned"]}
    visits = {client: json.loads(row["visits"])[0] for client, row in picks.items()}
    assert len(picks) == 4
    assert done.visits == 2
    coaches = {client: visit["coach_id"] for client, visit in visits.items()}
    assert len({coaches[one] for one in (stage.cast.aino, stage.cast.eetu, stage.cast.venla)}) == 1
    assert len(set(coaches.values())) == 2
    assert visits[stage.cast.aino]["start"] == visits[stage.cast.eetu]["start"]


async def test_a_list_says_whom_the_plan_needs_elsewhere_while_that_is_so(stage: Stage) -> None:
    """Four people fit either order, at the same hour: three go to the one that is urgent."""
    here = await make.save_order(stage.cast, make.order(places=2))
    urgent = make.order(places=3)
    urgent.escalated = 3
    there = await make.save_order(stage.cast, urgent)
    await stage.whole()
    rows = await stage.lists()
    kept_away = {row["client_id"] for row in rows if row["order_id"] == here and not row["planned"]}
    assert kept_away == {
        row["client_id"] for row in rows if row["order_id"] == there and row["planned"]
    }
    shown = await elsewhere(stage, here)
    ours = kept_away - {stage.cast.onni}
    assert set(shown) == ours
    assert {words.startswith("Planned for order ") for words in shown.values()} == {True}
    # Another unit sees its own person only; a list that is no more has nobody.
    await stage.fresh.owner("UPDATE proposals SET closed_at = made_at WHERE order_id = $1", there)
    assert await elsewhere(stage, here) == {}


async def elsewhere(stage: Stage, order_id: UUID) -> dict[UUID, str]:
    """Return what Maija reads of those who are needed elsewhere."""
    cast, who = stage.cast, replace(stage.cast.maija, language="en")
    seen = await cast.database.read(who, lists.faces, order_id=order_id)
    await look(cast.database, who, clients=seen, what="name", purpose="order", now=MONDAY)
    found = await cast.database.read(who, lists.lists, order_id=order_id, seen=seen)
    return {
        one.client_id: one.elsewhere
        for ranked in found.values()
        for one in ranked.candidates
        if one.elsewhere
    }


async def test_an_empty_place_says_what_stands_in_the_way(stage: Stage) -> None:
    order = make.order()
    order.qualifications = ["HP"]
    await make.save_order(stage.cast, order)
    done = await stage.whole()
    (row,) = await stage.lists()
    assert (row["client_id"], row["unfilled_reason"]) == (None, "qualifications")
    assert done.unfilled == {"qualifications": 1}
    assert done.proposed == 0


async def test_a_near_miss_says_what_would_help(stage: Stage) -> None:
    order = make.order()
    order.qualifications = ["HP"]
    held = ClientQualification(
        organiser_id=CITY, client_id=stage.cast.eetu, code="HP", verified_on=THIS_YEAR
    )
    await make.save(stage.cast, held)
    order_id = await make.save_order(stage.cast, order)
    await stage.whole()
    rows = await stage.fresh.owner("SELECT * FROM near_misses WHERE order_id = $1", order_id)
    assert {row["client_id"] for row in rows} == {
        stage.cast.aino, stage.cast.venla, stage.cast.onni,
    }  # fmt: skip
    assert {row["rule"] for row in rows} == {"qualifications"}
    assert json.loads(rows[0]["fits_if"])["values"] == {"qualification": {"qualification": "HP"}}


async def test_who_waits_for_support_is_never_dropped(stage: Stage) -> None:
    # Kim is booked on Wednesday already, and stays so: the calendar was given later.
    wednesday = TUESDAY_TEN + timedelta(days=1)
    await stage.cast.database.act(
        stage.cast.maija, assigning.assign, place_no=1, client_id=stage.cast.aino, now=MONDAY,
        order_id=await make.save_order(stage.cast, make.order(start=wednesday)), start=wednesday,
    )  # fmt: skip
    of_kim = {"organiser_id": CITY, "coach_id": stage.cast.kim_coach}
    away = CoachAbsence(**of_kim, during=Range(MONDAY, MONDAY + timedelta(hours=4)))
    await stage.cast.database.act(
        stage.cast.kim, busy_times.give_address, address="https://a.example/", now=MONDAY
    )
    busy = Range(MONDAY + timedelta(hours=2), MONDAY + timedelta(days=3))
    await make.save(stage.cast, away, CoachBusy(**of_kim, during=busy))
    await make.save_order(stage.cast, make.order())
    assert (await stage.whole()).status == "done"
    rows = await stage.fresh.owner("SELECT * FROM near_misses WHERE waits_for_support")
    assert stage.cast.aino not in await stage.listed()
    assert [(row["client_id"], row["rule"]) for row in rows] == [(stage.cast.aino, "support")]
    assert json.loads(rows[0]["why"])["values"] == {"visit": {"support": ["START 2", "SAFE 2"]}}
    assert json.loads(rows[0]["fits_if"])["values"]["begin"] == {
        "clock": (TUESDAY_TEN - timedelta(minutes=30)).isoformat()
    }


async def test_a_round_that_was_asked_for_is_run(stage: Stage) -> None:
    await make.save_order(stage.cast, make.order())
    asked = await stage.cast.database.act(
        stage.cast.maija, proposing.ask_round, kind="whole", now=MONDAY
    )
    assert asked.status == "waiting"
    done = await stage.whole()
    assert (done.id, done.status, done.asked_by) == (asked.id, "done", stage.cast.maija.actor_id)


async def test_a_round_whose_worker_was_lost_begins_again(stage: Stage) -> None:
    begun = await stage.cast.database.act(
        stage.cast.worker, proposing.begin_round, kind="whole", now=MONDAY
    )
    await stage.fresh.owner("UPDATE rounds SET seen_at = now() - interval '1 minute'")
    done = await stage.whole()
    assert (done.id, done.status) == (begun.id, "done")


async def test_a_running_round_is_left_to_its_worker(stage: Stage) -> None:
    begun = await stage.cast.database.act(
        stage.cast.worker, proposing.begin_round, kind="whole", now=MONDAY
    )
    done = await stage.whole()
    assert done.id != begun.id


async def test_a_killed_mind_is_replaced(stage: Stage) -> None:
    await make.save_order(stage.cast, make.order())
    await stage.whole()
    os.kill(stage.matcher.whole_mind.process_id, signal.SIGKILL)
    done = await stage.whole()
    assert done.status == "done"
