"""The pages of intake and upkeep over HTTP: who gets in, what comes back, what stays unsaid."""

from uuid import UUID

import pytest

from jobcenter.database import Who
from jobcenter.orders import answering
from jobcenter.orders.gigs import Via
from jobcenter.people.clients import ClientBenefit
from jobcenter.retention import erasing
from jobcenter.web.personal import why_looked
from tests import make
from tests.cast import CITY, MONDAY, THIS_YEAR, Cast
from tests.conftest import Fresh
from tests.intake.test_keeping import eetus_gig
from tests.orders import steps
from tests.web.surfer import Clock, Surfer, sign_in, surfer


def edit(client_id: UUID, part: str) -> str:
    return f"/clients/{client_id}/edit/{part}"


async def enter(browser: Surfer, cast: Cast, who: Who) -> None:
    browser.cookies.set("jobcenter_language", "en")
    await sign_in(browser, cast, who)


async def test_the_list_names_the_own_units_clients_and_logs_each(fresh: Fresh, cast: Cast) -> None:
    async with surfer(cast.database) as browser:
        await enter(browser, cast, cast.maija)
        page = await browser.get("/clients")
        assert "Aino Aalto" in page.text
        assert "Onni" not in page.text
        assert "Strengths not asked yet" in page.text
        narrowed = await browser.get("/clients", params={"q": "venl"})
        assert "Venla Virta" in narrowed.text
        assert "Aino" not in narrowed.text
        assert "Nobody by that name" in (await browser.get("/clients?q=%25")).text
    looks = await fresh.owner("SELECT DISTINCT client_id FROM looks WHERE what = 'name'")
    assert {row[0] for row in looks} == {cast.aino, cast.eetu, cast.venla}


@pytest.mark.parametrize("path", ["/clients", "/clients/new"])
async def test_who_does_not_keep_clients_stays_out(cast: Cast, path: str) -> None:
    async with surfer(cast.database) as browser:
        assert (await browser.get(path)).status_code == 401
        await enter(browser, cast, cast.sari)
        assert (await browser.get(path)).status_code == 403


async def test_another_units_client_is_not_found_and_the_try_is_logged(
    fresh: Fresh, cast: Cast
) -> None:
    async with surfer(cast.database) as browser:
        await enter(browser, cast, cast.maija)
        for part in ("strengths", "benefits", "nothing"):
            assert (await browser.get(edit(cast.onni, part))).status_code == 404
        form = await browser.form(edit(cast.eetu, "strengths"), edit(cast.eetu, "strengths"))
        sent = await browser.post(edit(cast.onni, "strengths"), data=form)
        assert sent.status_code == 404
    looks = await fresh.owner("SELECT what FROM looks WHERE client_id = $1", cast.onni)
    assert {row[0] for row in looks} == {"refused"}


async def test_a_new_client_goes_on_to_strengths_and_faults_lose_nothing(cast: Cast) -> None:
    async with surfer(cast.database) as browser:
        await enter(browser, cast, cast.kim)
        refused = await browser.send_form("/clients/new", "/clients/new", given_name="Helmi")
        assert refused.status_code == 422
        assert 'href="#family_name">Last name: ' in refused.text
        assert browser.shown(refused, "/clients/new")["given_name"] == "Helmi"
        sent = await browser.send_shown(
            refused, "/clients/new", family_name="Harju", phone="0401234567"
        )
        assert sent.status_code == 303
        assert sent.headers["location"].endswith("/edit/strengths?note=new")
        page = await browser.get(sent.headers["location"])
        assert "Welcome, Helmi!" in page.text


async def test_the_second_of_two_gets_the_newest_state(cast: Cast) -> None:
    async with surfer(cast.database) as first, surfer(cast.database) as second:
        await enter(first, cast, cast.maija)
        await enter(second, cast, cast.kim)
        path = edit(cast.eetu, "week")
        opened = await second.get(path)
        assert (await first.send_form(path, path, week_gigs="3")).status_code == 303
        late = await second.send_shown(opened, path, week_gigs="4")
        assert late.status_code == 409
        assert second.shown(late, path)["week_gigs"] == "3"
        assert (await second.send_shown(late, path, week_gigs="4")).status_code == 303


