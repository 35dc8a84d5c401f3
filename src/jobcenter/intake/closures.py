"""Days on which a unit is closed: noted once, for everybody who coaches there, and taken back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from jobcenter.intake import leaning
from jobcenter.intake.told import Told, stretch
from jobcenter.intake.units import locked_unit, note_changed
from jobcenter.orders import visiting
from jobcenter.orders.proposing import ask_round
from jobcenter.people import closed_days
from jobcenter.people.parties import UnitClosure
from jobcenter.people.staff import Coach
from jobcenter.times import DAY, local

LONGEST = 92 * DAY


async def close(session: AsyncSession, *, unit_id: UUID, told: Told, now: datetime) -> int:
    """Close a unit for some days: its coaches are away, and their visits are handed over.

    Returns how many visits that touched.
    """
    unit = await locked_unit(session, unit_id)
    first, last = stretch(told, "closed", today=local(now).date(), most=LONGEST)
    closure = UnitClosure(
        organiser_id=unit.organiser_id,
        id=uuid7(),
        unit_id=unit.id,
        first_day=first,
        last_day=last,
    )
    session.add(closure)
    await note_changed(session, unit, "closed", now)
    during = Range(*closed_days.span_of(closure))
    found = await session.scalars(
        select(Coach.id)
        .where(Coach.organiser_id == unit.organiser_id, Coach.unit_id == unit.id, Coach.active)
        .order_by(Coach.id)
    )
    # Whoever would be at their activity may have a gig instead.
    await ask_round(session, kind="whole", now=now)
    touched = [
        await visiting.vacate(session, coach_id=coach_id, during=during, now=now)
        for coach_id in list(found)
    ]
    return sum(touched)


async def reopen(session: AsyncSession, *, unit_id: UUID, closure_id: UUID, now: datetime) -> None:
    """Take a closure back: coaches have their hours again, and clients are at their activity.

    Gigs that they took on these days stand, and are for people to go through. Twice is the same.
    """
    unit = await locked_unit(session, unit_id)
    row = await session.get(UnitClosure, (unit.organiser_id, closure_id))
    if row is None or row.unit_id != unit.id:
        return
    during = Range(*closed_days.span_of(row))
    await session.delete(row)
    await session.flush()
    await leaning.hand_over(session, unit, during, now=now)
    await ask_round(session, kind="whole", now=now)
    await note_changed(session, unit, "opened", now)
