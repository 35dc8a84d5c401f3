"""Two units' rows and another organiser's in every table there is, for trying who sees which.

Rows are made from the catalogue, so that a new table gets its own; keys and checks are switched off
in the test's own clone while they are planted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID, uuid5

import asyncpg

from jobcenter.database import OrganiserId
from tests.cast import SEED
from tests.conftest import Fresh

NEAR, FAR, BROWSER, FOREIGN = "near", "far", "browser", "foreign"
# The other organiser's rows carry the very ids of the near unit's.
WORLDS: Mapping[str, tuple[OrganiserId, str]] = {
    NEAR: (OrganiserId(1), NEAR),
    FAR: (OrganiserId(1), FAR),
    BROWSER: (OrganiserId(1), BROWSER),
    FOREIGN: (OrganiserId(2), NEAR),
}
# Where a key's name does not tell the table that it points at.
POINTS_AT = {"by": "users", "actor": "users", "subject": "task_types", "party": "parties"}
MOMENT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
FIXED = {
    ("gigs", "status"): "confirmed",
    ("incidents", "told_from"): "client",
    ("feedbacks", "told_from"): "client",
    ("proposal_rows", "state"): "asked",
    ("visits", "status"): "booked",
    ("visit_gigs", "status"): "booked",
    ("orders", "status"): "open",
}
SPAN = asyncpg.Range(MOMENT, MOMENT.replace(hour=11))
NUMBERS = {NEAR: 1, FAR: 2, BROWSER: 3}
VALUES: Mapping[str, object] = {
    "float8": 60.0, "bool": True,
    "timestamptz": MOMENT, "date": date(2026, 11, 24), "tstzrange": SPAN, "daterange": None,
    "jsonb": "{}", "_text": [], "_int2": [1], "_int4": [1], "_timestamptz": [MOMENT], "_uuid": [],
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A column that a row must give a value for."""

    name: str
    kind: str


@dataclass(frozen=True)
class Table:
    """A table: what a row needs, and the column that tells the worlds' rows apart."""

    name: str
    columns: tuple[Column, ...]
    mark: str
    organised: bool

    def insert(self) -> str:
        """Return the statement that adds a row."""
        names = ", ".join(column.name for column in self.columns)
        places = ", ".join(f"${number}" for number in range(1, len(self.columns) + 1))
        return f"INSERT INTO {self.name} ({names}) VALUES ({places})"

    def row(self, world: str) -> list[object]:
        """Return the values of a world's row."""
        return [_value(self, column, world) for column in self.columns]

    def mark_of(self, world: str) -> object:
        """Return what this world's row has in the column that tells."""
        kind = next(column.kind for column in self.columns if column.name == self.mark)
        return _value(self, Column(self.mark, kind), world)


def id_in(world: str, table: str) -> UUID:
    """Return the id of a world's row of a table."""
    return uuid5(SEED, f"{WORLDS[world][1]} {table}")


def _value(table: Table, column: Column, world: str) -> object:
    organiser, ids = WORLDS[world]
    if column.name == "organiser_id" or (table.name, column.name) == ("organisers", "id"):
        return organiser
    if (table.name, column.name) in FIXED:
        return FIXED[table.name, column.name]
    if (table.name, column.name) == ("drafts", "owner"):
        return "visitor:x" if world == BROWSER else f"user:{id_in(world, 'users')}"
    if column.kind == "uuid":
        return id_in(world, _pointed_at(table.name, column.name))
    if column.kind in {"text", "varchar"}:
        return ids
    if column.kind == "bytea":
        return f"{world} {table.name}".encode()
    return NUMBERS[ids] if column.kind in {"int2", "int4", "int8"} else VALUES[column.kind]


def _pointed_at(table: str, column: str) -> str:
    if column == "id":
        return table
    stem = column.removesuffix("_id")
    last = stem.rpartition("_")[2]
    if last in POINTS_AT:
        return POINTS_AT[last]
    return f"{last}es" if last.endswith("ch") else f"{last}s"


async def tables(connection: asyncpg.Connection) -> tuple[Table, ...]:
    """Read every table of ours from the catalogue."""
    rows = await connection.fetch(
        "SELECT c.relname, a.attname, t.typname, k.conkey[2] = a.attnum OR k.conkey[1] = a.attnum"
        " AND cardinality(k.conkey) = 1 AS tells"
        " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
        " AND NOT a.attisdropped AND a.attgenerated = '' JOIN pg_type t ON t.oid = a.atttypid"
        " LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p'"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
        " AND c.relname NOT LIKE 'pgqueuer%' ORDER BY c.relname, a.attnum"
    )
    found: dict[str, list[asyncpg.Record]] = {}
    for row in rows:
        found.setdefault(row["relname"], []).append(row)
    return tuple(_table(name, columns) for name, columns in found.items())


def _table(name: str, rows: Sequence[asyncpg.Record]) -> Table:
    columns = tuple(Column(row["attname"], row["typname"]) for row in rows)
    mark = next(row["attname"] for row in rows if row["tells"])
    organised = any(column.name == "organiser_id" for column in columns) or name == "organisers"
    return Table(name, columns, mark, organised)


async def plant(fresh: Fresh) -> tuple[Table, ...]:
    """Plant a row of each world in every table."""
    connection = await asyncpg.connect(fresh.owner_dsn)
    try:
        found = await tables(connection)
        await _without_checks(connection)
        await connection.execute("SET session_replication_role = replica")
        for table in found:
            for world in WORLDS if table.organised else (NEAR,):
                if world != BROWSER or table.name == "drafts":
                    await connection.execute(
                        f"{table.insert()} ON CONFLICT DO NOTHING", *table.row(world)
                    )
        return found
    finally:
        await connection.close()


async def _without_checks(connection: asyncpg.Connection) -> None:
    for row in await connection.fetch(
        "SELECT conrelid::regclass::text AS name, conname FROM pg_constraint"
        " WHERE contype IN ('c', 'x') AND connamespace = 'public'::regnamespace"
        " AND conrelid <> 0"
    ):
        await connection.execute(f'ALTER TABLE {row["name"]} DROP CONSTRAINT "{row["conname"]}"')
    await connection.execute("ALTER TABLE gigs DISABLE TRIGGER USER")
