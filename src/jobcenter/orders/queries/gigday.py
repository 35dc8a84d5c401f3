"""One gig as its own unit sees it on the day: who, where, what was said, what is missing, hours."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker, meets
from jobcenter.errors import NotFound
from jobcenter.orders.attendance import Attendance, words_about
from jobcenter.orders.gigs import CoachVisit, Flag, Gig, GigSupport, VisitGig
from jobcenter.orders.model import Order
from jobcenter.orders.queries.cards import Step, steps_in, task_name
from jobcenter.orders.todos import lead_decides_on, silent_workdays
from jobcenter.people.clients import Client
from jobcenter.people.parties import OrderingParty, Site, TaskType
from jobcenter.people.staff import Coach


@dataclass(frozen=True, slots=True)
class Lost:
    """A visit that was lost, with what it was for."""

    flag: Flag
    actions: tuple[str, ...]
    presence: str

    @property
    def may_be_left_out(self) -> bool:
        """Whether the client may agree to do without it: never at level 3."""
        levels = [action.partition(" ")[2] for action in self.actions]
        return bool(levels) and "3" not in levels


@dataclass(frozen=True, slots=True)
class Visited:
    """A coach visit of the gig."""

    coach: str
    visit: CoachVisit
    for_the_person: bool
    """False where the coach only sees the place, for the order."""

    def is_at(self, moment: datetime) -> bool:
        """Tell whether it lasts at that moment, its own end included."""
        return self.visit.start <= moment <= self.visit.end


@dataclass(frozen=True, slots=True)
class GigDay:
    """The gig's day."""

    gig: Gig
    order: Order
    client: Client
    task: str
    kind: TaskType
    party: str
    site: Site
    words: tuple[Attendance, ...]
    lost: tuple[Lost, ...]
    visits: tuple[Visited, ...]
    lead_decides_on: date
    """From when on the unit's lead may approve instead of a silent orderer."""

    @property
    def task_for_client(self) -> str:
        """Return what the work is called in the worker's language."""
        names = {"sv": self.kind.name_sv, "en": self.kind.name_en}
        return names.get(self.client.language) or self.kind.name_fi

    @property
    def steps_for_client(self) -> tuple[Step, ...]:
        """Return how the work goes, in the worker's language."""
        return steps_in(self.client.language, self.kind.steps)

    @property
    def meets(self) -> Visited | None:
        """Return the coach who is there at the start, or brings them to it."""
        there = (
            one for one in self.visits if one.for_the_person and one.visit.presence == "present"
        )
        return next((one for one in there if one.is_at(self.gig.start)), None)


async def gig_day(session: AsyncSession, *, gig_id: UUID, now: datetime) -> GigDay:
    """Return a gig of one of the asker's units; anybody else's is not there."""
    who = asker(session)
    row = (
        await session.execute(
            select(Gig, Order, Client, task_name(who.language), OrderingParty.name, Site, TaskType)
            .join(Order, meets(Gig, "order_id", Order))
            .join(Client, meets(Gig, "client_id", Client))
            .join(TaskType, meets(Order, "task_type_id", TaskType))
            .join(OrderingParty, meets(Order, "party_id", OrderingParty))
            .join(Site, meets(Order, "site_id", Site))
            .where(Gig.organiser_id == who.organiser_id, Gig.id == gig_id)
            .where(Client.unit_id.in_(who.unit_ids))
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    gig, order, client, task, party, site, kind = row
    workdays = await silent_workdays(session, now=now)
    return GigDay(
        gig=gig,
        order=order,
        client=client,
        task=task,
        kind=kind,
        party=party,
        site=site,
        words=tuple(await words_about(session, gig_id)),
        lost=await _lost(session, gig_id),
        visits=await _visits(session, gig_id),
        lead_decides_on=lead_decides_on(gig, workdays),
    )


async def _lost(session: AsyncSession, gig_id: UUID) -> tuple[Lost, ...]:
    found = await session.execute(
        select(Flag, GigSupport.actions, GigSupport.presence)
        .outerjoin(
            GigSupport,
            (GigSupport.organiser_id == Flag.organiser_id)
            & (GigSupport.gig_id == Flag.gig_id)
            & (GigSupport.piece == Flag.piece),
        )
        .where(Flag.organiser_id == asker(session).organiser_id, Flag.gig_id == gig_id)
        .where(Flag.closed_at.is_(None))
        .order_by(Flag.opened_at, Flag.id)
    )
    return tuple(
        Lost(flag, tuple(actions or ()), presence or "present") for flag, actions, presence in found
    )


async def _visits(session: AsyncSession, gig_id: UUID) -> tuple[Visited, ...]:
    found = await session.execute(
        select(Coach.name, CoachVisit, VisitGig.is_for_the_person())
        .join(CoachVisit, meets(CoachVisit, "coach_id", Coach))
        .join(VisitGig, meets(VisitGig, "visit_id", CoachVisit))
        .where(VisitGig.organiser_id == asker(session).organiser_id, VisitGig.gig_id == gig_id)
        .where(VisitGig.status != "free")
        .order_by(CoachVisit.during, CoachVisit.id)
    )
    return tuple(Visited(*row) for row in found)


async def client_of(session: AsyncSession, *, gig_id: UUID) -> UUID:
    """Return whose gig it is, for the look that must be written first; the erased are nobody."""
    who = asker(session)
    found = await session.scalar(
        select(Gig.client_id)
        .join(Client, meets(Gig, "client_id", Client))
        .where(Gig.organiser_id == who.organiser_id, Gig.id == gig_id)
        .where(Client.unit_id.in_(who.unit_ids), Client.erased_at.is_(None))
    )
    if found is None:
        raise NotFound
    return found
