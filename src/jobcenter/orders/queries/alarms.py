"""What a unit must see to: open to-dos, and what nobody has written a to-do for yet.

Read afresh each time: an alarm goes away when its cause does, a to-do when somebody marks it done.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    and_,
    case,
    func,
    literal,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import Who, asker, meets
from jobcenter.notices import Todo
from jobcenter.orders.clocks import times
from jobcenter.orders.gigs import Flag, Gig, GigStatus
from jobcenter.orders.model import Order, OrderStatus
from jobcenter.orders.queries.cards import begins, task_name
from jobcenter.orders.windows import TakenPlace
from jobcenter.people.clients import Client
from jobcenter.people.parties import TaskType

MOST = 60
# What concerns somebody's safety, then a person who waits or a gig that may fail, then the rest.
URGENT: tuple[frozenset[str], ...] = (
    frozenset({"incident_serious"}),
    frozenset({"where_are_you", "withdrawn", "find_coach", "incident", "reply", "call_me", "fill"}),
    frozenset({"call_still_fine", "call_offer", "call_cancelled", "call_changed", "undelivered"}),
)
# To-dos that fall due later than this are not shown yet.
AHEAD = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that a person must decide or do, and by when."""

    kind: str
    due_at: datetime
    order_id: UUID | None
    task: str | None
    start: datetime | None
    gig_id: UUID | None
    client_id: UUID | None
    coach_id: UUID | None
    todo_id: UUID | None

    @property
    def about(self) -> UUID | None:
        """Return what it is about, so that a to-do and its cause are shown once."""
        return self.gig_id or self.order_id or self.client_id or self.todo_id

    @property
    def rank(self) -> int:
        """Return how pressing its kind is; within one, the clock decides."""
        return next((rank for rank, kinds in enumerate(URGENT) if self.kind in kinds), len(URGENT))


async def alarms(
    session: AsyncSession,
    *,
    units: Collection[UUID],
    now: datetime,
    ahead: timedelta = AHEAD,
    most: int = MOST,
) -> tuple[Alarm, ...]:
    """Return what these units must see to, the most pressing first; a to-do wins over its cause."""
    who = asker(session)
    found: dict[tuple[str, UUID | None], Alarm] = {}
    own = await times(session, "missing_minutes", now=now)
    for statement in (
        _todos(who, units, now, now + ahead),
        _lost(who, units),
        _late(who, units, now, now - timedelta(minutes=own["ask"])),
        _reviews(who),
    ):
        for row in await session.execute(statement.limit(most)):
            alarm = Alarm(**row._asdict())
            found.setdefault((alarm.kind, alarm.about), alarm)
    return tuple(sorted(found.values(), key=lambda one: (one.rank, one.due_at, one.kind)))


def _todos(
    who: Who, units: Collection[UUID], now: datetime, until: datetime
) -> Select[*tuple[object, ...]]:
    order_id = func.coalesce(Todo.order_id, Gig.order_id)
    return (
        select(
            Todo.kind,
            Todo.due_at,
            order_id.label("order_id"),
            task_name(who.language).label("task"),
            func.coalesce(func.lower(Gig.during), begins()).label("start"),
            Todo.gig_id,
            func.coalesce(Todo.client_id, Gig.client_id).label("client_id"),
            Todo.coach_id,
            Todo.id.label("todo_id"),
        )
        .outerjoin(Gig, meets(Todo, "gig_id", Gig))
        .outerjoin(Order, and_(Order.organiser_id == Todo.organiser_id, Order.id == order_id))
        .outerjoin(TaskType, meets(Order, "task_type_id", TaskType))
        .where(Todo.organiser_id == who.organiser_id, Todo.done_at.is_(None))
        .where(or_(Todo.unit_id.in_(units), Todo.unit_id.is_(None)))
        .where(Todo.due_at <= until, _still_true(now))
        .order_by(Todo.due_at)
    )


def _still_true(now: datetime) -> ColumnElement[bool]:
    """Leave out to-dos whose cause is gone: reviewed, answered, arrived, or begun meanwhile."""
    return case(
        (Todo.kind == "review_order", Order.status == OrderStatus.IN_REVIEW.value),
        (
            Todo.kind.in_(("fill", "fill_soon")),
            and_(Order.status == OrderStatus.OPEN.value, begins() > now, _has_room()),
        ),
        (Todo.kind == "call_offer", Gig.status == GigStatus.ASSIGNED.value),
        (
            Todo.kind == "call_still_fine",
            and_(
                Gig.status == GigStatus.CONFIRMED.value,
                Gig.still_fine_at.is_(None),
                func.lower(Gig.during) > now,
            ),
        ),
        (
            Todo.kind == "where_are_you",
            Gig.status.in_((GigStatus.CONFIRMED.value, GigStatus.NO_SHOW.value)),
        ),
        else_=true(),
    )


def _has_room() -> ColumnElement[bool]:
    """Tell the orders with a place that nobody has taken, whichever unit they are of."""
    taken = (
        select(func.count())
        .where(TakenPlace.organiser_id == Order.organiser_id, TakenPlace.order_id == Order.id)
        .correlate(Order)
        .scalar_subquery()
    )
    return taken < Order.places


def _lost(who: Who, units: Collection[UUID]) -> Select[*tuple[object, ...]]:
    """Gigs of ours that lost a visit they need."""
    return (
        _of_gigs(who, units, "find_coach", Flag.opened_at)
        .join(Flag, and_(Flag.organiser_id == Gig.organiser_id, Flag.gig_id == Gig.id))
        .where(Flag.closed_at.is_(None), Flag.kind == "support_missing")
    )


def _late(
    who: Who, units: Collection[UUID], now: datetime, begun_by: datetime
) -> Select[*tuple[object, ...]]:
    """Gigs of ours that should have begun; care comes first, so nobody is blamed."""
    return _of_gigs(who, units, "where_are_you", func.lower(Gig.during)).where(
        Gig.status == GigStatus.CONFIRMED.value,
        func.lower(Gig.during) < begun_by,
        func.upper(Gig.during) > now,
    )


def _reviews(who: Who) -> Select[*tuple[object, ...]]:
    return (
        select(
            literal("review_order").label("kind"),
            func.coalesce(Order.answer_by, Order.placed_at).label("due_at"),
            Order.id.label("order_id"),
            task_name(who.language).label("task"),
            begins().label("start"),
            null().label("gig_id"),
            null().label("client_id"),
            null().label("coach_id"),
            null().label("todo_id"),
        )
        .join(TaskType, meets(Order, "task_type_id", TaskType))
        .where(Order.organiser_id == who.organiser_id)
        .where(Order.status == OrderStatus.IN_REVIEW.value)
    )


def _of_gigs(
    who: Who, units: Collection[UUID], kind: str, due_at: SQLColumnExpression[datetime]
) -> Select[*tuple[object, ...]]:
    return (
        select(
            literal(kind).label("kind"),
            due_at.label("due_at"),
            Gig.order_id,
            task_name(who.language).label("task"),
            func.lower(Gig.during).label("start"),
            Gig.id.label("gig_id"),
            Gig.client_id,
            null().label("coach_id"),
            null().label("todo_id"),
        )
        .join(Order, meets(Gig, "order_id", Order))
        .join(TaskType, meets(Order, "task_type_id", TaskType))
        .join(Client, meets(Gig, "client_id", Client))
        .where(Gig.organiser_id == who.organiser_id, Client.unit_id.in_(units))
    )
