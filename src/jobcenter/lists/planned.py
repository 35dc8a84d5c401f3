"""Lets changes hold whose day has come, for lists that have no dated rows."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.lists.catalogue import LISTS
from jobcenter.lists.changing import apply, due
from jobcenter.orders.proposing import ask_round


async def take_effect(session: AsyncSession, *, now: datetime) -> int:
    """Apply every change that waited for today; returns how many there were."""
    waiting = await due(session, now=now)
    rematch = False
    for noted in waiting:
        listing = LISTS[noted.list]
        await apply(session, listing, noted, now)
        rematch = rematch or listing.rematch
    if rematch:
        await ask_round(session, kind="whole", now=now)
    return len(waiting)
