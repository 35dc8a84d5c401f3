"""What the organiser changes holds for the rest of the service, from its day on and no sooner."""

from datetime import date, time, timedelta
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.errors import Invalid, NotAllowed, RuleMissing, WrongMoment
from jobcenter.intake.told import filled
from jobcenter.lists import changing, reading
from jobcenter.lists.catalogue import LISTS
from jobcenter.lists.listing import slug_of
from jobcenter.lists.planned import take_effect
from jobcenter.matching.loading import ground
from jobcenter.matching.loading.layout import weights_of
from jobcenter.notices import quiet_hours
from jobcenter.orders import clocks, coached, escalating, proposing, terms
from jobcenter.orders.locking import locked_client
from jobcenter.orders.model import Order
from jobcenter.orders.queries import ordering
from jobcenter.people.staff import UnitCover
from jobcenter.times import QuietHours
from tests import make
from tests.cast import CITY, MONDAY, Cast, key
from tests.conftest import Fresh
from tests.lists.forms import NEW, OTHER, SAID
from tests.lists.test_changing import DAY, FLOOR, TODAY, change, end, sheet
from tests.orders import steps
from tests.web.surfer import Clock, sign_in, surfer
from tests.web.test_client import offer
from tests.web.test_statements import counted


async def test_changes_hold_without_a_restart(cast: Cast) -> None:
    """What the rest of the service asks for is what the list says from its day on."""
    start = MONDAY + DAY
    asked = {"start": start, "now": MONDAY}
    usual = await cast.database.read(cast.worker, terms.answer_time, **asked)
    await change(
        cast, "answer-times", slug_of({"key": "near"}),
        filled({"amount": "30", "source": "Board", "standing": "confirmed", "from": str(TODAY)}),
    )  # fmt: skip
    now = await cast.database.read(cast.worker, terms.answer_time, **asked)
    assert (usual != now, now) == (True, timedelta(minutes=30))
    for kind, clock in (("quiet_from", "21"), ("quiet_to", "7")):
        await change(
            cast, "quiet-hours", slug_of({"kind": kind}),
            filled({"amount": clock, "source": "Board", "standing": "assumed", "from": str(TODAY)}),
        )  # fmt: skip
    quiet = await cast.database.read(cast.worker, quiet_hours, now=MONDAY)
    assert quiet
    assert (quiet.begins.hour, quiet.ends.hour) == (21, 7)
    again = await cast.database.read(cast.worker, quiet_hours, now=MONDAY - DAY)
    assert again
    assert again.begins.hour == 20


async def test_the_night_is_quiet_until_somebody_says_otherwise(cast: Cast, fresh: Fresh) -> None:
    await fresh.owner("DELETE FROM figures WHERE kind LIKE 'quiet%'")
    usual = await cast.database.read(cast.worker, quiet_hours, now=MONDAY)
    assert usual == QuietHours(time(20), time(8))
    # One time alone goes with the other usual one; the same time twice is none at all.
    for kind, quiet in (("quiet_from", QuietHours(time(7), time(8))), ("quiet_to", None)):
        await change(
            cast, "quiet-hours", slug_of({"kind": kind}),
            filled({"amount": "7", "source": "Board", "standing": "assumed", "from": str(TODAY)}),
        )  # fmt: skip
        assert await cast.database.read(cast.worker, quiet_hours, now=MONDAY) == quiet


