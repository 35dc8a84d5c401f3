"""The day before: "is it still fine?". A yes is noted, a no is a withdrawal, silence is a call.

Nothing is ever cancelled because somebody did not answer.
"""

from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.access import NEED_TO_KNOW
from jobcenter.database import asker
from jobcenter.errors import NotAllowed, NotFound, WrongMoment
from jobcenter.notices import Todo, settle_todo, tell
from jobcenter.orders.gigs import BY_CLIENT, Gig, GigStatus, Via
from jobcenter.orders.locking import is_known, locked_gig
from jobcenter.orders.timely import coach_there
from jobcenter.orders.todos import see_to_gig
from jobcenter.times import DAY, day_bounds, local

ASK_AT = time(16)
CALL_AT = time(18)
# Whoever said yes this lately need not say it again.
FRESH_YES = timedelta(hours=6)
# Everybody has at least this long before somebody calls.
AT_LEAST = timedelta(hours=1)
MOST = 500
CALL = "call_still_fine"


async def ask_ahead(session: AsyncSession, *, now: datetime) -> int:
    """Ask those who have a gig tomorrow, once, in the afternoon; others have just said yes."""
    if local(now).time() < ASK_AT:
        return 0
    begins, ends = day_bounds(local(now).date() + DAY)
    start = func.lower(Gig.during)
    gigs = await session.scalars(
        select(Gig)
        .where(_waits(session), start >= begins, start < ends)
        .where(Gig.still_fine_asked_at.is_(None), Gig.answered_at <= now - FRESH_YES)
        .order_by(Gig.id)
        .limit(MOST)
        .with_for_update(skip_locked=True)
    )
    asked = gigs.all()
    for gig in asked:
        gig.still_fine_asked_at = now
        await tell(
            session, kind="still_fine", now=now,
            client_id=gig.client_id, order_id=gig.order_id, gig_id=gig.id,
        )  # fmt: skip
    return len(asked)


async def call_the_silent(session: AsyncSession, *, now: datetime) -> int:
    """Have whoever was asked and has said nothing called; the gig stays as it is."""
    evening = local(now).time() >= CALL_AT
    asked_by = now - AT_LEAST if evening else day_bounds(local(now).date())[0]
    called = exists().where(
        Todo.organiser_id == Gig.organiser_id, Todo.gig_id == Gig.id, Todo.kind == CALL
    )
    gigs = await session.scalars(
        select(Gig)
        .where(_waits(session), Gig.still_fine_asked_at <= asked_by)
        .where(func.lower(Gig.during) > now, ~called)
        .order_by(Gig.id)
        .limit(MOST)
    )
    silent = gigs.all()
    for gig in silent:
        coach_id = await coach_there(session, gig.id)
        await see_to_gig(session, gig, kind=CALL, due_at=now, now=now, coach_id=coach_id)
    return len(silent)


def _waits(session: AsyncSession) -> ColumnElement[bool]:
    """Tell the gigs that are agreed, and of which nobody has said since that they still are."""
    return and_(
        Gig.organiser_id == asker(session).organiser_id,
        Gig.status == GigStatus.CONFIRMED.value,
        Gig.still_fine_at.is_(None),
    )


async def confirm(session: AsyncSession, *, gig_id: UUID, via: Via, now: datetime) -> Gig:
    """Note that it is still fine: by the client themself, or told to staff of their unit."""
    gig, _, client = await locked_gig(session, gig_id)
    who = asker(session)
    if via in BY_CLIENT:
        if who.client_id != gig.client_id:
            raise NotFound
    elif not any(map(who.may, NEED_TO_KNOW)) or who.actor_id is None:
        raise NotAllowed
    elif not await is_known(session, client):
        raise NotFound
    if gig.still_fine_at is not None:
        return gig
    if gig.status != GigStatus.CONFIRMED.value or gig.start <= now:
        raise WrongMoment
    gig.still_fine_at, gig.still_fine_via = now, via.value
    gig.still_fine_by = None if via in BY_CLIENT else who.actor_id
    gig.version += 1
    await settle_todo(session, kind=CALL, mark=str(gig.id), now=now)
    return gig
