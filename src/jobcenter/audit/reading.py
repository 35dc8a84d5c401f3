"""What keepers of the use log read: looks outside units, many looks, emergencies; a search."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Text, and_, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.access import Disclosure, Look
from jobcenter.audit import seals
from jobcenter.audit.emergencies import Emergency
from jobcenter.audit.guesses import Guesses, noted
from jobcenter.audit.seals import Seal
from jobcenter.audit.watching import Limits, Many, limits, many_looks
from jobcenter.database import Base, asker
from jobcenter.people.parties import Unit
from jobcenter.people.staff import User

BACK = timedelta(days=30)
MOST = 200


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody who looked at clients of other units, or tried to."""

    user_id: UUID
    name: str
    looks: int
    refused: int
    clients: int
    last: datetime


@dataclass(frozen=True, slots=True)
class Overview:
    """The first page of the log."""

    strangers: tuple[Stranger, ...]
    many: tuple[Many, ...]
    limits: Limits
    emergencies: Sequence[Row[Emergency, str, str]]
    guesses: Sequence[Guesses]
    seal: Seal | None
    unsealed: int


@dataclass(frozen=True, slots=True)
class Found:
    """What the log says about one client, or of one person's looks."""

    looks: Sequence[Row[Look, str]]
    disclosures: Sequence[Disclosure]


async def overview(session: AsyncSession, *, now: datetime) -> Overview:
    """Read what stands out in the last thirty days."""
    since = now - BACK
    return Overview(
        strangers=await _strangers(session, since),
        many=await many_looks(session, since=since, now=now),
        limits=await limits(session, now=now),
        emergencies=await _emergencies(session, since),
        guesses=await noted(session, since=since),
        seal=await seals.newest(session),
        unsealed=await seals.unsealed(session),
    )


def _mine(session: AsyncSession, table: type[Base]) -> ColumnElement[bool]:
    return table.__table__.c.organiser_id == asker(session).organiser_id


def _user(table: type[Base], column: str) -> ColumnElement[bool]:
    theirs = table.__table__.c
    return and_(User.organiser_id == theirs.organiser_id, User.id == theirs[column])


async def _strangers(session: AsyncSession, since: datetime) -> tuple[Stranger, ...]:
    refused = func.count().filter(Look.what == "refused")
    rows = await session.execute(
        select(
            Look.actor,
            func.coalesce(func.max(User.name), ""),
            func.count() - refused,
            refused,
            func.count(Look.client_id.distinct()),
            func.max(Look.at),
        )
        .outerjoin(User, _user(Look, "actor"))
        .where(_mine(session, Look), Look.outside, Look.at >= since)
        .group_by(Look.actor)
        .order_by(func.count(Look.client_id.distinct()).desc(), Look.actor)
        .limit(MOST)
    )
    return tuple(
        Stranger(actor, name, looks, turned_away, clients, last)
        for actor, name, looks, turned_away, clients, last in rows
        if actor
    )


async def _emergencies(
    session: AsyncSession, since: datetime
) -> Sequence[Row[Emergency, str, str]]:
    rows = await session.execute(
        select(Emergency, User.name, Unit.name)
        .join(User, _user(Emergency, "user_id"))
        .join(Unit, and_(Unit.organiser_id == Emergency.organiser_id, Unit.id == Emergency.unit_id))
        .where(_mine(session, Emergency), Emergency.at >= since)
        .order_by(Emergency.at.desc())
        .limit(MOST)
    )
    return rows.all()


async def persons(session: AsyncSession, *, text: str) -> Sequence[User]:
    """Return the staff whose name or address has this in it."""
    found = await session.scalars(
        select(User)
        .where(User.organiser_id == asker(session).organiser_id)
        .where(
            User.name.icontains(text, autoescape=True) | User.email.icontains(text, autoescape=True)
        )
        .order_by(User.name, User.id)
        .limit(20)
    )
    return found.all()


async def ending_in(session: AsyncSession, *, end: str) -> Sequence[UUID]:
    """Return the clients in the log whose number ends like this; two are as good as none."""
    found = await session.scalars(
        select(Look.client_id)
        .distinct()
        .where(_mine(session, Look), cast(Look.client_id, Text).endswith(end, autoescape=True))
        .limit(2)
    )
    return [client for client in found if client]


async def search(
    session: AsyncSession, *, client_id: UUID | None = None, user_id: UUID | None = None
) -> Found:
    """Return the newest looks at a client, or by a person, and what was told of a client."""
    wanted = Look.client_id == client_id if client_id else Look.actor == user_id
    looks = await session.execute(
        select(Look, func.coalesce(User.name, ""))
        .outerjoin(User, _user(Look, "actor"))
        .where(_mine(session, Look), wanted)
        .order_by(Look.at.desc(), Look.id.desc())
        .limit(MOST)
    )
    told = await session.scalars(
        select(Disclosure)
        .where(_mine(session, Disclosure), Disclosure.client_id == client_id)
        .order_by(Disclosure.at.desc(), Disclosure.id.desc())
        .limit(MOST)
    )
    return Found(looks.all(), told.all())
