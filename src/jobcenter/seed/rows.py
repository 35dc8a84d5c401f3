"""Rows gathered in memory and written in bulk, one statement a table.

They go in as the owner of the tables and before any policy is forced (SETTLED 38).
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import asyncpg
from sqlalchemy import Column, Table
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from jobcenter.database import Base, OrganiserId
from jobcenter.envelopes import Keyring, PersonsKey
from jobcenter.people.clients import ClientKey
from jobcenter.seed.dice import Dice

AT_ONCE = 4000

Row = dict[str, object]


def span(begin: datetime, end: datetime) -> str:
    """Write a half-open range of time as PostgreSQL reads it."""
    return f"[{begin.isoformat()},{end.isoformat()})"


@dataclass(frozen=True, slots=True)
class Told:
    """A text of a client's, closed only when it is written: the same city has other keys."""

    client_id: UUID
    text: str
    place: str = ""
    """What it is closed as; empty where it is only to be found again by."""

    def closed(self, ring: Keyring, organiser_id: OrganiserId, key: PersonsKey) -> bytes:
        """Return what is stored of it."""
        if not self.place:
            return ring.index(organiser_id, self.text)
        return key.close(self.place, self.text)


class Rows:
    """What is to be written, by table; ids that nobody else needs are made here."""

    def __init__(self, organiser_id: OrganiserId, dice: Dice) -> None:
        self.organiser_id = organiser_id
        self._dice = dice
        self._by_table: dict[str, list[Row]] = {}

    def add(self, model: type[Base], **values: object) -> Row:
        """Keep a row; what is not given gets the model's own default, or nothing."""
        row: Row = {}
        for column in _table(model).columns:
            if column.computed is None and column.identity is None:
                row[column.name] = self._value(column, values.pop(column.name, ...))
        if values:
            raise TypeError(f"{model.__name__} has no {', '.join(values)}")
        self._by_table.setdefault(_table(model).fullname, []).append(row)
        return row

    def _value(self, column: Column[object], given: object) -> object:
        if given is not ...:
            return given
        if column.name == "organiser_id":
            return self.organiser_id
        if column.name == "id":
            return self._dice.id()
        if isinstance(column.default, ScalarElementColumnDefault):
            return column.default.arg
        if column.nullable:
            return None
        raise TypeError(f"{column} is missing")

    def of(self, model: type[Base]) -> list[Row]:
        """Return the rows kept for one table."""
        return self._by_table.get(_table(model).fullname, [])

    def close(self, ring: Keyring) -> None:
        """Give every client with a text a key, and close their texts under it."""
        keys: dict[UUID, PersonsKey] = {}
        told = [
            (row, name, value)
            for rows in list(self._by_table.values())
            for row in rows
            for name, value in row.items()
            if isinstance(value, Told)
        ]
        for row, name, value in told:
            if value.client_id not in keys:
                keys[value.client_id] = self._key(ring, value.client_id)
            row[name] = value.closed(ring, self.organiser_id, keys[value.client_id])

    def _key(self, ring: Keyring, client_id: UUID) -> PersonsKey:
        key, wrapped = ring.new_key(self.organiser_id, client_id)
        self.add(ClientKey, client_id=client_id, master=wrapped.master, closed=wrapped.closed)
        return key

    async def write(self, connection: asyncpg.Connection, *, again: bool = False) -> None:
        """Insert everything, parents first; `again` leaves out what is there already."""
        for table in Base.metadata.sorted_tables:
            rows = self._by_table.get(table.fullname, [])
            for begin in range(0, len(rows), AT_ONCE):
                await _insert(
                    connection, table.fullname, rows[begin : begin + AT_ONCE], again=again
                )


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


async def _insert(
    connection: asyncpg.Connection, table: str, rows: list[Row], *, again: bool
) -> None:
    names = ", ".join(f'"{name}"' for name in rows[0])
    calm = " ON CONFLICT DO NOTHING" if again else ""
    # Table and column names are our own models', never anybody's input.
    await connection.execute(
        f"INSERT INTO {table} ({names})"
        f" SELECT {names} FROM json_populate_recordset(NULL::{table}, $1::json){calm}",
        json.dumps(rows, default=_as_text),
    )


def _as_text(value: object) -> object:
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Iterable):
        return list(value)
    raise TypeError(f"cannot write {value!r}")
