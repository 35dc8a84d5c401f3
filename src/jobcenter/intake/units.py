"""A unit's days and closed days, how to reach it, and who stands in for whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from jobcenter.database import asker
from jobcenter.errors import Changed, Fault, Invalid, NotFound
from jobcenter.fields import text_of
from jobcenter.intake import coaches, unit_sites
from jobcenter.intake.hours import times_of, week_of
from jobcenter.intake.person import SPOKEN, district_of
from jobcenter.intake.told import Told, day, filled, refuse
from jobcenter.orders import visiting
from jobcenter.people.parties import Unit, UnitClosure, UnitDay, UnitSite
from jobcenter.people.staff import Coach, Grant, StandIn, User
from jobcenter.people.upkeep import note_upkeep
from jobcenter.times import day_bounds, local

LONGEST_CLOSURE = timedelta(days=92)
FURTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Deputy:
    """One stand-in that runs or lies ahead, with both names."""

    row: StandIn
    away: str
    deputy: str


@dataclass(frozen=True, slots=True)
class UnitSheet:
    """A unit as it stands."""

    unit: Unit
    form: Told
    closures: Sequence[UnitClosure]
    deputies: tuple[Deputy, ...]
    colleagues: tuple[tuple[UUID, str], ...]
    sites: Sequence[UnitSite]


async def sheet(session: AsyncSession, *, unit_id: UUID, now: datetime) -> UnitSheet:
    """Read one of the asker's units."""
    unit = await session.get(Unit, (asker(session).organiser_id, unit_id))
    if unit is None or unit.id not in asker(session).unit_ids:
        raise NotFound
    today = local(now).date()
    days = await session.scalars(
        select(UnitDay).where(UnitDay.organiser_id == unit.organiser_id, UnitDay.unit_id == unit.id)
    )
    closures = await session.scalars(
        select(UnitClosure)
        .where(UnitClosure.organiser_id == unit.organiser_id, UnitClosure.unit_id == unit.id)
        .where(UnitClosure.last_day >= today)
        .order_by(UnitClosure.first_day)
    )
    form = filled(
        {
            **times_of("day", ((row.weekday, row.from_minute, row.to_minute) for row in days)),
            "phone": unit.phone,
            "spoken": unit.languages,
            "postcode": unit.postcode,
        }
    )
    people = await _people(session, unit)
    return UnitSheet(
        unit, form, closures.all(), await _deputies(session, unit, people, today),
        tuple(people.items()), await unit_sites.standing(session, unit_id=unit.id, now=now),
    )  # fmt: skip


async def _people(session: AsyncSession, unit: Unit) -> dict[UUID, str]:
    """Return the organiser's staff, who may stand in for each other, by name."""
    rows = await session.execute(
        select(User.id, User.name)
        .join(Grant, (Grant.organiser_id == User.organiser_id) & (Grant.user_id == User.id))
        .where(User.organiser_id == unit.organiser_id, User.disabled_at.is_(None))
        .where(Grant.unit_id.is_not(None))
        .distinct()
        .order_by(User.name)
    )
    return {row[0]: row[1] for row in rows}


async def _deputies(
    session: AsyncSession, unit: Unit, people: dict[UUID, str], today: date
) -> tuple[Deputy, ...]:
    rows = await session.scalars(
        select(StandIn)
        .where(StandIn.organiser_id == unit.organiser_id, StandIn.unit_id == unit.id)
        .where(StandIn.last_day >= today, StandIn.ended_at.is_(None))
        .order_by(StandIn.first_day)
    )
    return tuple(
        Deputy(row, people.get(row.user_id, ""), people.get(row.deputy_id, "")) for row in rows
    )


async def _locked(session: AsyncSession, unit_id: UUID) -> Unit:
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
    unit = await _locked(session, unit_id)
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
    if district:
        unit.postcode, unit.lat, unit.lon = district.postcode, district.lat, district.lon
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
    await _changed(session, unit, "days", now)


async def close(session: AsyncSession, *, unit_id: UUID, told: Told, now: datetime) -> int:
    """Close a unit for some days: its coaches are away, and their visits are handed over.

    Returns how many visits that touched.
    """
    unit = await _locked(session, unit_id)
    first, last = _days(told, now)
    session.add(
        UnitClosure(
            organiser_id=unit.organiser_id,
            id=uuid7(),
            unit_id=unit.id,
            first_day=first,
            last_day=last,
        )
    )
    await _changed(session, unit, "closed", now)
    found = await session.scalars(
        select(Coach.id)
        .where(Coach.organiser_id == unit.organiser_id, Coach.unit_id == unit.id, Coach.active)
        .order_by(Coach.id)
    )
    during = _during(first, last)
    touched = [
        await visiting.away(session, coach_id=coach_id, during=during, now=now)
        for coach_id in list(found)
    ]
    return sum(touched)


def _days(told: Told, now: datetime) -> tuple[date, date]:
    faults: list[Fault] = []
    today = local(now).date()
    first = day(told, "first_day", faults)
    last = day(told, "last_day", faults) or first
    if first is None or last is None:
        if not faults:
            faults.append(Fault("first_day", "blank", "Please fill this in."))
        raise Invalid(*faults)
    if last < first:
        faults.append(Fault("last_day", "end_before_start", "The end is before the start."))
    elif first < today or last > today + FURTHEST or last - first > LONGEST_CLOSURE:
        faults.append(Fault("first_day", "not_ahead", "Please choose a day of the coming year."))
    refuse(faults)
    return first, last


def _during(first: date, last: date) -> Range[datetime]:
    return Range(day_bounds(first)[0], day_bounds(last)[1])


async def reopen(session: AsyncSession, *, unit_id: UUID, closure_id: UUID, now: datetime) -> None:
    """Take a closure back: the coaches have their hours again. Twice is the same."""
    unit = await _locked(session, unit_id)
    row = await session.get(UnitClosure, (unit.organiser_id, closure_id))
    if row is None or row.unit_id != unit.id:
        return
    during = _during(row.first_day, row.last_day)
    for coach, absence in await coaches.absent(session, unit_ids=[unit.id], during=during):
        await coaches.back(session, coach_id=coach, absence_id=absence, now=now)
    await session.delete(row)
    await _changed(session, unit, "opened", now)


async def stand_in(session: AsyncSession, *, unit_id: UUID, told: Told, now: datetime) -> UUID:
    """Let somebody do the asker's work in a unit for some days."""
    who = asker(session)
    unit = await _locked(session, unit_id)
    first, last = _days(told, now)
    people = await _people(session, unit)
    chosen = next((one for one in people if str(one) == told.text("deputy")), None)
    if chosen is None or chosen == who.actor_id or who.actor_id is None:
        raise Invalid(Fault("deputy", "blank", "Please choose one."))
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


async def end_stand_in(session: AsyncSession, *, stand_in_id: UUID, now: datetime) -> None:
    """End a stand-in at once; who is away and who stands in may both. Twice is the same."""
    who = asker(session)
    row = await session.get(StandIn, (who.organiser_id, stand_in_id), with_for_update=True)
    if row is None or who.actor_id not in {row.user_id, row.deputy_id}:
        raise NotFound
    if row.ended_at is None:
        row.ended_at = now
        note_upkeep(session, "stand_in", row.id, "ended", now=now, version=2)


async def _changed(session: AsyncSession, unit: Unit, part: str, now: datetime) -> None:
    unit.version += 1
    note_upkeep(session, "unit", unit.id, part, now=now, version=unit.version)
    await session.flush()
