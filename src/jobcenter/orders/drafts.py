"""Order forms in the making: kept for whoever began them until they run out or are sent."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.orders.model import Draft

READY = "ready"


async def save(
    session: AsyncSession,
    *,
    draft_id: UUID,
    owner: str,
    fields: Mapping[str, object],
    now: datetime,
) -> None:
    """Keep a form as it is; a draft of somebody else's is never touched."""
    values = {"fields": dict(fields), "saved_at": now}
    await session.execute(
        insert(Draft)
        .values(organiser_id=asker(session).organiser_id, id=draft_id, owner=owner, **values)
        .on_conflict_do_update(
            index_elements=[Draft.organiser_id, Draft.id], set_=values, where=Draft.owner == owner
        )
    )


async def newest(session: AsyncSession, *, owner: str) -> Draft | None:
    """Return the form that this owner was last filling in."""
    return await session.scalar(
        select(Draft)
        .where(
            Draft.organiser_id == asker(session).organiser_id,
            Draft.owner == owner,
        )
        .order_by(Draft.saved_at.desc())
        .limit(1)
    )


async def waits_to_be_sent(session: AsyncSession, *, owner: str, since: datetime) -> bool:
    """Tell whether this owner has lately been mailed a link to send an order by."""
    draft = await newest(session, owner=owner)
    return draft is not None and READY in draft.fields and draft.saved_at >= since


async def drop(session: AsyncSession, *, draft_id: UUID, owner: str) -> None:
    """Throw a draft away."""
    await session.execute(
        delete(Draft).where(
            Draft.organiser_id == asker(session).organiser_id,
            Draft.id == draft_id,
            Draft.owner == owner,
        )
    )
