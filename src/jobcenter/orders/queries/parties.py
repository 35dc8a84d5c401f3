"""An ordering party as staff see it: who they are, who orders for them, what they accepted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Row, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker, meets
from jobcenter.errors import NotFound
from jobcenter.orders.model import Order
from jobcenter.orders.windows import AcceptedTerms
from jobcenter.people import registered, terms
from jobcenter.people.employing import PartyEmployer, employer_on
from jobcenter.people.parties import Employer, OrderingParty
from jobcenter.people.registered import RegisterAnswer
from jobcenter.people.staff import Grant, Role, User
from jobcenter.people.terms import Accepted
from jobcenter.reference.retention import BOUNDS
from jobcenter.times import local

Person = Row[str, str]
Move = Row[date, str]
# The shortest time after which an organiser may have a party that orders no more forgotten.
QUIET = timedelta(days=BOUNDS["party"][0])


@dataclass(frozen=True, slots=True)
class PartySheet:
    """One party with its people and the terms it accepted."""

    party: OrderingParty
    people: Sequence[Person]
    accepted: Sequence[Accepted]
    register: RegisterAnswer | None
    employer: str
    """Their employer of record of today."""
    moves: Sequence[Move]
    """Another from a day to come."""


async def sheet(session: AsyncSession, *, party_id: UUID, now: datetime) -> PartySheet:
    """Return a party for staff."""
    party = await session.get(OrderingParty, (asker(session).organiser_id, party_id))
    if party is None:
        raise NotFound
    today = local(now).date()
    return PartySheet(
        party=party,
        employer=await _employer(session, party, today),
        moves=await _moves(session, party, today),
        people=await _people(session, party),
        accepted=await terms.accepted_by(session, party_id=party.id),
        register=await session.scalar(
            select(RegisterAnswer).where(
                RegisterAnswer.organiser_id == party.organiser_id,
                RegisterAnswer.party_id == party.id,
                RegisterAnswer.business_id == party.business_id,
            )
        ),
    )


async def _employer(session: AsyncSession, party: OrderingParty, today: date) -> str:
    employer_id = await employer_on(session, party, today)
    found = await session.get(Employer, (party.organiser_id, employer_id)) if employer_id else None
    return found.name if found else ""


async def _moves(session: AsyncSession, party: OrderingParty, today: date) -> Sequence[Move]:
    rows = await session.execute(
        select(PartyEmployer.valid_from, Employer.name)
        .join(Employer, meets(PartyEmployer, "employer_id", Employer))
        .where(PartyEmployer.organiser_id == party.organiser_id)
        .where(PartyEmployer.party_id == party.id, PartyEmployer.valid_from > today)
        .order_by(PartyEmployer.valid_from)
    )
    return rows.all()


def orders_no_more(since: datetime) -> ColumnElement[bool]:
    """Whether a party ordered once, and has neither ordered nor had work since."""
    ordered = exists().where(
        Order.organiser_id == OrderingParty.organiser_id, Order.party_id == OrderingParty.id
    )
    newer = ordered.where((Order.placed_at >= since) | (Order.last_end >= since))
    return ordered & ~newer


async def to_look_up(session: AsyncSession, *, now: datetime) -> Sequence[Row[UUID, str | None]]:
    """Return parties whose business id the register is to be asked about.

    Not of those that have long ordered nothing: what was let go of would come back each night.
    """
    return await registered.unchecked(session, among=~orders_no_more(now - QUIET), now=now)


async def _people(session: AsyncSession, party: OrderingParty) -> Sequence[Person]:
    rows = await session.execute(
        select(User.name, func.string_agg(Role.called(asker(session).language), ", "))
        .join(Grant, (Grant.organiser_id == User.organiser_id) & (Grant.user_id == User.id))
        .join(Role, (Role.organiser_id == Grant.organiser_id) & (Role.code == Grant.role))
        .where(Grant.organiser_id == party.organiser_id, Grant.party_id == party.id)
        .where(User.disabled_at.is_(None))
        .group_by(User.organiser_id, User.id)
        .order_by(User.name, User.id)
    )
    return rows.all()


async def own_accepted(session: AsyncSession) -> Sequence[AcceptedTerms]:
    """Return what the asker's own party has accepted, the newest first."""
    rows = await session.scalars(
        select(AcceptedTerms)
        .where(AcceptedTerms.organiser_id == asker(session).organiser_id)
        .order_by(AcceptedTerms.at.desc())
    )
    return rows.all()
