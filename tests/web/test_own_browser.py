"""The client's own page in Chromium: axe-clean, right at 320 px, and without scripts."""

import os
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from jobcenter.people.clients import ClientStrength
from jobcenter.people.decisions import ServiceDecision
from tests import make
from tests.browser import PHONE, WIDE, judge, send, served, tab, visit
from tests.cast import CITY, MONDAY, THIS_YEAR, Cast
from tests.web.surfer import session_of
from tests.web.test_client import offer
from tests.web.test_own import BEHIND, PIN, give_pin
from tests.web.test_unit import proposed

SHOTS = os.environ.get("JOBCENTER_SHOTS")


async def keep_shot(page: Page, name: str) -> None:
    """Keep a picture of the whole page where a person asked for it."""
    if SHOTS:
        await page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


@pytest.mark.parametrize(
    ("size", "language"),
    [(PHONE, "fi-FI"), (PHONE, "sv-SE"), (WIDE, "en-GB")],
    ids=["phone-fi", "phone-sv", "wide-en"],
)
async def test_the_own_page(
    cast: Cast, chromium: Browser, size: tuple[int, int], language: str
) -> None:
    _, link = await offer(cast, cast.aino, order_id=await proposed(cast, cast.aino))
    await give_pin(cast, cast.aino)
    await make.save(
        cast,
        ServiceDecision(
            organiser_id=CITY, client_id=cast.aino, kind="189/2001", first_day=THIS_YEAR,
            last_day=MONDAY.date(), reference="HEL 2026-000123", recorded_at=MONDAY,
        ),
    )  # fmt: skip
    async with (
        served(cast.database) as base,
        tab(chromium, base, size=size, language=language) as page,
    ):
        await visit(page, "/link")
        await visit(page, link)
        await visit(page, "/my")
        await page.fill("#pin", "9998")
        await send(page, "/my/pin")
        await keep_shot(page, f"pin-{language}")
        await page.fill("#pin", PIN)
        await send(page, "/my/pin")
        for path in BEHIND:
            await page.goto(path)
            for summary in await page.locator("summary").all():
                await summary.click()
            await judge(page)
            await keep_shot(page, f"{path.strip('/').replace('/', '-')}-{language}")
        await visit(page, "/my/consents")
        await send(page, "/my/consents/pool/withdraw")
        await keep_shot(page, f"left-{language}")
        await visit(page, "/my/hours")
        await page.fill("#day", "2026-12-01")
        await send(page, "/my/hours/exceptions")
        await page.select_option("select[name='to-0-1']", "360")
        await send(page, "/my/hours")
        await keep_shot(page, f"wrong-{language}")


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
async def test_the_page_beside_the_coach(
    cast: Cast, chromium: Browser, size: tuple[int, int]
) -> None:
    await make.save(cast, ClientStrength(organiser_id=CITY, client_id=cast.aino, code="careful"))
    session, path = await session_of(cast, cast.kim), f"/board/clients/{cast.aino}/own"
    async with (
        served(cast.database) as base,
        tab(chromium, base, size=size, session=session, language="fi-FI") as page,
    ):
        await visit(page, path)
        await page.fill("#pin", PIN)
        await page.fill("#again", "1")
        await send(page, f"{path}/pin")
        await keep_shot(page, f"staff-{size[0]}")
        await send(page, f"{path}/pin/link")
        await send(page, f"{path}/consents")
