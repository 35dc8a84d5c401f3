"""An administrator keeps the lists in Chromium: on a phone in Finnish, at a desk in English."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from jobcenter.lists.listing import slug_of
from tests.browser import PHONE, WIDE, judge, served, tab, visit
from tests.cast import MONDAY, Cast
from tests.conftest import Fresh
from tests.web.surfer import session_of

SHOTS = os.environ.get("JOBCENTER_SHOTS")
LATER = (MONDAY + timedelta(days=30)).date().isoformat()
WORDS = {
    "fi-FI": ("Näytä, mikä muuttuisi", "Mikä muuttuisi", "Tallenna", "Tulossa", "Voimassa alkaen"),
    "en-GB": ("Show what would change", "What would change", "Save", "To come", "Holds from"),
}


async def keep_shot(page: Page, name: str) -> None:
    """Keep a picture of the whole page where a person asked for it."""
    if SHOTS:
        await page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


@pytest.mark.parametrize(
    ("size", "language"), [(PHONE, "fi-FI"), (WIDE, "en-GB")], ids=["phone-fi", "wide-en"]
)
async def test_a_list_is_changed_from_a_day_on(
    cast: Cast, fresh: Fresh, chromium: Browser, size: tuple[int, int], language: str
) -> None:
    look, changes, save, ahead, holds_from = WORDS[language]
    session = await session_of(cast, cast.jaana)
    async with (
        served(cast.database) as base,
        tab(chromium, base, size=size, session=session, language=language) as page,
    ):
        for name in ("", "/weights", "/tasks", "/roles", "/units/new", "/counters"):
            await visit(page, f"/organiser{name}")
            await judge(page)
            await keep_shot(page, f"organiser{name.replace('/', '-')}-{language}")
        for name, key in (("tasks", {"number": 2}), ("roles", {"code": "coach"})):
            await visit(page, f"/organiser/{name}/{slug_of(key)}")
            await judge(page)
            await keep_shot(page, f"organiser-{name}-one-{language}")
        await visit(page, f"/organiser/pay-floors/{slug_of({'key': 'G1'})}")
        await page.locator("#amount").fill("viisitoista")
        await page.get_by_role("button", name=save).click()
        await expect(page.locator("#amount-fault-1")).to_be_visible()
        await expect(page.locator("#amount")).to_have_value("viisitoista")
        await judge(page)
        await page.locator("#amount").fill("15")
        await page.get_by_label(holds_from).fill(LATER)
        await page.get_by_role("button", name=look).click()
        await expect(page.get_by_role("heading", name=changes)).to_be_visible()
        await judge(page)
        await keep_shot(page, f"organiser-preview-{language}")
        await page.get_by_role("button", name=save).click()
        await expect(page.get_by_role("heading", name=ahead)).to_be_visible()
        await judge(page)
        await keep_shot(page, f"organiser-entry-{language}")
    asked = "SELECT valid_from FROM figures WHERE kind = 'pay_floor' AND amount = 1500"
    assert [str(row["valid_from"]) for row in await fresh.owner(asked)] == [LATER]
