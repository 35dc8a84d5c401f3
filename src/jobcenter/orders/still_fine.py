"""The day before: "is it still fine?". A yes is noted, a no is a withdrawal, silence is a call.

Nothing is ever cancelled because somebody did not answer.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.access import NEED_TO_KNOW
from jobcenter.database import asker
from jobcenter.errors import NotAllowed, NotFound, WrongMoment
from jobcenter.notices import Notice, Todo, quiet_hours, settle_todo, tell
from jobcenter.orders.clocks import times
from jobcenter.orders.gigs import BY_CLIENT, Gig, GigStatus, Via
from jobcenter.orders.locking import locked_gig, may_know
from jobcenter.orders.timely import coach_there
from jobcenter.orders.todos import see_to_gig
from jobcenter.times import DAY, HELSINKI, day_bounds, local, next_allowed

# Whoever said yes this lately need not say it again.
FRESH_YES = timedelta(hours=6)
# Everybody has at least this long before somebody calls.
AT_LEAST = timedelta(hours=1)
MOST = 500
KIND, CALL = "still_fine", "call_still_fine"
# A message in one of these states has gone out, as far as anybody knows.
REACHED = ("sent", "unknown")


async def ask_ahead(session: AsyncSession, *, now: datetime) -> int:
    """Ask those who have a gig tomorrow, once, in the afternoon; others have just said yes.

    When the message could only go out after the time to call, a person calls instead.
    """
    own = await times(session, "day_before", now=now)
    if _minute(now) < own["ask"]:
        return 0
    begins, ends = day_bounds(local(now).date() + DAY)
    start = func.lower(Gig.during)
    gigs = await session.scalars(
        select(Gig)
        .where(_waits(session), ~_called(), start >= begins, start < ends)
        .where(Gig.still_fine_asked_at.is_(None), Gig.answered_at <= now - FRESH_YES)
        .order_by(Gig.id)
        .limit(MOST)
        .with_for_update(skip_locked=True)
    )
    tomorrows = gigs.all()
    goes_at = next_allowed(now, await quiet_hours(session, now=now))
    calls_at = datetime.combine(local(now), time(*divmod(own["call"], 60)), HELSINKI)
    if goes_at > max(now, calls_at):
        await _have_called(session, tomorrows, now)
        return 0
    for gig in tomorrows:
        gig.still_fine_asked_at = now
        await tell(
            session, kind=KIND, now=now,
            client_id=gig.client_id, order_id=gig.order_id, gig_id=gig.id,
        )  # fmt: skip
    return len(tomorrows)


async def call_the_silent(session: AsyncSession, *, now: datetime) -> int:
    """Have whoever was asked and has said nothing called; the gig stays as it is.

    Nobody is silent whom the question has not reached, or only just.
    """
    evening = _minute(now) >= (await times(session, "day_before", now=now))["call"]
    asked_by = now if evening else day_bounds(local(now).date())[0]
    on_its_way = or_(
        Notice.state.in_(("pending", "sending")),
        and_(
            Notice.state.in_(REACHED),
            func.coalesce(Notice.sent_at, Notice.due_at) > now - AT_LEAST,
        ),
    )
    gigs = await session.scalars(
        select(Gig)
        .where(_waits(session), Gig.still_fine_asked_at <= asked_by)
        .where(func.lower(Gig.during) > now, ~_called(), ~asked(on_its_way))
        .order_by(Gig.id)
        .limit(MOST)
    )
    silent = gigs.all()
    await _have_called(session, silent, now)
    return len(silent)


def _minute(now: datetime) -> int:
    """Return what the wall's clock shows, in minutes."""
    wall = local(now)
    return wall.hour * 60 + wall.minute


async def _have_called(session: AsyncSession, gigs: Sequence[Gig], now: datetime) -> None:
    for gig in gigs:
        coach_id = await coach_there(session, gig.id)
        await see_to_gig(session, gig, kind=CALL, due_at=now, now=now, coach_id=coach_id)


def asked(state: ColumnElement[bool]) -> ColumnElement[bool]:
    """Tell the gigs about which a question in this state was written."""
    return exists().where(
        Notice.organiser_id == Gig.organiser_id,
        Notice.gig_id == Gig.id,
        Notice.kind == KIND,
        state,
    )


def _called() -> ColumnElement[bool]:
    return exists().where(
        Todo.organiser_id == Gig.organiser_id, Todo.gig_id == Gig.id, Todo.kind == CALL
    )


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
    elif not await may_know(session, client):
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
