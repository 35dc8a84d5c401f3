"""The orderer's face through HTTP: order, mistakes, follow, change, cancel, approve."""

import re
from datetime import datetime, timedelta
from uuid import UUID

import httpx
import pytest

from jobcenter.orders import answering, assigning, working
from jobcenter.orders.gigs import Via
from jobcenter.orders.model import Series
from jobcenter.web.signin import link_token
from tests import make
from tests.cast import CITY, MONDAY, Cast, key
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.orders import steps
from tests.web.surfer import CONFIG, Clock, Surfer, sign_in, surfer

# Story 1's order: dishwashing on Thursday from 10 to 13.
STORY = {
    "task": "2",
    "title": "Tiskaus",
    "site": str(key("site")),
    "timing": "fixed",
    "day": "2026-11-26",
    "start": "10",
    "end": "13",
    "pay": "11,50",
    "contact_name": "Sari Salo",
    "contact_phone": "040 123 4567",
    "contact_email": "sari@keittio.example",
}


async def as_sari(browser: Surfer, cast: Cast, now: datetime = MONDAY) -> None:
    """Sign Sari in; she reads English on this browser."""
    browser.cookies.set("jobcenter_language", "en")
    await sign_in(browser, cast, cast.sari, now)


async def look_over(browser: Surfer, **fields: str) -> httpx.Response:
    """Fill the form in as story 1 does, but for some fields."""
    return await browser.send_form("/orders/new?fresh=true", "/orders/new", **{**STORY, **fields})


async def order(browser: Surfer, **fields: str) -> UUID:
    """Order as story 1 does and return the order's id."""
    review = await look_over(browser, **fields)
    assert review.status_code == 200, review.text
    sent = await browser.send_shown(review, "/orders")
    assert sent.status_code == 303, sent.text
    return UUID(sent.headers["location"].split("/")[2])


async def test_an_order_is_looked_over_sent_and_followed(cast: Cast) -> None:
    async with surfer(cast.database) as browser:
        await as_sari(browser, cast)
        review = await look_over(browser)
        # 3 h x 11,50 = 34,50; side costs 22 % = 7,59; VAT 25,5 % of 42,09 = 10,73.
        assert "€34.50" in review.text
        assert "€52.82" in review.text
        order_id = await order(browser)
        receipt = await browser.get(f"/orders/{order_id}/receipt")
        assert "Jaana Rinne" in receipt.text
        assert "Tue 24 Nov at 12:00" in receipt.text
        sheet = await browser.get(f"/orders/{order_id}")
        assert "Looking for a worker" in sheet.text
        assert "Tiskaus" in (await browser.get("/orders")).text


async def test_sending_twice_makes_one_order(cast: Cast, fresh: Fresh) -> None:
    async with surfer(cast.database) as browser:
        await as_sari(browser, cast)
        review = await look_over(browser)
        first = await browser.send_shown(review, "/orders")
        second = await browser.send_shown(review, "/orders")
        assert first.headers["location"] == second.headers["location"]
        assert (await fresh.owner("SELECT count(*) FROM orders"))[0][0] == 1


async def test_the_status_link_shows_without_signing_in(cast: Cast) -> None:
    async with surfer(cast.database) as browser, surfer(cast.database) as stranger:
        await as_sari(browser, cast)
        order_id = await order(browser)
        receipt = (await browser.get(f"/orders/{order_id}/receipt")).text
        link = receipt.split('class="status-link" href="http://jobcenter.test')[1].split('"')[0]
        shown = await stranger.get(link)
        assert shown.status_code == 200
        assert "Looking for a worker" in shown.text
        assert "Fleminginkatu" not in shown.text
        assert (await stranger.get(link + "x")).status_code == 404


