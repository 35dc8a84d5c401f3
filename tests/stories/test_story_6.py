"""Story 6, the earnings ceiling would be passed: stopped, told, and passed only by a named role."""

import asyncio
from datetime import date
from uuid import UUID

import httpx
import pytest_asyncio

from jobcenter.benefits import EarningsPeriod
from jobcenter.database import Who
from jobcenter.people.clients import ClientBenefit
from jobcenter.people.staff import Grant
from tests import make
from tests.cast import CITY, MONDAY, THIS_YEAR, Cast, key
from tests.make import TUESDAY_TEN
from tests.stories.stage import Stage
from tests.web.programs import Program, Programs, app_of, browser_of

START = TUESDAY_TEN.isoformat()


@pytest_asyncio.fixture
async def pensioner(stage: Stage) -> UUID:
    """Eetu gets a disability pension and has earned 900 euros that count in December."""
    cast = stage.cast
    stage.clock.now = MONDAY
    await make.save(
        cast,
        ClientBenefit(
            organiser_id=CITY,
            client_id=cast.eetu,
            benefit="disability_pension",
            valid_from=THIS_YEAR,
        ),
        EarningsPeriod(
            organiser_id=CITY,
            client_id=cast.eetu,
            benefit="disability_pension",
            kind="MONTH",
            period=date(2026, 12, 1),
            ceiling_cents=99_090,
            told_cents=90_000,
            told_on=date(2026, 11, 20),
            committed_cents=0,
        ),
    )
    return cast.eetu


async def ordered(cast: Cast, *, minutes: int = 360, hourly_cents: int = 2000) -> UUID:
    row = make.order(minutes=minutes, hourly_cents=hourly_cents)
    return await make.save_order(cast, row)


async def assign(program: Program, order_id: UUID, client_id: UUID, **more: str) -> httpx.Response:
    body = {"client_id": str(client_id), "start": START, **more}
    return await program.post(f"/api/orders/{order_id}/assign", body)


async def program_of(stage: Stage, who: Who) -> Program:
    app = app_of(stage.cast, stage.works.fresh, stage.clock)
    http = await stage.doors.enter_async_context(browser_of(app))
    return await Programs(stage.cast, http, stage.clock).of(who)


async def test_story_6_the_ceiling_stops(stage: Stage, pensioner: UUID) -> None:
    maija = await program_of(stage, stage.cast.maija)
    refused = await assign(maija, await ordered(stage.cast), pensioner)
    assert refused.status_code == 409
    assert refused.json()["type"] == "urn:jobcenter:ceiling_passed"
    # 1 020,00 against 990,90: she reads that the limit would be reached, not by how much.
    told = {name: value for name, value in refused.json().items() if name != "request_id"}
    assert "29,10" not in str(told)
    assert "2910" not in str(told)
    # Four and a half hours fit: 90,00 makes 990,00.
    shorter = await assign(maija, await ordered(stage.cast, minutes=270), pensioner)
    assert shorter.status_code == 201


async def test_story_6_a_missing_rule_stops_and_never_means_none(
    stage: Stage, pensioner: UUID
) -> None:
    await stage.works.fresh.owner("UPDATE benefit_rules SET valid_to = '2026-12-01'")
    maija = await program_of(stage, stage.cast.maija)
    refused = await assign(maija, await ordered(stage.cast), pensioner)
    assert refused.status_code == 409
    assert refused.json()["type"] == "urn:jobcenter:rule_missing"


async def test_story_6_of_two_at_once_one_commits(stage: Stage, pensioner: UUID) -> None:
    maija = await program_of(stage, stage.cast.maija)
    first = await ordered(stage.cast, minutes=180)
    row = make.order(start=TUESDAY_TEN.replace(hour=13), minutes=180, hourly_cents=2000)
    second = await make.save_order(stage.cast, row)
    later = {"client_id": str(pensioner), "start": row.starts[0].isoformat()}
    answers = await asyncio.gather(
        assign(maija, first, pensioner), maija.post(f"/api/orders/{second}/assign", later)
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409]


async def test_story_6_a_named_role_passes_it_with_a_reason(stage: Stage, pensioner: UUID) -> None:
    maija = await program_of(stage, stage.cast.maija)
    order_id = await ordered(stage.cast)
    reason = "Puhuimme eduista 20.11., asiakas ymmärtää."
    assert (await assign(maija, order_id, pensioner, override_reason=reason)).status_code == 403
    await make.save(
        stage.cast,
        Grant(
            organiser_id=CITY,
            user_id=key("maija"),
            role="benefits",
            unit_id=stage.cast.kaneli,
            party_id=None,
        ),
    )
    # Now she may see by how much, and what would help; that she saw it is written down first.
    told = (await assign(maija, order_id, pensioner)).json()
    assert (told["over_cents"], told["fits_minutes"], told["limit_cents"]) == (2910, 270, 99_090)
    await make.save(stage.cast, make.change(order_id))
    await stage.run()
    board = await stage.signed_in(stage.cast.maija)
    listed = await board.get(f"/board/orders/{order_id}")
    fields = {"place": "1", "client": str(pensioner), "start": START}
    stopped = await board.send_shown(listed, f"/board/orders/{order_id}/assign", **fields)
    assert stopped.status_code == 409
    for said in (
        "29,10\xa0€", "990,90\xa0€", "4 h 30 min sopisi", "toisessa kuussa", "Kela",
        "Voit kysyä toista tekijää alla olevasta listasta.", "Kysy: Venla",
    ):  # fmt: skip
        assert said in stopped.text, said
    looks = await stage.works.fresh.owner("SELECT what FROM looks WHERE what = 'earnings limit'")
    assert len(looks) == 2
    passed = await assign(maija, order_id, pensioner, override_reason=reason)
    assert passed.status_code == 201
    [period] = await stage.works.fresh.owner("SELECT * FROM earnings_periods")
    assert period["override_by"] == key("maija")
    assert period["override_reason"] == reason
