"""Holds the use log against its seals, and names the first row or seal that is not as it was."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.audit import seals
from jobcenter.audit.chain import BEGINNING, HASH_BYTES, ID_BYTES, Line, link, root_of, unpack
from jobcenter.audit.seals import Seal
from jobcenter.database import Database, Who


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


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification found; `last` is the newest seal, which everybody may write down."""

    seals: int
    rows: int
    waiting: int
    last: Kept | None
    fault: Fault | None


async def verify(database: Database, who: Who, kept: Sequence[Kept] = ()) -> Verdict:
    """Check every seal in turn, a transaction each, until one does not hold."""
    before, rows = Kept(0, BEGINNING), 0
    reaches = 0
    outside = {one.number: one.hash for one in kept}
    for number in await database.read(who, seals.numbers):
        seal, fault = await database.read(who, _checked, number=number, before=before, at=reaches)
        fault = fault or _differs(seal, outside)
        if fault:
            return Verdict(before.number, rows, 0, before if before.number else None, fault)
        before, rows, reaches = Kept(seal.number, seal.hash), rows + seal.count, seal.to_xid
    missing = min((number for number in outside if number > before.number), default=None)
    fault = Fault(missing, "is gone, but was kept outside") if missing else None
    waiting = await database.read(who, seals.unsealed)
    return Verdict(before.number, rows, waiting, before if before.number else None, fault)


async def _checked(
    session: AsyncSession, *, number: int, before: Kept, at: int
) -> tuple[Seal, Fault | None]:
    seal = await seals.numbered(session, number=number)
    assert seal is not None
    rows = await seals.lines(session, from_xid=seal.from_xid, to_xid=seal.to_xid)
    return seal, _links(seal, before, at) or _holds(seal, rows)


def _links(seal: Seal, before: Kept, at: int) -> Fault | None:
    """Tell what is wrong with the seal itself: its place in the chain, its hash, its list."""
    if seal.number != before.number + 1:
        return Fault(before.number + 1, "is gone")
    if seal.from_xid != at:
        return Fault(seal.number, "does not begin where the one before it ends")
    if seal.hash != link(before.hash, seal.root, seal.count, seal.to_xid):
        return Fault(seal.number, "was changed, or does not follow the one before it")
    if len(seal.leaves) != seal.count * (ID_BYTES + HASH_BYTES):
        return Fault(seal.number, "has a list of another length")
    if root_of(list(unpack(seal.leaves).values())) != seal.root:
        return Fault(seal.number, "has a list that was changed")
    return None


def _holds(seal: Seal, rows: Sequence[Line]) -> Fault | None:
    """Tell which row is not as it was sealed."""
    sealed = unpack(seal.leaves)
    found = {row.id: row.leaf() for row in rows}
    for row_id, leaf in sealed.items():
        if row_id not in found:
            return Fault(seal.number, "was removed", row_id)
        if found[row_id] != leaf:
            return Fault(seal.number, "was changed", row_id)
    added = next((row_id for row_id in found if row_id not in sealed), None)
    return Fault(seal.number, "was added later", added) if added else None


def _differs(seal: Seal, outside: dict[int, bytes]) -> Fault | None:
    kept = outside.get(seal.number, seal.hash)
    return None if kept == seal.hash else Fault(seal.number, "is not the one that was kept outside")
