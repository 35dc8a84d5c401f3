"""The nightly sweep: each class by its own clock, a dry run that changes nothing, a report."""

from datetime import timedelta

import asyncpg
import pytest

from jobcenter.database import Face, Who
from jobcenter.lists import keeping
from jobcenter.orders import changing, drafts
from jobcenter.reference.retention import BOUNDS, DAYS
from jobcenter.retention import sweeping
from jobcenter.retention.classes import CLASSES
from jobcenter.retention.sweeping import Found
from jobcenter.senders import Gateway, MailServer
from jobcenter.times import local
from jobcenter.worker.hands import WorkerConfig, hands
from jobcenter.worker.ticks import TICKS
from tests import make
from tests.cast import CITY, MONDAY, Cast, key
from tests.commands.verbs import run
from tests.conftest import Fresh
from tests.orders import steps

WORKER = Who(CITY, "worker")
DAY = timedelta(days=1)


def test_every_class_has_its_years_and_every_figure_a_class() -> None:
    assert set(CLASSES) == set(DAYS) == set(keeping.CLASSES) == set(BOUNDS)


async def rules(fresh: Fresh) -> None:
    for code, (days, law) in DAYS.items():
        await fresh.owner(
            "INSERT INTO figures (organiser_id, id, kind, key, amount, valid_from, source,"
            " standing) VALUES (1, gen_random_uuid(), 'retention', $1, $2, '2020-01-01', $3,"
            " 'assumed')",
            code, days, law,
        )  # fmt: skip


async def swept(cast: Cast, days: int) -> dict[str, Found]:
    found = await sweeping.sweep_all(cast.database, WORKER, now=MONDAY + days * DAY)
    return {line.record_class: line for line in found if line.due}


async def test_nothing_goes_without_a_rule(fresh: Fresh, cast: Cast) -> None:
    await steps.assign(cast, await make.save_order(cast, make.order()), cast.aino)
    found = await sweeping.sweep_all(cast.database, WORKER, now=MONDAY + 9000 * DAY)
    assert {line.rule for line in found} == {None}
    assert (await fresh.owner("SELECT count(*) FROM notices"))[0][0] > 0


@pytest.mark.parametrize(("days", "left"), [(30, 1), (31, 0)])
async def test_a_draft_goes_after_thirty_days(
    fresh: Fresh, cast: Cast, days: int, left: int
) -> None:
    await rules(fresh)
    await cast.database.act(
        cast.sari, drafts.save, draft_id=cast.site, owner="user:x", fields={}, now=MONDAY
    )
    await swept(cast, days)
    assert (await fresh.owner("SELECT count(*) FROM drafts"))[0][0] == left


async def test_why_an_offer_came_to_nothing_is_forgotten(fresh: Fresh, cast: Cast) -> None:
    await rules(fresh)
    gig = await steps.assign(cast, await make.save_order(cast, make.order()), cast.aino)
    await steps.decline(cast, gig.id)
    await fresh.owner("UPDATE gigs SET end_reason = 'too far'")
    assert "offer" not in await swept(cast, 90)
    assert (await swept(cast, 95))["offer"].removed == 1
    rows = await fresh.owner("SELECT status, end_reason FROM gigs")
    assert [tuple(row) for row in rows] == [("declined", None)]


async def test_messages_go_and_what_was_sent_is_forgotten(fresh: Fresh, cast: Cast) -> None:
    await rules(fresh)
    gig = await steps.assign(cast, await make.save_order(cast, make.order()), cast.aino)
    await steps.decline(cast, gig.id)
    await fresh.owner("UPDATE notices SET state = 'sent', sent_at = written_at")
    assert (await swept(cast, 400))["delivery"].removed >= 1
    assert (await fresh.owner("SELECT count(*) FROM notices"))[0][0] == 0


async def test_whoever_is_held_stays_due(fresh: Fresh, cast: Cast) -> None:
    await rules(fresh)
    await fresh.owner(
        "UPDATE clients SET in_pool = false, closed_on = $1 WHERE id = $2",
        MONDAY.date(), cast.aino,
    )  # fmt: skip
    await fresh.owner(
        "INSERT INTO legal_holds VALUES (1, gen_random_uuid(), $1, 'a complaint is open', $2)",
        cast.aino, MONDAY,
    )  # fmt: skip
    line = (await swept(cast, 3651))["client"]
    assert (line.due, line.removed) == (1, 0)


