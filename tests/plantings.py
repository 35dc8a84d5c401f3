"""How to break each invariant in a cloned database: its guard is taken away, then it is broken.

Every statement runs as the owner. `{aino}` is a gig that waits for its answer, with a held visit;
`{eetu}` a confirmed one on another day; `{free}` an open order with a place nobody has.
"""

from dataclasses import dataclass

LOOSE = "ALTER TABLE {} DISABLE TRIGGER USER;"
COPIED = (
    "organiser_id, during, hourly_cents, pay_cents, assigned_by, assigned_at, answer_by, version,"
    " shows_phone"
)


@dataclass(frozen=True)
class Planting:
    """One way to break the invariant whose view has this name."""

    view: str
    what: str
    statements: str


def _twin(status: str = "'assigned'", order: str = "order_id", client: str = "client_id") -> str:
    """Return what adds a gig like Aino's, in some ways another."""
    return (
        LOOSE.format("gigs")
        + "INSERT INTO gigs (id, order_id, place_no, client_id, status, answered_via, answered_by, "
        + f"{COPIED}) SELECT gen_random_uuid(), {order}, 1, {client}, {status}, 'phone',"
        f" assigned_by, {COPIED} FROM gigs WHERE id = {{aino}}"
    )


def _notice(values: str, quiet: str = "NULL::smallint, NULL::smallint") -> str:
    """Return what adds a notice to Aino beside those that were written."""
    return (
        "INSERT INTO notices (organiser_id, id, kind, way, client_id, gig_id, dedupe_key, due_at,"
        " state, tries, fence, written_at, version, sent_at, leased_until, quiet_from, quiet_to)"
        f" SELECT 1, gen_random_uuid(), {values}, {quiet} FROM gigs WHERE id = {{aino}};"
    )


def _period(committed: int) -> str:
    return (
        "INSERT INTO earnings_periods (organiser_id, client_id, benefit, kind, period,"
        f" ceiling_cents, committed_cents, told_cents) SELECT 1, client_id, 'b', 'MONTH',"
        f" '2026-12-01', 99090, {committed}, 0 FROM gigs WHERE id = {{eetu}};"
    )


def _entry(cents: int) -> str:
    return (
        "INSERT INTO earnings_entries SELECT 1, gen_random_uuid(), client_id, 'b', 'MONTH',"
        f" '2026-12-01', id, {cents}, now() FROM gigs WHERE id = {{eetu}};"
    )


def _job(column: str, value: str) -> str:
    """Return what adds a job of the queue with this in one of its columns."""
    return (
        f"INSERT INTO pgqueuer (priority, status, entrypoint, payload, {column})"
        f" VALUES (0, 'queued', 'match', convert_to('{{{{\"organiser\": 1}}}}', 'UTF8'), {value});"
    )


def _event(moves: str) -> str:
    return (
        "INSERT INTO gig_events SELECT 1, gen_random_uuid(), id, "
        f"{moves}, NULL, 'link', now(), '' FROM gigs WHERE id = {{eetu}};"
    )


_KEY = "INSERT INTO idempotency_keys VALUES (1, 'sari', '{}', '', 201, '{{\"id\": \"7\"}}', now());"
_RUN = "INSERT INTO schedule_runs VALUES (1, 'nightly', '2026-11-24 03:30+02', now());"

_SEAL = (
    "INSERT INTO seals SELECT 1, {0}, now(), {1}, 5, {2}, decode(repeat('00', {2} * 48), 'hex'),"
    " root, sha256(before || root || int8send({2}) || int8send(5)), 1 FROM (SELECT"
    " decode(repeat('00', 32), 'hex') AS before, decode(repeat('11', 32), 'hex') AS root) AS s;"
)

