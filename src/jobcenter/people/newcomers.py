"""Somebody who orders for the first time: a user by e-mail, and later the party they order for."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from jobcenter.database import asker
from jobcenter.people.staff import MANAGER, ORDERER, Grant, User


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What somebody told about themselves."""

    email: str
    name: str
    phone: str
    language: str


async def welcome(session: AsyncSession, *, newcomer: Newcomer) -> UUID:
    """Return the user of that address, made as an orderer without a party if there is none."""
    organiser = asker(session).organiser_id
    known = await session.scalar(
        select(User.id).where(
            User.organiser_id == organiser, func.lower(User.email) == newcomer.email.lower()
        )
    )
    if known:
        return known
    # Two tabs may send at once: whoever is second finds the first one's row.
    await session.execute(
        insert(User)
        .values(
            organiser_id=organiser,
            id=uuid7(),
            email=newcomer.email.lower(),
            name=newcomer.name,
            phone=newcomer.phone,
            language=newcomer.language,
        )
        .on_conflict_do_nothing()
    )
    user_id = (
        await session.scalars(
            select(User.id).where(
                User.organiser_id == organiser, func.lower(User.email) == newcomer.email.lower()
            )
        )
    ).one()
    session.add(
        Grant(organiser_id=organiser, user_id=user_id, role=ORDERER, unit_id=None, party_id=None)
    )
    await session.flush()
    return user_id


async def join(session: AsyncSession, *, user_id: UUID, party_id: UUID) -> None:
    """Let somebody order for the party that their first order brought, and manage it."""
    await session.execute(
        update(Grant)
        .where(
            Grant.organiser_id == asker(session).organiser_id,
            Grant.user_id == user_id,
            Grant.role == ORDERER,
            Grant.party_id.is_(None),
        )
        .values(party_id=party_id)
    )
    session.add(
        Grant(
            organiser_id=asker(session).organiser_id, user_id=user_id, role=MANAGER, unit_id=None,
            party_id=party_id,
        )
    )  # fmt: skip
    await session.flush()
