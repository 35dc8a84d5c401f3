"""A unit's clients as a list: who they are, what is still to be talked about, who is next."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Exists, exists, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.people import closing
from jobcenter.people.clients import Client, ClientHours, ClientStrength
from jobcenter.people.closing import Contact
from jobcenter.people.parties import Unit
from jobcenter.people.staff import Coach

SOON = timedelta(days=30)
MOST = 500


@dataclass(frozen=True, slots=True)
class Row:
    """One client of the list."""

    client: Client
    contact: Contact
    has_hours: bool
    has_strengths: bool

    def review_is_due(self, today: date) -> bool:
        """Return whether everything should be gone through again."""
        return self.client.review_on is None or self.client.review_on <= today + SOON


async def everybody(session: AsyncSession, *, closed: bool = False) -> frozenset[UUID]:
    """Return the clients of the asker's units, so that the looks can be logged first."""
    who = asker(session)
    is_closed = Client.closed_on.is_not(None)
    rows = await session.scalars(
        select(Client.id)
        .where(Client.organiser_id == who.organiser_id, Client.unit_id.in_(who.unit_ids))
        .where(is_closed if closed else ~is_closed)
        .order_by(Client.id)
        .limit(MOST)
    )
    return frozenset(rows)


async def roster(session: AsyncSession, *, seen: Collection[UUID], text: str = "") -> list[Row]:
    """Return those whose look is logged, by name; `text` narrows it to a part of a name."""
    organiser = asker(session).organiser_id
    people = await closing.contacts(session, seen)
    rows = await session.execute(
        select(Client, _has(ClientHours), _has(ClientStrength)).where(
            Client.organiser_id == organiser, Client.id.in_(list(people))
        )
    )
    wanted = text.casefold()
    found = [Row(client, people[client.id], bool(h), bool(s)) for client, h, s in rows]
    return sorted(
        (row for row in found if wanted in _name(row.contact).casefold()),
        key=lambda row: _name(row.contact),
    )


async def coaches(session: AsyncSession, *, also_past: bool = False) -> list[tuple[Coach, str]]:
    """Return who can be chosen in the asker's units, or everybody, with the unit's name."""
    who = asker(session)
    rows = await session.execute(
        select(Coach, Unit.name)
        .join(Unit, (Unit.organiser_id == Coach.organiser_id) & (Unit.id == Coach.unit_id))
        .where(Coach.organiser_id == who.organiser_id, Coach.unit_id.in_(who.unit_ids))
        .where(true() if also_past else Coach.active)
        .order_by(Unit.name, Coach.name)
    )
    return [(row[0], row[1]) for row in rows]


def _name(contact: Contact) -> str:
    return f"{contact.given_name} {contact.family_name}"


def _has(model: type[ClientHours] | type[ClientStrength]) -> Exists:
    return exists().where(model.organiser_id == Client.organiser_id, model.client_id == Client.id)
