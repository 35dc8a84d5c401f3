"""A unit as its page shows it: its own form, places, closed days and stand-ins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.errors import NotFound
from jobcenter.intake import stand_ins, unit_sites
from jobcenter.intake.hours import times_of
from jobcenter.intake.stand_ins import Deputy
from jobcenter.intake.told import Told, filled
from jobcenter.people import closed_days
from jobcenter.people.parties import Unit, UnitClosure, UnitDay, UnitSite


@dataclass(frozen=True, slots=True)
class UnitSheet:
    """A unit as it stands."""

    unit: Unit
    form: Told
    closures: Sequence[UnitClosure]
    deputies: Sequence[Deputy]
    colleagues: tuple[tuple[UUID, str], ...]
    sites: Sequence[UnitSite]


async def sheet(session: AsyncSession, *, unit_id: UUID, now: datetime) -> UnitSheet:
    """Read one of the asker's units."""
    unit = await session.get(Unit, (asker(session).organiser_id, unit_id))
    if unit is None or unit.id not in asker(session).unit_ids:
        raise NotFound
    days = await session.scalars(
        select(UnitDay).where(UnitDay.organiser_id == unit.organiser_id, UnitDay.unit_id == unit.id)
    )
    closures = await closed_days.ahead(session, unit_id=unit.id, now=now)
    form = filled(
        {
            **times_of("day", ((row.weekday, row.from_minute, row.to_minute) for row in days)),
            "phone": unit.phone,
            "spoken": unit.languages,
            "postcode": unit.postcode,
        }
    )
    names = await stand_ins.people(session)
    return UnitSheet(
        unit, form, closures, await stand_ins.standing(session, unit, names, now),
        tuple(names.items()), await unit_sites.standing(session, unit_id=unit.id, now=now),
    )  # fmt: skip
