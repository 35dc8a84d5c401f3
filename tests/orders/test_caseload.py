"""Need to know: a coach is held to their caseload, in what they read and in what they do."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.access import look
from jobcenter.database import Who
from jobcenter.errors import Invalid, NoSuccessor, NotFound
from jobcenter.intake import coaches, importing, keeping, person, roster
from jobcenter.intake.parts import clerk
from jobcenter.intake.register import Line
from jobcenter.intake.told import Told, filled
from jobcenter.notices import todo
from jobcenter.orders import consenting, todos
from jobcenter.orders.queries import alarms
from jobcenter.orders.queries import coach as days
from jobcenter.people.clients import Client
from tests import make
from tests.cast import CITY, MONDAY, Cast, key
from tests.conftest import Fresh
from tests.web.surfer import sign_in, surfer

OPERATOR = Who(CITY, "operator")
ELLA = key("ella")


async def _shown(session: AsyncSession, client_id: UUID) -> Told:
    return await person.shown(session, await session.get_one(Client, (CITY, client_id)))


async def ella(fresh: Fresh) -> Who:
    """Have a second coach work in Kaneli, who is responsible for Venla."""
    await fresh.owner(
        "INSERT INTO users (organiser_id, id, email, name, phone, language, service)"
        " VALUES (1, $1, 'ella@example.org', 'Ella Elo', '', 'fi', false)", ELLA,
    )  # fmt: skip
    await fresh.owner(
        "INSERT INTO grants (organiser_id, id, user_id, role, unit_id)"
        " VALUES (1, gen_random_uuid(), $1, 'coach', $2)", ELLA, key("kaneli"),
    )  # fmt: skip
    await fresh.owner(
        "INSERT INTO coaches (organiser_id, id, unit_id, user_id, name, phone, languages, lat, lon,"
        " active, version) VALUES (1, $1, $2, $3, 'Ella Elo', '1', '{fi}', 60, 25, true, 1)",
        key("ella_coach"), key("kaneli"), ELLA,
    )  # fmt: skip
    await fresh.owner(
        "UPDATE clients SET coach_id = $1 WHERE id = $2", key("ella_coach"), key("venla")
    )
    return Who(
        CITY, "coach", actor_id=ELLA, unit_ids=(key("kaneli"),), at=MONDAY,
        rights=frozenset({"coach", "see_caseload"}),
    )  # fmt: skip


async def test_a_coach_reads_and_writes_of_their_own_only(cast: Cast, fresh: Fresh) -> None:
    other = await ella(fresh)
    kim = replace(cast.kim, at=MONDAY)
    assert await cast.database.read(other, roster.everybody) == {cast.venla}
    assert await cast.database.read(kim, roster.everybody) == {cast.aino, cast.eetu}
    assert len(await cast.database.read(cast.maija, roster.everybody)) == 3
    told = filled({"review_on": ""})
    for client_id in (cast.aino, cast.onni):
        with pytest.raises(NotFound):
            await cast.database.act(
                other, keeping.keep, client_id=client_id, version=1, part="review",
                write=person.write, told=told, now=MONDAY,
            )  # fmt: skip
        with pytest.raises(NotFound):
            await cast.database.act(
                other, consenting.give, client_id=client_id, purpose="full_sms", how="phone",
                now=MONDAY,
            )  # fmt: skip
    await look(cast.database, other, clients=[cast.aino], what="x", purpose="y", now=MONDAY)
    await look(cast.database, other, clients=[cast.venla], what="x", purpose="y", now=MONDAY)
    await look(cast.database, cast.maija, clients=[cast.aino], what="x", purpose="y", now=MONDAY)
    looks = await fresh.owner("SELECT client_id, outside FROM looks ORDER BY id")
    assert [tuple(row) for row in looks] == [
        (cast.aino, True), (cast.venla, False), (cast.aino, False),
    ]  # fmt: skip


async def test_whoever_stands_in_has_the_caseload_for_these_days(cast: Cast, fresh: Fresh) -> None:
    other = await ella(fresh)
    await fresh.owner(
        "INSERT INTO stand_ins (organiser_id, id, user_id, deputy_id, unit_id, first_day, last_day)"
        " VALUES (1, gen_random_uuid(), $1, $2, $3, $4, $4)",
        key("kim"), ELLA, cast.kaneli, MONDAY.date(),
    )  # fmt: skip
    seen = await cast.database.read(other, roster.everybody)
    assert seen == {cast.aino, cast.eetu, cast.venla}
    later = replace(other, at=MONDAY + timedelta(days=1))
    assert await cast.database.read(later, roster.everybody) == {cast.venla}


async def test_what_is_to_be_talked_about_goes_to_the_responsible_coach(
    cast: Cast, fresh: Fresh
) -> None:
    other = await ella(fresh)
    for client_id in (cast.aino, cast.venla):
        await cast.database.act(
            cast.worker, todo, kind="decision_week", due_at=MONDAY, now=MONDAY,
            mark=str(client_id), client_id=client_id,
        )  # fmt: skip
    found = await cast.database.read(cast.maija, alarms.alarms, units=[cast.kaneli], now=MONDAY)
    assert {alarm.client_id for alarm in found} == {cast.aino, cast.venla}
    seen = await cast.database.read(other, days.people_on_agenda, now=MONDAY)
    assert seen == {cast.venla}
    other = await make.looking(cast.database, other, *seen)
    agenda = await cast.database.read(other, days.agenda, seen=seen, now=MONDAY)
    assert [(duty.kind, duty.name) for duty in agenda.duties] == [("decision_week", "Venla Virta")]
    rows = await fresh.owner("SELECT id, client_id, coach_id FROM todos")
    ids = {row["client_id"]: row["id"] for row in rows}
    assert {row["coach_id"] for row in rows} == {cast.kim_coach, key("ella_coach")}
    with pytest.raises(NotFound):
        await cast.database.act(other, todos.settle, todo_id=ids[cast.aino], now=MONDAY)
    async with surfer(cast.database) as browser:
        browser.cookies.set("jobcenter_language", "en")
        await sign_in(browser, cast, cast.kim)
        page = await browser.get("/coach")
        assert "A decision ends within a week" in page.text
        assert "Venla" not in page.text
        done = await browser.send_form("/coach", f"/coach/todos/{ids[cast.aino]}/done")
        assert done.headers["location"] == "/coach?note=seen_to"


async def test_a_client_is_handed_over_and_no_coach_leaves_before(cast: Cast, fresh: Fresh) -> None:
    await ella(fresh)
    kaneli = {"unit": str(cast.kaneli), "language": "fi", "service": "disability",
              "legal_basis": "shl-27d", "given_name": "Helmi", "family_name": "Harju"}  # fmt: skip
    new = await cast.database.act(
        cast.kim, person.create, told=filled(kaneli | {"phone": "0401234567"}), now=MONDAY
    )
    lines = [
        Line(2, filled({"given_name": "Ida", "family_name": "Ilo", "phone": "0401234568",
                        "legal_basis": "shl-27d", "coach": "ella elo"})),
    ]  # fmt: skip
    chief = clerk(OPERATOR, cast.kaneli)
    await cast.database.act(
        chief, importing.take_in, kind="clients", unit_id=cast.kaneli, lines=lines, now=MONDAY
    )
    nobody = [Line(2, filled({**lines[0].told.fields, "coach": "Nobody At All"}))]
    with pytest.raises(Invalid):
        await cast.database.act(
            chief, importing.take_in, kind="clients", unit_id=cast.kaneli, lines=nobody, now=MONDAY
        )
    rows = await fresh.owner("SELECT coach_id FROM clients WHERE joined_on = $1", MONDAY.date())
    assert sorted(row[0] for row in rows) == sorted([cast.kim_coach, key("ella_coach")])
    sheet = await cast.database.read(cast.maija, coaches.sheet, coach_id=cast.kim_coach, now=MONDAY)
    leaving = {name: value for name, value in sheet.form.fields.items() if name != "active"}
    with pytest.raises(NoSuccessor):
        await cast.database.act(
            cast.maija, coaches.keep_coach, coach_id=cast.kim_coach, version=1,
            told=filled(leaving), now=MONDAY,
        )  # fmt: skip
    maija = await make.looking(cast.database, cast.maija, new)
    form = await cast.database.read(maija, _shown, new)
    await cast.database.act(
        cast.maija, keeping.keep, client_id=new, version=1, part="contact", write=person.write,
        told=filled({**form.fields, "coach": str(key("ella_coach"))}), now=MONDAY,
    )  # fmt: skip
    parts = await fresh.owner("SELECT part FROM upkeep_events WHERE subject_id = $1", new)
    assert {row[0] for row in parts} == {"new", "contact", "coach"}
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await fresh.owner("UPDATE clients SET coach_id = $1 WHERE id = $2", cast.liisa_coach, new)
