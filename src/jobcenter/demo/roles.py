"""A way in for everybody: sign-in links, and one client with a real offer to answer."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import Database, Who, asker
from jobcenter.errors import Conflict
from jobcenter.notices import Notice
from jobcenter.orders.assigning import assign
from jobcenter.orders.gigs import CoachVisit, Gig, GigStatus, VisitGig
from jobcenter.orders.model import Order, OrderStatus
from jobcenter.orders.proposals import Proposal, ProposalRow
from jobcenter.people.clients import Client
from jobcenter.people.sessions import who_is
from jobcenter.people.staff import Coach, Grant, User

# So many of the best proposals are tried; another may have been quicker at one of them.
TRIES = 25
OUT_IN_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Offer:
    """A gig that waits for its client's answer, with who belongs to it."""

    gig_id: UUID
    emails: Mapping[str, str]
    """The people who can sign in, by role."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """The first of a list, and the order's place that it is for."""

    order_id: UUID
    place_no: int
    client_id: UUID
    unit_id: UUID
    start: datetime


async def offer(database: Database, who: Who, *, now: datetime) -> Offer | None:
    """Return an offer that is open, or make one by assigning as a coordinator does."""
    found = await database.read(who, open_offer, now=now)
    if found is None:
        for candidate in await database.read(who, candidates, now=now):
            coordinator = await database.read(
                who, coordinator_of, unit_id=candidate.unit_id, now=now
            )
            if await _assigned(database, coordinator, candidate, now):
                break
        found = await database.read(who, open_offer, now=now)
    return found


async def _assigned(
    database: Database, coordinator: Who, candidate: Candidate, now: datetime
) -> bool:
    try:
        await database.act(
            coordinator,
            assign,
            order_id=candidate.order_id,
            place_no=candidate.place_no,
            client_id=candidate.client_id,
            start=candidate.start,
            now=now,
        )
    except Conflict:
        return False
    return True


async def candidates(session: AsyncSession, *, now: datetime) -> Sequence[Candidate]:
    """Return the joint plan's picks that wait for a coordinator, those with most visits first."""
    rows = await session.execute(
        select(
            Proposal.order_id,
            Proposal.place_no,
            ProposalRow.client_id,
            ProposalRow.unit_id,
            ProposalRow.start,
            ProposalRow.visits,
        )
        .join(
            ProposalRow,
            (ProposalRow.organiser_id == Proposal.organiser_id)
            & (ProposalRow.proposal_id == Proposal.id),
        )
        .join(
            Order, (Order.organiser_id == Proposal.organiser_id) & (Order.id == Proposal.order_id)
        )
        .where(
            Proposal.organiser_id == asker(session).organiser_id,
            Proposal.closed_at.is_(None),
            Proposal.approved_by.is_(None),
            ProposalRow.rank == 1,
            ProposalRow.state == "waiting",
            ProposalRow.start > now,
            Order.status == OrderStatus.OPEN.value,
        )
        .order_by(ProposalRow.start, Proposal.id)
    )
    found = sorted(rows.all(), key=lambda row: not any(_is_present(v) for v in row[5]))
    return [Candidate(*row[:5]) for row in found[:TRIES]]


def _is_present(visit: dict[str, object]) -> bool:
    return visit.get("presence", "present") == "present"


async def coordinator_of(session: AsyncSession, *, unit_id: UUID, now: datetime) -> Who:
    """Return the coordinator of a unit, with their rights."""
    user = await session.scalars(
        select(User)
        .join(Grant, (Grant.organiser_id == User.organiser_id) & (Grant.user_id == User.id))
        .where(
            User.organiser_id == asker(session).organiser_id,
            User.disabled_at.is_(None),
            Grant.role == "coordinator",
            Grant.unit_id == unit_id,
        )
        .order_by(User.email)
        .limit(1)
    )
    return await who_is(session, user.one(), now)


