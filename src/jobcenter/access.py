"""Who looked at whom, and the few doors to a client's name, number and notes.

A look is committed before the data is read, because a read that is rolled back was still a look.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from jobcenter.database import Base, Database, Key, Organised, Who, asker
from jobcenter.people.clients import ClientContact, ClientNeedNote


class Look(Base):
    """One look at one client's record: who, in which role, what for, and when."""

    __tablename__ = "looks"
    __table_args__ = (Index("look_by_client", "organiser_id", "client_id", "at"),)

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    at: Mapped[datetime]
    actor: Mapped[UUID | None]
    role: Mapped[str]
    client_id: Mapped[UUID | None]
    what: Mapped[str]
    purpose: Mapped[str]
    request_id: Mapped[str]


async def look(
    database: Database,
    who: Who,
    *,
    clients: Iterable[UUID],
    what: str,
    purpose: str,
    now: datetime,
    request_id: str = "",
) -> None:
    """Commit a line for each client that is about to be read; without it nobody reads."""
    rows: list[dict[str, object]] = [
        {
            "organiser_id": who.organiser_id,
            "at": now,
            "actor": who.actor_id,
            "role": who.role,
            "client_id": client,
            "what": what,
            "purpose": purpose,
            "request_id": request_id,
        }
        for client in sorted(set(clients))
    ]
    if rows:
        await database.act(who, _write_looks, rows)


async def _write_looks(session: AsyncSession, rows: list[dict[str, object]]) -> None:
    await session.execute(insert(Look), rows)


async def contacts(session: AsyncSession, clients: Iterable[UUID]) -> dict[UUID, ClientContact]:
    """Return names and numbers: the one place that reads them (and will decrypt them)."""
    rows = await session.scalars(
        select(ClientContact).where(
            ClientContact.organiser_id == asker(session).organiser_id,
            ClientContact.client_id.in_(list(clients)),
        )
    )
    return {row.client_id: row for row in rows}


async def need_notes(session: AsyncSession, client_id: UUID) -> dict[str, str]:
    """Return what helps this client, by need: the one place that reads it."""
    rows = await session.scalars(
        select(ClientNeedNote).where(
            ClientNeedNote.organiser_id == asker(session).organiser_id,
            ClientNeedNote.client_id == client_id,
        )
    )
    return {row.code: row.note for row in rows}


def new_token() -> str:
    """Return a fresh secret of 256 bits for a link, a session or an API token."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> bytes:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


def bound(token_hash: bytes, phone: str) -> bytes:
    """Return what ties a link to the number it is sent to; a trigger works out the same."""
    return hashlib.sha256(token_hash + phone.encode()).digest()


def derived_token(secret: str, kind: str, subject: UUID) -> str:
    """Return the token of a link that must be the same each time a message is built."""
    digest = hmac.new(secret.encode(), f"{kind}:{subject}".encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(digest[:24]).decode()
