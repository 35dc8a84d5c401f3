"""What an orderer sees of their orders: how each stands, and who comes once that is agreed.

Never a unit, a need, a benefit, a decline, or anybody who was asked and is not coming: while
somebody is being asked, the order is still looking.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from jobcenter.database import asker
from jobcenter.errors import LinkIsDead, NotFound
from jobcenter.orders import cancelling, repeating
from jobcenter.orders.gigs import PROMISED, WORKED, GigStatus
from jobcenter.orders.model import Order, OrderStatus
from jobcenter.orders.queries.reports import faces_of
from jobcenter.orders.windows import AgreedGig, AgreedWorker, Colleague, opened_order
from jobcenter.people import closing
from jobcenter.people.invitations import Invitation
from jobcenter.people.parties import Site, TaskType
from jobcenter.times import minutes_between

S = GigStatus
SETTLED = (S.APPROVED, S.INVOICED)
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class DateCost:
    """One date of a repeated order, and what cancelling it would cost."""

    order: Order
    cost: cancelling.Cancellation


class Stage(StrEnum):
    """How an order stands in an orderer's eyes; derived, never stored."""

    IN_REVIEW = "in_review"
    LOOKING = "looking"
    FOUND = "found"
    WORKING = "working"
    DONE = "done"
    APPROVED = "approved"
    UNFILLED = "unfilled"
    CANCELLED = "cancelled"


# The five steps of the line that is shown, and how many of them each stage has behind it.
STEPS = ("ordered", "looking", "found", "done", "approved")
_STEP_OF = {
    Stage.IN_REVIEW: 0,
    Stage.LOOKING: 1,
    Stage.FOUND: 2,
    Stage.WORKING: 2,
    Stage.DONE: 3,
    Stage.APPROVED: 4,
    Stage.UNFILLED: 1,
    Stage.CANCELLED: 0,
}


@dataclass(frozen=True, slots=True)
class Opened:
    """What a status link opens: an order, and whose it is."""

    order_id: UUID
    party_id: UUID


@dataclass(frozen=True, slots=True)
class Worker:
    """A place that is agreed on; the name only with its owner's consent."""

    gig_id: UUID
    client_id: UUID
    status: str
    start: datetime
    end: datetime
    minutes: int
    name: str = ""
    phone: str = ""
    face: int = 0
    """How the orderer said it went; 0 where they have not."""

    @property
    def waits_for_approval(self) -> bool:
        """Whether the work is done and its hours are not approved yet."""
        return self.status == S.DONE


@dataclass(frozen=True, slots=True)
class Sheet:
    """One order as its orderer sees it."""

    order: Order
    task: TaskType
    site: Site
    workers: tuple[Worker, ...] = field(default=())

    @property
    def start(self) -> datetime:
        """Return the start that holds, or the first that may be."""
        return self.order.start or self.order.first_start

    @property
    def end(self) -> datetime:
        """Return when the work ends, or the window closes."""
        if self.order.start:
            return self.order.start + timedelta(minutes=self.order.minutes)
        return self.order.last_end

    @property
    def found(self) -> int:
        """Return how many places have somebody who said yes."""
        return len(self.workers)

    @property
    def stage(self) -> Stage:
        """Return how the order stands."""
        statuses = [GigStatus(worker.status) for worker in self.workers]
        return stage_of(OrderStatus(self.order.status), self.order.places, statuses)

    @property
    def step(self) -> int:
        """Return which of the five steps the order is at, from 0."""
        return _STEP_OF[self.stage]

    @property
    def may_change(self) -> bool:
        """Whether words and places may still change, and cancelling is possible."""
        return self.stage in {Stage.IN_REVIEW, Stage.LOOKING, Stage.FOUND}

    @property
    def may_move(self) -> bool:
        """Whether another day was found for it, and nobody comes on this one."""
        return self.stage is Stage.LOOKING and not self.workers and bool(self.order.next_start)


