"""How a client's consents and their PIN stand, for themself and for staff of their unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import load_only

from jobcenter.database import asker
from jobcenter.errors import NotFound
from jobcenter.people import closing
from jobcenter.people.clients import Client
from jobcenter.people.closing import Contact
from jobcenter.people.consents import Agreed, consents_of
from jobcenter.people.own import ClientPin


@dataclass(frozen=True, slots=True)
class StaffPage:
    """What staff see of it: whether there is a PIN, never which."""

    client_id: UUID
    contact: Contact
    pin_set_at: datetime | None
    rests_until: datetime | None
    consents: Sequence[Agreed]


async def agreed(session: AsyncSession, *, client_id: UUID) -> Sequence[Agreed]:
    """Return how each purpose stands."""
    row = await session.execute(
        select(Client.in_pool, Client.paused).where(
            Client.organiser_id == asker(session).organiser_id, Client.id == client_id
        )
    )
    in_pool, paused = row.one_or_none() or (False, False)
    return await consents_of(session, client_id=client_id, in_pool=in_pool, paused=paused)


async def staff_page(session: AsyncSession, *, client_id: UUID) -> StaffPage:
    """Read the page for staff; look first."""
    contact = (await closing.contacts(session, [client_id])).get(client_id)
    if contact is None:
        raise NotFound
    pin = await session.scalar(
        select(ClientPin)
        .options(load_only(ClientPin.set_at, ClientPin.rests_until, raiseload=True))
        .where(ClientPin.organiser_id == asker(session).organiser_id)
        .where(ClientPin.client_id == client_id)
    )
    return StaffPage(
        client_id=client_id,
        contact=contact,
        pin_set_at=pin.set_at if pin else None,
        rests_until=pin.rests_until if pin else None,
        consents=await agreed(session, client_id=client_id),
    )
