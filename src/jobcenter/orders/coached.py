"""Whether a coach visit lies within the decision that its coaching needs, where it needs one.

Only what is booked anew, or moved to a later day, is asked: a decision that ends never takes away
a visit that is booked.
"""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.errors import DecisionMissing
from jobcenter.people.clients import Client
from jobcenter.people.decisions import (
    OTHER_UNIT,
    OWN_UNIT,
    CoachingRule,
    Lacking,
    ServiceDecision,
    lacking,
    needed,
)
from jobcenter.reference.units import LEGAL_BASES
from jobcenter.texts import say
from jobcenter.times import local


async def check(
    session: AsyncSession, client: Client, *, unit_id: UUID, ends: Iterable[datetime]
) -> None:
    """Raise `DecisionMissing`, with the date, when a visit by a coach of that unit is too late."""
    days = sorted({local(end).date() for end in ends})
    for day in days:
        found = await lack(session, client, unit_id=unit_id, day=day)
        if found:
            raise _refusal(found, day, asker(session).language)


async def lack(
    session: AsyncSession, client: Client, *, unit_id: UUID, day: date
) -> Lacking | None:
    """Return the decision that a visit of that day by a coach of that unit would lack."""
    rules = await session.scalars(
        select(CoachingRule).where(CoachingRule.organiser_id == client.organiser_id)
    )
    coaching = OWN_UNIT if unit_id == client.unit_id else OTHER_UNIT
    kind = needed(rules, coaching=coaching, legal_basis=client.legal_basis, day=day)
    if kind is None:
        return None
    decisions = await session.scalars(
        select(ServiceDecision).where(
            ServiceDecision.organiser_id == client.organiser_id,
            ServiceDecision.client_id == client.id,
        )
    )
    return lacking(decisions, kind=kind, day=day)


async def any_lack(
    session: AsyncSession, clients: Iterable[Client], *, unit_id: UUID, day: date
) -> bool:
    """Whether any of these would lack a decision for a visit of that day by that unit's coach."""
    for client in clients:
        if await lack(session, client, unit_id=unit_id, day=day):
            return True
    return False


def _refusal(found: Lacking, day: date, language: str) -> DecisionMissing:
    law = say(language, LEGAL_BASES.get(found.kind, found.kind))
    if found.ended_on is None:
        return DecisionMissing(
            "The coach visit of {day} needs a decision, and none is written down: {law}.",
            day=f"{day:%-d.%-m.%Y}",
            law=law,
        )
    return DecisionMissing(
        "The decision ended on {ended}, so no coach visit can be booked for {day}: {law}.",
        ended=f"{found.ended_on:%-d.%-m.%Y}",
        day=f"{day:%-d.%-m.%Y}",
        law=law,
    )
