"""How accounts of staff go: first how somebody is reached and when they work, years later the name.

The name stays as long as the use log, for a person may ask who has looked at their record.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, String, delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.orders.gigs import CoachVisit
from jobcenter.people.parties import Unit
from jobcenter.people.staff import Coach, CoachAbsence, CoachHours, Passkey, User
from jobcenter.people.upkeep import UpkeepEvent
from jobcenter.retention.removing import NOBODY, RecordClass


def is_out(cutoff: datetime) -> ColumnElement[bool]:
    """Whether somebody was put out before then, and can still be reached by what is kept."""
    return (User.disabled_at < cutoff) & (User.email != _nowhere())


def is_long_out(cutoff: datetime) -> ColumnElement[bool]:
    """Whether somebody was put out before then, and is still named."""
    return (User.disabled_at < cutoff) & (User.name != NOBODY)


def coached(cutoff: datetime) -> ColumnElement[bool]:
    """Whether a coach without an account has ended before then, and is still reached by a number.

    Nobody closed an account of theirs: it counts from the last change of their page, or their last
    visit.
    """
    return _ended(cutoff) & ((Coach.phone != "") | _keeps(CoachHours) | _keeps(CoachAbsence))


def coached_long_ago(cutoff: datetime) -> ColumnElement[bool]:
    """Whether a coach without an account has ended before then, and is still named."""
    return _ended(cutoff) & (Coach.name != NOBODY)


def _ended(cutoff: datetime) -> ColumnElement[bool]:
    changed = exists().where(
        UpkeepEvent.organiser_id == Coach.organiser_id, UpkeepEvent.subject_id == Coach.id
    )
    visited = exists().where(
        CoachVisit.organiser_id == Coach.organiser_id, CoachVisit.coach_id == Coach.id
    )
    return (
        Coach.user_id.is_(None)
        & ~Coach.active
        & ~changed.where(UpkeepEvent.at >= cutoff)
        & ~visited.where(func.upper(CoachVisit.during) >= cutoff)
    )


def _keeps(table: type[CoachHours] | type[CoachAbsence]) -> ColumnElement[bool]:
    return exists().where(table.organiser_id == Coach.organiser_id, table.coach_id == Coach.id)


def _nowhere() -> ColumnElement[str]:
    return func.concat(User.id.cast(String), f"@{NOBODY}.invalid")


async def unreachable(
    session: AsyncSession, kind: RecordClass, cutoff: datetime, now: datetime
) -> int:
    """Forget address, number, hours and absences; the account stays closed, and named."""
    users = await _due(session, kind, cutoff, now)
    organiser_id = asker(session).organiser_id
    alone = await _alone(session, coached(cutoff))
    is_theirs = Coach.user_id.in_(users) | Coach.id.in_(alone)
    as_coaches = select(Coach.id).where(Coach.organiser_id == organiser_id, is_theirs)
    for statement in (
        delete(Passkey).where(Passkey.organiser_id == organiser_id, Passkey.user_id.in_(users)),
        delete(CoachHours).where(
            CoachHours.organiser_id == organiser_id, CoachHours.coach_id.in_(as_coaches)
        ),
        delete(CoachAbsence).where(
            CoachAbsence.organiser_id == organiser_id, CoachAbsence.coach_id.in_(as_coaches)
        ),
        # Where they set out from, which may be their home, becomes where their unit is.
        update(Coach)
        .where(Coach.organiser_id == organiser_id, is_theirs)
        .where(Unit.organiser_id == Coach.organiser_id, Unit.id == Coach.unit_id)
        .values(
            phone="", feed_hash=None, feed_until=None, site_id=None, lat=Unit.lat, lon=Unit.lon
        ),
        update(User)
        .where(User.organiser_id == organiser_id, User.id.in_(users))
        .values(phone="", subject=None, email=_nowhere()),
    ):
        await session.execute(statement.execution_options(synchronize_session=False))
    return len(users) + len(alone)


async def unnamed(session: AsyncSession, kind: RecordClass, cutoff: datetime, now: datetime) -> int:
    """Forget the name: no log that names them is kept any longer."""
    users = await _due(session, kind, cutoff, now)
    organiser_id = asker(session).organiser_id
    alone = await _alone(session, coached_long_ago(cutoff))
    for statement in (
        update(Coach)
        .where(Coach.organiser_id == organiser_id)
        .where(Coach.user_id.in_(users) | Coach.id.in_(alone))
        .values(name=NOBODY),
        update(User)
        .where(User.organiser_id == organiser_id, User.id.in_(users))
        .values(name=NOBODY),
    ):
        await session.execute(statement.execution_options(synchronize_session=False))
    return len(users) + len(alone)


async def _alone(session: AsyncSession, which: ColumnElement[bool]) -> Sequence[UUID]:
    """Return the coaches without an account whose time is up."""
    found = select(Coach.id).where(Coach.organiser_id == asker(session).organiser_id, which)
    return (await session.scalars(found)).all()


async def _due(
    session: AsyncSession, kind: RecordClass, cutoff: datetime, now: datetime
) -> Sequence[UUID]:
    which = kind.free(asker(session).organiser_id, cutoff, now)
    return (await session.scalars(select(User.id).where(which))).all()
