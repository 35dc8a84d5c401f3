"""Lets changes hold whose day has come, for lists that have no dated rows.

What was right when it was planned may be wrong on its day: each is looked at again, by itself. One
that is refused waits, stops no other, and the administrators hear of it.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import Database, Who
from jobcenter.errors import JobcenterError, Unreachable
from jobcenter.lists import guards
from jobcenter.lists.catalogue import LISTS
from jobcenter.lists.changing import apply
from jobcenter.lists.reading import waits
from jobcenter.notices import tell
from jobcenter.orders.proposing import ask_round
from jobcenter.people.listed import ListChange
from jobcenter.people.rights import ORGANISE, holders
from jobcenter.times import local


async def take_effect(database: Database, who: Who, *, now: datetime) -> int:
    """Apply every change that waited for today, each by itself; returns how many there were."""
    done, stuck = 0, set[tuple[str, str]]()
    for change_id, of_list, entry in await database.read(who, due, now=now):
        # What was planned later for an entry never overtakes what waits.
        if (of_list, entry) in stuck:
            continue
        try:
            done += await database.act(who, take, change_id=change_id, now=now)
        except Unreachable:
            raise
        except (JobcenterError, SQLAlchemyError):
            stuck.add((of_list, entry))
    if stuck:
        await database.act(who, tell_administrators, now=now)
    return done


async def due(session: AsyncSession, *, now: datetime) -> list[tuple[UUID, str, str]]:
    """Return the changes whose day has come with list and entry, the oldest first."""
    rows = await session.execute(
        select(ListChange.id, ListChange.list, ListChange.entry)
        .where(*waits(session, now))
        .order_by(ListChange.holds_from, ListChange.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


async def take(session: AsyncSession, *, change_id: UUID, now: datetime) -> bool:
    """Let one change hold, unless other rows forbid it by now; False when it no longer waits."""
    noted = await session.scalar(
        select(ListChange)
        .where(*waits(session, now), ListChange.id == change_id)
        .with_for_update(skip_locked=True)
    )
    if noted is None:
        return False
    listing = LISTS[noted.list]
    if noted.kind == "ended":
        await guards.end(session, listing, noted.key, now)
    else:
        await guards.begin(
            session, listing, noted.key, noted.after or {}, on=noted.holds_from, actor=noted.actor
        )
    await apply(session, listing, noted, now)
    await session.flush()
    if listing.rematch:
        await ask_round(session, kind="whole", now=now)
    return True


async def tell_administrators(session: AsyncSession, *, now: datetime) -> None:
    """Mail each of them, once a day, that a change could not take effect."""
    today = local(now).date().toordinal()
    for user_id in await holders(session, ORGANISE):
        await tell(session, kind="list_waits", way="mail", now=now, user_id=user_id, version=today)
