"""Everything that is kept about one client, for them to read: a dictionary, by table.

Closed texts are opened; hashes and keys are left out, because they say nothing to anybody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import RowMapping, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.envelopes import PersonsKey
from jobcenter.errors import NotFound
from jobcenter.people import closing
from jobcenter.people.clients import Client
from jobcenter.retention.fates import FATES, Keeping, belonging
from jobcenter.tables import METADATA

# Said in the clear instead, from the one place that opens them.
OPENED = {"client_contacts", "client_need_notes"}
# Texts that lie closed beside what is open, and what each is closed as.
CLOSED: Mapping[str, Mapping[str, str]] = {
    "incidents": {
        "closed_words": "incident:words",
        "closed_told": "incident:told",
        "closed_outcome": "incident:outcome",
    },
    "feedbacks": {"closed_words": "feedback:words"},
    "replies": {"closed_text": "reply"},
}
NOTHING_TO_READ = {"client_keys"}

# What ids of ours are called: whoever reads the page knows people and places, not numbers.
NAMED = {"users": "name", "units": "name", "sites": "name", "parties": "name", "coaches": "name"}

Plain = str | int | float | bool | None | list["Plain"]
Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one table, with what it is and how long it is kept by which law."""

    keeping: Keeping
    rows: tuple[Row, ...]


async def person(session: AsyncSession, *, client_id: UUID) -> dict[str, Part]:
    """Gather everything that is kept about one client; the look has been committed before."""
    organiser_id = asker(session).organiser_id
    if await session.get(Client, (organiser_id, client_id)) is None:
        raise NotFound
    parts = {"client_contacts": await _contact(session, client_id)}
    parts["client_need_notes"] = await _notes(session, client_id)
    key = (await closing.keys(session, [client_id])).get(client_id)
    for name, keeping in FATES.items():
        if name in OPENED | NOTHING_TO_READ:
            continue
        table = METADATA.tables[name]
        rows = await session.execute(select(table).where(belonging(table, organiser_id, client_id)))
        closed = CLOSED.get(name, {})
        found = tuple({**_row(row), **_opened(row, key, closed)} for row in rows.mappings())
        parts[name] = Part(keeping, found)
    return parts


def _opened(row: RowMapping, key: PersonsKey | None, closed: Mapping[str, str]) -> Row:
    """Return the closed texts of a row, under their names without "closed"."""
    return {
        column.removeprefix("closed_"): key.open(place, row[column])
        for column, place in closed.items()
        if key and row[column]
    }


async def _contact(session: AsyncSession, client_id: UUID) -> Part:
    known = (await closing.contacts(session, [client_id])).get(client_id)
    rows: tuple[Row, ...] = ()
    if known:
        rows = (
            {
                "given_name": known.given_name,
                "family_name": known.family_name,
                "phone": known.phone,
                "email": known.email,
                "wants_calls": known.wants_calls,
            },
        )
    return Part(FATES["client_contacts"], rows)


async def _notes(session: AsyncSession, client_id: UUID) -> Part:
    notes = (await closing.need_notes(session, [client_id])).get(client_id, {})
    rows: tuple[Row, ...] = tuple({"code": code, "note": note} for code, note in notes.items())
    return Part(FATES["client_need_notes"], rows)


async def names(
    session: AsyncSession, *, parts: Mapping[str, Part], language: str
) -> dict[UUID, str]:
    """Return what the people, places and tasks in these rows are called."""
    wanted = {
        value
        for part in parts.values()
        for row in part.rows
        for value in row.values()
        if isinstance(value, UUID)
    }
    found: dict[UUID, str] = {}
    for name, column in (NAMED | {"task_types": f"name_{_named_in(language)}"}).items():
        table = METADATA.tables[name]
        rows = await session.execute(
            select(table.c.id, table.c[column]).where(
                table.c.organiser_id == asker(session).organiser_id, table.c.id.in_(wanted)
            )
        )
        found |= dict(rows.tuples().all())
    return found


def _named_in(language: str) -> str:
    return language if language in {"sv", "en"} else "fi"


def _row(found: RowMapping) -> Row:
    return {
        str(name): value
        for name, value in found.items()
        if not isinstance(value, bytes) and name != "organiser_id" and not name.endswith("_hash")
    }


def plain(part: Part) -> dict[str, object]:
    """Return it as JSON has it."""
    kept = part.keeping
    return {
        "keeping": {"title": kept.title, "fate": kept.fate.value, "law": kept.law},
        "rows": [{name: _plain(value) for name, value in row.items()} for row in part.rows],
    }


def _plain(value: object) -> Plain:
    if isinstance(value, Range):
        return [_plain(value.lower), _plain(value.upper)]
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return [f"{name}: {_plain(one)}" for name, one in value.items()]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)
