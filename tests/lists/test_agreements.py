"""Framework agreements: what partners' orders cost, from a day on; none is taken from an order."""

from datetime import timedelta

import pytest
from asyncpg.exceptions import CheckViolationError

from jobcenter.errors import Invalid, WrongMoment
from jobcenter.intake.told import filled
from jobcenter.lists import changing, reading
from jobcenter.lists.catalogue import LISTS
from jobcenter.lists.listing import slug_of
from jobcenter.orders.model import Order
from jobcenter.orders.occasions import TimeFields
from jobcenter.orders.queries import ordering, parties
from jobcenter.people.parties import Employer
from tests import make
from tests.cast import CITY, MONDAY, Cast, key
from tests.conftest import Fresh
from tests.lists.forms import NEW
from tests.lists.test_changing import DAY, TODAY, change, sheet
from tests.make import TUESDAY_TEN
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


async def on_day(cast: Cast, days: int) -> Order:
    """Order for so many days after Tuesday."""
    at = TUESDAY_TEN + timedelta(days=days)
    return (await place(cast, wish(TimeFields("fixed", (at,), 180)))).orders[0]


async def test_a_party_moves_to_another_employer_and_what_it_ordered_stays(
    cast: Cast, fresh: Fresh
) -> None:
    moves, other = LISTS["party-employers"], key("association")
    employer = Employer(
        organiser_id=CITY, id=other, name="Seurala ry", kind="NGO", contract_form="fixed_term",
        business_id="2077474-0", insurer="Turva",
    )  # fmt: skip
    await make.save(cast, employer)
    (before,) = (await place(cast, wish())).orders
    begins = TODAY + DAY * 7
    told = {"party_id": str(key("keittio")), "employer_id": str(other), "from": str(begins)}
    slug = await cast.database.act(cast.jaana, changing.add, moves, told=filled(told), now=MONDAY)
    # The day of the work decides; what was ordered keeps its own.
    soon = await on_day(cast, 5)
    later = await on_day(cast, 6)
    assert [soon.employer_id, later.employer_id] == [key("city"), other]
    shown = await cast.database.read(cast.maija, parties.sheet, party_id=key("keittio"), now=MONDAY)
    assert (shown.employer, [tuple(one) for one in shown.moves]) == (
        "Helsingin kaupunki", [(begins, "Seurala ry")]
    )  # fmt: skip
    rows = await fresh.owner("SELECT id FROM orders WHERE employer_id = $1", key("city"))
    assert {row["id"] for row in rows} == {before.id, soon.id}
    # Neither retires: one employs today, the other from a day to come.
    for one in (other, key("city")):
        page = await sheet(cast, "employers", slug_of({"id": str(one)}))
        with pytest.raises(WrongMoment):
            await cast.database.act(
                cast.jaana, changing.end, LISTS["employers"], slug=page.entry.slug,
                seen=page.seen, told=filled({"from": str(TODAY)}), now=MONDAY,
            )  # fmt: skip
        with pytest.raises(CheckViolationError, match="somebody orders"):
            await fresh.owner("UPDATE employers SET active = false WHERE id = $1", one)
    # Taken back, the first goes on, and who changed what stays in the history.
    page = await sheet(cast, "party-employers", slug)
    await cast.database.act(
        cast.jaana, changing.undo, moves, slug=slug, seen=page.seen, begins=begins, now=MONDAY
    )
    assert (await on_day(cast, 6)).employer_id == key("city")
    log = await fresh.owner("SELECT actor FROM list_changes WHERE entry = $1", slug)
    assert [row["actor"] for row in log] == [cast.jaana.actor_id] * 2