def stage_of(status: OrderStatus, places: int, agreed: Sequence[GigStatus]) -> Stage:
    """Return the stage of an order from its status and the gigs that were agreed on."""
    if status is OrderStatus.CANCELLED:
        return Stage.CANCELLED
    if status in {OrderStatus.IN_REVIEW, OrderStatus.DRAFT}:
        return Stage.IN_REVIEW
    if not agreed:
        return Stage.UNFILLED if status is OrderStatus.CLOSED else Stage.LOOKING
    came = [gig for gig in agreed if gig is not S.NO_SHOW]
    # Who did not come leaves no hours to approve.
    if came and all(gig in SETTLED for gig in came):
        return Stage.APPROVED
    if all(gig in (*WORKED, S.NO_SHOW) for gig in agreed):
        return Stage.DONE
    if any(gig is not S.CONFIRMED for gig in agreed):
        return Stage.WORKING
    return Stage.FOUND if len(agreed) >= places else Stage.LOOKING


async def sheets(session: AsyncSession, *, now: datetime) -> tuple[list[Sheet], list[Sheet]]:
    """Return the asker's party's orders: those still ahead or open, then the past ones."""
    party_id = asker(session).party_id
    rows = await _sheets(session, Order.party_id == party_id) if party_id else []
    gigs = await _workers(session, [row[0].id for row in rows])
    found = [_sheet(row, gigs) for row in rows]
    ahead = [sheet for sheet in found if _is_ahead(sheet, now)]
    past = [sheet for sheet in found if not _is_ahead(sheet, now)]
    return sorted(ahead, key=lambda sheet: sheet.start), past


def _is_ahead(sheet: Sheet, now: datetime) -> bool:
    if sheet.stage in {Stage.CANCELLED, Stage.UNFILLED, Stage.APPROVED}:
        return False
    return sheet.stage is Stage.DONE or sheet.end > now - timedelta(days=1)


async def colleagues(session: AsyncSession) -> Sequence[Colleague]:
    """Return who orders for the asker's party, by name."""
    rows = await session.scalars(
        select(Colleague)
        .where(Colleague.organiser_id == asker(session).organiser_id)
        .order_by(Colleague.name, Colleague.id)
    )
    return rows.all()


async def invited(session: AsyncSession, *, now: datetime) -> Sequence[Row[UUID, str, str, bool]]:
    """Return who was asked to order for the asker's party and has not answered, as typed."""
    rows = await session.execute(
        select(Invitation.id, Invitation.name, Invitation.email, Invitation.manages)
        .where(Invitation.organiser_id == asker(session).organiser_id)
        .where(Invitation.party_id == asker(session).party_id, Invitation.expires_at > now)
        .order_by(Invitation.name, Invitation.id)
    )
    return rows.all()


async def sheet(session: AsyncSession, *, order_id: UUID) -> Sheet:
    """Return one order of the asker's party; anybody else's is not there."""
    who = asker(session)
    return await _one(session, Order.id == order_id, Order.party_id == who.party_id)


async def sheet_with(session: AsyncSession, *, order_id: UUID, gig_id: UUID) -> Sheet:
    """Return one order of the asker's party that this gig is of; else neither is there."""
    found = await sheet(session, order_id=order_id)
    if gig_id not in {worker.gig_id for worker in found.workers}:
        raise NotFound
    return found


async def opened_by(session: AsyncSession, *, token_hash: bytes, now: datetime) -> Opened:
    """Return what a status link opens; unknown is not found, an ended one is dead."""
    row = (await session.execute(opened_order(token_hash))).one_or_none()
    if row is None:
        raise NotFound
    order_id, party_id, expires_at, revoked_at = row
    if revoked_at or expires_at <= now:
        raise LinkIsDead
    return Opened(order_id, party_id)


