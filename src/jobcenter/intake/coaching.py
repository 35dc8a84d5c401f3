"""A coach begins on the unit's page, and signs in by the address of somebody's account."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.errors import Fault, Invalid, NotFound
from jobcenter.fields import email_of
from jobcenter.intake.coaches import locked_coach
from jobcenter.intake.importing import known_in, new_name, told_of
from jobcenter.intake.new_coaches import COACHES_HERE, new_coach, user_of
from jobcenter.intake.told import Told, refuse
from jobcenter.intake.units import locked_unit
from jobcenter.orders import busy_times
from jobcenter.people import rights
from jobcenter.people.parties import Unit
from jobcenter.people.staff import Coach, User
from jobcenter.people.upkeep import note_upkeep


async def own_unit(session: AsyncSession, *, unit_id: UUID) -> Unit:
    """Return a unit in which the asker assigns."""
    who = asker(session)
    unit = await session.get(Unit, (who.organiser_id, unit_id))
    if unit is None:
        raise NotFound
    who.require(unit.id, "assign")
    return unit


async def add(session: AsyncSession, *, unit_id: UUID, told: Told, now: datetime) -> UUID:
    """Take one more coach in; their hours are kept on their own page."""
    # Two forms may be sent at once: the second is compared with what the first wrote.
    unit = await locked_unit(session, unit_id)
    rows = await new_coach(session, unit, told, now)
    new_name(rows, await known_in(session, unit, "coaches"))
    coach = rows[0]
    assert isinstance(coach, Coach)
    await _nobody_else(session, coach, coach.user_id)
    session.add_all(rows)
    await session.flush()
    told_of(session, coach, now)
    if coach.user_id:
        rights.note(session, coach.user_id, "coaches", now, unit=str(unit.id))
    return coach.id


async def address_of(session: AsyncSession, *, coach_id: UUID) -> str:
    """Return by which address a coach signs in; none is none yet."""
    organiser = asker(session).organiser_id
    found = await session.scalar(
        select(User.email)
        .join(Coach, (Coach.organiser_id == User.organiser_id) & (Coach.user_id == User.id))
        .where(Coach.organiser_id == organiser, Coach.id == coach_id)
    )
    return found or ""


async def sign_in_by(session: AsyncSession, *, coach_id: UUID, told: Told, now: datetime) -> None:
    """Have another account see a coach's days, or none; what the former one gave is forgotten."""
    coach = await locked_coach(session, coach_id)
    # A coach keeps their own hours, but not who they are.
    asker(session).require(coach.unit_id, "assign")
    faults: list[Fault] = []
    email = email_of(told.text("email"), "email", faults)
    if "email" not in told.fields:
        # An empty field takes the account away; a form without the field says nothing.
        faults.append(Fault("email", "blank", "Please fill this in."))
    refuse(faults)
    user_id = await user_of(session, email) if email else None
    former = coach.user_id
    if user_id == former:
        return
    await _nobody_else(session, coach, user_id)
    await busy_times.forget(session, coach, now)
    coach.user_id, coach.feed_hash, coach.feed_until = user_id, None, None
    coach.version += 1
    note_upkeep(session, "coach", coach.id, "account", now=now, version=coach.version)
    for one, kind in ((former, "coaches_no_more"), (user_id, "coaches")):
        if one:
            rights.note(session, one, kind, now, unit=str(coach.unit_id))
    await session.flush()


async def _nobody_else(session: AsyncSession, coach: Coach, user_id: UUID | None) -> None:
    """Refuse an account by which somebody else coaches here: it would show the days of one."""
    if user_id is None:
        return
    other = await session.scalar(
        select(Coach.id).where(
            Coach.organiser_id == coach.organiser_id,
            Coach.unit_id == coach.unit_id,
            Coach.user_id == user_id,
            Coach.id != coach.id,
            Coach.active,
        )
    )
    if other:
        raise Invalid(COACHES_HERE)
