"""One day of the units in which somebody plans: who works where and when, and which coach comes.

Names and numbers are read only for clients whose look is already logged (`seen`).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker, meets
from jobcenter.orders.gigs import LIVE, Gig, GigStatus
from jobcenter.orders.model import Order
from jobcenter.orders.queries.cards import task_name
from jobcenter.orders.queries.lists import full_name
from jobcenter.orders.queries.sheets import SupportVisit, visits_of
from jobcenter.people import closing
from jobcenter.people.clients import Client
from jobcenter.people.parties import Site, TaskType
from jobcenter.times import day_bounds

# Also what is done by noon stays on the sheet of the day.
ON_THE_SHEET = (*LIVE, GigStatus.DONE, GigStatus.APPROVED, GigStatus.INVOICED)


@dataclass(frozen=True, slots=True)
class DayLine:
    """One gig of the day."""

    gig: Gig
    order: Order
    task: str
    site: Site
    name: str
    phone: str
    visits: tuple[SupportVisit, ...]


async def people(session: AsyncSession, *, day: date) -> frozenset[UUID]:
    """Return whom the sheet will name, so that the looks can be logged first."""
    found = await session.scalars(
        select(Gig.client_id)
        .join(Client, meets(Gig, "client_id", Client))
        .where(*_of(session, day))
    )
    return frozenset(found)


async def lines(session: AsyncSession, *, day: date, seen: Collection[UUID]) -> Sequence[DayLine]:
    """Return the gigs of the day in order of time."""
    rows = await session.execute(
        select(Gig, Order, task_name(asker(session).language), Site)
        .join(Client, meets(Gig, "client_id", Client))
        .join(Order, meets(Gig, "order_id", Order))
        .join(TaskType, meets(Order, "task_type_id", TaskType))
        .join(Site, meets(Order, "site_id", Site))
        .where(*_of(session, day), Gig.client_id.in_(seen))
        .order_by(func.lower(Gig.during), Gig.id)
    )
    found = rows.all()
    contacts = await closing.contacts(session, seen)
    visits = await visits_of(session, gigs={gig.id for gig, *_ in found})
    return [
        DayLine(
            gig, order, task, site, full_name(contacts.get(gig.client_id)),
            contacts[gig.client_id].phone if gig.client_id in contacts else "",
            visits.get(gig.id, ()),
        )
        for gig, order, task, site in found
    ]  # fmt: skip


def _of(session: AsyncSession, day: date) -> tuple[ColumnElement[bool], ...]:
    who = asker(session)
    return (
        Gig.organiser_id == who.organiser_id,
        Client.unit_id.in_(who.units_with("assign")),
        Gig.status.in_([status.value for status in ON_THE_SHEET]),
        Gig.during.op("&&")(Range(*day_bounds(day))),
    )
