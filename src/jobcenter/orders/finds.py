"""What the matcher hands over for an order: who could go, who almost could, and why."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Entry:
    """One person for one place; `planned` when the joint plan picked them."""

    client_id: UUID
    unit_id: UUID
    start: datetime
    score: int
    reasons: tuple[Json, ...]
    visits: tuple[Json, ...]
    planned: bool = False
    elsewhere: Json | None = None
    """Where the joint plan needs them, or their coach, more: the sentence and the order's id."""


@dataclass(frozen=True, slots=True)
class PlaceList:
    """The ranked people for one place, best first; or why there is nobody."""

    place_no: int
    entries: tuple[Entry, ...]
    unfilled_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Miss:
    """Somebody who almost fits: the first failed rule, and what would make them fit."""

    client_id: UUID
    unit_id: UUID
    rule: str
    waits_for_support: bool
    why: Json
    fits_if: Json


@dataclass(frozen=True, slots=True)
class Found:
    """What a round found for one order, and the state of the order that it looked at."""

    order_id: UUID
    version: int
    taken: frozenset[int]
    read_at: datetime
    lists: tuple[PlaceList, ...]
    misses: tuple[Miss, ...]
    almost: bool = True
    """Whether all who almost fit were looked for; else those of the last look stay beside the ones
    who wait for support, who are always looked for."""
    impossible: frozenset[tuple[UUID, UUID]] = frozenset()
    """(proposal, client) on a list that is kept, for whom the gig has become impossible."""
    changed: int = 0
    """Picks of the last proposals that are given up here; lists that are kept have none."""

    def clients(self) -> frozenset[UUID]:
        """Return everybody whom this shows to somebody."""
        listed = {entry.client_id for one in self.lists for entry in one.entries}
        return frozenset(listed | {miss.client_id for miss in self.misses})