async def test_everything_wrong_is_told_at_once_and_nothing_is_lost(onlookers: Cast) -> None:
    """Story 9."""
    wrong = {
        "party_name": "Testi Oy",
        "business_id": "1234567-8",
        "title": "Haravointi {{7*7}}",
        "description": "vain terve mies alle 30 <script>alert(1)</script>",
        "start": "13",
        "end": "10",
        "pay": "9,00",
        "site": "new",
        "address": "Hämeenkatu 1",
        "postcode": "33100",
        "contact_email": "sari@",
    }
    async with surfer(onlookers.database) as browser:
        answer = await look_over(browser, **wrong)
        assert answer.status_code == 422
        for field in ("business_id", "description", "end", "pay", "postcode", "contact_email"):
            assert f'<a href="#{field}">' in answer.text, field
        assert "&lt;script&gt;alert(1)" in answer.text
        assert "{{7*7}}" in answer.text
        assert "data-focus" in answer.text
        # Sent again, the wording goes to a person; what was typed is still there.
        again = await browser.send_shown(answer, "/orders/new")
        assert again.status_code == 422
        assert '<a href="#description">' not in again.text
        assert "vain terve mies alle 30" in again.text
        assert "1234567-8" in again.text


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"day": "2026-11-23", "start": "8"}, "start"),
        ({"day": "2031-11-26"}, "start"),
        ({"day": "2027-03-28", "start": "3.30", "end": "6"}, "start"),
        ({"day": "2027-10-31", "start": "3.30", "end": "6"}, "start"),
        ({"start": "10", "end": "10"}, "end"),
        ({"start": "6", "end": "20"}, "end"),
        ({"end": "10.10"}, "end"),
        ({"day": "2027-02-30"}, "day"),
        ({"start": "25:00"}, "start"),
        ({"places": "0"}, "places"),
        ({"places": "201"}, "places"),
        ({"places": "1.5"}, "places"),
        ({"places": "1" * 31}, "places"),
        ({"pay": "-1"}, "pay"),
        ({"pay": "12,345"}, "pay"),
        ({"pay": "1000000"}, "pay"),
        ({"title": "\u200b \u202e"}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"description": "x" * 10_001}, "description"),
        ({"contact_phone": "+88213123456"}, "contact_phone"),
        ({"contact_name": ""}, "contact_name"),
        ({"task": "999"}, "task"),
        ({"task": "' OR 1=1--"}, "task"),
        ({"noise": "7"}, "physical"),
        ({"timing": "window", "start": "8", "end": "10", "length": "240"}, "end"),
        ({"repeat": "1", "last_day": "2026-11-20"}, "last_day"),
    ],
)
async def test_a_mistake_is_told_at_its_field(
    onlookers: Cast, fields: dict[str, str], field: str
) -> None:
    async with surfer(onlookers.database) as browser:
        await as_sari(browser, onlookers)
        answer = await look_over(browser, **fields)
        assert answer.status_code == 422
        assert f'<a href="#{field}">' in answer.text
        assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "name", ["Zoë Ääkkönen 👩🏽‍🔧", "محمد", "李", "O’Brien", "'; DROP TABLE orders", "=SUM(A1)"]
)
async def test_a_name_is_kept_as_it_is(onlookers: Cast, name: str) -> None:
    async with surfer(onlookers.database) as browser:
        await as_sari(browser, onlookers)
        answer = await look_over(browser, title=name)
        assert answer.status_code == 200
        assert name.replace("'", "&#39;") in answer.text


async def test_an_autumn_night_asks_which_of_the_two(cast: Cast) -> None:
    async with surfer(cast.database) as browser:
        await as_sari(browser, cast)
        answer = await look_over(browser, day="2027-10-31", start="3.30", end="6")
        assert "summer time" in answer.text
        chosen = await browser.send_shown(
            answer, "/orders/new", to="/orders/new/fill", do="start_offset:+02:00"
        )
        review = await browser.send_shown(chosen, "/orders/new")
        assert review.status_code == 200
        assert "2 h 30 min" in review.text


