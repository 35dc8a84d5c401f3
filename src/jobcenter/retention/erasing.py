"""Erases a client: the key first, then everything that no law keeps.

What stays has a pseudonym in it and a law beside it. Copies in old backups are noise without the
key. `returned` finds whoever came back with a restored one, to be erased anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, delete, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import OrganiserId, asker, meets
from jobcenter.errors import Conflict, NotFound
from jobcenter.orders.accounts import PayRow, Statement
from jobcenter.orders.gigs import LIVE, Gig, GigStatus
from jobcenter.people import closing
from jobcenter.people.clients import Client
from jobcenter.people.erasures import Erasure
from jobcenter.people.parties import Unit
from jobcenter.retention import holds
from jobcenter.retention.fates import FATES, GOING, Keeping, belonging
from jobcenter.retention.masking import Person
from jobcenter.retention.veiling import veil
from jobcenter.tables import METADATA

# What stands where somebody wrote something: long enough for every rule that asks for a reason.
MARK = "erased text"
# Wages that nobody has worked out yet are paid to somebody by name.
UNPAID = (*LIVE, GigStatus.DONE.value)


class StillHeld(Conflict):
    """This record may not be erased yet: {why}."""

    code = "record_is_held"


@dataclass(frozen=True, slots=True)
class Line:
    """How many rows of one table an erasure touches, and what becomes of them."""

    table: str
    keeping: Keeping
    rows: int


async def plan(session: AsyncSession, *, client_id: UUID) -> tuple[Line, ...]:
    """Tell what would go and what would stay, and by which law."""
    organiser_id = asker(session).organiser_id
    await _known(session, client_id)
    lines = []
    for name, keeping in FATES.items():
        table = _table(name)
        rows = await session.scalar(
            select(func.count()).where(belonging(table, organiser_id, client_id))
        )
        lines.append(Line(name, keeping, rows or 0))
    return tuple(lines)


async def erase(
    session: AsyncSession, *, client_id: UUID, law: str, now: datetime, also: Sequence[str] = ()
) -> Mapping[str, int]:
    """Erase one client; return in how many texts of others they were masked, by column.

    `also` is how they were written besides, as a person has found it.

    :raises StillHeld: while they have a live gig, or a law or a dispute holds the record
    """
    who = asker(session)
    client = await _known(session, client_id)
    await _refuse_if_held(session, client_id, now)
    person = await _called(session, client_id)
    # First, for what is only ever added lets go of the words of the erased alone.
    client.erased_at = now
    await _empty(session, client)
    await session.flush()
    masked = await veil(session, person, client_id, also)
    for name in GOING:
        table = _table(name)
        await session.execute(delete(table).where(belonging(table, who.organiser_id, client_id)))
    await _take_words(session, client)
    await _forget_files(session, client)
    session.add(
        Erasure(
            organiser_id=who.organiser_id,
            client_id=client_id,
            at=now,
            actor=who.actor_id,
            law=law,
        )
    )
    await session.flush()
    return masked


async def returned(
    session: AsyncSession, *, erased: Sequence[UUID] | None = None
) -> tuple[UUID, ...]:
    """Return who was erased and is there again: of that list, or of the one that is kept here."""
    organiser_id = asker(session).organiser_id
    kept = select(Erasure.client_id).where(Erasure.organiser_id == organiser_id)
    back = await session.scalars(
        select(Client.id)
        .where(Client.organiser_id == organiser_id, Client.erased_at.is_(None))
        .where(Client.id.in_(kept if erased is None else erased))
        .order_by(Client.id)
    )
    return tuple(back)


async def everybody_erased(session: AsyncSession) -> tuple[UUID, ...]:
    """Return the list of erasures, to be kept apart from the backups."""
    rows = await session.scalars(
        select(Erasure.client_id)
        .where(Erasure.organiser_id == asker(session).organiser_id)
        .distinct()
        .order_by(Erasure.client_id)
    )
    return tuple(rows)


async def _called(session: AsyncSession, client_id: UUID) -> Person:
    """Return what to look for in the words of others, while it is still known."""
    known = (await closing.contacts(session, [client_id])).get(client_id)
    if known is None:
        return Person("", "")
    return Person(known.given_name, known.family_name, known.phone, known.email or "")


async def _known(session: AsyncSession, client_id: UUID) -> Client:
    found = await session.get(
        Client, (asker(session).organiser_id, client_id), with_for_update={"key_share": True}
    )
    if found is None or found.erased_at:
        raise NotFound
    return found


async def _refuse_if_held(session: AsyncSession, client_id: UUID, now: datetime) -> None:
    organiser_id = asker(session).organiser_id
    live = await session.scalar(
        select(Gig.id)
        .where(Gig.organiser_id == organiser_id, Gig.client_id == client_id)
        .where(Gig.status.in_(UNPAID))
        .limit(1)
    )
    if live:
        raise StillHeld(why="a gig is still to come, or its hours to be approved")
    if await session.scalar(_unpaid(organiser_id, client_id)):
        raise StillHeld(why="pay has not gone out yet")
    held = await holds.standing(session, client_id=client_id, now=now)
    if held:
        raise StillHeld(why=f"{held[0].reason} ({held[0].law})" if held[0].law else held[0].reason)


async def _empty(session: AsyncSession, client: Client) -> None:
    """Leave a pseudonym that pay rows can point at: the unit's own place, nothing of their own."""
    unit = await session.get_one(Unit, (client.organiser_id, client.unit_id))
    client.lat, client.lon, client.region = unit.lat, unit.lon, unit.region
    client.language, client.spoken = "fi", []
    client.limits = [0] * len(client.limits)
    # One of these laws names a disability.
    client.service = client.legal_basis = ""
    client.postcode = client.coach_id = client.site_id = None
    client.assessed_by = client.assessed_on = client.review_on = None
    client.outdoors = client.step_free = client.one_new = client.paused = False
    client.travel_minutes = client.week_minutes = client.week_gigs = 0
    client.in_pool = False
    # Whoever had a form of theirs open holds an older number.
    client.version += 1


async def _forget_files(session: AsyncSession, client: Client) -> None:
    """Delete every file of everybody's rows that names the person; its owner asks anew."""
    files = _table("export_files")
    names = literal(client.id) == func.any(files.c.people)
    await session.execute(delete(files).where(files.c.organiser_id == client.organiser_id, names))


async def _take_words(session: AsyncSession, client: Client) -> None:
    """Empty what staff wrote in rows that stay."""
    for name, keeping in FATES.items():
        if not keeping.words:
            continue
        table = _table(name)
        column = table.c[keeping.words]
        is_json = isinstance(column.type, JSONB)
        written: ColumnElement[bool] = column.has_key("reason") if is_json else column != ""
        empty = column.concat({"reason": MARK}) if is_json else MARK
        await session.execute(
            update(table)
            .where(belonging(table, client.organiser_id, client.id), written)
            .values({keeping.words: empty})
        )


def _unpaid(organiser_id: OrganiserId, client_id: UUID) -> Select[UUID]:
    """Return pay rows that no payroll has confirmed yet."""
    return (
        select(PayRow.id)
        .outerjoin(Statement, meets(PayRow, "statement_id", Statement))
        .where(PayRow.organiser_id == organiser_id, PayRow.client_id == client_id)
        .where(or_(Statement.id.is_(None), Statement.state != "received"))
        .limit(1)
    )


def _table(name: str) -> Table:
    return METADATA.tables[name]
