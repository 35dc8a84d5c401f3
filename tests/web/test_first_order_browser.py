"""An association orders for the first time, and afterwards all who were there say how it went.

In a real browser, in Finnish and in Swedish; seconds, taps and fields are printed and kept under
`var/first-order`, and the figures stand in docs/features.md.
"""

import time
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser import PHONE, WIDE, judge, served, tab, visit
from tests.cast import MONDAY, Cast
from tests.conftest import Fresh
from tests.test_photos import picture
from tests.web.surfer import Clock, session_of
from tests.web.test_intake_browser import Hand
from tests.web.test_orderer import link_of
from tests.web.test_telling import NOW, worked

KEPT = Path(__file__).parents[2] / "var" / "first-order"
EMAIL = "puheenjohtaja@example.org"


async def keep(page: Page, name: str) -> None:
    """Judge a page and keep its picture."""
    await judge(page)
    KEPT.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=KEPT / f"{name}.png", full_page=True)


async def order(hand: Hand, clock: Clock) -> None:
    """Order dishwashing for a feast, as somebody who has never been here."""
    page = hand.page
    await page.goto("/")
    await keep(page, f"{hand.name}-1-front")
    await hand.tap("main a[href='/orders/new']")
    await page.wait_for_url("**/orders/new")
    await hand.choose("task", "2")
    await expect(page.locator("#title")).not_to_have_value("")
    await hand.write("day", "2026-11-30")
    await hand.write("start", "10")
    await hand.tap("button[value='length:120']")
    await expect(page.locator("#end")).to_have_value("12:00")
    await hand.write("address", "Vaasankatu 5")
    await hand.write("postcode", "00500")
    await hand.tap("label:has(#party_kind-association)")
    await hand.write("party_name", "Pihayhdistys ry")
    await hand.write("contact_name", "Pia Puheenjohtaja")
    await hand.write("contact_phone", "040 123 4567")
    await hand.write("contact_email", EMAIL)
    await keep(page, f"{hand.name}-2-form")
    await hand.tap("aside button.hds-button--primary")
    await expect(page.locator("form[action='/orders'] button.hds-button--primary")).to_be_visible()
    await keep(page, f"{hand.name}-3-review")
    clock.move(seconds=60)
    await hand.tap("form[action='/orders'] button.hds-button--primary")
    await expect(page.locator("main")).to_contain_text(EMAIL)
    await keep(page, f"{hand.name}-4-confirm")


async def send(hand: Hand, link: str) -> None:
    """Open the link from the mail and send the order, then tell of the place with a photo."""
    page = hand.page
    await page.goto(link)
    await hand.tap("main form button")
    await page.wait_for_url("**/orders/new")
    await hand.tap("form[action='/orders'] button.hds-button--primary")
    await page.wait_for_url("**/receipt")
    await keep(page, f"{hand.name}-5-receipt")
    await hand.tap("main a[href^='/places/']")
    await hand.write("entrance", "Portti pihan puolelta")
    await hand.tap("form:has(#entrance) button.hds-button--primary")
    await page.wait_for_url("**note=written")
    await page.locator("#photo").set_input_files(
        {"name": "portti.png", "mimeType": "image/png", "buffer": picture(kind="PNG")}
    )
    await hand.tap("form:has(#photo) button")
    await page.wait_for_url("**note=photo")
    await keep(page, f"{hand.name}-6-place")


@pytest.mark.parametrize(
    ("size", "language"), [(WIDE, "fi-FI"), (PHONE, "sv-FI")], ids=["wide-fi", "phone-sv"]
)
async def test_a_first_order(
    fresh: Fresh, cast: Cast, chromium: Browser, size: tuple[int, int], language: str
) -> None:
    clock = Clock(MONDAY)
    async with (
        served(cast.database, clock) as base,
        tab(chromium, base, size=size, language=language) as page,
    ):
        hand = Hand(page, language)
        await order(hand, clock)
        link = f"/signin/{await link_of(cast, fresh, EMAIL)}"
        await send(hand, link)
        seconds = time.monotonic() - hand.began
        await visit(page, "/places")
        await visit(page, "/orders")
    print(f"{language}: {hand.taps} taps, {hand.fields} fields, {seconds:.0f} s")  # noqa: T201
    rows = await fresh.owner("SELECT status FROM orders")
    assert [row["status"] for row in rows] == ["in_review"]


async def test_how_it_went_and_what_happened(cast: Cast, chromium: Browser) -> None:
    agreed, own, status = await worked(cast)
    later = Clock(NOW)
    kim = await session_of(cast, cast.kim, NOW)
    maija = await session_of(cast, cast.maija, NOW)
    day = f"/board/gigs/{agreed.gig_id}"
    async with served(cast.database, later) as base:
        async with tab(chromium, base, language="fi-FI", scripts=False) as page:
            await page.goto(own)
            await page.locator("button[value='3']").click()
            await expect(page.locator(".faces .is-chosen")).to_be_visible()
            await keep_plain(page, "client-done")
            await page.goto("/gig/incident")
            await page.locator("#words").fill("Lasi meni rikki")
            await page.locator("label:has(input[value='a_little'])").click()
            await page.locator("main form button[type=submit]").click()
            await page.wait_for_url("**/gig?note=told")
        async with tab(chromium, base, language="sv-FI", size=PHONE) as page:
            await page.goto(status)
            await page.locator("button[value='2']").click()
            await page.wait_for_url("**note=thanks")
            await keep(page, "status-said")
            await page.goto(own)
            await keep(page, "client-done-sv")
            await visit(page, "/gig/incident")
            await keep(page, "client-incident-sv")
        for size, name in ((PHONE, "phone"), (WIDE, "wide")):
            async with tab(chromium, base, language="fi-FI", size=size, session=kim) as page:
                for path, what in (("/feedback", "feedback"), (day, "day"), (f"{day}/card", "card"),
                                   ("/coach/sheet", "sheet")):  # fmt: skip
                    await page.goto(path)
                    await keep(page, f"{what}-{name}")
        async with tab(chromium, base, language="fi-FI", session=maija) as page:
            await page.goto("/board")
            await keep(page, "board-alarm")


async def keep_plain(page: Page, name: str) -> None:
    """Keep a picture of a page whose browser runs no scripts, not even axe's."""
    KEPT.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=KEPT / f"{name}.png", full_page=True)
