"""One's own sign-ins: listed, ended, given a fresh token with other roles, asked for once more."""

import logging
from dataclasses import replace
from uuid import uuid4

import pytest

from jobcenter.web.devices import device_of
from jobcenter.web.limits import MOST_WRONG_TOKENS, place_of
from tests.cast import Cast, key
from tests.conftest import Fresh
from tests.web.surfer import CONFIG, Clock, Surfer, session_of, sign_in, surfer

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1"


async def test_a_person_sees_and_ends_their_browsers(cast: Cast) -> None:
    async with surfer(cast.database) as browser, surfer(cast.database) as other:
        await sign_in(browser, cast, cast.maija)
        await sign_in(other, cast, cast.maija)
        await browser.get("/language/en")
        shown = await browser.get("/account")
        assert shown.text.count("Sign out here") == 2
        assert shown.text.count("This browser") == 1
        await browser.send_shown(shown, "/account/sessions/end")
        assert (await other.get("/account")).status_code == 401
        assert (await browser.get("/account")).status_code == 200


async def test_nobody_ends_the_browser_of_another(cast: Cast, fresh: Fresh) -> None:
    async with surfer(cast.database) as browser, surfer(cast.database) as other:
        await sign_in(browser, cast, cast.maija)
        await sign_in(other, cast, cast.pekka)
        rows = await fresh.owner("SELECT id FROM sessions WHERE user_id = $1", key("pekka"))
        csrf = (await browser.form("/account", "/signout"))["csrf"]
        for session_id in (rows[0]["id"], uuid4()):
            answer = await browser.post(f"/account/sessions/{session_id}/end", data={"csrf": csrf})
            assert answer.status_code == 404
        assert (await other.get("/account")).status_code == 200


async def test_the_list_is_only_for_people_with_a_name(onlookers: Cast) -> None:
    async with surfer(onlookers.database) as browser:
        answer = await browser.get("/account")
        assert answer.status_code == 401


async def test_other_roles_bring_a_fresh_token(cast: Cast, fresh: Fresh) -> None:
    clock = Clock()
    async with surfer(cast.database, clock) as browser, surfer(cast.database, clock) as late:
        await sign_in(browser, cast, cast.maija)
        before = _cookie(browser)
        await browser.get("/account")
        assert _cookie(browser) == before
        await fresh.owner("UPDATE grants SET role = 'unit_lead' WHERE user_id = $1", key("maija"))
        form = await browser.form("/account", "/signout")
        after = _cookie(browser)
        assert after != before
        # A page that was on its way with the former token is answered; a thief's is not for long.
        late.cookies.set("jobcenter_session", before)
        assert (await late.form("/account", "/signout"))["csrf"] == form["csrf"]
        clock.move(seconds=31)
        assert (await late.get("/account")).status_code == 401
        assert (await browser.get("/account")).status_code == 200


def _cookie(browser: Surfer) -> str:
    """Return the session that the browser holds now; a test put the first one in by hand."""
    held = [cookie for cookie in browser.cookies.jar if cookie.name == "jobcenter_session"]
    if len(held) > 1:
        first = next(cookie for cookie in held if cookie.domain == "")
        browser.cookies.jar.clear(first.domain, first.path, first.name)
    return next(str(cookie.value) for cookie in held if cookie.domain or len(held) == 1)


async def test_who_comes_back_lands_where_they_were_going(cast: Cast) -> None:
    async with surfer(cast.database) as browser:
        asked = await browser.get("/board")
        assert asked.status_code == 401
        assert "Then you come straight back." in asked.text
        assert browser.shown(asked, "/signin")["csrf"]
        assert browser.cookies["jobcenter_back"] == "%2Fboard"
        # What leads elsewhere is not followed.
        await browser.get("/signin?next=//evil.example")
        await browser.get("/signin?next=https://evil.example/board")
        assert browser.cookies["jobcenter_back"] == "%2Fboard"


async def test_sign_ins_from_one_address_are_few(cast: Cast, fresh: Fresh) -> None:
    """Known and unknown addresses are refused alike, and after a minute it works again."""
    clock = Clock()
    async with surfer(cast.database, clock) as browser:
        for number in range(5):
            answer = await _ask(browser, f"nobody{number}@example.org")
            assert answer == 200
        for email in ("sari@keittio.example", "nobody@example.org"):
            assert await _ask(browser, email) == 429
        assert await fresh.owner("SELECT 1 FROM signin_links") == []
        clock.move(seconds=60)
        assert await _ask(browser, "sari@keittio.example") == 200


async def _ask(browser: Surfer, email: str) -> int:
    answer = await browser.send_form("/signin", "/signin", email=email)
    if answer.status_code == 429:
        assert answer.headers["retry-after"] == "60"
    return answer.status_code


async def test_sign_ins_under_one_name_are_few(cast: Cast, fresh: Fresh) -> None:
    """Counted in the database: neither another process nor another address begins anew."""
    asked = []
    for number in range(7):
        async with surfer(cast.database, address=f"192.0.2.{number}") as browser:
            name = "SARI@Keittio.example" if number % 2 else "sari@keittio.example"
            asked.append(await _ask(browser, name))
    assert asked == [200] * 5 + [429] * 2
    assert len(await fresh.owner("SELECT 1 FROM tries")) == 8


async def test_wrong_tokens_are_slowed_and_right_ones_still_open(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    async with surfer(cast.database, clock) as browser:
        with caplog.at_level(logging.WARNING, logger="jobcenter.web"):
            answers = [
                (await browser.get(f"/signin/{number:040d}")).status_code
                for number in range(MOST_WRONG_TOKENS + 1)
            ]
        assert answers == [404] * (MOST_WRONG_TOKENS - 1) + [429] * 2
        assert [record.levelname for record in caplog.records] == ["WARNING"]
        await browser.send_form("/signin", "/signin", email="sari@keittio.example")
        clock.move(seconds=60)
        assert (await browser.get("/signin/" + "x" * 40)).status_code == 404


async def test_the_cookies_of_a_safe_address(cast: Cast, fresh: Fresh) -> None:
    """Over https the names begin with __Host-, and staff's cookie goes with no foreign link."""
    config = replace(CONFIG, base_url="https://jobcenter.test")
    async with surfer(cast.database, config=config) as browser:
        browser.cookies.set("__Host-session", await session_of(cast, cast.maija))
        await fresh.owner("UPDATE grants SET role = 'unit_lead' WHERE user_id = $1", key("maija"))
        answer = await browser.get("/account")
        told = [text for text in answer.headers.get_list("set-cookie") if "session" in text]
        assert len(told) == 1
        words = {word.strip().lower() for word in told[0].split(";")[1:]}
        assert {"secure", "httponly", "samesite=strict", "path=/"} <= words
        assert told[0].startswith("__Host-session=")
        assert not any(word.startswith("domain") for word in words)


def test_a_browser_is_known_by_two_words() -> None:
    assert device_of(FIREFOX) == "Firefox, Linux"
    assert device_of(SAFARI) == "Safari, iPhone"
    assert device_of("curl/8") == ""


def test_a_whole_home_is_one_place() -> None:
    assert place_of("2001:db8:1:2:3:4:5:6") == place_of("2001:db8:1:2::1")
    assert place_of("192.0.2.7") != place_of("192.0.2.8")
    assert place_of("somewhere") == "somewhere"
