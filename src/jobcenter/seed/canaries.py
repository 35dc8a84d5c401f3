"""Marked strings in every field that somebody may not see, so that a leak can be found by reading.

A mark names its kind, its organiser and whose it is: `CANARY-NEED-1-5f0c2a81`.
"""

import asyncpg

MARK = "CANARY-{kind}-"

# What is marked: table, column, kind of mark, and the column that says whose it is.
PLANTED = (
    ("client_contacts", "given_name", "GIVEN", "client_id"),
    ("client_contacts", "family_name", "FAMILY", "client_id"),
    ("client_contacts", "email", "EMAIL", "client_id"),
    ("client_need_notes", "note", "NEED", "client_id"),
    ("units", "name", "UNIT", "id"),
    ("gig_events", "reason", "REASON", "gig_id"),
    ("gigs", "end_reason", "REASON", "id"),
    ("sites", "entrance", "ENTRANCE", "party_id"),
)
# Numbers keep the form of a number: nobody has these.
PHONES = (
    "UPDATE client_contacts SET phone = '+35850999' || lpad((abs(hashtext("
    "organiser_id || client_id::text)) % 10000)::text, 4, '0')"
)
# Those whose needs nobody has written about get a note to mark.
NOTES = (
    "INSERT INTO client_need_notes (organiser_id, client_id, code, note)"
    " SELECT organiser_id, client_id, code, '' FROM client_needs ON CONFLICT DO NOTHING"
)


async def plant(owner_dsn: str) -> None:
    """Mark every such field of a database, past all walls; a copy of it is meant, never a city."""
    connection = await asyncpg.connect(owner_dsn)
    try:
        async with connection.transaction():
            # History is not written to otherwise; the marks change no state.
            await connection.execute("SET LOCAL session_replication_role = replica")
            for statement in (NOTES, PHONES, *map(_marking, PLANTED)):
                await connection.execute(statement)
    finally:
        await connection.close()


def _marking(planted: tuple[str, str, str, str]) -> str:
    table, column, kind, whose = planted
    mark = MARK.format(kind=kind)
    return (
        f"UPDATE {table} SET {column} = '{mark}' || organiser_id || '-' || left({whose}::text, 8)"
    )
