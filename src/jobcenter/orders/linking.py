"""New links for clients: asked for again by themselves, or sent by staff to choose a PIN with.

They go to the number on file and nowhere else, at most a few a day; a new one ends the one before.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from jobcenter import access
from jobcenter.database import asker, meets
from jobcenter.errors import NotFound, TooMany
from jobcenter.notices import Notice, tell
from jobcenter.orders.gigs import LIVE, Gig, Link
from jobcenter.orders.locking import own_client
from jobcenter.people import closing, invitations
from jobcenter.people.clients import Client, ClientContact
from jobcenter.people.own import MOST_A_DAY, OWN_LASTS, PIN_LASTS, ClientLink

# A link keeps showing its gig's newest state until this long after the gig (SETTLED 23).
LINK_LASTS = timedelta(days=7)

Mint = Callable[[UUID], bytes]
"""Makes the hash of the token of a link with this id."""

# Messages that carry a link which somebody asked for.
KINDS = frozenset({"own_link", "pin_link"})
ASKED_FOR = ("gig_link", "own_link", "pin_link")


async def open_link(
    session: AsyncSession, *, gig_id: UUID, token_hash: bytes, now: datetime, number: int = 1
) -> None:
    """Keep the hash of the link that goes out with an offer; asking again changes nothing.

    The link is for the number on file now, and dies when that changes.
    """
    gig = await session.get(Gig, (asker(session).organiser_id, gig_id))
    if gig is None:
        raise NotFound
    known = (await closing.contacts(session, [gig.client_id])).get(gig.client_id)
    await session.execute(
        insert(Link)
        .values(
            organiser_id=gig.organiser_id,
            id=uuid7(),
            token_hash=token_hash,
            gig_id=gig.id,
            client_id=gig.client_id,
            phone_hash=_bound(session, token_hash, known.phone) if known else None,
            number=number,
            expires_at=max(gig.end, now) + LINK_LASTS,
        )
        .on_conflict_do_nothing()
    )


def _bound(session: AsyncSession, token_hash: bytes, phone: str) -> bytes:
    return access.bound(token_hash, closing.phone_index(session, phone))


async def ask_again(session: AsyncSession, *, phone: str, mint: Mint, now: datetime) -> None:
    """Send a new link to a number, if it is a client's and has not had its share of today.

    It opens their next gig, or their own page when they have none. Whoever asks is told the same
    in any case.
    """
    clients = await clients_of(session, phone)
    if not clients:
        return
    # Two who ask at once are counted one after the other.
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(phone, 0))))
    left = MOST_A_DAY - await _lately(session, clients, now)
    for client_id in clients[: max(0, left)]:
        gig_id = await _next_gig(session, client_id)
        if gig_id:
            await _renew(session, client_id, gig_id, now)
        else:
            await _make(session, client_id, phone, purpose="own", mint=mint, now=now)


async def send_pin_link(
    session: AsyncSession, *, client_id: UUID, mint: Mint, now: datetime
) -> None:
    """Send a client of the asker's unit a link to choose a PIN with on their own phone."""
    client = await own_client(session, client_id)
    known = (await closing.contacts(session, [client.id])).get(client.id)
    if known is None:
        raise NotFound
    if await _lately(session, [client.id], now) >= MOST_A_DAY:
        raise TooMany
    await _make(session, client.id, known.phone, purpose="pin", mint=mint, now=now)


async def number_of(session: AsyncSession, gig_id: UUID) -> int:
    """Return which link of a gig a message carries now: the newest, or the next when it ended."""
    newest = await session.execute(
        select(Link.number, Link.revoked_at)
        .where(Link.organiser_id == asker(session).organiser_id, Link.gig_id == gig_id)
        .order_by(Link.number.desc())
        .limit(1)
    )
    row = newest.one_or_none()
    if row is None:
        return 1
    number, revoked_at = row
    return number if revoked_at is None else number + 1


