"""A person assigns: one client to one place, or a list of people to be asked in turn.

What an assignment takes, all at once or not at all, is in `holding`.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.benefits import Override
from jobcenter.database import asker
from jobcenter.errors import CeilingPassed, CeilingTold, Conflict, NotAllowed, NotFound
from jobcenter.orders.gigs import Gig, GigStatus
from jobcenter.orders.holding import hold, place_is_kept
from jobcenter.orders.locking import locked_client, locked_order
from jobcenter.orders.proposals import Proposal, ProposalRow


async def assign(
    session: AsyncSession,
    *,
    order_id: UUID,
    place_no: int,
    client_id: UUID,
    start: datetime,
    now: datetime,
    override_reason: str | None = None,
) -> Gig:
    """Assign a client of the asker's own unit; raises a `Conflict` when somebody was faster.

    At an earnings limit, only those who may pass it are told the figures (`CeilingTold`).
    """
    who = asker(session)
    if not who.may("assign") or who.actor_id is None:
        raise NotAllowed
    client = await locked_client(session, client_id)
    who.require(client.unit_id, "assign")
    override = Override(override_reason) if override_reason else None
    if override:
        who.require(client.unit_id, "override_ceiling")
    order = await locked_order(session, order_id)
    try:
        return await hold(
            session, order, client, place_no, start, by=who.actor_id, now=now, override=override
        )
    except CeilingPassed as passed:
        if who.may_in(client.unit_id, "override_ceiling"):
            raise CeilingTold(None, **passed.values) from None
        raise


async def open_list(session: AsyncSession, *, proposal_id: UUID, now: datetime) -> Proposal:
    """Note who has a list open: from now on it changes only where an entry became impossible."""
    who = asker(session)
    if not who.may("assign"):
        raise NotAllowed
    proposal = await _locked_list(session, proposal_id)
    if proposal.opened_at is None:
        proposal.opened_by = who.actor_id
        proposal.opened_at = now
    return proposal


async def approve_list(
    session: AsyncSession, *, proposal_id: UUID, ranks: Sequence[int], now: datetime
) -> Gig:
    """Approve asking these people in turn, once, and ask the first of them."""
    who = asker(session)
    if not who.may("assign") or who.actor_id is None:
        raise NotAllowed
    proposal = await _locked_list(session, proposal_id)
    rows = await _rows(session, proposal)
    chosen = {row.rank: row for row in rows if who.may_in(row.unit_id, "assign")}
    if not ranks or any(rank not in chosen for rank in ranks):
        raise NotFound
    # Before any row of the list is written: whoever assigns locks the client first.
    await locked_client(session, chosen[ranks[0]].client_id)
    await locked_order(session, proposal.order_id)
    proposal.approved_by = who.actor_id
    proposal.approved_at = now
    for turn, rank in enumerate(ranks, start=1):
        chosen[rank].in_turn = turn
    await session.flush()
    gig = await ask_next(session, proposal_id=proposal_id, now=now)
    if gig is None:
        raise Conflict
    return gig


async def ask_next(session: AsyncSession, *, proposal_id: UUID, now: datetime) -> Gig | None:
    """Ask the next person of an approved list; None when nobody on it is left or the place is full.

    The only way in which a machine makes an assignment: from a list row that a person approved.
    """
    proposal = await _locked_list(session, proposal_id)
    if proposal.approved_by is None or proposal.closed_at is not None:
        return None
    row = await _next_row(session, proposal)
    if row is None:
        return None
    client = await locked_client(session, row.client_id)
    order = await locked_order(session, proposal.order_id)
    if await place_is_kept(session, order, proposal.place_no):
        return None
    return await hold(
        session, order, client, proposal.place_no, row.start, by=proposal.approved_by, now=now
    )


async def pass_over(session: AsyncSession, *, proposal_id: UUID) -> None:
    """Take the next person of an approved list out, because they cannot be asked any more."""
    proposal = await _locked_list(session, proposal_id)
    row = await _next_row(session, proposal)
    if row is not None:
        row.state = "out"


async def _next_row(session: AsyncSession, proposal: Proposal) -> ProposalRow | None:
    """Return who is asked next: in the approved order, until somebody had the place and gave it up.

    From then on the others are reserves: whoever was asked least recently comes first.
    """
    rows = [row for row in await _rows(session, proposal) if row.in_turn and row.state == "waiting"]
    if len(rows) > 1 and await _was_given_up(session, proposal):
        asked = await _last_asked(session, rows)
        never = datetime.min.replace(tzinfo=UTC)
        rows.sort(key=lambda row: (asked.get(row.client_id, never), row.in_turn or 0))
    return rows[0] if rows else None


async def _was_given_up(session: AsyncSession, proposal: Proposal) -> bool:
    """Tell whether somebody had said yes to the place and then could not come."""
    found = await session.scalar(
        select(Gig.id)
        .where(Gig.organiser_id == proposal.organiser_id, Gig.order_id == proposal.order_id)
        .where(Gig.place_no == proposal.place_no, Gig.answered_at.is_not(None))
        .where(Gig.status.in_((GigStatus.WITHDRAWN.value, GigStatus.CANCELLED.value)))
        .limit(1)
    )
    return found is not None


async def _last_asked(session: AsyncSession, rows: Sequence[ProposalRow]) -> dict[UUID, datetime]:
    found = await session.execute(
        select(Gig.client_id, func.max(Gig.assigned_at))
        .where(Gig.organiser_id == asker(session).organiser_id)
        .where(Gig.client_id.in_([row.client_id for row in rows]))
        .group_by(Gig.client_id)
    )
    return {row[0]: row[1] for row in found}


async def _locked_list(session: AsyncSession, proposal_id: UUID) -> Proposal:
    proposal = await session.get(
        Proposal, (asker(session).organiser_id, proposal_id), with_for_update=True
    )
    if proposal is None:
        raise NotFound
    return proposal


async def _rows(session: AsyncSession, proposal: Proposal) -> list[ProposalRow]:
    rows = await session.scalars(
        select(ProposalRow)
        .where(
            ProposalRow.organiser_id == proposal.organiser_id,
            ProposalRow.proposal_id == proposal.id,
        )
        .order_by(ProposalRow.in_turn.nulls_last(), ProposalRow.rank)
    )
    return list(rows)
