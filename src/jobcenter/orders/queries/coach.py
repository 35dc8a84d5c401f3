"""What a coach's day and week hold: where, when, who and what helps.

Names, numbers and notes are read only for clients whose look is already logged (`seen`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import OrganiserId, asker, meets
from jobcenter.errors import NotFound
from jobcenter.notices import TO_THE_COACH, Todo
from jobcenter.orders.gigs import CoachVisit, Gig, VisitGig
from jobcenter.orders.queries.coach_visits import AHEAD, Served, Visit, coming, shown, visits
from jobcenter.people import closed_days, closing
from jobcenter.people.calendars import Reading, reading_of
from jobcenter.people.closing import Contact
from jobcenter.people.feeds import ends_soon
from jobcenter.people.parties import UnitClosure
from jobcenter.people.staff import Coach, CoachAbsence
from jobcenter.times import local


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to see to for a client for whom the coach, or whom they stand in for, answers."""

    todo_id: UUID
    kind: str
    due_at: datetime
    client_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Agenda:
    """A coach's coming visits, what else they are to see to, and when they are away."""

    coach: Coach
    visits: tuple[Visit, ...]
    absences: tuple[CoachAbsence, ...]
    closures: tuple[UnitClosure, ...]
    duties: tuple[Duty, ...]
    feed_ends_soon: bool
    reading: Reading | None
    """How it goes with the coach's own calendar, where they gave one."""

    @property
    def days(self) -> dict[date, list[Visit]]:
        """Return the visits by local day."""
        found: dict[date, list[Visit]] = {}
        for visit in self.visits:
            found.setdefault(local(visit.start).date(), []).append(visit)
        return found


async def my_coach(session: AsyncSession) -> Coach:
    """Return the coach that the asker is."""
    who = asker(session)
    coach = await session.scalar(
        select(Coach).where(
            Coach.organiser_id == who.organiser_id, Coach.user_id == who.actor_id, Coach.active
        )
    )
    if coach is None:
        raise NotFound
    return coach


async def people_on_agenda(session: AsyncSession, *, now: datetime) -> frozenset[UUID]:
    """Return whom the asker's agenda will show, so that the looks can be logged first."""
    coach = await my_coach(session)
    met = (
        select(Gig.client_id)
        .join(VisitGig, meets(VisitGig, "gig_id", Gig))
        .join(
            CoachVisit,
            meets(VisitGig, "visit_id", CoachVisit),
        )
        .where(coming(coach, now), VisitGig.status != "free")
    )
    seen_to = select(Todo.client_id).where(_theirs(coach, now))
    return frozenset(await session.scalars(union(met, seen_to)))


async def agenda(session: AsyncSession, *, seen: Collection[UUID], now: datetime) -> Agenda:
    """Read the asker's visits from today on."""
    coach = await my_coach(session)
    rows = (await session.execute(visits(session, coach, now))).all()
    contacts = await closing.contacts(session, seen)
    notes = await closing.need_notes(session, seen)
    absences = await session.scalars(
        select(CoachAbsence)
        .where(CoachAbsence.organiser_id == coach.organiser_id, CoachAbsence.coach_id == coach.id)
        .where(func.upper(CoachAbsence.during) > now)
        .order_by(func.lower(CoachAbsence.during))
    )
    served: dict[UUID, list[Served]] = {}
    for row in rows:
        served.setdefault(row[0].id, []).append(row)
    return Agenda(
        coach=coach,
        visits=tuple(shown(together, contacts, notes) for together in served.values()),
        absences=tuple(absences),
        closures=tuple(await closed_days.ahead(session, unit_id=coach.unit_id, now=now)),
        duties=await _duties(session, coach, contacts, now),
        feed_ends_soon=ends_soon(coach, now),
        reading=await reading_of(session, coach),
    )


async def todos_of_own(session: AsyncSession, *, until: datetime) -> Sequence[Todo]:
    """Return what is to be seen to for the clients for whom the asker answers or stands in."""
    organiser_id = asker(session).organiser_id
    rows = await session.scalars(
        select(Todo).where(_own(organiser_id), Todo.due_at < until).order_by(Todo.due_at)
    )
    return rows.all()


async def _duties(
    session: AsyncSession, coach: Coach, contacts: Mapping[UUID, Contact], now: datetime
) -> tuple[Duty, ...]:
    rows = await session.scalars(select(Todo).where(_theirs(coach, now)).order_by(Todo.due_at))
    known = ((row, contacts.get(row.client_id)) for row in rows if row.client_id)
    return tuple(
        Duty(row.id, row.kind, row.due_at, of.client_id, f"{of.given_name} {of.family_name}")
        for row, of in known
        if of
    )


def _theirs(coach: Coach, now: datetime) -> ColumnElement[bool]:
    """Tell the to-dos of the coach's own clients, and of those of whom they stand in for."""
    return and_(_own(coach.organiser_id), Todo.due_at < now + AHEAD)


def _own(organiser_id: OrganiserId) -> ColumnElement[bool]:
    return and_(
        Todo.organiser_id == organiser_id,
        Todo.coach_id == func.any(func.asking_coaches()),
        Todo.client_id.is_not(None),
        Todo.kind.in_(TO_THE_COACH),
        Todo.done_at.is_(None),
    )
