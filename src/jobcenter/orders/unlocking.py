"""Setting a client's PIN, trying it, and the browsers in which it was given.

The PIN stands before the own page only: yes and no to a gig never ask for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import CompoundSelect, delete, select, union_all, update
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.errors import LinkIsDead, NotFound
from jobcenter.notices import todo
from jobcenter.orders.gigs import Link
from jobcenter.orders.locking import own_client
from jobcenter.orders.windows import OwnBrowser
from jobcenter.people import sessions
from jobcenter.people.own import ClientLink, ClientPin, Unlocked
from jobcenter.people.staff import Session as SignedIn

HELP_WITHIN = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Try:
    """One try at a PIN: what to compare it with, or until when no try counts."""

    pin_hash: str | None
    rests_until: datetime | None


@dataclass(frozen=True, slots=True)
class OpenBrowser:
    """A browser in which a client's link is open."""

    token_hash: bytes
    begun_at: datetime
    seen_at: datetime
    unlocked: bool


async def set_pin(session: AsyncSession, *, client_id: UUID, pin_hash: str, now: datetime) -> None:
    """Keep the PIN that a client chose beside staff of their unit; whoever was in is out."""
    client = await own_client(session, client_id)
    await _keep(session, client.id, pin_hash, now)


async def choose_pin(
    session: AsyncSession, *, link_hash: bytes, pin_hash: str, now: datetime
) -> None:
    """Keep the PIN that a client chose by their one-time link; the link is used up (I17)."""
    client_id = await session.scalar(
        update(ClientLink)
        .where(ClientLink.organiser_id == asker(session).organiser_id)
        .where(ClientLink.token_hash == link_hash, ClientLink.purpose == "pin")
        .where(ClientLink.used_at.is_(None), ClientLink.revoked_at.is_(None))
        .where(ClientLink.expires_at > now)
        .values(used_at=now)
        .returning(ClientLink.client_id)
        .execution_options(synchronize_session=False)
    )
    if client_id is None or client_id != asker(session).client_id:
        raise LinkIsDead
    await _keep(session, client_id, pin_hash, now)


async def _keep(session: AsyncSession, client_id: UUID, pin_hash: str, now: datetime) -> None:
    organiser_id, by = asker(session).organiser_id, asker(session).actor_id
    row = await session.get(ClientPin, (organiser_id, client_id), with_for_update=True)
    if row is None:
        row = ClientPin(organiser_id=organiser_id, client_id=client_id, wrong=0)
        session.add(row)
    row.pin_hash, row.set_at, row.set_by = pin_hash, now, by
    row.forgive()
    await session.flush()
    await _close_all(session, client_id)


async def take_try(session: AsyncSession, *, client_id: UUID, now: datetime) -> Try:
    """Count a try, and hand out what to compare it with; while the page rests nothing is.

    Too many wrong ones in a row ask the unit to help.
    """
    organiser_id = asker(session).organiser_id
    row = await session.get(ClientPin, (organiser_id, client_id), with_for_update=True)
    if row is None:
        raise NotFound
    if row.rests(now):
        return Try(None, row.rests_until)
    if row.take_try(now):
        await todo(
            session,
            kind="pin_help",
            due_at=now + HELP_WITHIN,
            now=now,
            mark=f"{client_id}:{int(now.timestamp())}",
            client_id=client_id,
        )
    await session.flush()
    return Try(row.pin_hash, row.rests_until)


async def unlock(
    session: AsyncSession,
    *,
    client_id: UUID,
    link_hash: bytes,
    old_hash: bytes,
    token_hash: bytes,
    csrf: str,
    now: datetime,
) -> None:
    """Let a browser in after the right PIN, under a fresh session; wrong tries are forgotten."""
    organiser_id = asker(session).organiser_id
    row = await session.get(ClientPin, (organiser_id, client_id), with_for_update=True)
    if row is not None:
        row.forgive()
    await sessions.end(session, token_hash=old_hash, now=now)
    await sessions.begin_of_link(
        session, link_hash=link_hash, token_hash=token_hash, csrf=csrf, now=now
    )
    session.add(
        Unlocked(organiser_id=organiser_id, session_hash=token_hash, client_id=client_id, at=now)
    )


async def open_browsers(
    session: AsyncSession, *, client_id: UUID, now: datetime
) -> Sequence[OpenBrowser]:
    """Return the browsers in which the client's links are open, newest first."""
    rows = await session.scalars(
        select(OwnBrowser)
        .where(OwnBrowser.organiser_id == asker(session).organiser_id)
        .where(OwnBrowser.client_id == client_id)
        .where(OwnBrowser.ended_at.is_(None), OwnBrowser.expires_at > now)
        .where(OwnBrowser.seen_at > now - sessions.LINK.idle)
        .order_by(OwnBrowser.created_at.desc())
    )
    return [
        OpenBrowser(row.token_hash, row.created_at, row.seen_at, row.unlocked_at is not None)
        for row in rows
    ]


async def close(
    session: AsyncSession, *, client_id: UUID, token_hash: bytes | None, now: datetime
) -> None:
    """Sign one of the client's browsers out, or all of them; the links themselves stay."""
    which = update(SignedIn).where(
        SignedIn.organiser_id == asker(session).organiser_id,
        SignedIn.link_hash.in_(_links_of(session, client_id)),
        SignedIn.ended_at.is_(None),
    )
    if token_hash is not None:
        which = which.where(SignedIn.token_hash == token_hash)
    await session.execute(which.values(ended_at=now).execution_options(synchronize_session=False))
    await _close_all(session, client_id, token_hash)


async def _close_all(
    session: AsyncSession, client_id: UUID, token_hash: bytes | None = None
) -> None:
    """Ask for the PIN again wherever it was given, or in one browser."""
    gone = delete(Unlocked).where(
        Unlocked.organiser_id == asker(session).organiser_id, Unlocked.client_id == client_id
    )
    if token_hash is not None:
        gone = gone.where(Unlocked.session_hash == token_hash)
    await session.execute(gone.execution_options(synchronize_session=False))


def _links_of(session: AsyncSession, client_id: UUID) -> CompoundSelect[tuple[bytes]]:
    organiser_id = asker(session).organiser_id
    return union_all(
        select(Link.token_hash).where(
            Link.organiser_id == organiser_id, Link.client_id == client_id
        ),
        select(ClientLink.token_hash).where(
            ClientLink.organiser_id == organiser_id, ClientLink.client_id == client_id
        ),
    )
