"""Several people of one ordering party: invited by mail, together on its orders, never none."""

import asyncio
import re
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from jobcenter import access
from jobcenter.database import Who
from jobcenter.errors import LinkIsDead, NotAllowed, NotFound, WrongMoment
from jobcenter.orders import colleagues, letters
from jobcenter.orders.letters import Paths
from jobcenter.orders.queries import orderer
from jobcenter.outgoing import Claim
from jobcenter.people import invitations
from jobcenter.people.newcomers import Newcomer
from jobcenter.web.signin import minter
from tests import make
from tests.cast import CITY, MONDAY, Cast, key
from tests.conftest import Fresh
from tests.web.surfer import CONFIG, session_at, sign_in, surfer

VILLE = "ville@keittio.example"
PATHS = Paths("https://jobcenter.test", CONFIG.secret)


async def invite(
    cast: Cast,
    email: str,
    who: Who | None = None,
    *,
    now: datetime = MONDAY,
    manages: bool = False,
) -> None:
    await cast.database.act(
        who or cast.sari,
        colleagues.invite,
        newcomer=Newcomer(email, "Ville Virta", "", "fi"),
        mint=lambda key: access.hash_of(PATHS.token("invitation", key)),
        now=now,
        manages=manages,
    )


async def invitation(fresh: Fresh, email: str = VILLE) -> str:
    """Return the secret of the link that was mailed to an address."""
    (row,) = await fresh.owner("SELECT id FROM invitations WHERE email = $1", email)
    return PATHS.token("invitation", row["id"])


async def accept(cast: Cast, token: str, *, now: datetime = MONDAY) -> None:
    await cast.database.act(
        Who(CITY, "visitor"), invitations.accept, token_hash=access.hash_of(token),
        mint=minter(CONFIG.secret), now=now,
    )  # fmt: skip


async def joined(cast: Cast, fresh: Fresh, *, manages: bool = False) -> UUID:
    """Invite Ville, who says yes."""
    await invite(cast, VILLE, manages=manages)
    await accept(cast, await invitation(fresh))
    return await named(fresh, VILLE)


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
        waiting = (await browser.get("/colleagues")).text
        assert "Invited" in waiting
        assert VILLE in waiting
    # Nobody is made before they say yes themselves.
    assert await fresh.owner("SELECT 1 FROM users WHERE email = $1", VILLE) == []
    async with surfer(cast.database) as browser:
        browser.cookies.set("jobcenter_language", "en")
        page = f"/invitations/{await invitation(fresh)}"
        assert "Sari Salo" in (await browser.get(page)).text
        signin = (await browser.send_form(page, page, joins="yes")).headers["location"]
        assert (await browser.get(page)).status_code == 404
        await browser.send_form(signin, signin)
        ville = await named(fresh, VILLE)
        assert (await browser.get(f"/orders/{order_id}")).status_code == 200
        people = (await browser.get("/colleagues")).text
        assert 'action="/colleagues"' not in people
        csrf = (await browser.form("/colleagues", f"/colleagues/{ville}/remove"))["csrf"]
        for path in ("", f"/{key('sari')}/remove", f"/{ville}/manage"):
            told = {"csrf": csrf, "name": "X", "email": VILLE, "manages": "yes"}
            assert (await browser.post(f"/colleagues{path}", data=told)).status_code == 403
        assert (await browser.get("/costs")).status_code == 403
        assert re.findall(r"<strong dir=\"auto\">([^<]+)<", people) == ["Sari Salo", "Ville"]
        left = await browser.send_form("/colleagues", f"/colleagues/{ville}/remove")
        assert left.headers["location"] == "/?note=removed"
        assert (await browser.get(f"/orders/{order_id}")).status_code in {303, 401, 403}
    events = await fresh.owner(
        "SELECT kind FROM right_events WHERE user_id = $1 ORDER BY at", ville
    )
    assert sorted(row["kind"] for row in events) == ["given", "taken"]


async def test_every_address_is_asked_alike_and_only_a_yes_of_its_owner_counts(
    cast: Cast, fresh: Fresh
) -> None:
    staff, new = "maija@example.org", "newcomer@example.org"
    await fresh.owner(
        "WITH one AS (INSERT INTO users (organiser_id, id, email, name, phone, language, service)"
        " VALUES (1, gen_random_uuid(), $1, 'Somebody Else', '', 'fi', false) RETURNING id)"
        " INSERT INTO grants (organiser_id, id, user_id, role)"
        " SELECT 1, gen_random_uuid(), id, 'orderer' FROM one",
        new,
    )
    before = await fresh.owner("SELECT user_id, role, party_id FROM grants ORDER BY id")
    for email in (staff, new, VILLE, VILLE):
        await invite(cast, email)
    after = await fresh.owner("SELECT user_id, role, party_id FROM grants ORDER BY id")
    assert [tuple(row) for row in after] == [tuple(row) for row in before]
    shown = await cast.database.read(cast.sari, orderer.invited, now=MONDAY)
    assert [(one.name, one.email) for one in shown] == [
        ("Ville Virta", email) for email in (staff, new, VILLE)
    ]
    assert len(await cast.database.read(cast.sari, orderer.colleagues)) == 1
    with pytest.raises(WrongMoment):
        await accept(cast, await invitation(fresh, staff))
    late = await invitation(fresh, VILLE)
    with pytest.raises(LinkIsDead):
        await accept(cast, late, now=MONDAY + timedelta(days=7))
    await accept(cast, await invitation(fresh, new))
    # Whoever says no, or is asked no more, leaves nothing here.
    await cast.database.act(
        Who(CITY, "visitor"), invitations.refuse, token_hash=access.hash_of(late)
    )
    (left,) = await cast.database.read(cast.sari, orderer.invited, now=MONDAY)
    await cast.database.act(cast.sari, colleagues.take_back, invitation_id=left.id)
    assert await fresh.owner("SELECT 1 FROM invitations") == []
    people = await cast.database.read(cast.sari, orderer.colleagues)
    assert {one.email for one in people} == {new, "sari@keittio.example"}


