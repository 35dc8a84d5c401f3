"""Decisions that soon end: the unit is told a month and a week before, once each.

Nothing else happens by itself: what is booked stays, and what comes next is for people to settle.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, Text, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from jobcenter.database import OrganiserId, asker
from jobcenter.notices import Todo, todo
from jobcenter.people.decisions import ServiceDecision
from jobcenter.times import DAY, local

MONTH, WEEK = 30 * DAY, 7 * DAY
KINDS = ("decision_month", "decision_week")
SEEN_WITHIN = timedelta(days=2)
MOST = 500


async def warn(session: AsyncSession, *, now: datetime) -> int:
    """Ask the units to see about decisions that end within a month, and again within a week."""
    today = local(now).date()
    found = 0
    for kind, since, until in (
        ("decision_week", today, today + WEEK),
        ("decision_month", today + WEEK + DAY, today + MONTH),
    ):
        rows = await session.scalars(_ending(asker(session).organiser_id, since, until, told=kind))
        for row in rows.all():
            await todo(
                session,
                kind=kind,
                due_at=now + SEEN_WITHIN,
                now=now,
                mark=_mark(row),
                client_id=row.client_id,
            )
            found += 1
    return found


async def settle(session: AsyncSession, *, client_id: UUID, now: datetime) -> None:
    """Mark the to-dos of a client done whose decision goes on, or was taken back."""
    today = local(now).date()
    organiser_id = asker(session).organiser_id
    ending = _ending(organiser_id, today, today + MONTH).where(
        ServiceDecision.client_id == client_id
    )
    true_still = [f"{kind}:{_mark(row)}" for row in await session.scalars(ending) for kind in KINDS]
    await session.execute(
        update(Todo)
        .where(Todo.organiser_id == organiser_id, Todo.client_id == client_id)
        .where(Todo.kind.in_(KINDS), Todo.done_at.is_(None), Todo.dedupe_key.not_in(true_still))
        .values(done_at=now, done_by=asker(session).actor_id)
    )


async def running(session: AsyncSession, *, client_id: UUID) -> Sequence[ServiceDecision]:
    """Return a client's decisions, the one that lasts longest first."""
    rows = await session.scalars(
        select(ServiceDecision)
        .where(ServiceDecision.organiser_id == asker(session).organiser_id)
        .where(ServiceDecision.client_id == client_id)
        .order_by(ServiceDecision.last_day.desc().nulls_first(), ServiceDecision.first_day)
    )
    return rows.all()


def _mark(row: ServiceDecision) -> str:
    return f"{row.id}:{row.last_day}"


def _ending(
    organiser_id: OrganiserId, since: date, until: date, *, told: str | None = None
) -> Select[ServiceDecision]:
    """Select decisions whose last day lies there and that no other of the kind goes on from."""
    after = aliased(ServiceDecision)
    goes_on = exists().where(
        after.organiser_id == ServiceDecision.organiser_id,
        after.client_id == ServiceDecision.client_id,
        after.kind == ServiceDecision.kind,
        after.first_day <= ServiceDecision.last_day + 1,
        or_(after.last_day.is_(None), after.last_day > ServiceDecision.last_day),
    )
    found = (
        select(ServiceDecision)
        .where(ServiceDecision.organiser_id == organiser_id)
        .where(ServiceDecision.last_day.between(since, until), ~goes_on)
        .order_by(ServiceDecision.last_day, ServiceDecision.id)
        .limit(MOST)
    )
    if told is None:
        return found
    # To-dos for this very end: one that was told before the days changed does not count.
    mark = ServiceDecision.id.cast(Text) + ":" + ServiceDecision.last_day.cast(Text)
    return found.where(
        ~exists().where(
            Todo.organiser_id == ServiceDecision.organiser_id,
            Todo.client_id == ServiceDecision.client_id,
            Todo.dedupe_key == f"{told}:" + mark,
        )
    )
