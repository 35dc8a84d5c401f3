"""Reads what fields are chosen from where that is rows of other lists."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.lists.fields import Sources
from jobcenter.lists.listing import Listing
from jobcenter.people.choices import SERVICE, Choice
from jobcenter.people.parties import Employer, Figure, OrderingParty, Site, TaskType, Unit


async def sources(session: AsyncSession, listing: Listing) -> Sources:
    """Return what the fields of a list are chosen from."""
    organiser = asker(session).organiser_id
    groups = await session.scalars(
        select(Figure.key)
        .where(Figure.organiser_id == organiser, Figure.kind == "pay_floor")
        .distinct()
        .order_by(Figure.key)
    )
    units = await session.execute(
        select(Unit.id, Unit.name).where(Unit.organiser_id == organiser).order_by(Unit.name)
    )
    served = await session.execute(
        select(Choice.code, Choice.name_fi, Choice.name_sv, Choice.name_en)
        .where(Choice.organiser_id == organiser, Choice.kind == SERVICE)
        .order_by(Choice.place, Choice.name_fi)
    )
    found = Sources(
        tuple(groups),
        {str(id_): name for id_, name in units},
        {row.code: (row.name_fi, row.name_sv, row.name_en) for row in served},
    )
    return await _with_parties(session, found) if listing.begins_with else found


async def _with_parties(session: AsyncSession, found: Sources) -> Sources:
    """Add the ordering parties with their places, the kinds of work, and employers of record."""
    organiser = asker(session).organiser_id
    parties = await session.execute(
        select(OrderingParty.id, OrderingParty.name)
        .where(OrderingParty.organiser_id == organiser)
        .order_by(OrderingParty.name, OrderingParty.id)
    )
    sites = await session.execute(
        select(Site.id, Site.party_id, Site.name, Site.address)
        .where(Site.organiser_id == organiser)
        .order_by(Site.name, Site.id)
    )
    kinds = await session.execute(
        select(TaskType.id, TaskType.name_fi, TaskType.name_sv, TaskType.name_en)
        .where(TaskType.organiser_id == organiser)
        .order_by(TaskType.number, TaskType.version)
    )
    employers = await session.execute(
        select(Employer.id, Employer.name)
        .where(Employer.organiser_id == organiser)
        .order_by(Employer.name, Employer.id)
    )
    return replace(
        found,
        employers={str(id_): name for id_, name in employers},
        parties={str(id_): name for id_, name in parties},
        tasks={str(row.id): (row.name_fi, row.name_sv, row.name_en) for row in kinds},
        sites={str(row.id): (str(row.party_id), f"{row.name}, {row.address}") for row in sites},
    )
