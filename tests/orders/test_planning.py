"""What the database knows of a person and a site, as the support plan reads it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from jobcenter.orders import planning, working
from jobcenter.orders.model import Order
from jobcenter.people.parties import Site, TaskType
from jobcenter.support import SupportPlan
from tests import make
from tests.cast import CITY, MONDAY, THIS_YEAR, Cast, key
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.orders import steps
from tests.orders.steps import DAY, HOUR


async def planned(cast: Cast, order: Order, client_id: UUID) -> SupportPlan:
    return await cast.database.read(
        cast.maija, planning.plan_of, order, client_id, start=order.first_start, now=MONDAY
    )


async def worked(cast: Cast, client_id: UUID, order: Order) -> None:
    """Let a client do an order's work."""
    agreed = await steps.agreed(cast, client_id, order)
    here = cast.client(client_id)
    start = order.first_start
    await cast.database.act(here, working.check_in, gig_id=agreed.gig_id, now=start)
    await cast.database.act(here, working.check_out, gig_id=agreed.gig_id, now=start + 3 * HOUR)


async def test_what_is_known_fades_the_support_and_what_is_new_fades_half(
    cast: Cast, fresh: Fresh
) -> None:
    """An hour at the door: 60 the first time, 30 at the second, 45 with a task that is new."""
    later = TUESDAY_TEN + 7 * DAY
    assert (await planned(cast, make.order(start=later), cast.aino)).minutes == 60
    await worked(cast, cast.aino, make.order())
    assert (await planned(cast, make.order(start=later), cast.aino)).minutes == 30
    await make.save(
        cast,
        TaskType(
            organiser_id=CITY, id=key("setting"), number=3, name_fi="Kattaus", name_sv="Dukning",
            name_en="Setting tables", sector="restaurant", least_minutes=60, most_minutes=240,
            demands=[1, 1, 1, 1, 1, 0], outdoors=False, qualifications=[], pay_group="G1",
        ),
    )  # fmt: skip
    other = make.order(start=later)
    other.task_type_id = key("setting")
    assert (await planned(cast, other, cast.aino)).minutes == 50
    assert (await planned(cast, make.order(start=later), cast.eetu)).minutes == 0


async def test_a_promise_is_not_yet_experience(cast: Cast) -> None:
    await steps.agreed(cast, cast.aino)
    later = make.order(start=TUESDAY_TEN + 7 * DAY)
    assert (await planned(cast, later, cast.aino)).minutes == 60


async def test_a_site_is_new_until_confirmed_or_worked_at(cast: Cast, fresh: Fresh) -> None:
    await fresh.owner("UPDATE sites SET confirmed_on = NULL")
    start = TUESDAY_TEN + 6 * DAY
    assert [
        v.actions for v in (await planned(cast, make.order(start=start), cast.eetu)).visits
    ] == [("SITE",)]
    await worked(cast, cast.venla, make.order(start=start))
    again = await planned(cast, make.order(start=start + 7 * DAY), cast.eetu)
    assert again.visits == ()
    await make.save(
        cast,
        Site(
            organiser_id=CITY, id=key("malmi"), party_id=key("keittio"), name="Malmi",
            address="Malmin kauppatie 1", postcode="00700", region="helsinki", lat=60.248,
            lon=25.027, confirmed_on=THIS_YEAR,
        ),
    )  # fmt: skip
    elsewhere = make.order(start=start)
    elsewhere.site_id = key("malmi")
    assert (await planned(cast, elsewhere, cast.eetu)).visits == ()


async def test_an_orderer_may_ask_for_help_in_shaping_the_task(cast: Cast) -> None:
    order = make.order(start=TUESDAY_TEN + 6 * DAY)
    order.asks_for_shaping = True
    assert [v.actions for v in (await planned(cast, order, cast.eetu)).visits] == [("SHAPE",)]


@pytest.mark.parametrize(
    ("hours", "short"), [(35, True), (36, False), (200, False)], ids=["soon", "in time", "far"]
)
def test_a_gig_soon_leaves_no_earlier_day(hours: int, short: object) -> None:
    assert planning.is_short_notice(MONDAY + timedelta(hours=hours), MONDAY) is short


@pytest.mark.parametrize(
    ("day", "days"), [(24, 1), (27, 3), (28, 2), (29, 1)], ids=["Tue", "Fri", "Sat", "Sun"]
)
def test_the_next_working_day_is_so_many_days_off(day: int, days: int) -> None:
    assert planning.days_to_workday(datetime(2026, 11, day, 13, tzinfo=UTC)) == days
