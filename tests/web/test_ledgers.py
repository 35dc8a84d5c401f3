"""The benefits role's pages: ledgers of one's own units, read and kept, and nothing besides."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import jobcenter
from jobcenter.people.staff import Grant, User
from tests import make
from tests.cast import CITY, MONDAY, Cast, key
from tests.conftest import Fresh
from tests.orders import steps
from tests.test_walls import worked
from tests.web.surfer import Clock, Surfer, session_at, surfer

SQL = Path(jobcenter.__file__).parent / "migrations" / "sql"


async def bea_in(cast: Cast, now: datetime = MONDAY) -> str:
    """Let Kaneli's benefits adviser in and return their cookie."""
    await make.save(
        cast,
        User(organiser_id=CITY, id=key("bea"), email="bea@example.org", name="Bea Borg"),
        Grant(organiser_id=CITY, user_id=key("bea"), role="benefits", unit_id=cast.kaneli),
    )
    who = replace(cast.maija, actor_id=key("bea"))
    return await session_at(cast, who, "bea@example.org", now)


@asynccontextmanager
async def bea(cast: Cast) -> AsyncIterator[Surfer]:
    """Open a browser in which the adviser is signed in."""
    now = MONDAY + timedelta(days=2)
    async with surfer(cast.database, Clock(now)) as browser:
        browser.cookies.set("jobcenter_language", "en")
        browser.cookies.set("jobcenter_session", await bea_in(cast, now))
        yield browser


async def looks_of_bea(fresh: Fresh) -> set[tuple[UUID, str]]:
    rows = await fresh.owner("SELECT client_id, what FROM looks WHERE actor = $1", key("bea"))
    return {(row["client_id"], row["what"]) for row in rows}


async def test_an_adviser_sees_ledgers_of_their_units_and_no_record(
    cast: Cast, fresh: Fresh
) -> None:
    await steps.on_pension(cast, cast.aino)
    await worked(cast, cast.aino)
    async with bea(cast) as browser:
        listed = (await browser.get("/benefits")).text
        assert "Aino Aalto" in listed
        assert "Onni" not in listed
        found = (await browser.get("/benefits?q=eet")).text
        assert "Eetu Eskola" in found
        assert "Aino" not in found
        page = await browser.get(f"/benefits/{cast.aino}")
        assert page.status_code == 200
        for words in (
            "Aino Aalto",
            "€34.50",
            "24.11.2026",
            "Hours approved",
            "May still be earned",
        ):
            assert words in page.text, words
        for secret in ("meeting at the door", "The start", "+358455550100", "Keittiö", "Dishwash"):
            assert secret not in page.text, secret
        assert (await browser.get(f"/benefits/{cast.onni}")).status_code == 404
        for path in ("/clients", f"/board/clients/{cast.aino}", f"/clients/{cast.aino}/edit/needs"):
            assert (await browser.get(path)).status_code == 403
    assert await looks_of_bea(fresh) == {
        (cast.aino, "name"), (cast.eetu, "name"), (cast.venla, "name"),
        (cast.aino, "benefits and earnings"), (cast.onni, "refused"),
    }  # fmt: skip


async def test_an_adviser_keeps_benefits_and_what_is_earned_elsewhere(
    cast: Cast, fresh: Fresh
) -> None:
    path = f"/benefits/{cast.eetu}"
    async with bea(cast) as browser:
        saved = await browser.send_form(
            path,
            path,
            **{
                "benefits": "disability_pension",
                "since:disability_pension": "2026-01-01",
                "limit:disability_pension": "1200,00",
            },
        )
        assert saved.status_code == 303, saved.text
        told = {"benefit": "disability_pension", "month": "2026-12", "elsewhere": "1150"}
        kept = await browser.send_form(path, f"{path}/elsewhere", **told)
        assert kept.status_code == 303, kept.text
        shown = (await browser.get(path)).text
        for words in ("€1,150.00", "€50.00", "told 25.11.2026", "12/2026"):
            assert words in shown, words
        over = await browser.send_form(path, f"{path}/elsewhere", **{**told, "elsewhere": "1300"})
        assert over.status_code == 422
        assert "the limit is passed" in over.text
        wrong = await browser.send_form(path, f"{path}/elsewhere", **{**told, "month": "12/2026"})
        assert wrong.status_code == 422
        form = await browser.form(path, f"{path}/elsewhere")
        reason = {"reason": "They chose it after a talk."}
        allowed = await browser.post(
            f"{path}/elsewhere", data={**form, **told, **reason} | {"elsewhere": "1300"}
        )
        assert allowed.status_code == 303
        strange = await browser.post(f"/benefits/{cast.onni}/elsewhere", data={**form, **told})
        assert strange.status_code == 404
    rows = await fresh.owner(
        "SELECT told_cents, override_by, override_reason FROM earnings_periods"
        " WHERE client_id = $1",
        cast.eetu,
    )
    assert [tuple(row) for row in rows] == [(130_000, key("bea"), reason["reason"])]
    written = await fresh.owner(
        "SELECT part FROM upkeep_events WHERE actor = $1 ORDER BY at, id", key("bea")
    )
    assert [row["part"] for row in written] == ["benefits", "earnings", "earnings"]


async def test_the_role_lets_go_of_records_unless_a_city_made_it_its_own(
    cast: Cast, fresh: Fresh
) -> None:
    """The migration, on a database in which the role still has what it came with."""
    await bea_in(cast)
    script = (SQL / "benefits_role.sql").read_text(encoding="utf-8")
    for before, after, told in (
        (["see_clients", "override_ceiling"], ["override_ceiling"], 1),
        (["see_clients", "override_ceiling", "lead"], None, 1),
        (["override_ceiling"], None, 1),
    ):
        await fresh.owner("UPDATE roles SET rights = $1 WHERE code = 'benefits'", before)
        for statement in script.split(";\n"):
            await fresh.owner(statement)
        (role,) = await fresh.owner("SELECT rights FROM roles WHERE code = 'benefits'")
        assert role["rights"] == (after or before)
        events = await fresh.owner("SELECT user_id, kind, details FROM right_events")
        assert [(row["user_id"], row["kind"]) for row in events] == [
            (key("bea"), "role_changed")
        ] * told
