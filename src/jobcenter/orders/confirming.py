"""A visitor's order waits for the owner of the address they gave: a link brings them back to it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from jobcenter.notices import tell
from jobcenter.orders import drafts
from jobcenter.people import newcomers, sessions


async def ask_to_confirm(
    session: AsyncSession,
    *,
    newcomer: newcomers.Newcomer,
    fields: Mapping[str, object],
    mint: Callable[[UUID, datetime], bytes],
    now: datetime,
) -> None:
    """Keep a visitor's form for the owner of that address, and mail them a link to send it."""
    user_id = await newcomers.welcome(session, newcomer=newcomer)
    offered = await sessions.offer(session, email=newcomer.email, mint=mint, now=now)
    if offered is None:
        return
    ready = {**fields, drafts.READY: "1"}
    await drafts.save(session, draft_id=uuid7(), owner=f"user:{user_id}", fields=ready, now=now)
    version = int(offered.expires_at.timestamp())
    await tell(session, kind="signin", user_id=user_id, way="mail", version=version, now=now)
