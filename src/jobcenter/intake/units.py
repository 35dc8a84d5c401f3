"""A unit's activity days, where it is and how to reach it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.errors import Changed, Fault, NotFound
from jobcenter.fields import text_of
from jobcenter.intake.hours import week_of
from jobcenter.intake.person import SPOKEN, district_of
from jobcenter.intake.told import Told, refuse
from jobcenter.orders.proposing import ask_round
from jobcenter.people.parties import Unit, UnitDay
from jobcenter.people.upkeep import note_upkeep
from jobcenter.reference.districts import BY_POSTCODE


async def locked_unit(session: AsyncSession, unit_id: UUID) -> Unit:
    """Return a unit in which the asker assigns, locked."""
    who = asker(session)
    unit = await session.get(
        Unit, (who.organiser_id, unit_id), with_for_update={"key_share": True},
        populate_existing=True,
    )  # fmt: skip
    if unit is None:
        raise NotFound
    who.require(unit.id, "assign")
    return unit


async def keep_unit(
    session: AsyncSession, *, unit_id: UUID, version: int, told: Told, now: datetime
) -> None:
    """Write down a unit's days, languages, phone and district."""
    unit = await locked_unit(session, unit_id)
    if unit.version != version:
        raise Changed
    faults: list[Fault] = []
    phone = text_of(told.text("phone"), "phone", faults, most=40, required=True)
    week = week_of(told, "day", faults, spans=(1,))
    spoken = [code for code in told.many("spoken") if code in SPOKEN]
    if not spoken:
        faults.append(Fault("spoken", "blank", "Please choose one."))
    district = await district_of(session, told, faults)
    refuse(faults)
    unit.phone, unit.languages = phone, spoken
    if district and district.postcode != unit.postcode:
        unit.postcode, unit.region = district.postcode, BY_POSTCODE[district.postcode].region
        unit.lat, unit.lon = district.lat, district.lon
        # Ways to gigs are counted from here for everybody whose activity is here.
        await ask_round(session, kind="whole", now=now)
    await session.execute(
        delete(UnitDay)
        .where(UnitDay.organiser_id == unit.organiser_id, UnitDay.unit_id == unit.id)
        .execution_options(synchronize_session=False)
    )
    for weekday, begin, end in week:
        session.add(
            UnitDay(
                organiser_id=unit.organiser_id,
                unit_id=unit.id,
                weekday=weekday,
                from_minute=begin,
                to_minute=end,
            )
        )
    await note_changed(session, unit, "days", now)


async def note_changed(session: AsyncSession, unit: Unit, part: str, now: datetime) -> None:
    """Count a change of a locked unit and write down who made it."""
    unit.version += 1
    note_upkeep(session, "unit", unit.id, part, now=now, version=unit.version)
    await session.flush()
