"""A coach's hours, languages and where they set out from; visits that no longer fit are shown."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.errors import Changed, Conflict, Fault, Invalid, NotAllowed, NotFound
from jobcenter.fields import phone_of, text_of
from jobcenter.intake import unit_sites
from jobcenter.intake.hours import grid_of, week_of
from jobcenter.intake.person import SPOKEN, district_of
from jobcenter.intake.told import FURTHEST, Told, clock, day, filled, moment, refuse
from jobcenter.notices import todo
from jobcenter.orders.gigs import TAKEN, CoachVisit
from jobcenter.orders.proposals import Change
from jobcenter.orders.weekly import covers, written_out
from jobcenter.people.staff import Coach, CoachAbsence, CoachHours
from jobcenter.people.upkeep import note_upkeep


@dataclass(frozen=True, slots=True)
class CoachSheet:
    """A coach as they stand: the form, and when they are away."""

    coach: Coach
    form: Told
    absences: Sequence[CoachAbsence]


class VisitsOutside(Conflict):
    """Some visits that are booked lie outside these hours. Please look at them first."""

    code = "visits_outside"

    def __init__(self, visits: Sequence[CoachVisit]) -> None:
        super().__init__()
        # Plain moments: the rows themselves are gone with the transaction.
        self.times = tuple((visit.start, visit.end) for visit in visits)


async def sheet(session: AsyncSession, *, coach_id: UUID, now: datetime) -> CoachSheet:
    """Read a coach of the asker's units."""
    coach = await session.get(Coach, (asker(session).organiser_id, coach_id))
    if coach is None or coach.unit_id not in asker(session).unit_ids:
        raise NotFound
    hours = await _hours(session, coach)
    absences = await session.scalars(
        select(CoachAbsence)
        .where(CoachAbsence.organiser_id == coach.organiser_id, CoachAbsence.coach_id == coach.id)
        .where(func.upper(CoachAbsence.during) > now)
        .order_by(func.lower(CoachAbsence.during))
    )
    form = filled(
        {
            **grid_of("free", hours),
            "name": coach.name,
            "phone": coach.phone,
            "spoken": coach.languages,
            "active": coach.active,
            unit_sites.FIELD: str(coach.site_id or ""),
        }
    )
    return CoachSheet(coach, form, absences.all())


async def _hours(session: AsyncSession, coach: Coach) -> list[tuple[int, int, int]]:
    rows = await session.scalars(
        select(CoachHours).where(
            CoachHours.organiser_id == coach.organiser_id, CoachHours.coach_id == coach.id
        )
    )
    return [(row.weekday, row.from_minute, row.to_minute) for row in rows]


async def locked_coach(session: AsyncSession, coach_id: UUID) -> Coach:
    """Return a coach of the asker's unit, locked; the coach themself or who assigns there may."""
    who = asker(session)
    coach = await session.get(
        Coach,
        (who.organiser_id, coach_id),
        with_for_update={"key_share": True},
        populate_existing=True,
    )
    if coach is None or coach.unit_id not in who.unit_ids:
        raise NotFound
    if not who.may_in(coach.unit_id, "assign") and coach.user_id != who.actor_id:
        raise NotAllowed
    return coach


async def keep_coach(
    session: AsyncSession, *, coach_id: UUID, version: int, told: Told, now: datetime
) -> None:
    """Write down a coach's hours and the rest; `VisitsOutside` unless those have been seen."""
    coach = await locked_coach(session, coach_id)
    if coach.version != version:
        raise Changed
    faults: list[Fault] = []
    name = text_of(told.text("name"), "name", faults, most=80, required=True)
    phone = phone_of(told.text("phone"), "phone", faults, required=True)
    week = week_of(told, "free", faults)
    spoken = [code for code in told.many("spoken") if code in SPOKEN]
    if not spoken:
        faults.append(Fault("spoken", "blank", "Please choose one."))
    district = await district_of(session, told, faults)
    site = await unit_sites.chosen(session, coach.unit_id, told, faults, now)
    refuse(faults)
    if unit_sites.FIELD in told.fields:
        await unit_sites.set_out_from(session, coach, site)
    coach.name, coach.phone, coach.languages = name, phone, spoken
    coach.active = told.ticked("active")
    # Who sets out from a place of the unit is there, whatever home they wrote down too.
    if district and coach.site_id is None:
        coach.lat, coach.lon = district.lat, district.lon
    await _write_hours(session, coach, week)
    outside = await _outside(session, coach, week, now)
    if outside and not told.ticked("seen_visits"):
        raise VisitsOutside(outside)
    await _ask_people(session, coach, outside, now)
    await _changed(session, coach, "hours", now)


