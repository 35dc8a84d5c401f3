"""Story 1 in a real browser: orderer, coordinator, the client on a phone, the coach.

Screenshots stay under `var/journey`, one for each page that somebody decides on.
"""

import re
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from jobcenter.matching.round import Matcher
from tests.browser import WIDE, judge, served, tab
from tests.cast import MONDAY
from tests.stories.stage import LINK
from tests.web.surfer import CONFIG, Clock, session_of
from tests.worker.conftest import SECRET, Works

KEPT = Path(__file__).parents[2] / "var" / "journey"
MOBILE = (390, 844)
AINO_PHONE = "+358455550100"


async def keep(page: Page, name: str) -> None:
    """Judge a page and keep its picture."""
    await judge(page)
    KEPT.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=KEPT / f"{name}.png", full_page=True)


async def fill_order(page: Page) -> None:
    """Fill the form in as Sari does, and send it after a look at the price."""
    await page.goto("/orders/new")
    await page.select_option("select[name=task]", "2")
    await page.fill("input[name=title]", "Dishwashing")
    await page.fill("input[name=day]", "2026-11-26")
    await page.fill("input[name=start]", "10:00")
    await page.fill("input[name=end]", "13:00")
    await page.fill("input[name=pay]", "11,50")
    await page.fill("input[name=contact_name]", "Sari Salo")
    await page.fill("input[name=contact_phone]", "040 123 4567")
    await keep(page, "1-order-form")
    await page.locator("form[action='/orders/new'] .hds-button--primary").first.click()
    await expect(page.locator("body")).to_contain_text("€34.50")
    await keep(page, "2-review")
    await page.locator("form[action='/orders'] .hds-button--primary").first.click()
    await page.wait_for_url(re.compile(r"/orders/[^/]+/receipt"))
    await keep(page, "3-receipt")


async def test_story_1_in_a_real_browser(works: Works, matcher: Matcher, chromium: Browser) -> None:
    cast, clock = works.cast, Clock(MONDAY)
    at_hand = replace(works, hands=replace(works.hands, repair=matcher.repair))
    config = replace(CONFIG, secret=SECRET)

    async def session(who: str) -> str:
        return await session_of(
            cast, {"sari": cast.sari, "maija": cast.maija, "kim": cast.kim}[who]
        )

    async with AsyncExitStack() as doors:
        base = await doors.enter_async_context(served(cast.database, clock, config))

        async def door(
            who: str = "", size: tuple[int, int] = WIDE, *, scripts: bool = True
        ) -> Page:
            cookie = await session(who) if who else ""
            opened = tab(chromium, base, size=size, session=cookie, scripts=scripts)
            return await doors.enter_async_context(opened)

        sari = await door("sari")
        await fill_order(sari)
        order_url = sari.url.removesuffix("/receipt")
        await at_hand.run(clock.now)

        maija = await door("maija")
        await maija.goto("/board")
        await keep(maija, "4-board")
        await maija.goto("/board/orders/" + order_url.rsplit("/", 1)[1])
        await expect(maija.locator(".candidate")).to_have_count(3)
        await keep(maija, "5-candidates")
        await maija.locator(".candidate", has_text="Aino").locator("button[type=submit]").click()
        await expect(maija.locator("[role=status]")).to_be_visible()
        await keep(maija, "6-asked")
        await at_hand.run(clock.now)

        text = next(m["text"] for m in works.sms.received() if m["to"] == AINO_PHONE)
        link = LINK.findall(text)[-1]
        # Saying yes needs no script.
        aino = await door(size=MOBILE, scripts=False)
        await aino.goto(link)
        assert link not in aino.url
        await aino.screenshot(path=KEPT / "7-client-asked.png", full_page=True)
        await aino.locator("form[action='/gig/yes'] button").click()
        await expect(aino.locator("h1")).to_be_visible()
        await aino.screenshot(path=KEPT / "8-client-coming.png", full_page=True)
        assert (await works.fresh.owner("SELECT status FROM gigs"))[0]["status"] == "confirmed"

        kim = await door("kim", MOBILE)
        await kim.goto("/coach")
        await expect(kim.locator("main")).to_contain_text("Aino")
        await keep(kim, "9-coach")

        await sari.goto(order_url)
        await expect(sari.locator("main")).to_contain_text("Aino")
        assert "Aalto" not in await sari.locator("body").inner_text()
        await keep(sari, "10-order-found")
        assert clock.now - MONDAY < timedelta(minutes=5)
