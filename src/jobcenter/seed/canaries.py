"""Marked strings in every field that somebody may not see, so that a leak can be found by reading.

A mark names its kind, its organiser and whose it is: `CANARY-NEED-1-6a1c0b7d2f11`. A number keeps
the form of a number, of a kind that nobody has otherwise.
"""

from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

import asyncpg

from jobcenter.envelopes import Keyring
from jobcenter.people import closing

# A mark ends with so many letters of an id: its last ones, because ids begin with a time.
LETTERS = 12
OF_GIG = (
    "(SELECT g.client_id FROM gigs g WHERE g.organiser_id = {t}.organiser_id AND g.id = {t}.gig_id)"
)
OF_TEXT = "'CANARY-{kind}-' || {t}.organiser_id || '-' || right(({whose})::text, 12)"
OF_ADDRESS = OF_TEXT + " || '@canary.example'"
# Four digits that an organiser's person has, the same here and in `digits`.
DIGITS = (
    "('x' || left(encode(sha256(convert_to({t}.organiser_id || ({whose})::text, 'UTF8')), 'hex'),"
    " 6))::bit(24)::int % 10000"
)


@dataclass(frozen=True, slots=True)
class Planted:
    """One marked field: its table and column, the kind of mark, and who is told by it."""

    table: str
    column: str
    kind: str
    whose: str
    """An expression over the row `{t}`."""
    mark: str = OF_TEXT

    def statement(self) -> str:
        """Return what marks this field in every row that is somebody's."""
        whose = self.whose.format(t=self.table)
        mark = self.mark.format(kind=self.kind, t=self.table, whose=whose)
        return f"UPDATE {self.table} SET {self.column} = {mark} WHERE ({whose}) IS NOT NULL"


def _money(first: int) -> str:
    """Return cents of which the first four figures are these and nobody's otherwise."""
    return f"{first}0000 + {DIGITS}"


PAY, LIMIT, EARNED, CEILING = 770, 880, 890, 900
FIELDS = (
    Planted("client_contacts", "given_name", "GIVEN", "{t}.client_id"),
    Planted("client_contacts", "family_name", "FAMILY", "{t}.client_id"),
    Planted("service_decisions", "reference", "DECISION", "{t}.client_id"),
    Planted("client_pins", "pin_hash", "PIN", "{t}.client_id"),
    Planted("client_consents", "text_version", "CONSENT", "{t}.client_id"),
    Planted("client_benefits", "personal_limit_cents", "LIMIT", "{t}.client_id", _money(LIMIT)),
    Planted("earnings_periods", "ceiling_cents", "CEILING", "{t}.client_id", _money(CEILING)),
    Planted("earnings_periods", "told_cents", "EARNED", "{t}.client_id",
            _money(EARNED) + " - committed_cents"),
    Planted("earnings_periods", "override_reason", "OVERRIDE", "{t}.client_id"),
    Planted("gig_events", "reason", "REASON", OF_GIG),
    Planted("gigs", "end_reason", "REASON", "{t}.client_id"),
    Planted("attendances", "note", "NOTE", OF_GIG),
    Planted("flags", "reason", "FLAG", OF_GIG),
    Planted("hours_records", "reason", "HOURS", OF_GIG),
    Planted("pay_rows", "cents", "PAY", "{t}.client_id", _money(PAY)),
    Planted("disclosures", "recipient", "DISCLOSURE", "{t}.client_id"),
    Planted("emergencies", "reason", "EMERGENCY", "{t}.client_id"),
    Planted("legal_holds", "reason", "HOLD", "{t}.client_id"),
    Planted("order_events", "details", "HOURS",
            "(SELECT g.client_id FROM gigs g WHERE g.organiser_id = {t}.organiser_id"
            " AND g.id::text = {t}.details ->> 'gig' AND {t}.details ? 'reason')",
            "{t}.details || jsonb_build_object('reason', " + OF_TEXT + ")"),
    Planted("units", "name", "UNIT", "{t}.id"),
    Planted("coaches", "name", "COACH", "{t}.id"),
    Planted("coaches", "phone", "COACHPHONE", "{t}.id"),
    Planted("users", "name", "USER", "{t}.id"),
    Planted("users", "phone", "USERPHONE", "{t}.id"),
    Planted("users", "email", "USERMAIL", "{t}.id", OF_ADDRESS),
    Planted("users", "subject", "SUBJECT", "{t}.id"),
    Planted("sessions", "device", "DEVICE", "{t}.user_id"),
    Planted("exports", "reason", "EXPORT", "{t}.user_id"),
    Planted("passkeys", "name", "PASSKEY", "{t}.user_id"),
    Planted("api_tokens", "name", "TOKEN", "{t}.user_id"),
    Planted("parties", "email", "PARTYMAIL", "{t}.id", OF_ADDRESS),
    Planted("parties", "phone", "PARTYPHONE", "{t}.id"),
    Planted("invitations", "email", "INVITED", "{t}.party_id", OF_ADDRESS),
    Planted("invitations", "name", "INVITED", "{t}.party_id"),
    *(
        Planted(table, column, kind,
                "(SELECT s.party_id FROM sites s WHERE s.organiser_id = {t}.organiser_id"
                " AND s.id = {t}.site_id)")
        for table, column, kind in (
            ("place_passports", "breaks", "PLACE"),
            ("place_passports", "remark", "REMARK"),
            ("place_photos", "caption", "PLACE"),
        )
    ),
    *(
        Planted("place_passports", column, "PLACECONTACT",
                "(SELECT s.party_id FROM sites s WHERE s.organiser_id = {t}.organiser_id"
                " AND s.id = {t}.site_id)")
        for column in ("contact_name", "contact_phone", "reserve_name", "reserve_phone")
    ),
    Planted("sites", "address", "ADDRESS", "{t}.party_id"),
    Planted("sites", "entrance", "ENTRANCE", "{t}.party_id"),
    # No two places of a party have the same.
    Planted("sites", "code", "CODE", "{t}.party_id", OF_TEXT + " || {t}.id"),
    Planted("orders", "description", "ORDER", "{t}.party_id"),
    Planted("orders", "contact_name", "CONTACT", "{t}.party_id"),
    Planted("orders", "contact_phone", "CONTACT", "{t}.party_id"),
    Planted("orders", "review_reason", "REVIEW", "{t}.party_id"),
    Planted("orders", "cancel_reason", "CANCEL", "{t}.party_id"),
    Planted("orders", "cost_centre", "COST", "{t}.party_id"),
    Planted("agreements", "title", "AGREEMENT", "{t}.party_id"),
    Planted("statements", "receipt", "RECEIPT", "{t}.employer_id"),
    Planted("drafts", "fields", "DRAFT", "split_part({t}.owner, ':', 2)",
            "jsonb_build_object('title', " + OF_TEXT + ")"),
)  # fmt: skip
# What is closed is marked under a new key, so that it opens whoever's the former was.
KEYED = (
    "INSERT INTO client_keys (organiser_id, client_id, master, closed) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (organiser_id, client_id) DO UPDATE SET master = $3, closed = $4"
)
REACHED = (
    "UPDATE client_contacts SET closed_phone = $3, closed_email = $4, phone_index = $5"
    " WHERE organiser_id = $1 AND client_id = $2"
)
# Those whose needs nobody has written about get a note to mark.
NOTED = (
    "INSERT INTO client_need_notes (organiser_id, client_id, code, closed_note)"
    " VALUES ($1, $2, $3, $4) ON CONFLICT (organiser_id, client_id, code)"
    " DO UPDATE SET closed_note = $4"
)

