"""What is checked once more when a person assigns: the world may have moved since the proposal.

The same promises as the matcher's hard rules, for one client and one order, as far as no
constraint of the database already keeps them.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import meets
from jobcenter.errors import ClientIsTaken, RuleBroken
from jobcenter.orders import counting
from jobcenter.orders.gigs import LIVE, Gig
from jobcenter.orders.model import Channel, Order
from jobcenter.orders.planning import familiarity, needs_of
from jobcenter.orders.weekly import Span, covers, ends_of, joined, without, written_out
from jobcenter.people import closed_days
from jobcenter.people.clients import (
    Client,
    ClientActivity,
    ClientException,
    ClientHours,
    ClientPractised,
    ClientQualification,
    ClientWish,
)
from jobcenter.people.parties import Site
from jobcenter.support import ACTIONS, DEMANDS
from jobcenter.times import local
from jobcenter.travel import OPEN_BUFFER_MINUTES, metres, trip_minutes

NEIGHBOURHOOD = timedelta(hours=6)


async def check(session: AsyncSession, order: Order, client: Client, *, start: datetime) -> None:
    """Raise the first promise that assigning this client to this order would break."""
    if not client.in_pool:
        raise RuleBroken("This person is not in the pool at the moment.")
    if client.paused:
        raise RuleBroken("This person has a break from gigs for now.")
    await check_client(session, order, client, start=start)
    await _check_news(session, order, client)
    await _check_way_between(session, order, client, start)


async def check_client(
    session: AsyncSession, order: Order, client: Client, *, start: datetime
) -> None:
    """Raise the first of the client's own terms that this order does not keep."""
    limits = await _limits(session, client)
    if any(asked > limit for asked, limit in zip(order.demands, limits, strict=True)):
        raise RuleBroken("The task asks for more than this person's limits.")
    if order.outdoors and not client.outdoors:
        raise RuleBroken("The task is outdoors, and this person works indoors.")
    if client.step_free and not order.step_free:
        raise RuleBroken("The place has steps, and this person needs a way without.")
    if order.language and order.language not in client.spoken:
        raise RuleBroken("The task needs a language that this person does not speak.")
    _, lat, lon = await _site(session, order)
    if trip_minutes(metres(client.lat, client.lon), metres(lat, lon)) > client.travel_minutes:
        raise RuleBroken("The trip is longer than this person's limit.")
    await _check_wishes(session, order, client)
    await _check_qualifications(session, order, client, start)
    await _check_available(session, client, start, start + timedelta(minutes=order.minutes))


async def _limits(session: AsyncSession, client: Client) -> list[int]:
    """Return the client's limits, lowered where a need allows only lighter tasks."""
    limits = dict(zip(DEMANDS, client.limits, strict=True))
    for need in (await needs_of(session, client.id)).items():
        lowered = ACTIONS[need].limit
        if lowered:
            limits[lowered[0]] = min(limits[lowered[0]], lowered[1])
    return list(limits.values())


async def _check_news(session: AsyncSession, order: Order, client: Client) -> None:
    """Whoever takes one new thing at a time knows the place or the task before the gig."""
    if not client.one_new:
        return
    at_site, knows_task = await familiarity(session, order, client.id)
    practised = await session.get(
        ClientPractised, (client.organiser_id, client.id, order.task_type_id)
    )
    if not at_site and not knows_task and practised is None:
        raise RuleBroken("Task and place are both new; this person takes one new thing at a time.")


async def _check_wishes(session: AsyncSession, order: Order, client: Client) -> None:
    subjects = {order.task_type_id, order.site_id, order.party_id}
    veto = await session.scalar(
        select(ClientWish.subject).where(
            ClientWish.organiser_id == client.organiser_id,
            ClientWish.client_id == client.id,
            ClientWish.veto,
            ClientWish.subject_id.in_(subjects),
        )
    )
    if veto:
        raise RuleBroken("This person has said no to this task, place or orderer.")


