"""Units, coaches and stand-ins on pages: what is saved, what it touches, and who may."""

from datetime import timedelta

import pytest
from playwright.async_api import Browser, expect
from sqlalchemy.dialects.postgresql import Range

from jobcenter.database import Who
from jobcenter.intake import roster
from jobcenter.people.staff import Coach, CoachAbsence
from tests import make
from tests.browser import PHONE, WIDE, press, served, tab, visit
from tests.cast import CITY, MONDAY, Cast, key
from tests.conftest import Fresh
from tests.intake.test_keeping import eetus_gig
from tests.orders.steps import assign
from tests.web.surfer import Clock, Surfer, session_of, sign_in, surfer


async def enter(browser: Surfer, cast: Cast, who: Who) -> None:
    browser.cookies.set("jobcenter_language", "en")
    await sign_in(browser, cast, who)


def days(**hours: str) -> dict[str, str]:
    return {f"free{weekday}_1_{name}": text for weekday in range(5) for name, text in hours.items()}


async def test_a_coachs_hours_are_kept_and_the_matcher_told(fresh: Fresh, cast: Cast) -> None:
    path = f"/coaches/{cast.kim_coach}"
    async with surfer(cast.database) as browser:
        await enter(browser, cast, cast.kim)
        assert "Kim Koski" in (await browser.get("/units")).text
        saved = await browser.send_form(path, path, free5="morning", postcode="00700")
        assert saved.status_code == 303
        late = await browser.send_form(path, path, version="1")
        assert late.status_code == 409
        wrong = await browser.send_form(path, path, phone="1", free0_1_to="x")
        assert wrong.status_code == 422
    row = (await fresh.owner("SELECT lat, version FROM coaches WHERE id = $1", cast.kim_coach))[0]
    assert tuple(row) == (60.248, 2)
    hours = "SELECT weekday, from_minute, to_minute FROM coach_hours WHERE coach_id = $1"
    kept = await fresh.owner(f"{hours} ORDER BY weekday", cast.kim_coach)
    assert [tuple(each) for each in kept][-1] == (5, 480, 720)
    changes = await fresh.owner("SELECT coach_id FROM changes WHERE kind = 'coach_changed'")
    assert [each[0] for each in changes] == [cast.kim_coach]
    # Whoever coaches no more stays on the units' page, and is chosen for nobody new.
    gone = Coach(
        organiser_id=CITY, id=key("outi_coach"), unit_id=cast.kaneli, name="Outi Oja", active=False,
        phone="", languages=["fi"], lat=60.187, lon=24.964,
    )  # fmt: skip
    await make.save(cast, gone)
    chosen = await cast.database.read(cast.maija, roster.coaches)
    listed = await cast.database.read(cast.maija, roster.coaches, also_past=True)
    assert [coach.id for coach, _ in chosen] == [cast.kim_coach]
    assert [coach.id for coach, _ in listed] == [cast.kim_coach, gone.id]


async def test_another_coach_and_another_unit_stay_out(cast: Cast) -> None:
    path = f"/coaches/{cast.liisa_coach}"
    async with surfer(cast.database) as browser:
        await enter(browser, cast, cast.maija)
        assert (await browser.get(path)).status_code == 404
        assert (await browser.get(f"/units/{cast.kulma}")).status_code == 404
        own = await browser.form(f"/units/{cast.kaneli}", f"/units/{cast.kaneli}")
        assert (await browser.post(f"/units/{cast.kulma}", data=own)).status_code == 404
        assert (await browser.post(path, data=own)).status_code == 404
        await enter(browser, cast, cast.kim)
        assert (await browser.post(f"/units/{cast.kaneli}", data=own)).status_code == 403


async def test_visits_outside_new_hours_are_shown_before_they_are_saved(
    fresh: Fresh, cast: Cast
) -> None:
    order_id = await make.save_order(cast, make.order())
    await assign(cast, order_id, cast.aino)
    path = f"/coaches/{cast.kim_coach}"
    async with surfer(cast.database) as browser:
        await enter(browser, cast, cast.maija)
        opened = await browser.get(path)
        # Kim keeps Mondays only; the gig is on a Tuesday.
        form = browser.all_shown(opened, path)
        kept = {name: value for name, value in form.items()
                if not name.startswith("free") or name.startswith("free0")}  # fmt: skip
        shown = await browser.post(path, data=kept)
        assert shown.status_code == 409
        assert "lie outside" in shown.text or "lies outside" in shown.text
        assert (await browser.post(path, data={**kept, "seen_visits": "1"})).status_code == 303
    todos = await fresh.owner("SELECT coach_id FROM todos WHERE kind = 'check_visit'")
    assert {row[0] for row in todos} == {cast.kim_coach}


async def loses_nothing(
    browser: Surfer, page: str, action: str, told: dict[str, str], field: str, typed: str
) -> None:
    """Send a form with one field wrong: the summary leads to it, and all that was typed stays."""
    own = browser.all_shown(await browser.get(page), page)
    refused = await browser.send_form(page, action, **{**told, field: typed})
    assert (refused.status_code, f'<a href="#{field}">' in refused.text) == (422, True)
    shown = browser.shown(refused, action)
    assert {name: shown[name] for name in told} == {**told, field: typed}
    assert [name for name in told if f'id="{name}"' not in refused.text] == []
    assert browser.all_shown(refused, page) == own


