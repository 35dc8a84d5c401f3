"""The use log as its keeper reads it, and what it takes to open another unit's record."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from jobcenter import access
from jobcenter.audit import watching
from jobcenter.database import Database, Who
from tests import make
from tests.audit.test_seals import seal
from tests.cast import MONDAY, Cast, key
from tests.conftest import Fresh
from tests.orders import steps
from tests.web import surfer as web
from tests.web.surfer import Clock, Surfer, sign_in


@asynccontextmanager
async def surfer(database: Database, clock: Clock | None = None) -> AsyncIterator[Surfer]:
    """Open a browser that reads English, whoever signs in."""
    async with web.surfer(database, clock) as browser:
        browser.cookies.set("jobcenter_language", "en")
        yield browser


REASON = "Eetu fell at work and his own unit is closed."


async def emergency(browser: Surfer, gig: UUID, reason: str) -> tuple[int, str]:
    path = f"/board/gigs/{gig}/emergency"
    answer = await browser.send_form(path, path, reason=reason)
    return answer.status_code, answer.headers.get("location", answer.text)


async def gig_of_aino(cast: Cast) -> UUID:
    order_id = await make.save_order(cast, make.order())
    return (await steps.assign(cast, order_id, cast.aino)).id


async def test_in_an_emergency_a_reason_opens_a_record_for_hours_and_tells_everybody(
    cast: Cast, fresh: Fresh
) -> None:
    gig, clock = await gig_of_aino(cast), Clock()
    async with surfer(cast.database, clock) as browser:
        await sign_in(browser, cast, cast.pekka)
        assert (await browser.get(f"/board/clients/{cast.aino}")).status_code == 404
        status, said = await emergency(browser, gig, "  short   ")
        assert (status, "ten letters or more" in said) == (422, True)
        assert (await browser.get(f"/board/clients/{cast.aino}")).status_code == 404
        status, where = await emergency(browser, gig, REASON)
        assert (status, where) == (303, f"/board/clients/{cast.aino}?purpose=emergency")
        assert "Aino Aalto" in (await browser.get(where)).text
        assert (await browser.get(f"/board/clients/{cast.eetu}")).status_code == 404
    row = (await fresh.owner("SELECT user_id, reason, until - at AS lasts FROM emergencies"))[0]
    assert (row["user_id"], row["reason"], row["lasts"].total_seconds()) == (
        key("pekka"), REASON, 4 * 3600
    )  # fmt: skip
    looks = await fresh.owner("SELECT what, outside FROM looks WHERE purpose = 'emergency'")
    assert [tuple(look) for look in looks] == [("client page", True)]
    todos = await fresh.owner("SELECT unit_id FROM todos WHERE kind = 'emergency'")
    assert [todo["unit_id"] for todo in todos] == [cast.kaneli]
    mails = await fresh.owner("SELECT user_id, way FROM notices WHERE kind = 'emergency'")
    assert [tuple(mail) for mail in mails] == [(key("tuija"), "mail")]
    clock.move(hours=5)
    async with surfer(cast.database, clock) as browser:
        await sign_in(browser, cast, cast.pekka, clock.now)
        assert (await browser.get(f"/board/clients/{cast.aino}")).status_code == 404


async def test_an_emergency_needs_the_right_and_a_gig(cast: Cast) -> None:
    gig = await gig_of_aino(cast)
    async with surfer(cast.database) as browser:
        for who, status in ((cast.pekka, 200), (cast.kim, 403), (cast.sari, 403)):
            await sign_in(browser, cast, who)
            assert (await browser.get(f"/board/gigs/{gig}/emergency")).status_code == status
        await sign_in(browser, cast, cast.pekka)
        assert (await browser.get(f"/board/gigs/{uuid7()}/emergency")).status_code == 404


async def test_a_coach_opens_whom_they_answer_for_and_whom_they_visit(
    cast: Cast, fresh: Fresh
) -> None:
    await fresh.owner("UPDATE clients SET coach_id = NULL WHERE id <> $1", cast.eetu)
    await gig_of_aino(cast)
    async with surfer(cast.database) as browser:
        await sign_in(browser, cast, cast.kim)
        assert "Aino Aalto" in (await browser.get(f"/board/clients/{cast.aino}")).text
        assert "Responsible: Kim Koski" in (await browser.get(f"/board/clients/{cast.eetu}")).text
        assert (await browser.get(f"/board/clients/{cast.venla}")).status_code == 404
    clock = Clock()
    clock.move(days=60)
    async with surfer(cast.database, clock) as browser:
        await sign_in(browser, cast, cast.kim, clock.now)
        assert (await browser.get(f"/board/clients/{cast.aino}")).status_code == 404


@pytest.mark.parametrize("path", ["/audit", "/audit/client?number=x", "/audit/people?q=maija"])
async def test_only_the_keeper_reads_the_log(cast: Cast, path: str) -> None:
    async with surfer(cast.database) as browser:
        assert (await browser.get(path)).status_code == 401
        for who in (cast.maija, cast.kim, cast.sari, cast.jaana):
            await sign_in(browser, cast, who)
            assert (await browser.get(path)).status_code == 403, who.name


async def test_the_keeper_sees_strangers_and_emergencies_and_reading_is_logged(
    cast: Cast, fresh: Fresh
) -> None:
    gig = await gig_of_aino(cast)
    async with surfer(cast.database) as browser:
        await sign_in(browser, cast, cast.pekka)
        await browser.get(f"/board/clients/{cast.eetu}")
        await emergency(browser, gig, REASON)
        await browser.get(f"/board/clients/{cast.aino}?purpose=emergency")
        await seal(cast)
        await sign_in(browser, cast, cast.tuija)
        text = (await browser.get("/audit")).text
        for words in ("Pekka Puro", REASON, "The newest seal is number 1", "Keittiöpaja Kaneli"):
            assert words in text, words
        for secret in ("Aino", "Aalto", "Eskola"):
            assert secret not in text
    rows = await fresh.owner(
        "SELECT client_id, what, outside FROM looks WHERE actor = $1", key("tuija")
    )
    assert [tuple(row) for row in rows] == [(None, "use log", False)]


async def test_the_keeper_searches_by_client_and_by_person(cast: Cast, fresh: Fresh) -> None:
    gig = await steps.agreed(cast, cast.eetu)
    async with surfer(cast.database) as browser:
        await sign_in(browser, cast, cast.maija)
        page = (await browser.get(f"/board/clients/{cast.eetu}")).text
        assert f"Number in the log: {cast.eetu}" in page
        await sign_in(browser, cast, cast.sari)
        assert "Eetu" in (await browser.get(f"/orders/{gig.order_id}")).text
        await sign_in(browser, cast, cast.tuija)
        text = (await browser.get(f"/audit/client?number={cast.eetu}")).text
        for words in ("Maija Mäki", "The client&#39;s page", "Sari Salo", "Own order",
                      "Told outside the service", f"party {cast.keittio}"):  # fmt: skip
            assert words in text, words
        text = (await browser.get("/audit/people?q=maija")).text
        assert f"/audit/people/{key('maija')}" in text
        text = (await browser.get(f"/audit/people/{key('maija')}")).text
        assert str(cast.eetu)[-12:] in text
        wrong = await browser.get("/audit/client?number=Eetu")
        assert (wrong.status_code, 'href="/audit"' in wrong.text) == (422, True)
        short = await browser.get(f"/audit/client?number={str(cast.eetu)[-12:]}")
        assert ("Maija Mäki" in short.text, f"holds?number={cast.eetu}" in short.text) == (
            True,
        ) * 2
    rows = await fresh.owner(
        "SELECT client_id, purpose FROM looks WHERE actor = $1 ORDER BY at, id", key("tuija")
    )
    assert [tuple(row) for row in rows] == [
        (cast.eetu, "search by client"), (None, f"search by person {key('maija')}"),
        (None, "search by client"), (cast.eetu, "search by client"),
    ]  # fmt: skip


async def look(cast: Cast, who: Who, clients: list[UUID], what: str = "client page") -> None:
    await access.look(
        cast.database, who, clients=clients, what=what, purpose="planning", now=MONDAY
    )


async def test_who_opens_forty_records_of_another_unit_is_told_of_once(
    cast: Cast, fresh: Fresh
) -> None:
    """Story 12: denied, logged, and the data-protection officer alerted."""
    await look(cast, cast.maija, [cast.aino, cast.eetu, cast.venla])
    assert await cast.database.act(cast.worker, watching.watch, now=MONDAY) == 0
    async with surfer(cast.database) as browser:
        await sign_in(browser, cast, cast.pekka)
        for _ in range(40):
            assert (await browser.get(f"/board/clients/{uuid7()}")).status_code == 404
        for _ in range(2):
            assert await cast.database.act(cast.worker, watching.watch, now=MONDAY) == 1
        await sign_in(browser, cast, cast.tuija)
        text = (await browser.get("/audit")).text
        assert "Limits: 80 clients in an hour, 5 of other units." in text
        assert "<td>40</td>" in text
    mails = await fresh.owner("SELECT user_id FROM notices WHERE kind = 'many_looks'")
    assert [mail["user_id"] for mail in mails] == [key("tuija")]


async def test_many_of_ones_own_are_noticed_too(cast: Cast) -> None:
    await look(cast, cast.maija, [uuid7() for _ in range(5)], what="name and phone")
    assert await cast.database.act(cast.worker, watching.watch, now=MONDAY) == 0
    await look(cast, cast.maija, [uuid7() for _ in range(76)], what="name and phone")
    assert await cast.database.act(cast.worker, watching.watch, now=MONDAY) == 1


async def test_without_a_limit_the_page_says_that_nobody_is_warned(
    cast: Cast, fresh: Fresh
) -> None:
    await fresh.owner("DELETE FROM figures WHERE kind = 'looks_an_hour' AND key = 'people'")
    async with surfer(cast.database) as browser:
        await sign_in(browser, cast, cast.tuija)
        assert "A limit is missing, so nobody is warned" in (await browser.get("/audit")).text
