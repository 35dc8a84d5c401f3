"""The organiser's lists: from a day on, with who and when, and nothing that has held rewritten."""

from datetime import date, timedelta

import asyncpg
import pytest

from jobcenter.errors import Changed, Invalid, NotAllowed, WrongMoment
from jobcenter.intake.told import Told, filled
from jobcenter.lists import changing, drafting, reading
from jobcenter.lists.catalogue import LISTS
from jobcenter.lists.listing import slug_of
from jobcenter.lists.planned import take_effect
from jobcenter.lists.reading import Sheet
from jobcenter.people import rights
from jobcenter.people.parties import DEMANDS, Employer
from jobcenter.people.staff import Grant, Role
from tests import make
from tests.cast import CITY, MONDAY, Cast, key
from tests.conftest import Fresh
from tests.lists.forms import NEW, OTHER

DAY = timedelta(days=1)
TODAY = MONDAY.date()
FLOOR = slug_of({"key": "G1"})


def floor(euros: str, on: date) -> Told:
    return filled(
        {"amount": euros, "source": "Agreement 12", "standing": "confirmed", "from": str(on)}
    )


async def sheet(cast: Cast, code: str, slug: str, *, days: int = 0) -> Sheet:
    now = MONDAY + DAY * days
    return await cast.database.read(cast.jaana, reading.sheet, LISTS[code], slug=slug, now=now)


async def change(cast: Cast, code: str, slug: str, told: Told) -> None:
    seen = (await sheet(cast, code, slug)).seen
    await cast.database.act(
        cast.jaana, changing.change, LISTS[code], slug=slug, seen=seen, told=told, now=MONDAY
    )


async def test_a_figure_changes_from_a_day_on_and_what_held_stays(cast: Cast, fresh: Fresh) -> None:
    before = await sheet(cast, "pay-floors", FLOOR)
    assert before.entry.now
    old = before.entry.now.values["amount"]
    ahead = TODAY + DAY * 10
    await change(cast, "pay-floors", FLOOR, floor("14,00", ahead))
    after = await sheet(cast, "pay-floors", FLOOR)
    assert after.entry.now
    assert after.entry.now.values["amount"] == old
    assert after.entry.now.valid_to == ahead
    assert after.entry.ahead[0].values["amount"] == 1400
    then = await sheet(cast, "pay-floors", FLOOR, days=11)
    assert then.entry.now
    assert (then.entry.now.values["amount"], then.entry.past[0].values["amount"]) == (1400, old)
    # Whoever had the page open since before hears that somebody was faster.
    with pytest.raises(Changed):
        await cast.database.act(
            cast.jaana, changing.change, LISTS["pay-floors"], slug=FLOOR, seen=before.seen,
            told=floor("15", ahead), now=MONDAY,
        )  # fmt: skip
    # A plan is put right by another on its day, and taken back as a whole.
    await change(cast, "pay-floors", FLOOR, floor("14,50", ahead))
    newest = await sheet(cast, "pay-floors", FLOOR)
    assert [row.values["amount"] for row in newest.entry.ahead][:1] == [1450]
    await cast.database.act(
        cast.jaana, changing.undo, LISTS["pay-floors"], slug=FLOOR, seen=newest.seen,
        begins=ahead, now=MONDAY,
    )  # fmt: skip
    last = await sheet(cast, "pay-floors", FLOOR, days=11)
    assert last.entry.now
    assert last.entry.now.values["amount"] == old
    assert [one.change.kind for one in last.changes] == ["undone", "changed", "changed"]
    assert {one.who for one in last.changes} == {"Jaana Rinne"}


async def test_what_cannot_be_is_refused_at_its_field(cast: Cast) -> None:
    listing = LISTS["pay-floors"]
    for told, field in (
        (floor("much", TODAY), "amount"),
        (floor("12", TODAY - DAY), "from"),
        (filled({"amount": "12", "standing": "confirmed", "from": str(TODAY)}), "source"),
    ):
        with pytest.raises(Invalid) as refused:
            await change(cast, "pay-floors", FLOOR, told)
        assert [fault.field for fault in refused.value.faults] == [field]
    with pytest.raises(NotAllowed):
        await cast.database.act(
            cast.maija, changing.change, listing, slug=FLOOR, seen="", told=floor("12", TODAY),
            now=MONDAY,
        )  # fmt: skip