async def _check_qualifications(
    session: AsyncSession, order: Order, client: Client, start: datetime
) -> None:
    day = local(start).date()
    rows = await session.scalars(
        select(ClientQualification.code).where(
            ClientQualification.organiser_id == client.organiser_id,
            ClientQualification.client_id == client.id,
            or_(ClientQualification.valid_to.is_(None), ClientQualification.valid_to >= day),
        )
    )
    held = set(rows)
    if set(order.qualifications) - held:
        raise RuleBroken("A qualification that the task needs is missing or has run out.")
    await counting.check(session, order, client, start=start, held=held)


async def _check_available(
    session: AsyncSession, client: Client, start: datetime, end: datetime
) -> None:
    """The whole gig lies in the client's usual hours and exceptions; `cannot` wins over `can`."""
    hours = await session.scalars(
        select(ClientHours).where(
            ClientHours.organiser_id == client.organiser_id, ClientHours.client_id == client.id
        )
    )
    rows = await session.scalars(
        select(ClientException).where(
            ClientException.organiser_id == client.organiser_id,
            ClientException.client_id == client.id,
            ClientException.during.op("&&")(Range(start, end)),
        )
    )
    exceptions = [(ends_of(row.during), row.available) for row in rows]
    usual = written_out(
        ((row.weekday, row.from_minute, row.to_minute) for row in hours), start, end
    )
    freed = await _freed(session, client, start, end)
    can = joined([*usual, *freed, *(span for span, available in exceptions if available)])
    cannot = [span for span, available in exceptions if not available]
    if not covers(without(can, cannot), start, end):
        raise RuleBroken("This person is not available then.")


async def _freed(
    session: AsyncSession, client: Client, start: datetime, end: datetime
) -> list[Span]:
    """Return the hours of activity in the unit that its closed days leave to the client."""
    closed = (await closed_days.closed(session, start, end)).get(client.unit_id, ())
    if not closed:
        return []
    rows = await session.scalars(
        select(ClientActivity).where(
            ClientActivity.organiser_id == client.organiser_id,
            ClientActivity.client_id == client.id,
            ClientActivity.place_id.is_(None),
        )
    )
    usual = written_out(((row.weekday, row.from_minute, row.to_minute) for row in rows), start, end)
    return without(usual, without(usual, closed))


async def _check_way_between(
    session: AsyncSession,
    order: Order,
    client: Client,
    start: datetime,
) -> None:
    """Between two gigs of one day there is time for the trip, and 30 minutes more when OPEN."""
    here = await _site(session, order)
    end = start + timedelta(minutes=order.minutes)
    nearby = await session.execute(
        select(Gig.during, Site.id, Site.lat, Site.lon)
        .join(Order, meets(Gig, "order_id", Order))
        .join(Site, meets(Order, "site_id", Site))
        .where(
            Gig.organiser_id == client.organiser_id,
            Gig.client_id == client.id,
            Gig.status.in_([status.value for status in LIVE]),
            Gig.during.op("&&")(Range(start - NEIGHBOURHOOD, end + NEIGHBOURHOOD)),
        )
    )
    for during, site_id, lat, lon in nearby:
        between = _minutes_needed(order, here, (site_id, lat, lon))
        if during.overlaps(Range(start - between, end + between)):
            raise ClientIsTaken


async def _site(session: AsyncSession, order: Order) -> tuple[UUID, float, float]:
    row = await session.execute(
        select(Site.id, Site.lat, Site.lon).where(
            Site.organiser_id == order.organiser_id, Site.id == order.site_id
        )
    )
    return row.one()


def _minutes_needed(
    order: Order, here: tuple[UUID, float, float], there: tuple[UUID, float, float]
) -> timedelta:
    if here[0] == there[0]:
        return timedelta(0)
    buffer = OPEN_BUFFER_MINUTES if order.channel == Channel.OPEN.value else 0
    return timedelta(minutes=trip_minutes(metres(*here[1:]), metres(*there[1:])) + buffer)
