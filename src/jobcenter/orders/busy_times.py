"""A coach's own calendar takes their time: given, read again and again, and taken away.

What it says is kept as stretches that a coach is not free in, replaced as a whole by each reading.
It moves no visit that is booked: where they meet, a person is asked to look.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Delete, Update, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from jobcenter.calendars.addresses import NotThere, place_of
from jobcenter.database import OrganiserId, asker, keyring
from jobcenter.errors import Fault, Invalid, NotFound
from jobcenter.jobs import READ_CALENDAR, enqueue
from jobcenter.notices import Todo, todo
from jobcenter.orders.gigs import TAKEN, CoachVisit
from jobcenter.orders.proposals import Change
from jobcenter.people.calendars import MANY_MISSES, CoachBusy, CoachCalendar, closed_calendar
from jobcenter.people.staff import Coach, User
from jobcenter.people.upkeep import note_upkeep
from jobcenter.times import DAY, MINUTE, day_bounds, local

Span = tuple[datetime, datetime]

AHEAD = timedelta(days=60)
EVERY = timedelta(minutes=15)
# What could not be read so often is asked less often.
SELDOM = timedelta(hours=1)
# So that not all of them are asked in the same minute.
MOST_LATER_SECONDS = 120
TODO = "calendar_busy"
SENTENCES = {
    "not_an_address": "This is not an address of a calendar. Please copy it whole.",
    "with_password": "Please give an address without a name and password in it.",
    "not_https": "The address must begin with https:// (or webcal://).",
    "other_port": "We read calendars from the usual ports only (443 and 8443).",
    "not_public": "We read calendars from public addresses only.",
}


def window(now: datetime) -> Span:
    """Return from when till when a calendar is read: today and the days ahead."""
    today, _ = day_bounds(local(now).date())
    return today, day_bounds((local(now) + AHEAD).date())[1]


async def give_address(
    session: AsyncSession, *, address: str, now: datetime, loopback: bool = False
) -> None:
    """Read the asking coach's calendar from here, now and from now on."""
    try:
        place = place_of(address, loopback=loopback)
    except NotThere as refused:
        raise Invalid(Fault("address", refused.code, SENTENCES[refused.code])) from None
    coach = await _own_coach(session)
    await _hold_off(session)
    await _forget(session, coach, now)
    session.add(closed_calendar(keyring(session), coach, place, now=now))
    note_upkeep(session, "coach", coach.id, "calendar", now=now, version=coach.version)
    await session.flush()
    await enqueue(session, READ_CALENDAR, key=str(coach.id), coach=str(coach.id))


async def remove_address(session: AsyncSession, *, now: datetime) -> None:
    """Forget the asking coach's calendar and what it said. Twice is the same."""
    coach = await _own_coach(session)
    if await _forget(session, coach, now):
        note_upkeep(session, "coach", coach.id, "calendar", now=now, version=coach.version)
        await session.flush()


async def forget(session: AsyncSession, coach: Coach, now: datetime) -> None:
    """Forget the calendar of a coach whose account becomes another's; the coach is locked."""
    await _hold_off(session)
    await _forget(session, coach, now)


async def _hold_off(session: AsyncSession) -> None:
    """Have whoever changes the master key wait until this is committed, before rows are locked."""
    await session.execute(text("LOCK TABLE coach_calendars IN ROW EXCLUSIVE MODE"))


async def _own_coach(session: AsyncSession) -> Coach:
    who = asker(session)
    coach = await session.scalar(
        select(Coach)
        .where(Coach.organiser_id == who.organiser_id, Coach.user_id == who.actor_id, Coach.active)
        .with_for_update(key_share=True)
    )
    if coach is None:
        raise NotFound
    return coach


async def _forget(session: AsyncSession, coach: Coach, now: datetime) -> bool:
    """Forget a calendar, and with it what it said; tell whether there was one."""
    if await _write(session, coach, []):
        session.add(_change(coach, now))
    await session.execute(
        _todos(coach.organiser_id, Todo.coach_id == coach.id, Todo.done_at.is_(None))
        .values(done_at=now)
        .execution_options(synchronize_session=False)
    )
    gone = await session.execute(
        delete(CoachCalendar)
        .where(CoachCalendar.organiser_id == coach.organiser_id)
        .where(CoachCalendar.coach_id == coach.id)
        .returning(CoachCalendar.coach_id)
        .execution_options(synchronize_session=False)
    )
    return gone.first() is not None


