"""A client is taken in with a real browser: part by part, in Finnish and in English.

How long it takes is printed and kept under `var/intake.txt`; the figures stand in docs/features.md.
"""

import re
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser import PHONE, WIDE, judge, served, tab
from tests.cast import Cast
from tests.conftest import Fresh
from tests.web.surfer import session_of

KEPT = Path(__file__).parents[2] / "var"


@dataclass
class Hand:
    """Does what a person does on a page, and counts it."""

    page: Page
    name: str
    taps: int = 0
    fields: int = 0
    pages: int = 0
    began: float = field(default_factory=time.monotonic)

    async def tap(self, selector: str) -> None:
        self.taps += 1
        await self.page.locator(selector).first.click()

    async def write(self, name: str, text: str) -> None:
        self.fields += 1
        await self.page.fill(f"[name='{name}']", text)

    async def choose(self, name: str, value: str) -> None:
        self.taps += 1
        await self.page.select_option(f"[name='{name}']", value)

    async def go_on(self, expected: str) -> None:
        """Look at the page as it is, save it, and see where that leads."""
        await judge(self.page)
        folder = KEPT / "intake"
        folder.mkdir(parents=True, exist_ok=True)
        self.pages += 1
        shot = folder / f"{self.name}-{self.pages:02}.png"
        await self.page.screenshot(path=shot, full_page=True)
        self.taps += 1
        async with self.page.expect_navigation():
            await self.page.locator("main form .hds-button--primary").last.click()
        await expect(self.page).to_have_url(expected_url(expected))


def expected_url(ending: str) -> re.Pattern[str]:
    return re.compile(rf".*{ending}(\?.*)?$")


async def take_in(hand: Hand) -> None:
    """Take Helmi in: the parts that a first meeting usually gets through."""
    page = hand.page
    await page.goto("/clients/new")
    await hand.write("given_name", "Helmi")
    await hand.write("family_name", "Harju")
    await hand.write("phone", "040 123 4567")
    await hand.choose("postcode", "00530")
    await hand.go_on("/edit/strengths")
    for code in ("kitchen", "friendly", "punctual"):
        await hand.tap(f"label:has(#strength-{code})")
    await hand.go_on("/edit/wishes")
    await hand.tap("details.wishes summary")
    await page.locator("details.wishes select").first.select_option("likes_a_lot")
    hand.taps += 1
    await hand.go_on("/edit/hours")
    for weekday in (0, 2):
        for part in ("morning", "afternoon"):
            await hand.tap(f"label:has(#free{weekday}-{part})")
    await hand.go_on("/edit/week")
    await hand.write("week_hours", "8")
    await hand.go_on("/edit/limits")
    for name, level in (("physical", 2), ("time_pressure", 2), ("noise", 2)):
        await hand.tap(f"label.scale__level:has(input[name={name}][value='{level}'])")
    await hand.tap("label:has(#outdoors)")
    await hand.go_on("/edit/needs")
    await hand.tap("details.need:has(#need-START-0) summary")
    await hand.tap("label:has(#need-START-2)")
    await hand.write("note:START", "By the bicycles.")
    await hand.go_on("/edit/cards")
    await hand.tap("label:has(#card-HP)")
    await hand.go_on("/edit/decisions")
    await hand.write("first_day", "2026-11-01")
    await hand.write("last_day", "2027-10-31")
    await hand.write("reference", "HEL 2026-000123")
    await judge(page)
    await hand.go_on("/edit/benefits")
    await judge(page)
    await hand.tap("label:has([value=face_to_face])")
    await hand.go_on("/edit/benefits")
    await hand.tap("label:has(#benefit-disability_pension)")
    await hand.go_on("/edit/contact")
    await hand.go_on("/edit/consents")
    assert not await page.locator("main input:checked").count()
    await hand.tap("label:has([id='consent:name_to_orderer-yes'])")
    await hand.tap("label:has([id='consent:full_sms-no'])")
    await hand.tap("label:has(#how-face_to_face)")
    await hand.go_on("/edit/review")
    await hand.write("review_on", "2027-05-24")
    await hand.go_on("/board/clients/[^/]*")


@pytest.mark.parametrize(
    ("size", "language"), [(WIDE, "fi-FI"), (PHONE, "en-GB")], ids=["wide-fi", "phone-en"]
)
async def test_a_client_is_taken_in(
    fresh: Fresh, cast: Cast, chromium: Browser, size: tuple[int, int], language: str
) -> None:
    session = await session_of(cast, cast.maija)
    async with (
        served(cast.database) as base,
        tab(chromium, base, size=size, session=session, language=language) as page,
    ):
        hand = Hand(page, language)
        await take_in(hand)
        seconds = time.monotonic() - hand.began
        await expect(page.locator("h1")).to_have_text("Helmi Harju")
        await judge(page)
        await page.screenshot(path=KEPT / "intake" / f"{language}-done.png", full_page=True)
        await page.goto("/clients")
        await judge(page)
        await page.screenshot(path=KEPT / "intake" / f"{language}-list.png", full_page=True)
    told = (
        f"{language}: {hand.pages} pages, {hand.taps} taps, {hand.fields} fields, {seconds:.0f} s"
    )
    print(told)  # noqa: T201
    row = (await fresh.owner("SELECT * FROM clients WHERE postcode = '00530'"))[0]
    assert (row["week_minutes"], row["version"], row["limits"]) == (480, 13, [2, 1, 1, 2, 2, 0])
    events = await fresh.owner("SELECT part FROM upkeep_events ORDER BY version")
    assert len(events) == 13
    (told_us,) = await fresh.owner("SELECT * FROM client_consents WHERE client_id = $1", row["id"])
    assert (told_us["purpose"], told_us["how"], told_us["recorded_by"]) == (
        "name_to_orderer", "face_to_face", cast.maija.actor_id
    )  # fmt: skip
