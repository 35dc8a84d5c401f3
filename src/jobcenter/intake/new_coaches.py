"""What a row of a register says of a coach, and of a place: checked, and not yet written."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from jobcenter.database import Base, asker
from jobcenter.errors import Fault, Invalid
from jobcenter.fields import email_of, phone_of, text_of
from jobcenter.intake import unit_sites
from jobcenter.intake.person import SPOKEN, district_of
from jobcenter.intake.register import hours_of
from jobcenter.intake.told import Told, refuse
from jobcenter.people.parties import Unit
from jobcenter.people.staff import Coach, CoachHours, User

COACHES_HERE = Fault("email", "known", "Another coach of the unit signs in by this address.")


def known_codes(told: Told, name: str, known: Iterable[str], faults: list[Fault]) -> None:
    faults.extend(
        Fault(name, "unknown", "We do not know “{word}”.", {"word": word})
        for word in told.many(name)
        if word not in known
    )


async def new_coach(session: AsyncSession, unit: Unit, told: Told, now: datetime) -> list[Base]:
    faults: list[Fault] = []
    name = text_of(told.text("name"), "name", faults, most=80, required=True)
    phone = phone_of(told.text("phone"), "phone", faults, required=True)
    email = email_of(told.text("email"), "email", faults)
    hours = hours_of(told, faults)
    known_codes(told, "spoken", SPOKEN, faults)
    district = await district_of(session, told, faults)
    site = await unit_sites.chosen(session, unit.id, told, faults, now)
    refuse(faults)
    # Who sets out from a place of the unit is there, whatever home they wrote down too.
    place = site or district or unit
    coach = Coach(
        organiser_id=unit.organiser_id,
        id=uuid7(),
        unit_id=unit.id,
        user_id=await user_of(session, email) if email else None,
        name=name,
        phone=phone,
        languages=list(told.many("spoken")) or list(unit.languages),
        lat=place.lat,
        lon=place.lon,
        site_id=site.id if site else None,
        active=True,
        version=1,
    )
    return [
        coach,
        *(
            CoachHours(
                organiser_id=unit.organiser_id,
                coach_id=coach.id,
                weekday=weekday,
                from_minute=begin,
                to_minute=end,
            )
            for weekday, begin, end in hours
        ),
    ]


async def site_of(
    session: AsyncSession, unit: Unit, told: Told, faults: list[Fault], now: datetime
) -> UUID | None:
    """Return at which other place of the unit a row says that somebody is."""
    site = await unit_sites.chosen(session, unit.id, told, faults, now)
    return site.id if site else None


async def user_of(session: AsyncSession, email: str) -> UUID:
    """Return whose page the visits will be on: somebody who can sign in by that address."""
    found = await session.scalar(
        select(User.id).where(
            User.organiser_id == asker(session).organiser_id,
            User.email == email.lower(),
            User.disabled_at.is_(None),
            ~User.service,
        )
    )
    if found is None:
        raise Invalid(Fault("email", "unknown", "Nobody signs in by this address yet."))
    return found
