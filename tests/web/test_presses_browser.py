"""A phone at work without a network: what was pressed is kept, goes in order, and is not lost."""

import os
from pathlib import Path

from playwright.async_api import Browser, Page, Route, expect

from jobcenter import access
from jobcenter.orders import linking
from tests.browser import PHONE, judge, served, tab, visit
from tests.cast import MONDAY, Cast
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.orders import steps
from tests.orders.steps import HOUR
from tests.web.surfer import CONFIG, Clock

SHOTS = os.environ.get("JOBCENTER_SHOTS")
HERE, DONE = "form[action='/gig/here']", "form[action='/gig/done']"
REFUSED = "Tämä ei ole oikea koodi."


async def keep_shot(page: Page, name: str) -> None:
    """Keep a picture where a person asked for it."""
    if SHOTS:
        await page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


async def refuse(route: Route) -> None:
    await route.fulfill(
        status=422, content_type="text/html", body=f"<main><h1>{REFUSED}</h1></main>"
    )


async def stumble(route: Route) -> None:
    await route.fulfill(status=503, content_type="text/html", body="<main><h1>503</h1></main>")


async def test_presses_without_a_network_are_kept_sent_in_order_and_shown_when_refused(
    cast: Cast, fresh: Fresh, chromium: Browser
) -> None:
    agreed = await steps.agreed(cast, cast.aino)
    token = access.derived_token(CONFIG.secret, "gig", agreed.gig_id)
    await cast.database.act(
        cast.worker, linking.open_link, gig_id=agreed.gig_id,
        token_hash=access.hash_of(token), now=MONDAY,
    )  # fmt: skip
    clock, asked = Clock(TUESDAY_TEN), list[str]()
    async with (
        served(cast.database, clock) as base,
        tab(chromium, base, size=PHONE, language="fi-FI") as page,
    ):
        page.on("request", lambda r: asked.append(r.url) if r.method == "POST" else None)
        box = page.locator("[data-presses]")
        await page.clock.set_fixed_time(TUESDAY_TEN)
        await visit(page, f"/o/{token}")
        await expect(page.locator(DONE)).to_be_hidden()

        # The radio is on and nobody answers; then there is no network at all.
        await page.route("**/gig/here", stumble)
        await page.locator(f"{HERE} button").click()
        await expect(box).to_contain_text("Olen paikalla, 10")
        await expect(page.locator(HERE)).to_be_hidden()
        await keep_shot(page, "kept-here")
        await page.context.set_offline(True)
        await page.clock.set_fixed_time(TUESDAY_TEN + 3 * HOUR)
        await page.locator(f"{DONE} button").click()
        await expect(box).to_contain_text("13")
        await expect(page.locator(DONE)).to_be_hidden()
        await judge(page)
        await keep_shot(page, "kept-both")
        assert await fresh.owner("SELECT 1 FROM attendances") == []

        # A refusal is shown with its sentence and a number to call, and holds back what came later.
        await page.route("**/gig/here", refuse)
        asked.clear()
        await page.context.set_offline(False)
        await expect(box).to_contain_text(REFUSED)
        await expect(box).to_contain_text("kun edellinen on mennyt läpi")
        await expect(box.locator("a[href^='tel:']")).to_be_visible()
        await expect(page.locator(HERE)).to_be_visible()
        await judge(page)
        await keep_shot(page, "refused")
        assert [path.rpartition("/")[2] for path in asked] == ["here"]

        # The link is opened anew when the day is over: both go, in order, with both times.
        await page.unroute("**/gig/here")
        clock.now = TUESDAY_TEN + 4 * HOUR
        await page.clock.set_fixed_time(clock.now)
        await page.goto(f"/o/{token}")
        await expect(page.locator("body")).to_have_class("client client--done")
        await expect(page.locator("[data-presses]")).to_be_hidden()
        assert [path.rpartition("/")[2] for path in asked[1:]] == ["here", "done"]
    rows = await fresh.owner("SELECT move, way, said_at, heard_at FROM attendances ORDER BY move")
    later = TUESDAY_TEN + 4 * HOUR
    assert [tuple(row) for row in rows] == [
        ("came", "offline", TUESDAY_TEN, later),
        ("went", "offline", TUESDAY_TEN + 3 * HOUR, later),
    ]