async def test_a_gig_in_the_way_is_shown_before_anything_is_saved(fresh: Fresh, cast: Cast) -> None:
    gig = await eetus_gig(cast)
    async with surfer(cast.database) as browser:
        await enter(browser, cast, cast.maija)
        path = edit(cast.eetu, "week")
        shown = await browser.send_form(path, path, week_hours="2")
        assert shown.status_code == 409
        assert "The week has more hours than the person wants." in shown.text
        assert browser.shown(shown, path)["week_hours"] == "2"
        assert (await browser.send_shown(shown, path, seen_gigs="1")).status_code == 303
        board = await browser.get("/board")
        assert "Go through a gig: limits have changed" in board.text
    kept = await fresh.owner("SELECT status FROM gigs WHERE id = $1", gig.id)
    assert kept[0]["status"] == "assigned"


async def test_benefits_open_in_a_talk_that_is_written_down_and_not_for_long(
    fresh: Fresh, cast: Cast
) -> None:
    """No GET opens them; who, how and when is kept, told to the client, and over in 15 minutes."""
    row = ClientBenefit(
        organiser_id=CITY, client_id=cast.eetu, benefit="disability_pension",
        personal_limit_cents=123_456, valid_from=THIS_YEAR,
    )  # fmt: skip
    await make.save(cast, row)
    path, clock = edit(cast.eetu, "benefits"), Clock()
    opens = f"/clients/{cast.eetu}/benefits/talk"
    async with surfer(cast.database, clock=clock) as browser:
        await enter(browser, cast, cast.kim)
        for closed in (path, f"{path}?talk=1", f"{path}?talk=yes"):
            assert "1234,56" not in (await browser.get(closed)).text
        form = await browser.form(path, opens)
        assert (await browser.post(opens, data={"how": "phone"})).status_code == 403
        assert (await browser.post(opens, data=form)).status_code == 422
        opened = await browser.post(opens, data={**form, "how": "phone"})
        assert (opened.status_code, opened.headers["location"]) == (303, path)
        shown = await browser.get(path)
        assert browser.shown(shown, path)["limit:disability_pension"] == "1234,56"
        async with surfer(cast.database, clock=clock) as elsewhere:
            await enter(elsewhere, cast, cast.kim)
            assert "1234,56" not in (await elsewhere.get(path)).text
        clock.move(minutes=16)
        assert "1234,56" not in (await browser.get(path)).text
        assert (await browser.send_shown(shown, path)).status_code == 303
        # What is there now is not shown again to whoever comes second, nor an empty form.
        for version, minutes in (("1", 0), ("2", 10)):
            clock.move(minutes=minutes)
            late = await browser.send_shown(shown, path, version=version)
            assert late.status_code == 409
            assert "nothing was saved" in late.text
    talks = await fresh.owner("SELECT user_id, client_id, how, at FROM benefit_talks")
    assert [tuple(talk) for talk in talks] == [(cast.kim.actor_id, cast.eetu, "phone", MONDAY)]
    looks = await fresh.owner(
        "SELECT what, purpose, actor FROM looks WHERE what LIKE '%benefits%' ORDER BY id"
    )
    assert [tuple(look) for look in looks] == [
        (what, "benefits_phone", cast.kim.actor_id) for what in ("benefits talk", "edit benefits")
    ]
    assert why_looked("benefits_phone") == "In a talk with you about benefits, by phone"


async def wanted(browser: Surfer, cast: Cast, **fields: str) -> int:
    path = edit(cast.eetu, "wishes")
    return (await browser.send_form(path, path, **fields)).status_code


async def test_odd_input_is_answered_calmly(cast: Cast) -> None:
    async with surfer(cast.database) as browser:
        await enter(browser, cast, cast.maija)
        assert await wanted(browser, cast, **{f"task:{cast.onni}": "likes"}) == 422
        assert await wanted(browser, cast, **{f"task:{cast.dishwashing}": "adores"}) == 422
        assert await wanted(browser, cast, **{"task:nobody": "likes", "add_site": "x"}) == 303
        path = edit(cast.eetu, "contact")
        for version in ("", "x", "9" * 40, "-1"):
            late = await browser.send_form(path, path, version=version)
            assert late.status_code == 409
        odd = await browser.send_form(path, path, given_name="\x00", spoken="xx")
        assert odd.status_code == 422


