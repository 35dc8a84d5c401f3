"""What was told about gigs: incidents and feedback, opened for whoever may read them.

The look at the client is committed before; an orderer finds only what they said themself.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.access import NEED_TO_KNOW
from jobcenter.database import asker, meets
from jobcenter.envelopes import PersonsKey
from jobcenter.errors import NotFound
from jobcenter.orders.gigs import Gig
from jobcenter.orders.model import Order
from jobcenter.orders.queries.cards import task_name
from jobcenter.orders.told import Feedback, Incident
from jobcenter.people import closing
from jobcenter.people.clients import Client
from jobcenter.people.parties import Employer, OrderingParty, TaskType
from jobcenter.people.staff import User

MOST = 100


@dataclass(frozen=True, slots=True)
class Reported:
    """An incident in words."""

    row: Incident
    words: str
    told_whom: str
    outcome: str
    by: str


@dataclass(frozen=True, slots=True)
class OwnReport:
    """That a client told something, and whether it was seen to."""

    id: UUID
    told_at: datetime
    handled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one side said of a gig."""

    gig_id: UUID
    told_from: str
    face: int
    strength: str | None
    words: str
    told_at: datetime
    read_at: datetime | None
    passed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Insured:
    """What an insurer asks about the employer."""

    name: str
    business_id: str | None
    insurer: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """An opinion that waits for a coach, with what it is about."""

    opinion: Opinion
    client_id: UUID
    task: str
    party: str
    start: datetime


async def incidents_of(session: AsyncSession, *, gig_id: UUID) -> tuple[Reported, ...]:
    """Return what was reported from a gig, as far as the asker reads it; the newest first."""
    rows = (
        await session.execute(
            select(Incident, User.name)
            .outerjoin(User, meets(Incident, "told_by", User))
            .where(Incident.organiser_id == asker(session).organiser_id)
            .where(Incident.gig_id == gig_id)
            .order_by(Incident.told_at.desc())
        )
    ).all()
    keys = await closing.keys(session, {row.client_id for row, _ in rows})
    return tuple(
        Reported(
            row,
            _opened(keys.get(row.client_id), "incident:words", row.closed_words),
            _opened(keys.get(row.client_id), "incident:told", row.closed_told),
            _opened(keys.get(row.client_id), "incident:outcome", row.closed_outcome),
            name or "",
        )
        for row, name in rows
    )


async def own_incidents(session: AsyncSession, *, gig_id: UUID) -> tuple[OwnReport, ...]:
    """Return what the asking client told about a gig: when, and whether it was seen to."""
    rows = await session.execute(
        select(Incident.id, Incident.told_at, Incident.handled_at)
        .where(Incident.organiser_id == asker(session).organiser_id, Incident.gig_id == gig_id)
        .where(Incident.for_client)
        .order_by(Incident.told_at)
    )
    return tuple(OwnReport(*row) for row in rows)


def _opened(key: PersonsKey | None, place: str, closed: bytes | None) -> str:
    return key.open(place, closed) if key and closed else ""


async def opinions_of(session: AsyncSession, *, gig_id: UUID) -> dict[str, Opinion]:
    """Return what was said of a gig, by side, as far as the asker reads it."""
    rows = (
        await session.scalars(
            select(Feedback)
            .where(Feedback.organiser_id == asker(session).organiser_id)
            .where(Feedback.gig_id == gig_id)
        )
    ).all()
    keys = await closing.keys(session, {row.client_id for row in rows}) if rows else {}
    return {row.told_from: _opinion(row, keys.get(row.client_id)) for row in rows}


def _opinion(row: Feedback, key: PersonsKey | None) -> Opinion:
    return Opinion(
        gig_id=row.gig_id,
        told_from=row.told_from,
        face=row.face,
        strength=row.strength,
        words=_opened(key, "feedback:words", row.closed_words),
        told_at=row.told_at,
        read_at=row.read_at,
        passed_at=row.passed_at,
    )


async def faces_of(session: AsyncSession, *, gigs: Collection[UUID]) -> dict[UUID, int]:
    """Return the face that the asking orderer chose for each of these gigs."""
    if not gigs:
        return {}
    rows = await session.execute(
        select(Feedback.gig_id, Feedback.face)
        .where(Feedback.organiser_id == asker(session).organiser_id)
        .where(Feedback.gig_id.in_(gigs))
    )
    return {row.gig_id: row.face for row in rows}


async def is_of_own_unit(session: AsyncSession, *, gig_id: UUID) -> bool:
    """Tell whether a gig is of a client of the asker's units; one they may not see is not there."""
    who = asker(session)
    unit_id = await session.scalar(
        select(Client.unit_id)
        .join(Gig, meets(Gig, "client_id", Client))
        .where(Gig.organiser_id == who.organiser_id, Gig.id == gig_id)
    )
    if unit_id is None:
        raise NotFound
    # Of whoever has a caseload the walls have left only that.
    return who.may_in(unit_id, *NEED_TO_KNOW)


async def insured(session: AsyncSession, *, order_id: UUID) -> Insured | None:
    """Return the employer of record of an order with its insurer."""
    row = (
        await session.execute(
            select(Employer.name, Employer.business_id, Employer.insurer)
            .join(Order, meets(Order, "employer_id", Employer))
            .where(Order.organiser_id == asker(session).organiser_id, Order.id == order_id)
        )
    ).one_or_none()
    return Insured(*row) if row else None


async def whose_wait(session: AsyncSession) -> frozenset[UUID]:
    """Return of whom something waits to be read, so that the looks are committed first."""
    who = asker(session)
    rows = await session.scalars(
        select(Feedback.client_id)
        .join(Client, meets(Feedback, "client_id", Client))
        .where(Feedback.organiser_id == who.organiser_id, Feedback.read_at.is_(None))
        .where(Client.unit_id.in_(who.units_with("coach", "lead")))
        .order_by(Feedback.told_at)
        .limit(MOST)
    )
    return frozenset(rows)


async def waiting(session: AsyncSession, *, seen: Collection[UUID]) -> tuple[Waiting, ...]:
    """Return what waits to be read of the people who were looked at, the oldest first."""
    who = asker(session)
    rows = (
        await session.execute(
            select(Feedback, task_name(who.language), OrderingParty.name, Gig)
            .join(Gig, meets(Feedback, "gig_id", Gig))
            .join(Order, meets(Gig, "order_id", Order))
            .join(TaskType, meets(Order, "task_type_id", TaskType))
            .join(OrderingParty, meets(Order, "party_id", OrderingParty))
            .where(Feedback.organiser_id == who.organiser_id, Feedback.read_at.is_(None))
            .where(Feedback.client_id.in_(seen))
            .order_by(Feedback.told_at, Feedback.gig_id)
            .limit(MOST)
        )
    ).all()
    keys = await closing.keys(session, seen)
    return tuple(
        Waiting(_opinion(row, keys.get(row.client_id)), row.client_id, task, party, gig.start)
        for row, task, party, gig in rows
    )
