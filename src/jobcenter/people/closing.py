"""The one place that reads and writes names, numbers and notes of clients.

Number, address and notes are closed under a key of each client's own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker, is_acting, keyring
from jobcenter.envelopes import Keyring, PersonsKey, Wrapped
from jobcenter.people.clients import ClientContact, ClientKey, ClientNeedNote

PHONE, EMAIL, NOTE, REPLY = "phone", "email", "note", "reply"

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Contact:
    """What a client likes to be called, and how to reach them; empty once they are erased."""

    client_id: UUID
    given_name: str
    family_name: str
    phone: str = field(repr=False)
    email: str | None = field(repr=False)
    wants_calls: bool = False
    texts_stopped: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """A number and an address as they were given."""

    phone: str
    email: str | None = None

    def closed(self, ring: Keyring, organiser_id: int, key: PersonsKey) -> Row:
        """Return the columns that keep them."""
        return {
            "closed_phone": key.close(PHONE, self.phone),
            "closed_email": key.close(EMAIL, self.email) if self.email else None,
            "phone_index": ring.index(organiser_id, self.phone),
        }


def place_of_note(code: str) -> str:
    """Return what a note on this need is closed as."""
    return f"{NOTE}:{code}"


async def contacts(session: AsyncSession, clients: Iterable[UUID]) -> dict[UUID, Contact]:
    """Return names and numbers by client; the look at them has been committed before."""
    rows = await session.execute(
        select(ClientContact, ClientKey)
        .outerjoin(ClientKey, _same_client(ClientContact))
        .where(
            ClientContact.organiser_id == asker(session).organiser_id,
            ClientContact.client_id.in_(list(clients)),
        )
    )
    ring = keyring(session)
    return {row.client_id: _opened(row, _unwrapped(ring, key)) for row, key in rows}


def opened_phone(
    session: AsyncSession, client_id: UUID, key: Wrapped | None, closed: bytes | None
) -> str:
    """Return the number that a client shows through a window, or nothing."""
    if key is None or closed is None:
        return ""
    opened = keyring(session).unwrap(asker(session).organiser_id, client_id, key)
    return opened.open(PHONE, closed)


def opened_reply(session: AsyncSession, client_id: UUID, key: Wrapped, closed: bytes) -> str:
    """Return the words of a text message from a client; the look at it has been committed."""
    opened = keyring(session).unwrap(asker(session).organiser_id, client_id, key)
    return opened.open(REPLY, closed)


async def keys(session: AsyncSession, clients: Iterable[UUID]) -> dict[UUID, PersonsKey]:
    """Return the keys of these clients, as far as the asker's login reads them."""
    rows = await session.scalars(
        select(ClientKey).where(
            ClientKey.organiser_id == asker(session).organiser_id,
            ClientKey.client_id.in_(list(clients)),
        )
    )
    ring = keyring(session)
    return {
        row.client_id: ring.unwrap(row.organiser_id, row.client_id, row.wrapped) for row in rows
    }


async def need_notes(session: AsyncSession, clients: Iterable[UUID]) -> dict[UUID, dict[str, str]]:
    """Return what helps, by client and need; the look at it has been committed before."""
    rows = await session.execute(
        select(ClientNeedNote, ClientKey)
        .join(ClientKey, _same_client(ClientNeedNote))
        .where(
            ClientNeedNote.organiser_id == asker(session).organiser_id,
            ClientNeedNote.client_id.in_(list(clients)),
        )
    )
    ring = keyring(session)
    found: dict[UUID, dict[str, str]] = {}
    for row, kept in rows:
        key = ring.unwrap(row.organiser_id, row.client_id, kept.wrapped)
        note = key.open(place_of_note(row.code), row.closed_note)
        found.setdefault(row.client_id, {})[row.code] = note
    return found


async def first_rows(session: AsyncSession, contact: Contact) -> tuple[ClientKey, ClientContact]:
    """Return the rows of a client who is new: their first key, and how to reach them."""
    organiser_id, ring = asker(session).organiser_id, keyring(session)
    row, key = await _new_key(session, contact.client_id)
    return (
        row,
        ClientContact(
            organiser_id=organiser_id,
            client_id=contact.client_id,
            given_name=contact.given_name,
            family_name=contact.family_name,
            wants_calls=contact.wants_calls,
            **Reach(contact.phone, contact.email).closed(ring, organiser_id, key),
        ),
    )


