"""The one way in which anything about a client changes: locked, versioned, told to the matcher.

`keep` writes one part as it was told, with its event; what it would do to gigs that are agreed is
shown first, and only a person who has seen it goes on.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.errors import CaseIsClosed, Changed, NotAllowed, NotFound
from jobcenter.intake.strains import GigsWouldBreak, hand_to_people, needed_more, strains
from jobcenter.intake.told import Told
from jobcenter.orders.locking import is_known, locked_client
from jobcenter.orders.planning import needs_of
from jobcenter.orders.proposals import Change
from jobcenter.people.clients import Client
from jobcenter.people.upkeep import note_upkeep

Write = Callable[[AsyncSession, Client, Told, datetime], Awaitable[None]]


ADVISES = "override_ceiling"
BENEFITS = "benefits"


async def may_keep(session: AsyncSession, client: Client, part: str = "") -> None:
    """Let the unit's coordinators and coaches go on, and the client; its adviser, with benefits."""
    who = asker(session)
    if who.client_id == client.id:
        return
    if part == BENEFITS and who.may_in(client.unit_id, ADVISES):
        return
    if who.client_id is not None or not await is_known(session, client):
        raise NotFound
    if not who.may_in(client.unit_id, "assign", "coach"):
        raise NotAllowed


async def keep(
    session: AsyncSession,
    *,
    client_id: UUID,
    version: int,
    part: str,
    write: Write,
    told: Told,
    now: datetime,
    seen_gigs: bool = False,
) -> int:
    """Write one part of what is kept about a client and return the new version.

    Raises `Changed` when somebody was faster, and `GigsWouldBreak` unless `seen_gigs`.
    """
    client = await locked_client(session, client_id)
    await may_keep(session, client, part)
    if client.closed_on:
        raise CaseIsClosed
    if client.version != version:
        raise Changed
    before = await strains(session, client, now=now)
    needs = dict(await needs_of(session, client.id))
    await write(session, client, told, now)
    client.version += 1
    await session.flush()
    broken = await strains(session, client, now=now) - before
    broken |= await needed_more(session, client, needs, now=now)
    if broken and not seen_gigs:
        raise GigsWouldBreak(broken)
    await hand_to_people(session, client, broken, now=now)
    note_upkeep(session, "client", client.id, part, now=now, version=client.version)
    session.add(
        Change(organiser_id=client.organiser_id, kind="client_changed", client_id=client.id, at=now)
    )
    await session.flush()
    return client.version