async def test_a_task_fills_in_what_such_work_needs(onlookers: Cast) -> None:
    async with surfer(onlookers.database) as browser:
        await as_sari(browser, onlookers)
        form = await browser.get("/orders/new?fresh=true")
        filled = await browser.send_shown(
            form, "/orders/new", to="/orders/new/fill", task="2", start="9", do="task"
        )
        fields = browser.shown(filled, "/orders/new")
        assert fields["title"] == "Dishwashing"
        assert fields["physical"] == "2"
        assert (fields["pay"], fields["end"]) == ("11,20", "12:00")


async def test_a_weekly_repeat_lists_its_dates_and_lets_one_out(cast: Cast, fresh: Fresh) -> None:
    async with surfer(cast.database) as browser:
        await as_sari(browser, cast)
        listed = await browser.send_form(
            "/orders/new?fresh=true", "/orders/new", to="/orders/new/fill", **STORY,
            repeat="1", last_day="2026-12-17", do="dates",
        )  # fmt: skip
        assert "4 dates" in listed.text
        # The second Thursday is unticked.
        fields = browser.all_shown(listed, "/orders/new")
        fields["kept"] = [day for day in fields["kept"] if day != "2026-12-03"]
        review = await browser.post("/orders/new", data=fields)
        assert "3 dates" in review.text
        await browser.post("/orders", data=browser.all_shown(review, "/orders"))
        days = await fresh.owner("SELECT first_start::date AS day FROM orders ORDER BY 1")
        assert [row["day"].day for row in days] == [26, 10, 17]

        # One mail thanks for all; each date's pages know of the others.
        mails = await fresh.owner("SELECT 1 FROM notices WHERE kind = 'order_received'")
        assert len(mails) == 1
        rows = await fresh.owner("SELECT id, number FROM orders ORDER BY first_start")
        second = f"/orders/{rows[1]['id']}"
        for path in (f"/orders/{rows[0]['id']}/receipt", second):
            text = (await browser.get(path)).text
            assert "for 3 dates" in text
            assert [row["number"] for row in rows if str(row["number"]) not in text] == []
        assert "one of 3 dates" in (await browser.get(f"{second}/change")).text
        asked = await browser.get(f"{second}/cancel")
        assert "All 2 dates from this one on: €0.00" in asked.text
        done = await browser.send_shown(asked, f"{second}/cancel", which="rest", reason="weather")
        assert done.status_code == 303
        left = await fresh.owner("SELECT status FROM orders ORDER BY first_start")
        assert [row["status"] for row in left] == ["open", "cancelled", "cancelled"]

        # Whoever has the first date's link reads of all dates there.
        receipt = await browser.get(f"/orders/{rows[0]['id']}/receipt")
        link = re.search(r"https?://[^/]+(/status/[\w-]+)", receipt.text)
    assert link
    async with surfer(cast.database) as stranger:
        stranger.cookies.set("jobcenter_language", "en")
        shown = (await stranger.get(link[1])).text
    assert "for 3 dates" in shown
    assert [row["number"] for row in rows if str(row["number"]) not in shown] == []
    assert shown.count("Cancelled") == 2


