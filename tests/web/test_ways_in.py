"""No way in outlasts the right it was made with: links, invitations, keys, stand-ins, calendars."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from jobcenter import notices
from jobcenter.access import hash_of
from jobcenter.database import Who
from jobcenter.errors import LinkIsDead, NotAllowed, NotFound, WrongMoment
from jobcenter.orders import colleagues, letters
from jobcenter.orders.queries import orderer
from jobcenter.outgoing import Claim
from jobcenter.people import rights
from jobcenter.people.staff import Passkey, StandIn
from tests import make
from tests.cast import CITY, MONDAY, Cast, key
from tests.conftest import Fresh
from tests.web.surfer import Clock, sign_in, surfer
from tests.web.test_colleagues import PATHS, VILLE, accept, invitation, invite, joined
from tests.web.test_users import disable

TODAY = date(2026, 11, 23)
BROKEN = "SELECT id FROM inv_27_disabled_means_out"


async def ordered(cast: Cast) -> UUID:
    """Have Sari order, and be mailed the link to it."""
    order = make.order()
    order.placed_by = key("sari")
    order_id = await make.save_order(cast, order)
    await cast.database.act(
        cast.worker, notices.tell, kind="order_received", way="mail", user_id=key("sari"),
        order_id=order_id, now=MONDAY,
    )  # fmt: skip
    await cast.database.act(
        cast.worker, letters.open_status_link, order_id=order_id,
        token_hash=hash_of(PATHS.token("order", order_id)), now=MONDAY,
    )  # fmt: skip
    return order_id


def passkey(name: str) -> Passkey:
    return Passkey(
        organiser_id=CITY, id=uuid7(), user_id=key(name), credential_id=b"c" + name.encode(),
        public_key=b"p", uses=0, name="Phone", created_at=MONDAY, used_at=None,
    )  # fmt: skip


def stand_in(name: str, deputy: str, unit_id: UUID) -> StandIn:
    return StandIn(
        organiser_id=CITY, id=uuid7(), user_id=key(name), deputy_id=key(deputy), unit_id=unit_id,
        first_day=TODAY, last_day=TODAY + timedelta(days=7),
    )  # fmt: skip


async def test_an_orderer_put_out_has_no_way_to_their_orders(cast: Cast, fresh: Fresh) -> None:
    order_id, late = await ordered(cast), make.order()
    late.placed_by = key("sari")
    late_id = await make.save_order(cast, late)
    await joined(cast, fresh)
    path = PATHS.order(order_id).removeprefix("https://jobcenter.test")
    async with surfer(cast.database) as browser:
        assert (await browser.get(path)).status_code == 200
        csrf = (await browser.form("/link", "/link"))["csrf"]
        await disable(cast, "sari")
        assert (await browser.get(path)).status_code == 410
        for step in ("move", f"gigs/{uuid7()}/feedback"):
            told = await browser.post(f"{path}/{step}", data={"csrf": csrf})
            assert told.status_code == 410, step
    # A mail that was being written then opens nothing either; the next goes to a colleague.
    for one in (order_id, late_id):
        token = hash_of(PATHS.token("order", one))
        held = Claim(
            UUID(int=1), 1, 1, "order_changed", "mail", None, key("sari"), None, one, None, 1,
            doubtful=False,
        )  # fmt: skip
        letter = await cast.database.read(
            cast.worker, letters.letter_of, held=held, paths=PATHS, now=MONDAY
        )
        assert letter
        assert (letter.to, letter.news.link) == (VILLE, PATHS.signed_in(one))
        await cast.database.act(
            cast.worker, letters.open_status_link, order_id=one, token_hash=token, now=MONDAY
        )
        with pytest.raises(LinkIsDead):
            await cast.database.read(
                Who(CITY, "visitor"), orderer.opened_by, token_hash=token, now=MONDAY
            )
    waiting = await fresh.owner("SELECT 1 FROM notices WHERE state = 'pending' AND order_id = $1",
                                order_id)  # fmt: skip
    assert len(waiting) == 1
    assert await fresh.owner(BROKEN) == []


@pytest.mark.parametrize("way", ["disabled", "removed", "manages no more", "role changed"])
async def test_an_invitation_ends_with_its_inviter(cast: Cast, fresh: Fresh, way: str) -> None:
    ville = await joined(cast, fresh, manages=True)
    await invite(cast, "next@example.org", manages=True)
    token = await invitation(fresh, "next@example.org")
    other = Who(CITY, "orderer", ville, party_id=cast.keittio, rights=cast.sari.rights)
    if way == "disabled":
        await disable(cast, "sari")
    elif way == "removed":
        await cast.database.act(other, colleagues.remove, user_id=key("sari"), now=MONDAY)
    elif way == "manages no more":
        await cast.database.act(
            other, colleagues.let_manage, user_id=key("sari"), manages=False, now=MONDAY
        )
    else:
        await fresh.owner("UPDATE roles SET rights = '{}' WHERE code = 'party_manager'")
    with pytest.raises(LinkIsDead if way == "role changed" else NotFound):
        await accept(cast, token)
    assert await fresh.owner("SELECT 1 FROM users WHERE email = 'next@example.org'") == []
    with pytest.raises(NotAllowed):
        await invite(cast, "last@example.org")


async def test_keys_and_stand_ins_end_and_do_not_come_back(cast: Cast, fresh: Fresh) -> None:
    await make.save(cast, passkey("maija"), stand_in("maija", "kim", cast.kaneli))
    async with surfer(cast.database) as browser:
        await sign_in(browser, cast, cast.kim)
        assert (await browser.get("/board")).status_code == 200
        await disable(cast, "maija")
        assert (await browser.get("/board")).status_code == 403
        with pytest.raises(WrongMoment):
            await make.save(cast, stand_in("kim", "maija", cast.kaneli))
        await cast.database.act(cast.jaana, rights.enable, user_id=key("maija"), now=MONDAY)
        assert (await browser.get("/board")).status_code == 403
    assert await fresh.owner("SELECT 1 FROM passkeys") == []


async def test_what_is_left_of_anybody_who_is_out_is_counted(cast: Cast, fresh: Fresh) -> None:
    """Each way in alone, of somebody else, with the guard taken away."""
    await ordered(cast)
    await make.save(cast, passkey("raili"), stand_in("maija", "merja", cast.kaneli))
    await fresh.owner("ALTER TABLE users DISABLE TRIGGER user_out")
    await fresh.owner("UPDATE users SET disabled_at = now()")
    left = {row["id"] for row in await fresh.owner(BROKEN)}
    assert left == {key(name) for name in ("sari", "raili", "maija", "merja")}
    await fresh.owner("UPDATE links SET revoked_at = now()")
    assert key("sari") not in {row["id"] for row in await fresh.owner(BROKEN)}
    await fresh.owner("UPDATE users SET disabled_at = NULL")
    await invite(cast, VILLE)
    await fresh.owner("UPDATE users SET disabled_at = now()")
    assert key("sari") in {row["id"] for row in await fresh.owner(BROKEN)}
    await fresh.owner("UPDATE users SET disabled_at = NULL")


async def test_a_calendar_address_ends_after_ninety_days_and_with_the_role(
    cast: Cast, fresh: Fresh
) -> None:
    """The coach is told two weeks before, and makes a new one."""
    clock, about = Clock(), "last day of your calendar address is"
    async with surfer(cast.database, clock) as browser:
        browser.cookies.set("jobcenter_language", "en")

        async def told(days: float) -> tuple[bool, int]:
            clock.now = MONDAY + timedelta(days=days)
            await sign_in(browser, cast, cast.kim, clock.now)
            shown = (await browser.get("/coach")).text
            return about in shown, (await browser.get(address)).status_code

        async def renew() -> str:
            made = await browser.send_form("/coach", "/coach/feed")
            assert f"Your address works until {lasts_until}" in made.text
            return made.text.partition("http://jobcenter.test")[2].partition('"')[0]

        await sign_in(browser, cast, cast.kim)
        lasts_until = "Sun 21 Feb"
        address = await renew()
        assert [await told(days) for days in (0, 75, 77, 89.9, 90)] == [
            (False, 200), (False, 200), (True, 200), (True, 200), (True, 404),
        ]  # fmt: skip
        lasts_until = "Sat 22 May"
        address = await renew()
        assert await told(90.1) == (False, 200)
        await fresh.owner("UPDATE roles SET rights = '{see_caseload}' WHERE code = 'coach'")
        assert (await browser.get(address)).status_code == 404
        await fresh.owner("UPDATE roles SET rights = '{coach,see_caseload}' WHERE code = 'coach'")
        assert (await browser.get(address)).status_code == 200
        (grant,) = await fresh.owner("SELECT id FROM grants WHERE user_id = $1", key("kim"))
        await cast.database.act(
            cast.jaana, rights.take, user_id=key("kim"), grant_id=grant["id"], now=MONDAY
        )
        assert (await browser.get(address)).status_code == 404
    kept = await fresh.owner("SELECT 1 FROM coaches WHERE feed_hash IS NOT NULL")
    assert kept == []


async def test_a_secret_kept_as_it_is_is_counted_wherever_it_is(cast: Cast, fresh: Fresh) -> None:
    await invite(cast, VILLE)
    await fresh.owner("UPDATE invitations SET token_hash = 'open sesame'")
    await fresh.owner(
        "INSERT INTO client_links (organiser_id, id, client_id, purpose, token_hash, phone_hash,"
        " made_at, expires_at) SELECT 1, gen_random_uuid(), $1, 'own', 'open sesame', sha256('x'),"
        " now(), now()",
        cast.aino,
    )
    await fresh.owner(
        "INSERT INTO client_unlocks (organiser_id, session_hash, client_id, at)"
        " SELECT 1, 'open sesame', $1, now()",
        cast.aino,
    )
    found = await fresh.owner("SELECT id FROM inv_28_secrets_are_kept_as_hashes")
    kept = {"invitations", "client_links", "client_unlocks"}
    assert {row["id"] for row in found} == kept
    for table in kept:
        await fresh.owner(f"DELETE FROM {table}")
