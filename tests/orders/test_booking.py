"""Coach time: held with the assignment, shared by ratio, faded by what a person knows already."""

from datetime import timedelta

import asyncpg
import pytest

from jobcenter.errors import SupportMissing
from jobcenter.orders import answering, working
from jobcenter.orders.gigs import Via
from tests import make
from tests.cast import CITY, THIS_YEAR, Cast, key
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.orders import steps
from tests.orders.steps import DAY, HOUR

START_2 = {"START": 2}


async def served(fresh: Fresh) -> list[tuple[int, str]]:
    """Return how many gigs each visit serves, and its status, in time order."""
    rows = await fresh.owner(
        "SELECT count(vg.gig_id), v.status FROM visits v JOIN visit_gigs vg ON vg.visit_id = v.id"
        " AND vg.status <> 'free' GROUP BY v.id, v.status, v.during ORDER BY v.during, v.id"
    )
    return [tuple(row) for row in rows]


async def test_a_group_shares_one_visit_as_far_as_the_ratio_goes(cast: Cast, fresh: Fresh) -> None:
    """Level 2 shares by three, so the fourth would need a coach that nobody has."""
    people = [await steps.newcomer(cast, f"group {n}", needs=START_2) for n in range(4)]
    order_id = await make.save_order(cast, make.order(places=4, group_visit=True))
    for place_no, client_id in enumerate(people[:3], start=1):
        await steps.assign(cast, order_id, client_id, place_no=place_no)
    assert await served(fresh) == [(3, "held")]
    with pytest.raises(SupportMissing):
        await steps.assign(cast, order_id, people[3], place_no=4)
    await steps.another_coach(cast, "a second coach")
    await steps.assign(cast, order_id, people[3], place_no=4)
    assert await served(fresh) == [(3, "held"), (1, "held")]


async def test_level_three_is_one_to_one(cast: Cast) -> None:
    people = [await steps.newcomer(cast, f"alone {n}", needs={"START": 3}) for n in range(2)]
    order_id = await make.save_order(cast, make.order(places=2, group_visit=True))
    await steps.assign(cast, order_id, people[0])
    with pytest.raises(SupportMissing):
        await steps.assign(cast, order_id, people[1], place_no=2)


async def test_the_stricter_ratio_of_the_two_holds(cast: Cast, fresh: Fresh) -> None:
    """A call at level 1 may not hide that the visit at the door is for three at most."""
    needs = {"START": 2, "INSTR": 1}
    people = [await steps.newcomer(cast, f"strict {n}", needs=needs) for n in range(4)]
    order_id = await make.save_order(cast, make.order(places=4, group_visit=True))
    for place_no, client_id in enumerate(people[:3], start=1):
        await steps.assign(cast, order_id, client_id, place_no=place_no)
    with pytest.raises(SupportMissing):
        await steps.assign(cast, order_id, people[3], place_no=4)
    assert max(count for count, _ in await served(fresh)) == 3


async def test_a_group_is_met_by_one_instructor(cast: Cast, fresh: Fresh) -> None:
    """Two need nobody, one is met at the door, one shown the work: one coach is there for all."""
    wants: tuple[dict[str, int], ...] = ({}, {"START": 2}, {}, {"INSTR": 2})
    people = [await steps.newcomer(cast, f"met {n}", needs=needs) for n, needs in enumerate(wants)]
    order_id = await make.save_order(cast, make.order(places=4, group_visit=True))
    gigs = [
        await steps.assign(cast, order_id, client_id, place_no=number)
        for number, client_id in enumerate(people[:3], start=1)
    ]
    assert await served(fresh) == [(3, "held")]
    during = (await fresh.owner("SELECT during FROM visits"))[0][0]
    half = HOUR / 2
    assert (during.lower, during.upper) == (TUESDAY_TEN - half, TUESDAY_TEN + half)
    # One instructor is there for three where a need is of level two; a fourth needs another.
    with pytest.raises(SupportMissing, match="ryhmän ohjaaja"):
        await steps.assign(cast, order_id, people[3], place_no=4)
    await steps.accept(cast, gigs[0].id)
    assert await steps.statuses(fresh, "visits") == ["booked"]
    # Nobody is met at the door any more: the coach comes for the start.
    await steps.decline(cast, gigs[1].id)
    during = (await fresh.owner("SELECT during FROM visits"))[0][0]
    assert (during.lower, during.upper) == (TUESDAY_TEN, TUESDAY_TEN + half)
    assert await fresh.breaches() == {}


