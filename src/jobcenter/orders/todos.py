"""A client's "call me", and staff marking a to-do done."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.errors import NotAllowed, NotFound
from jobcenter.notices import Todo, todo
from jobcenter.orders.clocks import times
from jobcenter.orders.gigs import Gig
from jobcenter.orders.locking import is_known
from jobcenter.people.clients import Client
from jobcenter.times import after_workdays, local

CALL_WITHIN = timedelta(hours=2)


async def call_me(session: AsyncSession, *, gig_id: UUID, now: datetime) -> None:
    """Ask the unit to call the asking client about a gig of theirs; once a gig is enough."""
    who = asker(session)
    gig = await session.scalar(
        select(Gig).where(
            Gig.organiser_id == who.organiser_id,
            Gig.id == gig_id,
            Gig.client_id == who.client_id,
        )
    )
    if gig is None:
        raise NotFound
    await see_to_gig(session, gig, kind="call_me", due_at=now + CALL_WITHIN, now=now)


async def see_to_gig(
    session: AsyncSession,
    gig: Gig,
    *,
    kind: str,
    due_at: datetime,
    now: datetime,
    unit_id: UUID | None = None,
    coach_id: UUID | None = None,
) -> None:
    """Ask the client's unit to see to something about a gig; once a kind is enough."""
    await todo(
        session,
        kind=kind,
        due_at=due_at,
        now=now,
        mark=str(gig.id),
        unit_id=unit_id,
        client_id=gig.client_id,
        coach_id=coach_id,
        order_id=gig.order_id,
        gig_id=gig.id,
    )


async def called(session: AsyncSession, *, gig_id: UUID) -> bool:
    """Tell whether the client has asked for a call about this gig that nobody has made yet."""
    found = await session.scalar(
        select(Todo.id).where(
            Todo.organiser_id == asker(session).organiser_id,
            Todo.kind == "call_me",
            Todo.gig_id == gig_id,
            Todo.done_at.is_(None),
        )
    )
    return found is not None


async def settle(session: AsyncSession, *, todo_id: UUID, now: datetime) -> None:
    """Mark a to-do of the asker's unit, or one for every unit, done; twice is the same."""
    who = asker(session)
    row = await session.get(Todo, (who.organiser_id, todo_id), with_for_update=True)
    if row is None:
        raise NotFound
    if row.unit_id is not None:
        who.require(row.unit_id, "assign", "coach")
    elif not who.may("assign") and not who.may("coach"):
        raise NotAllowed
    if row.client_id is not None and row.unit_id is not None:
        client = await session.get_one(Client, (who.organiser_id, row.client_id))
        if not await is_known(session, client):
            raise NotFound
    await session.execute(
        update(Todo)
        .where(Todo.organiser_id == who.organiser_id, Todo.id == todo_id, Todo.done_at.is_(None))
        .values(done_at=now, done_by=who.actor_id)
    )


async def silent_workdays(session: AsyncSession, *, now: datetime) -> int:
    """Return how many whole working days an orderer may be silent about hours."""
    return (await times(session, "clock_days", now=now))["hours"]


def lead_decides_on(gig: Gig, workdays: int) -> date:
    """Return from which day on the unit's lead decides instead of a silent orderer."""
    return after_workdays(local(gig.end).date(), workdays + 1)