async def test_the_clock_goes_by_the_times_of_the_list(cast: Cast, fresh: Fresh) -> None:
    """An order of 80 hours ahead is alarmed about at the hour that is set, and so is silence."""
    order_id = await make.save_order(cast, make.order(start=MONDAY + timedelta(hours=80)))
    now = MONDAY + timedelta(hours=2)

    async def due() -> list[UUID]:
        found = await cast.database.read(cast.worker, escalating.due, now=now)
        return [one.order_id for one in found]

    assert await due() == []
    for code, name, amount in (
        ("escalation", "first", "96"), ("urgency", "soon", "48"), ("days", "near", "2"),
        ("day-before", "ask", "9"), ("talks", "expired", "1"), ("arrival", "early", "120"),
        ("days", "horizon", "21"),
    ):  # fmt: skip
        told = filled({"amount": amount, **SAID, "from": str(TODAY)})
        await change(cast, code, slug_of({"key": name}), told)
    assert await due() == [order_id]
    assert await cast.database.act(
        cast.worker, escalating.escalate, order_id=order_id, step=1, next_start=None, now=now
    )
    (event,) = await fresh.owner("SELECT details FROM order_events WHERE kind = 'order.escalated'")
    assert '"hours": 96' in event["details"]
    weights = await cast.database.read(cast.worker, ground.weights, TODAY)
    assert weights_of(weights).urgency_steps == (1440, 48 * 60, 7 * 1440)
    three_weeks = await cast.database.read(
        cast.worker, proposing.horizon, otherwise=timedelta(days=14), now=MONDAY
    )
    assert three_weeks == timedelta(days=21)
    # Two days and some hours were near, and are far off now.
    start = MONDAY + timedelta(days=2, hours=5)
    far = await cast.database.read(cast.worker, terms.answer_time, start=start, now=MONDAY)
    assert far == timedelta(hours=24)
    asked = await cast.database.read(cast.worker, clocks.times, "day_before", now=now)
    assert asked == {"ask": 540, "call": 1080}
    talks = await cast.database.read(cast.worker, clocks.times, "talks", now=now)
    assert talks == {"declined": 5, "expired": 1}
    for amount in ("24", "400"):
        with pytest.raises(Invalid) as refused:
            await change(
                cast, "escalation", slug_of({"key": "first"}),
                filled({"amount": amount, **SAID, "from": str(TODAY)}),
            )  # fmt: skip
        assert refused.value.faults[0].field == "amount"


async def test_the_matcher_reads_the_weights_of_the_day(cast: Cast) -> None:
    told = filled({"amount": "7", **SAID, "from": str(TODAY + DAY)})
    await change(cast, "weights", slug_of({"key": "waiting"}), told)
    today, tomorrow = [
        await cast.database.read(cast.worker, ground.weights, day) for day in (TODAY, TODAY + DAY)
    ]
    assert (today, tomorrow) == ({}, {"waiting": 7})


async def test_a_benefit_rule_gives_way_to_the_next_one(cast: Cast, fresh: Fresh) -> None:
    (first,) = await fresh.owner(
        "SELECT benefit, kind FROM benefit_rules WHERE kind = 'MONTH' AND valid_from <= $1"
        " ORDER BY benefit, valid_from DESC LIMIT 1", TODAY,
    )  # fmt: skip
    key = {"benefit": first["benefit"], "kind": "MONTH"}
    form = {"amount_cents": "1 000", "counts_by": "payment", "components": ["pay"], **SAID}
    begins = TODAY + 3 * DAY
    await change(cast, "benefits", slug_of(key), filled({**form, "from": str(begins)}))
    rules = await cast.database.read(cast.worker, ground.rules)
    for day, cents in ((begins - DAY, None), (begins, 100_000)):
        held = [
            rule
            for rule in rules
            if (rule.benefit, rule.kind) == (key["benefit"], "MONTH")
            and rule.valid_from <= day
            and (rule.valid_to is None or day < rule.valid_to)
        ]
        # Never two at once: the guard would take the pay against both.
        assert len(held) == 1
        assert (held[0].amount_cents == 100_000) is (cents is not None)


async def test_cancelling_costs_what_the_list_says_that_day(cast: Cast, fresh: Fresh) -> None:
    order_id = await make.save_order(cast, make.order())
    (employer,) = await fresh.owner(
        "SELECT e.kind, e.contract_form FROM employers e JOIN orders o ON o.employer_id = e.id"
        " WHERE o.id = $1", order_id,
    )  # fmt: skip
    key = {
        "contract_form": employer["contract_form"], "employer_kind": employer["kind"],
        "minutes_before": 0,
    }  # fmt: skip
    slug = slug_of(key)
    await change(
        cast, "cancellation", slug, filled({"percent": "80", **SAID, "from": str(TODAY + DAY)})
    )
    order = await cast.database.read(cast.worker, order_of, order_id)
    for day, percent in ((TODAY, 100), (TODAY + DAY, 80)):
        found = await cast.database.read(cast.worker, terms.cancellation_terms, order, day=day)
        assert [term.percent for term in found if not term.minutes_before] == [percent]
    with pytest.raises(WrongMoment, match="at the start itself"):
        await end(cast, "cancellation", slug)


async def order_of(session: AsyncSession, order_id: UUID) -> Order:
    """Return an order as the service keeps it."""
    return await session.get_one(Order, (CITY, order_id))


