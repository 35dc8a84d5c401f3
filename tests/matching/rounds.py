"""The short way to run a round in the cast's world and to see what it wrote."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from jobcenter.matching.round import Matcher, run_round
from jobcenter.matching.thinking.mind import Mind
from jobcenter.orders.proposals import Change, Round
from tests import make
from tests.cast import CITY, MONDAY, Cast
from tests.conftest import Fresh

LISTS = (
    "SELECT p.id AS list, p.order_id, p.place_no, p.unfilled_reason, r.rank, r.client_id,"
    " r.planned, r.start, r.state, r.reasons, r.visits, r.in_turn"
    " FROM proposals p LEFT JOIN proposal_rows r ON r.proposal_id = p.id"
    " WHERE p.closed_at IS NULL ORDER BY p.order_id, p.place_no, r.rank"
)


@contextmanager
def thinking() -> Iterator[Matcher]:
    """Give a matcher whose one process is warm, for all tests of a file."""
    mind = Mind()
    mind.warm()
    try:
        yield Matcher(mind, mind)
    finally:
        mind.close()


@dataclass(frozen=True)
class Stage:
    """The cast, their database and a matcher."""

    cast: Cast
    fresh: Fresh
    matcher: Matcher

    async def whole(self, now: datetime = MONDAY) -> Round:
        """Run a whole round."""
        mind = self.matcher.whole_mind
        return await run_round(self.cast.database, self.cast.worker, mind, kind="whole", now=now)

    async def repair(self, now: datetime = MONDAY) -> bool:
        """Look at what has changed."""
        return await self.matcher.repair(self.cast.database, self.cast.worker, now)

    async def change(
        self, kind: str, *, order_id: UUID | None = None, client_id: UUID | None = None
    ) -> None:
        """Write a change as an action would."""
        row = Change(
            organiser_id=CITY, kind=kind, order_id=order_id, client_id=client_id, at=MONDAY
        )
        await make.save(self.cast, row)

    async def lists(self) -> list[asyncpg.Record]:
        """Return the rows of all current lists; an empty list has one row without a client."""
        return await self.fresh.owner(LISTS)

    async def listed(self) -> list[UUID]:
        """Return who stands on the current lists, in order."""
        return [row["client_id"] for row in await self.lists() if row["client_id"]]
