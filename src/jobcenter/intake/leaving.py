"""A client's case is closed, and perhaps opened again.

What was only open ends with it: offers, lists, consents, links, PIN, to-dos. A gig that was agreed
on is somebody's plan, so a person ends that first.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.errors import Changed, Fault, Invalid, WrongMoment
from jobcenter.notices import Todo, tell
from jobcenter.orders import consenting, unlocking
from jobcenter.orders.gigs import KEPT, PROMISED, Gig, GigStatus, Link
from jobcenter.orders.locking import locked_client
from jobcenter.orders.proposals import Change
from jobcenter.orders.told import Incident
from jobcenter.people.clients import Client
from jobcenter.people.own import ClientLink, ClientPin
from jobcenter.people.upkeep import note_upkeep
from jobcenter.times import local


async def close_case(
    session: AsyncSession, *, client_id: UUID, version: int, last_day: date, now: datetime
) -> None:
    """Close a case with a last day that is not to come; closing it twice is the same."""
    client = await _own(session, client_id)
    if client.closed_on:
        return
    if client.version != version:
        raise Changed
    await _check(session, client, last_day, now)
    await consenting.end_all(session, client, now=now)
    await _lock_doors(session, client, now)
    await _settle_todos(session, client, now)
    client.closed_on = last_day
    await _told(session, client, "closed", now)


async def reopen_case(session: AsyncSession, *, client_id: UUID, now: datetime) -> None:
    """Open a case again: the person is here, and is matched once they say so."""
    client = await _own(session, client_id)
    if client.closed_on is None:
        return
    client.closed_on = None
    await _told(session, client, "reopened", now)


async def _own(session: AsyncSession, client_id: UUID) -> Client:
    client = await locked_client(session, client_id)
    asker(session).require(client.unit_id, "assign")
    return client


async def _check(session: AsyncSession, client: Client, last_day: date, now: datetime) -> None:
    mine = (Gig.organiser_id == client.organiser_id, Gig.client_id == client.id)
    if await session.scalar(select(Gig.id).where(*mine, Gig.status.in_(PROMISED)).limit(1)):
        raise WrongMoment("A gig is still agreed on. Let it happen or end it first.")
    await _nothing_is_unseen(session, client)
    worked = await session.scalar(
        select(func.max(func.upper(Gig.during))).where(*mine, Gig.status.in_(KEPT))
        .where(Gig.status != GigStatus.ASSIGNED.value)
    )  # fmt: skip
    first = max(client.joined_on, local(worked).date() if worked else client.joined_on)
    if not first <= last_day <= local(now).date():
        raise Invalid(
            Fault("last_day", "not_then", "The last day lies between {first} and today.",
                  {"first": f"{first:%-d.%-m.%Y}"})
        )  # fmt: skip


async def _nothing_is_unseen(session: AsyncSession, client: Client) -> None:
    """Refuse while nobody has written down what was done about a report: its to-do would close."""
    reported = await session.scalar(
        select(func.min(Incident.told_at)).where(
            Incident.organiser_id == client.organiser_id,
            Incident.client_id == client.id,
            Incident.handled_at.is_(None),
        )
    )
    if reported:
        raise WrongMoment(
            "What was reported on {day} has not been seen to. See to it on its gig’s page first.",
            day=f"{local(reported):%-d.%-m.%Y}",
        )


async def _lock_doors(session: AsyncSession, client: Client, now: datetime) -> None:
    """End every link, browser and PIN of the client."""
    for table in (Link, ClientLink):
        await session.execute(
            update(table)
            .where(table.organiser_id == client.organiser_id, table.client_id == client.id)
            .where(table.revoked_at.is_(None))
            .values(revoked_at=now)
            .execution_options(synchronize_session=False)
        )
    await unlocking.close(session, client_id=client.id, token_hash=None, now=now)
    await session.execute(
        delete(ClientPin).where(
            ClientPin.organiser_id == client.organiser_id, ClientPin.client_id == client.id
        )
    )


async def _settle_todos(session: AsyncSession, client: Client, now: datetime) -> None:
    """Mark what was to be done for the client done; hours of a past gig still want somebody."""
    unpaid = exists().where(
        Gig.organiser_id == Todo.organiser_id,
        Gig.id == Todo.gig_id,
        Gig.status == GigStatus.DONE.value,
    )
    await session.execute(
        update(Todo)
        .where(Todo.organiser_id == client.organiser_id, Todo.client_id == client.id)
        .where(Todo.done_at.is_(None), ~unpaid)
        .values(done_at=now, done_by=asker(session).actor_id)
        .execution_options(synchronize_session=False)
    )


async def _told(session: AsyncSession, client: Client, what: str, now: datetime) -> None:
    """Write down what happened, for the log, the matcher and the client."""
    client.version += 1
    note_upkeep(session, "client", client.id, what, now=now, version=client.version)
    session.add(
        Change(organiser_id=client.organiser_id, kind="client_changed", client_id=client.id, at=now)
    )
    await session.flush()
    kind = f"case_{what}"
    await tell(session, kind=kind, client_id=client.id, version=client.version, now=now)
