"""An organisation that comes back, and what follows from its order: in Finnish and in Swedish.

Invites, accepts the terms, approves hours, sees what it costs; then the accounts and the unit.
"""

from pathlib import Path

from playwright.async_api import Browser, Page, expect

from jobcenter.people.terms import TermsOfUse
from jobcenter.reference.terms import TERMS_OF_USE
from tests import make
from tests.browser import PHONE, WIDE, judge, press, served, tab, visit
from tests.cast import CITY, THIS_YEAR, Cast
from tests.conftest import Fresh
from tests.web.surfer import Clock, session_of
from tests.web.test_telling import NOW, worked

KEPT = Path(__file__).parents[2] / "var" / "orderers"


async def keep(page: Page, name: str, path: str = "") -> None:
    """Open a page, or stay; judge it and keep its picture."""
    if path:
        await visit(page, path)
    else:
        await judge(page)
    KEPT.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=KEPT / f"{name}.png", full_page=True)


async def order_again(page: Page) -> None:
    """Order at the known place; the terms are asked for before it is sent."""
    await page.goto("/orders/new?fresh=true")
    await expect(page.locator("#entrance")).to_have_value("Sininen ovi")
    await page.locator("#task").select_option("2")
    await expect(page.locator("#title")).to_have_value("Tiskaus")
    await page.locator("#day").fill("2026-12-03")
    await page.locator("#start").fill("10")
    await page.locator("#end").fill("13")
    await page.locator("#contact_name").fill("Sari Salo")
    await keep(page, "form")
    await page.locator("aside button.hds-button--primary").click()
    send = page.locator("form[action='/orders'] button.hds-button--primary")
    await send.click()
    await expect(page.locator("a[href='#terms']")).to_be_visible()
    await keep(page, "review")
    await page.locator("#terms").check()
    await send.click()
    await page.wait_for_url("**/receipt")


async def test_an_organisation_that_comes_back(fresh: Fresh, cast: Cast, chromium: Browser) -> None:
    await fresh.owner("UPDATE sites SET entrance = 'Sininen ovi'")
    words = {f"text_{language}": text for language, text in TERMS_OF_USE.items()}
    await make.save(cast, TermsOfUse(organiser_id=CITY, valid_from=THIS_YEAR, **words))
    agreed, _, _ = await worked(cast)
    await fresh.owner("UPDATE client_contacts SET texts_stopped_at = $1", NOW)
    sari, raili, maija = [
        await session_of(cast, who, NOW) for who in (cast.sari, cast.raili, cast.maija)
    ]
    async with served(cast.database, Clock(NOW)) as base:
        async with tab(chromium, base, language="fi-FI", session=sari, size=PHONE) as page:
            await visit(page, "/colleagues")
            await page.locator("#name").fill("Ville Virta")
            await page.locator("#email").fill("ville@keittio.example")
            await page.locator("#manages").check()
            await page.locator("form[action='/colleagues'] button").click()
            await page.wait_for_url("**note=invited")
            await keep(page, "colleagues")
            await visit(page, f"/orders/{agreed.order_id}")
            await page.locator("form[action$='/approve'] button.hds-button--primary").first.click()
            await page.wait_for_url("**note=approved")
            await keep(page, "approved")
            await keep(page, "costs", "/costs")
            await order_again(page)
            await keep(page, "terms", "/terms")
        async with tab(chromium, base, language="sv-FI", session=sari, size=WIDE) as page:
            for path in ("colleagues", "costs", "terms"):
                await keep(page, f"{path}-sv", f"/{path}")
        async with tab(chromium, base, language="fi-FI", session=raili, size=PHONE) as page:
            await keep(page, "accounts", "/accounts")
            await press(page, page.locator("form[action='/accounts/pay'] button").first)
            await keep(page, "statement")
        async with tab(chromium, base, language="fi-FI", session=maija, size=PHONE) as page:
            await keep(page, "party", f"/board/parties/{cast.keittio}")
            await keep(page, "closing", f"/clients/{cast.aino}/closing")
            await visit(page, f"/clients/{cast.aino}/edit/contact")
            await expect(page.locator("#texts_again")).to_be_visible()
            await keep(page, "contact")