async def test_a_visit_that_has_begun_stays_as_it_is(cast: Cast, fresh: Fresh) -> None:
    """The one who was met at the door leaves; the coach was there since then."""
    wants: tuple[dict[str, int], ...] = ({}, {"START": 2})
    people = [await steps.newcomer(cast, f"met {n}", needs=needs) for n, needs in enumerate(wants)]
    order_id = await make.save_order(cast, make.order(places=2, group_visit=True))
    for number, client_id in enumerate(people, start=1):
        gig = await steps.assign(cast, order_id, client_id, place_no=number)
        await steps.accept(cast, gig.id)
    [before] = await fresh.owner("SELECT during, sequence FROM visits")
    soon = TUESDAY_TEN - HOUR / 4
    await cast.database.act(cast.maija, answering.withdraw, gig_id=gig.id, via=Via.PHONE, now=soon)
    assert await served(fresh) == [(1, "booked")]
    assert await fresh.owner("SELECT during, sequence FROM visits") == [before]


async def test_without_a_group_everybody_has_a_visit_of_their_own(cast: Cast) -> None:
    people = [await steps.newcomer(cast, f"single {n}", needs=START_2) for n in range(2)]
    order_id = await make.save_order(cast, make.order(places=2))
    await steps.assign(cast, order_id, people[0])
    with pytest.raises(SupportMissing):
        await steps.assign(cast, order_id, people[1], place_no=2)


async def test_a_look_at_a_new_site_serves_everybody_on_the_order(cast: Cast, fresh: Fresh) -> None:
    await fresh.owner("UPDATE sites SET confirmed_on = NULL")
    start = TUESDAY_TEN + 7 * DAY
    order_id = await make.save_order(cast, make.order(start=start, places=2))
    for place_no, client_id in enumerate((cast.eetu, cast.venla), start=1):
        await steps.assign(cast, order_id, client_id, place_no=place_no, start=start)
    assert await served(fresh) == [(2, "held")]
    actions = await fresh.owner("SELECT DISTINCT actions FROM gig_supports")
    assert [row[0] for row in actions] == [["SITE"]]


async def test_a_shared_visit_is_booked_with_the_first_yes_and_free_after_the_last_no(
    cast: Cast, fresh: Fresh
) -> None:
    people = [await steps.newcomer(cast, f"shared {n}", needs=START_2) for n in range(2)]
    order_id = await make.save_order(cast, make.order(places=2, group_visit=True))
    gigs = [
        await steps.assign(cast, order_id, client_id, place_no=number)
        for number, client_id in enumerate(people, start=1)
    ]
    await steps.accept(cast, gigs[0].id)
    assert await steps.statuses(fresh, "visits") == ["booked"]
    assert await steps.statuses(fresh, "visit_gigs") == ["booked", "held"]
    await steps.decline(cast, gigs[1].id)
    assert await steps.statuses(fresh, "visits") == ["booked"]
    assert await steps.statuses(fresh, "visit_gigs") == ["booked", "free"]
    assert await fresh.breaches() == {}


async def test_support_fades_once_a_person_has_been_there(cast: Cast, fresh: Fresh) -> None:
    """START 2 and SAFE 2 at the door: an hour the first time, half of it the second."""
    agreed = await steps.agreed(cast, cast.aino)
    here = cast.client(cast.aino)
    await cast.database.act(here, working.check_in, gig_id=agreed.gig_id, now=TUESDAY_TEN)
    await cast.database.act(
        here, working.check_out, gig_id=agreed.gig_id, now=TUESDAY_TEN + 3 * HOUR
    )
    later = TUESDAY_TEN + 7 * DAY
    order_id = await make.save_order(cast, make.order(start=later))
    await steps.assign(cast, order_id, cast.aino, start=later)
    minutes = await fresh.owner("SELECT minutes FROM gig_supports ORDER BY gig_id")
    assert [row[0] for row in minutes] == [60, 30]


