"""Gigs that lean on a unit's closed day: when the day is taken back, people go through each."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import meets
from jobcenter.intake.strains import hand_to_people, strains
from jobcenter.orders.gigs import LIVE, Flag, Gig
from jobcenter.people.clients import Client
from jobcenter.people.parties import Unit


async def hand_over(
    session: AsyncSession, unit: Unit, during: Range[datetime], *, now: datetime
) -> None:
    """Flag each gig of the time that is now against the law, once, with a to-do for the unit."""
    for client in await _with_gigs(session, unit, during):
        broken = [one for one in await strains(session, client, now=now) if one.by_law]
        known = await _flagged(session, client)
        fresh = [one for one in broken if one.gig_id not in known]
        await hand_to_people(session, client, fresh, now=now)


async def _with_gigs(session: AsyncSession, unit: Unit, during: Range[datetime]) -> list[Client]:
    """Return who of the unit has a gig in this time."""
    gigs = (
        select(Gig.client_id)
        .where(
            Gig.organiser_id == unit.organiser_id, Gig.status.in_(status.value for status in LIVE)
        )
        .where(Gig.during.op("&&")(during))
    )
    found = await session.scalars(
        select(Client)
        .where(Client.organiser_id == unit.organiser_id, Client.unit_id == unit.id)
        .where(Client.id.in_(gigs))
        .order_by(Client.id)
    )
    return list(found)


async def _flagged(session: AsyncSession, client: Client) -> set[UUID]:
    """Return the client's gigs that people have been told to go through already."""
    found = await session.scalars(
        select(Flag.gig_id)
        .join(Gig, meets(Flag, "gig_id", Gig))
        .where(Gig.organiser_id == client.organiser_id, Gig.client_id == client.id)
        .where(Flag.kind == "over_limit", Flag.closed_at.is_(None))
    )
    return set(found)
