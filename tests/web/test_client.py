"""The page behind the link: one gig, two big answers, and never an accident."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from jobcenter import access
from jobcenter.orders import answering, assigning, linking
from jobcenter.orders.gigs import Gig, Via
from jobcenter.people.clients import ClientBenefit
from tests import make
from tests.cast import CITY, MONDAY, THIS_YEAR, Cast
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.web.surfer import CONFIG, Clock, Surfer, sign_in, surfer


async def offer(
    cast: Cast, client_id: UUID, *, order_id: UUID | None = None, place_no: int = 1
) -> tuple[Gig, str]:
    """Assign a client to a dishwashing gig and return it with the path of its link."""
    gig = await cast.database.act(
        cast.maija,
        assigning.assign,
        order_id=order_id or await make.save_order(cast, make.order()),
        place_no=place_no,
        client_id=client_id,
        start=TUESDAY_TEN,
        now=MONDAY,
    )
    token = access.derived_token(CONFIG.secret, "gig", gig.id)
    await cast.database.act(
        cast.worker,
        linking.open_link,
        gig_id=gig.id,
        token_hash=access.hash_of(token),
        now=MONDAY,
    )
    return gig, f"/o/{token}"


@asynccontextmanager
async def phone(cast: Cast, clock: Clock | None = None) -> AsyncIterator[Surfer]:
    """Open a browser on which somebody has chosen English."""
    async with surfer(cast.database, clock) as browser:
        browser.cookies.set("jobcenter_language", "en")
        yield browser


async def press(browser: Surfer, action: str) -> httpx.Response:
    return await browser.send_form("/gig", action)


async def status_of(fresh: Fresh, gig: Gig) -> str:
    rows = await fresh.owner("SELECT status FROM gigs WHERE id = $1", gig.id)
    return str(rows[0]["status"])


async def test_the_token_leaves_the_address_and_nothing_is_used_up(
    cast: Cast, fresh: Fresh
) -> None:
    _, link = await offer(cast, cast.aino)
    async with phone(cast) as browser:
        for _ in range(3):
            arrived = await browser.get(link)
            assert (arrived.status_code, arrived.headers["location"]) == (303, "/gig")
        assert (await browser.head(link)).status_code == 303
        shown = await browser.get("/gig")
    assert shown.status_code == 200
    assert link.removeprefix("/o/") not in shown.text
    used = await fresh.owner("SELECT used_at FROM links")
    assert [row["used_at"] for row in used] == [None]


async def test_the_page_says_what_where_when_who_and_how_much(cast: Cast) -> None:
    _, link = await offer(cast, cast.aino)
    async with phone(cast) as browser:
        await browser.get(link)
        text = (await browser.get("/gig")).text
    assert "tomorrow, Tuesday" in text
    assert "Dishwashing" in text
    assert "Fleminginkatu 1" in text
    assert "openstreetmap.org/?mlat=60.18300" in text
    assert "You meet at 9:30" in text
    assert "€34.50" in text
    assert "Your place in work activity stays." in text
    assert "09 310 11111" in text


async def test_of_a_group_everybody_reads_who_instructs_it(cast: Cast) -> None:
    """Aino is met at the door by her coach, who instructs Eetu with her from the start."""
    order_id = await make.save_order(cast, make.order(places=2, group_visit=True))
    _, hers = await offer(cast, cast.aino, order_id=order_id)
    _, his = await offer(cast, cast.eetu, order_id=order_id, place_no=2)
    async with phone(cast) as browser:
        await browser.get(his)
        assert (
            "<strong>Kim</strong><br>Instructs your group. You meet at 10:00."
            in (await browser.get("/gig")).text
        )
    async with phone(cast) as browser:
        await browser.get(hers)
        assert "Your coach. You meet at 9:30." in (await browser.get("/gig")).text


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("fi", "Kyllä, tulen"),
        ("sv", "Ja, jag kommer"),
        ("en", "Yes, I will come"),
        ("fi-easy", "Kyllä, minä tulen"),
    ],
)
async def test_the_page_speaks_the_clients_language(
    cast: Cast, fresh: Fresh, language: str, sentence: str
) -> None:
    await fresh.owner("UPDATE clients SET language = $1", language)
    _, link = await offer(cast, cast.eetu)
    async with surfer(cast.database) as browser:
        await browser.get(link)
        assert sentence in (await browser.get("/gig")).text


async def test_yes_confirms_once_however_often_it_is_pressed(cast: Cast, fresh: Fresh) -> None:
    gig, link = await offer(cast, cast.aino)
    async with phone(cast) as browser:
        await browser.get(link)
        form = await browser.form("/gig", "/gig/yes")
        answers = [await browser.post("/gig/yes", data=form) for _ in range(3)]
        text = (await browser.get("/gig")).text
    assert [answer.status_code for answer in answers] == [303, 303, 303]
    assert await status_of(fresh, gig) == "confirmed"
    assert "The gig is yours" in text
    assert "/gig/calendar.ics" in text
    events = await fresh.owner("SELECT via FROM gig_events WHERE to_status = 'confirmed'")
    assert [row["via"] for row in events] == ["link"]
    visits = await fresh.owner("SELECT status FROM visits")
    assert [row["status"] for row in visits] == ["booked"]


async def test_no_is_fine_and_yes_afterwards_is_refused(cast: Cast, fresh: Fresh) -> None:
    gig, link = await offer(cast, cast.eetu)
    async with phone(cast) as browser:
        await browser.get(link)
        form = await browser.form("/gig", "/gig/no")
        assert (await browser.post("/gig/no", data=form)).status_code == 303
        assert (await browser.post("/gig/no", data=form)).status_code == 303
        assert "Thank you. That is all right." in (await browser.get("/gig")).text
        assert (await browser.post("/gig/yes", data=form)).status_code == 409
    assert await status_of(fresh, gig) == "declined"


async def test_no_after_yes_is_refused_but_a_yes_can_be_taken_back(
    cast: Cast, fresh: Fresh
) -> None:
    gig, link = await offer(cast, cast.eetu)
    async with phone(cast) as browser:
        await browser.get(link)
        form = await browser.form("/gig", "/gig/yes")
        await browser.post("/gig/yes", data=form)
        assert (await browser.post("/gig/no", data=form)).status_code == 409
        assert (await press(browser, "/gig/cannot")).status_code == 303
        assert "Thank you for telling us." in (await browser.get("/gig")).text
    assert await status_of(fresh, gig) == "withdrawn"


async def test_an_offer_that_ran_out_says_so_kindly_and_takes_no_answer(cast: Cast) -> None:
    _, link = await offer(cast, cast.eetu)
    clock = Clock()
    async with phone(cast, clock) as browser:
        await browser.get(link)
        form = await browser.form("/gig", "/gig/yes")
        clock.move(hours=24)
        assert (await browser.get(link)).status_code == 303
        gone = await browser.get("/gig")
        again = await browser.form("/gig", "/gig/call")
        late = await browser.post("/gig/yes", data={**form, "csrf": again["csrf"]})
    assert gone.status_code == 200
    assert "This gig has already gone" in gone.text
    assert "09 310 11111" in gone.text
    assert late.status_code == 409


async def test_a_dead_link_is_gone_and_an_unknown_one_is_not_here(cast: Cast, fresh: Fresh) -> None:
    gig, link = await offer(cast, cast.eetu)
    clock = Clock(gig.end + timedelta(days=8))
    async with phone(cast, clock) as browser:
        assert (await browser.get(link)).status_code == 410
        bad = [
            link[:-1] + ("A" if link[-1] != "A" else "B"),
            link[:20],
            "/o/" + "x" * 10_000,
            "/o/",
        ]
        assert {(await browser.get(path)).status_code for path in bad} == {404}
        await fresh.owner("UPDATE links SET revoked_at = now()")
        clock.now = MONDAY
        assert (await browser.get(link)).status_code == 410


async def test_without_a_link_the_page_asks_to_open_it_again(cast: Cast) -> None:
    async with phone(cast) as browser:
        answer = await browser.get("/gig")
    assert answer.status_code == 410
    assert "open the link in your text message again" in answer.text


async def test_another_persons_link_is_asked_about_and_never_merged(
    cast: Cast, fresh: Fresh
) -> None:
    first, link = await offer(cast, cast.eetu)
    second, other = await offer(cast, cast.venla)
    async with phone(cast) as browser:
        await browser.get(link)
        form = await browser.form("/gig", "/gig/yes")
        asked = await browser.get(other)
        assert asked.status_code == 200
        assert "Do you want to go on to this gig?" in asked.text
        assert (await browser.send_form(other, other)).status_code == 303
        stale = {**form, "csrf": (await browser.form("/gig", "/gig/yes"))["csrf"]}
        assert (await browser.post("/gig/yes", data=stale)).status_code == 409
    assert await status_of(fresh, first) == await status_of(fresh, second) == "assigned"


async def test_staff_who_open_a_link_are_asked_first(cast: Cast) -> None:
    _, link = await offer(cast, cast.eetu)
    async with phone(cast) as browser:
        await sign_in(browser, cast, cast.maija)
        assert (await browser.get(link)).status_code == 200
        assert (await browser.get("/gig")).status_code == 410


async def test_call_me_becomes_one_to_do_of_the_unit(cast: Cast, fresh: Fresh) -> None:
    _, link = await offer(cast, cast.aino)
    async with phone(cast) as browser:
        await browser.get(link)
        form = await browser.form("/gig", "/gig/call")
        for _ in range(2):
            assert (await browser.post("/gig/call", data=form)).status_code == 303
        assert "We will call you soon." in (await browser.get("/gig")).text
    rows = await fresh.owner("SELECT unit_id, client_id FROM todos WHERE kind = 'call_me'")
    assert [(row["unit_id"], row["client_id"]) for row in rows] == [(cast.kaneli, cast.aino)]


async def test_the_day_itself_here_and_done(cast: Cast, fresh: Fresh) -> None:
    gig, link = await offer(cast, cast.aino)
    clock = Clock()
    async with phone(cast, clock) as browser:
        await browser.get(link)
        await press(browser, "/gig/yes")
        assert "/gig/here" not in (await browser.get("/gig")).text
        clock.now = TUESDAY_TEN - timedelta(minutes=20)
        await browser.get(link)
        assert (await press(browser, "/gig/here")).status_code == 303
        clock.now = gig.end
        await browser.get(link)
        assert (await press(browser, "/gig/done")).status_code == 303
        assert "Well done. Thank you!" in (await browser.get("/gig")).text
    assert await status_of(fresh, gig) == "done"


async def test_the_calendar_file_holds_the_time_and_the_place(cast: Cast) -> None:
    _, link = await offer(cast, cast.eetu)
    async with phone(cast) as browser:
        await browser.get(link)
        answer = await browser.get("/gig/calendar.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    assert "DTSTART;TZID=Europe/Helsinki:20261124T100000" in answer.text
    assert "Fleminginkatu 1" in answer.text
    assert "SUMMARY:Gig" in answer.text


@pytest.mark.parametrize(
    ("benefit", "told", "sentence"),
    [
        (None, 0, "We know of no benefit that this changes."),
        ("disability_pension", 0, "It fits with your benefits."),
        ("disability_pension", 96_000, "Talk with us first"),
        ("general_support", 0, "The benefit may fall by about €17.25."),
        ("housing_allowance", 0, "Ask us how it affects your benefits."),
    ],
)
async def test_the_effect_of_the_pay_is_told_in_words(
    cast: Cast, fresh: Fresh, benefit: str | None, told: int, sentence: str
) -> None:
    _, link = await offer(cast, cast.eetu)
    await fresh.owner(
        "INSERT INTO benefit_rules (organiser_id, id, benefit, kind, taper_percent, counts_by,"
        " components, valid_from, source, standing) VALUES (1, gen_random_uuid(),"
        " 'general_support', 'TAPER', 50, 'payment', ARRAY['pay'], '2026-05-01', 'test', 'assumed')"
    )
    if benefit:
        await make.save(
            cast,
            ClientBenefit(
                organiser_id=CITY, client_id=cast.eetu, benefit=benefit, valid_from=THIS_YEAR
            ),
        )
    if told:
        await fresh.owner(
            "INSERT INTO earnings_periods (organiser_id, client_id, benefit, kind, period,"
            " ceiling_cents, told_cents, committed_cents)"
            " VALUES (1, $1, $2, 'MONTH', '2026-12-01', 99090, $3, 0)",
            cast.eetu,
            benefit,
            told,
        )
    async with phone(cast) as browser:
        await browser.get(link)
        text = (await browser.get("/gig")).text
    assert sentence in text
    # Secrets in the form are random, and may hold any three numbers.
    assert "960" not in re.sub(r"<[^>]*>", "", text)


async def test_an_answer_needs_our_own_form(cast: Cast, fresh: Fresh) -> None:
    gig, link = await offer(cast, cast.eetu)
    async with phone(cast) as browser:
        await browser.get(link)
        assert (await browser.post("/gig/yes", data={"gig": str(gig.id)})).status_code == 403
    assert await status_of(fresh, gig) == "assigned"


async def test_staff_may_answer_and_the_page_follows(cast: Cast) -> None:
    gig, link = await offer(cast, cast.eetu)
    await cast.database.act(cast.maija, answering.accept, gig_id=gig.id, via=Via.PHONE, now=MONDAY)
    async with phone(cast) as browser:
        await browser.get(link)
        assert "The gig is yours" in (await browser.get("/gig")).text
