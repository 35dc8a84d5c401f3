"""How the use log is sealed, as arithmetic: a hash of each row, a root over them, a chain of roots.

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
            self.at.astimezone(UTC).isoformat(timespec="microseconds"),
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


def link(before: bytes, root: bytes, count: int, to_xid: int) -> bytes:
    """Return the hash of a seal: of the one before it, its root, and how far it reaches."""
    return sha256(before + root + count.to_bytes(8, "big") + to_xid.to_bytes(8, "big")).digest()


def pack(lines: Sequence[Line]) -> bytes:
    """Write down each row's id and hash, so that a row that is changed later can be named."""
    return b"".join(line.id.bytes + line.leaf() for line in lines)


def unpack(leaves: bytes) -> dict[UUID, bytes]:
    """Return the hash of each row by its id, in their order."""
    step = ID_BYTES + HASH_BYTES
    parts = (leaves[start : start + step] for start in range(0, len(leaves), step))
    return {UUID(bytes=part[:ID_BYTES]): part[ID_BYTES:] for part in parts}
