"""What is printed: a card without a way in, a code that leads to the place, and a coach's day."""

import re

import pytest

from jobcenter.web.client import ROUTE
from jobcenter.web.paper import drawn
from tests.cast import MONDAY, Cast
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.orders import steps
from tests.web.surfer import sign_in, surfer


def test_a_code_is_a_drawing_of_squares_and_nothing_else() -> None:
    code = drawn("https://example.org/?<script>alert(1)</script>")
    assert code.startswith("<svg")
    assert "script" not in code
    assert set(re.findall(r"<(\w+)", code)) == {"svg", "path"}
    assert code != (drawn("https://example.org/?other"))


@pytest.mark.parametrize("length", [10, 200, 400])
def test_the_way_to_any_address_fits_into_a_code(length: int) -> None:
    way = ROUTE.format(place="x" * length, lat=60.183, lon=24.951)
    assert "viewBox" in (drawn(way))


async def test_the_card_and_the_day_are_for_whoever_has_to_do_with_them(
    cast: Cast, fresh: Fresh
) -> None:
    agreed = await steps.agreed(cast, cast.aino)
    card = f"/board/gigs/{agreed.gig_id}/card"
    async with surfer(cast.database) as browser:
        browser.cookies.set("jobcenter_language", "en")
        await sign_in(browser, cast, cast.kim)
        shown = (await browser.get(card)).text
        for words in ("Fleminginkatu 1", "Tiskaus", "Tavalliset vaatteet", "<svg"):
            assert words in shown, words
        # Whoever finds the card cannot answer in the worker's name.
        assert "/o/" not in shown
        day = TUESDAY_TEN.date().isoformat()
        sheet = (await browser.get(f"/coach/sheet?day={day}")).text
        assert "Fleminginkatu 1" in sheet
        assert "Nothing today." in (await browser.get("/coach/sheet")).text
        assert (await browser.get("/coach/sheet?day=soon")).status_code == 422
        # Who plans has the unit's day: the worker with the number, the place, and the coach.
        await sign_in(browser, cast, cast.maija)
        theirs = (await browser.get(f"/board/sheet?day={day}")).text
        for words in ("Aino Aalto", "Fleminginkatu 1", "Has said yes", "Kim Koski"):
            assert words in theirs, words
        assert "No gigs of your units" in (await browser.get("/board/sheet")).text
        assert "/board/sheet" in (await browser.get("/board")).text
        # The card is the worker's, in their language and with the steps of the work.
        await fresh.owner("UPDATE clients SET language = 'sv' WHERE id = $1", cast.aino)
        steps_told = '[{"picture": "home", "fi": "Pese kädet", "sv": "Tvätta händerna"}]'
        await fresh.owner("UPDATE task_types SET steps = $1::text::jsonb", steps_told)
        shown = (await browser.get(card)).text
        for words in ("Tvätta händerna", "Vanliga kläder", 'lang="sv"', "Back to the day"):
            assert words in shown, words
    async with surfer(cast.database) as browser:
        await sign_in(browser, cast, cast.pekka)
        assert "Aalto" not in (await browser.get(f"/board/sheet?day={day}")).text
    for who, status in ((cast.pekka, 404), (cast.sari, 403)):
        async with surfer(cast.database) as browser:
            await sign_in(browser, cast, who)
            assert (await browser.get(card)).status_code == status
            assert (await browser.get("/coach/sheet")).status_code == 403
    looks = await fresh.owner("SELECT purpose FROM looks WHERE at = $1", MONDAY)
    assert {"coach visits, printed", f"card of gig {agreed.gig_id}"} <= {
        row["purpose"] for row in looks
    }