# What was told of gigs, marked by who told it.
TOLD = (
    "SELECT 'INCIDENT' AS kind, organiser_id, client_id, id, told_from FROM incidents"
    " UNION ALL SELECT 'SAID', organiser_id, client_id, gig_id, told_from FROM feedbacks"
    " UNION ALL SELECT 'REPLY', organiser_id, client_id, id, '' FROM replies"
    " WHERE closed_text IS NOT NULL AND client_id IS NOT NULL"
)
TOLD_BY = {
    "INCIDENT": "UPDATE incidents SET closed_words = $4, closed_told = $5,"
    " closed_outcome = CASE WHEN closed_outcome IS NULL THEN NULL ELSE $6::bytea END"
    " WHERE organiser_id = $1 AND id = $2 AND told_from = $3",
    "REPLY": "UPDATE replies SET closed_text = $4"
    " WHERE organiser_id = $1 AND id = $2 AND $3::text = ''",
    "SAID": "UPDATE feedbacks SET closed_words = $4"
    " WHERE organiser_id = $1 AND gig_id = $2 AND told_from = $3",
}
# As what each text is closed, in the order of the statement's columns.
PLACES = {
    "INCIDENT": ("incident:words", "incident:told", "incident:outcome"),
    "SAID": ("feedback:words",),
    "REPLY": (closing.REPLY,),
}


def digits(organiser: int, whose: object) -> int:
    """Return the four digits that this organiser's person has in a marked number."""
    return int(sha256(f"{organiser}{whose}".encode()).hexdigest()[:6], 16) % 10_000


async def plant(owner_dsn: str, ring: Keyring) -> None:
    """Mark every such field of a database, past all walls; a copy of it is meant, never a city."""
    connection = await asyncpg.connect(owner_dsn)
    try:
        async with connection.transaction():
            # History is not written to otherwise; the marks change no state.
            await connection.execute("SET LOCAL session_replication_role = replica")
            for field in FIELDS:
                await connection.execute(field.statement())
            await _plant_closed(connection, ring)
    finally:
        await connection.close()


async def _plant_closed(connection: asyncpg.Connection, ring: Keyring) -> None:
    needs: dict[tuple[int, UUID], list[str]] = {}
    for organiser, client, code in await connection.fetch(
        "SELECT k.organiser_id, k.client_id, n.code FROM client_contacts k"
        " LEFT JOIN client_needs n ON n.organiser_id = k.organiser_id AND n.client_id = k.client_id"
    ):
        needs.setdefault((organiser, client), []).extend([code] if code else [])
    told = await connection.fetch(TOLD)
    for (organiser, client), codes in needs.items():
        key, wrapped = ring.new_key(organiser, client)
        await connection.execute(KEYED, organiser, client, wrapped.master, wrapped.closed)
        email = f"{_mark('EMAIL', organiser, client)}@canary.example"
        reach = closing.Reach(f"+35850999{digits(organiser, client):04}", email)
        columns = reach.closed(ring, organiser, key)
        await connection.execute(
            REACHED, organiser, client,
            *(columns[name] for name in ("closed_phone", "closed_email", "phone_index")),
        )  # fmt: skip
        for code in codes:
            note = key.close(closing.place_of_note(code), _mark("NEED", organiser, client))
            await connection.execute(NOTED, organiser, client, code, note)
        for row in told:
            if (row["organiser_id"], row["client_id"]) == (organiser, client):
                mark = _mark(f"{row['kind']}{row['told_from'].upper()}", organiser, client)
                await connection.execute(
                    TOLD_BY[row["kind"]], organiser, row["id"], row["told_from"],
                    *(key.close(place, mark) for place in PLACES[row["kind"]]),
                )  # fmt: skip


def _mark(kind: str, organiser: int, whose: UUID) -> str:
    return f"CANARY-{kind}-{organiser}-{str(whose)[-LETTERS:]}"
