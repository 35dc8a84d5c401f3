"""Framework agreements: what partners' orders cost, from a day on; none is taken from an order."""

import pytest

from jobcenter.errors import Invalid, WrongMoment
from jobcenter.intake.told import filled
from jobcenter.lists import changing, reading
from jobcenter.lists.catalogue import LISTS
from jobcenter.lists.listing import slug_of
from jobcenter.orders.queries import ordering
from tests.cast import MONDAY, Cast, key
from tests.conftest import Fresh
from tests.lists.forms import NEW
from tests.lists.test_changing import DAY, TODAY, change, sheet
from tests.orders.wishing import place, wish

AGREEMENTS = LISTS["agreements"]
SLUG = slug_of({"party_id": str(key("keittio")), "title": "Puitesopimus 2026"})
DISHES = f"prices-{key('dishwashing')}"


async def begin(cast: Cast, days: int, price: str) -> None:
    told = filled({**NEW["agreements"], DISHES: price, "from": str(TODAY + DAY * days)})
    await cast.database.act(cast.jaana, changing.add, AGREEMENTS, told=told, now=MONDAY)


async def again(cast: Cast, days: int, price: str) -> None:
    told = filled({**NEW["agreements"], DISHES: price, "from": str(TODAY + DAY * days)})
    await change(cast, "agreements", SLUG, told)


async def costs(cast: Cast, days: int) -> list[tuple[int, object]]:
    ground = await cast.database.read(cast.sari, ordering.ground, now=MONDAY + DAY * days)
    return [(one.hourly_cents, one.last_day) for one in ground.agreed.values()]


async def test_an_agreement_holds_changes_and_ends_by_its_days(cast: Cast, fresh: Fresh) -> None:
    await begin(cast, 0, "14,20")
    seen = (await sheet(cast, "agreements", SLUG)).seen
    await cast.database.act(
        cast.jaana, changing.end, AGREEMENTS, slug=SLUG, seen=seen,
        told=filled({"from": str(TODAY + DAY * 60)}), now=MONDAY,
    )  # fmt: skip
    # A change keeps the end that is agreed, and what the form tells is what holds.
    await again(cast, 30, "15")
    last = TODAY + DAY * 59
    assert await costs(cast, 0) == [(1420, TODAY + DAY * 29)]
    assert await costs(cast, 30) == [(1500, last)]
    assert await costs(cast, 60) == []
    page = await sheet(cast, "agreements", SLUG)
    assert page.entry.now
    assert page.entry.now.values == {
        "prices": {str(key("dishwashing")): 1420}, "site_ids": [str(key("site"))],
    }  # fmt: skip
    # An order takes the price of its day, and what it stands on is never replaced or taken back.
    (order,) = (await place(cast, wish())).orders
    assert (order.channel, order.hourly_cents) == ("PARTNER", 1420)
    with pytest.raises(WrongMoment, match="Orders have been placed"):
        await again(cast, 0, "16")
    await again(cast, 2, "16")
    rows = await fresh.owner("SELECT id FROM agreements ORDER BY valid_from")
    assert rows[0]["id"] == order.agreement_id
    # Taken back, the former price goes on until the end.
    page = await sheet(cast, "agreements", SLUG)
    await cast.database.act(
        cast.jaana, changing.undo, AGREEMENTS, slug=SLUG, seen=page.seen,
        begins=TODAY + DAY * 2, now=MONDAY,
    )  # fmt: skip
    assert await costs(cast, 2) == [(1420, TODAY + DAY * 29)]
    assert len(await fresh.owner("SELECT 1 FROM agreed_tasks")) == 2


async def test_nobody_agrees_on_less_than_the_floor_or_on_anothers_place(cast: Cast) -> None:
    with pytest.raises(Invalid) as low:
        await begin(cast, 0, "2")
    assert [fault.field for fault in low.value.faults] == [DISHES]
    theirs = {**NEW["agreements"], "site_ids": [str(key("elsewhere"))], DISHES: "", "from": ""}
    with pytest.raises(Invalid) as wrong:
        await cast.database.act(
            cast.jaana, changing.add, AGREEMENTS, told=filled(theirs), now=MONDAY
        )
    assert [fault.field for fault in wrong.value.faults] == ["prices", "site_ids"]
    shown = await cast.database.read(cast.jaana, reading.shown, AGREEMENTS, now=MONDAY)
    assert shown.entries == ()
