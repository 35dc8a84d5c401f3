"""The orderer's pages in Chromium: axe-clean, 320 px wide, with scripts and without."""

import asyncio

import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.browser import PHONE, WIDE, judge, press, served, tab, visit
from tests.cast import Cast
from tests.web.surfer import session_of

WRITTEN = {
    "title": "Tiskaus", "day": "2026-11-26", "start": "10:00", "end": "13:00", "pay": "11,50",
    "contact_name": "Sari Salo", "contact_phone": "040 123 4567",
}  # fmt: skip
UNTIL_FILLED_IN = """() => new Promise((done) => document.addEventListener(
    "htmx:after:swap", ({ detail }) => detail.ctx.request.action.includes("fill") && done()))"""
SIZES = pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])


async def fill(page: Page) -> None:
    """Fill in what the task does not."""
    await page.get_by_label("Day", exact=True).first.fill("2026-11-26")
    await page.get_by_label("Starts", exact=True).first.fill("10")
    await page.get_by_label("Ends", exact=True).fill("13")
    await page.get_by_label("Name", exact=True).fill("Sari Salo")


@SIZES
async def test_public_pages(onlookers: Cast, chromium: Browser, size: tuple[int, int]) -> None:
    async with (
        served(onlookers.database) as base,
        tab(chromium, base, size=size) as page,
    ):
        for path in ("/", "/orders/new", "/signin", "/nowhere", "/status/unknown"):
            await visit(page, path)


@pytest.mark.parametrize(
    ("size", "language"), [(WIDE, "en-GB"), (PHONE, "fi-FI")], ids=["wide", "phone"]
)
async def test_an_order_from_first_field_to_receipt(
    cast: Cast, chromium: Browser, size: tuple[int, int], language: str
) -> None:
    session = await session_of(cast, cast.sari)
    async with (
        served(cast.database) as base,
        tab(chromium, base, size=size, session=session, language=language) as page,
    ):
        await visit(page, "/orders/new")
        await page.locator("#task").select_option("2")
        title = page.locator("#title")
        await expect(title).to_have_value("Tiskaus" if language == "fi-FI" else "Dishwashing")
        await page.locator("#day").fill("2026-11-26")
        await page.locator("#start").fill("10")
        await page.locator("button[value='length:180']").click()
        await expect(page.locator("#end")).to_have_value("13:00")
        await page.locator("#contact_name").fill("Sari Salo")
        await page.locator("#pay").fill("11,50")
        await page.locator("#places").fill("2")
        await page.locator("#places").blur()
        await expect(page.locator("#price .total")).to_contain_text("105")
        await judge(page)
        await press(page, page.locator("aside button.hds-button--primary"))
        await expect(page).to_have_url(f"{base}/orders/new")
        await page.locator("form[action='/orders'] button.hds-button--primary").click()
        await page.wait_for_url("**/receipt")
        await judge(page)
        await press(page, page.locator("main .actions a").first)
        for path in ("change", "cancel"):
            await visit(page, f"{page.url.removesuffix('/change')}/{path}")
        await visit(page, "/orders")


@SIZES
async def test_a_form_with_faults_puts_the_focus_on_them(
    onlookers: Cast, chromium: Browser, size: tuple[int, int]
) -> None:
    async with (
        served(onlookers.database) as base,
        tab(chromium, base, size=size) as page,
    ):
        await page.goto("/orders/new")
        await page.locator("aside button.hds-button--primary").click()
        summary = page.get_by_role("alert")
        await expect(summary).to_be_focused()
        await judge(page)
        await summary.get_by_role("link").first.click()
        assert await page.evaluate("document.activeElement.tagName") in {"INPUT", "SELECT"}


async def test_each_timing_shows_only_its_own_fields(onlookers: Cast, chromium: Browser) -> None:
    async with served(onlookers.database) as base, tab(chromium, base) as page:
        await page.goto("/orders/new")
        await expect(page.locator("#length")).to_be_hidden()
        await page.locator("#timing-window").check()
        await expect(page.locator("#length")).to_be_visible()
        await page.locator("#timing-starts").check()
        await expect(page.locator("#end")).to_be_hidden()
        await page.locator("#repeat").check()
        await expect(page.locator("#last_day")).to_be_visible()
        await judge(page)


async def test_a_draft_is_kept_while_one_writes(cast: Cast, chromium: Browser) -> None:
    async with served(cast.database) as base, tab(chromium, base) as page:
        await page.goto("/orders/new")
        await page.locator("#title").fill("Haravointi pihalla")
        await page.locator("#title").blur()
        await expect(page.get_by_text("Draft saved")).to_be_visible()
        await page.goto("/")
        await page.goto("/orders/new")
        await expect(page.locator("#title")).to_have_value("Haravointi pihalla")


async def test_what_is_typed_while_the_form_is_filled_in_stays(
    cast: Cast, chromium: Browser
) -> None:
    held = asyncio.Event()

    async def slowly(route: Route) -> None:
        await held.wait()
        await route.continue_()

    async with served(cast.database) as base, tab(chromium, base) as page:
        await page.goto("/orders/new")
        await page.route("**/orders/new/fill", slowly)
        await page.locator("#task").select_option("2")
        for name, value in WRITTEN.items():
            await page.locator(f"#{name}").fill(value)
        filled_in = asyncio.create_task(page.evaluate(UNTIL_FILLED_IN))
        await asyncio.sleep(0)
        held.set()
        await filled_in
        for name, value in WRITTEN.items():
            await expect(page.locator(f"#{name}")).to_have_value(value)


async def test_a_form_outlives_its_session(cast: Cast, chromium: Browser) -> None:
    session = await session_of(cast, cast.sari)
    async with served(cast.database) as base, tab(chromium, base, session=session) as page:
        await page.goto("/orders/new")
        await page.locator("#title").fill("Haravointi pihalla")
        other = await page.context.new_page()
        await other.goto("/orders")
        await other.get_by_role("button", name="Sign out").click()
        await page.locator("button[value='length:120']").click()
        await expect(page.locator("#trouble")).to_contain_text("open too long")
        await expect(page.locator("#title")).to_have_value("Haravointi pihalla")


async def test_it_works_without_scripts(cast: Cast, chromium: Browser) -> None:
    session = await session_of(cast, cast.sari)
    async with (
        served(cast.database) as base,
        tab(chromium, base, session=session, scripts=False) as page,
    ):
        await page.goto("/orders/new")
        await page.locator("#task").select_option("2")
        await page.get_by_role("button", name="Fill in", exact=True).click()
        await expect(page.locator("#title")).to_have_value("Dishwashing")
        await fill(page)
        await page.locator("aside button.hds-button--primary").click()
        await page.get_by_role("button", name="Send the order").click()
        await page.wait_for_url("**/receipt")