async def test_every_visit_of_a_plan_is_held_or_nothing_is(cast: Cast, fresh: Fresh) -> None:
    """A talk after the gig that nobody can give: no seat, no cents, no visit is left behind."""
    await steps.on_pension(cast, cast.eetu)
    await fresh.owner(
        "INSERT INTO client_needs VALUES (1, $1, 'START', 2, NULL, $2, NULL),"
        " (1, $1, 'SPEECH', 3, NULL, $2, NULL)",
        cast.eetu,
        THIS_YEAR,
    )
    evening = TUESDAY_TEN + 4 * HOUR
    order_id = await make.save_order(cast, make.order(start=evening))
    with pytest.raises(SupportMissing, match="valmentaja paikalla koko ajan"):
        await steps.assign(cast, order_id, cast.eetu, start=evening)
    for table in ("gigs", "visits", "gig_supports", "earnings_entries", "notices"):
        assert await fresh.owner(f"SELECT 1 FROM {table}") == [], table


async def test_two_who_free_the_last_visits_cannot_both_succeed(cast: Cast, fresh: Fresh) -> None:
    """Write skew: each frees one of two and sees the other still there."""
    client_id = await steps.newcomer(cast, "two", needs={"START": 2, "AFTER": 3})
    await steps.agreed(cast, client_id)
    ids = [row[0] for row in await fresh.owner("SELECT id FROM visits")]
    assert len(ids) == 2
    one, two = await asyncpg.connect(fresh.owner_dsn), await asyncpg.connect(fresh.owner_dsn)
    try:
        for connection, visit_id in ((one, ids[0]), (two, ids[1])):
            await connection.execute("BEGIN")
            await connection.execute("UPDATE visits SET status = 'free' WHERE id = $1", visit_id)
        for connection in (one, two):
            with pytest.raises(asyncpg.CheckViolationError) as caught:
                await connection.execute("COMMIT")
            assert caught.value.constraint_name == "gig_has_its_support"
    finally:
        await one.close()
        await two.close()


async def test_a_coach_needs_a_language_in_common(cast: Cast, fresh: Fresh) -> None:
    await fresh.owner("UPDATE clients SET spoken = '{so}' WHERE id = $1", cast.aino)
    order_id = await make.save_order(cast, make.order())
    with pytest.raises(SupportMissing):
        await steps.assign(cast, order_id, cast.aino)
    coach_id = await steps.another_coach(cast, "speaks somali", languages=("so", "fi"))
    await steps.assign(cast, order_id, cast.aino)
    assert [row[0] for row in await fresh.owner("SELECT coach_id FROM visits")] == [coach_id]


async def test_a_hint_of_the_matcher_is_followed(cast: Cast, fresh: Fresh) -> None:
    client_id = await steps.newcomer(cast, "calm", needs={"AFTER": 3})
    order_id = await make.save_order(cast, make.order())
    wished = TUESDAY_TEN + 3 * HOUR + timedelta(minutes=35)
    await fresh.owner(
        "INSERT INTO rounds (organiser_id, id, kind, status, asked_at, orders, places, proposed,"
        " visits, stale, unfilled, progress) VALUES"
        " (1, $1, 'whole', 'done', now(), 0, 0, 0, 0, 0, '{}', 100)",
        key("round"),
    )
    await fresh.owner(
        "INSERT INTO proposals (organiser_id, id, order_id, place_no, round_id, made_at)"
        " VALUES (1, $1, $2, 1, $3, now())",
        key("list"), order_id, key("round"),
    )  # fmt: skip
    await fresh.owner(
        "INSERT INTO proposal_rows (organiser_id, proposal_id, rank, client_id, unit_id, start,"
        " score, reasons, visits, planned, state) VALUES (1, $1, 1, $2, $3, $4, 1, '[]',"
        " jsonb_build_array(jsonb_build_object('piece', 0, 'coach_id', $5::text,"
        " 'start', $6::text, 'minutes', 30, 'presence', 'present')), true, 'waiting')",
        key("list"), client_id, cast.kaneli, TUESDAY_TEN, str(cast.kim_coach), wished.isoformat(),
    )  # fmt: skip
    await steps.assign(cast, order_id, client_id)
    visits = await fresh.owner("SELECT during, organiser_id FROM visits")
    assert [(row[0].lower, row[1]) for row in visits] == [(wished, CITY)]
