"""Who has looked at a client's page, as the client is told: role and unit, when, what and why.

Names are told on request (RELIABILITY §5.6). Reading this is a look, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.access import Look
from jobcenter.database import asker, meets
from jobcenter.people.parties import Unit
from jobcenter.people.staff import Grant

A_PAGE = 50
OWN = "client"


@dataclass(frozen=True, slots=True)
class Seen:
    """One look, as it is told."""

    id: UUID
    at: datetime
    role: str
    units: tuple[str, ...]
    what: str
    purpose: str


async def seen(
    session: AsyncSession, *, client_id: UUID, before: UUID | None = None, with_own: bool = False
) -> Sequence[Seen]:
    """Return the newest looks at a client, or those before one of them; at most a page.

    The client's own are left out, unless they ask.
    """
    organiser_id = asker(session).organiser_id
    rows = await session.scalars(
        select(Look)
        .where(Look.organiser_id == organiser_id, Look.client_id == client_id)
        .where(*await _older(session, client_id, before))
        .where(true() if with_own else Look.role != OWN)
        .order_by(Look.at.desc(), Look.id.desc())
        .limit(A_PAGE)
    )
    looks = rows.all()
    units = await _units(session, {look.actor for look in looks if look.actor})
    return [
        Seen(look.id, look.at, look.role, units.get(look.actor, ()), look.what, look.purpose)
        for look in looks
    ]


async def _older(
    session: AsyncSession, client_id: UUID, before: UUID | None
) -> list[ColumnElement[bool]]:
    if before is None:
        return []
    at = await session.scalar(
        select(Look.at).where(
            and_(Look.organiser_id == asker(session).organiser_id, Look.id == before),
            Look.client_id == client_id,
        )
    )
    return [tuple_(Look.at, Look.id) < tuple_(at, before)] if at else []


async def _units(session: AsyncSession, actors: set[UUID]) -> dict[UUID | None, tuple[str, ...]]:
    rows = await session.execute(
        select(Grant.user_id, Unit.name)
        .join(Unit, meets(Grant, "unit_id", Unit))
        .where(Grant.organiser_id == asker(session).organiser_id, Grant.user_id.in_(actors))
        .distinct()
        .order_by(Unit.name)
    )
    found: dict[UUID | None, tuple[str, ...]] = {}
    for user_id, unit in rows:
        found[user_id] = (*found.get(user_id, ()), unit)
    return found
