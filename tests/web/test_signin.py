"""Signing in by a one-time link: what is told, what is used up, and when a session ends."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.access import hash_of
from jobcenter.database import OrganiserId, Who
from jobcenter.people import sessions
from jobcenter.people.keyholes import opened_session
from jobcenter.people.sessions import limits_of
from jobcenter.people.staff import Passkey
from jobcenter.web.signin import link_token
from tests import make
from tests.browser import served
from tests.cast import CITY, MONDAY, Cast, key
from tests.conftest import Fresh
from tests.web.surfer import CONFIG, Clock, Form, Surfer, session_of, sign_in, surfer


async def link_of(fresh: Fresh, name: str) -> str:
    """Return the token of the newest link that was mailed to somebody of the cast."""
    rows = await fresh.owner(
        "SELECT expires_at FROM signin_links WHERE user_id = $1 ORDER BY expires_at DESC", key(name)
    )
    return link_token(CONFIG.secret, key(name), rows[0]["expires_at"])


async def test_an_address_gets_a_link_that_works_once(cast: Cast, fresh: Fresh) -> None:
    async with surfer(cast.database) as browser, surfer(cast.database) as other:
        await browser.send_form("/signin", "/signin", email=" Sari@Keittio.example ")
        notices = await fresh.owner("SELECT kind, way, user_id FROM notices")
        assert [tuple(row) for row in notices] == [("signin", "mail", key("sari"))]
        page = f"/signin/{await link_of(fresh, 'sari')}"
        for _ in range(10):
            assert "Continue as Sari Salo" in (await browser.get(page)).text
        opened = await browser.get(page)
        entered = await browser.send_shown(opened, page)
        assert (entered.status_code, entered.headers["location"]) == (303, "/orders")
        assert "Sari Salo" in (await browser.get("/orders")).text
        assert (await browser.send_shown(opened, page)).status_code in {403, 410}
        assert (await other.get(page)).status_code == 410
        assert (await other.get(page + "x")).status_code == 404


async def test_whoever_is_signed_in_may_open_a_link_too(cast: Cast, fresh: Fresh) -> None:
    async with surfer(cast.database) as browser:
        browser.cookies.set("jobcenter_language", "en")
        await browser.send_form("/signin", "/signin", email="sari@keittio.example")
        page = f"/signin/{await link_of(fresh, 'sari')}"
        for who in (cast.sari, cast.maija, cast.tuija):
            await sign_in(browser, cast, who)
            assert "Continue as Sari Salo" in (await browser.get(page)).text


async def test_a_visitors_login_knows_a_session_by_its_secret_only(cast: Cast) -> None:
    """A hole that lets SQL through before signing in lists no session, link, token or address."""
    token = await session_of(cast, cast.maija)
    visitor = Who(CITY, "visitor")

    async def owners(session: AsyncSession, secret: str) -> list[UUID]:
        known = opened_session(hash_of(secret))
        return [owner for owner in await session.scalars(select(known.user_id)) if owner]

    assert await cast.database.read(visitor, owners, token) == [key("maija")]
    assert await cast.database.read(visitor, owners, token + "x") == []
    elsewhere = Who(OrganiserId(2), "visitor")
    assert await cast.database.read(elsewhere, owners, token) == []

    async def ask(session: AsyncSession, what: str) -> None:
        await session.execute(text(f"SELECT {what}"))

    for what in ("1 FROM sessions", "1 FROM signin_links", "1 FROM api_tokens", "email FROM users",
                 "phone FROM users", "subject FROM users", "1 FROM passkeys"):  # fmt: skip
        with pytest.raises(ProgrammingError, match="permission denied"):
            await cast.database.read(visitor, ask, what)


async def test_a_known_and_an_unknown_address_hear_the_same(cast: Cast, fresh: Fresh) -> None:
    async with surfer(cast.database) as browser:
        known = await browser.send_form("/signin", "/signin", email="sari@keittio.example")
        unknown = await browser.send_form("/signin", "/signin", email="nobody@example.org")
        assert known.text == unknown.text
        assert known.status_code == unknown.status_code
        assert (await fresh.owner("SELECT count(*) FROM signin_links"))[0][0] == 1


async def test_no_time_tells_whether_we_know_an_address(cast: Cast, fresh: Fresh) -> None:
    """The link is made after the answer has left: even a wait for its table is not felt."""
    holder = await asyncpg.connect(fresh.owner_dsn)
    async with served(cast.database) as base, httpx.AsyncClient(base_url=base) as browser:
        form = Form((await browser.get("/signin")).text, "/signin").fields
        await holder.execute("BEGIN; LOCK TABLE signin_links IN ACCESS EXCLUSIVE MODE")
        try:
            for email in ("nobody@example.org", "sari@keittio.example"):
                data = {**form, "email": [email]}
                # The statement that waits for the table would wait five seconds.
                assert (await browser.post("/signin", data=data, timeout=4)).status_code == 200
        finally:
            await holder.close()
        for _ in range(100):
            if await fresh.owner("SELECT 1 FROM signin_links"):
                return
            await asyncio.sleep(0.1)
    pytest.fail("the link was never made")


async def test_no_address_asks_again(onlookers: Cast) -> None:
    async with surfer(onlookers.database) as browser:
        answer = await browser.send_form("/signin", "/signin", email="x")
        assert "Please write your e-mail address" in answer.text


async def test_links_to_one_address_are_few(cast: Cast, fresh: Fresh) -> None:
    clock = Clock()
    async with surfer(cast.database, clock) as browser:
        for _ in range(sessions.MOST_LINKS_A_DAY + 3):
            await browser.send_form("/signin", "/signin", email="sari@keittio.example")
            clock.move(minutes=1)
        counted = (await fresh.owner("SELECT count(*) FROM signin_links"))[0][0]
        assert counted == sessions.MOST_LINKS_A_DAY


async def test_staff_with_a_passkey_get_no_link_by_mail(cast: Cast, fresh: Fresh) -> None:
    """Their mailbox alone opens nobody's record; an orderer's opens only their own orders."""
    for name in ("maija", "sari"):
        row = Passkey(
            organiser_id=CITY, id=uuid4(), user_id=key(name), credential_id=name.encode(),
            public_key=b"p", uses=0, name="Phone", created_at=MONDAY, used_at=None,
        )  # fmt: skip
        await make.save(cast, row)
    async with surfer(cast.database) as browser:
        said = [
            (await browser.send_form("/signin", "/signin", email=email)).status_code
            for email in ("sari@keittio.example", "maija@example.org")
        ]
    assert len(set(said)) == 1
    linked = await fresh.owner("SELECT user_id FROM signin_links")
    assert [row[0] for row in linked] == [key("sari")]


async def test_an_old_link_is_dead(cast: Cast, fresh: Fresh) -> None:
    clock = Clock()
    async with surfer(cast.database, clock) as browser:
        await browser.send_form("/signin", "/signin", email="sari@keittio.example")
        page = f"/signin/{await link_of(fresh, 'sari')}"
        clock.move(minutes=31)
        answer = await browser.get(page)
        assert answer.status_code == 410
        assert "Ask for a new one" in answer.text


async def test_only_hashes_are_kept(cast: Cast, fresh: Fresh) -> None:
    async with surfer(cast.database) as browser:
        await sign_in(browser, cast, cast.sari)
        token = browser.cookies["jobcenter_session"]
        kept = await fresh.owner("SELECT encode(token_hash, 'escape') AS hash FROM sessions")
        assert token not in {row["hash"] for row in kept}


async def test_a_new_sign_in_is_a_new_session(cast: Cast, fresh: Fresh) -> None:
    """A session id that somebody planted before is never taken over."""
    async with surfer(cast.database) as browser:
        browser.cookies.set("jobcenter_session", "planted-" + "x" * 35)
        await browser.send_form("/signin", "/signin", email="sari@keittio.example")
        page = f"/signin/{await link_of(fresh, 'sari')}"
        entered = await browser.send_form(page, page)
        cookie = entered.headers.get_list("set-cookie")
        session = next(text for text in cookie if text.startswith("jobcenter_session="))
        assert "planted" not in session
        assert "HttpOnly" in session
        assert "samesite=lax" in session.lower()


async def test_signing_out_ends_the_session_everywhere(cast: Cast) -> None:
    async with surfer(cast.database) as browser, surfer(cast.database) as thief:
        await sign_in(browser, cast, cast.sari)
        thief.cookies.set("jobcenter_session", browser.cookies["jobcenter_session"])
        form = await thief.form("/account", "/signout")
        await browser.send_form("/orders", "/signout")
        for surfing in (browser, thief):
            assert (await surfing.get("/orders")).status_code == 401
        # A form that was open meanwhile is told the same, and leads back to the page it is on.
        sent = await thief.post("/account/sessions/end", data=form)
        assert sent.status_code == 401
        assert thief.cookies["jobcenter_back"] == "%2Faccount"


async def test_a_session_copied_before_a_key_changed_or_too_old_is_over(
    cast: Cast,
) -> None:
    """Adding a key ends it alike: the test of passkeys in a browser counts who is in."""
    clock, kept = Clock(), key("a key")
    row = Passkey(
        organiser_id=CITY, id=kept, user_id=key("sari"), credential_id=b"c", public_key=b"p",
        uses=0, name="Phone", created_at=MONDAY, used_at=None,
    )  # fmt: skip
    await make.save(cast, row)
    at = replace(CONFIG, base_url="http://localhost")
    async with surfer(cast.database, clock, at) as browser, surfer(cast.database, clock) as thief:
        copied = await session_of(cast, cast.sari)
        for one in (browser, thief):
            one.cookies.set("jobcenter_session", copied, domain="jobcenter.test", path="/")
        remove = f"/account/passkeys/{kept}/remove"
        assert (await browser.send_form("/account", remove)).headers["location"] == (
            "/account?note=removed"
        )
        assert (await thief.get("/account")).status_code == 401
        assert (await browser.get("/account")).status_code == 200
        clock.move(hours=12)
        assert (await browser.get("/account")).status_code == 401


def test_how_long_a_session_lives_goes_by_rights_and_not_by_the_name_of_a_role() -> None:
    user = uuid4()
    for role in ("orderer", "buyer"):
        who = Who(CITY, role, actor_id=user, rights=frozenset({"order", "manage_party"}))
        assert limits_of(who) == sessions.ORDERER
    for rights in ({"order", "organise"}, {"see_caseload@x"}, {"settle"}, set[str]()):
        who = Who(CITY, "orderer", actor_id=user, rights=frozenset(rights))
        assert limits_of(who) == sessions.STAFF
    assert limits_of(Who(CITY, "link")) == sessions.LINK
    # Somebody who signs in by a role that a city called so is no link.
    assert limits_of(Who(CITY, "link", actor_id=user)) == sessions.STAFF


@pytest.mark.parametrize(
    ("name", "page", "idle", "whole"),
    [
        ("sari", "/orders", timedelta(hours=2), timedelta(hours=12)),
        ("maija", "/signin", timedelta(minutes=30), timedelta(hours=10)),
    ],
)
async def test_a_session_ends_when_idle_and_at_last(
    cast: Cast, name: str, page: str, idle: timedelta, whole: timedelta
) -> None:
    clock = Clock()
    async with surfer(cast.database, clock) as browser:
        who = getattr(cast, name)
        await sign_in(browser, cast, who)
        end = MONDAY + whole
        while clock.now + idle * 0.9 < end:
            clock.now += idle * 0.9
            assert await _is_known(browser, page, name), clock.now
        clock.now = end
        assert not await _is_known(browser, page, name)
        await sign_in(browser, cast, who, clock.now)
        clock.now += idle
        assert not await _is_known(browser, page, name)


async def _is_known(browser: Surfer, page: str, name: str) -> bool:
    """Whether the page knows who asks: a signed-in person never sees the sign-in page."""
    answer = await browser.get(page)
    return name.title() in answer.text or answer.headers.get("location") == "/board"


async def test_a_disabled_user_is_out_at_once(cast: Cast, fresh: Fresh) -> None:
    async with surfer(cast.database) as browser:
        await sign_in(browser, cast, cast.sari)
        await fresh.owner("UPDATE users SET disabled_at = now() WHERE id = $1", key("sari"))
        assert (await browser.get("/orders")).status_code == 401


@pytest.mark.parametrize("cookie", ["", "x", "ä" * 40, "a" * 5000, "../../etc/passwd", "' OR 1=1"])
async def test_a_wrong_cookie_is_nobody(onlookers: Cast, cookie: str) -> None:
    async with surfer(onlookers.database) as browser:
        raw = f"jobcenter_session={cookie}".encode()
        answer = await browser.get("/orders", headers=[(b"cookie", raw)])
        assert answer.status_code == 401


async def test_pages_of_others_are_refused(onlookers: Cast) -> None:
    async with surfer(onlookers.database) as browser:
        await sign_in(browser, onlookers, onlookers.kim)
        answer = await browser.get("/orders")
        assert answer.status_code == 403
        assert "09 310 00000" in answer.text
