"""What has happened since the last look of the matcher, and which open orders that touches.

A change is taken only after the round that dealt with it, so neither a worker that dies nor a plan
that is thrown away loses one.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Uuid,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.orders.gigs import KEPT, TAKEN, CoachVisit, Gig
from jobcenter.orders.model import Order, OrderPlace, OrderStatus
from jobcenter.orders.proposals import Change, Proposal, ProposalRow, Round
from jobcenter.orders.proposing import ask_round
from jobcenter.orders.timely import round_waits

# These take people's time and free none, so no unfilled place elsewhere can gain by them.
ONLY_TAKING = frozenset({"order_placed", "assigned", "escalated"})
MOST_AT_ONCE = 500
# After so many rounds in a row that failed, repairs rest so long: the next might fail for ever.
FAILURES = 2
REST = timedelta(minutes=5)
# A visit this near to another may leave too little time for the way.
ROAD = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Changes that no repair has dealt with, the open orders they touch, and if one was asked.

    `changed` are the orders that the changes are about; the others only feel them.
    """

    changes: tuple[int, ...]
    orders: frozenset[UUID]
    changed: frozenset[UUID]
    repair_asked: bool = False
    failed_at: datetime | None = None
    """When the last round failed, if those before it failed too."""

    def rests(self, now: datetime) -> bool:
        """Whether another repair should wait a while."""
        return self.failed_at is not None and now - self.failed_at < REST


async def waiting_changes(session: AsyncSession) -> Waiting:
    """Return what waits: changed orders, lists with a changed person, and places nobody fills."""
    own = asker(session).organiser_id
    rows = await session.scalars(
        select(Change)
        .where(Change.organiser_id == own, Change.taken_at.is_(None))
        .order_by(Change.id)
        .limit(MOST_AT_ONCE)
    )
    changes = list(rows)
    changed = frozenset(one.order_id for one in changes if one.order_id)
    touched: list[ColumnElement[bool]] = [Order.id.in_(changed)]
    clients = {one.client_id for one in changes if one.client_id}
    if clients:
        touched.append(_listed(ProposalRow.client_id.in_(clients)))
    touched += [_listed(_visited_by(one.coach_id)) for one in changes if one.coach_id]
    assigned = {one.order_id for one in changes if one.kind == "assigned"}
    if assigned:
        touched.append(_listed(_near_a_visit_of(assigned)))
    if any(one.kind not in ONLY_TAKING for one in changes):
        touched.append(_has_an_unfilled_place())
    orders = await session.scalars(
        select(Order.id).where(
            Order.organiser_id == own, Order.status == OrderStatus.OPEN.value, or_(*touched)
        )
    )
    asked = await session.scalar(
        select(Round.id).where(
            Round.organiser_id == own, Round.kind == "repair", Round.status == "waiting"
        )
    )
    return Waiting(
        changes=tuple(one.id for one in changes),
        orders=frozenset(orders if changes else ()),
        changed=changed,
        repair_asked=asked is not None,
        failed_at=await _failed_at(session) if changes else None,
    )


async def _failed_at(session: AsyncSession) -> datetime | None:
    """Return when the newest round ended, if the newest few have all failed."""
    rows = await session.execute(
        select(Round.status, Round.finished_at)
        .where(Round.organiser_id == asker(session).organiser_id, Round.finished_at.is_not(None))
        .order_by(Round.id.desc())
        .limit(FAILURES)
    )
    ended = rows.all()
    failed = [at for status, at in ended if status == "failed"]
    return failed[0] if len(failed) == FAILURES else None


async def start_afresh(session: AsyncSession, *, now: datetime) -> None:
    """Ask for a whole round, unless one waits: it plans without what stands on other lists."""
    if not await round_waits(session):
        await ask_round(session, kind="whole", now=now)


async def take_changes(session: AsyncSession, *, changes: Collection[int], now: datetime) -> None:
    """Mark changes as dealt with."""
    await session.execute(
        update(Change)
        .where(
            Change.organiser_id == asker(session).organiser_id,
            Change.id.in_(changes),
            Change.taken_at.is_(None),
        )
        .values(taken_at=now)
    )


def _listed(row: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a current list of the order has a waiting row like this."""
    return exists().where(
        Proposal.organiser_id == Order.organiser_id,
        Proposal.order_id == Order.id,
        Proposal.closed_at.is_(None),
        ProposalRow.organiser_id == Proposal.organiser_id,
        ProposalRow.proposal_id == Proposal.id,
        ProposalRow.state == "waiting",
        row,
    )


def _visited_by(coach_id: UUID) -> ColumnElement[bool]:
    return ProposalRow.visits.op("@>")([{"coach_id": str(coach_id)}])


def _near_a_visit_of(orders: Collection[UUID | None]) -> ColumnElement[bool]:
    """Whether the row counts on a coach at a time that visits of these orders now take."""
    promised = func.jsonb_array_elements(ProposalRow.visits).table_valued("value").alias("promised")
    visit = promised.c.value.cast(JSONB)
    begin = visit["start"].astext.cast(TIMESTAMP(timezone=True))
    end = begin + visit["minutes"].astext.cast(Integer) * timedelta(minutes=1)
    return exists(
        select(literal(1))
        .select_from(CoachVisit)
        .join(promised, visit["coach_id"].astext.cast(Uuid) == CoachVisit.coach_id)
        .where(
            CoachVisit.organiser_id == ProposalRow.organiser_id,
            CoachVisit.order_id.in_(orders),
            CoachVisit.status.in_(TAKEN),
            CoachVisit.during.op("&&")(func.tstzrange(begin - ROAD, end + ROAD)),
        )
    )


def _has_an_unfilled_place() -> ColumnElement[bool]:
    """Whether a place has neither a gig nor anybody whom the joint plan picked for it."""
    kept = exists().where(
        Gig.organiser_id == OrderPlace.organiser_id,
        Gig.order_id == OrderPlace.order_id,
        Gig.kept_place == OrderPlace.place_no,
        Gig.status.in_([status.value for status in KEPT]),
    )
    picked = exists().where(
        Proposal.organiser_id == OrderPlace.organiser_id,
        Proposal.order_id == OrderPlace.order_id,
        Proposal.place_no == OrderPlace.place_no,
        Proposal.closed_at.is_(None),
        ProposalRow.organiser_id == Proposal.organiser_id,
        ProposalRow.proposal_id == Proposal.id,
        ProposalRow.state == "waiting",
        ProposalRow.planned,
    )
    return exists().where(
        OrderPlace.organiser_id == Order.organiser_id,
        OrderPlace.order_id == Order.id,
        ~and_(kept),
        ~and_(picked),
    )
