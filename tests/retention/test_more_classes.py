"""Each of these classes goes the day after its days are over, not on the day itself; a table."""

from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest

from jobcenter.database import Who
from jobcenter.orders.queries import parties
from jobcenter.reference.retention import DAYS
from jobcenter.retention import sweeping
from tests import make
from tests.audit.test_seals import every_log
from tests.cast import CITY, MONDAY, Cast, key
from tests.conftest import Fresh
from tests.retention.test_sweeping import DAY, WORKER, rules

OLD = """
UPDATE orders SET title = 'Old words', description = 'Call Sirpa', wear = 'a', bring = 'b';
INSERT INTO register_answers
    (organiser_id, party_id, business_id, tried_at, answered_at, name, situations)
    SELECT 1, id, business_id, '{at}', '{at}', name, '{{}}' FROM parties
    WHERE business_id IS NOT NULL;
UPDATE users SET disabled_at = '{at}' WHERE id IN ('{kim}', '{sari}');
INSERT INTO coach_absences (organiser_id, id, coach_id, during)
    SELECT 1, gen_random_uuid(), id, '[2027-01-01, 2027-01-02)' FROM coaches
    WHERE user_id = '{kim}';
INSERT INTO coaches (organiser_id, id, unit_id, name, phone, languages, lat, lon, active, version)
    SELECT 1, gen_random_uuid(), '{kaneli}', name, '+358401112223', '{{fi}}', 60.2, 24.9, active, 1
    FROM (VALUES ('Gone Long', false), ('Still Here', true)) AS t (name, active);
INSERT INTO upkeep_events (organiser_id, id, subject, subject_id, part, version, at, role)
    SELECT 1, gen_random_uuid(), 'coach', id, 'hours', 1, '{at}', 'coordinator' FROM coaches
    WHERE name = 'Gone Long';
INSERT INTO todos (organiser_id, id, kind, unit_id, client_id, dedupe_key, due_at, made_at, done_at)
    SELECT 1, gen_random_uuid(), kind, '{kaneli}', '{eetu}', kind, '{at}', '{at}', done
    FROM (VALUES ('talk', '{at}'::timestamptz), ('open', NULL)) AS t (kind, done);
INSERT INTO list_changes (organiser_id, id, list, entry, key, kind, holds_from, at, applied_at)
    SELECT 1, gen_random_uuid(), 'services', name, '{{}}', 'begun', '2026-11-23', '{at}', applied
    FROM (VALUES ('old', '{at}'::timestamptz), ('waits', NULL)) AS t (name, applied);
INSERT INTO upkeep_events (organiser_id, id, subject, subject_id, part, version, at, role)
    VALUES (1, gen_random_uuid(), 'client', '{eetu}', 'week', 1, '{at}', 'coach');
INSERT INTO signin_links (organiser_id, token_hash, user_id, expires_at)
    VALUES (1, sha256('l'), '{maija}', '{at}');
INSERT INTO client_links (organiser_id, id, client_id, purpose, token_hash, phone_hash, made_at,
                          expires_at)
    VALUES (1, gen_random_uuid(), '{eetu}', 'own', sha256('c'), sha256('p'), '{at}', '{at}');
UPDATE sessions SET expires_at = '{at}';
INSERT INTO tries (organiser_id, kind, mark, since, count) VALUES (1, 'k', sha256('m'), '{at}', 1);
INSERT INTO attempts (organiser_id, token_hash, kind, challenge, verifier, expires_at)
    VALUES (1, sha256('a'), 'k', '', '', '{at}');
"""
# What there is of each class: a number before, and what is left of it afterwards.
LEFT = {
    "order_text": ("SELECT count(*) FROM orders WHERE title || description || wear <> ''", 2, 0),
    # What a register said goes also where nobody noted how to reach them.
    "party": (
        ("SELECT (SELECT count(*) FROM parties WHERE id = '{keittio}' AND email <> '')"
        " + (SELECT count(*) FROM register_answers)"),
        3, 0,
    ),
    "account": (
        ("SELECT (SELECT count(*) FROM users WHERE id = '{kim}' AND email NOT LIKE '%@erased.%')"
        " + (SELECT count(*) FROM coaches WHERE user_id = '{kim}' AND phone <> '')"
        " + (SELECT count(*) FROM coaches WHERE user_id IS NULL AND phone <> '')"
        " + (SELECT count(*) FROM coach_absences)"),
        # Whoever coaches still keeps their number, with an account or without.
        5, 1,
    ),
    "account_name": (
        ("SELECT (SELECT count(*) FROM users WHERE id = '{kim}' AND name <> 'erased')"
        " + (SELECT count(*) FROM coaches WHERE user_id = '{kim}' AND name <> 'erased')"
        " + (SELECT count(*) FROM coaches WHERE user_id IS NULL AND name <> 'erased')"),
        4, 1,
    ),
    "todo": ("SELECT count(*) FROM todos WHERE kind IN ('talk', 'open')", 2, 1),
    "list_change": ("SELECT count(*) FROM list_changes", 2, 1),
    "way_in": (
        ("SELECT (SELECT count(*) FROM signin_links) + (SELECT count(*) FROM client_links)"
        " + (SELECT count(*) FROM sessions)"),
        3, 0,
    ),
    "tries": ("SELECT (SELECT count(*) FROM tries) + (SELECT count(*) FROM attempts)", 2, 0),
    "upkeep_event": ("SELECT count(*) FROM upkeep_events", 2, 0),
    # By hand: told, and left where they are.
    "disclosure": ("SELECT count(*) FROM disclosures", 1, 1),
    "emergency": ("SELECT count(*) FROM emergencies", 1, 1),
    "benefit_talk": ("SELECT count(*) FROM benefit_talks", 1, 1),
    "right_event": ("SELECT count(*) FROM right_events", 1, 1),
}  # fmt: skip
BY_HAND = {"disclosure", "emergency", "benefit_talk", "right_event"}


