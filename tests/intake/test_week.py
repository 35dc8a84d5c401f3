"""A unit's week keeps what people wrote: closed days and holidays, a break and a consent."""

from pathlib import Path
from uuid import UUID

import pytest
from asyncpg.exceptions import CheckViolationError
from sqlalchemy.dialects.postgresql import Range

import jobcenter
from jobcenter.errors import RuleBroken, SupportMissing
from jobcenter.intake import person
from jobcenter.intake.told import filled
from jobcenter.orders import consenting
from jobcenter.people.parties import OrderingParty
from jobcenter.people.staff import CoachAbsence
from jobcenter.times import day_bounds
from tests import make
from tests.cast import CITY, MONDAY, Cast, key
from tests.conftest import Fresh
from tests.intake.test_keeping import HELMI
from tests.intake.test_unit_sites import enter
from tests.make import TUESDAY_TEN
from tests.matching.test_loading import fitting, laid_of
from tests.orders import steps
from tests.web.surfer import surfer

SCRIPT = Path(jobcenter.__file__).parent / "migrations" / "sql" / "unit_weeks.sql"


async def test_a_closed_day_holds_for_whoever_coaches_there_and_no_holiday_ends_with_it(
    cast: Cast, fresh: Fresh
) -> None:
    await steps.agreed(cast, cast.aino)
    holiday = Range(*day_bounds(TUESDAY_TEN.date()))
    await make.save(
        cast,
        CoachAbsence(organiser_id=CITY, id=key("own"), coach_id=cast.kim_coach, during=holiday),
    )
    page = f"/units/{cast.kaneli}"
    async with surfer(cast.database) as browser:
        await enter(browser, cast, cast.maija)
        sent = await browser.send_form(page, f"{page}/close", closed_first="2026-11-24")
        assert sent.headers["location"].endswith("note=closed")
        # Nobody else is there: what Kim had that day is for people to see to.
        assert await steps.statuses(fresh, "visits") == ["free"]
        # Whoever comes to coach here after it was written down is away that day as well.
        late = await steps.another_coach(cast, "late")
        client = await steps.newcomer(cast, "new", needs={"START": 2})
        order_id = await make.save_order(cast, make.order())
        with pytest.raises(SupportMissing):
            await steps.assign(cast, order_id, client)
        assert (order_id, client) not in fitting(await laid_of(cast))
        assert "The unit is closed." in (await browser.get(f"/coaches/{late}")).text
        await enter(browser, cast, cast.kim)
        assert "The unit is closed." in (await browser.get("/coach")).text
        # Taken back, it frees the newcomer, and Kim's own holiday of that very day stays.
        await enter(browser, cast, cast.maija)
        (closure,) = await fresh.owner("SELECT id FROM unit_closures")
        for _ in range(2):
            await browser.post(
                f"{page}/closures/{closure['id']}/open",
                data=await browser.form(page, f"{page}/close"),
            )
    (away,) = await fresh.owner("SELECT coach_id, lower(during) AS since FROM coach_absences")
    assert tuple(away) == (cast.kim_coach, holiday.lower)
    assert (order_id, client) in fitting(await laid_of(cast))
    await steps.assign(cast, order_id, client)
    (visit,) = await fresh.owner("SELECT coach_id FROM visits WHERE status = 'held'")
    assert visit["coach_id"] == late


async def test_a_closed_day_frees_the_hours_of_activity_until_it_is_taken_back(
    cast: Cast, fresh: Fresh
) -> None:
    # Eetu is at the unit on Tuesdays, without other hours; Venla's activity is at an association.
    association = key("association")
    await make.save(
        cast,
        OrderingParty(
            organiser_id=CITY, id=association, kind="association", name="Seurala ry",
            email="seurala@example.org", phone="+358401234599", employer_id=key("city"),
        ),
    )  # fmt: skip
    await fresh.owner("DELETE FROM client_hours WHERE client_id = $1 AND weekday = 1", cast.eetu)
    for client, place in ((cast.eetu, None), (cast.venla, association)):
        await fresh.owner(
            "INSERT INTO client_activity VALUES (1, $1, 1, 480, 960, $2)", client, place
        )
    order_id = await make.save_order(cast, make.order())
    assert (order_id, cast.eetu) not in fitting(await laid_of(cast))
    page = f"/units/{cast.kaneli}"
    async with surfer(cast.database) as browser:
        await enter(browser, cast, cast.maija)
        await browser.send_form(page, f"{page}/close", closed_first="2026-11-24")
        laid = fitting(await laid_of(cast))
        assert (order_id, cast.eetu) in laid
        assert (order_id, cast.venla) not in laid
        with pytest.raises(RuleBroken):
            await steps.assign(cast, order_id, cast.venla)
        await steps.assign(cast, order_id, cast.eetu)
        # The database lets no closure go from under a gig that nobody was told of.
        with pytest.raises(CheckViolationError, match="activity"):
            await fresh.owner("DELETE FROM unit_closures")
        (closure,) = await fresh.owner("SELECT id FROM unit_closures")
        for _ in range(2):
            await browser.post(
                f"{page}/closures/{closure['id']}/open",
                data=await browser.form(page, f"{page}/close"),
            )
    assert await steps.statuses(fresh, "gigs") == ["assigned"]
    (check,) = await fresh.owner("SELECT client_id, unit_id FROM todos WHERE kind = 'check_gig'")
    assert tuple(check) == (cast.eetu, cast.kaneli)
    assert len(await fresh.owner("SELECT FROM flags WHERE kind = 'over_limit'")) == 1
    assert not await fresh.owner("SELECT FROM unit_closures")


