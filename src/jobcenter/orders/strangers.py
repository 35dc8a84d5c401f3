"""Another unit's gig, of which staff see only that its place is taken: refused, or an emergency."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.access import note_looks
from jobcenter.audit import emergencies
from jobcenter.database import asker
from jobcenter.errors import NotFound
from jobcenter.orders.gigs import Gig


async def note_refusal(session: AsyncSession, *, gig_id: UUID, purpose: str, now: datetime) -> None:
    """Log that a gig was refused, under whose it is: the asker's own login cannot see that.

    An id that nobody has is logged alike, so that what is asked of the database tells nothing.
    """
    client_id = await _whose(session, gig_id)
    await note_looks(session, [client_id], what="refused", purpose=purpose, now=now)


async def open_in_emergency(
    session: AsyncSession, *, gig_id: UUID, reason: str, now: datetime
) -> UUID:
    """Open the record of whoever has this gig for a few hours, and return who it is."""
    client_id = await _whose(session, gig_id)
    if client_id is None:
        raise NotFound
    await emergencies.open_record(session, client_id=client_id, reason=reason, now=now)
    return client_id


async def _whose(session: AsyncSession, gig_id: UUID) -> UUID | None:
    return await session.scalar(
        select(Gig.client_id).where(
            Gig.organiser_id == asker(session).organiser_id, Gig.id == gig_id
        )
    )
