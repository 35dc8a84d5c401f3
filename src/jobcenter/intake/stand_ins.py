"""Who stands in for whom in a unit, for some days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from jobcenter.database import asker
from jobcenter.errors import Fault, Invalid, NotFound
from jobcenter.intake.told import Told, stretch
from jobcenter.intake.units import locked_unit
from jobcenter.people.parties import Unit
from jobcenter.people.staff import Grant, StandIn, User
from jobcenter.people.upkeep import note_upkeep
from jobcenter.times import DAY, local

LONGEST = 92 * DAY


@dataclass(frozen=True, slots=True)
class Deputy:
    """One stand-in that runs or lies ahead, with both names."""

    row: StandIn
    away: str
    deputy: str


async def people(session: AsyncSession) -> Mapping[UUID, str]:
    """Return the organiser's staff, who may stand in for each other, by name."""
    rows = await session.execute(
        select(User.id, User.name)
        .join(Grant, (Grant.organiser_id == User.organiser_id) & (Grant.user_id == User.id))
        .where(User.organiser_id == asker(session).organiser_id, User.disabled_at.is_(None))
        .where(Grant.unit_id.is_not(None))
        .distinct()
        .order_by(User.name)
    )
    return {row[0]: row[1] for row in rows}


async def standing(
    session: AsyncSession, unit: Unit, names: Mapping[UUID, str], now: datetime
) -> Sequence[Deputy]:
    """Return the stand-ins of a unit that are not over."""
    rows = await session.scalars(
        select(StandIn)
        .where(StandIn.organiser_id == unit.organiser_id, StandIn.unit_id == unit.id)
        .where(StandIn.last_day >= local(now).date(), StandIn.ended_at.is_(None))
        .order_by(StandIn.first_day)
    )
    return tuple(
        Deputy(row, names.get(row.user_id, ""), names.get(row.deputy_id, "")) for row in rows
    )


async def stand_in(session: AsyncSession, *, unit_id: UUID, told: Told, now: datetime) -> UUID:
    """Let somebody do the asker's work in a unit for some days."""
    who = asker(session)
    unit = await locked_unit(session, unit_id)
    chosen = _chosen(await people(session), told.text("deputy"), who.actor_id)
    faults = [Fault("deputy", "blank", "Please choose one.")] if chosen is None else []
    try:
        first, last = stretch(told, "away", today=local(now).date(), most=LONGEST)
    except Invalid as invalid:
        raise Invalid(*faults, *invalid.faults) from None
    if chosen is None or who.actor_id is None:
        raise Invalid(*faults)
    row = StandIn(
        organiser_id=unit.organiser_id,
        id=uuid7(),
        user_id=who.actor_id,
        deputy_id=chosen,
        unit_id=unit.id,
        first_day=first,
        last_day=last,
    )
    session.add(row)
    note_upkeep(session, "stand_in", row.id, "begun", now=now, version=1)
    await session.flush()
    return row.id


def _chosen(names: Mapping[UUID, str], code: str, asking: UUID | None) -> UUID | None:
    """Return who was chosen, anybody but whoever is away."""
    return next((one for one in names if str(one) == code and one != asking), None)


async def end_stand_in(session: AsyncSession, *, stand_in_id: UUID, now: datetime) -> None:
    """End a stand-in at once; who is away and who stands in may both. Twice is the same."""
    who = asker(session)
    row = await session.get(StandIn, (who.organiser_id, stand_in_id), with_for_update=True)
    if row is None or who.actor_id not in {row.user_id, row.deputy_id}:
        raise NotFound
    if row.ended_at is None:
        row.ended_at = now
        note_upkeep(session, "stand_in", row.id, "ended", now=now, version=2)