async def test_coaching_asks_for_the_decision_that_the_list_names(cast: Cast) -> None:
    key = {"coaching": "own_unit", "legal_basis": ""}
    told = filled({"needs": "shl-27d", **SAID, "from": str(TODAY)})
    await change(cast, "coaching", slug_of(key), told)

    async def lacks(days: int) -> bool:
        return bool(await cast.database.act(cast.worker, lack_of, cast, days))

    assert await lacks(0)
    # Ended without another, nothing says what is needed: that stops, and never means none.
    await end(cast, "coaching", slug_of(key))
    with pytest.raises(RuleMissing):
        await lacks(0)


async def lack_of(session: AsyncSession, cast: Cast, days: int) -> object:
    """Return what a visit to Aino by her own unit would lack so many days from now."""
    client = await locked_client(session, cast.aino)
    return await coached.lack(session, client, unit_id=client.unit_id, day=TODAY + DAY * days)


async def test_a_plan_for_a_role_waits_and_is_taken_back(cast: Cast, fresh: Fresh) -> None:
    slug = slug_of({"code": "coach"})
    rights = "SELECT rights FROM roles WHERE code = 'coach'"
    (usual,) = await fresh.owner(rights)
    form = {"name": "Työvalmentaja", "rights": ["coach"]}
    for days in (2, 4):
        await change(cast, "roles", slug, filled({**form, "from": str(TODAY + DAY * days)}))
        form["rights"] = ["coach", "see_caseload", "assign"]
    page = await sheet(cast, "roles", slug)
    assert [one.holds_from for one in page.entry.waiting] == [TODAY + 2 * DAY, TODAY + 4 * DAY]
    await cast.database.act(
        cast.jaana, changing.undo, LISTS["roles"], slug=slug, seen=page.seen,
        begins=TODAY + 4 * DAY, now=MONDAY,
    )  # fmt: skip
    with pytest.raises(WrongMoment, match="holds already"):
        await cast.database.act(
            cast.jaana, changing.undo, LISTS["roles"], slug=slug,
            seen=(await sheet(cast, "roles", slug)).seen, begins=TODAY, now=MONDAY,
        )  # fmt: skip
    assert (await fresh.owner(rights))[0] == usual
    for times in (1, 0):
        assert await take_effect(cast.database, cast.worker, now=MONDAY + 5 * DAY) == times
    assert (await fresh.owner(rights))[0]["rights"] == ["coach"]
    # Whoever has the role has a line of it in the history of rights, which the auditor reads.
    told = await fresh.owner(
        "SELECT user_id, actor, details ->> 'after' FROM right_events WHERE kind = 'role_changed'"
    )
    assert {tuple(row) for row in told} == {
        (key(name), key("jaana"), '["coach"]') for name in ("kim", "liisa")
    }
    for rewriting in (
        "UPDATE list_changes SET actor = NULL", "UPDATE list_changes SET applied_at = NULL",
        "DELETE FROM list_changes", "TRUNCATE list_changes",
    ):  # fmt: skip
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await fresh.owner(rewriting)


async def becomes_coach(cast: Cast, fresh: Fresh, name: str) -> None:
    """Give somebody the role of a coach."""
    await fresh.owner(
        "INSERT INTO grants (organiser_id, id, user_id, role, unit_id)"
        " VALUES (1, gen_random_uuid(), $1, 'coach', $2)", key(name), cast.kaneli,
    )  # fmt: skip


async def test_what_is_refused_on_its_day_waits_and_stops_no_other(
    cast: Cast, fresh: Fresh
) -> None:
    """Jaana plans the rights of a role that is hers by its day: nobody changes their own."""
    form = {"name": "Valmentaja", "rights": ["coach"], "from": str(TODAY + DAY)}
    coach = slug_of({"code": "coach"})
    await change(cast, "roles", coach, filled(form))
    await change(cast, "roles", slug_of({"code": "coordinator"}), filled({**form, "name": "Oho"}))
    await becomes_coach(cast, fresh, "jaana")
    for times in (1, 0):
        assert await take_effect(cast.database, cast.worker, now=MONDAY + DAY) == times
    changed = await fresh.owner("SELECT code, name FROM roles WHERE rights = '{coach}'")
    assert [tuple(row) for row in changed] == [("coordinator", "Oho")]
    assert set(await steps.told(fresh, "list_waits")) == {key("jaana")}
    (stuck,) = await cast.database.read(cast.jaana, reading.overdue, now=MONDAY + DAY)
    assert stuck.entry == coach
    # Taken back past its day, it is tried no more.
    page = await cast.database.read(
        cast.jaana, reading.sheet, LISTS["roles"], slug=coach, now=MONDAY + DAY
    )
    await cast.database.act(
        cast.jaana, changing.undo, LISTS["roles"], slug=coach, seen=page.seen,
        begins=TODAY + DAY, now=MONDAY + DAY,
    )  # fmt: skip
    assert await cast.database.read(cast.jaana, reading.overdue, now=MONDAY + DAY) == []


