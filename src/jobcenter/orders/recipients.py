"""Who gets a message: the address of today, the language, and what its reader agreed to."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import OrganiserId, asker
from jobcenter.orders.model import Order
from jobcenter.outgoing import Claim
from jobcenter.people import closing
from jobcenter.people.clients import Client, ClientConsent
from jobcenter.people.staff import Grant, User
from jobcenter.people.wordings import own_words
from jobcenter.texts import DEFAULT

NAME_TO_ORDERER = "name_to_orderer"
FULL_SMS = "full_sms"


@dataclass(frozen=True, slots=True)
class Recipient:
    """An address, if there is one, and how to speak to whoever reads there."""

    to: str | None
    language: str
    full: bool = False
    own: Mapping[str, str] = field(default_factory=dict)
    """What the organiser says in that language in its own words."""


async def recipient(session: AsyncSession, held: Claim, *, now: datetime) -> Recipient:
    """Return where a notice goes and in which words; without an address it goes nowhere."""
    found = await _found(session, held)
    if not found.to:
        return found
    return replace(found, own=await own_words(session, language=found.language, now=now))


async def _found(session: AsyncSession, held: Claim) -> Recipient:
    if held.client_id:
        return await _client(session, held.client_id, held.way)
    if held.user_id:
        reader = await _who_orders_now(session, held.order_id, held.user_id)
        user = await session.get(User, (asker(session).organiser_id, reader)) if reader else None
        if user is None or user.disabled_at:
            return Recipient(None, DEFAULT)
        return Recipient(user.email if held.way == "mail" else user.phone, user.language)
    return Recipient(held.address, DEFAULT)


async def _who_orders_now(
    session: AsyncSession, order_id: UUID | None, user_id: UUID
) -> UUID | None:
    """Return who hears of an order: whoever was told first, or a colleague once they have left."""
    if order_id is None:
        return user_id
    order = await session.get(Order, (asker(session).organiser_id, order_id))
    if order is None:
        return user_id
    rows = await session.execute(
        select(Grant.user_id, Grant.party_id)
        .join(User, (User.organiser_id == Grant.organiser_id) & (User.id == Grant.user_id))
        .where(Grant.organiser_id == order.organiser_id, User.disabled_at.is_(None))
        .where((Grant.user_id == user_id) | (Grant.party_id == order.party_id))
        .order_by(Grant.id)
    )
    grants = rows.all()
    # Staff hear of orders too, and have no party.
    stays = any(row.user_id == user_id for row in grants if row.party_id in {None, order.party_id})
    others = [row.user_id for row in grants if row.user_id != user_id]
    return user_id if stays else next(iter(others), None)


def placer_is_out(organiser: OrganiserId, order_id: UUID) -> ColumnElement[bool]:
    """Tell whether somebody placed an order who has been put out since."""
    return exists().where(
        Order.organiser_id == organiser,
        Order.id == order_id,
        User.organiser_id == organiser,
        User.id == Order.placed_by,
        User.disabled_at.is_not(None),
    )


async def _client(session: AsyncSession, client_id: UUID, way: str) -> Recipient:
    client = await session.get(Client, (asker(session).organiser_id, client_id))
    known = (await closing.contacts(session, [client_id])).get(client_id)
    if client is None or known is None:
        return Recipient(None, DEFAULT)
    full = await _agreed(session, client_id, FULL_SMS)
    return Recipient(known.email if way == "mail" else known.phone, client.language, full)


async def _agreed(session: AsyncSession, client_id: UUID, purpose: str) -> bool:
    found = await session.scalar(
        select(ClientConsent.id)
        .where(
            ClientConsent.organiser_id == asker(session).organiser_id,
            ClientConsent.client_id == client_id,
            ClientConsent.purpose == purpose,
            ClientConsent.withdrawn_at.is_(None),
        )
        .limit(1)
    )
    return found is not None


async def first_name(session: AsyncSession, client_id: UUID) -> str:
    """Return how a worker is called, if they agreed that the orderer may know."""
    if not await _agreed(session, client_id, NAME_TO_ORDERER):
        return ""
    known = (await closing.contacts(session, [client_id])).get(client_id)
    return known.given_name if known else ""