async def open_offer(session: AsyncSession, *, now: datetime) -> Offer | None:
    """Return the newest offer that still waits for an answer and really travels."""
    organiser_id = asker(session).organiser_id
    # One that was made up with the city was never sent: no gateway has a reference to it.
    told = exists().where(
        Notice.organiser_id == Gig.organiser_id,
        Notice.gig_id == Gig.id,
        Notice.kind == "offer",
        or_(Notice.state != "sent", Notice.reference.is_not(None)),
    )
    row = (
        await session.execute(
            select(Gig.id, Order.placed_by, Client.unit_id)
            .join(Order, (Order.organiser_id == Gig.organiser_id) & (Order.id == Gig.order_id))
            .join(Client, (Client.organiser_id == Gig.organiser_id) & (Client.id == Gig.client_id))
            .where(
                Gig.organiser_id == organiser_id,
                Gig.status == GigStatus.ASSIGNED.value,
                Gig.answer_by > now,
                told,
            )
            .order_by(Gig.assigned_at.desc(), Gig.id)
            .limit(1)
        )
    ).one_or_none()
    if row is None:
        return None
    gig_id, placed_by, unit_id = row
    coordinator = await coordinator_of(session, unit_id=unit_id, now=now)
    emails = {
        "orderer": await _email(session, placed_by),
        "coordinator": await _email(session, coordinator.actor_id),
        "coach": await _coach(session, gig_id, unit_id),
        "admin": await _holder(session, "admin"),
        "log officer": await _holder(session, "data_protection_officer"),
    }
    return Offer(gig_id, {role: email for role, email in emails.items() if email})


async def _email(session: AsyncSession, user_id: UUID | None) -> str | None:
    """Return the address of a user; an order may have been placed without signing in."""
    return await session.scalar(
        select(User.email).where(
            User.organiser_id == asker(session).organiser_id, User.id == user_id
        )
    )


async def _holder(session: AsyncSession, role: str) -> str | None:
    """Return the address of somebody who has this role."""
    return await session.scalar(
        select(User.email)
        .join(Grant, (Grant.organiser_id == User.organiser_id) & (Grant.user_id == User.id))
        .where(User.organiser_id == asker(session).organiser_id, Grant.role == role)
        .where(User.disabled_at.is_(None))
        .order_by(User.email)
        .limit(1)
    )


async def _coach(session: AsyncSession, gig_id: UUID, unit_id: UUID) -> str | None:
    """Return the coach who is there at the gig, or one of the unit."""
    visits = (
        select(CoachVisit.coach_id)
        .join(
            VisitGig,
            (VisitGig.organiser_id == CoachVisit.organiser_id)
            & (VisitGig.visit_id == CoachVisit.id),
        )
        .where(CoachVisit.organiser_id == Coach.organiser_id, VisitGig.gig_id == gig_id)
    )
    return await session.scalar(
        select(User.email)
        .join(Coach, (Coach.organiser_id == User.organiser_id) & (Coach.user_id == User.id))
        .where(Coach.organiser_id == asker(session).organiser_id, Coach.unit_id == unit_id)
        .order_by(Coach.id.in_(visits).desc(), User.email)
        .limit(1)
    )


async def wait_until_sent(
    database: Database, who: Who, gig_id: UUID, *, patience: float = OUT_IN_SECONDS
) -> bool:
    """Wait a moment for the message of an offer to be on its way."""
    waited = 0.0
    while waited <= patience:
        if await database.read(who, _is_sent, gig_id=gig_id):
            return True
        await asyncio.sleep(0.25)
        waited += 0.25
    return False


async def _is_sent(session: AsyncSession, *, gig_id: UUID) -> bool:
    found = await session.scalar(
        select(Notice.id).where(
            Notice.organiser_id == asker(session).organiser_id,
            Notice.gig_id == gig_id,
            Notice.kind == "offer",
            Notice.state == "sent",
        )
    )
    return found is not None