async def test_a_silent_orderers_person_is_forgotten(fresh: Fresh, cast: Cast) -> None:
    await rules(fresh)
    await make.save_order(cast, make.order())
    await fresh.owner("UPDATE users SET subject = 'sub-' || name")
    await fresh.owner(
        "INSERT INTO passkeys (organiser_id, id, user_id, credential_id, public_key, uses, name,"
        " created_at) SELECT 1, gen_random_uuid(), id, id::text::bytea, '', 0, 'phone', $1"
        " FROM users WHERE id IN ($2, $3)",
        MONDAY, key("sari"), key("maija"),
    )  # fmt: skip
    assert (await swept(cast, 731))["orderer"].removed == 1
    left = await fresh.owner("SELECT user_id FROM passkeys")
    assert [row["user_id"] for row in left] == [key("maija")]
    (sari,) = await fresh.owner("SELECT * FROM users WHERE name = 'erased'")
    assert sari["email"].endswith("@erased.invalid")
    assert (sari["subject"], sari["disabled_at"]) == (None, MONDAY + 731 * DAY)
    assert "orderer" not in await swept(cast, 732)


async def test_an_orderer_with_another_role_stays(fresh: Fresh, cast: Cast) -> None:
    await rules(fresh)
    await make.save_order(cast, make.order())
    await fresh.owner(
        "INSERT INTO grants (organiser_id, id, user_id, role, unit_id)"
        " SELECT 1, gen_random_uuid(), placed_by, 'coordinator', $1 FROM orders",
        cast.kaneli,
    )
    assert "orderer" not in await swept(cast, 731)
    assert await fresh.owner("SELECT 1 FROM users WHERE name = 'erased'") == []


async def test_one_persons_silence_is_not_broken_by_a_colleague(fresh: Fresh, cast: Cast) -> None:
    await rules(fresh)
    await make.save_order(cast, make.order())
    (first,) = await fresh.owner("SELECT placed_by FROM orders")
    later = make.order()
    later.placed_at, later.placed_by = MONDAY + 700 * DAY, key("maija")
    await make.save_order(cast, later)
    assert (await swept(cast, 731))["orderer"].removed == 1
    rows = await fresh.owner("SELECT id, subject FROM users WHERE name = 'erased'")
    assert [tuple(row) for row in rows] == [(first["placed_by"], None)]