async def invitation(
    session: AsyncSession, email: str, version: int, *, now: datetime
) -> UUID | None:
    """Return the invitation that a mail to this address is about, while it can be answered."""
    asked = await invitations.waiting(session, email=email, version=version)
    return asked.id if asked and asked.expires_at > now else None


async def waiting(
    session: AsyncSession, client_id: UUID, *, version: int, now: datetime
) -> UUID | None:
    """Return the link that a notice of this version was written for, if it still opens anything."""
    rows = await session.execute(
        select(ClientLink.id, ClientLink.made_at).where(
            ClientLink.organiser_id == asker(session).organiser_id,
            ClientLink.client_id == client_id,
            ClientLink.used_at.is_(None),
            ClientLink.revoked_at.is_(None),
            ClientLink.expires_at > now,
        )
    )
    return next((link for link, made in rows if _version(made) == version), None)


def _version(moment: datetime) -> int:
    return int(moment.timestamp())


async def clients_of(session: AsyncSession, phone: str) -> Sequence[UUID]:
    """Return the clients who have this number on file."""
    found = await session.scalars(
        select(ClientContact.client_id)
        .join(Client, meets(ClientContact, "client_id", Client))
        .where(Client.closed_on.is_(None))
        .where(ClientContact.organiser_id == asker(session).organiser_id)
        .where(ClientContact.phone_index == closing.phone_index(session, phone))
        .order_by(ClientContact.client_id)
    )
    return found.all()


async def _lately(session: AsyncSession, clients: Sequence[UUID], now: datetime) -> int:
    found = await session.scalar(
        select(func.count())
        .select_from(Notice)
        .where(
            Notice.organiser_id == asker(session).organiser_id,
            Notice.client_id.in_(clients),
            Notice.kind.in_(ASKED_FOR),
            Notice.written_at > now - timedelta(days=1),
        )
    )
    return found or 0


async def _next_gig(session: AsyncSession, client_id: UUID) -> UUID | None:
    return await session.scalar(
        select(Gig.id)
        .where(Gig.organiser_id == asker(session).organiser_id, Gig.client_id == client_id)
        .where(Gig.status.in_([status.value for status in LIVE]))
        .order_by(func.lower(Gig.during))
        .limit(1)
    )


async def _renew(session: AsyncSession, client_id: UUID, gig_id: UUID, now: datetime) -> None:
    """End the links of a gig; the message that goes out brings the next one."""
    await session.execute(
        update(Link)
        .where(Link.organiser_id == asker(session).organiser_id, Link.gig_id == gig_id)
        .where(Link.revoked_at.is_(None))
        .values(revoked_at=now)
        .execution_options(synchronize_session=False)
    )
    await tell(
        session,
        kind="gig_link",
        client_id=client_id,
        gig_id=gig_id,
        version=_version(now),
        urgent=True,
        now=now,
    )


async def _make(
    session: AsyncSession,
    client_id: UUID,
    phone: str,
    *,
    purpose: str,
    mint: Mint,
    now: datetime,
) -> None:
    """Make a link that replaces those of its kind, and the message that carries it."""
    await session.execute(
        update(ClientLink)
        .where(ClientLink.organiser_id == asker(session).organiser_id)
        .where(ClientLink.client_id == client_id, ClientLink.purpose == purpose)
        .where(ClientLink.revoked_at.is_(None))
        .values(revoked_at=now)
        .execution_options(synchronize_session=False)
    )
    link_id = uuid7()
    token_hash = mint(link_id)
    session.add(
        ClientLink(
            organiser_id=asker(session).organiser_id,
            id=link_id,
            client_id=client_id,
            purpose=purpose,
            token_hash=token_hash,
            phone_hash=access.bound(token_hash, closing.phone_index(session, phone)),
            made_at=now,
            made_by=asker(session).actor_id,
            expires_at=now + (OWN_LASTS if purpose == "own" else PIN_LASTS),
        )
    )
    await session.flush()
    await tell(
        session,
        kind=f"{purpose}_link",
        client_id=client_id,
        version=_version(now),
        urgent=True,
        now=now,
    )
