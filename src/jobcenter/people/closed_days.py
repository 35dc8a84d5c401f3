"""When units are closed: one source for whoever books, whoever plans and whoever shows it.

A closure is kept once, for the unit; whoever coaches there on such a day is away, also somebody who
came after it was written down, and a holiday of a coach's own is another row.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.people.parties import UnitClosure
from jobcenter.times import day_bounds, local

Span = tuple[datetime, datetime]


async def closed(
    session: AsyncSession, begins: datetime, ends: datetime
) -> Mapping[UUID, Sequence[Span]]:
    """Return when each unit is closed between two moments."""
    rows = await session.scalars(
        select(UnitClosure)
        .where(UnitClosure.organiser_id == asker(session).organiser_id)
        .where(UnitClosure.last_day >= local(begins).date())
        .where(UnitClosure.first_day <= local(ends).date())
        .order_by(UnitClosure.first_day, UnitClosure.id)
    )
    found: dict[UUID, list[Span]] = {}
    for row in rows:
        found.setdefault(row.unit_id, []).append(span_of(row))
    return found


async def ahead(session: AsyncSession, *, unit_id: UUID, now: datetime) -> Sequence[UnitClosure]:
    """Return the closures of a unit that are not over."""
    rows = await session.scalars(
        select(UnitClosure)
        .where(UnitClosure.organiser_id == asker(session).organiser_id)
        .where(UnitClosure.unit_id == unit_id, UnitClosure.last_day >= local(now).date())
        .order_by(UnitClosure.first_day, UnitClosure.id)
    )
    return rows.all()


def span_of(closure: UnitClosure) -> Span:
    """Return the moments from which and until which a closure lasts."""
    return day_bounds(closure.first_day)[0], day_bounds(closure.last_day)[1]