async def test_cancelling_the_dates_that_are_left_costs_what_each_of_them_costs(
    cast: Cast, fresh: Fresh
) -> None:
    """Tomorrow's gig costs its whole pay, the next day's half of it, next week's nothing."""
    first_day, days = TUESDAY_TEN.date(), (0, 1, 7)
    series = Series(
        organiser_id=CITY, id=key("series"), party_id=cast.keittio, weekdays=[1, 2],
        first_day=first_day, last_day=first_day + timedelta(days=7), without=[],
    )  # fmt: skip
    await make.save(cast, series)
    agreed = []
    for day, client_id in zip(days, (cast.eetu, cast.venla, cast.eetu), strict=True):
        order = make.order(start=TUESDAY_TEN + timedelta(days=day))
        order.series_id = series.id
        agreed.append(await steps.agreed(cast, client_id, order))
    clock = Clock()
    clock.now = MONDAY + timedelta(hours=3)
    async with surfer(cast.database, clock) as browser:
        await as_sari(browser, cast, clock.now)
        first = f"/orders/{agreed[0].order_id}"
        asked = await browser.get(f"{first}/cancel")
        assert "This date only, Tue 24 Nov: €34.50" in asked.text
        assert "All 3 dates from this one on: €51.75" in asked.text
        told = re.sub(r"<[^>]+>|\s+", " ", asked.text)
        for line in ("100 % of the pay of one worker", "50 % of the pay of one worker",
                     "so much time left that it costs nothing", "All 3 dates €51.75"):  # fmt: skip
            assert line in re.sub(" +", " ", told), line
        # Less than what is due now cannot be agreed to.
        cheap = await browser.send_shown(
            asked, f"{first}/cancel", which="rest", reason="weather", shown_rest="5174"
        )
        assert cheap.status_code == 409
        done = await browser.send_shown(asked, f"{first}/cancel", which="rest", reason="weather")
        assert done.status_code == 303
    lines = await fresh.owner("SELECT cents FROM pay_rows ORDER BY cents")
    assert [row["cents"] for row in lines] == [1725, 3450]
    assert {row["status"] for row in await fresh.owner("SELECT status FROM gigs")} == {"cancelled"}
    assert await fresh.breaches() == {}


async def test_a_draft_is_kept_for_this_browser_only(cast: Cast) -> None:
    async with surfer(cast.database) as browser, surfer(cast.database) as other:
        await browser.send_form(
            "/orders/new", "/orders/new", to="/orders/new/draft", title="Puoliksi \x00 valmis"
        )
        kept = (await browser.get("/orders/new")).text
        assert "Puoliksi  valmis" in kept
        assert "Puoliksi" not in (await browser.get("/orders/new?fresh=true")).text
        assert "Puoliksi" not in (await other.get("/orders/new")).text


async def test_the_price_lives_with_the_form(onlookers: Cast) -> None:
    async with surfer(onlookers.database) as browser:
        await as_sari(browser, onlookers)
        form = await browser.form("/orders/new?fresh=true", "/orders/new")
        answer = await browser.post(
            "/orders/new/draft",
            data={**form, **STORY, "places": "2"},
            headers={"hx-request": "true"},
        )
        assert answer.text.lstrip().startswith('<div id="price"')
        assert "€105.64" in answer.text


async def test_who_is_the_employer_reads_what_is_theirs_to_pay(cast: Cast, fresh: Fresh) -> None:
    """Pay 34,50 and side costs 7,59, and nothing from us: neither VAT nor an invoice."""
    await fresh.owner("UPDATE employers SET kind = 'ORDERER'")
    async with surfer(cast.database) as browser:
        await as_sari(browser, cast)
        review = (await look_over(browser)).text
    assert "You pay the wages and their side costs yourself. We send no invoice." in review
    assert "€42.09" in review
    assert "€0.00" not in review
    assert ">VAT<" not in review


async def test_a_visitor_confirms_by_mail_and_the_first_order_waits(
    cast: Cast, fresh: Fresh
) -> None:
    clock = Clock()
    newcomer = {
        **STORY, "site": "new", "party_name": "Pihayhdistys ry", "party_kind": "association",
        "address": "Vaasankatu 5", "postcode": "00500", "contact_email": "ulla@piha.example",
        "contact_name": "Ulla Uusi",
    }  # fmt: skip
    async with surfer(cast.database, clock) as browser:
        review = await look_over(browser, **newcomer)
        again = await browser.send_shown(review, "/orders")
        assert "send it once more" in again.text
        clock.move(seconds=90)
        sent = await browser.send_shown(again, "/orders")
        assert "Look in your e-mail" in sent.text
        assert await fresh.owner("SELECT 1 FROM orders") == []
        token = await link_of(cast, fresh, "ulla@piha.example")
        # What they had tried to open before leads nowhere else.
        assert (await browser.get("/account")).status_code == 401
        entered = await browser.send_form(f"/signin/{token}", f"/signin/{token}")
        assert entered.headers["location"] == "/orders/new"
        review = await browser.get("/orders/new")
        placed = await browser.send_shown(review, "/orders")
        receipt = await browser.get(placed.headers["location"])
        assert "one of us reads it first" in receipt.text
        rows = await fresh.owner("SELECT status, review_reason FROM orders")
        assert [tuple(row) for row in rows] == [("in_review", "first_order")]
        assert "Tiskaus" in (await browser.get("/orders")).text


