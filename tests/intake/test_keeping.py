"""What is kept about a client changes part by part: who may, what is told, what it does to gigs."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.access import look
from jobcenter.database import Who
from jobcenter.errors import Changed, Invalid, NotAllowed, NotFound, RuleBroken, TalkIsOver
from jobcenter.intake import keeping, parts, person
from jobcenter.intake.strains import GigsWouldBreak
from jobcenter.intake.told import Shown, Told, filled
from jobcenter.orders import assigning
from jobcenter.orders.gigs import Gig
from jobcenter.people.clients import ClientPractised
from tests import make
from tests.cast import CITY, MONDAY, Cast
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.orders import steps

HELMI: dict[str, Shown] = {
    "given_name": "Helmi", "family_name": "Harju", "phone": "040 123 4567", "language": "fi-easy",
    "service": "disability", "legal_basis": "shl-27e", "spoken": ("fi", "sv"), "postcode": "00530",
}  # fmt: skip
WEEK: dict[str, Shown] = {"week_hours": 20, "week_gigs": 5, "rest_days": 0}
LIMITS: dict[str, Shown] = {
    "physical": 3, "social": 3, "cognitive": 3, "time_pressure": 3, "noise": 3, "literacy": 3,
    "outdoors": True, "travel_minutes": 60,
}  # fmt: skip


async def keep(
    cast: Cast,
    part: str,
    fields: dict[str, Shown],
    *,
    who: Who | None = None,
    client: UUID | None = None,
    version: int = 1,
    seen_gigs: bool = False,
) -> int:
    return await cast.database.act(
        who or cast.maija,
        keeping.keep,
        client_id=client or cast.eetu,
        version=version,
        part=part,
        write=parts.WRITE[part],
        told=filled(fields),
        now=MONDAY,
        seen_gigs=seen_gigs,
    )


async def shown(cast: Cast, part: str, client: UUID | None = None) -> Told:
    """Look, as the page does, and read."""
    maija = replace(cast.maija, at=MONDAY, request_id="the page")
    seen = client or cast.eetu
    what = f"edit {part}"
    await look(cast.database, maija, clients=[seen], what=what, purpose="upkeep", now=MONDAY)
    sheet = await cast.database.read(maija, parts.sheet, client_id=seen, part=part, now=MONDAY)
    return sheet.form


async def eetus_gig(cast: Cast) -> Gig:
    return await cast.database.act(
        cast.maija,
        assigning.assign,
        order_id=await make.save_order(cast, make.order()),
        place_no=1,
        client_id=cast.eetu,
        start=TUESDAY_TEN,
        now=MONDAY,
    )


async def test_a_client_is_taken_in_with_light_limits_and_no_hours(
    fresh: Fresh, cast: Cast
) -> None:
    client_id = await cast.database.act(cast.kim, person.create, told=filled(HELMI), now=MONDAY)
    row = (await fresh.owner("SELECT * FROM clients WHERE id = $1", client_id))[0]
    assert (row["unit_id"], row["spoken"], row["postcode"]) == (
        cast.kaneli, ["fi", "sv"], "00530",
    )  # fmt: skip
    assert row["limits"] == [1, 1, 1, 1, 1, 0]
    assert await fresh.owner("SELECT 1 FROM client_hours WHERE client_id = $1", client_id) == []
    events = await fresh.owner("SELECT part, actor FROM upkeep_events")
    assert [tuple(event) for event in events] == [("new", cast.kim.actor_id)]
    assert len(await fresh.owner("SELECT 1 FROM changes WHERE client_id = $1", client_id)) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("given_name", ""), ("phone", "12"), ("email", "a@"), ("language", "xx"), ("service", ""),
     ("postcode", "99999"), ("family_name", "x" * 61)],
)  # fmt: skip
async def test_what_is_wrong_is_told_at_its_field(cast: Cast, field: str, value: str) -> None:
    with pytest.raises(Invalid) as refused:
        await cast.database.act(
            cast.maija, person.create, told=filled({**HELMI, field: value}), now=MONDAY
        )
    assert [fault.field for fault in refused.value.faults] == [field]


async def test_only_the_own_unit_may(cast: Cast) -> None:
    with pytest.raises(NotFound):
        await keep(cast, "strengths", {}, who=cast.pekka)
    with pytest.raises(NotAllowed):
        await keep(cast, "strengths", {}, who=Who(CITY, "benefits", unit_ids=(cast.kaneli,)))
    with pytest.raises(NotFound):
        await keep(cast, "hours", {}, who=cast.client(cast.aino))
    assert await keep(cast, "hours", {}, who=cast.client(cast.eetu)) == 2


async def test_who_is_second_hears_of_it_and_changes_nothing(fresh: Fresh, cast: Cast) -> None:
    await keep(cast, "strengths", {"strengths": ("strong",)})
    with pytest.raises(Changed):
        await keep(cast, "strengths", {"strengths": ("quick",)}, who=cast.kim)
    assert (await shown(cast, "strengths")).many("strengths") == ("strong",)
    assert len(await fresh.owner("SELECT 1 FROM upkeep_events")) == 1


async def test_every_part_comes_back_as_it_was_told(cast: Cast) -> None:
    dishes, site = f"task:{cast.dishwashing}", f"site:{cast.site}"
    told: dict[str, dict[str, Shown]] = {
        "strengths": {"strengths": ("friendly", "kitchen")},
        "wishes": {dishes: "likes_a_lot", site: "no", "practised": (str(cast.dishwashing),)},
        "hours": {"free0": ("morning", "afternoon"), "free2_1_from": "09:30",
                  "free2_1_to": "24:00"},
        "week": {**WEEK, "rest_days": 1, "one_new": True,
                 "activity1_1_from": "08:00", "activity1_1_to": "12:00"},
        "limits": {**LIMITS, "noise": 1, "step_free": True},
        "needs": {"need:START": 2, "note:START": "Ovella.", "review_on": "2027-02-01"},
        "cards": {"cards": ("HP", "TTK"), "until:TTK": "2027-12-31"},
        "benefits": {"benefits": ("disability_pension",), "since:disability_pension": "2026-01-01",
                     "limit:disability_pension": "1100,50"},
        "contact": HELMI,
        "review": {"review_on": "2027-05-24"},
    }  # fmt: skip
    await steps.talk_of(cast, cast.maija, cast.eetu)
    for version, (part, fields) in enumerate(told.items(), start=1):
        await keep(cast, part, fields, version=version)
    for part, fields in told.items():
        form = await shown(cast, part)
        for name, values in filled(fields).fields.items():
            expected = ("+358401234567",) if name == "phone" else values
            assert form.many(name) == expected, name


@pytest.mark.parametrize(
    ("part", "fields", "field"),
    [
        ("hours", {"free0_1_from": "12:00", "free0_1_to": "09:00"}, "free0_1_to"),
        ("hours", {"free0": ("morning",), "free0_1_from": "11", "free0_1_to": "13"},
         "free0_1_from"),
        ("hours", {"first_day": "2026-11-01"}, "first_day"),
        ("hours", {"first_day": "2026-12-02", "last_day": "2026-12-01"}, "last_day"),
        ("week", {**WEEK, "week_hours": "41"}, "week_hours"),
        ("week", {**WEEK, "rest_days": "-1"}, "rest_days"),
        ("limits", {**LIMITS, "noise": "4"}, "noise"),
        ("limits", {**LIMITS, "travel_minutes": "x"}, "travel_minutes"),
        ("needs", {"need:START": "9"}, "need:START"),
        ("needs", {"need:START": "1", "note:START": "Autismi"}, "note:START"),
        ("needs", {"review_on": "2026-11-23"}, "review_on"),
        ("cards", {"cards": ("TTK",)}, "until:TTK"),
        ("cards", {"cards": ("TTK",), "until:TTK": "2050-01-01"}, "until:TTK"),
        ("benefits", {"benefits": ("general_support",), "limit:general_support": "x"},
         "limit:general_support"),
        ("review", {}, "review_on"),
    ],
)  # fmt: skip
async def test_a_part_tells_what_is_wrong(
    cast: Cast, part: str, fields: dict[str, Shown], field: str
) -> None:
    if part == parts.BENEFITS:
        await steps.talk_of(cast, cast.maija, cast.eetu)
    with pytest.raises(Invalid) as refused:
        await keep(cast, part, fields)
    assert [fault.field for fault in refused.value.faults] == [field]


async def test_a_need_that_stays_keeps_who_assessed_it(fresh: Fresh, cast: Cast) -> None:
    await keep(cast, "needs", {"need:START": 2, "need:SAFE": 1}, client=cast.aino)
    rows = await fresh.owner(
        "SELECT code, assessed_by, assessed_on FROM client_needs ORDER BY code"
    )
    assert [tuple(row) for row in rows] == [
        ("SAFE", cast.maija.actor_id, date(2026, 11, 23)),
        ("START", None, date(2026, 1, 1)),
    ]


@pytest.mark.parametrize(
    ("part", "fields", "by_law"),
    [
        ("week", {**WEEK, "week_hours": 2}, True),
        ("week", {**WEEK, "week_gigs": 0}, True),
        ("week", {**WEEK, "activity1_1_from": "9", "activity1_1_to": "12"}, True),
        ("limits", {**LIMITS, "physical": 1}, False),
        ("hours", {"free0": ("morning",)}, False),
        ("wishes", {"add_party": "keittio"}, False),
        ("needs", {"need:START": 1}, False),
    ],
)  # fmt: skip
async def test_a_gig_that_would_not_fit_is_shown_first_and_then_seen_to(
    fresh: Fresh, cast: Cast, part: str, fields: dict[str, Shown], *, by_law: bool
) -> None:
    gig = await eetus_gig(cast)
    fields = {name: str(cast.keittio) if value == "keittio" else value
              for name, value in fields.items()}  # fmt: skip
    with pytest.raises(GigsWouldBreak) as shown_first:
        await keep(cast, part, fields)
    assert {strain.gig_id for strain in shown_first.value.strains} == {gig.id}
    assert await fresh.owner("SELECT 1 FROM upkeep_events") == []
    await keep(cast, part, fields, seen_gigs=True)
    todos = await fresh.owner("SELECT gig_id, unit_id FROM todos WHERE kind = 'check_gig'")
    assert [tuple(row) for row in todos] == [(gig.id, cast.kaneli)]
    flags = await fresh.owner("SELECT 1 FROM flags WHERE kind = 'over_limit'")
    assert bool(flags) is by_law


async def test_the_database_itself_refuses_a_silent_breach(fresh: Fresh, cast: Cast) -> None:
    await eetus_gig(cast)
    with pytest.raises(RuleBroken):
        await cast.database.act(cast.maija, _shorten, client_id=cast.eetu)


async def _shorten(session: AsyncSession, *, client_id: UUID) -> None:
    await session.execute(
        text("UPDATE clients SET week_minutes = 60 WHERE id = :id"), {"id": client_id}
    )


async def test_rest_days_lie_between_gigs(cast: Cast) -> None:
    await keep(cast, "week", {**WEEK, "rest_days": 1})
    await eetus_gig(cast)
    for days, fits in ((1, False), (2, True)):
        start = TUESDAY_TEN + timedelta(days=days)
        order_id = await make.save_order(cast, make.order(start=start))
        asked = cast.database.act(
            cast.maija, assigning.assign, order_id=order_id, place_no=1, client_id=cast.eetu,
            start=start, now=MONDAY,
        )  # fmt: skip
        if fits:
            await asked
        else:
            with pytest.raises(RuleBroken):
                await asked


async def test_one_new_thing_at_a_time(cast: Cast) -> None:
    await keep(cast, "week", {**WEEK, "one_new": True})
    with pytest.raises(RuleBroken):
        await eetus_gig(cast)
    known = ClientPractised(organiser_id=CITY, client_id=cast.eetu, task_type_id=cast.dishwashing)
    await make.save(cast, known)
    assert (await eetus_gig(cast)).client_id == cast.eetu


async def test_a_benefit_that_changes_ends_and_begins_anew(fresh: Fresh, cast: Cast) -> None:
    first = {"benefits": ("disability_pension",), "since:disability_pension": "2026-01-01"}
    with pytest.raises(TalkIsOver):
        await keep(cast, "benefits", {**first})
    await steps.talk_of(cast, cast.maija, cast.eetu)
    await keep(cast, "benefits", {**first})
    await keep(cast, "benefits", {**first, "limit:disability_pension": "1200"}, version=2)
    await keep(cast, "benefits", {}, version=3)
    rows = await fresh.owner(
        "SELECT valid_from, valid_to, personal_limit_cents FROM client_benefits ORDER BY valid_from"
    )
    # The limit of today was taken back today: a slip that leaves no row.
    assert [tuple(row) for row in rows] == [(date(2026, 1, 1), date(2026, 11, 23), None)]
