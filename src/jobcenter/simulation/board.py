"""What made-up coordinators do at their boards, by the policy that is tried."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import Database, asker, meets
from jobcenter.orders import assigning
from jobcenter.orders.gigs import Gig
from jobcenter.orders.model import Order, OrderStatus
from jobcenter.orders.proposals import Proposal, ProposalRow
from jobcenter.simulation.people import fate, first_to_try
from jobcenter.simulation.stage import Stage
from jobcenter.times import is_workday, local
from jobcenter.worker.hands import foreseen

Place = tuple[UUID, int]


@dataclass(frozen=True, slots=True)
class Policy:
    """How coordinators work: how many they approve at once, ask at once, and when they look."""

    approve: int = 3
    ask: int = 1
    hours: Sequence[int] = (8, 9, 10, 11, 12, 13, 14, 15)

    @property
    def words(self) -> str:
        """Say it in a line."""
        return f"lists of {self.approve}, {self.ask} asked at once, {len(self.hours)} looks a day"


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody on the list of a place that nobody has."""

    proposal_id: UUID
    place: Place
    number: int
    rank: int
    client_id: UUID
    unit_id: UUID
    approved: bool


@dataclass
class Board:
    """The boards of all units; counts decisions, and what asking several at once costs."""

    stage: Stage
    database: Database
    seed: int
    policy: Policy
    decisions: int = 0
    extra: int = 0
    too_late: int = 0
    left: dict[Place, int] = field(default_factory=dict)
    """How many more may be asked for a place without a new decision."""
    gone: set[tuple[UUID, UUID]] = field(default_factory=set)
    """Whom an order was offered to beside the one that held it."""

    async def look(self, now: datetime) -> bool:
        """Approve and ask from every list that waits; False when there was nothing to do."""
        at_work = is_workday(local(now).date()) and local(now).hour in self.policy.hours
        if not at_work:
            return False
        rows = await self.database.read(self.stage.machine, waiting)
        asked = False
        for _, some in groupby(rows, key=lambda row: row.proposal_id):
            asked = await self._ask(list(some), now) or asked
        return asked

    async def _ask(self, rows: list[Listed], now: datetime) -> bool:
        """Approve one list: alone in turn, or so many at once."""
        if self.policy.ask == 1 and any(row.approved for row in rows):
            return False
        unit_id = rows[0].unit_id
        mine = [
            row
            for row in rows
            if row.unit_id == unit_id and (row.place[0], row.client_id) not in self.gone
        ]
        if not mine:
            return False
        if self.policy.ask == 1:
            done = await self._approve(mine[: self.policy.approve], now)
            self.decisions += done
            return done
        return await self._ask_several(mine, now)

    async def _ask_several(self, mine: list[Listed], now: datetime) -> bool:
        place = mine[0].place
        if not self.left.get(place):
            self.left[place] = self.policy.approve
            self.decisions += 1
        several = mine[: min(self.policy.ask, self.left[place])]
        fates = [fate(self.seed, row.client_id, row.number) for row in several]
        first = first_to_try(fates)
        if not await self._approve([several[first]], now):
            self.left[place] = 0
            return False
        self.left[place] -= len(several)
        others = [row for number, row in enumerate(several) if number != first]
        self.gone |= {(row.place[0], row.client_id) for row in others}
        self.extra += len(others)
        self.too_late += max(0, sum(one.answer == "yes" for one in fates) - 1)
        return True

    async def _approve(self, rows: list[Listed], now: datetime) -> bool:
        """Approve these in turn; whoever cannot be asked at this moment is left out."""
        while rows:
            step = self.database.act(
                self.stage.desk(rows[0].unit_id),
                assigning.approve_list,
                proposal_id=rows[0].proposal_id,
                ranks=[row.rank for row in rows],
                now=now,
            )
            if await foreseen(step):
                return True
            rows = rows[1:]
        return False


async def waiting(session: AsyncSession) -> Sequence[Listed]:
    """Return everybody who can be asked for a free place, list by list, the soonest start first."""
    own = asker(session).organiser_id
    kept = exists().where(
        Gig.organiser_id == Proposal.organiser_id,
        Gig.order_id == Proposal.order_id,
        Gig.kept_place == Proposal.place_no,
    )
    rows = await session.execute(
        select(Proposal, ProposalRow, Order.number)
        .join(Proposal, meets(ProposalRow, "proposal_id", Proposal))
        .join(Order, meets(Proposal, "order_id", Order))
        .where(ProposalRow.organiser_id == own, ProposalRow.state == "waiting")
        .where(Proposal.closed_at.is_(None), Order.status == OrderStatus.OPEN.value, ~kept)
        .order_by(Order.first_start, Order.number, Proposal.place_no, ProposalRow.rank)
    )
    return [
        Listed(
            head.id, (head.order_id, head.place_no), number, row.rank, row.client_id, row.unit_id,
            row.in_turn is not None and head.approved_at is not None,
        )
        for head, row, number in rows
    ]  # fmt: skip