@pytest.mark.parametrize("filled", [{"began": "1.made-up"}, {"website": "http://spam.example"}])
async def test_a_machine_only_seems_to_succeed(
    cast: Cast, fresh: Fresh, filled: dict[str, str]
) -> None:
    clock = Clock()
    async with surfer(cast.database, clock) as browser:
        review = await look_over(
            browser, site="new", party_name="Bot ry", party_kind="association",
            address="Vaasankatu 5", postcode="00500", contact_email="bot@spam.example",
        )  # fmt: skip
        clock.move(seconds=90)
        sent = await browser.send_shown(review, "/orders", **filled)
        assert "Look in your e-mail" in sent.text
        assert await fresh.owner("SELECT 1 FROM users WHERE email LIKE 'bot@%'") == []


async def test_the_name_shows_only_after_the_yes_and_with_consent(cast: Cast, fresh: Fresh) -> None:
    async with surfer(cast.database) as browser:
        await as_sari(browser, cast)
        order_id = await order(browser)
        gig = await cast.database.act(
            cast.maija, assigning.assign, order_id=order_id, place_no=1, client_id=cast.eetu,
            start=MONDAY.replace(day=26, hour=8), now=MONDAY,
        )  # fmt: skip
        waiting = (await browser.get(f"/orders/{order_id}")).text
        assert "Looking for a worker" in waiting
        assert "Eetu" not in waiting
        await cast.database.act(
            cast.maija, answering.accept, gig_id=gig.id, via=Via.PHONE, now=MONDAY
        )
        found = (await browser.get(f"/orders/{order_id}")).text
        assert "Worker found" in found
        assert "Eetu" in found
        for secret in ("Eskola", "Kaneli", "+35845555", "disability"):
            assert secret not in found
        looks = await fresh.owner("SELECT role, purpose FROM looks WHERE client_id = $1", cast.eetu)
        assert ("orderer", "own_order") in [tuple(row) for row in looks]
        await fresh.owner("UPDATE client_consents SET withdrawn_at = now()")
        assert "Eetu" not in (await browser.get(f"/orders/{order_id}")).text


async def test_hours_are_approved_in_one_tap(cast: Cast, fresh: Fresh) -> None:
    clock = Clock()
    async with surfer(cast.database, clock) as browser:
        await as_sari(browser, cast)
        order_id = await order(browser)
        gig = await confirmed(cast, order_id)
        clock.now = MONDAY.replace(day=26, hour=8)
        worker = cast.client(cast.eetu)
        await cast.database.act(worker, working.check_in, gig_id=gig, now=clock.now)
        await cast.database.act(
            worker, working.check_out, gig_id=gig, now=clock.now + timedelta(hours=3)
        )
        clock.move(hours=4)
        await as_sari(browser, cast, clock.now)
        action = f"/orders/{order_id}/gigs/{gig}/approve"
        approved = await browser.send_form(f"/orders/{order_id}", action)
        assert approved.status_code == 303
        assert "Done and approved" in (await browser.get(f"/orders/{order_id}")).text
        row = (await fresh.owner("SELECT worked_minutes, pay_cents FROM gigs"))[0]
        assert tuple(row) == (180, 3450)


