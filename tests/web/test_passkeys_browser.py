"""Passkeys in a real Chromium with a virtual authenticator: add, sign in, remove; and refusals."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

from playwright.async_api import Browser, CDPSession, Page

from jobcenter.access import hash_of
from tests.browser import judge, press, served, tab, visit
from tests.cast import MONDAY, Cast, key
from tests.conftest import Fresh
from tests.web.surfer import CONFIG, Clock, session_of, surfer

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@asynccontextmanager
async def with_device(
    browser: Browser, base: str, session: str
) -> AsyncIterator[tuple[Page, CDPSession, str]]:
    """Open a tab on a device that can keep keys."""
    async with tab(browser, base, session=session) as page:
        device = await page.context.new_cdp_session(page)
        await device.send("WebAuthn.enable")
        made = await device.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        yield page, device, str(made["authenticatorId"])


async def test_a_key_is_added_used_and_removed(cast: Cast, fresh: Fresh, chromium: Browser) -> None:
    clock = Clock()
    session = await session_of(cast, cast.maija)
    async with (
        served(cast.database, clock, name="localhost") as base,
        with_device(chromium, base, session) as (page, device, authenticator),
    ):
        await visit(page, "/account")
        await press(page, page.get_by_role("link", name="Add a passkey"))
        await page.get_by_label("What shall we call it?").fill("Työpuhelin")
        await page.get_by_role("button", name="Make a passkey").click()
        await page.get_by_text("Next time you sign in with it").wait_for()
        await judge(page)
        assert await page.get_by_text("Työpuhelin").count() >= 1
        # Whoever else was in, or holds a copy of the session, is out.
        ended = "SELECT 1 FROM sessions WHERE token_hash = $1 AND ended_at IS NULL"
        assert await fresh.owner(ended, hash_of(session)) == []
        kept = await fresh.owner("SELECT user_id, uses FROM passkeys")
        assert [row["user_id"] for row in kept] == [key("maija")]

        await page.get_by_role("button", name="Sign out", exact=True).click()
        clock.move(hours=1)
        await visit(page, "/signin")
        await press(page, page.get_by_role("link", name="Sign in with a passkey"))
        await page.get_by_role("button", name="Use my passkey").click()
        await page.wait_for_url("**/board")
        ways = await fresh.owner("SELECT way FROM sessions WHERE ended_at IS NULL")
        assert [row["way"] for row in ways] == ["passkey"]

        await visit(page, "/account")
        await page.get_by_role("button", name="Remove").click()
        await page.get_by_text("It opens nothing here any more").wait_for()
        assert await fresh.owner("SELECT 1 FROM passkeys") == []
        # The device still has its half, which opens nothing now.
        await page.goto("/signin/passkey")
        await page.get_by_role("button", name="Use my passkey").click()
        await page.get_by_text("We do not know this passkey").wait_for()
        # A person who says no to their device is told what to do.
        await device.send(
            "WebAuthn.setUserVerified",
            {"authenticatorId": authenticator, "isUserVerified": False},
        )
        await page.goto("/signin/passkey")
        await page.get_by_role("button", name="Use my passkey").click()
        await page.get_by_text("That did not work").wait_for()
        await judge(page)


async def test_an_answer_is_worth_one_sign_in(cast: Cast, fresh: Fresh, chromium: Browser) -> None:
    """A recorded answer, a key that was copied, and a disabled owner open nothing."""
    session = await session_of(cast, cast.maija)
    answers: list[str] = []
    async with (
        served(cast.database, name="localhost") as base,
        with_device(chromium, base, session) as (page, _device, _),
    ):
        page.on("request", lambda request: answers.append(request.post_data or ""))
        await page.goto("/account/passkeys/new")
        await page.get_by_role("button", name="Make a passkey").click()
        await page.get_by_text("Next time you sign in with it").wait_for()
        await page.goto("/signin/passkey")
        await page.get_by_role("button", name="Use my passkey").click()
        await page.wait_for_url("**/board")
        sent = next(text for text in reversed(answers) if "credential=" in text)
        headers = {"content-type": "application/x-www-form-urlencoded"}
        again = await page.request.post("/signin/passkey", data=sent, headers=headers)
        assert again.status in {403, 410}

        await fresh.owner("UPDATE passkeys SET uses = 1000")
        await page.goto("/signin/passkey")
        await page.get_by_role("button", name="Use my passkey").click()
        await page.get_by_text("could not be checked").wait_for()
        await fresh.owner("UPDATE passkeys SET uses = 0")
        await fresh.owner("UPDATE users SET disabled_at = now() WHERE id = $1", key("maija"))
        await page.goto("/signin/passkey")
        await page.get_by_role("button", name="Use my passkey").click()
        await page.get_by_text("We do not know this passkey").wait_for()


async def test_without_scripts_the_page_says_what_to_do(cast: Cast, chromium: Browser) -> None:
    session = await session_of(cast, cast.maija)
    async with served(cast.database, name="localhost") as base:
        async with tab(chromium, base, scripts=False) as page:
            await page.goto("/signin/passkey")
            assert await page.get_by_text("Passkeys need JavaScript").is_visible()
            await page.get_by_role("link", name="Sign in with a link by e-mail").click()
            await page.get_by_label("Your e-mail address").wait_for()
        async with tab(chromium, base, scripts=False, session=session) as page:
            await page.goto("/account/passkeys/new")
            assert await page.get_by_text("Making a passkey needs JavaScript").is_visible()


async def test_a_key_is_added_only_right_after_signing_in(cast: Cast) -> None:
    clock = Clock()
    config = replace(CONFIG, base_url="http://localhost")
    async with surfer(cast.database, clock, config) as browser:
        browser.cookies.set("jobcenter_session", await session_of(cast, cast.maija))
        clock.move(minutes=9)
        opened = await browser.get("/account/passkeys/new")
        assert opened.status_code == 200
        clock.move(minutes=2)
        late = await browser.get("/account/passkeys/new")
        assert late.headers["location"] == "/signin?again=true&next=/account/passkeys/new"
        asked = await browser.get(late.headers["location"])
        assert "Kirjaudu vielä kerran" in asked.text
        # What was opened in time may still be sent, for a while.
        assert (await browser.send_shown(opened, "/account/passkeys")).status_code == 403
        clock.move(minutes=10)
        assert (await browser.send_shown(opened, "/account/passkeys")).status_code == 303
        # A fresh sign-in leads straight back.
        assert clock.now - MONDAY == timedelta(minutes=21)
        browser.cookies.delete("jobcenter_session")
        browser.cookies.set("jobcenter_session", await session_of(cast, cast.maija, clock.now))
        assert (await browser.get("/account/passkeys/new")).status_code == 200


async def test_made_up_answers_open_nothing(cast: Cast) -> None:
    config = replace(CONFIG, base_url="http://localhost", signins_a_minute=100)
    async with surfer(cast.database, config=config) as browser:
        deep = "[" * 5000
        for answer in ("", "x", "[]", "{}", '{"id": "AAAA"}', '{"id": 7}', deep, "{" * 20000):
            opened = await browser.get("/signin/passkey")
            told = await browser.send_shown(opened, "/signin/passkey", credential=answer)
            assert told.status_code == 403, answer[:20]
        options = json.loads(
            opened.text.split('data-options="')[1].split('"')[0].replace("&#34;", '"')
        )
        assert options["rpId"] == "localhost"
        assert options["userVerification"] == "required"
        assert len(options["challenge"]) >= 43


async def test_an_address_of_numbers_has_no_passkeys(onlookers: Cast) -> None:
    for base_url in ("http://127.0.0.1:8000", "https://192.0.2.7", "https://[2001:db8::1]"):
        config = replace(CONFIG, base_url=base_url)
        assert config.passkey_place == ""
        async with surfer(onlookers.database, config=config) as browser:
            assert (await browser.get("/signin/passkey")).status_code == 404
            assert "/signin/passkey" not in (await browser.get("/signin")).text
