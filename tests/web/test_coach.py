"""The coach's days: what helps, another coach when one cannot, and a feed that tells no name."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from jobcenter.database import Who
from jobcenter.orders import answering, assigning
from jobcenter.orders.gigs import Gig, Via
from jobcenter.people.clients import ClientNeed
from jobcenter.people.staff import Coach, CoachHours
from tests import make
from tests.cast import CITY, MONDAY, THIS_YEAR, Cast, key
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.web.surfer import Clock, Surfer, sign_in, surfer


async def gig_of(cast: Cast, client_id: UUID, *, confirmed: bool = True) -> Gig:
    """Give a client a gig on Tuesday at ten, with the visits they need."""
    gig = await cast.database.act(
        cast.maija,
        assigning.assign,
        order_id=await make.save_order(cast, make.order()),
        place_no=1,
        client_id=client_id,
        start=TUESDAY_TEN,
        now=MONDAY,
    )
    if confirmed:
        await cast.database.act(
            cast.maija, answering.accept, gig_id=gig.id, via=Via.PHONE, now=MONDAY
        )
    return gig


@asynccontextmanager
async def as_coach(cast: Cast, who: Who | None = None) -> AsyncIterator[Surfer]:
    """Sign Kim (or somebody else) in, on a phone that speaks English."""
    async with surfer(cast.database) as browser:
        browser.cookies.set("jobcenter_language", "en")
        await sign_in(browser, cast, who or cast.kim)
        yield browser


async def visit_id(fresh: Fresh) -> UUID:
    rows = await fresh.owner("SELECT id FROM visits ORDER BY during LIMIT 1")
    found = rows[0]["id"]
    assert isinstance(found, UUID)
    return found


async def add_coach(cast: Cast) -> UUID:
    """Let Roni coach in Kim's unit too."""
    coach = Coach(
        organiser_id=CITY, id=key("roni_coach"), unit_id=cast.kaneli, name="Roni Raita",
        phone="+358451234568", languages=["fi"], lat=60.187, lon=24.964,
    )  # fmt: skip
    hours = [
        CoachHours(
            organiser_id=CITY, coach_id=coach.id, weekday=day, from_minute=480, to_minute=960
        )
        for day in range(5)
    ]
    await make.save(cast, coach, *hours)
    return coach.id


async def send(browser: Surfer, action: str, **fields: str) -> httpx.Response:
    return await browser.send_form("/coach", action, **fields)


async def test_a_visit_says_where_when_who_and_what_helps(cast: Cast, fresh: Fresh) -> None:
    await make.note(cast, cast.aino, START="Wait by the bicycles.")
    await gig_of(cast, cast.aino)
    async with as_coach(cast) as browser:
        text = (await browser.get("/coach")).text
    for words in (
        "9:30–10:30", "Fleminginkatu 1", "Aino", "tel:+358455550100", "meeting at the door",
        "a coach at the introduction", "Wait by the bicycles.", "Booked", "Nothing today",
    ):  # fmt: skip
        assert words in text, words
    assert "Aalto" not in text
    looks = await fresh.owner("SELECT actor, client_id, purpose FROM looks")
    assert [tuple(row) for row in looks] == [(key("kim"), cast.aino, "coach visits")]


async def test_a_held_visit_waits_for_the_answer(cast: Cast) -> None:
    await gig_of(cast, cast.aino, confirmed=False)
    async with as_coach(cast) as browser:
        assert "Held: waiting for the answer" in (await browser.get("/coach")).text


async def test_one_who_cannot_is_replaced_by_a_colleague(cast: Cast, fresh: Fresh) -> None:
    await gig_of(cast, cast.aino)
    roni = await add_coach(cast)
    visit = await visit_id(fresh)
    async with as_coach(cast) as browser:
        answer = await send(browser, f"/coach/visits/{visit}/cannot")
        assert answer.headers["location"] == "/coach?note=taken"
        text = (await browser.get("/coach?note=taken")).text
    assert "Another coach has taken the visit." in text
    assert "Aino" not in text
    rows = await fresh.owner("SELECT coach_id, status FROM visits")
    assert [tuple(row) for row in rows] == [(roni, "booked")]


async def test_when_nobody_else_is_free_the_coordinator_knows(cast: Cast, fresh: Fresh) -> None:
    await gig_of(cast, cast.aino)
    visit = await visit_id(fresh)
    async with as_coach(cast) as browser:
        answer = await send(browser, f"/coach/visits/{visit}/cannot")
        assert answer.headers["location"] == "/coach?note=nobody"
    todos = await fresh.owner("SELECT kind, unit_id FROM todos")
    assert [tuple(row) for row in todos] == [("find_coach", cast.kaneli)]