async def test_only_a_tick_lets_text_messages_go_again(fresh: Fresh, cast: Cast) -> None:
    stopped = "SELECT texts_stopped_at IS NOT NULL FROM client_contacts WHERE client_id = $1"
    path = edit(cast.eetu, "contact")
    async with surfer(cast.database) as browser:
        await enter(browser, cast, cast.maija)
        assert "texts_again" not in (await browser.get(path)).text
        await fresh.owner("UPDATE client_contacts SET texts_stopped_at = now()")
        told = []
        for fields in ({}, {"texts_again": "1", "given_name": ""}, {"texts_again": "1"}):
            answer = await browser.send_form(path, path, **fields)
            told.append((answer.status_code, (await fresh.owner(stopped, cast.eetu))[0][0]))
        assert told == [(303, True), (422, True), (303, False)]


@pytest.mark.parametrize("part", ["contact", "limits", "wishes"])
async def test_a_form_that_was_open_does_not_bring_the_erased_back(
    fresh: Fresh, cast: Cast, part: str
) -> None:
    path = edit(cast.eetu, part)
    (before,) = await fresh.owner("SELECT version FROM clients WHERE id = $1", cast.eetu)
    async with surfer(cast.database) as browser:
        await enter(browser, cast, cast.maija)
        form = await browser.form(path, path)
        await cast.database.act(
            cast.worker, erasing.erase, client_id=cast.eetu, law="GDPR 17", now=MONDAY
        )
        (erased,) = await fresh.owner("SELECT * FROM clients WHERE id = $1", cast.eetu)
        assert (await browser.post(path, data=form)).status_code == 404
        guessed = {**form, "version": str(erased["version"])}
        assert (await browser.post(path, data=guessed)).status_code == 404
        assert (await browser.get(path)).status_code == 404
    assert erased["version"] == before["version"] + 1
    assert await fresh.owner("SELECT * FROM clients WHERE id = $1", cast.eetu) == [erased]
    for table in ("client_keys", "client_contacts", "client_need_notes", "client_wishes"):
        assert not await fresh.owner(f"SELECT 1 FROM {table} WHERE client_id = $1", cast.eetu)


async def test_a_case_is_closed_after_what_stands_in_the_way_and_opened_again(cast: Cast) -> None:
    path, record = f"/clients/{cast.aino}/closing", f"/board/clients/{cast.aino}"
    agreed = await steps.agreed(cast, cast.aino)
    async with surfer(cast.database) as browser:
        await enter(browser, cast, cast.maija)
        assert (await browser.get(f"/clients/{cast.onni}/closing")).status_code == 404
        page = await browser.get(path)
        assert "Dishwashing, Keittiö Kallio" in page.text
        assert f'action="{path}"' not in page.text
        await cast.database.act(
            cast.maija, answering.withdraw, gig_id=agreed.gig_id, via=Via.PHONE, now=MONDAY
        )
        assert "Links, the PIN and every open browser" in (await browser.get(path)).text
        refused = await browser.send_form(path, path, last_day="1.1.2001")
        assert (refused.status_code, "1.1.2001" in refused.text) == (422, True)
        sent = await browser.send_form(path, path)
        assert sent.headers["location"] == f"{path}?note=closed"
        assert "The case was closed on" in (await browser.get(record)).text
        assert "Aino" not in (await browser.get("/clients")).text
        assert "Aino" in (await browser.get("/clients?closed=1")).text
        edited = await browser.send_form(edit(cast.aino, "strengths"), edit(cast.aino, "strengths"))
        assert (edited.status_code, "Open it again first" in edited.text) == (409, True)
        again = await browser.send_form(path, f"/clients/{cast.aino}/reopening")
        assert again.headers["location"] == f"{record}?note=reopened"
        await enter(browser, cast, cast.kim)
        assert (await browser.get(path)).status_code == 403
