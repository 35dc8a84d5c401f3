"""What closing a client's case would do, told before it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker, meets
from jobcenter.errors import NotFound
from jobcenter.notices import Todo
from jobcenter.orders.gigs import LIVE, Gig, GigStatus
from jobcenter.orders.model import Order
from jobcenter.orders.proposals import ProposalRow
from jobcenter.orders.queries.cards import task_name
from jobcenter.orders.terms import figures
from jobcenter.people import closing
from jobcenter.people.clients import Client
from jobcenter.people.parties import Site, TaskType
from jobcenter.reference.retention import KIND
from jobcenter.times import local

RECORD = "client"


@dataclass(frozen=True, slots=True)
class Planned:
    """A gig that is still open, by its task and place."""

    gig: Gig
    task: str
    site: str


@dataclass(frozen=True, slots=True)
class Leaving:
    """Who leaves, which agreed gigs stand in the way, and what ends with the case."""

    client: Client
    name: str
    agreed: tuple[Planned, ...]
    offers: tuple[Planned, ...]
    lists: int
    todos: int
    kept_days: int | None
    """How many days the record is kept after the last one; empty where no rule says."""

    @property
    def kept_until(self) -> date | None:
        """Return the day on which a case that is closed is erased."""
        if self.kept_days is None or self.client.closed_on is None:
            return None
        return self.client.closed_on + timedelta(days=self.kept_days)

    @property
    def kept_years(self) -> int | None:
        """Return the time in whole years."""
        return self.kept_days // 365 if self.kept_days else None


async def leaving(session: AsyncSession, *, client_id: UUID, now: datetime) -> Leaving:
    """Read it for a client of the asker's unit, after the look is logged."""
    who = asker(session)
    client = await session.get(Client, (who.organiser_id, client_id))
    known = (await closing.contacts(session, [client_id])).get(client_id)
    if client is None or known is None:
        raise NotFound
    who.require(client.unit_id, "assign")
    live = await _live(session, client)
    offered = GigStatus.ASSIGNED.value
    return Leaving(
        client=client,
        name=f"{known.given_name} {known.family_name}",
        agreed=tuple(one for one in live if one.gig.status != offered),
        offers=tuple(one for one in live if one.gig.status == offered),
        lists=await _lists(session, client),
        todos=await _todos(session, client),
        kept_days=await _kept(session, now),
    )


async def _live(session: AsyncSession, client: Client) -> Sequence[Planned]:
    rows = await session.execute(
        select(Gig, task_name(asker(session).language), Site.name)
        .join(Order, meets(Gig, "order_id", Order))
        .join(TaskType, meets(Order, "task_type_id", TaskType))
        .join(Site, meets(Order, "site_id", Site))
        .where(Gig.organiser_id == client.organiser_id, Gig.client_id == client.id)
        .where(Gig.status.in_([status.value for status in LIVE]))
        .order_by(func.lower(Gig.during))
    )
    return [Planned(*row) for row in rows]


async def _lists(session: AsyncSession, client: Client) -> int:
    found = await session.scalar(
        select(func.count())
        .select_from(ProposalRow)
        .where(ProposalRow.organiser_id == client.organiser_id)
        .where(ProposalRow.client_id == client.id, ProposalRow.state == "waiting")
    )
    return found or 0


async def _todos(session: AsyncSession, client: Client) -> int:
    found = await session.scalar(
        select(func.count())
        .select_from(Todo)
        .where(Todo.organiser_id == client.organiser_id)
        .where(Todo.client_id == client.id, Todo.done_at.is_(None))
    )
    return found or 0


async def _kept(session: AsyncSession, now: datetime) -> int | None:
    day = local(now).date()
    rules = [rule for rule in await figures(session, KIND) if rule.key == RECORD]
    holding = [rule for rule in rules if rule.holds_on(day)]
    return max(holding, key=lambda rule: rule.valid_from).amount if holding else None