async def test_forms_of_a_unit_lose_no_dates(cast: Cast) -> None:
    page, dates = f"/units/{cast.kaneli}", ("2026-12-21", "2026-12-23")
    closed = dict(zip(("closed_first", "closed_last"), dates, strict=True))
    away = dict(zip(("away_first", "away_last"), dates, strict=True)) | {"deputy": str(key("kim"))}
    async with surfer(cast.database) as browser:
        await enter(browser, cast, cast.maija)
        for field, typed in (
            ("closed_first", ""), ("closed_first", "2026-11-01"), ("closed_last", "2026-12-20"),
            ("closed_last", "x"), ("closed_first", "x"),
        ):  # fmt: skip
            await loses_nothing(browser, page, f"{page}/close", closed, field, typed)
        for field, typed in (("away_first", ""), ("away_last", "x"), ("deputy", "")):
            await loses_nothing(browser, page, f"{page}/stand-in", away, field, typed)


async def test_an_absence_is_noted_and_taken_out(fresh: Fresh, cast: Cast) -> None:
    path = f"/coaches/{cast.kim_coach}"
    async with surfer(cast.database) as browser:
        await enter(browser, cast, cast.maija)
        both = {"away_first": "2026-12-01", "away_last": "2026-12-03"}
        for field, value in (("away_first", ""), ("away_first", "x"), ("away_last", "2026-11-30")):
            await loses_nothing(browser, path, f"{path}/away", both, field, value)
        assert (await browser.send_form(path, f"{path}/away", **both)).status_code == 303
        row = (await fresh.owner("SELECT id, upper(during) - lower(during) FROM coach_absences"))[0]
        assert row[1] == timedelta(days=3)
        await browser.send_form(path, f"{path}/absences/{row[0]}/back")
        assert await fresh.owner("SELECT 1 FROM coach_absences") == []


async def test_a_units_days_and_languages_are_kept(fresh: Fresh, cast: Cast) -> None:
    path = f"/units/{cast.kaneli}"
    async with surfer(cast.database) as browser:
        await enter(browser, cast, cast.maija)
        fields = {"day0_1_from": "08:00", "day0_1_to": "14:00", "spoken": "sv"}
        assert (await browser.send_form(path, path, **fields)).status_code == 303
        assert (await browser.send_form(path, path, version="1")).status_code == 409
        assert (await browser.send_form(path, path, day0_1_to="07:00")).status_code == 422
        assert await fresh.owner("SELECT 1 FROM rounds") == []
        # In another district the ways are others: region and place follow, and all is looked at.
        assert (await browser.send_form(path, path, postcode="00700")).status_code == 303
    (asked,) = await fresh.owner("SELECT kind, asked_by FROM rounds")
    assert tuple(asked) == ("whole", cast.maija.actor_id)
    row = (await fresh.owner("SELECT * FROM units WHERE id = $1", cast.kaneli))[0]
    assert (row["languages"], row["region"], row["lat"]) == (["sv"], "northeast", 60.248)
    days_kept = await fresh.owner("SELECT weekday, from_minute, to_minute FROM unit_days")
    assert [tuple(each) for each in days_kept] == [(0, 480, 840)]


async def test_a_stand_in_sees_the_unit_on_those_days_only(fresh: Fresh, cast: Cast) -> None:
    path, clock = f"/units/{cast.kaneli}", Clock()
    async with surfer(cast.database, clock) as maija, surfer(cast.database, clock) as pekka:
        await enter(maija, cast, cast.maija)
        dates = {"away_first": "2026-11-24", "away_last": "2026-11-25"}
        asked = f"{path}/stand-in"
        assert (await maija.send_form(path, asked, deputy="x", **dates)).status_code == 422
        sent = await maija.send_form(path, asked, deputy=str(key("pekka")), **dates)
        assert sent.status_code == 303
        for days_on, sees in ((0, False), (1, True), (2, True), (3, False)):
            clock.now = MONDAY + timedelta(days=days_on)
            pekka.cookies.set("jobcenter_session", await session_of(cast, cast.pekka, clock.now))
            board = await pekka.get(f"/board/clients/{cast.aino}")
            assert (board.status_code == 200) is sees, days_on
        clock.now = MONDAY + timedelta(days=1)
        await enter(maija, cast, cast.maija)
        row = (await fresh.owner("SELECT id FROM stand_ins"))[0][0]
        pekka.cookies.set("jobcenter_session", await session_of(cast, cast.pekka, clock.now))
        await pekka.send_form(path, f"{path}/stand-ins/{row}/end")
        assert (await pekka.get(path)).status_code == 404
    parts = await fresh.owner("SELECT part FROM upkeep_events WHERE subject = 'stand_in'")
    assert {each[0] for each in parts} == {"begun", "ended"}


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
async def test_the_pages_in_a_browser(cast: Cast, chromium: Browser, size: tuple[int, int]) -> None:
    await eetus_gig(cast)
    await make.save(
        cast,
        CoachAbsence(
            organiser_id=CITY, coach_id=cast.kim_coach,
            during=Range(MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)),
        ),
    )  # fmt: skip
    session = await session_of(cast, cast.maija)
    async with (
        served(cast.database) as base,
        tab(chromium, base, size=size, session=session, language="fi-FI") as page,
    ):
        unit, coach = f"/units/{cast.kaneli}", f"/coaches/{cast.kim_coach}"
        for path in ("/units", unit, coach, "/clients/import"):
            await visit(page, path)
            name = path.strip("/").split("/")[0] + ("-one" if path.count("/") > 1 else "")
            await page.screenshot(path=f"var/intake/{size[0]}-{name}.png", full_page=True)
        # A gig in the way of a smaller week is shown before anything is saved.
        await visit(page, f"/clients/{cast.eetu}/edit/week")
        await page.fill("[name=week_hours]", "1")
        await press(page, page.locator("main .actions .hds-button--primary"))
        await expect(page.locator(".strains li")).to_have_count(1)
        await page.screenshot(path=f"var/intake/{size[0]}-strain.png", full_page=True)
        await press(page, page.locator("button[name=seen_gigs]"))
