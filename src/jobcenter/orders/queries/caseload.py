"""Need to know: whose record staff may open, by unit, by caseload, or in an emergency."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.audit import emergencies
from jobcenter.database import asker, meets
from jobcenter.errors import NotFound
from jobcenter.orders.windows import TakenPlace
from jobcenter.people.clients import Client
from jobcenter.people.parties import Unit
from jobcenter.people.staff import Coach


async def is_ours(session: AsyncSession, *, client_id: UUID) -> bool:
    """Tell whether a client is of one of the asker's units; nothing about them is read."""
    who = asker(session)
    found = await session.scalar(
        select(Client.id).where(
            Client.organiser_id == who.organiser_id,
            Client.id == client_id,
            Client.unit_id.in_(who.unit_ids),
        )
    )
    return found is not None


async def may_read(session: AsyncSession, *, client_id: UUID, now: datetime) -> bool:
    """Tell whether the asker may open this record: their unit's, on their caseload, or urgent.

    Of their own unit's the walls show whom they may know; of another's, a visit shows its own page
    and no record (SETTLED 27).
    """
    ours = await is_ours(session, client_id=client_id)
    return ours or await emergencies.is_open(session, client_id=client_id, now=now)


async def known_client(session: AsyncSession, client_id: UUID) -> tuple[Client, str, str]:
    """Return a client whom the asker may know, with the names of their unit and of their coach."""
    row = (
        await session.execute(
            select(Client, Unit.name, func.coalesce(Coach.name, ""))
            .join(Unit, meets(Client, "unit_id", Unit))
            .outerjoin(Coach, meets(Client, "coach_id", Coach))
            .where(Client.organiser_id == asker(session).organiser_id, Client.id == client_id)
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1], row[2]


async def taken(session: AsyncSession, *, gig_id: UUID) -> None:
    """Find nothing unless somebody, of whatever unit, has this gig."""
    if await session.get(TakenPlace, (asker(session).organiser_id, gig_id)) is None:
        raise NotFound
