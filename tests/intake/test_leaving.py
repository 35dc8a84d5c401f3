"""Closing a case: what was open ends, what was agreed stands in the way, somebody comes back."""

import asyncio
from datetime import date, timedelta

import asyncpg
import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.errors import (
    CaseIsClosed,
    Invalid,
    NotAllowed,
    NotFound,
    NotSeenTo,
    RuleBroken,
    WrongMoment,
)
from jobcenter.intake import leaving
from jobcenter.orders import answering, consenting, incidents, linking
from jobcenter.orders.gigs import Via
from jobcenter.orders.incidents import Told
from jobcenter.people.clients import Client
from jobcenter.people.consents import POOL
from jobcenter.reference.retention import DAYS
from jobcenter.retention import sweeping
from jobcenter.times import local
from tests import make
from tests.cast import MONDAY, Cast
from tests.conftest import Fresh
from tests.locks import held
from tests.orders import steps
from tests.orders.test_incidents import NOW, tell
from tests.retention.people import WORDS, found_anywhere, told
from tests.retention.test_sweeping import WORKER, rules

TODAY = MONDAY.date()
DAY = timedelta(days=1)


async def close(cast: Cast, *, by: str = "maija", on: date = TODAY, version: int = 1) -> None:
    await cast.database.act(
        getattr(cast, by), leaving.close_case, client_id=cast.aino, version=version, last_day=on,
        now=MONDAY,
    )  # fmt: skip


async def agree(cast: Cast) -> None:
    await cast.database.act(
        cast.maija, consenting.give, client_id=cast.aino, purpose=POOL, how="phone", now=MONDAY
    )


async def doors(cast: Cast, fresh: Fresh) -> None:
    """Give Aino a link to an offer, one to her own page, a browser and a PIN."""
    await fresh.owner(
        "INSERT INTO client_pins (organiser_id, client_id, pin_hash, set_at, wrong)"
        " VALUES (1, $1, 'x', $2, 0)",
        cast.aino, MONDAY,
    )  # fmt: skip
    await cast.database.act(
        cast.maija, linking.send_pin_link, client_id=cast.aino, mint=lambda _: b"p" * 32, now=MONDAY
    )
    await fresh.owner(
        "INSERT INTO sessions (organiser_id, token_hash, link_hash, csrf, created_at, seen_at,"
        " expires_at) VALUES (1, sha256('s'), $1, 'x', $2, $2, $3)",
        b"p" * 32, MONDAY, MONDAY + DAY,
    )  # fmt: skip


async def test_what_was_open_ends_and_the_client_is_told(cast: Cast, fresh: Fresh) -> None:
    gig = await steps.assign(cast, await make.save_order(cast, make.order()), cast.aino)
    await doors(cast, fresh)
    await agree(cast)
    await fresh.owner(
        "INSERT INTO todos (organiser_id, id, kind, unit_id, client_id, dedupe_key, due_at,"
        " made_at) VALUES (1, gen_random_uuid(), 'call_me', $1, $2, 'x', $3, $3)",
        cast.kaneli, cast.aino, MONDAY,
    )  # fmt: skip
    await close(cast)
    await close(cast)
    (aino,) = await fresh.owner("SELECT * FROM clients WHERE id = $1", cast.aino)
    assert (aino["closed_on"], aino["in_pool"], aino["version"]) == (TODAY, False, 2)
    left = "SELECT 1 FROM {} WHERE client_id = '{}'"
    for table, where in (
        ("client_pins", ""), ("client_links", " AND revoked_at IS NULL"),
        ("links", " AND revoked_at IS NULL"), ("todos", " AND done_at IS NULL"),
        ("client_consents", " AND withdrawn_at IS NULL"),
        ("proposal_rows", " AND state = 'waiting'"),
    ):  # fmt: skip
        assert await fresh.owner(left.format(table, cast.aino) + where) == [], table
    assert await fresh.owner("SELECT 1 FROM sessions WHERE ended_at IS NULL") == []
    (status,) = await fresh.owner("SELECT status FROM gigs WHERE id = $1", gig.id)
    assert status[0] == "withdrawn"
    notices = await fresh.owner("SELECT kind FROM notices WHERE kind LIKE 'case%'")
    assert [row[0] for row in notices] == ["case_closed"]
    parts = await fresh.owner("SELECT part FROM upkeep_events WHERE subject_id = $1", cast.aino)
    assert [row[0] for row in parts] == ["closed"]
    assert await fresh.breaches() == {}


async def test_an_agreed_gig_stands_in_the_way(cast: Cast, fresh: Fresh) -> None:
    agreed = await steps.agreed(cast, cast.aino)
    with pytest.raises(WrongMoment, match="agreed"):
        await close(cast)
    with pytest.raises(asyncpg.CheckViolationError):
        await fresh.owner("UPDATE clients SET in_pool = false, closed_on = $1", TODAY)
    await cast.database.act(
        cast.maija, answering.withdraw, gig_id=agreed.gig_id, via=Via.PHONE, now=MONDAY
    )
    await close(cast)


