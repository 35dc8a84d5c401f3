"""Who could take an order's places: ranked lists, near misses, and who waits for support.

Only clients of the asker's own units, and only those whose look is already logged (`seen`).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, cast, exists, or_, select, union
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from jobcenter.database import Json, asker, meets
from jobcenter.orders.gigs import Gig
from jobcenter.orders.proposals import NearMiss, Proposal, ProposalRow
from jobcenter.orders.sentences import worded
from jobcenter.people import closing
from jobcenter.people.clients import Client
from jobcenter.people.closing import Contact
from jobcenter.people.staff import Coach, User

# Points behind the best of a list within which somebody still fits as well, or well.
BEST_WITHIN = 40
GOOD_WITHIN = 120


@dataclass(frozen=True, slots=True)
class VisitThatFits:
    """A coach visit that would be held if this person were assigned."""

    coach: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person on a list; how well they fit is told in words, never as a number."""

    rank: int
    client_id: UUID
    unit_id: UUID
    name: str
    start: datetime
    band: str
    reasons: tuple[str, ...]
    visits: tuple[VisitThatFits, ...]
    state: str
    in_turn: int | None
    elsewhere: str = ""
    """Where the joint plan needs them, or their coach, more; empty once that is no longer so."""


@dataclass(frozen=True, slots=True)
class RankedList:
    """The list of one place, best first."""

    proposal_id: UUID
    place_no: int
    made_at: datetime
    opened_at: datetime | None
    approved_by: str | None
    approved_at: datetime | None
    unfilled_reason: str | None
    candidates: tuple[Candidate, ...]

    @property
    def waiting(self) -> tuple[Candidate, ...]:
        """Return those who can still be asked."""
        return tuple(one for one in self.candidates if one.state == "waiting")

    @property
    def reserves(self) -> tuple[Candidate, ...]:
        """Return those whom a person approved to be asked in turn and who still wait."""
        return tuple(one for one in self.waiting if one.in_turn and self.approved_at)


@dataclass(frozen=True, slots=True)
class AlmostFits:
    """Somebody who almost fits: the first rule that fails, and what would make it fit."""

    client_id: UUID
    name: str
    rule: str
    waits_for_support: bool
    why: str
    fits_if: str


async def faces(session: AsyncSession, *, order_id: UUID) -> frozenset[UUID]:
    """Return whose data the order's page will show, so that the looks can be logged first.

    They are of the units that the asker plans for, not of those in which they only coach, say.
    """
    who = asker(session)
    on_lists = (
        select(ProposalRow.client_id, ProposalRow.unit_id)
        .join(
            Proposal,
            meets(ProposalRow, "proposal_id", Proposal),
        )
        .where(ProposalRow.organiser_id == who.organiser_id, Proposal.order_id == order_id)
        .where(Proposal.closed_at.is_(None))
    )
    almost = select(NearMiss.client_id, NearMiss.unit_id).where(
        NearMiss.organiser_id == who.organiser_id, NearMiss.order_id == order_id
    )
    working = (
        select(Gig.client_id, Client.unit_id)
        .join(Client, meets(Gig, "client_id", Client))
        .where(Gig.organiser_id == who.organiser_id, Gig.order_id == order_id)
    )
    rows = await session.execute(union(on_lists, almost, working))
    return frozenset(client for client, unit in rows if who.may_in(unit, "assign"))


async def lists(
    session: AsyncSession, *, order_id: UUID, seen: Collection[UUID]
) -> dict[int, RankedList]:
    """Return the current list of each place, with the asker's own people only."""
    who = asker(session)
    heads = await session.execute(
        select(Proposal, User.name)
        .outerjoin(User, meets(Proposal, "approved_by", User))
        .where(Proposal.organiser_id == who.organiser_id, Proposal.order_id == order_id)
        .where(Proposal.closed_at.is_(None))
        .order_by(Proposal.place_no)
    )
    found = heads.all()
    listed = (
        await session.execute(
            select(ProposalRow, _is_needed_there())
            .where(ProposalRow.organiser_id == who.organiser_id)
            .where(ProposalRow.proposal_id.in_([head.id for head, _ in found]))
            .where(ProposalRow.client_id.in_(seen))
            .order_by(ProposalRow.rank)
        )
    ).all()
    rows = [row for row, _ in listed]
    needed = {(row.proposal_id, row.client_id) for row, is_needed in listed if is_needed}
    names = await closing.contacts(session, {row.client_id for row in rows})
    coaches = await coach_names(session, {_uuid(v["coach_id"]) for row in rows for v in row.visits})
    return {
        head.place_no: _ranked(
            head,
            approver,
            [row for row in rows if row.proposal_id == head.id],
            needed,
            names,
            coaches,
            who.language,
        )
        for head, approver in found
    }


