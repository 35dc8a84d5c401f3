"""A place turns out to have steps, or none: its open orders say so, and staff call whom it hits.

Gigs that were agreed on stay agreed: whether a worker comes all the same is their own word.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import Base, asker, meets
from jobcenter.notices import todo
from jobcenter.orders.gigs import LIVE, Gig
from jobcenter.orders.model import Order, OrderEvent, OrderStatus
from jobcenter.orders.proposals import Change
from jobcenter.people.clients import Client
from jobcenter.people.parties import Site

CALL_WITHIN = timedelta(hours=2)
COMING = (OrderStatus.DRAFT.value, OrderStatus.IN_REVIEW.value, OrderStatus.OPEN.value)


async def changed(session: AsyncSession, site: Site, *, version: int, now: datetime) -> None:
    """Bring the orders at a site up to what is said of its steps now."""
    rows = await session.scalars(
        update(Order)
        .where(Order.organiser_id == site.organiser_id, Order.site_id == site.id)
        .where(Order.status.in_(COMING), Order.last_end > now)
        .where(Order.step_free != site.step_free)
        .values(step_free=site.step_free)
        .returning(Order.id)
        .execution_options(synchronize_session=False)
    )
    orders = rows.all()
    for order_id in orders:
        session.add_all(_facts(session, site, order_id, now))
    await session.flush()
    if not site.step_free:
        await _call_them(session, orders, version, now)


def _facts(session: AsyncSession, site: Site, order_id: UUID, now: datetime) -> Sequence[Base]:
    event = OrderEvent(
        organiser_id=site.organiser_id,
        order_id=order_id,
        kind="order.changed",
        actor=asker(session).actor_id,
        at=now,
        details={"step_free": site.step_free},
    )
    change = Change(organiser_id=site.organiser_id, kind="order_changed", order_id=order_id, at=now)
    return event, change


async def _call_them(
    session: AsyncSession, orders: Sequence[UUID], version: int, now: datetime
) -> None:
    """Have somebody call each who comes to one of these orders and needs a way without steps."""
    found = await session.execute(
        select(Gig.id, Gig.client_id, Gig.order_id, func.lower(Gig.during).label("start"))
        .join(Client, meets(Gig, "client_id", Client))
        .where(Gig.organiser_id == asker(session).organiser_id, Gig.order_id.in_(orders))
        .where(Gig.status.in_([status.value for status in LIVE]), Client.step_free)
        .order_by(Gig.id)
    )
    for gig in found:
        await todo(
            session,
            kind="place_has_steps",
            due_at=max(now, min(now + CALL_WITHIN, gig.start)),
            now=now,
            mark=f"{gig.id}:{version}",
            client_id=gig.client_id,
            order_id=gig.order_id,
            gig_id=gig.id,
        )