async def old_things(cast: Cast, fresh: Fresh) -> dict[str, object]:
    """Plant something of each class that is over on Monday; an order's last hour is a day later."""
    await rules(fresh)
    await every_log(cast)
    order = make.order(start=MONDAY + timedelta(hours=2))
    await make.save_order(cast, order)
    await unreached_party(cast, fresh)
    names: dict[str, object] = {
        "at": MONDAY, "kim": key("kim"), "sari": key("sari"), "maija": key("maija"),
        "eetu": cast.eetu,
        "kaneli": cast.kaneli, "keittio": cast.keittio,
    }  # fmt: skip
    for statement in OLD.format(**names).split(";\n"):
        if statement.strip():
            await fresh.owner(statement)
    return names


async def unreached_party(cast: Cast, fresh: Fresh) -> None:
    """Have another party, without mail or number, order once."""
    order = make.order(start=MONDAY + timedelta(hours=2))
    order.site_id, order.title = await make.another_party(cast), ""
    (row,) = await fresh.owner(
        "UPDATE parties SET email = '', phone = '', business_id = '1234567-1', verified_at = now()"
        " WHERE name = 'Naapuri Oy' RETURNING id"
    )
    order.party_id = row["id"]
    await make.save_order(cast, order)


async def test_each_class_goes_when_its_days_are_over(cast: Cast, fresh: Fresh) -> None:
    names = await old_things(cast, fresh)

    async def left(code: str) -> int:
        rows = await fresh.owner(LEFT[code][0].format(**names))
        return int(rows[0][0])

    # The shortest first: what one class lets go of is no longer there for the next.
    for code in sorted(LEFT, key=lambda one: DAYS[one][0]):
        days, (_, before, after) = DAYS[code][0], LEFT[code]
        who = replace(WORKER, at=MONDAY + days * DAY)
        assert await left(code) == before, code
        await cast.database.act(who, sweeping.sweep, code=code, now=MONDAY + days * DAY)
        assert await left(code) == before, code
        late = MONDAY + (days + 2) * DAY
        dry = await cast.database.act(WORKER, sweeping.report, now=late)
        told = {line.record_class: line for line in dry}[code]
        assert (told.due > 0, told.by_hand) == (True, code in BY_HAND), code
        assert await left(code) == before, code
        found = await cast.database.act(replace(who, at=late), sweeping.sweep, code=code, now=late)
        expected = 0 if code in BY_HAND else told.due
        assert (found.removed, await left(code)) == (expected, after), code
        if code == "party":
            # Nor does the worker ask the register again, until they order.
            assert await cast.database.read(who, parties.to_look_up, now=late) == []
            asked = await cast.database.read(who, parties.to_look_up, now=MONDAY + DAY)
            assert len(asked) == 2
    assert await fresh.breaches() == {}


async def test_ways_in_go_each_hour_and_logs_never_before_their_years(
    cast: Cast, fresh: Fresh
) -> None:
    await old_things(cast, fresh)
    late = MONDAY + 3 * DAY
    gone = await cast.database.act(WORKER, sweeping.sweep_hourly, now=late)
    assert gone == LEFT["way_in"][1] + LEFT["tries"][1]
    assert await fresh.owner("SELECT 1 FROM retention_sweeps") == []
    for table in ("upkeep_events", "list_changes"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
            await fresh.owner(f"DELETE FROM {table}")
    nobody = Who(CITY, "worker")
    await fresh.owner("DELETE FROM figures WHERE kind = 'retention'")
    assert await cast.database.act(nobody, sweeping.sweep_hourly, now=late) == 0