async def ask_for_due(session: AsyncSession, *, now: datetime) -> None:
    """Ask for each calendar whose time has come; let go of what is over."""
    organiser_id = asker(session).organiser_id
    for over in (_of_nobody(organiser_id), _unasked(organiser_id, now), _past(organiser_id, now)):
        await session.execute(over.execution_options(synchronize_session=False))
    due = await session.scalars(
        select(CoachCalendar.coach_id).where(
            CoachCalendar.organiser_id == organiser_id, CoachCalendar.next_at <= now
        )
    )
    for coach_id in due:
        await enqueue(session, READ_CALENDAR, key=str(coach_id), coach=str(coach_id))


def _of_nobody(organiser_id: OrganiserId) -> Delete:
    """The calendars of who coaches no more, or is put out."""
    coaches = (
        select(Coach.id)
        .outerjoin(User, (User.organiser_id == Coach.organiser_id) & (User.id == Coach.user_id))
        .where(Coach.organiser_id == organiser_id, Coach.active, User.disabled_at.is_(None))
    )
    return delete(CoachCalendar).where(
        CoachCalendar.organiser_id == organiser_id, CoachCalendar.coach_id.not_in(coaches)
    )


def _unasked(organiser_id: OrganiserId, now: datetime) -> Update:
    """What was asked about calendars that are gone."""
    known = select(CoachCalendar.coach_id).where(CoachCalendar.organiser_id == organiser_id)
    return _todos(organiser_id, Todo.done_at.is_(None), Todo.coach_id.not_in(known)).values(
        done_at=now
    )


def _past(organiser_id: OrganiserId, now: datetime) -> Delete:
    """What a calendar said of days that are over: one that cannot be read replaces nothing."""
    return delete(CoachBusy).where(
        CoachBusy.organiser_id == organiser_id, func.upper(CoachBusy.during) < now - DAY
    )


async def visits_ahead(session: AsyncSession, *, coach_id: UUID, now: datetime) -> list[Span]:
    """Return when a coach has visits with us on the days that a calendar is read for."""
    rows = await session.scalars(
        select(CoachVisit.during)
        .where(CoachVisit.organiser_id == asker(session).organiser_id)
        .where(CoachVisit.coach_id == coach_id, CoachVisit.status.in_(TAKEN))
        .where(CoachVisit.during.op("&&")(Range(*window(now))))
    )
    return [(one.lower, one.upper) for one in rows if one.lower and one.upper]


async def keep_times(
    session: AsyncSession,
    *,
    coach_id: UUID,
    given_at: datetime,
    spans: Sequence[Span],
    now: datetime,
) -> bool:
    """Keep what a reading found; the matcher hears of it only where it is something new."""
    coach, row = await _locked(session, coach_id, given_at)
    if coach is None or row is None:
        return False
    row.tried_at = row.read_at = now
    row.trouble, row.misses, row.next_at = None, 0, _next(coach_id, now, EVERY)
    changed = await _write(session, coach, spans)
    if changed:
        session.add(_change(coach, now))
    await _ask_people(session, coach, now)
    await session.flush()
    return changed


async def miss_times(
    session: AsyncSession, *, coach_id: UUID, given_at: datetime, trouble: str, now: datetime
) -> None:
    """Note that a calendar could not be read; what it said the last time stays."""
    _, row = await _locked(session, coach_id, given_at)
    if row is not None:
        row.tried_at, row.trouble, row.misses = now, trouble, row.misses + 1
        pause = SELDOM if row.misses >= MANY_MISSES else EVERY
        row.next_at = _next(coach_id, now, pause)


