"""Where else somebody could go: other open orders whose current lists name them, best first.

For the unit of the client only, and after a look: it tells of one person.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, exists, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker, meets
from jobcenter.orders.model import Order, OrderStatus
from jobcenter.orders.proposals import Proposal, ProposalRow
from jobcenter.orders.queries.cards import district_name, task_name
from jobcenter.orders.queries.lists import full_name
from jobcenter.orders.windows import TakenPlace
from jobcenter.people import closing
from jobcenter.people.parties import District, Site, TaskType

MOST = 2


@dataclass(frozen=True, slots=True)
class OtherTask:
    """An open order on whose list somebody stands, with the start that was proposed for them."""

    order_id: UUID
    number: int
    task: str
    site: str
    district: str
    start: datetime


@dataclass(frozen=True, slots=True)
class Chances:
    """What is left for somebody whose task went to somebody else."""

    name: str = ""
    tasks: tuple[OtherTask, ...] = ()


async def chances(
    session: AsyncSession, *, client_id: UUID, order_id: UUID, now: datetime
) -> Chances:
    """Return up to two other tasks for a client of one of the asker's own units."""
    who = asker(session)
    best = _best_rows(client_id, order_id, now, who.units_with("assign")).subquery()
    rows = await session.execute(
        select(
            Order.id,
            Order.number,
            task_name(who.language),
            Site.name,
            district_name(who.language),
            best.c.start,
        )
        .join(best, best.c.order_id == Order.id)
        .join(TaskType, meets(Order, "task_type_id", TaskType))
        .join(Site, meets(Order, "site_id", Site))
        .join(District, District.postcode == Site.postcode)
        .where(Order.organiser_id == who.organiser_id)
        .order_by(best.c.planned.desc(), best.c.score.desc(), best.c.start, Order.id)
        .limit(MOST)
    )
    tasks = tuple(OtherTask(*row) for row in rows)
    if not tasks:
        return Chances()
    names = await closing.contacts(session, {client_id})
    return Chances(full_name(names.get(client_id)), tasks)


def _best_rows(
    client_id: UUID, order_id: UUID, now: datetime, units: Collection[UUID]
) -> Select[UUID, datetime, bool, int]:
    """Select the client's best row on the current lists of each other order, where one is free."""
    taken = exists().where(
        TakenPlace.organiser_id == Proposal.organiser_id,
        TakenPlace.order_id == Proposal.order_id,
        TakenPlace.place_no == Proposal.place_no,
    )
    return (
        select(Proposal.order_id, ProposalRow.start, ProposalRow.planned, ProposalRow.score)
        .ext(distinct_on(Proposal.order_id))
        .join(Proposal, meets(ProposalRow, "proposal_id", Proposal))
        .join(Order, meets(Proposal, "order_id", Order))
        .where(ProposalRow.client_id == client_id, ProposalRow.unit_id.in_(units))
        .where(ProposalRow.state == "waiting", ProposalRow.start > now)
        .where(Proposal.closed_at.is_(None), Proposal.order_id != order_id, ~taken)
        .where(Order.status == OrderStatus.OPEN.value)
        .order_by(
            Proposal.order_id,
            ProposalRow.planned.desc(),
            ProposalRow.score.desc(),
            ProposalRow.start,
        )
    )