def phone_index(session: AsyncSession, phone: str) -> bytes:
    """Return what equal numbers of the asker's organiser have in common."""
    return keyring(session).index(asker(session).organiser_id, phone)


async def keep_contact(
    session: AsyncSession, contact: Contact, *, texts_again: bool = False
) -> None:
    """Write how to reach a client; a client without a key gets one.

    Text messages that they have stopped stay stopped, unless they have said that they want them.
    """
    key = await key_for(session, contact.client_id)
    organiser_id = asker(session).organiser_id
    columns: Row = {
        "given_name": contact.given_name,
        "family_name": contact.family_name,
        "wants_calls": contact.wants_calls,
        **Reach(contact.phone, contact.email).closed(keyring(session), organiser_id, key),
    }
    if texts_again:
        columns["texts_stopped_at"] = None
    await session.execute(
        insert(ClientContact)
        .values(organiser_id=organiser_id, client_id=contact.client_id, **columns)
        .on_conflict_do_update(index_elements=["organiser_id", "client_id"], set_=columns)
    )


async def keep_notes(session: AsyncSession, client_id: UUID, notes: Mapping[str, str]) -> None:
    """Write what helps a client, by need; a need that is not named keeps no note."""
    organiser_id = asker(session).organiser_id
    key = await key_for(session, client_id)
    await session.execute(
        delete(ClientNeedNote).where(
            ClientNeedNote.organiser_id == organiser_id, ClientNeedNote.client_id == client_id
        )
    )
    for code, note in notes.items():
        session.add(
            ClientNeedNote(
                organiser_id=organiser_id,
                client_id=client_id,
                code=code,
                closed_note=key.close(place_of_note(code), note),
            )
        )
    await session.flush()


async def masters(session: AsyncSession) -> list[str]:
    """Return the names of the master keys under which clients' keys are closed."""
    return list(await session.scalars(select(ClientKey.master).distinct()))


async def index_fits(session: AsyncSession, ring: Keyring) -> bool:
    """Tell whether numbers are found with the index key that is here; nobody there fits any."""
    found = await session.execute(
        select(ClientContact, ClientKey).join(ClientKey, _same_client(ClientContact)).limit(1)
    )
    row = found.one_or_none()
    if row is None:
        return True
    contact, key = row
    phone = _opened(contact, _unwrapped(ring, key)).phone
    return ring.index(contact.organiser_id, phone) == contact.phone_index


async def key_for(session: AsyncSession, client_id: UUID) -> PersonsKey:
    """Return a client's key, made now if there is none; the client's row must be locked."""
    organiser_id, ring = asker(session).organiser_id, keyring(session)
    known = _unwrapped(ring, await session.get(ClientKey, (organiser_id, client_id)))
    if known:
        return known
    row, key = await _new_key(session, client_id)
    session.add(row)
    await session.flush()
    return key


async def _new_key(session: AsyncSession, client_id: UUID) -> tuple[ClientKey, PersonsKey]:
    """Make a key under the newest master key: whoever changes that waits until it is committed."""
    # A list that is only looked through writes no key, and may not lock.
    if is_acting(session):
        await session.execute(text("LOCK TABLE client_keys IN ROW EXCLUSIVE MODE"))
    organiser_id = asker(session).organiser_id
    key, wrapped = keyring(session).new_key(organiser_id, client_id)
    whose = {"organiser_id": organiser_id, "client_id": client_id}
    return ClientKey(**whose, master=wrapped.master, closed=wrapped.closed), key


def _same_client(table: type[ClientContact | ClientNeedNote]) -> ColumnElement[bool]:
    return and_(
        ClientKey.organiser_id == table.organiser_id, ClientKey.client_id == table.client_id
    )


def _unwrapped(ring: Keyring, row: ClientKey | None) -> PersonsKey | None:
    return ring.unwrap(row.organiser_id, row.client_id, row.wrapped) if row else None


def _opened(row: ClientContact, key: PersonsKey | None) -> Contact:
    """Without a key there is nobody to reach any more."""
    return Contact(
        row.client_id,
        row.given_name,
        row.family_name,
        key.open(PHONE, row.closed_phone) if key else "",
        key.open(EMAIL, row.closed_email) if key and row.closed_email else None,
        row.wants_calls,
        row.texts_stopped_at is not None,
    )