def _is_needed_there() -> ColumnElement[bool]:
    """Whether the current list of the other order still has them, or has whom the coach helps."""
    there, row = aliased(Proposal), aliased(ProposalRow)
    return exists().where(
        there.organiser_id == ProposalRow.organiser_id,
        there.order_id == cast(ProposalRow.elsewhere["order_id"].astext, Uuid),
        there.closed_at.is_(None),
        row.organiser_id == there.organiser_id,
        row.proposal_id == there.id,
        row.planned,
        row.state == "waiting",
        or_(
            row.client_id == ProposalRow.client_id,
            ProposalRow.elsewhere["who"].astext == "coach",
        ),
    )


def _ranked(
    head: Proposal,
    approver: str | None,
    rows: Collection[ProposalRow],
    needed: Collection[tuple[UUID, UUID]],
    names: Mapping[UUID, Contact],
    coaches: Mapping[UUID, str],
    language: str,
) -> RankedList:
    best = max((row.score for row in rows), default=0)
    return RankedList(
        proposal_id=head.id,
        place_no=head.place_no,
        made_at=head.made_at,
        opened_at=head.opened_at,
        approved_by=approver,
        approved_at=head.approved_at,
        unfilled_reason=head.unfilled_reason,
        candidates=tuple(
            Candidate(
                rank=row.rank,
                client_id=row.client_id,
                unit_id=row.unit_id,
                name=full_name(names.get(row.client_id)),
                start=row.start,
                band=band(row.score, best),
                reasons=tuple(_said(language, reason) for reason in row.reasons),
                visits=tuple(_visit(visit, coaches) for visit in row.visits),
                state=row.state,
                in_turn=row.in_turn,
                elsewhere=_said(
                    language, (row.elsewhere if (head.id, row.client_id) in needed else {}) or {}
                ),
            )
            for row in rows
        ),
    )


def band(score: int, best: int) -> str:
    """Tell how well somebody fits beside the best of the same list."""
    if score >= best - BEST_WITHIN:
        return "best"
    return "good" if score >= best - GOOD_WITHIN else "possible"


def _visit(visit: Json, coaches: Mapping[UUID, str]) -> VisitThatFits:
    start = datetime.fromisoformat(str(visit["start"]))
    return VisitThatFits(
        coach=coaches.get(_uuid(visit["coach_id"]), ""),
        start=start,
        end=start + timedelta(minutes=int(str(visit["minutes"]))),
    )


def _uuid(value: object) -> UUID:
    return UUID(str(value))


def _said(language: str, stored: Json) -> str:
    """Put a sentence of the matcher into words; nothing when there is none."""
    return worded(language, stored) if stored.get("sentence") else ""


def full_name(contact: Contact | None) -> str:
    """Return what staff call a client; empty when the contact may not be read."""
    return f"{contact.given_name} {contact.family_name}" if contact else ""


async def near_misses(
    session: AsyncSession, *, order_id: UUID, seen: Collection[UUID]
) -> tuple[AlmostFits, ...]:
    """Return who of the asker's own people almost fits; those who wait for support come first."""
    who = asker(session)
    rows = (
        await session.scalars(
            select(NearMiss)
            .where(NearMiss.organiser_id == who.organiser_id, NearMiss.order_id == order_id)
            .where(NearMiss.client_id.in_(seen))
            .order_by(NearMiss.waits_for_support.desc(), NearMiss.rule, NearMiss.client_id)
        )
    ).all()
    names = await closing.contacts(session, {row.client_id for row in rows})
    return tuple(
        AlmostFits(
            client_id=row.client_id,
            name=full_name(names.get(row.client_id)),
            rule=row.rule,
            waits_for_support=row.waits_for_support,
            why=_said(who.language, row.why),
            fits_if=_said(who.language, row.fits_if),
        )
        for row in rows
    )


async def coach_names(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the names of coaches."""
    rows = await session.execute(
        select(Coach.id, Coach.name).where(
            Coach.organiser_id == asker(session).organiser_id, Coach.id.in_(ids)
        )
    )
    return dict(rows.all())
