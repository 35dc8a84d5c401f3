"""A gig that its unit cannot hold: who may call it off, what it pays, and when the clock does."""

from datetime import timedelta
from uuid import UUID

import pytest
from asyncpg import Range

from jobcenter.errors import Conflict, NotAllowed, NotFound, RuleMissing
from jobcenter.orders import calling_off, missing, visiting, working
from tests import make
from tests.cast import MONDAY, Cast
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.orders import steps
from tests.orders.steps import HOUR

MINUTE = timedelta(minutes=1)


async def lose_the_coach(cast: Cast, fresh: Fresh) -> None:
    """Let Kim say that he cannot come, with nobody else to take over."""
    [visit] = await fresh.owner("SELECT id FROM visits")
    await cast.database.act(cast.kim, visiting.cannot, visit_id=visit["id"], now=MONDAY)


async def due(cast: Cast, *, before: timedelta) -> list[UUID]:
    """Return what the clock would call off so long before the start."""
    return await cast.database.read(
        cast.worker,
        calling_off.unsupported,
        now=TUESDAY_TEN - before,
    )


async def test_only_within_the_hour_and_only_without_the_coach(cast: Cast, fresh: Fresh) -> None:
    agreed = await steps.agreed(cast, cast.aino)
    assert await due(cast, before=10 * MINUTE) == []
    await lose_the_coach(cast, fresh)
    assert await due(cast, before=61 * MINUTE) == []
    assert await due(cast, before=60 * MINUTE) == [agreed.gig_id]


async def test_a_group_without_its_instructor_is_called_off(cast: Cast, fresh: Fresh) -> None:
    client_id = await steps.newcomer(cast, "of the group")
    agreed = await steps.agreed(cast, client_id, make.order(places=2, group_visit=True))
    await lose_the_coach(cast, fresh)
    lost = await fresh.owner("SELECT kind, piece, gig_id FROM flags")
    assert [tuple(row) for row in lost] == [("support_missing", 0, agreed.gig_id)]
    assert await due(cast, before=60 * MINUTE) == [agreed.gig_id]
    assert await fresh.breaches() == {}


async def test_a_group_gets_one_instructor_again(cast: Cast, fresh: Fresh) -> None:
    """Each loss is seen to by itself; who comes for the first comes for the second as well."""
    order_id = await make.save_order(cast, make.order(places=2, group_visit=True))
    people = [await steps.newcomer(cast, "first"), cast.aino]
    gigs = [
        await steps.assign(cast, order_id, client_id, place_no=number)
        for number, client_id in enumerate(people, start=1)
    ]
    await steps.accept(cast, gigs[0].id)
    await lose_the_coach(cast, fresh)
    saara = await steps.another_coach(cast, "saara")
    flags = await fresh.owner("SELECT id FROM flags ORDER BY gig_id = $1 DESC", gigs[0].id)
    for flag in flags:
        await cast.database.act(cast.maija, missing.book_again, flag_id=flag["id"], now=MONDAY)
    there = await fresh.owner(
        "SELECT coach_id, during, status, (SELECT count(*) FROM visit_gigs g WHERE"
        " g.visit_id = v.id AND g.status <> 'free') AS served FROM visits v WHERE status <> 'free'"
    )
    half = 30 * MINUTE
    during = Range(TUESDAY_TEN - half, TUESDAY_TEN + half)
    assert [tuple(row) for row in there] == [(saara, during, "booked", 2)]
    assert await due(cast, before=60 * MINUTE) == []
    assert await fresh.breaches() == {}


async def test_a_lost_look_at_the_place_ends_no_gig(cast: Cast, fresh: Fresh) -> None:
    await fresh.owner("UPDATE sites SET confirmed_on = NULL")
    await steps.agreed(cast, await steps.newcomer(cast, "new place"))
    await lose_the_coach(cast, fresh)
    assert [row[0] for row in await fresh.owner("SELECT kind FROM flags")] == ["support_missing"]
    assert await due(cast, before=60 * MINUTE) == []


async def test_a_call_afterwards_calls_nothing_off(cast: Cast, fresh: Fresh) -> None:
    client_id = await steps.newcomer(cast, "after", needs={"AFTER": 3})
    await steps.agreed(cast, client_id)
    await lose_the_coach(cast, fresh)
    assert await due(cast, before=10 * MINUTE) == []


@pytest.mark.parametrize(("share", "cents"), [(10_000, 3450), (5_000, 1725), (0, 0)])
async def test_what_it_pays_is_a_dated_figure(
    cast: Cast, fresh: Fresh, share: int, cents: int
) -> None:
    await steps.on_pension(cast, cast.aino)
    await fresh.owner("UPDATE figures SET amount = $1 WHERE kind = 'unit_cancels'", share)
    agreed = await steps.agreed(cast, cast.aino)
    gig = await cast.database.act(
        cast.maija,
        calling_off.call_off,
        gig_id=agreed.gig_id,
        now=MONDAY,
    )
    assert (gig.status, gig.end_reason) == ("cancelled", "unit_caused")
    rows = await fresh.owner("SELECT coalesce(sum(cents), 0) AS cents FROM pay_rows")
    assert rows[0]["cents"] == cents
    assert await fresh.owner("SELECT 1 FROM invoice_lines") == []
    [period] = await fresh.owner("SELECT committed_cents FROM earnings_periods")
    assert period["committed_cents"] == cents
    assert await steps.told(fresh, "unit_cannot") == [cast.sari.actor_id]
    again = await cast.database.act(
        cast.maija,
        calling_off.call_off,
        gig_id=agreed.gig_id,
        now=MONDAY,
    )
    assert again.status == "cancelled"


async def test_a_missing_figure_stops(cast: Cast, fresh: Fresh) -> None:
    await fresh.owner("DELETE FROM figures WHERE kind = 'unit_cancels'")
    agreed = await steps.agreed(cast, cast.aino)
    with pytest.raises(RuleMissing):
        await cast.database.act(
            cast.maija,
            calling_off.call_off,
            gig_id=agreed.gig_id,
            now=MONDAY,
        )
    assert await steps.statuses(fresh, "gigs") == ["confirmed"]


async def test_an_offer_without_a_yes_pays_nothing(cast: Cast, fresh: Fresh) -> None:
    order_id = await make.save_order(cast, make.order())
    gig = await steps.assign(cast, order_id, cast.aino)
    await cast.database.act(cast.maija, calling_off.call_off, gig_id=gig.id, now=MONDAY)
    assert await fresh.owner("SELECT 1 FROM pay_rows") == []
    assert await steps.told(fresh, "unit_cannot") == []
    assert await steps.told(fresh, "cancelled") == [cast.aino]


async def test_who_may_call_off_and_when(cast: Cast) -> None:
    agreed = await steps.agreed(cast, cast.eetu)
    for other, error in (
        (cast.sari, NotFound),
        (cast.pekka, NotFound),
        (cast.client(cast.eetu), NotAllowed),
    ):
        with pytest.raises(error):
            await cast.database.act(
                other,
                calling_off.call_off,
                gig_id=agreed.gig_id,
                now=MONDAY,
            )
    here = cast.client(cast.eetu)
    await cast.database.act(here, working.check_in, gig_id=agreed.gig_id, now=TUESDAY_TEN)
    with pytest.raises(Conflict):
        await cast.database.act(
            cast.maija,
            calling_off.call_off,
            gig_id=agreed.gig_id,
            now=TUESDAY_TEN + HOUR,
        )
