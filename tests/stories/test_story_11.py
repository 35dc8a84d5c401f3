"""Story 11: a decision runs out; activity days, their law and their place."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import httpx
import pytest
from asyncpg import CheckViolationError

from jobcenter.people.decisions import ServiceDecision
from tests import make
from tests.cast import CITY, MONDAY, THIS_YEAR
from tests.make import TUESDAY_TEN
from tests.stories.playing import AINO_PHONE
from tests.stories.stage import Stage
from tests.web.surfer import Surfer

# Her decision's last day is the Monday before the gig.
LAST_DAY = date(2026, 11, 23)
WEDNESDAY_TWELVE = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
FRIDAY_TEN = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
NEW = {"kind": "shl-27d", "first_day": "2026-11-24", "reference": "HEL 2026-004711"}


async def needs_decision(stage: Stage, last_day: date = LAST_DAY) -> None:
    """Let coaching under 27 d need its decision, and Aino have one that ends."""
    stage.clock.now = MONDAY
    owner = stage.works.fresh.owner
    await owner("UPDATE clients SET legal_basis = 'shl-27d' WHERE id = $1", stage.cast.aino)
    await owner(
        "INSERT INTO coaching_rules VALUES"
        " ($1, gen_random_uuid(), 'own_unit', 'shl-27d', 'shl-27d', $2, NULL, 'test', 'assumed')",
        CITY, THIS_YEAR,
    )  # fmt: skip
    await make.save(
        stage.cast,
        ServiceDecision(
            organiser_id=CITY, client_id=stage.cast.aino, kind="shl-27d", first_day=THIS_YEAR,
            last_day=last_day, reference="HEL 2026-000123", recorded_at=MONDAY,
        ),
    )  # fmt: skip


async def send(browser: Surfer, client_id: UUID, part: str, **fields: str) -> httpx.Response:
    """Fill in one part of a client's record as it stands, with some fields changed, and save it."""
    path = f"/clients/{client_id}/edit/{part}"
    return await browser.send_shown(await browser.get(path), path, **fields)


async def assign(stage: Stage, browser: Surfer, client_id: UUID, start: datetime) -> httpx.Response:
    """Assign somebody by hand, as the board's form does."""
    order_id = await make.save_order(stage.cast, make.order(start=start, minutes=180))
    path = f"/board/orders/{order_id}"
    form = await browser.form("/board", "/signout")
    told = {
        "csrf": form["csrf"],
        "client": str(client_id),
        "place": "1",
        "start": start.isoformat(),
    }
    return await browser.post(f"{path}/assign", data=told)


async def test_story_11_after_the_end_a_visit_is_refused_with_the_date(stage: Stage) -> None:
    await needs_decision(stage)
    maija = await stage.signed_in(stage.cast.maija)
    refused = await assign(stage, maija, stage.cast.aino, TUESDAY_TEN)
    assert refused.status_code == 409
    assert "23.11.2026" in refused.text
    assert await stage.works.fresh.owner("SELECT 1 FROM visits") == []
    # Eetu needs no coach, so nothing stands in his way.
    assert (await assign(stage, maija, stage.cast.eetu, TUESDAY_TEN)).status_code == 303
    # Nobody without a number writes a decision down; with one, the visit can be booked.
    text = await send(maija, stage.cast.aino, "decisions", **{**NEW, "reference": "terveys"})
    assert text.status_code == 422
    assert (await send(maija, stage.cast.aino, "decisions", **NEW)).status_code == 303
    assert (await assign(stage, maija, stage.cast.aino, TUESDAY_TEN)).status_code == 303


async def test_story_11_the_database_has_the_last_word(stage: Stage) -> None:
    await needs_decision(stage, last_day=date(2026, 11, 24))
    maija = await stage.signed_in(stage.cast.maija)
    assert (await assign(stage, maija, stage.cast.aino, TUESDAY_TEN)).status_code == 303
    owner = stage.works.fresh.owner
    # A decision that ends earlier than thought takes no booked visit away ...
    await owner("UPDATE service_decisions SET last_day = '2026-11-23'")
    await stage.run()
    assert {row["status"] for row in await owner("SELECT status FROM visits")} == {"held"}
    # ... but no visit goes to a later day, and none is added.
    later = "UPDATE visits SET during = tstzrange(lower(during) + '1 day', upper(during) + '1 day')"
    with pytest.raises(CheckViolationError, match="shl-27d"):
        await owner(later)
    phone = await stage.phone_of(AINO_PHONE)
    assert (await phone.send_form("/gig", "/gig/yes")).status_code == 303


