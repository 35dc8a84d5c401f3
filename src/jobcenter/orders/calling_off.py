"""A gig that its unit cannot hold is called off: the worker is paid, the orderer is not invoiced.

An hour before the start the clock does it, so that nobody stands at a door without their coach.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.errors import Conflict
from jobcenter.figures import amount_on
from jobcenter.notices import tell
from jobcenter.orders.answering import release
from jobcenter.orders.gigs import Flag, Gig, GigStatus, GigSupport
from jobcenter.orders.locking import locked_gig
from jobcenter.orders.missing import close, may_see_to_it, tell_client
from jobcenter.orders.pay import share_cents
from jobcenter.orders.settling import compensate
from jobcenter.orders.terms import figures
from jobcenter.times import local

LOST = "support_missing"
# Without its coach a gig is called off this long before it starts.
CALLED_OFF_BEFORE = timedelta(minutes=60)
UNIT_CANCELS = "unit_cancels"
BY_UNIT = "unit_caused"


async def call_off(session: AsyncSession, *, gig_id: UUID, now: datetime) -> Gig:
    """End a gig that its unit cannot hold: the worker is paid by the unit's rule, nobody invoiced.

    The orderer hears that the coach is prevented, never why.
    """
    gig, order, client = await locked_gig(session, gig_id)
    who = asker(session)
    by_clock = who.is_machine
    if not by_clock:
        await may_see_to_it(session, client)
    if gig.status == GigStatus.CANCELLED.value:
        return gig
    if gig.status not in {GigStatus.ASSIGNED.value, GigStatus.CONFIRMED.value}:
        raise Conflict
    agreed = gig.status == GigStatus.CONFIRMED.value
    via = "clock" if by_clock else who.role
    session.add(gig.become(GigStatus.CANCELLED, by=who.actor_id, via=via, now=now, reason=BY_UNIT))
    gig.end_reason = BY_UNIT
    await release(session, gig, order, kind="cancelled", now=now)
    if agreed:
        cents = await _owed(session, gig, now)
        await compensate(session, gig, order, cents=cents, invoiced=False, now=now)
    for flag in await _open_flags(session, gig):
        await close(session, flag, outcome="called_off", now=now)
    await tell_client(session, gig, "cancelled", now)
    if agreed and order.placed_by:
        await tell(
            session, kind="unit_cannot", way="mail", now=now, user_id=order.placed_by,
            order_id=order.id, gig_id=gig.id,
        )  # fmt: skip
    return gig


async def _owed(session: AsyncSession, gig: Gig, now: datetime) -> int:
    share = amount_on(await figures(session, UNIT_CANCELS), UNIT_CANCELS, local(now).date())
    return share_cents(gig.pay_cents, share)


async def unsupported(session: AsyncSession, *, now: datetime) -> list[UUID]:
    """Return the gigs that begin within the hour and whose coach on the spot is still missing.

    A lost look at the place, or lost help in shaping the task, ends no gig: nobody is left alone.
    """
    organiser_id = asker(session).organiser_id
    lost = exists().where(
        Flag.organiser_id == Gig.organiser_id,
        Flag.gig_id == Gig.id,
        Flag.kind == LOST,
        Flag.closed_at.is_(None),
        GigSupport.organiser_id == Flag.organiser_id,
        GigSupport.gig_id == Flag.gig_id,
        GigSupport.piece == Flag.piece,
        GigSupport.presence == "present",
        GigSupport.anchor == "start",
        GigSupport.meets_somebody(),
    )
    found = await session.scalars(
        select(Gig.id)
        .where(Gig.organiser_id == organiser_id, lost)
        .where(Gig.status.in_((GigStatus.ASSIGNED.value, GigStatus.CONFIRMED.value)))
        .where(Gig.during.op("&&")(Range(now, now + CALLED_OFF_BEFORE, bounds="[]")))
        .order_by(Gig.client_id)
    )
    return list(found)


async def _open_flags(session: AsyncSession, gig: Gig) -> list[Flag]:
    rows = await session.scalars(
        select(Flag).where(
            Flag.organiser_id == gig.organiser_id,
            Flag.gig_id == gig.id,
            Flag.closed_at.is_(None),
        )
    )
    return list(rows)