async def test_a_planned_end_is_taken_back(cast: Cast) -> None:
    listing = LISTS["pay-floors"]
    begins = TODAY + 3 * DAY
    seen = (await sheet(cast, listing.code, FLOOR)).seen
    await cast.database.act(
        cast.jaana, changing.end, listing, slug=FLOOR, seen=seen,
        told=filled({"from": str(begins)}), now=MONDAY,
    )  # fmt: skip
    page = await sheet(cast, listing.code, FLOOR)
    assert (page.ends, page.entry.on(begins)) == (begins, None)
    await cast.database.act(
        cast.jaana, changing.undo, listing, slug=FLOOR, seen=page.seen, begins=begins, now=MONDAY
    )
    page = await sheet(cast, listing.code, FLOOR)
    assert page.entry.on(begins)
    assert (page.ends, [one.change.kind for one in page.changes]) == (None, ["undone", "ended"])


async def covers_on(session: AsyncSession, day: date) -> set[UUID]:
    """Return the units that stand in for others on a day."""
    return set(await session.scalars(select(UnitCover.by_unit_id).where(UnitCover.holds_on(day))))


async def test_another_unit_stands_in_while_the_list_says_so(cast: Cast) -> None:
    async def stands_in(days: int) -> bool:
        found = await cast.database.read(cast.jaana, covers_on, TODAY + DAY * days)
        return cast.kulma in found

    assert not await stands_in(0)
    told = filled({**NEW["covers"], "from": str(TODAY + DAY)})
    slug = await cast.database.act(cast.jaana, changing.add, LISTS["covers"], told=told, now=MONDAY)
    assert (await stands_in(0), await stands_in(1)) == (False, True)
    page = await sheet(cast, "covers", slug)
    await cast.database.act(
        cast.jaana, changing.undo, LISTS["covers"], slug=slug, seen=page.seen,
        begins=TODAY + DAY, now=MONDAY,
    )  # fmt: skip
    assert not await stands_in(1)


async def test_the_privacy_page_names_who_answers_for_the_data(cast: Cast) -> None:
    async with surfer(cast.database) as browser:
        assert "Who answers for the data" not in (await browser.get("/privacy")).text
        (key, form) = OTHER["controller"]
        await change(cast, "controller", slug_of(key), filled({**form, "from": str(TODAY)}))
        page = (await browser.get("/privacy")).text
        assert "00099 Helsinki" in page
        assert 'href="mailto:tietosuoja@example.org"' in page
        assert 'href="tel:"' not in page


async def test_pages_maps_and_messages_name_the_contact_of_the_list(cast: Cast) -> None:
    (key, form) = OTHER["contact"]
    gig, link = await offer(cast, cast.aino)
    clock = Clock()
    async with surfer(cast.database, clock) as browser:
        browser.cookies.set("jobcenter_language", "fi")
        assert "ma–pe klo 8–16" in (await browser.get("/")).text
        with pytest.raises(Invalid):
            await change(
                cast, "contact", slug_of(key),
                filled({**form, "calls_until": "8.45", "from": str(TODAY)}),
            )  # fmt: skip
        await change(cast, "contact", slug_of(key), filled({**form, "from": str(TODAY)}))
        # A process that did not make the change hears of it within a minute.
        assert "310 4321" not in (await browser.get("/")).text
        clock.move(minutes=1)
        for path in ("/", "/accessibility", "/privacy", "/nowhere", link, "/gig"):
            text = (await browser.get(path, follow_redirects=True)).text
            assert 'href="tel:+35893104321"' in text, path
            assert "310 00000" not in text, path
            assert "ma–pe klo 9–15.30" in text, path
        assert "%2C%20Vantaa" in text
    async with surfer(cast.database, clock) as browser:
        await sign_in(browser, cast, cast.maija, clock.now)
        await browser.get("/board")
        with counted() as counter:
            text = (await browser.get(f"/board/gigs/{gig.id}/card")).text
    assert "310 4321" in text
    assert not [said for said in counter.statements if "calls_from" in said]
    contact = await cast.database.read(cast.sari, ordering.contact)
    assert (contact.contact_phone, contact.contact_email) == ("+35893104321", "keikat@example.org")
    with pytest.raises(NotAllowed):
        await cast.database.act(
            cast.jaana, changing.add, LISTS["contact"], told=filled(form), now=MONDAY
        )