async def test_a_report_that_nobody_has_seen_to_stands_in_the_way(cast: Cast, fresh: Fresh) -> None:
    """A serious accident's to-do never closes by closing the case of whoever was hurt."""
    gig_id = (await steps.agreed(cast, cast.aino)).gig_id
    incident_id = await tell(cast, cast.kim, gig_id, Told("Cut badly", "badly", NOW))
    await cast.database.act(
        cast.maija, answering.withdraw, gig_id=gig_id, via=Via.PHONE, now=MONDAY
    )
    with pytest.raises(WrongMoment, match=f"{local(NOW):%-d.%-m.%Y} has not been seen to"):
        await close(cast)
    assert "incident_serious" in await steps.todos(fresh)
    await cast.database.act(
        cast.maija, incidents.handle, gig_id=gig_id, incident_id=incident_id,
        outcome="Doctor, insurance", now=NOW,
    )  # fmt: skip
    await close(cast)


async def test_a_report_and_a_closing_at_once_do_not_pass_each_other(
    cast: Cast, fresh: Fresh
) -> None:
    """Without any lock of ours: the database lets one wait, and refuses to close over the other."""
    gig_id = (await steps.agreed(cast, cast.aino)).gig_id
    await cast.database.act(
        cast.maija, answering.withdraw, gig_id=gig_id, via=Via.PHONE, now=MONDAY
    )

    async def closed(session: AsyncSession) -> None:
        await session.execute(
            update(Client).where(Client.id == cast.aino).values(closed_on=TODAY, in_pool=False)
        )

    async with held(fresh, f"SELECT 1 FROM gigs WHERE id = '{gig_id}'") as reporting:
        await reporting.connection.execute(
            "INSERT INTO incidents (organiser_id, id, gig_id, client_id, told_from, nearly, hurt,"
            " happened_at, closed_words, told_at)"
            " VALUES (1, gen_random_uuid(), $1, $2, 'coach', false, 'badly', $3, '', $3)",
            gig_id, cast.aino, MONDAY,
        )  # fmt: skip
        closing = asyncio.create_task(cast.database.act(cast.maija, closed))
        await reporting.until_waiting(1)
    with pytest.raises(NotSeenTo) as refused:
        await closing
    assert refused.value.status == 409
    assert (await fresh.owner("SELECT closed_on FROM clients WHERE id = $1", cast.aino))[0][
        0
    ] is None
    await fresh.owner("UPDATE incidents SET handled_at = $1, closed_outcome = ''", MONDAY)
    await cast.database.act(cast.maija, closed)


async def test_a_closed_case_takes_nothing_until_it_is_open_again(cast: Cast, fresh: Fresh) -> None:
    order = await make.save_order(cast, make.order())
    await close(cast)
    with pytest.raises(RuleBroken, match="pool"):
        await steps.assign(cast, order, cast.aino)
    with pytest.raises(CaseIsClosed):
        await agree(cast)
    before = await fresh.owner("SELECT count(*) FROM client_links")
    for phone in ("+358455550100", "+358455550101"):
        await cast.database.act(
            cast.worker, linking.ask_again, phone=phone, mint=lambda key: key.bytes * 2, now=MONDAY
        )
    links = await fresh.owner("SELECT client_id FROM client_links")
    assert (before[0][0], [row[0] for row in links]) == (0, [cast.eetu])
    await cast.database.act(cast.maija, leaving.reopen_case, client_id=cast.aino, now=MONDAY)
    with pytest.raises(RuleBroken, match="pool"):
        await steps.assign(cast, order, cast.aino)
    await agree(cast)
    await steps.assign(cast, order, cast.aino)
    kinds = await fresh.owner(
        "SELECT kind FROM notices WHERE kind LIKE 'case%' ORDER BY written_at"
    )
    assert {row[0] for row in kinds} == {"case_closed", "case_reopened"}


async def test_only_the_units_coordinator_closes_and_on_a_day_that_can_be(cast: Cast) -> None:
    for by, refusal in (("pekka", NotFound), ("kim", NotAllowed)):
        with pytest.raises(refusal):
            await close(cast, by=by)
    for day in (TODAY + DAY, date(2020, 1, 1)):
        with pytest.raises(Invalid):
            await close(cast, on=day)


async def test_its_years_count_from_the_last_day(cast: Cast, fresh: Fresh) -> None:
    await rules(fresh)
    await told(cast)
    await close(cast, version=1)
    years, _ = DAYS["client"]
    for days, gone in ((years, 0), (years + 1, 1)):
        found = await sweeping.sweep_all(cast.database, WORKER, now=MONDAY + days * DAY)
        line = next(line for line in found if line.record_class == "client")
        assert line.removed == gone
    assert await found_anywhere(fresh, *WORDS) == {}
