"""What is written down when somebody asks for what is another unit's."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.access import Look
from jobcenter.database import asker
from jobcenter.orders.gigs import Gig


async def note_refusal(
    session: AsyncSession, *, gig_id: UUID, purpose: str, now: datetime
) -> None:
    """Log that a gig was refused, under whose it is: the asker's own login cannot see that."""
    who = asker(session)
    client_id = await session.scalar(
        select(Gig.client_id).where(Gig.organiser_id == who.organiser_id, Gig.id == gig_id)
    )
    if client_id is not None:
        session.add(
            Look(
                organiser_id=who.organiser_id,
                at=now,
                actor=who.actor_id,
                role=who.role,
                client_id=client_id,
                what="refused",
                purpose=purpose,
                request_id=who.request_id,
            )
        )
