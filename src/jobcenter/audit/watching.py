"""Watches the use log for people who open, or try to open, more records than their work needs."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.access import Look
from jobcenter.audit.keepers import tell_keepers
from jobcenter.database import asker
from jobcenter.people.parties import Figure
from jobcenter.people.staff import User
from jobcenter.times import local

HOUR = timedelta(hours=1)
KIND = "looks_an_hour"


@dataclass(frozen=True, slots=True)
class Limits:
    """How many different clients one person may look at in an hour; None where no row says so."""

    people: int | None
    strangers: int | None
    """... of those who are not their unit's, refused looks among them."""


@dataclass(frozen=True, slots=True)
class Many:
    """An hour in which one person passed a limit."""

    user_id: UUID
    name: str
    hour: datetime
    people: int
    strangers: int


async def limits(session: AsyncSession, *, now: datetime) -> Limits:
    """Return the limits that hold today."""
    day = local(now).date()
    rows = await session.execute(
        select(Figure.key, Figure.amount)
        .where(Figure.organiser_id == asker(session).organiser_id, Figure.kind == KIND)
        .where(Figure.holds_on(day))
        .order_by(Figure.valid_from)
    )
    newest = {row.key: row.amount for row in rows}
    return Limits(newest.get("people"), newest.get("strangers"))


async def many_looks(session: AsyncSession, *, since: datetime, now: datetime) -> tuple[Many, ...]:
    """Return the hours in which somebody passed a limit, the newest first."""
    found = await limits(session, now=now)
    people = func.count(Look.client_id.distinct())
    strangers = func.count(Look.client_id.distinct()).filter(Look.outside)
    watched = ((people, found.people), (strangers, found.strangers))
    passed = [count > limit for count, limit in watched if limit is not None]
    hour = func.date_trunc("hour", Look.at)
    rows = await session.execute(
        select(Look.actor, func.coalesce(func.max(User.name), ""), hour, people, strangers)
        .outerjoin(User, and_(User.organiser_id == Look.organiser_id, User.id == Look.actor))
        .where(Look.organiser_id == asker(session).organiser_id)
        .where(Look.actor.is_not(None), Look.at >= since)
        .group_by(Look.actor, hour)
        .having(or_(false(), *passed))
        .order_by(hour.desc(), Look.actor)
        .limit(200)
    )
    return tuple(Many(*row) for row in rows if row[0])


async def watch(session: AsyncSession, *, now: datetime) -> int:
    """Tell the keepers of the log, once an hour, that somebody passes a limit."""
    found = await many_looks(session, since=now - HOUR, now=now)
    if found:
        await tell_keepers(
            session, kind="many_looks", version=int(now.timestamp()) // 3600, now=now
        )
    return len(found)
