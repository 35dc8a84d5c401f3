"""When nobody has been found and the time grows short: three steps, usually at 72, 24 and 4 hours.

Each step happens once for an order. It moves the order forward in the joint plan and makes its
lists longer, tells the coordinators, and tells the orderer how it stands, with the next date on
which it would work out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.notices import Todo, tell, todo
from jobcenter.orders.clocks import ESCALATION, times
from jobcenter.orders.gigs import Gig
from jobcenter.orders.locking import locked_order
from jobcenter.orders.model import Order, OrderEvent, OrderStatus
from jobcenter.orders.placing import offered
from jobcenter.orders.proposals import Proposal, ProposalRow, Round
from jobcenter.times import local

# The steps are the organiser's (`clocks`); the last is the alarm of story 4.
ALARM = len(ESCALATION)
# An order that has just come in is looked for first.
SETTLING = timedelta(hours=1)
# While all orders are being looked for, nobody is told that there is nobody; at the longest.
LOOKING = timedelta(minutes=10)
MOST = 100


@dataclass(frozen=True, slots=True)
class Due:
    """An order whose next step is due."""

    order_id: UUID
    step: int
    placed_at: datetime
    nobody_yet: bool
    """Whether none of its places is kept, so that it could be moved to another day."""


def _start() -> ColumnElement[datetime]:
    return func.coalesce(Order.start, Order.starts[func.cardinality(Order.starts)])


async def due(session: AsyncSession, *, now: datetime) -> Sequence[Due]:
    """Return the orders with a place free, and the step that the clock has reached for each."""
    steps = await _steps(session, now)
    kept = (
        select(func.count(Gig.kept_place))
        .where(Gig.organiser_id == Order.organiser_id, Gig.order_id == Order.id)
        .scalar_subquery()
    )
    rows = await session.execute(
        select(Order.id, Order.placed_at, Order.escalated, _start().label("start"), kept)
        .where(Order.organiser_id == asker(session).organiser_id)
        .where(Order.status == OrderStatus.OPEN.value, Order.escalated < ALARM)
        .where(_start() > now, _start() <= now + timedelta(hours=steps[0]), kept < Order.places)
        .order_by(_start(), Order.number)
        .limit(MOST)
    )
    looking = await _is_looked_for(session, now)
    found = []
    for order_id, placed_at, reached, start, taken in rows:
        step = step_at(start - now, steps)
        waits = step < ALARM and (looking or now < placed_at + SETTLING)
        if step > reached and not waits:
            found.append(Due(order_id, step, placed_at, taken == 0))
    return found


def step_at(left: timedelta, steps: Sequence[int]) -> int:
    """Return how many steps, in hours before the start, so little time left has reached."""
    return sum(left <= timedelta(hours=hours) for hours in steps)


async def _steps(session: AsyncSession, now: datetime) -> Sequence[int]:
    """Return the hours before the start at which each step is taken, the earliest first."""
    own = await times(session, "escalation_hours", now=now)
    return [own[key] for key in ESCALATION]


async def escalate(
    session: AsyncSession, *, order_id: UUID, step: int, next_start: datetime | None, now: datetime
) -> bool:
    """Take a step for an order, once; False when somebody was faster or it has been filled."""
    order = await locked_order(session, order_id)
    if order.status != OrderStatus.OPEN.value or order.escalated >= step:
        return False
    if await _is_full(session, order):
        return False
    order.escalated = step
    order.next_start = next_start
    hours = (await _steps(session, now))[step - 1]
    session.add_all([
        OrderEvent(
            organiser_id=order.organiser_id, order_id=order.id, kind="order.escalated", actor=None,
            at=now, details={"hours": hours},
        ),
        offered(order, "escalated", now),
    ])  # fmt: skip
    alarm = step == ALARM
    await todo(
        session,
        kind="fill" if alarm else "fill_soon",
        due_at=_begins(order) if alarm else now,
        now=now,
        mark=f"{order.id}:{_begins(order).isoformat()}:{step}",
        order_id=order.id,
    )
    # While somebody on a list can still be asked, it is the coordinators who must act.
    if order.placed_by and (alarm or not await _has_candidates(session, order)):
        await tell(
            session, kind="unfilled", way="mail", now=now, user_id=order.placed_by,
            order_id=order.id, version=_version(order, step),
        )  # fmt: skip
    return True


async def begin_anew(session: AsyncSession, order: Order, *, now: datetime) -> None:
    """Let an order that has moved be seen to from the first step on: the old alarms are over."""
    order.next_start = None
    order.escalated = 0
    await session.execute(
        update(Todo)
        .where(Todo.organiser_id == order.organiser_id, Todo.order_id == order.id)
        .where(Todo.kind.in_(("fill", "fill_soon")), Todo.done_at.is_(None))
        .values(done_at=now)
        .execution_options(synchronize_session=False)
    )


def _begins(order: Order) -> datetime:
    return order.start or order.starts[-1]


def _version(order: Order, step: int) -> int:
    """Number what the orderer is told: an order that has moved is told of anew."""
    return local(_begins(order)).date().toordinal() * 100 + step


async def _is_looked_for(session: AsyncSession, now: datetime) -> bool:
    """Tell whether a whole round waits or is under way: the rest of the steps can wait for it."""
    found = await session.scalar(
        select(Round.id)
        .where(Round.organiser_id == asker(session).organiser_id, Round.kind == "whole")
        .where(Round.status.in_(("waiting", "running")), Round.asked_at > now - LOOKING)
        .limit(1)
    )
    return found is not None


async def _is_full(session: AsyncSession, order: Order) -> bool:
    kept = await session.scalar(
        select(func.count(Gig.kept_place)).where(
            Gig.organiser_id == order.organiser_id, Gig.order_id == order.id
        )
    )
    return (kept or 0) >= order.places


async def _has_candidates(session: AsyncSession, order: Order) -> bool:
    """Tell whether anybody on a current list of a free place can be asked."""
    kept = exists().where(
        Gig.organiser_id == Proposal.organiser_id,
        Gig.order_id == Proposal.order_id,
        Gig.kept_place == Proposal.place_no,
    )
    on = and_(
        ProposalRow.organiser_id == Proposal.organiser_id,
        ProposalRow.proposal_id == Proposal.id,
        ProposalRow.state == "waiting",
    )
    found = await session.scalar(
        select(Proposal.id)
        .join(ProposalRow, on)
        .where(Proposal.organiser_id == order.organiser_id, Proposal.order_id == order.id)
        .where(Proposal.closed_at.is_(None), ~kept)
        .limit(1)
    )
    return found is not None
