"""Who looked at whom, what left the house, and the few doors to a client's name, number and notes.

A look is committed before the data is read, because a read that is rolled back was still a look.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    FetchedValue,
    Index,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PgUUID
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from jobcenter.database import Base, Database, Key, Organised, Who, asker
from jobcenter.people.clients import Client

# The two rights to records: a unit's, or one's own caseload there.
WHOLE_UNIT, CASELOAD = "see_clients", "see_caseload"
# Who has either reads records at all.
NEED_TO_KNOW = (WHOLE_UNIT, CASELOAD)
OF_THE_LOG = "use log"
"""What is looked at by whoever reads the log itself."""


class Look(Base):
    """One look at one client's record: who, in which role and on whose behalf, what for, when.

    Nothing in it is ever changed, and seals hold it to that (`audit`).
    """

    __tablename__ = "looks"
    __table_args__ = (
        Index("look_by_client", "organiser_id", "client_id", "at"),
        Index("look_by_actor", "organiser_id", "actor", "at"),
        Index("look_by_request", "organiser_id", "request_id", "client_id"),
        Index("look_by_xid", "organiser_id", "xid"),
        Index("look_by_time", "organiser_id", "at"),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    at: Mapped[datetime]
    actor: Mapped[UUID | None]
    role: Mapped[str]
    client_id: Mapped[UUID | None]
    what: Mapped[str]
    purpose: Mapped[str]
    request_id: Mapped[str]
    on_behalf: Mapped[str] = mapped_column(default="")
    """The unit, ordering party or person for whom it was read; empty where the service itself."""
    outside: Mapped[bool] = mapped_column(default=False)
    """Whether a member of staff looked at somebody outside their unit, or their caseload in it."""
    xid: Mapped[int] = mapped_column(BigInteger, server_default=FetchedValue())
    """The writing transaction's number; the database sets it, and the seals go by it."""


class Disclosure(Base):
    """Something about a client that an orderer, a partner or a register was given."""

    __tablename__ = "disclosures"
    __table_args__ = (
        CheckConstraint(
            "to_kind IN ('orderer', 'partner', 'register')", name="disclosure_to_somebody_known"
        ),
        Index("disclosure_by_client", "organiser_id", "client_id", "at"),
        Index("disclosure_by_xid", "organiser_id", "xid"),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    at: Mapped[datetime]
    client_id: Mapped[UUID]
    to_kind: Mapped[str]
    recipient: Mapped[str]
    what: Mapped[str]
    purpose: Mapped[str]
    actor: Mapped[UUID | None]
    request_id: Mapped[str]
    xid: Mapped[int] = mapped_column(BigInteger, server_default=FetchedValue())


async def look(
    database: Database,
    who: Who,
    *,
    clients: Iterable[UUID | None],
    what: str,
    purpose: str,
    now: datetime,
) -> None:
    """Commit a line for each client that is about to be read; without it nobody reads.

    No client stands for codes of many, or for the log itself.
    """
    wanted = sorted(set(clients), key=str)
    if wanted:
        await database.act(who, note_looks, wanted, what=what, purpose=purpose, now=now)


async def note_looks(
    session: AsyncSession,
    clients: Sequence[UUID | None],
    *,
    what: str,
    purpose: str,
    now: datetime,
) -> None:
    """Write the lines within an action; what reads records commits them first (`look`)."""
    who = asker(session)
    # One value however many there are: the statement tells nobody whether there is somebody.
    known = literal([client for client in clients if client], ARRAY(PgUUID(as_uuid=True)))
    found = await session.execute(
        select(Client.id, Client.unit_id, is_on_caseload()).where(
            Client.organiser_id == who.organiser_id, Client.id == func.any(known)
        )
    )
    homes: dict[UUID | None, UUID] = {
        client: home
        for client, home, is_own in found
        if home in who.unit_ids and (is_own or not is_held_to_caseload(who, home))
    }
    same: dict[str, object] = {
        "organiser_id": who.organiser_id,
        "actor": who.actor_id,
        "role": who.role,
        "request_id": who.request_id,
        "at": now,
        "what": what,
        "purpose": purpose,
    }
    of_log = what == OF_THE_LOG
    rows = [
        same | {"client_id": client} | _whose(who, None if of_log else client, homes.get(client))
        for client in clients
    ]
    # With its empty columns named, so that the statement is the same whoever it is about.
    await session.execute(insert(Look).execution_options(render_nulls=True), rows)


def is_held_to_caseload(who: Who, unit_id: UUID) -> bool:
    """Tell whether somebody of a unit knows their own caseload there, and not the whole unit."""
    return who.may_in(unit_id, CASELOAD) and not who.may_in(unit_id, WHOLE_UNIT)


def is_on_caseload() -> ColumnElement[bool]:
    """Tell the clients for whom the asking coach answers, or whom they visit, as the walls do.

    It says nothing where the asker has no caseload.
    """
    return Client.id == func.any(func.caseload())


def _whose(who: Who, client: UUID | None, home: UUID | None) -> dict[str, object]:
    """Tell on whose behalf a look is, and whether the client is none of the looker's."""
    if who.client_id:
        return {"on_behalf": f"client {who.client_id}", "outside": False}
    if who.party_id:
        return {"on_behalf": f"party {who.party_id}", "outside": False}
    strange = who.actor_id is not None and client is not None and home is None
    return {"on_behalf": f"unit {home}" if home else "", "outside": strange}


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody outside is told: an orderer, a partner or a register, and what for."""

    to_kind: str
    recipient: str
    what: str
    purpose: str


async def disclose(
    session: AsyncSession, *, clients: Collection[UUID], told: Told, now: datetime
) -> None:
    """Write down, before it goes, what somebody outside is told about these clients."""
    who = asker(session)
    session.add_all(
        Disclosure(
            organiser_id=who.organiser_id,
            at=now,
            client_id=client_id,
            to_kind=told.to_kind,
            recipient=told.recipient,
            what=told.what,
            purpose=told.purpose,
            actor=who.actor_id,
            request_id=who.request_id,
        )
        for client_id in sorted(clients)
    )


def new_token() -> str:
    """Return a fresh secret of 256 bits for a link, a session or an API token."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> bytes:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


def bound(token_hash: bytes, phone_index: bytes) -> bytes:
    """Return what ties a link to the number it is sent to; a trigger works out the same."""
    return hashlib.sha256(token_hash + phone_index).digest()


def derived_token(secret: str, kind: str, subject: UUID) -> str:
    """Return the token of a link that must be the same each time a message is built."""
    digest = hmac.new(secret.encode(), f"{kind}:{subject}".encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")