async def test_weights_hold_at_once_and_the_matcher_looks_again(cast: Cast, fresh: Fresh) -> None:
    slug = slug_of({"key": "nearness"})
    usual = await sheet(cast, "weights", slug)
    assert usual.entry.now
    assert usual.entry.now.values["amount"] == 100
    await change(cast, "weights", slug, floor("0", TODAY))
    told = filled({"amount": "70", "source": "Board", "standing": "confirmed", "from": str(TODAY)})
    await change(cast, "weights", slug, told)
    rows = await fresh.owner("SELECT amount FROM figures WHERE kind = 'weight'")
    assert [row["amount"] for row in rows] == [70]
    assert len(await fresh.owner("SELECT 1 FROM rounds WHERE kind = 'whole'")) == 2


async def test_a_kind_of_work_keeps_its_id_and_waits_for_its_day(cast: Cast, fresh: Fresh) -> None:
    (row,) = await fresh.owner("SELECT * FROM task_types WHERE number = 2")
    slug = slug_of({"number": 2})
    page = await sheet(cast, "tasks", slug)
    assert page.entry.now
    told = Told(
        {
            **drafting.form_of(LISTS["tasks"], page.entry.now, page.sources, TODAY).fields,
            **{f"demands-{code}": ("1",) for code in DEMANDS},
            "name_fi": ("Astiahuolto",),
            "from": (str(TODAY + DAY),),
        }
    )
    await change(cast, "tasks", slug, told)
    assert (await sheet(cast, "tasks", slug)).entry.waiting
    for days in (0, 1):
        assert await take_effect(cast.database, cast.worker, now=MONDAY + days * DAY) == days
    (after,) = await fresh.owner("SELECT * FROM task_types WHERE number = 2")
    assert (after["id"], after["name_fi"], after["version"]) == (row["id"], "Astiahuolto", 2)
    assert after["demands"] == [1] * 6
    # Retired, not deleted; and nobody retires a unit with people in it.
    await end(cast, "tasks", slug)
    (retired,) = await fresh.owner("SELECT retired_on FROM task_types WHERE number = 2")
    assert retired["retired_on"] == TODAY
    with pytest.raises(WrongMoment, match="still in this unit"):
        await end(cast, "units", slug_of({"id": str(cast.kaneli)}))


async def test_roles_and_employers_retire_when_nobody_has_them(cast: Cast, fresh: Fresh) -> None:
    city, other = slug_of({"id": str(key("city"))}), key("other_employer")
    made = Role(organiser_id=CITY, code="instructor", name="Ohjaaja", rights=["assign"])
    staffing = Employer(
        organiser_id=CITY, id=other, kind="STAFFING_COMPANY", name="Taito Oy", insurer="Turva"
    )
    await make.save(cast, made, staffing)
    for code, slug, why in (
        ("roles", slug_of({"code": "coach"}), "Somebody has this role"),
        ("roles", slug_of({"code": "orderer"}), "whoever orders"),
        ("employers", city, "order with this employer"),
    ):
        with pytest.raises(WrongMoment, match=why):
            await end(cast, code, slug)
    await fresh.owner("UPDATE parties SET employer_id = $1", other)
    with pytest.raises(WrongMoment, match="need the city"):
        await end(cast, "employers", city)
    await fresh.owner("UPDATE parties SET employer_id = $1", key("city"))
    await end(cast, "roles", slug_of({"code": "instructor"}))
    await end(cast, "employers", slug_of({"id": str(other)}))
    # What has retired is given to nobody; the database itself says so, too.
    offered = await cast.database.read(cast.jaana, rights.choices)
    assert "instructor" not in offered.roles
    assert "coach" in offered.roles
    with pytest.raises(Invalid):
        await cast.database.act(
            cast.jaana, rights.give, user_id=key("kim"), role="instructor", unit_id=cast.kaneli,
            now=MONDAY,
        )  # fmt: skip
    grant = Grant(organiser_id=CITY, user_id=key("kim"), role="instructor", unit_id=cast.kaneli)
    with pytest.raises(WrongMoment):
        await make.save(cast, grant)
    with pytest.raises(asyncpg.CheckViolationError):
        await fresh.owner("UPDATE parties SET employer_id = $1", other)
    with pytest.raises(asyncpg.CheckViolationError):
        await fresh.owner("UPDATE roles SET active = false WHERE code = 'coach'")
    with pytest.raises(asyncpg.CheckViolationError):
        await fresh.owner("UPDATE employers SET active = false WHERE kind = 'CITY'")


