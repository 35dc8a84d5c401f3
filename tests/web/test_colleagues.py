"""Several people of one ordering party: invited by mail, together on its orders, never none."""

import asyncio
import re
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from jobcenter.database import Who
from jobcenter.errors import NotAllowed, NotFound, WrongMoment
from jobcenter.orders import colleagues
from jobcenter.orders.queries import orderer
from jobcenter.people.newcomers import Newcomer
from jobcenter.web.signin import minter
from tests import make
from tests.cast import CITY, MONDAY, Cast, key
from tests.conftest import Fresh
from tests.orders import steps
from tests.web.surfer import CONFIG, sign_in, surfer
from tests.web.test_orderer import link_of

VILLE = "ville@keittio.example"


async def invite(cast: Cast, email: str, who: Who | None = None, *, now: datetime = MONDAY) -> None:
    await cast.database.act(
        who or cast.sari,
        colleagues.invite,
        newcomer=Newcomer(email, "Ville Virta", "", "fi"),
        mint=minter(CONFIG.secret),
        now=now,
    )


async def named(fresh: Fresh, email: str) -> UUID:
    rows = await fresh.owner("SELECT id FROM users WHERE email = $1", email)
    return UUID(str(rows[0]["id"]))


async def test_a_colleague_comes_by_a_link_sees_the_same_orders_and_leaves(
    cast: Cast, fresh: Fresh
) -> None:
    order_id = await make.save_order(cast, make.order())
    async with surfer(cast.database) as browser:
        browser.cookies.set("jobcenter_language", "en")
        await sign_in(browser, cast, cast.sari)
        refused = await browser.send_form("/colleagues", "/colleagues", name="", email="no mail")
        assert refused.status_code == 422
        alone = await browser.send_form("/colleagues", f"/colleagues/{key('sari')}/remove")
        assert "Somebody must stay" in alone.text
        sent = await browser.send_form("/colleagues", "/colleagues", name="Ville", email=VILLE)
        assert sent.headers["location"] == "/colleagues?note=invited"
    ville = await named(fresh, VILLE)
    assert await steps.told(fresh, "invited") == [ville]
    async with surfer(cast.database) as browser:
        browser.cookies.set("jobcenter_language", "en")
        token = await link_of(cast, fresh, VILLE)
        await browser.send_form(f"/signin/{token}", f"/signin/{token}")
        assert (await browser.get(f"/orders/{order_id}")).status_code == 200
        people = (await browser.get("/colleagues")).text
        assert re.findall(r"<strong dir=\"auto\">([^<]+)<", people) == ["Sari Salo", "Ville"]
        left = await browser.send_form("/colleagues", f"/colleagues/{ville}/remove")
        assert left.headers["location"] == "/?note=removed"
        assert (await browser.get(f"/orders/{order_id}")).status_code in {303, 401, 403}
    events = await fresh.owner(
        "SELECT kind FROM right_events WHERE user_id = $1 ORDER BY at", ville
    )
    assert sorted(row["kind"] for row in events) == ["given", "taken"]


async def test_whoever_has_another_part_here_is_left_alone_and_nobody_is_told(
    cast: Cast, fresh: Fresh
) -> None:
    before = await fresh.owner("SELECT user_id, role, party_id FROM grants ORDER BY id")
    for email in ("maija@example.org", "kim@example.org"):
        await invite(cast, email)
    after = await fresh.owner("SELECT user_id, role, party_id FROM grants ORDER BY id")
    assert [tuple(row) for row in after] == [tuple(row) for row in before]
    assert await steps.told(fresh, "invited") == []
    await invite(cast, VILLE)
    await invite(cast, VILLE, now=MONDAY + timedelta(minutes=1))
    rows = await fresh.owner("SELECT 1 FROM grants WHERE user_id = $1", await named(fresh, VILLE))
    assert len(rows) == 1


async def test_two_who_leave_at_once_do_not_both_go(cast: Cast, fresh: Fresh) -> None:
    await invite(cast, VILLE)
    ville = await named(fresh, VILLE)
    other = Who(
        CITY, "orderer", ville, party_id=cast.keittio, rights=frozenset({"order"}), name="Ville"
    )
    both = await asyncio.gather(
        cast.database.act(cast.sari, colleagues.remove, user_id=key("sari"), now=MONDAY),
        cast.database.act(other, colleagues.remove, user_id=ville, now=MONDAY),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in both) == ["NoneType", "WrongMoment"]
    left = await fresh.owner("SELECT 1 FROM grants WHERE party_id = $1", cast.keittio)
    assert len(left) == 1


async def test_another_partys_people_are_neither_seen_nor_removed(cast: Cast, fresh: Fresh) -> None:
    await make.another_party(cast)
    (party,) = await fresh.owner("SELECT id FROM parties WHERE name = 'Naapuri Oy'")
    stranger = Who(
        CITY, "orderer", key("kim"), party_id=party["id"], rights=frozenset({"order"}), name="X"
    )
    assert await cast.database.read(stranger, orderer.colleagues) == []
    with pytest.raises(NotFound):
        await cast.database.act(stranger, colleagues.remove, user_id=key("sari"), now=MONDAY)
    for who in (cast.maija, cast.client(cast.aino)):
        with pytest.raises(NotAllowed):
            await invite(cast, VILLE, who)
    with pytest.raises(WrongMoment):
        await cast.database.act(cast.sari, colleagues.remove, user_id=key("sari"), now=MONDAY)
    # The holder of an order's link sees how it stands, and not who orders.
    holder = Who(CITY, "status", party_id=cast.keittio)
    assert await cast.database.read(holder, orderer.colleagues) == []
    assert [one.email for one in await cast.database.read(cast.sari, orderer.colleagues)]
