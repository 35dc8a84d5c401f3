"""Rows locked in the one order that cannot deadlock: client, order, gig, coaches, month."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.access import NEED_TO_KNOW, is_held_to_caseload, is_on_caseload
from jobcenter.database import asker
from jobcenter.errors import CaseIsClosed, NotAllowed, NotFound
from jobcenter.orders.gigs import Gig
from jobcenter.orders.model import Order
from jobcenter.people.clients import Client

# NO KEY UPDATE: rows that merely point here are not held up.
NO_KEY = {"key_share": True}


async def locked_client(session: AsyncSession, client_id: UUID) -> Client:
    """Return a client, locked until the end of the transaction; whoever is erased is not there."""
    client = await session.get(
        Client,
        (asker(session).organiser_id, client_id),
        with_for_update=NO_KEY,
        populate_existing=True,
    )
    if client is None or client.erased_at:
        raise NotFound
    return client


async def is_known(session: AsyncSession, client: Client) -> bool:
    """Tell whether staff may act for a client: of their unit, and there of their own caseload.

    Who has the right to the whole unit, or to no record but to a task in it, is not held to a
    caseload; what is read afterwards the walls decide.
    """
    who = asker(session)
    if client.unit_id not in who.unit_ids:
        return False
    if not is_held_to_caseload(who, client.unit_id):
        return True
    found = await session.scalar(
        select(Client.id)
        .where(Client.organiser_id == who.organiser_id, Client.id == client.id)
        .where(is_on_caseload())
    )
    return found is not None


async def may_know(session: AsyncSession, client: Client) -> bool:
    """Tell whether the asker reads records, and this one among them."""
    reads = asker(session).may_in(client.unit_id, *NEED_TO_KNOW)
    return reads and await is_known(session, client)


async def own_client(session: AsyncSession, client_id: UUID) -> Client:
    """Return a client locked, for themself or for staff of their unit; nobody else gets them."""
    who = asker(session)
    client = await locked_client(session, client_id)
    if who.client_id is not None:
        if who.client_id != client.id:
            raise NotFound
    elif not any(map(who.may, NEED_TO_KNOW)):
        raise NotAllowed
    elif not await may_know(session, client):
        raise NotFound
    if client.closed_on:
        raise CaseIsClosed
    return client


async def locked_order(session: AsyncSession, order_id: UUID) -> Order:
    """Return an order, locked until the end of the transaction."""
    order = await session.get(
        Order,
        (asker(session).organiser_id, order_id),
        with_for_update=NO_KEY,
        populate_existing=True,
    )
    if order is None:
        raise NotFound
    return order


async def locked_gig(session: AsyncSession, gig_id: UUID) -> tuple[Gig, Order, Client]:
    """Return a gig with its order and client, all three locked."""
    organiser_id = asker(session).organiser_id
    found = await session.execute(
        select(Gig.client_id, Gig.order_id).where(
            Gig.organiser_id == organiser_id, Gig.id == gig_id
        )
    )
    row = found.first()
    if row is None:
        raise NotFound
    client = await locked_client(session, row[0])
    order = await locked_order(session, row[1])
    gig = await session.get_one(
        Gig, (organiser_id, gig_id), with_for_update=True, populate_existing=True
    )
    return gig, order, client
