"""Work lists in a real browser, on a phone: a coach's calendar, a unit's places, what is due.

In Finnish for the coach, in English for the coordinator and in Swedish for the orderer.
"""

from dataclasses import replace
from uuid import UUID

from playwright.async_api import Browser, expect

from jobcenter.calendars.fetching import Way
from jobcenter.orders import todos
from jobcenter.worker.upkeep import read_calendar
from tests.browser import judge, served, tab, visit
from tests.calendars.conftest import services
from tests.calendars.test_expanding import ONE, calendar
from tests.cast import MONDAY
from tests.web.surfer import CONFIG, session_of
from tests.worker.conftest import Works


async def _read(works: Works, coach_id: UUID) -> None:
    """Do what the worker does with the job that the page has asked for."""
    config = replace(works.hands.config, calendars=Way(loopback=True))
    await read_calendar(replace(works.hands, config=config), coach_id=coach_id, now=MONDAY)


async def test_each_goes_through_their_list(works: Works, chromium: Browser) -> None:
    cast = works.cast
    gig_id = await works.offer(cast.aino)
    await cast.database.act(cast.client(cast.aino), todos.call_me, gig_id=gig_id, now=MONDAY)
    config = replace(CONFIG, calendar_loopback=True)
    with services() as serve:
        address = serve().says("/kim.ics", calendar(ONE))
        async with served(cast.database, config=config) as base:
            session = await session_of(cast, cast.kim)
            async with tab(chromium, base, language="fi-FI", session=session) as page:
                await visit(page, "/coach")
                await page.get_by_label("Kalenterisi yksityinen osoite").fill(address)
                await page.get_by_role("button", name="Lue varatut aikani").click()
                await expect(page.get_by_role("status")).to_contain_text("Kalenteriasi luetaan nyt")
                await judge(page)
                await _read(works, cast.kim_coach)
                await visit(page, "/coach")
                await expect(page.get_by_text("Luettu viimeksi ma 23.11. klo 9")).to_be_visible()
                await visit(page, "/due")
                await page.get_by_role("link", name="Käyntisi").first.click()
                await expect(page).to_have_url(f"{base}/coach")
            session = await session_of(cast, cast.maija)
            async with tab(chromium, base, session=session) as page:
                await visit(page, f"/units/{cast.kaneli}")
                await page.get_by_text("One more place of the unit").click()
                await page.get_by_label("Name").first.fill("Kanelin Malmi")
                await page.get_by_label("Street address").fill("Malminkaari 5")
                await page.locator("#site_postcode").select_option("00700")
                await page.get_by_role("button", name="Add this place").click()
                await expect(page.get_by_text("Malminkaari 5")).to_be_visible()
                await judge(page)
                # The calendar meets the visit that is held, and Aino wants a call.
                await visit(page, "/due")
                today = page.locator("section", has=page.locator("#today"))
                await expect(today.get_by_role("link")).to_have_count(2)
                await expect(today).to_contain_text("own calendar says busy during a visit")
                await today.get_by_role("link", name="Aino Aalto").click()
                await expect(page).to_have_url(f"{base}/board/orders/{await _order(works)}")
            session = await session_of(cast, cast.sari)
            async with tab(chromium, base, language="sv-FI", session=session) as page:
                await visit(page, "/due")
                await page.get_by_role("link", name="Din beställning: vi söker någon").click()
                await expect(page).to_have_url(f"{base}/orders/{await _order(works)}")


async def _order(works: Works) -> UUID:
    (row,) = await works.fresh.owner("SELECT id FROM orders")
    found = row["id"]
    assert isinstance(found, UUID)
    return found