async def _locked(
    session: AsyncSession, coach_id: UUID, given_at: datetime
) -> tuple[Coach | None, CoachCalendar | None]:
    """Lock a coach, so that nobody books meanwhile; no calendar when it is another one by now."""
    identity = (asker(session).organiser_id, coach_id)
    await _hold_off(session)
    coach = await session.get(
        Coach, identity, with_for_update={"key_share": True}, populate_existing=True
    )
    row = await session.get(CoachCalendar, identity, with_for_update=True, populate_existing=True)
    return coach, row if row and row.given_at == given_at else None


def _next(coach_id: UUID, now: datetime, pause: timedelta) -> datetime:
    return now + pause + timedelta(seconds=coach_id.int % MOST_LATER_SECONDS)


def _change(coach: Coach, now: datetime) -> Change:
    return Change(organiser_id=coach.organiser_id, kind="coach_changed", coach_id=coach.id, at=now)


async def _write(session: AsyncSession, coach: Coach, spans: Sequence[Span]) -> bool:
    """Have exactly these stretches kept; tell whether others stood there."""
    theirs = (CoachBusy.organiser_id == coach.organiser_id, CoachBusy.coach_id == coach.id)
    kept = await session.scalars(select(CoachBusy.during).where(*theirs))
    wanted = {Range(begin, end) for begin, end in spans}
    if set(kept) == wanted:
        return False
    await session.execute(
        delete(CoachBusy).where(*theirs).execution_options(synchronize_session=False)
    )
    session.add_all(
        CoachBusy(organiser_id=coach.organiser_id, id=uuid7(), coach_id=coach.id, during=during)
        for during in wanted
    )
    await session.flush()
    return True


async def _ask_people(session: AsyncSession, coach: Coach, now: datetime) -> None:
    """Ask a person about each visit that meets busy times, once; no more once it does not."""
    marks = await _met(session, coach, now)
    for mark, visit in marks.items():
        await todo(
            session, kind=TODO, due_at=now, now=now, mark=mark,
            unit_id=coach.unit_id, coach_id=coach.id, order_id=visit.order_id,
        )  # fmt: skip
    keys = [f"{TODO}:{mark}" for mark in marks]
    for step in (
        # What had seen to itself is to be asked again; what a person closed is not.
        _todos(coach.organiser_id, Todo.coach_id == coach.id)
        .where(Todo.done_at.is_not(None), Todo.done_by.is_(None), Todo.dedupe_key.in_(keys))
        .values(done_at=None, due_at=now),
        _todos(coach.organiser_id, Todo.coach_id == coach.id)
        .where(Todo.done_at.is_(None), Todo.dedupe_key.not_in(keys))
        .values(done_at=now),
    ):
        await session.execute(step.execution_options(synchronize_session=False))


async def _met(session: AsyncSession, coach: Coach, now: datetime) -> dict[str, CoachVisit]:
    """Return the visits ahead that meet busy times; each mark names the visit and those times."""
    rows = await session.execute(
        select(CoachVisit, func.lower(CoachBusy.during))
        .join(
            CoachBusy,
            (CoachBusy.organiser_id == CoachVisit.organiser_id)
            & (CoachBusy.coach_id == CoachVisit.coach_id)
            & CoachBusy.during.op("&&")(CoachVisit.during),
        )
        .where(CoachVisit.organiser_id == coach.organiser_id, CoachVisit.coach_id == coach.id)
        .where(CoachVisit.status.in_(TAKEN), func.lower(CoachVisit.during) > now)
        .order_by(CoachVisit.during, CoachBusy.during)
    )
    visits: dict[UUID, CoachVisit] = {}
    begins: dict[UUID, list[str]] = {}
    for visit, begin in rows:
        visits[visit.id] = visit
        # A stretch of several days is cut at today; where the visit's day begins stays the same.
        day, _ = day_bounds(local(visit.start).date())
        begins.setdefault(visit.id, []).append(str((max(begin, day) - day) // MINUTE))
    return {
        f"{visit.id}:{visit.sequence}:{','.join(begins[visit.id])}": visit
        for visit in visits.values()
    }


def _todos(organiser_id: OrganiserId, *whose: ColumnElement[bool]) -> Update:
    """What people are asked about calendars, to be opened or closed."""
    return update(Todo).where(Todo.organiser_id == organiser_id, Todo.kind == TODO, *whose)