async def test_two_who_leave_at_once_do_not_both_go(cast: Cast, fresh: Fresh) -> None:
    ville = await joined(cast, fresh, manages=True)
    other = replace(cast.sari, actor_id=ville)
    both = await asyncio.gather(
        cast.database.act(cast.sari, colleagues.remove, user_id=key("sari"), now=MONDAY),
        cast.database.act(other, colleagues.remove, user_id=ville, now=MONDAY),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in both) == ["NoneType", "WrongMoment"]
    left = await fresh.owner(
        "SELECT count(DISTINCT user_id), count(*) FROM grants WHERE party_id = $1", cast.keittio
    )
    assert tuple(left[0]) == (1, 2)


async def test_another_partys_people_are_neither_seen_nor_removed(cast: Cast, fresh: Fresh) -> None:
    await make.another_party(cast)
    (party,) = await fresh.owner("SELECT id FROM parties WHERE name = 'Naapuri Oy'")
    stranger = Who(
        CITY, "orderer", key("kim"), party_id=party["id"], rights=cast.sari.rights, name="X"
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


async def test_a_colleague_hears_of_the_orders_of_whoever_left_and_old_links_end(
    cast: Cast, fresh: Fresh
) -> None:
    order = make.order()
    order.placed_by = key("sari")
    order_id = await make.save_order(cast, order)
    paths = PATHS
    token = access.hash_of(paths.token("order", order_id))
    await cast.database.act(
        cast.sari, letters.open_status_link, order_id=order_id, token_hash=token, now=MONDAY
    )
    ville = await joined(cast, fresh, manages=True)
    held = Claim(
        UUID(int=1), 1, 1, "order_changed", "mail", None, key("sari"), None, order_id, None, 1,
        doubtful=False,
    )  # fmt: skip

    async def letter() -> tuple[str, str]:
        found = await cast.database.read(
            cast.worker, letters.letter_of, held=held, paths=paths, now=MONDAY
        )
        assert found
        return found.to, found.news.link

    assert await letter() == ("sari@keittio.example", paths.order(order_id))
    other = replace(cast.sari, actor_id=ville)
    await cast.database.act(other, colleagues.remove, user_id=key("sari"), now=MONDAY)
    assert await letter() == (VILLE, f"https://jobcenter.test/orders/{order_id}")
    with pytest.raises(LinkIsDead):
        await cast.database.read(
            Who(CITY, "visitor"), orderer.opened_by, token_hash=token, now=MONDAY
        )


async def test_one_who_manages_stays_and_whoever_leaves_is_out_at_once(
    cast: Cast, fresh: Fresh
) -> None:
    ville = await joined(cast, fresh)
    async with surfer(cast.database) as sari, surfer(cast.database) as other:
        sari.cookies.set("jobcenter_language", "en")
        await sign_in(sari, cast, cast.sari)
        other.cookies.set("jobcenter_session", await session_at(cast, cast.sari, VILLE))
        leave, manage = (f"/colleagues/{key('sari')}/{what}" for what in ("remove", "manage"))
        for action in (leave, manage):
            refused = await sari.send_form("/colleagues", action, manages="no")
            assert refused.status_code == 409
            assert "Let a colleague manage first" in refused.text
        action = f"/colleagues/{ville}/manage"
        assert (await sari.send_form("/colleagues", action, manages="yes")).status_code == 303
        # Ville may from the next page on, and sees what all orders cost.
        assert (await other.get("/costs")).status_code == 200
        assert (await sari.send_form("/colleagues", manage, manages="no")).status_code == 303
        assert (await sari.get("/costs")).status_code == 403
        assert (await other.send_form("/colleagues", leave)).status_code == 303
        assert (await sari.get("/orders")).status_code in {303, 401}
    (open_,) = await fresh.owner(
        "SELECT count(*) FROM sessions WHERE user_id = $1 AND ended_at IS NULL", key("sari")
    )
    assert open_[0] == 0
    # Where everybody who managed is out, whoever is left may begin.
    await fresh.owner("DELETE FROM grants WHERE user_id = $1 AND role = 'party_manager'", ville)
    orders_only = replace(cast.sari, actor_id=ville, rights=frozenset({"order"}))
    await cast.database.act(
        orders_only, colleagues.let_manage, user_id=ville, manages=True, now=MONDAY
    )
    (one,) = await cast.database.read(orders_only, orderer.colleagues)
    assert one.manages