async def end(cast: Cast, code: str, slug: str) -> None:
    seen = (await sheet(cast, code, slug)).seen
    await cast.database.act(
        cast.jaana, changing.end, LISTS[code], slug=slug, seen=seen,
        told=filled({"from": str(TODAY)}), now=MONDAY,
    )  # fmt: skip


async def test_a_role_is_added_and_nobody_changes_their_own(cast: Cast, fresh: Fresh) -> None:
    told = filled({"code": "instructor", "name": "Ohjaaja", "rights": ["coach", "see_caseload"]})
    slug = await cast.database.act(cast.jaana, changing.add, LISTS["roles"], told=told, now=MONDAY)
    assert (await sheet(cast, "roles", slug)).changes[0].change.kind == "begun"
    (row,) = await fresh.owner("SELECT rights FROM roles WHERE code = 'instructor'")
    assert row["rights"] == ["coach", "see_caseload"]
    with pytest.raises(WrongMoment, match="own rights"):
        await change(
            cast, "roles", slug_of({"code": "admin"}),
            filled({"name": "Pääkäyttäjä", "rights": ["organise", "read_log"]}),
        )  # fmt: skip
    unit = filled({"name": "Paja Uusi", "service": "disability", "postcode": "00500",
                   "languages": ["fi"], "phone": "09 310 1234"})  # fmt: skip
    made = await cast.database.act(cast.jaana, changing.add, LISTS["units"], told=unit, now=MONDAY)
    (place,) = await fresh.owner("SELECT region, active FROM units WHERE name = 'Paja Uusi'")
    assert (place["region"], place["active"]) == ("central", True)
    assert (await sheet(cast, "units", made)).entry.now


async def test_every_list_can_be_read(cast: Cast) -> None:
    for listing in LISTS.values():
        found = await cast.database.read(cast.jaana, reading.shown, listing, now=MONDAY)
        assert found.entries or not listing.closed, listing.code


@pytest.mark.parametrize("code", NEW)
async def test_an_entry_is_added_changed_and_kept_in_the_log(cast: Cast, code: str) -> None:
    listing, told = LISTS[code], filled({**NEW[code], "from": str(TODAY)})
    slug = await cast.database.act(cast.jaana, changing.add, listing, told=told, now=MONDAY)
    added = await sheet(cast, code, slug)
    assert added.entry.now
    (noted,) = added.changes
    assert (noted.change.kind, noted.change.after) == ("begun", added.entry.now.values)
    if listing.key:
        with pytest.raises(Invalid) as twice:
            await cast.database.act(cast.jaana, changing.add, listing, told=told, now=MONDAY)
        assert [fault.code for fault in twice.value.faults] == ["known"]
    if listing.may_end:
        await end(cast, code, slug)
        assert slug not in await cast.database.read(
            cast.jaana, reading.entries, listing, TODAY + DAY
        )


async def test_known_entries_take_other_values(cast: Cast) -> None:
    for code, (entry, form) in OTHER.items():
        slug = slug_of(entry)
        await change(cast, code, slug, filled({**form, "from": str(TODAY)}))
        changed = await sheet(cast, code, slug)
        assert changed.entry.now
        assert changed.changes[0].change.after == changed.entry.now.values, code
        # A closed list takes nothing that it does not know.
        if LISTS[code].closed:
            with pytest.raises(NotAllowed):
                await cast.database.act(
                    cast.jaana, changing.add, LISTS[code],
                    told=filled({**{name: str(one) for name, one in entry.items()}, **form}),
                    now=MONDAY,
                )  # fmt: skip
