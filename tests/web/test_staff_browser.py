"""The board, the coach's days and the client's page in Chromium: axe-clean, and right at 320 px."""

from datetime import timedelta
from uuid import UUID

import pytest
from playwright.async_api import Browser, expect

from jobcenter import access
from jobcenter.orders import assigning, linking
from jobcenter.orders.gigs import Gig
from jobcenter.people.clients import ClientBenefit, ClientStrength
from tests import make
from tests.browser import PHONE, WIDE, judge, send, served, tab, visit
from tests.cast import CITY, MONDAY, THIS_YEAR, Cast
from tests.make import TUESDAY_TEN
from tests.web.surfer import CONFIG, Clock, session_of
from tests.web.test_unit import proposed

SIZES = pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])


async def offered(cast: Cast, client_id: UUID, order_id: UUID | None = None) -> tuple[Gig, str]:
    """Ask a client, and return the gig with the path of its link."""
    gig = await cast.database.act(
        cast.maija,
        assigning.assign,
        order_id=order_id or await make.save_order(cast, make.order()),
        place_no=1,
        client_id=client_id,
        start=TUESDAY_TEN,
        now=MONDAY,
    )
    token = access.derived_token(CONFIG.secret, "gig", gig.id)
    hashed = access.hash_of(token)
    await cast.database.act(
        cast.worker, linking.open_link, gig_id=gig.id, token_hash=hashed, now=MONDAY
    )
    return gig, f"/o/{token}"


@pytest.mark.parametrize(
    ("size", "language"), [(WIDE, "en-GB"), (PHONE, "fi-FI")], ids=["wide", "phone"]
)
async def test_the_board_and_an_order(
    cast: Cast, chromium: Browser, size: tuple[int, int], language: str
) -> None:
    order_id = await proposed(cast, cast.aino, cast.eetu, cast.venla, places=2)
    await make.save(cast, ClientStrength(organiser_id=CITY, client_id=cast.aino, code="careful"))
    session = await session_of(cast, cast.maija)
    async with (
        served(cast.database) as base,
        tab(chromium, base, size=size, session=session, language=language) as page,
    ):
        for path in ("/board", "/board?every=1&q=none", f"/board/clients/{cast.aino}"):
            await visit(page, path)
        await visit(page, f"/board/orders/{order_id}")
        await page.locator("summary").first.click()
        await judge(page)
        await send(page, f"/board/orders/{order_id}/assign")
        for summary in await page.locator("summary").all():
            await summary.click()
        await judge(page)
        await visit(page, "/board")


@SIZES
async def test_the_coachs_days(cast: Cast, chromium: Browser, size: tuple[int, int]) -> None:
    await make.note(cast, cast.aino, START="By the bikes.")
    await offered(cast, cast.aino)
    session = await session_of(cast, cast.kim)
    async with (
        served(cast.database) as base,
        tab(chromium, base, size=size, session=session, language="fi-FI") as page,
    ):
        await visit(page, "/coach")
        for summary in await page.locator("summary").all():
            await summary.click()
        await judge(page)
        await send(page, "/coach/feed")


@pytest.mark.parametrize(
    ("size", "language"),
    [(PHONE, "fi-FI"), (PHONE, "sv-SE"), (WIDE, "en-GB")],
    ids=["phone-fi", "phone-sv", "wide-en"],
)
async def test_the_clients_page_from_offer_to_thanks_without_scripts(
    cast: Cast, chromium: Browser, size: tuple[int, int], language: str
) -> None:
    benefit = ClientBenefit(
        organiser_id=CITY, client_id=cast.aino, benefit="disability_pension", valid_from=THIS_YEAR
    )
    await make.save(cast, benefit)
    gig, link = await offered(cast, cast.aino)
    clock = Clock()
    async with (
        served(cast.database, clock) as base,
        tab(chromium, base, size=size, language=language) as page,
    ):
        await visit(page, link)
        await expect(page).to_have_url(f"{base}/gig")
        for action in ("/gig/call", "/gig/yes"):
            await send(page, action)
        clock.now = TUESDAY_TEN - timedelta(minutes=5)
        await visit(page, link)
        await send(page, "/gig/here")
        clock.now = gig.end
        await visit(page, link)
        await send(page, "/gig/done")


async def test_the_two_answers_are_large_and_above_everything_else(
    cast: Cast, chromium: Browser
) -> None:
    _, link = await offered(cast, cast.eetu)
    async with (
        served(cast.database) as base,
        tab(chromium, base, language="fi-FI", scripts=False) as page,
    ):
        await page.goto(link)
        tops = []
        for words in ("Kyllä, tulen", "Ei kiitos", "Soita minulle"):
            box = await page.get_by_role("button", name=words).bounding_box()
            assert box is not None
            assert box["height"] >= 48
            tops.append(box["y"])
        assert tops == sorted(tops)


@pytest.mark.parametrize("answer", ["no", "late"])
async def test_what_is_over_says_so_kindly(cast: Cast, chromium: Browser, answer: str) -> None:
    _, link = await offered(cast, cast.eetu)
    clock = Clock()
    async with (
        served(cast.database, clock) as base,
        tab(chromium, base, language="en-GB") as page,
    ):
        if answer == "no":
            await page.goto(link)
            await send(page, "/gig/no")
        else:
            clock.move(hours=25)
            await visit(page, link)
        await expect(page.get_by_role("heading", level=1)).to_have_text(
            {"no": "Thank you. That is all right.", "late": "This gig has already gone"}[answer]
        )
