"""The use log, the accounts of users and an emergency in Chromium: axe-clean, right at 320 px."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from jobcenter import access
from jobcenter.audit import emergencies
from tests.browser import PHONE, WIDE, judge, press, send, served, tab, visit
from tests.cast import MONDAY, Cast, key
from tests.orders import steps
from tests.test_walls import worked
from tests.web.surfer import session_of
from tests.web.test_ledgers import bea_in

SHOTS = os.environ.get("JOBCENTER_SHOTS")
WINDOWS = pytest.mark.parametrize(
    ("size", "language"), [(PHONE, "fi-FI"), (WIDE, "en-GB")], ids=["phone-fi", "wide-en"]
)
REASON = "A colleague from the other unit is ill, and nobody there answers the phone."


async def keep_shot(page: Page, name: str) -> None:
    """Keep a picture of the whole page where a person asked for it."""
    if SHOTS:
        await page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


async def looked_at(cast: Cast) -> None:
    """Have Maija look, Pekka look elsewhere in an emergency, and Sari be told of somebody."""
    for who, what in ((cast.maija, "client page"), (cast.pekka, "refused")):
        await access.look(
            cast.database, who, clients=[cast.aino], what=what, purpose="planning", now=MONDAY
        )
    await cast.database.act(
        cast.pekka, emergencies.open_record, client_id=cast.aino, reason=REASON, now=MONDAY
    )
    told = access.Told("orderer", "Keittiö Oy", "first name", "own order")
    await cast.database.act(cast.sari, access.disclose, clients=[cast.aino], told=told, now=MONDAY)


async def see_all(page: Page, language: str, paths: dict[str, str]) -> None:
    """Open each page with everything on it unfolded, judge it, and keep a picture."""
    for name, path in paths.items():
        await visit(page, path)
        for summary in await page.locator("summary").all():
            await summary.click()
        await judge(page)
        await keep_shot(page, f"{name}-{language}")


@WINDOWS
async def test_the_log(cast: Cast, chromium: Browser, size: tuple[int, int], language: str) -> None:
    await looked_at(cast)
    session = await session_of(cast, cast.tuija)
    async with (
        served(cast.database) as base,
        tab(chromium, base, size=size, session=session, language=language) as page,
    ):
        paths = {
            "audit": "/audit",
            "audit-client": f"/audit/client?number={cast.aino}",
            "audit-wrong": "/audit/client?number=nobody",
            "audit-people": "/audit/people?q=pekka",
            "audit-person": f"/audit/people/{key('pekka')}",
        }
        await see_all(page, language, paths)
        await visit(page, "/audit")
        await expect(page.locator("main")).to_contain_text(REASON)


@WINDOWS
async def test_the_ledgers(
    cast: Cast, chromium: Browser, size: tuple[int, int], language: str
) -> None:
    await steps.on_pension(cast, cast.aino)
    await worked(cast, cast.aino)
    async with (
        served(cast.database) as base,
        tab(chromium, base, size=size, session=await bea_in(cast), language=language) as page,
    ):
        await see_all(page, language, {"benefits": "/benefits", "ledger": f"/benefits/{cast.aino}"})
        await page.fill("#elsewhere", "2000")
        await send(page, f"/benefits/{cast.aino}/elsewhere")
        await judge(page)
        await keep_shot(page, f"ledger-over-{language}")


@WINDOWS
async def test_the_users(
    cast: Cast, chromium: Browser, size: tuple[int, int], language: str
) -> None:
    session = await session_of(cast, cast.jaana)
    async with (
        served(cast.database) as base,
        tab(chromium, base, size=size, session=session, language=language) as page,
    ):
        paths = {
            "users": "/users",
            "users-none": "/users?q=nobody",
            "user": f"/users/{key('kim')}",
            "user-changed": f"/users/{key('kim')}?note=changed",
        }
        await see_all(page, language, paths)
        form = page.locator(f"form[action='/users/{key('liisa')}/disable']")
        await visit(page, f"/users/{key('liisa')}")
        for summary in await page.locator("summary").all():
            await summary.click()
        await press(page, form.locator("button"))
        await keep_shot(page, f"user-disabled-{language}")


@WINDOWS
async def test_an_emergency(
    cast: Cast, chromium: Browser, size: tuple[int, int], language: str
) -> None:
    """Another unit's coordinator says why, reads the record, and goes back to no record later."""
    gig = await steps.agreed(cast, cast.aino)
    now = [MONDAY]
    session = await session_of(cast, cast.pekka)
    path = f"/board/gigs/{gig.gig_id}/emergency"
    async with (
        served(cast.database, lambda: now[0]) as base,
        tab(chromium, base, size=size, session=session, language=language) as page,
    ):
        await see_all(page, language, {"emergency": path})
        await page.fill("#reason", "short")
        await _send(page, path)
        await keep_shot(page, f"emergency-short-{language}")
        await page.fill("#reason", REASON)
        await _send(page, path)
        await expect(page.locator("main")).to_contain_text("Aalto")
        await keep_shot(page, f"emergency-record-{language}")
        now[0] = MONDAY + timedelta(hours=5)
        answer = await page.goto(f"/board/clients/{cast.aino}")
        assert answer
        assert "Aalto" not in await answer.text()


async def _send(page: Page, path: str) -> None:
    await press(page, page.locator(f"form[action='{path}'] button").last)
