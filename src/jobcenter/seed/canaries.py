"""Marked strings in every field that somebody may not see, so that a leak can be found by reading.

A mark names its kind, its organiser and whose it is: `CANARY-NEED-1-6a1c0b7d2f11`. A number keeps
the form of a number, of a kind that nobody has otherwise.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

import asyncpg

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
OF_PHONE = "'+35850999' || lpad((" + DIGITS + ")::text, 4, '0')"


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
    Planted("client_contacts", "email", "EMAIL", "{t}.client_id", OF_ADDRESS),
    Planted("client_contacts", "phone", "PHONE", "{t}.client_id", OF_PHONE),
    Planted("client_need_notes", "note", "NEED", "{t}.client_id"),
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
    Planted("units", "name", "UNIT", "{t}.id"),
    Planted("coaches", "name", "COACH", "{t}.id"),
    Planted("coaches", "phone", "COACHPHONE", "{t}.id"),
    Planted("users", "name", "USER", "{t}.id"),
    Planted("users", "email", "USERMAIL", "{t}.id", OF_ADDRESS),
    Planted("users", "subject", "SUBJECT", "{t}.id"),
    Planted("sessions", "device", "DEVICE", "{t}.user_id"),
    Planted("passkeys", "name", "PASSKEY", "{t}.user_id"),
    Planted("api_tokens", "name", "TOKEN", "{t}.user_id"),
    Planted("parties", "email", "PARTYMAIL", "{t}.id", OF_ADDRESS),
    Planted("sites", "entrance", "ENTRANCE", "{t}.party_id"),
    Planted("sites", "code", "CODE", "{t}.party_id"),
    Planted("orders", "description", "ORDER", "{t}.party_id"),
    Planted("orders", "contact_name", "CONTACT", "{t}.party_id"),
    Planted("drafts", "fields", "DRAFT", "split_part({t}.owner, ':', 2)",
            "jsonb_build_object('title', " + OF_TEXT + ")"),
)  # fmt: skip
# Those whose needs nobody has written about get a note to mark.
NOTES = (
    "INSERT INTO client_need_notes (organiser_id, client_id, code, note)"
    " SELECT organiser_id, client_id, code, '' FROM client_needs ON CONFLICT DO NOTHING"
)


def digits(organiser: int, whose: object) -> int:
    """Return the four digits that this organiser's person has in a marked number."""
    return int(sha256(f"{organiser}{whose}".encode()).hexdigest()[:6], 16) % 10_000


async def plant(owner_dsn: str) -> None:
    """Mark every such field of a database, past all walls; a copy of it is meant, never a city."""
    connection = await asyncpg.connect(owner_dsn)
    try:
        async with connection.transaction():
            # History is not written to otherwise; the marks change no state.
            await connection.execute("SET LOCAL session_replication_role = replica")
            for statement in _statements():
                await connection.execute(statement)
    finally:
        await connection.close()


def _statements() -> Iterator[str]:
    yield NOTES
    yield from (field.statement() for field in FIELDS)