PLANTINGS = (
    Planting(
        "inv_01_client_in_one_place", "two gigs at one time",
        "ALTER TABLE gigs DROP CONSTRAINT gig_client_in_one_place;" + _twin(order="{free}"),
    ),
    Planting(
        "inv_02_coach_in_one_place", "two visits at one time",
        "ALTER TABLE visits DROP CONSTRAINT visit_coach_in_one_place;"
        "INSERT INTO visits SELECT organiser_id, gen_random_uuid(), coach_id, order_id, presence,"
        " during, status, sequence FROM visits",
    ),
    Planting(
        "inv_03_places_not_overfilled", "two people at one place",
        "DROP INDEX gig_one_per_place;" + _twin(client="{venla}"),
    ),
    Planting(
        "inv_04_gig_has_its_support", "a visit freed",
        LOOSE.format("visit_gigs") + "UPDATE visit_gigs SET status = 'free'",
    ),
    Planting(
        "inv_04_gig_has_its_support", "a yes without a booking",
        LOOSE.format("gigs") + "UPDATE gigs SET status = 'confirmed', answered_via = 'phone',"
        " answered_by = assigned_by WHERE id = {aino}",
    ),
    Planting(
        "inv_05_gig_moved_legally", "a move that nobody wrote down",
        LOOSE.format("gigs") + "UPDATE gigs SET status = 'expired' WHERE id = {aino}",
    ),
    Planting(
        "inv_05_gig_moved_legally", "a move that is none",
        "ALTER TABLE gig_events DROP CONSTRAINT gig_events_from_status_to_status_fkey;"
        + _event("'expired', 'confirmed'"),
    ),
    Planting(
        "inv_06_ceiling_not_passed", "more than the ceiling",
        "ALTER TABLE earnings_periods DROP CONSTRAINT earnings_within_ceiling;"
        + _period(99_091) + _entry(99_091),
    ),
    Planting("inv_06_ceiling_not_passed", "a sum of nothing", _period(100)),
    Planting(
        "inv_08_every_look_is_logged", "a message without its look",
        "UPDATE notices SET state = 'sent', sent_at = now(), tries = 1, reference = 'x'"
        " WHERE gig_id = {aino}",
    ),
    Planting(
        "inv_08_every_look_is_logged", "told to an orderer without a look",
        "INSERT INTO disclosures SELECT 1, gen_random_uuid(), now(), client_id, 'orderer', 'x',"
        " 'first name', 'own_order', NULL, 'none' FROM gigs WHERE id = {aino}",
    ),
    Planting(
        "inv_09_history_is_only_appended", "a seal of another hash",
        _SEAL.format(1, 0, 0).replace("before || root", "root || before"),
    ),
    Planting("inv_09_history_is_only_appended", "a seal is missing", _SEAL.format(2, 0, 0)),
    Planting("inv_09_history_is_only_appended", "a row is missing", _SEAL.format(1, 0, 1)),
    Planting(
        "inv_10_notice_not_lost", "an offer untold", "DELETE FROM notices WHERE gig_id = {aino}"
    ),
    Planting(
        "inv_10_notice_not_lost", "told twice",
        "ALTER TABLE notices DROP CONSTRAINT notice_written_once;"
        + 2 * _notice("'x', 'sms', client_id, id, 'k', now(), 'pending', 0, 0, now(), 1, NULL,"
                      " NULL"),
    ),
    Planting(
        "inv_10_notice_not_lost", "late, and nobody knows",
        "INSERT INTO schedule_runs SELECT 1, 'late', due, due FROM generate_series(now(),"
        " now() + interval '20 minutes', interval '1 minute') AS due;"
        + _notice("'x', 'sms', client_id, id, 'k', now(), 'pending', 0, 0, now(), 1, NULL, NULL"),
    ),
    Planting(
        "inv_11_notice_outcome_known", "sent at no time",
        _notice("'x', 'sms', client_id, id, 'k', now(), 'sent', 0, 0, now(), 1, NULL, NULL"),
    ),
    Planting(
        "inv_11_notice_outcome_known", "sending for ever",
        _notice("'x', 'sms', client_id, id, 'k', now(), 'sending', 1, 1, now(), 1, NULL,"
                " now() - interval '11 minutes'"),
    ),
    Planting(
        "inv_12_job_has_one_owner", "sending without an owner",
        _notice("'x', 'sms', client_id, id, 'k', now(), 'sending', 1, 0, now(), 1, NULL,"
                " now() + interval '1 minute'"),
    ),
    Planting(
        "inv_13_poison_stops", "tried for ever",
        "ALTER TABLE notices DROP CONSTRAINT notice_poison_stops;"
        + _notice("'x', 'sms', client_id, id, 'k', now(), 'pending', 8, 8, now(), 1, NULL, NULL"),
    ),
    Planting(
        "inv_13_poison_stops", "failed, and nobody knows",
        _notice("'x', 'sms', client_id, id, 'k', now(), 'failed', 8, 8, now(), 1, NULL, NULL"),
    ),
    Planting("inv_13_poison_stops", "a job begun for ever", _job("attempts", "10")),
    Planting(
        "inv_13_poison_stops", "a job rests, and nobody knows",
        _job("execute_after", "now() + interval '1 hour'"),
    ),
    Planting(
        "inv_14_schedule_fires_once", "one instant twice",
        "ALTER TABLE schedule_runs DROP CONSTRAINT schedule_runs_pkey;" + 2 * _RUN,
    ),
    Planting(
        "inv_17_link_acts_once", "a yes by a link that was never used",
        "UPDATE gigs SET answered_via = 'link', answered_by = NULL WHERE id = {eetu}",
    ),
    Planting("inv_17_link_acts_once", "two answers", 2 * _event("'assigned', 'confirmed'")),
    Planting("inv_18_key_acts_once", "one order of two keys", _KEY.format("a") + _KEY.format("b")),
    Planting(
        "inv_19_times_are_sane", "a gig of no time",
        "ALTER TABLE gigs DROP CONSTRAINT gig_time_is_sane;" + LOOSE.format("gigs")
        + "UPDATE gigs SET during = 'empty' WHERE id = {aino}",
    ),
    Planting(
        "inv_19_times_are_sane", "a visit without end",
        "ALTER TABLE visits DROP CONSTRAINT visit_time_is_sane;" + LOOSE.format("visits")
        + "UPDATE visits SET during = tstzrange(lower(during), NULL)",
    ),
    Planting(
        "inv_19_times_are_sane", "an absence without end",
        "ALTER TABLE coach_absences DROP CONSTRAINT absence_time_is_finite;"
        "INSERT INTO coach_absences SELECT 1, gen_random_uuid(), coach_id, tstzrange(now(), NULL)"
        " FROM visits",
    ),
    Planting(
        "inv_19_times_are_sane", "an exception of no time",
        "ALTER TABLE client_exceptions DROP CONSTRAINT exception_time_is_finite;"
        "INSERT INTO client_exceptions SELECT 1, gen_random_uuid(), client_id, 'empty', true"
        " FROM gigs",
    ),
    Planting(
        "inv_20_no_live_gig_on_a_dead_order", "a gig of a cancelled order",
        LOOSE.format("orders") + "UPDATE orders SET status = 'cancelled'",
    ),
    Planting(
        "inv_20_no_live_gig_on_a_dead_order", "a cancelled gig that nobody was told of",
        _event("'confirmed', 'cancelled'"),
    ),
    Planting(
        "inv_21_limits_hold", "more than the week's hours",
        "DROP TRIGGER client_promises ON clients;"
        "UPDATE clients SET week_minutes = 60 WHERE id IN (SELECT client_id FROM gigs)",
    ),
    Planting(
        "inv_22_offers_are_calm", "asked again after a no",
        "DROP INDEX gig_asked_once;" + _twin(status="'declined'"),
    ),
    Planting(
        "inv_22_offers_are_calm", "thirteen messages in a day",
        _notice("'x', 'sms', client_id, id, 'k' || n, now(), 'sent', 1, 1, now(), 1,"
                " '2026-11-24 12:00+02', NULL")
        .replace("FROM gigs", "FROM generate_series(1, 13) AS n, gigs"),
    ),
    Planting(
        "inv_22_offers_are_calm", "woken by an offer",
        _notice("'offer', 'sms', client_id, id, 'k', now(), 'sent', 1, 1, now(), 1,"
                " '2026-11-24 22:30+02', NULL", quiet="1200, 480"),
    ),
    Planting(
        "inv_24_money_balances", "a gig that costs its worker",
        "ALTER TABLE gigs DROP CONSTRAINT gig_pay_is_sane; UPDATE gigs SET pay_cents = -1",
    ),
    Planting("inv_24_money_balances", "more given back than taken", _entry(-100)),
    Planting(
        "inv_27_disabled_means_out", "a session that went on",
        LOOSE.format("users") + "INSERT INTO sessions (organiser_id, token_hash,"
        " user_id, csrf, created_at, seen_at, expires_at) SELECT 1, sha256('x'), id, '', now(),"
        " now(), now() FROM users LIMIT 1; UPDATE users SET disabled_at = now()",
    ),
    Planting(
        "inv_28_secrets_are_kept_as_hashes", "a token as it is",
        "INSERT INTO signin_links (organiser_id, token_hash, user_id, expires_at)"
        " SELECT 1, 'open sesame', id, now() FROM users LIMIT 1",
    ),
    Planting(
        "inv_24_money_balances", "approved hours without any rows",
        LOOSE.format("gigs") + "UPDATE gigs SET status = 'approved', worked_minutes = 180"
        " WHERE id = {eetu}; INSERT INTO gig_events SELECT 1, gen_random_uuid(), id, 'done',"
        " 'approved', NULL, 'orderer', now(), '' FROM gigs WHERE id = {eetu}",
    ),
    Planting(
        "inv_24_money_balances", "a statement that does not add up",
        "INSERT INTO statements (organiser_id, id, number, kind, employer_id, period, row_count,"
        " total_cents, made_by, made_at, state, receipt) SELECT 1, gen_random_uuid(), 1, 'pay',"
        " o.employer_id, '2026-12-15', 2, 100, g.assigned_by, now(), 'made', ''"
        " FROM gigs g JOIN orders o ON o.id = g.order_id WHERE g.id = {eetu}",
    ),
    Planting(
        "inv_26_erased_means_gone", "a name that stayed",
        "UPDATE clients SET erased_at = now() WHERE id IN (SELECT client_id FROM gigs);",
    ),
    Planting("inv_25_versions_grow", "a version that stood still", "UPDATE gigs SET version = 0"),
)  # fmt: skip
