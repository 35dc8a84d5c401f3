"""Reads what stands under a round: places of work, units, benefit rules, weights."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.benefits import BenefitRule
from jobcenter.database import asker
from jobcenter.effects import Kind, Rule
from jobcenter.matching.loading.facts import SiteFact
from jobcenter.orders.gigs import Gig
from jobcenter.orders.model import Order
from jobcenter.orders.planning import WORKED
from jobcenter.people.decisions import CoachingRule
from jobcenter.people.parties import Figure, Site, Unit
from jobcenter.travel import Metres, metres

KINDS: Mapping[str, Kind] = {
    "MONTH": "MONTH",
    "CALENDAR_YEAR": "CALENDAR_YEAR",
    "TAPER": "TAPER",
}


async def sites(session: AsyncSession) -> dict[UUID, SiteFact]:
    """Return every place of work, and whether a coach or somebody's work has made it known."""
    # Only the columns that the matcher may read: a bare EXISTS would ask for all.
    worked_there = (
        select(Gig.id)
        .join(Order, (Order.organiser_id == Gig.organiser_id) & (Order.id == Gig.order_id))
        .where(
            Gig.organiser_id == Site.organiser_id,
            Gig.status.in_(WORKED),
            Order.site_id == Site.id,
        )
        .correlate(Site)
        .exists()
    )
    rows = await session.execute(
        select(Site.id, Site.lat, Site.lon, Site.confirmed_on.is_not(None) | worked_there).where(
            Site.organiser_id == asker(session).organiser_id
        )
    )
    return {id_: SiteFact(id_, metres(lat, lon), known) for id_, lat, lon, known in rows}


async def units(session: AsyncSession) -> dict[UUID, Metres]:
    """Return where the open units are."""
    rows = await session.execute(
        select(Unit.id, Unit.lat, Unit.lon).where(
            Unit.organiser_id == asker(session).organiser_id, Unit.active
        )
    )
    return {unit_id: metres(lat, lon) for unit_id, lat, lon in rows}


async def rules(session: AsyncSession) -> tuple[Rule, ...]:
    """Return the benefit rules of all dates."""
    rows = await session.scalars(
        select(BenefitRule)
        .where(BenefitRule.organiser_id == asker(session).organiser_id)
        .order_by(BenefitRule.benefit, BenefitRule.kind, BenefitRule.valid_from)
    )
    return tuple(
        Rule(
            benefit=row.benefit,
            kind=KINDS[row.kind],
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            source=row.source,
            amount_cents=row.amount_cents,
            counts_by="work" if row.counts_by == "work" else "payment",
        )
        for row in rows
    )  # fmt: skip


async def coaching(session: AsyncSession) -> Sequence[CoachingRule]:
    """Return which decision coaching needs, by the rows of all dates."""
    rows = await session.scalars(
        select(CoachingRule).where(CoachingRule.organiser_id == asker(session).organiser_id)
    )
    return rows.all()


async def weights(session: AsyncSession, day: date) -> dict[str, int]:
    """Return the weights that the organiser has set for today; the rest keep their defaults.

    A step of urgency is told by its kind and key, in hours.
    """
    rows = await session.execute(
        select(Figure.kind, Figure.key, Figure.amount)
        .where(
            Figure.organiser_id == asker(session).organiser_id,
            Figure.kind.in_(("weight", "urgency_hours")),
            Figure.holds_on(day),
        )
        .order_by(Figure.valid_from)
    )
    return {key if kind == "weight" else f"{kind} {key}": amount for kind, key, amount in rows}
