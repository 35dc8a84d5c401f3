"""Makes the exports that somebody asked for: under their own rights, after a look at everybody.

Rows are read and written a few thousand at a time, so that a file of a hundred thousand costs
no request its turn.
"""

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from jobcenter import access
from jobcenter.database import Who
from jobcenter.errors import NotAllowed
from jobcenter.orders import exports, sheets
from jobcenter.orders.exports import Export, Wanted
from jobcenter.orders.queries import accounts
from jobcenter.spreadsheets import Cell, Table, as_csv, csv_rows
from jobcenter.texts import say
from jobcenter.worker.hands import Hands

ROWS_AT_ONCE = 5_000


class Some(NamedTuple):
    """Some of the rows, and after which one the next begin."""

    rows: list[tuple[Cell, ...]]
    last: UUID | None


async def make_exports(hands: Hands, now: datetime, *, most: int = ROWS_AT_ONCE) -> bool:
    """Make everything that has been asked for; made twice, the first stands."""
    wanted = await hands.database.read(hands.who, exports.waiting, now=now)
    for one in wanted:
        await _make(hands, one, most, now)
    return bool(wanted)


async def _make(hands: Hands, wanted: Wanted, most: int, now: datetime) -> None:
    export = wanted.export
    if wanted.who is None:
        await hands.database.act(hands.who, exports.refuse, export_id=export.id)
        return
    who = replace(wanted.who, at=now, request_id=f"export-{export.id}")
    try:
        people = await _looked(hands, who, export, now)
        content, rows = await _written(hands, who, export, most)
    except NotAllowed:
        # Whoever settled the accounts when they asked may do so no more.
        await hands.database.act(hands.who, exports.refuse, export_id=export.id)
        return
    await hands.database.act(
        hands.who, exports.keep, export_id=export.id, people=people, content=content, rows=rows,
        now=now,
    )  # fmt: skip


async def _looked(hands: Hands, who: Who, export: Export, now: datetime) -> list[UUID]:
    """Commit a look at everybody whom the file will name; return them."""
    if export.kind != "pay":
        return []
    days = (export.first_day, export.last_day)
    people = list(await hands.database.read(who, accounts.people_between, days=days))
    for at in range(0, len(people), exports.LOOKED_AT_ONCE):
        await access.look(
            hands.database, who, clients=people[at : at + exports.LOOKED_AT_ONCE], what="name, pay",
            purpose=exports.PURPOSE, now=now,
        )  # fmt: skip
    return people


async def _written(hands: Hands, who: Who, export: Export, most: int) -> tuple[bytes, int]:
    """Return the file and how many rows it has."""
    is_pay = export.kind == "pay"
    columns = sheets.PAY_COLUMNS if is_pay else sheets.BILL_COLUMNS
    cents = sheets.PAY_CENTS if is_pay else sheets.BILL_CENTS
    names = [say(who.language, column) for column in columns]
    parts, count, after = [as_csv(Table("", names, [], cents))], 0, None
    while True:
        some = await _next(hands, who, export, after, most)
        parts.append(await asyncio.to_thread(csv_rows, Table("", names, some.rows, cents)))
        count, after = count + len(some.rows), some.last
        if len(some.rows) < most:
            return b"".join(parts), count


async def _next(hands: Hands, who: Who, export: Export, after: UUID | None, most: int) -> Some:
    days = (export.first_day, export.last_day)
    if export.kind == "pay":
        pay = await hands.database.read(
            who, accounts.pay_between, days=days, after=after, most=most
        )
        return Some([sheets.pay_cells(one) for one in pay], pay[-1].row.id if pay else None)
    bill = await hands.database.read(who, accounts.bill_between, days=days, after=after, most=most)
    return Some([sheets.bill_cells(one) for one in bill], bill[-1].line.id if bill else None)