async def test_a_place_and_whom_to_meet_there_are_forgotten_after_its_last_order(
    fresh: Fresh, cast: Cast
) -> None:
    await rules(fresh)
    await make.save_order(cast, make.order())
    await fresh.owner(
        "INSERT INTO place_passports (organiser_id, site_id, version, contact_name, written_at)"
        " VALUES (1, $1, 1, 'Ritva', $2)", cast.site, MONDAY,
    )  # fmt: skip
    await fresh.owner(
        "INSERT INTO place_photos (organiser_id, id, site_id, caption, jpeg, width, height,"
        " added_at)"
        " VALUES (1, gen_random_uuid(), $1, '', 'x', 1, 1, $2)", cast.site, MONDAY,
    )  # fmt: skip
    # Written anew half a year later: what stood there before has its own clock.
    await fresh.owner(
        "INSERT INTO place_events (organiser_id, id, site_id, kind, at, details)"
        " VALUES (1, gen_random_uuid(), $1, 'written', $2, '{}'),"
        " (1, gen_random_uuid(), $1, 'written', $3, '{}')",
        cast.site, MONDAY, MONDAY + 180 * DAY,
    )  # fmt: skip
    for step in ("DELETE FROM place_events", "UPDATE place_events SET kind = 'x'"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await fresh.owner(step)
    found = await swept(cast, 729)
    assert not {"place", "photo", "contact", "place_event"} & set(found)
    found = await swept(cast, 735)
    gone = [found[code].removed for code in ("place", "photo", "contact", "place_event")]
    assert gone == [1, 1, 1, 1]
    assert len(await fresh.owner("SELECT 1 FROM place_events")) == 1
    (order,) = await fresh.owner("SELECT contact_name, contact_phone FROM orders")
    assert tuple(order) == ("", "")
    assert not {"place", "photo", "contact"} & set(await swept(cast, 736))


async def test_what_fails_in_one_class_undoes_no_other(fresh: Fresh, cast: Cast) -> None:
    await rules(fresh)
    await make.save_order(cast, make.order())
    await cast.database.act(
        cast.sari, drafts.save, draft_id=cast.site, owner="user:x", fields={}, now=MONDAY
    )
    await fresh.owner("ALTER TABLE users ADD CHECK (name <> 'erased')")
    with pytest.raises(ExceptionGroup) as told_of:
        await swept(cast, 731)
    assert len(told_of.value.exceptions) == 1
    assert await fresh.owner("SELECT 1 FROM drafts") == []
    rows = await fresh.owner("SELECT record_class FROM retention_sweeps")
    assert ("draft",) in [tuple(row) for row in rows]


async def test_logs_and_books_are_counted_for_a_person_to_remove(fresh: Fresh, cast: Cast) -> None:
    await rules(fresh)
    await steps.assign(cast, await make.save_order(cast, make.order()), cast.aino)
    line = (await swept(cast, 3700))["pay"]
    assert (line.due, line.removed, line.by_hand) == (1, 0, True)


async def test_each_sweep_leaves_lines_and_a_dry_run_none(fresh: Fresh, cast: Cast) -> None:
    await rules(fresh)
    await make.save_order(cast, make.order())
    await cast.database.act(WORKER, sweeping.report, now=MONDAY + 731 * DAY)
    assert await fresh.owner("SELECT 1 FROM retention_sweeps") == []
    await swept(cast, 731)
    rows = await fresh.owner("SELECT record_class, due, removed FROM retention_sweeps")
    assert ("orderer", 1, 1) in [tuple(row) for row in rows]


async def test_the_command_tells_by_class_and_law(fresh: Fresh, cast: Cast) -> None:
    await rules(fresh)
    await steps.assign(cast, await make.save_order(cast, make.order()), cast.aino)
    ran = run(fresh, "retention", "--dry-run", COLUMNS="200")
    assert ran.status == 0, ran.complained
    assert "Accounting Act" in ran.said
    assert "by hand" in ran.said


async def test_what_is_let_go_breaks_no_promise(fresh: Fresh, cast: Cast) -> None:
    """A cancelled gig owes its client a message, for as long as messages are kept."""
    await rules(fresh)
    agreed = await steps.agreed(cast, cast.aino)
    await cast.database.act(
        cast.sari, changing.cancel, order_id=agreed.order_id, reason="rain", now=MONDAY
    )
    await fresh.owner("UPDATE notices SET state = 'sent', sent_at = written_at")
    await swept(cast, 396)
    assert (await fresh.owner("SELECT count(*) FROM notices"))[0][0] > 0
    await swept(cast, 398)
    assert (await fresh.owner("SELECT count(*) FROM notices"))[0][0] == 0
    assert await fresh.breaches() == {}


async def test_the_worker_sweeps_each_night(fresh: Fresh, cast: Cast) -> None:
    await rules(fresh)
    await cast.database.act(
        cast.sari, drafts.save, draft_id=cast.site, owner="user:x", fields={}, now=MONDAY
    )
    config = WorkerConfig(
        organiser=CITY,
        base_url="http://test",
        secret="s",
        gateway=Gateway("http://127.0.0.1:9/send"),
        server=MailServer("127.0.0.1", 9, "jobcenter@example.org"),
        direct_dsn=fresh.doors[Face.SERVICE],
    )
    [night] = [one for one in config.schedules if one.name == "retention"]
    due = night.newest(MONDAY + 40 * DAY)
    assert (local(due).hour, local(due).minute) == (4, 30)
    worked = await TICKS["retention"](hands(cast.database, config), due)
    assert worked
    assert await fresh.owner("SELECT 1 FROM drafts") == []
