"""One client's support plan at one order: what the database knows, handed to `support.plan`."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker, meets
from jobcenter.orders.gigs import Gig, GigStatus
from jobcenter.orders.model import Order
from jobcenter.people.clients import ClientNeed
from jobcenter.people.parties import Site
from jobcenter.support import SupportPlan, plan
from jobcenter.times import local, next_workday

# A gig this soon leaves no earlier day: what belongs to one may happen on the same day.
SHORT_NOTICE = timedelta(hours=36)
WORKED = (GigStatus.DONE.value, GigStatus.APPROVED.value, GigStatus.INVOICED.value)


def is_short_notice(start: datetime, now: datetime) -> bool:
    """Return whether visits "on an earlier day" must be allowed on the same one."""
    return start - now < SHORT_NOTICE


def days_to_workday(end: datetime) -> int:
    """Return how many days after the gig the next working day is."""
    day = local(end).date()
    return (next_workday(day) - day).days


async def plan_of(
    session: AsyncSession, order: Order, client_id: UUID, *, start: datetime, now: datetime
) -> SupportPlan:
    """Return what this client's gig at this order needs, faded by what they know already."""
    at_site, knows_task = await familiarity(session, order, client_id)
    return plan(
        await needs_of(session, client_id),
        gig_minutes=order.minutes,
        gigs_at_site=at_site,
        knows_task=knows_task,
        site_is_new=await _site_is_new(session, order),
        asks_for_shaping=order.asks_for_shaping,
        is_group=order.group_visit,
        short_notice=is_short_notice(start, now),
        days_to_next_workday=days_to_workday(start + timedelta(minutes=order.minutes)),
    )


async def needs_of(session: AsyncSession, client_id: UUID) -> Mapping[str, int]:
    """Return the levels of the client's support needs, by code."""
    rows = await session.execute(
        select(ClientNeed.code, ClientNeed.level).where(
            ClientNeed.organiser_id == asker(session).organiser_id,
            ClientNeed.client_id == client_id,
        )
    )
    return dict(rows.all())


async def familiarity(session: AsyncSession, order: Order, client_id: UUID) -> tuple[int, bool]:
    """Return how many gigs the client has done at this site, and whether the task ever."""
    counts = await session.execute(
        select(
            func.count().filter(Order.site_id == order.site_id),
            func.count().filter(Order.task_type_id == order.task_type_id),
        )
        .select_from(Gig)
        .join(Order, meets(Gig, "order_id", Order))
        .where(
            Gig.organiser_id == order.organiser_id,
            Gig.client_id == client_id,
            Gig.status.in_(WORKED),
        )
    )
    at_site, same_task = counts.one()
    return at_site, same_task > 0


async def _site_is_new(session: AsyncSession, order: Order) -> bool:
    """A site is new until a coach has confirmed it or somebody has worked there."""
    worked_there = exists().where(
        Gig.organiser_id == order.organiser_id,
        Gig.status.in_(WORKED),
        Order.organiser_id == Gig.organiser_id,
        Order.id == Gig.order_id,
        Order.site_id == order.site_id,
    )
    known = await session.scalar(
        select(Site.confirmed_on.is_not(None) | worked_there).where(
            Site.organiser_id == order.organiser_id, Site.id == order.site_id
        )
    )
    return not known
