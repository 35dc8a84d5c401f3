"""Changing and cancelling: versions, places, what it costs to the second, and who hears of it."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from jobcenter.errors import Changed, Conflict, Invalid, NotFound, RuleMissing, WrongMoment
from jobcenter.orders import changing, timely, working
from jobcenter.orders.cancelling import Cancellation
from jobcenter.orders.queries import orderer
from tests import make
from tests.cast import MONDAY, Cast
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.orders import steps
from tests.orders.steps import DAY, HOUR

SECOND = timedelta(seconds=1)
# A Thursday far enough ahead for every term.
THURSDAY = TUESDAY_TEN + 2 * DAY


async def change(cast: Cast, order_id: UUID, version: int = 1, **changes: str | int) -> int:
    order = await cast.database.act(
        cast.sari, changing.change, order_id=order_id, version=version, changes=changes, now=MONDAY
    )
    return order.version


async def cancel(cast: Cast, order_id: UUID, now: datetime = MONDAY) -> Cancellation:
    """Look what it would cost, as the page does; then do it, and see that it cost the same."""
    shown = await cast.database.read(
        cast.sari, orderer.cost_of_cancelling, order_id=order_id, now=now
    )
    done = await cast.database.act(
        cast.sari, changing.cancel, order_id=order_id, reason="Suljettu", now=now
    )
    assert done == shown
    return done


async def test_words_change_and_whoever_agreed_is_told(cast: Cast, fresh: Fresh) -> None:
    agreed = await steps.agreed(cast, cast.eetu)
    assert await change(cast, agreed.order_id, wear="Kengät", contact_name="Saku") == 2
    found = await fresh.owner("SELECT wear, contact_name, title FROM orders")
    assert [tuple(row) for row in found] == [("Kengät", "Saku", "Tiskaus")]
    assert await steps.told(fresh, "order_changed") == [cast.eetu]
    kinds = await fresh.owner("SELECT kind FROM changes ORDER BY id")
    assert [row[0] for row in kinds] == ["assigned", "order_changed"]


async def test_an_old_version_changes_nothing(cast: Cast, fresh: Fresh) -> None:
    order_id = await make.save_order(cast, make.order())
    await change(cast, order_id, wear="Kengät")
    with pytest.raises(Changed):
        await change(cast, order_id, wear="Takki")
    assert await change(cast, order_id, version=2, wear="Takki") == 3
    assert (await fresh.owner("SELECT wear FROM orders"))[0][0] == "Takki"


async def test_only_words_and_places_can_be_changed(cast: Cast) -> None:
    order_id = await make.save_order(cast, make.order())
    with pytest.raises(Invalid) as caught:
        await change(cast, order_id, hourly_cents=1, status="closed")
    assert [fault.code for fault in caught.value.faults] == ["unknown_field"] * 2
    for places in (0, 201):
        with pytest.raises(Invalid):
            await change(cast, order_id, places=places)


async def test_another_organisation_does_not_find_the_order(cast: Cast) -> None:
    order_id = await make.save_order(cast, make.order())
    with pytest.raises(NotFound):
        await cast.database.read(
            cast.kim, orderer.cost_of_cancelling, order_id=order_id, now=MONDAY
        )
    with pytest.raises(NotFound):
        await cast.database.act(cast.kim, changing.cancel, order_id=order_id, reason="", now=MONDAY)


async def test_places_are_added_and_taken_away_but_never_a_filled_one(
    cast: Cast, fresh: Fresh
) -> None:
    order_id = await make.save_order(cast, make.order(places=3))
    await steps.assign(cast, order_id, cast.eetu, place_no=2)
    with pytest.raises(Conflict):
        await change(cast, order_id, places=1)
    assert await change(cast, order_id, places=2) == 2
    assert await change(cast, order_id, version=2, places=4) == 3
    places = await fresh.owner("SELECT place_no FROM order_places ORDER BY 1")
    assert [row[0] for row in places] == [1, 2, 3, 4]
    assert (await steps.assign(cast, order_id, cast.venla, place_no=4)).place_no == 4


async def test_a_place_whose_person_said_no_can_go(cast: Cast, fresh: Fresh) -> None:
    order_id = await make.save_order(cast, make.order(places=2))
    gig = await steps.assign(cast, order_id, cast.eetu, place_no=2)
    await steps.decline(cast, gig.id)
    await change(cast, order_id, places=1)
    assert len(await fresh.owner("SELECT 1 FROM order_places")) == 1


TERMS = [
    ("a week", 7 * DAY, False, 0, 0),
    ("48 hours to the second", 48 * HOUR, False, 0, 0),
    ("a second less", 48 * HOUR - SECOND, True, 50, 1800),
    ("24 hours to the second", 24 * HOUR, True, 50, 1800),
    ("a second under a day", 24 * HOUR - SECOND, True, 100, 3600),
    ("two hours", 2 * HOUR, True, 100, 3600),
    ("a second", SECOND, True, 100, 3600),
]


@pytest.mark.parametrize(
    ("what", "before", "late", "percent", "cents"), TERMS, ids=[row[0] for row in TERMS]
)
async def test_what_a_cancellation_costs(
    cast: Cast, what: str, before: timedelta, *, late: bool, percent: int, cents: int
) -> None:
    """Three hours at 12,00, as in story 2."""
    start = TUESDAY_TEN + 7 * DAY
    agreed = await steps.agreed(cast, cast.eetu, make.order(start=start, hourly_cents=1200))
    cost = await cancel(cast, agreed.order_id, start - before)
    assert (cost.late, cost.percent, cost.cost_cents, cost.gigs) == (late, percent, cents, 1)


async def test_story_2_an_orderer_cancels_two_hours_before(cast: Cast, fresh: Fresh) -> None:
    await steps.on_pension(cast, cast.aino)
    await fresh.owner("UPDATE client_contacts SET wants_calls = true")
    agreed = await steps.agreed(cast, cast.aino, make.order(hourly_cents=1200))
    now = TUESDAY_TEN - 2 * HOUR
    cost = await cancel(cast, agreed.order_id, now)
    assert (cost.cost_cents, cost.percent, cost.lines) == (3600, 100, [3600])
    assert await steps.statuses(fresh, "orders") == ["cancelled"]
    assert await steps.statuses(fresh, "gigs") == ["cancelled"]
    assert await steps.statuses(fresh, "visits") == ["free"]
    periods = await fresh.owner("SELECT committed_cents FROM earnings_periods")
    assert [row[0] for row in periods] == [3600]
    notices = await fresh.owner("SELECT client_id, due_at FROM notices WHERE kind = 'cancelled'")
    assert [tuple(row) for row in notices] == [(cast.aino, now)]
    assert await steps.todos(fresh) == ["call_cancelled"]
    told = await fresh.owner("SELECT details FROM order_events WHERE kind = 'order.cancelled'")
    assert '"compensation_cents": [3600]' in told[0][0]
    # Her time is hers again, and nobody holds it against her.
    again = await steps.agreed(cast, cast.aino)
    assert again.gig_id != agreed.gig_id


async def test_a_cancelled_client_is_told_at_once_also_at_night(cast: Cast, fresh: Fresh) -> None:
    agreed = await steps.agreed(cast, cast.eetu)
    midnight = TUESDAY_TEN - 10 * HOUR
    await cancel(cast, agreed.order_id, midnight)
    notices = await fresh.owner("SELECT due_at FROM notices WHERE kind = 'cancelled'")
    assert [row[0] for row in notices] == [midnight]


async def test_an_offer_without_a_yes_costs_nothing_but_is_taken_back(
    cast: Cast, fresh: Fresh
) -> None:
    order_id = await make.save_order(cast, make.order(places=2))
    await steps.assign(cast, order_id, cast.eetu)
    yes = await steps.assign(cast, order_id, cast.aino, place_no=2)
    await steps.accept(cast, yes.id)
    cost = await cancel(cast, order_id, TUESDAY_TEN - HOUR)
    assert (cost.gigs, cost.cost_cents) == (1, 3450)
    assert await steps.statuses(fresh, "gigs") == ["cancelled", "cancelled"]
    assert set(await steps.told(fresh, "cancelled")) == {cast.eetu, cast.aino}


async def test_cancelling_twice_is_once(cast: Cast, fresh: Fresh) -> None:
    agreed = await steps.agreed(cast, cast.eetu)
    assert (await cancel(cast, agreed.order_id)).cost_cents == 1725
    again = await cast.database.act(
        cast.sari, changing.cancel, order_id=agreed.order_id, reason="Suljettu", now=MONDAY
    )
    assert (again.cost_cents, again.gigs) == (0, 0)
    assert len(await steps.told(fresh, "cancelled")) == 1
    events = await fresh.owner("SELECT 1 FROM order_events WHERE kind = 'order.cancelled'")
    assert len(events) == 1


async def test_what_has_begun_or_is_over_is_not_cancelled(cast: Cast) -> None:
    agreed = await steps.agreed(cast, cast.eetu)
    here = cast.client(cast.eetu)
    await cast.database.act(here, working.check_in, gig_id=agreed.gig_id, now=TUESDAY_TEN)
    with pytest.raises(WrongMoment, match="begun"):
        await cancel(cast, agreed.order_id, TUESDAY_TEN + HOUR)
    ends = TUESDAY_TEN + 3 * HOUR
    await cast.database.act(here, working.check_out, gig_id=agreed.gig_id, now=ends)
    assert await cast.database.act(cast.worker, timely.close_past, now=ends) == 0
    assert await cast.database.act(cast.worker, timely.close_past, now=ends + SECOND) == 1
    with pytest.raises(WrongMoment):
        await cancel(cast, agreed.order_id, ends + HOUR)
    with pytest.raises(WrongMoment):
        await change(cast, agreed.order_id, version=2, wear="Takki")


async def test_an_order_on_which_somebody_works_stays_open(cast: Cast) -> None:
    agreed = await steps.agreed(cast, cast.eetu)
    await cast.database.act(
        cast.client(cast.eetu), working.check_in, gig_id=agreed.gig_id, now=TUESDAY_TEN
    )
    late = TUESDAY_TEN + 5 * HOUR
    assert await cast.database.act(cast.worker, timely.close_past, now=late) == 0


async def test_without_terms_nothing_is_cancelled_by_guess(cast: Cast, fresh: Fresh) -> None:
    agreed = await steps.agreed(cast, cast.eetu)
    await fresh.owner("DELETE FROM cancellation_terms")
    with pytest.raises(RuleMissing):
        await cast.database.act(
            cast.sari, changing.cancel, order_id=agreed.order_id, reason="", now=MONDAY
        )
    assert await steps.statuses(fresh, "gigs") == ["confirmed"]
