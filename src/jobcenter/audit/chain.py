"""How the logs are sealed, as arithmetic: a hash of each row, a root over them, a chain of roots.

Pure. The seals are made in `seals` and held against the log in `verifying`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

# What stands before the first seal.
BEGINNING = bytes(32)
ID_BYTES, HASH_BYTES = 16, 32
# A leaf can never be taken for a knot of the tree, nor the other way round (RFC 6962).
LEAF, KNOT = b"\x00", b"\x01"
# How seals are made now. What is sealed by a former one is held to that one.
FORMULA = 2
# The sealed tables, by the number that stands in the list of a seal; a new one comes last.
TABLES = ("looks", "disclosures", "emergencies", "right_events", "benefit_talks")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the log, exactly as it is sealed; a new column becomes a new field at the end."""

    organiser_id: int
    id: UUID
    at: datetime
    actor: UUID | None
    role: str
    client_id: UUID | None
    what: str
    purpose: str
    request_id: str
    on_behalf: str
    outside: bool
    xid: int

    def leaf(self) -> bytes:
        """Return the hash of the row."""
        values = [
            self.organiser_id,
            str(self.id),
            _instant(self.at),
            str(self.actor or ""),
            self.role,
            str(self.client_id or ""),
            self.what,
            self.purpose,
            self.request_id,
            self.on_behalf,
            self.outside,
            self.xid,
        ]
        return sha256(LEAF + json.dumps(values, ensure_ascii=False).encode()).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the Merkle root; whoever has no neighbour moves up unchanged."""
    level = list(leaves) or [BEGINNING]
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        knots = [sha256(KNOT + left + right).digest() for left, right in pairs]
        level = knots + level[len(level) - len(level) % 2 :]
    return level[0]


def link(before: bytes, made: "Made") -> bytes:
    """Return the hash of a seal: of the one before it, and of all that it says of itself.

    The first formula left out when it was made; chains that began with it are still held to it.
    """
    parts = [before, made.root, made.count.to_bytes(8, "big"), made.to_xid.to_bytes(8, "big")]
    if made.formula > 1:
        parts += [_instant(made.at).encode(), made.formula.to_bytes(2, "big")]
    return sha256(b"".join(parts)).digest()


@dataclass(frozen=True, slots=True)
class Made:
    """What a seal says of itself, apart from the list of its rows."""

    root: bytes
    count: int
    to_xid: int
    at: datetime
    formula: int = FORMULA


@dataclass(frozen=True, slots=True)
class Leaf:
    """A row of a sealed table, and the hash of all that is in it."""

    table: str
    id: UUID
    hash: bytes


def leaf_of(table: str, row_id: UUID, values: Sequence[object]) -> Leaf:
    """Hash the row of a table other than the log of looks, whose lines have a hash of their own."""
    told = json.dumps([table, *map(_plain, values)], ensure_ascii=False, sort_keys=True)
    return Leaf(table, row_id, sha256(LEAF + told.encode()).digest())


def _plain(value: object) -> object:
    """Put a value into words that are always the same."""
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, bytes):
        return value.hex()
    return str(value) if isinstance(value, UUID) else value


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def pack(leaves: Sequence[Leaf], formula: int = FORMULA) -> bytes:
    """Write down each row's table, id and hash, so that a row that is changed later can be named.

    The first formula knew the log of looks only, and wrote no table.
    """
    return b"".join(
        (bytes([TABLES.index(leaf.table)]) if formula > 1 else b"") + leaf.id.bytes + leaf.hash
        for leaf in leaves
    )


def width(formula: int) -> int:
    """Return how many bytes a row takes in the list of a seal."""
    return ID_BYTES + HASH_BYTES + (formula > 1)


def unpack(leaves: bytes, formula: int = FORMULA) -> list[Leaf]:
    """Return the rows of a seal, in their order."""
    step, head = width(formula), int(formula > 1)
    parts = (leaves[start : start + step] for start in range(0, len(leaves), step))
    return [
        Leaf(
            _table(part[0]) if head else TABLES[0],
            UUID(bytes=part[head : head + ID_BYTES]),
            part[head + ID_BYTES :],
        )
        for part in parts
    ]


def _table(code: int) -> str:
    return TABLES[code] if code < len(TABLES) else "?"