async def test_cancelling_shows_its_cost_first(cast: Cast) -> None:
    """Story 2, the orderer's part: two hours before the start all of the pay is owed."""
    clock = Clock()
    async with surfer(cast.database, clock) as browser:
        await as_sari(browser, cast)
        order_id = await order(browser)
        await confirmed(cast, order_id)
        page = f"/orders/{order_id}/cancel"
        early = await browser.get(page)
        assert "costs nothing" in early.text
        clock.now = MONDAY.replace(day=26, hour=6)
        await as_sari(browser, cast, clock.now)
        stale = await browser.send_shown(early, page)
        assert stale.status_code in {403, 409}
        assert "€34.50" in (await browser.get(page)).text
        done = await browser.send_form(page, page)
        assert done.headers["location"].startswith(f"/orders/{order_id}")
        assert "Cancelled" in (await browser.get(f"/orders/{order_id}")).text
        assert (await browser.send_form(page, page)).status_code == 303


async def test_a_change_is_checked_and_an_old_version_refused(cast: Cast) -> None:
    async with surfer(cast.database) as browser:
        await as_sari(browser, cast)
        order_id = await order(browser)
        page = f"/orders/{order_id}/change"
        old = await browser.get(page)
        wrong = await browser.send_shown(old, page, title="", contact_phone="x", places="0")
        assert wrong.status_code == 422
        assert (await browser.send_shown(old, page, title="Tiskaus ja siivous")).status_code == 303
        assert "Tiskaus ja siivous" in (await browser.get(f"/orders/{order_id}")).text
        assert (await browser.send_shown(old, page, title="Muu")).status_code == 409


async def test_order_again_changes_only_the_day(cast: Cast) -> None:
    async with surfer(cast.database) as browser:
        await as_sari(browser, cast)
        order_id = await order(browser, description="Astiat koneesta hyllyyn", wear="Esiliina")
        fields = await browser.form(f"/orders/new?again={order_id}", "/orders/new")
        assert fields["day"] == ""
        assert fields["description"].strip() == "Astiat koneesta hyllyyn"
        assert (fields["wear"], fields["pay"]) == ("Esiliina", "11,50")


async def test_another_party_and_other_faces_are_not_there(cast: Cast) -> None:
    async with surfer(cast.database) as browser, surfer(cast.database) as other:
        await as_sari(browser, cast)
        order_id = await order(browser)
        await sign_in(other, cast, cast.pekka)
        for page in (f"/orders/{order_id}", f"/orders/{order_id}/cancel", "/orders"):
            assert (await other.get(page)).status_code == 403
        visitor = Surfer(transport=other._transport, base_url=other.base_url)
        answer = await visitor.get(f"/orders/{order_id}")
        assert answer.status_code == 401


async def test_an_order_of_another_party_is_not_there(cast: Cast, fresh: Fresh) -> None:
    async with surfer(cast.database) as browser, surfer(cast.database) as other:
        await as_sari(browser, cast)
        order_id = await order(browser)
        await fresh.owner(
            "INSERT INTO parties (organiser_id, id, kind, name, email, phone)"
            " VALUES (1, $1, 'association', 'Muu ry', 'muu@example.org', '+358401112222')",
            key("muu"),
        )
        await as_sari(other, cast)
        await fresh.owner("UPDATE grants SET party_id = $1 WHERE role = 'orderer'", key("muu"))
        for page in ("", "/cancel", "/change", "/receipt"):
            assert (await other.get(f"/orders/{order_id}{page}")).status_code == 404
        assert (await other.get(f"/orders/new?again={order_id}")).status_code == 404
        assert "Tiskaus" not in (await other.get("/orders")).text


async def test_a_window_and_several_starts_become_one_order_each(cast: Cast, fresh: Fresh) -> None:
    async with surfer(cast.database) as browser:
        await as_sari(browser, cast)
        await order(browser, timing="window", start="8", end="16", length="180")
        await order(browser, timing="starts", length="120", alt_day="2026-11-27", alt_start="13")
        rows = await fresh.owner(
            "SELECT timing, minutes, cardinality(starts) FROM orders ORDER BY number"
        )
        assert [tuple(row) for row in rows] == [("window", 180, 11), ("starts", 120, 2)]


