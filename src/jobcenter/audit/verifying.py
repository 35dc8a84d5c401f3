"""Holds the logs against their seals, and names the first row or seal that is not as it was."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.audit import sealed, seals
from jobcenter.audit.chain import BEGINNING, TABLES, Leaf, link, root_of, unpack, width
from jobcenter.audit.seals import Seal
from jobcenter.database import AUDITING, Database, Who


@dataclass(frozen=True, slots=True)
class Kept:
    """A seal as somebody outside has kept it, from the hourly mail."""

    number: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that is wrong: with a row, or with the seal itself."""

    seal: int
    what: str
    row: UUID | None = None
    table: str = TABLES[0]
    """Of which table the row is."""


class Before(NamedTuple):
    """Where the chain stands before a seal."""

    number: int = 0
    hash: bytes = BEGINNING
    reaches: int | None = 0
    """Where it ends; unknown where the log before is gone, and only its hash was kept."""
    formula: int = 1


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification found; `last` is the newest seal, which everybody may write down."""

    seals: int
    rows: int
    waiting: int
    last: Kept | None
    fault: Fault | None
    behind: int = 0
    """How many transactions a restored server must still count before anything is sealed again."""


async def verify(
    database: Database, who: Who, kept: Sequence[Kept] = (), begin: Kept | None = None
) -> Verdict:
    """Check every seal in turn, a transaction each, until one does not hold.

    `begin` is a seal that was kept outside: those after it are checked, as what follows from it.
    """
    who = Who(who.organiser_id, "auditor", rights=AUDITING)
    before, rows = Before(begin.number, begin.hash, None) if begin else Before(), 0
    outside = {one.number: one.hash for one in (*kept, *([begin] if begin else ()))}
    for number in await database.read(who, seals.numbers):
        if begin and number < begin.number:
            continue
        if begin and number == begin.number:
            seal = await database.read(who, _numbered, number=number)
            if fault := _differs(seal, outside):
                return Verdict(number - 1, 0, 0, None, fault)
            before = Before(number, begin.hash, seal.to_xid, seal.formula)
            continue
        seal, fault = await database.read(who, _checked, number=number, before=before)
        fault = fault or _differs(seal, outside)
        if fault:
            return Verdict(before.number, rows, 0, _last(before), fault)
        before = Before(seal.number, seal.hash, seal.to_xid, seal.formula)
        rows += seal.count
    missing = min((number for number in outside if number > before.number), default=None)
    fault = Fault(missing, "is gone, but was kept outside") if missing else None
    waiting = await database.read(who, seals.unsealed)
    behind = await database.read(who, seals.behind)
    return Verdict(before.number, rows, waiting, _last(before), fault, behind)


async def _numbered(session: AsyncSession, *, number: int) -> Seal:
    seal = await seals.numbered(session, number=number)
    assert seal is not None
    return seal


def _last(before: Before) -> Kept | None:
    return Kept(before.number, before.hash) if before.number else None


async def _checked(
    session: AsyncSession, *, number: int, before: Before
) -> tuple[Seal, Fault | None]:
    seal = await _numbered(session, number=number)
    tables = TABLES if seal.formula > 1 else TABLES[:1]
    span = {"from_xid": seal.from_xid, "to_xid": seal.to_xid}
    rows = await sealed.leaves(session, **span, tables=tables)
    fault = _links(seal, before) or _holds(seal, rows)
    if fault is None and seal.formula > 1 and (row_id := await sealed.rewritten(session, **span)):
        fault = Fault(seal.number, "was changed", row_id, "emergencies")
    return seal, fault


def _links(seal: Seal, before: Before) -> Fault | None:
    """Tell what is wrong with the seal itself: its place in the chain, its hash, its list."""
    if seal.number != before.number + 1:
        return Fault(before.number + 1, "is gone")
    if before.reaches is not None and seal.from_xid != before.reaches:
        return Fault(seal.number, "does not begin where the one before it ends")
    if seal.formula < before.formula:
        return Fault(seal.number, "was made as seals were made before")
    if seal.hash != link(before.hash, seal.made):
        return Fault(seal.number, "was changed, or does not follow the one before it")
    if len(seal.leaves) != seal.count * width(seal.formula):
        return Fault(seal.number, "has a list of another length")
    if root_of([leaf.hash for leaf in unpack(seal.leaves, seal.formula)]) != seal.root:
        return Fault(seal.number, "has a list that was changed")
    return None


def _holds(seal: Seal, rows: Sequence[Leaf]) -> Fault | None:
    """Tell which row is not as it was sealed."""
    sealed_rows = unpack(seal.leaves, seal.formula)
    found = {(row.table, row.id): row.hash for row in rows}
    for leaf in sealed_rows:
        now = found.pop((leaf.table, leaf.id), None)
        if now != leaf.hash:
            what = "was changed" if now else "was removed"
            return Fault(seal.number, what, leaf.id, leaf.table)
    added = next(iter(found), None)
    return Fault(seal.number, "was added later", added[1], added[0]) if added else None


def _differs(seal: Seal, outside: dict[int, bytes]) -> Fault | None:
    kept = outside.get(seal.number, seal.hash)
    return None if kept == seal.hash else Fault(seal.number, "is not the one that was kept outside")