async def _write_hours(
    session: AsyncSession, coach: Coach, week: Sequence[tuple[int, int, int]]
) -> None:
    await session.execute(
        delete(CoachHours)
        .where(CoachHours.organiser_id == coach.organiser_id, CoachHours.coach_id == coach.id)
        .execution_options(synchronize_session=False)
    )
    for weekday, begin, end in week:
        session.add(
            CoachHours(
                organiser_id=coach.organiser_id,
                coach_id=coach.id,
                weekday=weekday,
                from_minute=begin,
                to_minute=end,
            )
        )


async def _outside(
    session: AsyncSession, coach: Coach, week: Sequence[tuple[int, int, int]], now: datetime
) -> list[CoachVisit]:
    """Return booked visits ahead that these hours do not hold; all of them when not active."""
    rows = await session.scalars(
        select(CoachVisit)
        .where(
            CoachVisit.organiser_id == coach.organiser_id,
            CoachVisit.coach_id == coach.id,
            CoachVisit.status.in_(TAKEN),
            func.lower(CoachVisit.during) > now,
        )
        .order_by(func.lower(CoachVisit.during))
    )
    return [
        visit
        for visit in rows
        if not coach.active
        or not covers(written_out(week, visit.start, visit.end), visit.start, visit.end)
    ]


async def _ask_people(
    session: AsyncSession, coach: Coach, visits: Sequence[CoachVisit], now: datetime
) -> None:
    for visit in visits:
        await todo(
            session,
            kind="check_visit",
            due_at=now,
            now=now,
            mark=f"{visit.id}:{coach.version}",
            unit_id=coach.unit_id,
            coach_id=coach.id,
            order_id=visit.order_id,
        )


def own_absence(told: Told, today: date) -> Range[datetime]:
    """Return when a coach says that they are away: hours of a day, or until another day."""
    faults: list[Fault] = []
    first = day(told, "away_day", faults)
    last = day(told, "away_until", faults) or first
    begins = clock(told.text("away_from"), "away_from", faults)
    ends = clock(told.text("away_to"), "away_to", faults, ends=True)
    if first is None and not told.text("away_day").strip():
        faults.append(Fault("away_day", "blank", "Please fill this in."))
    if first is None or last is None or begins is None or ends is None:
        raise Invalid(*faults)
    backwards = Fault("away_until", "end_before_start", "The end is before the start.")
    if last < first:
        raise Invalid(*faults, backwards)
    if not today <= last <= today + FURTHEST:
        named = "away_until" if told.text("away_until").strip() else "away_day"
        faults.append(Fault(named, "not_ahead", "Please choose a day of the coming year."))
    start = moment(first, begins, "away_from", faults)
    end = moment(last, ends, "away_to", faults)
    if start and end and end <= start:
        faults.append(replace(backwards, field="away_to"))
    refuse(faults)
    return Range(start, end)


async def back(session: AsyncSession, *, coach_id: UUID, absence_id: UUID, now: datetime) -> None:
    """Take an absence out: the coach has that time again. Twice is the same."""
    coach = await locked_coach(session, coach_id)
    row = await session.get(CoachAbsence, (coach.organiser_id, absence_id))
    if row is None or row.coach_id != coach.id:
        return
    await session.delete(row)
    await _changed(session, coach, "absence", now)


async def _changed(session: AsyncSession, coach: Coach, part: str, now: datetime) -> None:
    coach.version += 1
    note_upkeep(session, "coach", coach.id, part, now=now, version=coach.version)
    session.add(
        Change(organiser_id=coach.organiser_id, kind="coach_changed", coach_id=coach.id, at=now)
    )
    await session.flush()