async def test_a_group_order_keeps_its_places(cast: Cast, fresh: Fresh) -> None:
    async with surfer(cast.database) as browser:
        await as_sari(browser, cast)
        await order(browser, places="6", group_visit="1")
        rows = await fresh.owner("SELECT id, places, group_visit FROM orders")
        assert [(row["places"], row["group_visit"]) for row in rows] == [(6, True)]
        page = await browser.get(f"/orders/{rows[0]['id']}")
        assert "6, as a group with an instructor for the first half hour" in page.text
        assert (await fresh.owner("SELECT count(*) FROM order_places"))[0][0] == 6


async def test_an_agreement_sets_the_price_and_the_channel(cast: Cast, fresh: Fresh) -> None:
    await fresh.owner(
        "INSERT INTO agreements (organiser_id, id, party_id, title, valid_from, valid_to)"
        " VALUES (1, $1, $2, 'Puitesopimus', '2026-01-01', '2027-12-31')",
        key("agreement"), cast.keittio,
    )  # fmt: skip
    await fresh.owner(
        "INSERT INTO agreed_tasks VALUES (1, $1, $2, 1310)", key("agreement"), cast.dishwashing
    )
    await fresh.owner("INSERT INTO agreed_sites VALUES (1, $1, $2)", key("agreement"), cast.site)
    async with surfer(cast.database) as browser:
        await as_sari(browser, cast)
        form = await browser.get("/orders/new?fresh=true")
        filled = await browser.send_shown(
            form, "/orders/new", to="/orders/new/fill", task="2", do="task"
        )
        assert "Your agreement sets the pay: €13.10" in filled.text
        await order(browser)
        rows = await fresh.owner("SELECT channel, hourly_cents FROM orders")
        assert [tuple(row) for row in rows] == [("PARTNER", 1310)]


async def test_a_city_unit_without_a_cost_centre_has_only_a_draft(onlookers: Cast) -> None:
    async with surfer(onlookers.database) as browser:
        answer = await look_over(
            browser, site="new", party_kind="city_unit", party_name="Puistoyksikkö",
            address="Vaasankatu 5", postcode="00500",
        )  # fmt: skip
        assert answer.status_code == 422
        assert "only be saved as a draft" in answer.text
        kept = await browser.send_shown(answer, "/orders/new", to="/orders/new/draft")
        assert kept.status_code == 200


async def test_the_twenty_first_order_in_ten_minutes_waits(cast: Cast, fresh: Fresh) -> None:
    clock = Clock()
    async with surfer(cast.database, clock) as browser:
        await as_sari(browser, cast)
        for _ in range(20):
            await order(browser)
            clock.move(seconds=5)
        review = await look_over(browser)
        answer = await browser.send_shown(review, "/orders")
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "600")
        assert "09 310 00000" in answer.text


async def link_of(cast: Cast, fresh: Fresh, email: str) -> str:
    """Return the token of the link that was mailed to an address."""
    row = (
        await fresh.owner(
            "SELECT u.id, l.expires_at FROM users u JOIN signin_links l ON l.user_id = u.id"
            " WHERE u.email = $1",
            email,
        )
    )[0]
    return link_token(CONFIG.secret, row["id"], row["expires_at"])


async def confirmed(cast: Cast, order_id: UUID) -> UUID:
    """Let Maija ask Eetu, who says yes on the phone."""
    gig = await cast.database.act(
        cast.maija, assigning.assign, order_id=order_id, place_no=1, client_id=cast.eetu,
        start=MONDAY.replace(day=26, hour=8), now=MONDAY,
    )  # fmt: skip
    await cast.database.act(cast.maija, answering.accept, gig_id=gig.id, via=Via.PHONE, now=MONDAY)
    return gig.id
