"""What a client's own page tells of their support, and of why they were asked to a gig.

Read it only for a browser in which the PIN was given, and after the look is logged.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker, meets
from jobcenter.orders.proposals import Proposal, ProposalRow
from jobcenter.orders.sentences import to_client
from jobcenter.people import closing
from jobcenter.people.clients import ClientNeed
from jobcenter.support import ACTIONS, NEEDS


@dataclass(frozen=True, slots=True)
class OwnNeed:
    """One need as its owner reads it: English words, which the page translates."""

    name: str
    level: int
    does: str
    """What a coach does about it at this level."""
    note: str
    assessed_on: date
    review_on: date | None


async def needs(session: AsyncSession, *, client_id: UUID) -> tuple[OwnNeed, ...]:
    """Return the client's needs, the strongest first, with what helps in their own words."""
    notes = (await closing.need_notes(session, [client_id])).get(client_id, {})
    rows = await session.scalars(
        select(ClientNeed)
        .where(ClientNeed.organiser_id == asker(session).organiser_id)
        .where(ClientNeed.client_id == client_id)
        .order_by(ClientNeed.level.desc(), ClientNeed.code)
    )
    return tuple(
        OwnNeed(
            name=NEEDS[row.code],
            level=row.level,
            does=ACTIONS[row.code, row.level].says,
            note=notes.get(row.code, ""),
            assessed_on=row.assessed_on,
            review_on=row.review_on,
        )
        for row in rows
    )


async def reasons(
    session: AsyncSession, *, client_id: UUID, orders: Collection[UUID]
) -> Mapping[UUID, tuple[str, ...]]:
    """Return, by order, why this client was asked, in words to them; nothing of anybody else."""
    if not orders:
        return {}
    who = asker(session)
    # Of several lists on which they were asked, the one that was used: the newest.
    rows = await session.execute(
        select(Proposal.order_id, ProposalRow.reasons)
        .ext(distinct_on(Proposal.order_id))
        .join(Proposal, meets(ProposalRow, "proposal_id", Proposal))
        .where(ProposalRow.organiser_id == who.organiser_id, ProposalRow.client_id == client_id)
        .where(ProposalRow.state == "asked", Proposal.order_id.in_(orders))
        .order_by(Proposal.order_id, Proposal.made_at.desc(), Proposal.id)
    )
    return {order_id: to_client(who.language, stored) for order_id, stored in rows}