async def test_a_new_clients_activity_begins_as_their_units_days(cast: Cast, fresh: Fresh) -> None:
    for weekday in range(5):
        await fresh.owner(
            "INSERT INTO unit_days VALUES (1, $1, $2, 480, 840)", cast.kaneli, weekday
        )
    rows = "SELECT count(*) FROM client_activity WHERE client_id = $1"
    note = "These are the days of the unit."
    async with surfer(cast.database) as browser:
        await enter(browser, cast, cast.maija)
        # Whose week was told has what was told, also when that is no activity at all.
        assert note not in (await browser.get(f"/clients/{cast.eetu}/edit/week")).text
        client = await _taken_in(cast)
        week = f"/clients/{client}/edit/week"
        begun = await browser.get(week)
        shown = browser.shown(begun, week)
        times = {name: text for name, text in shown.items() if "activity" in name and text}
        # The law of this person allows four days: the fifth is not suggested.
        assert (note in begun.text, len(times), times["activity3_1_to"]) == (True, 8, "14:00")
        assert (await fresh.owner(rows, client))[0][0] == 0
        own = {"activity0_1_from": "", "activity0_1_to": "", "week_gigs": "1"}
        assert (await browser.send_shown(begun, week, **own)).status_code == 303
        assert (await fresh.owner(rows, client))[0][0] == 3
        # Told is told: whoever then takes all days out is asked no more.
        none = dict.fromkeys(times, "")
        assert (await browser.send_form(week, week, **none)).status_code == 303
        assert note not in (await browser.get(week)).text


async def _taken_in(cast: Cast) -> UUID:
    told = filled({**HELMI, "legal_basis": "189/2001"})
    return await cast.database.act(cast.maija, person.create, told=told, now=MONDAY)


async def test_ending_a_break_brings_nobody_back_into_the_pool(cast: Cast, fresh: Fresh) -> None:
    week, consents = f"/clients/{cast.eetu}/edit/week", f"/board/clients/{cast.eetu}/own"
    pool = "SELECT in_pool, paused FROM clients WHERE id = $1"
    async with surfer(cast.database) as browser:
        await enter(browser, cast, cast.maija)
        assert (await browser.send_form(week, week, paused="1")).status_code == 303
        # A break takes no consent away ...
        assert tuple((await fresh.owner(pool, cast.eetu))[0]) == (True, True)
        assert "The client has not agreed." not in _pool_of((await browser.get(consents)).text)
        assert "On a break" in (await browser.get("/clients")).text
        # ... and its end gives none: what Eetu withdrew meanwhile stays withdrawn.
        await cast.database.act(
            cast.client(cast.eetu), consenting.withdraw, client_id=cast.eetu, purpose="pool",
            now=MONDAY,
        )  # fmt: skip
        form = await browser.form(week, week)
        assert form.pop("paused") == "1"
        assert (await browser.post(week, data=form)).status_code == 303
        assert tuple((await fresh.owner(pool, cast.eetu))[0]) == (False, False)
        assert "The client has not agreed." in _pool_of((await browser.get(consents)).text)
        assert "Not in the pool" in (await browser.get("/clients")).text


def _pool_of(page: str) -> str:
    return page.split('id="pool"')[1].split("</section>", maxsplit=1)[0]


BEFORE = """
INSERT INTO unit_closures VALUES (1, '{closure}', '{kaneli}', '2026-07-06', '2026-07-12');
INSERT INTO coach_absences VALUES
    (1, '{copy}', '{kim}', tstzrange('2026-07-05 21:00+00', '2026-07-12 21:00+00')),
    (1, '{own}', '{kim}', tstzrange('2026-07-05 21:00+00', '2026-07-12 21:00+00'));
UPDATE clients SET in_pool = id = '{onni}';
INSERT INTO client_consents (organiser_id, id, client_id, purpose, text_version, given_at, how,
    withdrawn_at, withdrawn_how) SELECT 1, gen_random_uuid(), id, 'pool', 'x', '2026-01-01',
    'joined', '2026-02-01', 'own_page' FROM clients WHERE id IN ('{onni}', '{eetu}');
INSERT INTO upkeep_events SELECT 1, gen_random_uuid(), 'client', '{venla}', 'closed', 2, now(),
    NULL, 'coordinator';
"""


async def test_what_was_kept_twice_is_told_apart_by_the_migration(cast: Cast, fresh: Fresh) -> None:
    at = 1_780_000_000_000
    ids = {name: UUID(int=(at + later << 80) + 1) for name, later in
           (("closure", 0), ("copy", 40), ("own", 90_000))}  # fmt: skip
    for statement in BEFORE.split(";\n")[:-1]:
        await fresh.owner(
            statement.format(
                **ids, kaneli=cast.kaneli, kim=cast.kim_coach, onni=cast.onni, eetu=cast.eetu,
                venla=cast.venla,
            )
        )  # fmt: skip
    for statement in SCRIPT.read_text(encoding="utf-8").split(";\n"):
        await fresh.owner(statement)
    left = await fresh.owner("SELECT id FROM coach_absences")
    assert [row["id"] for row in left] == [ids["own"]]
    # Aino had a break; Eetu withdrew; Venla's case was closed and she has not said yes since; Onni
    # withdrew and was put back by staff.
    rows = await fresh.owner("SELECT id, in_pool, paused FROM clients")
    assert {row["id"]: tuple(row)[1:] for row in rows} == {
        cast.aino: (True, True), cast.eetu: (False, False), cast.venla: (False, False),
        cast.onni: (False, False),
    }  # fmt: skip