async def test_story_11_the_unit_hears_a_month_and_a_week_before_once_each(stage: Stage) -> None:
    await needs_decision(stage, last_day=date(2027, 1, 4))
    ends = datetime(2027, 1, 4, 8, 0, tzinfo=UTC)

    async def told() -> list[str]:
        found = await stage.works.fresh.owner(
            "SELECT kind FROM todos WHERE kind LIKE 'decision%' ORDER BY made_at"
        )
        return [row["kind"] for row in found]

    await stage.at(ends - timedelta(days=31))
    assert await told() == []
    await stage.at(ends - timedelta(days=30))
    await stage.at(ends - timedelta(days=29))
    assert await told() == ["decision_month"]
    maija = await stage.signed_in(stage.cast.maija)
    assert "Päätös päättyy kuukauden sisällä" in (await maija.get("/board")).text
    await stage.at(ends - timedelta(days=7))
    await stage.at(ends - timedelta(days=6))
    assert await told() == ["decision_month", "decision_week"]
    # Both are Kim's, who is responsible for her.
    theirs = "SELECT DISTINCT coach_id FROM todos WHERE kind LIKE 'decision%'"
    (responsible,) = await stage.works.fresh.owner(theirs)
    assert responsible["coach_id"] == stage.cast.kim_coach
    # The next decision sees to both.
    maija = await stage.signed_in(stage.cast.maija)
    fields = {**NEW, "first_day": "2027-01-05"}
    assert (await send(maija, stage.cast.aino, "decisions", **fields)).status_code == 303
    await stage.at(ends)
    unseen = "SELECT 1 FROM todos WHERE kind LIKE 'decision%' AND done_at IS NULL"
    assert await stage.works.fresh.owner(unseen) == []


async def test_story_11_four_days_of_activity_and_a_paid_gig_on_the_fifth(stage: Stage) -> None:
    cast, owner = stage.cast, stage.works.fresh.owner
    stage.clock.now = MONDAY
    await owner("UPDATE clients SET legal_basis = '189/2001' WHERE id = $1", cast.eetu)
    maija = await stage.signed_in(cast.maija)
    days = {f"activity{day}_1_{side}": at for day in range(4)
            for side, at in (("from", "09:00"), ("to", "13:00"))}  # fmt: skip
    fifth = {"activity4_1_from": "09:00", "activity4_1_to": "13:00"}
    refused = await send(maija, cast.eetu, "week", **days, **fifth)
    assert refused.status_code == 422
    assert "Laki sallii 4 toimintapäivää viikossa" in refused.text
    assert (await send(maija, cast.eetu, "week", **days)).status_code == 303
    with pytest.raises(CheckViolationError, match="at most 4 days"):
        await owner("INSERT INTO client_activity VALUES ($1, $2, 4, 540, 780)", CITY, cast.eetu)
    # A paid gig on Friday is fine; one from twelve on Wednesday meets an hour of activity.
    assert (await assign(stage, maija, cast.eetu, FRIDAY_TEN)).status_code == 303
    assert (await assign(stage, maija, cast.eetu, WEDNESDAY_TWELVE)).status_code == 409
    # Once the unit has moved that day's activity, it fits.
    moved = {**days, "activity2_1_from": "08:00", "activity2_1_to": "11:00"}
    assert (await send(maija, cast.eetu, "week", **moved)).status_code == 303
    assert (await assign(stage, maija, cast.eetu, WEDNESDAY_TWELVE)).status_code == 303


async def test_story_11_a_company_is_never_a_place_of_activity(stage: Stage) -> None:
    cast, owner = stage.cast, stage.works.fresh.owner
    stage.clock.now = MONDAY
    maija = await stage.signed_in(cast.maija)
    day = {"activity0_1_from": "09:00", "activity0_1_to": "13:00"}
    path = f"/clients/{cast.eetu}/edit/week"
    form = await maija.form(path, path)
    refused = await maija.post(path, data={**form, **day, "place": str(cast.keittio)})
    assert refused.status_code == 422
    assert "palkkatyötä" in refused.text
    assert await owner("SELECT 1 FROM client_activity") == []
    with pytest.raises(CheckViolationError, match="activity at a company"):
        await owner(
            "INSERT INTO client_activity VALUES ($1, $2, 0, 540, 780, $3)",
            CITY, cast.eetu, cast.keittio,
        )  # fmt: skip


async def test_own_unit_and_the_client_see_the_decision_and_nobody_else(stage: Stage) -> None:
    await needs_decision(stage)
    page = f"/board/clients/{stage.cast.aino}"
    maija = await stage.signed_in(stage.cast.maija)
    assert "HEL 2026-000123" in (await maija.get(page)).text
    pekka = await stage.signed_in(stage.cast.pekka)
    assert (await pekka.get(page)).status_code == 404
    assert (await pekka.get(f"/clients/{stage.cast.aino}/edit/decisions")).status_code == 404