async def test_a_call_can_be_moved_within_its_time(cast: Cast, fresh: Fresh) -> None:
    await make.save(
        cast,
        ClientNeed(
            organiser_id=CITY, client_id=cast.eetu, code="START", level=1, assessed_on=THIS_YEAR
        ),
    )
    await gig_of(cast, cast.eetu)
    visit = await visit_id(fresh)
    action = f"/coach/visits/{visit}/move"
    async with as_coach(cast) as browser:
        moved = await send(browser, action, day="2026-11-23", clock="13:15")
        assert moved.headers["location"] == "/coach?note=moved"
        late = await send(browser, action, day="2026-11-25", clock="13:15")
        unread = await send(browser, action, day="soon", clock="25")
    assert late.status_code == 409
    assert unread.status_code == 422
    assert "We could not read this day." in unread.text
    rows = await fresh.owner("SELECT lower(during) AS begins FROM visits")
    assert rows[0]["begins"] == MONDAY + timedelta(hours=4, minutes=15)


async def test_an_absence_hands_the_visits_over(cast: Cast, fresh: Fresh) -> None:
    await gig_of(cast, cast.aino)
    roni = await add_coach(cast)
    fields = {"away_day": "2026-11-24", "away_from": "08:00", "away_to": "16:00"}
    async with as_coach(cast) as browser:
        for field, typed in (
            ("away_day", "soon"), ("away_day", ""), ("away_day", "2028-01-01"), ("away_from", "x"),
            ("away_to", "07:00"), ("away_until", "2026-11-23"),
        ):  # fmt: skip
            sent = {**fields, field: typed}
            refused = await send(browser, "/coach/away", **sent)
            assert (refused.status_code, f'<a href="#{field}">' in refused.text) == (422, True)
            # What was typed stands where the summary leads to.
            assert f'id="{field}-fault-1"' in refused.text
            shown = browser.shown(refused, "/coach/away")
            assert {name: shown[name] for name in sent} == sent
        # A holiday of a week is one absence; hours of one day are another.
        week = {**fields, "away_day": "2026-11-30", "away_until": "2026-12-04"}
        for told in (fields, week):
            assert (await send(browser, "/coach/away", **told)).status_code == 303
        assert "tel:+358455550100" not in (await browser.get("/coach")).text
    rows = await fresh.owner("SELECT coach_id FROM visits")
    assert rows[0]["coach_id"] == roni
    away = await fresh.owner("SELECT upper(during) - lower(during) FROM coach_absences ORDER BY id")
    assert [row[0] for row in away] == [timedelta(hours=8), timedelta(days=4, hours=8)]


async def test_the_feed_is_private_shown_once_and_tells_no_name(cast: Cast, fresh: Fresh) -> None:
    await gig_of(cast, cast.aino)
    async with as_coach(cast) as browser:
        first, second = [address(await send(browser, "/coach/feed")) for _ in range(2)]
        signed_in = await browser.get(second)
        browser.cookies.clear()
        old, new = await browser.get(first), await browser.get(second)
        wrong = await browser.get("/coach/feed/nothing.txt")
    assert (old.status_code, wrong.status_code) == (404, 404)
    assert signed_in.text == new.text
    assert new.headers["cache-control"] == "private, no-store"
    assert "DTSTART;TZID=Europe/Helsinki:20261124T093000" in new.text
    assert "SUMMARY:Gig" in new.text
    for secret in ("Aino", "START 2", "meeting", "Keittiöpaja"):
        assert secret not in new.text
    kept = await fresh.owner("SELECT feed_hash FROM coaches WHERE feed_hash IS NOT NULL")
    assert len(kept) == 1


def address(answer: httpx.Response) -> str:
    assert answer.status_code == 200
    return answer.text.partition("http://jobcenter.test")[2].partition('"')[0]


async def test_another_units_coach_sees_and_changes_nothing(cast: Cast, fresh: Fresh) -> None:
    await gig_of(cast, cast.aino)
    visit = await visit_id(fresh)
    liisa = replace(cast.kim, actor_id=key("liisa"), unit_ids=(cast.kulma,))
    async with as_coach(cast, liisa) as browser:
        page = await browser.get("/coach")
        assert "Aino" not in page.text
        csrf = (await browser.form("/coach", "/coach/away"))["csrf"]
        refused = await browser.post(f"/coach/visits/{visit}/cannot", data={"csrf": csrf})
    assert refused.status_code == 404


@pytest.mark.parametrize(("name", "status"), [("sari", 403), ("maija", 403)])
async def test_only_coaches_have_days(cast: Cast, name: str, status: int) -> None:
    async with surfer(cast.database, Clock()) as browser:
        assert (await browser.get("/coach")).status_code == 401
        await sign_in(browser, cast, {"sari": cast.sari, "maija": cast.maija}[name])
        assert (await browser.get("/coach")).status_code == status
