"""A unit's several places: opened and ended on its page, chosen for clients and coaches."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.dialects.postgresql import Range

from jobcenter.database import Who
from jobcenter.errors import NotAllowed, NotFound, SupportMissing
from jobcenter.intake import importing, unit_sites
from jobcenter.intake.importing import RegisterRefused
from jobcenter.intake.register import COACH_COLUMNS, read_register
from jobcenter.intake.told import filled
from jobcenter.people.staff import CoachAbsence
from jobcenter.travel import metres
from tests import make
from tests.cast import CITY, MONDAY, Cast, key
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.matching.test_loading import facts_of, fitting, laid_of
from tests.orders.steps import assign
from tests.web.surfer import Surfer, sign_in, surfer

MALMI = (60.248, 25.027)
NEW = {"site_name": "Kanelin Malmi", "address": "Malminkaari 5", "site_postcode": "00700"}


async def enter(browser: Surfer, cast: Cast, who: Who) -> None:
    browser.cookies.set("jobcenter_language", "en")
    await sign_in(browser, cast, who)


async def opened(browser: Surfer, cast: Cast, fresh: Fresh) -> UUID:
    """Have Maija note a second place of her unit, after two tries that say what is missing."""
    page = f"/units/{cast.kaneli}"
    unit = browser.all_shown(await browser.get(page), page)
    for field, typed, words in (
        ("address", "", "Street address: Please fill this in."),
        ("site_postcode", "", "District: Please choose one."),
        ("site_name", "keittiöpaja kaneli", "Name: The unit has a place by this name already."),
    ):
        answer = await browser.send_form(page, f"{page}/sites", **{**NEW, field: typed})
        link, below = f'<a href="#{field}">{words}</a>', f'id="{field}-fault-1"'
        assert (answer.status_code, link in answer.text, below in answer.text) == (422, True, True)
        # What was typed stands in the form, which is open; the unit's own form is as it was.
        assert "<details open>" in answer.text
        shown = browser.shown(answer, f"{page}/sites")
        assert {name: shown[name] for name in NEW} == {**NEW, field: typed}
        assert browser.all_shown(answer, page) == unit
    assert (await browser.send_form(page, f"{page}/sites", **NEW)).status_code == 303
    assert "Malminkaari 5" in (await browser.get(page)).text
    (row,) = await fresh.owner("SELECT id, unit_id, valid_to FROM unit_sites")
    assert (row["unit_id"], row["valid_to"]) == (cast.kaneli, None)
    found = row["id"]
    assert isinstance(found, UUID)
    return found


async def test_a_place_of_the_unit_is_where_activity_is_and_coaches_set_out(
    cast: Cast, fresh: Fresh
) -> None:
    order_id = await make.save_order(cast, make.order())
    week, kim = f"/clients/{cast.eetu}/edit/week", f"/coaches/{cast.kim_coach}"
    async with surfer(cast.database) as browser:
        await enter(browser, cast, cast.maija)
        site = await opened(browser, cast, fresh)
        # From the unit's own place he is at the gig by ten; from the other one he would be late.
        until = {"activity1_1_from": "08:00", "activity1_1_to": "09:15"}
        await browser.send_form(week, week, **until)
        assert (order_id, cast.eetu) in fitting(await laid_of(cast))
        await browser.send_form(week, week, place=f"site:{site}")
        assert (await browser.form(week, week))["place"] == f"site:{site}"
        assert (order_id, cast.eetu) not in fitting(await laid_of(cast))
        theirs = {one.id: one.site for one in (await facts_of(cast)).clients}
        assert (theirs[cast.eetu], theirs[cast.venla]) == (metres(*MALMI), None)
        # A home that is written down too changes nothing: who has a place sets out from there.
        await browser.send_form(kim, kim, site=str(site), postcode="00530")
        assert await _coach(fresh, cast) == (site, *MALMI)
        bases = {one.id: one.base for one in (await facts_of(cast)).coaches}
        assert bases == {cast.kim_coach: metres(*MALMI), cast.liisa_coach: None}
        # Kim begins at eight in Malmi, half an hour away, and Aino must be met before half past.
        early = await make.save_order(cast, make.order(start=TUESDAY_TEN - timedelta(hours=1.5)))
        assert (early, cast.aino) not in fitting(await laid_of(cast))
        with pytest.raises(SupportMissing):
            await assign(cast, early, cast.aino, start=TUESDAY_TEN - timedelta(hours=1.5))
        await fit_after_an_absence(cast)
        await fresh.owner("DELETE FROM changes")
        page = f"/units/{cast.kaneli}"
        await browser.send_form(page, f"{page}/sites/{site}/end")
        assert "Malminkaari" not in (await browser.get(page)).text
        # Whoever had the form open since before reads it where the place is chosen.
        gone = await browser.send_form(week, week, place=f"site:{site}")
        assert gone.status_code == 422
        assert '<a href="#place">' in gone.text
        assert 'id="place-fault-1"' in gone.text
    assert (order_id, cast.eetu) in fitting(await laid_of(cast))
    assert await _coach(fresh, cast) == (None, 60.187, 24.964)
    assert (early, cast.aino) in fitting(await laid_of(cast))
    told = await fresh.owner("SELECT kind, client_id, coach_id FROM changes ORDER BY kind")
    assert [tuple(row) for row in told] == [
        ("client_changed", cast.eetu, None), ("coach_changed", None, cast.kim_coach),
    ]  # fmt: skip
    # It is known ever after, chosen no more; and it was never for others to open or to end.
    told_anew = filled(NEW)
    for who, error in ((cast.pekka, NotFound), (cast.kim, NotAllowed)):
        with pytest.raises(error):
            await cast.database.act(
                who, unit_sites.open_site, unit_id=cast.kaneli, told=told_anew, now=MONDAY
            )
        with pytest.raises(error):
            await cast.database.act(who, unit_sites.end_site, site_id=site, now=MONDAY)
    (row,) = await fresh.owner("SELECT name, valid_to FROM unit_sites")
    assert (row["name"], row["valid_to"]) == ("Kanelin Malmi", MONDAY.date())


async def fit_after_an_absence(cast: Cast) -> None:
    """Kim is away until half past nine: that takes time, and is no second way from Malmi."""
    start = TUESDAY_TEN + timedelta(days=7)
    order_id = await make.save_order(cast, make.order(start=start))
    away = Range(start - timedelta(minutes=65), start - timedelta(minutes=35))
    absence = CoachAbsence(organiser_id=CITY, id=key("away"), coach_id=cast.kim_coach, during=away)
    await make.save(cast, absence)
    assert (order_id, cast.aino) in fitting(await laid_of(cast))
    await assign(cast, order_id, cast.aino, start=start)


async def _coach(fresh: Fresh, cast: Cast) -> tuple[object, ...]:
    (row,) = await fresh.owner(
        "SELECT site_id, lat, lon FROM coaches WHERE id = $1", cast.kim_coach
    )
    return tuple(row)


async def test_a_register_names_the_place(cast: Cast, fresh: Fresh) -> None:
    async with surfer(cast.database) as browser:
        await enter(browser, cast, cast.maija)
        site = await opened(browser, cast, fresh)

    async def take_in(place: str) -> None:
        data = f"nimi;puhelin;toimipaikka;postinumero\nOuti Oja;0401234567;{place};00530\n".encode()
        await cast.database.act(
            cast.maija, importing.take_in, kind="coaches", unit_id=cast.kaneli, now=MONDAY,
            lines=read_register("x.csv", data, COACH_COLUMNS),
        )  # fmt: skip

    with pytest.raises(RegisterRefused) as refused:
        await take_in("Toinen")
    assert [(one.row, one.fault.field) for one in refused.value.rows] == [(2, "site")]
    await take_in("kanelin malmi")
    (row,) = await fresh.owner("SELECT site_id, lat, lon FROM coaches WHERE name = 'Outi Oja'")
    assert tuple(row) == (site, *MALMI)
