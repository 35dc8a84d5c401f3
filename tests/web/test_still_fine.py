"""The question on the day before, as the client and their unit see it; and the demo's replies."""

from dataclasses import replace
from datetime import timedelta

from jobcenter.orders import answering, still_fine
from jobcenter.orders.gigs import Via
from tests.cast import MONDAY, Cast
from tests.conftest import Fresh
from tests.orders import steps
from tests.web.surfer import CONFIG, Clock, sign_in, surfer
from tests.web.test_client import offer, phone

FOUR = MONDAY + timedelta(hours=7)
WITH_INBOX = replace(CONFIG, inbox=True)


async def asked(cast: Cast) -> str:
    """Have Aino say yes on Monday morning and be asked again at four; return her link."""
    gig, link = await offer(cast, cast.aino)
    await cast.database.act(
        cast.client(cast.aino), answering.accept, gig_id=gig.id, via=Via.LINK, now=MONDAY
    )
    assert await cast.database.act(cast.worker, still_fine.ask_ahead, now=FOUR) == 1
    return link


async def test_the_client_says_on_the_page_that_it_is_still_fine(cast: Cast, fresh: Fresh) -> None:
    link = await asked(cast)
    async with phone(cast, Clock(FOUR)) as browser:
        await browser.get(link)
        page = await browser.get("/gig")
        assert "Is it still fine?" in page.text
        for _ in range(2):
            assert (await browser.send_shown(page, "/gig/fine")).status_code == 303
        after = await browser.get("/gig")
    assert "Thank you for telling that it is still fine." in after.text
    assert 'action="/gig/fine"' not in after.text
    [row] = await fresh.owner("SELECT status, still_fine_at, still_fine_via FROM gigs")
    assert tuple(row) == ("confirmed", FOUR, "link")


async def test_staff_note_what_they_heard_on_the_phone(cast: Cast, fresh: Fresh) -> None:
    await asked(cast)
    six = FOUR + timedelta(hours=2)
    await fresh.owner("UPDATE notices SET state = 'sent', sent_at = $1", FOUR)
    for _ in range(2):
        await cast.database.act(cast.worker, still_fine.call_the_silent, now=six)
    assert await steps.todos(fresh) == ["call_still_fine"]
    [gig] = await fresh.owner("SELECT id FROM gigs")
    here = f"/board/gigs/{gig['id']}"
    async with surfer(cast.database, Clock(six)) as browser:
        await sign_in(browser, cast, cast.maija, six)
        browser.cookies.set("jobcenter_language", "en")
        board = await browser.get("/board")
        assert "Call: is tomorrow’s gig still fine?" in board.text
        assert (await browser.send_form(here, f"{here}/fine")).status_code == 303
        page = await browser.get(f"{here}?note=fine")
        assert "Noted: it is still fine." in page.text
        assert "is tomorrow’s gig" not in (await browser.get("/board")).text
    [row] = await fresh.owner("SELECT still_fine_via, still_fine_by FROM gigs")
    assert tuple(row) == ("phone", cast.maija.actor_id)
    # Staff of another unit find no such gig.
    async with surfer(cast.database, Clock(six)) as browser:
        await sign_in(browser, cast, cast.pekka, six)
        assert (await browser.get(here)).status_code == 404


async def test_a_phone_of_the_demo_answers_a_message(cast: Cast, fresh: Fresh) -> None:
    await asked(cast)
    await fresh.owner("UPDATE notices SET state = 'sent', sent_at = $1", FOUR)
    sms = {"to": "+358455550100", "from": "Jobcenter", "text": "Sopiiko?", "reference": "r-1"}
    async with surfer(cast.database, Clock(FOUR), WITH_INBOX) as browser:
        assert (await browser.post("/inbox/sms", json=sms)).status_code == 200
        one = "/inbox?to=%2B358455550100"
        sent = await browser.send_form(one, "/inbox/reply", text="1")
        assert (sent.status_code, sent.headers["location"]) == (303, one)
        everybody = await browser.get("/inbox")
        assert "/inbox/reply" not in everybody.text
    [row] = await fresh.owner("SELECT still_fine_via FROM gigs")
    assert row["still_fine_via"] == "sms"
