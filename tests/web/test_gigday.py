"""One gig's day as its unit sees it: what staff note for the client, and who finds nothing."""

from datetime import timedelta

import pytest

from jobcenter.orders import visiting
from jobcenter.retention import erasing
from tests import make
from tests.cast import MONDAY, Cast
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.orders import steps
from tests.web.surfer import Clock, sign_in, surfer

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("name", ["maija", "kim"])
async def test_staff_note_coming_and_going(cast: Cast, fresh: Fresh, name: str) -> None:
    agreed = await steps.agreed(cast, cast.eetu)
    here = f"/board/gigs/{agreed.gig_id}"
    clock = Clock(TUESDAY_TEN)
    async with surfer(cast.database, clock) as browser:
        await sign_in(browser, cast, {"maija": cast.maija, "kim": cast.kim}[name], clock.now)
        browser.cookies.set("jobcenter_language", "en")
        assert (await browser.send_form(here, f"{here}/here")).status_code == 303
        clock.move(minutes=10)
        assert (await browser.send_form(here, f"{here}/done")).status_code == 303
        page = (await browser.get(here)).text
    for said in ("noted by staff", "Came at", "Left at", "Eetu Eskola", "Hours: 3 h"):
        assert said in page, said
    looks = await fresh.owner("SELECT DISTINCT client_id, purpose FROM looks")
    assert [tuple(row) for row in looks] == [(cast.eetu, f"gig {agreed.gig_id}")]


async def test_too_early_is_told_on_the_page(cast: Cast) -> None:
    agreed = await steps.agreed(cast, cast.eetu)
    here = f"/board/gigs/{agreed.gig_id}"
    clock = Clock(TUESDAY_TEN - 120 * MINUTE)
    async with surfer(cast.database, clock) as browser:
        await sign_in(browser, cast, cast.maija, clock.now)
        browser.cookies.set("jobcenter_language", "en")
        refused = await browser.send_form(here, f"{here}/here")
    assert refused.status_code == 409
    assert "60 minutes before the start" in refused.text


async def test_others_find_nothing(cast: Cast) -> None:
    agreed = await steps.agreed(cast, cast.eetu)
    here = f"/board/gigs/{agreed.gig_id}"
    for who, status in ((cast.pekka, 404), (cast.liisa, 404), (cast.sari, 403)):
        async with surfer(cast.database, Clock()) as browser:
            await sign_in(browser, cast, who)
            browser.cookies.set("jobcenter_language", "en")
            assert (await browser.get(here)).status_code == status


async def test_the_gig_of_an_erased_client_is_not_there(cast: Cast) -> None:
    gig = await steps.assign(cast, await make.save_order(cast, make.order()), cast.aino)
    await steps.decline(cast, gig.id)
    here = f"/board/gigs/{gig.id}"
    async with surfer(cast.database, Clock()) as browser:
        await sign_in(browser, cast, cast.maija)
        assert (await browser.get(here)).status_code == 200
        await cast.database.act(
            cast.worker, erasing.erase, client_id=cast.aino, law="GDPR 17", now=MONDAY
        )
        assert (await browser.get(here)).status_code == 404


async def test_a_lost_visit_is_shown_with_its_ways_out(cast: Cast, fresh: Fresh) -> None:
    agreed = await steps.agreed(cast, cast.aino)
    [visit] = await fresh.owner("SELECT id FROM visits")
    await cast.database.act(cast.kim, visiting.cannot, visit_id=visit["id"], now=MONDAY)
    async with surfer(cast.database, Clock()) as browser:
        await sign_in(browser, cast, cast.maija)
        browser.cookies.set("jobcenter_language", "en")
        page = (await browser.get(f"/board/gigs/{agreed.gig_id}")).text
    for said in ("A coach is missing", "Find another coach", "manage without", "Call the gig off"):
        assert said in page, said


async def test_numbers_are_numbers(cast: Cast, fresh: Fresh) -> None:
    agreed = await steps.agreed(cast, cast.eetu)
    here = f"/board/gigs/{agreed.gig_id}"
    clock = Clock(TUESDAY_TEN)
    async with surfer(cast.database, clock) as browser:
        await sign_in(browser, cast, cast.maija, clock.now)
        browser.cookies.set("jobcenter_language", "en")
        await browser.send_form(here, f"{here}/here")
        await browser.send_form(here, f"{here}/done")
        for minutes in ("", "x", "-10", "9999", "10.5", "999"):
            refused = await browser.send_form(
                here,
                f"{here}/hours",
                minutes=minutes,
                reason="Left in time",
            )
            assert refused.status_code == 422, minutes
    rows = await fresh.owner("SELECT worked_minutes FROM gigs")
    assert [row["worked_minutes"] for row in rows] == [180]