async def named(session: AsyncSession, *, workers: Collection[Worker]) -> dict[UUID, Worker]:
    """Return, by gig, first name and phone as far as their owner agreed; look first."""
    rows = await session.scalars(
        select(AgreedWorker).where(
            AgreedWorker.organiser_id == asker(session).organiser_id,
            AgreedWorker.gig_id.in_([worker.gig_id for worker in workers]),
        )
    )
    known = {
        row.gig_id: (
            row.name,
            closing.opened_phone(session, row.client_id, row.wrapped, row.closed_phone),
        )
        for row in rows
    }
    faces = await faces_of(session, gigs=[worker.gig_id for worker in workers])
    return {
        worker.gig_id: _named(
            worker, *known.get(worker.gig_id, ("", "")), faces.get(worker.gig_id, 0)
        )
        for worker in workers
    }


def _named(worker: Worker, name: str, phone: str, face: int) -> Worker:
    return replace(worker, name=name, phone=phone, face=face)


async def _one(session: AsyncSession, *which: ColumnElement[bool]) -> Sheet:
    rows = await _sheets(session, *which)
    if not rows:
        raise NotFound
    return _sheet(rows[0], await _workers(session, [rows[0][0].id]))


async def _sheets(
    session: AsyncSession, *which: ColumnElement[bool]
) -> Sequence[Row[Order, TaskType, Site]]:
    found = await session.execute(
        select(Order, TaskType, Site)
        .join(TaskType, _same(Order.organiser_id, TaskType.organiser_id,
                              Order.task_type_id, TaskType.id))
        .join(Site, _same(Order.organiser_id, Site.organiser_id, Order.site_id, Site.id))
        .where(Order.organiser_id == asker(session).organiser_id, *which)
        .order_by(Order.first_start.desc(), Order.number)
        .limit(MOST_SHOWN)
    )  # fmt: skip
    return found.all()


def _same(
    organiser: InstrumentedAttribute[int],
    other: InstrumentedAttribute[int],
    key: InstrumentedAttribute[UUID],
    other_key: InstrumentedAttribute[UUID],
) -> ColumnElement[bool]:
    return and_(organiser == other, key == other_key)


async def _workers(session: AsyncSession, orders: Collection[UUID]) -> dict[UUID, list[Worker]]:
    rows = await session.scalars(
        select(AgreedGig)
        .where(
            AgreedGig.organiser_id == asker(session).organiser_id,
            AgreedGig.order_id.in_(list(orders)),
        )
        .order_by(AgreedGig.place_no)
    )
    found: dict[UUID, list[Worker]] = {}
    for gig in rows:
        found.setdefault(gig.order_id, []).append(_worker(gig))
    return found


def _worker(gig: AgreedGig) -> Worker:
    planned = minutes_between(gig.start, gig.end)
    return Worker(
        gig_id=gig.id,
        client_id=gig.client_id,
        status=gig.status,
        start=gig.start,
        end=gig.end,
        minutes=planned if gig.worked_minutes is None else gig.worked_minutes,
    )


def _sheet(row: Row[Order, TaskType, Site], workers: dict[UUID, list[Worker]]) -> Sheet:
    order, task, site = row
    return Sheet(order, task, site, tuple(workers.get(order.id, ())))


async def cost_of_cancelling(
    session: AsyncSession, *, order_id: UUID, now: datetime
) -> cancelling.Cancellation:
    """Return what cancelling now would cost, to be shown before it is done."""
    order = await session.get(Order, (asker(session).organiser_id, order_id))
    if order is None or not cancelling.may_see(session, order):
        raise NotFound
    agreed = await session.scalars(
        select(AgreedGig)
        .where(AgreedGig.organiser_id == order.organiser_id, AgreedGig.order_id == order.id)
        .where(AgreedGig.status.in_(PROMISED))
        .order_by(AgreedGig.id)
    )
    return await cancelling.cost_of(session, order, agreed.all(), now)


async def costs_of_the_rest(
    session: AsyncSession, *, order_id: UUID, now: datetime
) -> list[DateCost]:
    """Return what cancelling each date from this one on would cost now."""
    rest = await repeating.rest_of(session, order_id=order_id, now=now)
    return [
        DateCost(one, await cost_of_cancelling(session, order_id=one.id, now=now)) for one in rest
    ]
