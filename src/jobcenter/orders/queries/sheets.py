"""One order as a unit's staff see it: what is ordered, who works there, and who could.

Other units' people are only counted as taken places.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker, meets
from jobcenter.errors import NotFound
from jobcenter.orders.gigs import CoachVisit, Flag, Gig, GigSupport, VisitGig
from jobcenter.orders.model import Order, OrderStatus
from jobcenter.orders.queries.cards import district_name, task_name
from jobcenter.orders.queries.lists import (
    AlmostFits,
    RankedList,
    full_name,
    lists,
    near_misses,
)
from jobcenter.orders.windows import TakenPlace
from jobcenter.people import closing, registered
from jobcenter.people.clients import Client
from jobcenter.people.closing import Contact
from jobcenter.people.parties import District, OrderingParty, Site, TaskType
from jobcenter.people.registered import RegisterAnswer
from jobcenter.people.staff import Coach

NOBODY_YET = ""


@dataclass(frozen=True, slots=True)
class Ordered:
    """What is ordered, in words and figures."""

    order: Order
    task: str
    party: str
    business_id: str | None
    party_verified: bool
    site: Site
    district: str
    register: RegisterAnswer | None = None
    """What the register of companies says of whoever orders."""
    own_title: str = ""
    """What the orderer calls the work, where no language calls the kind of work so."""

    @property
    def start(self) -> datetime:
        """Return the start that holds, else the first that is permitted."""
        return self.order.start or self.order.first_start

    @property
    def end(self) -> datetime:
        """Return when a gig that begins at `start` ends."""
        return self.start + timedelta(minutes=self.order.minutes)

    @property
    def start_is_open(self) -> bool:
        """Tell whether the start is still to be chosen among several."""
        return self.order.start is None and len(self.order.starts) > 1


@dataclass(frozen=True, slots=True)
class SupportVisit:
    """A coach visit of a gig, held or booked."""

    id: UUID
    coach: str
    presence: str
    start: datetime
    end: datetime
    actions: tuple[str, ...]
    status: str


@dataclass(frozen=True, slots=True)
class GigSheet:
    """A gig at one place; a place of another unit has neither name nor visits."""

    gig: Gig | TakenPlace
    unit_id: UUID | None
    """Whose it is; another unit's is not told."""
    name: str
    phone: str
    wants_calls: bool
    visits: tuple[SupportVisit, ...]
    support_lost: bool

    @property
    def ours(self) -> bool:
        """Tell whether it is of a unit that the asker plans for."""
        return self.unit_id is not None


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the order: who holds it, or who could, and who held it before."""

    number: int
    gig: GigSheet | None
    ranked: RankedList | None
    before: tuple[GigSheet, ...]

    @property
    def is_bare(self) -> bool:
        """Tell whether there is nothing to say of the place but that it is empty."""
        return not self.gig and not self.before and not (self.ranked and self.ranked.waiting)


@dataclass(frozen=True, slots=True)
class OrderSheet:
    """The order's page."""

    ordered: Ordered
    places: tuple[Place, ...]
    near_misses: tuple[AlmostFits, ...]

    @property
    def waiting_for_support(self) -> tuple[AlmostFits, ...]:
        """Return who would fit if a coach could be there."""
        return tuple(miss for miss in self.near_misses if miss.waits_for_support)

    @property
    def almost(self) -> tuple[AlmostFits, ...]:
        """Return who misses by another rule."""
        return tuple(miss for miss in self.near_misses if not miss.waits_for_support)

    @property
    def others(self) -> int:
        """Return how many people could still be asked."""
        ranked = [place.ranked for place in self.places if place.ranked and not place.gig]
        return len({one.client_id for listed in ranked for one in listed.waiting})

    @property
    def unopened(self) -> tuple[UUID, ...]:
        """Return the lists with somebody on them that nobody has opened yet."""
        ranked = [place.ranked for place in self.places if place.ranked and not place.gig]
        return tuple(r.proposal_id for r in ranked if r.opened_at is None and r.waiting)


async def sheet(session: AsyncSession, *, order_id: UUID, seen: Collection[UUID]) -> OrderSheet:
    """Read an order's page; people whose look is not logged (`seen`) are left out."""
    ordered = await ordered_of(session, order_id=order_id)
    gigs = await _gigs(session, order_id=order_id, seen=seen)
    ranked = await lists(session, order_id=order_id, seen=seen)
    places = tuple(
        Place(
            number=number,
            gig=next((g for g in gigs if g.gig.kept_place == number), None),
            ranked=ranked.get(number),
            before=tuple(
                g for g in gigs if g.gig.place_no == number and g.gig.kept_place is None and g.ours
            ),
        )
        for number in range(1, ordered.order.places + 1)
    )
    return OrderSheet(ordered, places, await near_misses(session, order_id=order_id, seen=seen))


async def ordered_of(session: AsyncSession, *, order_id: UUID) -> Ordered:
    """Read what is ordered; drafts are their writer's own."""
    who = asker(session)
    row = (
        await session.execute(
            select(
                Order,
                task_name(who.language),
                OrderingParty.name,
                OrderingParty.business_id,
                OrderingParty.verified_at,
                Site,
                district_name(who.language),
                RegisterAnswer,
                TaskType.name_fi,
                TaskType.name_sv,
                TaskType.name_en,
            )
            .join(TaskType, meets(Order, "task_type_id", TaskType))
            .join(OrderingParty, meets(Order, "party_id", OrderingParty))
            .join(Site, meets(Order, "site_id", Site))
            .join(District, District.postcode == Site.postcode)
            .outerjoin(RegisterAnswer, registered.of_party(OrderingParty))
            .where(Order.organiser_id == who.organiser_id, Order.id == order_id)
            .where(Order.status != OrderStatus.DRAFT.value)
        )
    ).one_or_none()  # fmt: skip
    if row is None:
        raise NotFound
    order, task, party, business_id, verified_at, site, district, register, *names = row
    title = order.title.strip()
    known = title.casefold() in {name.casefold() for name in names}
    return Ordered(
        order, task, party, business_id, verified_at is not None, site, district, register,
        own_title="" if known else title,
    )  # fmt: skip


async def _gigs(session: AsyncSession, *, order_id: UUID, seen: Collection[UUID]) -> list[GigSheet]:
    who = asker(session)
    lost = (
        select(Flag.id)
        .where(Flag.organiser_id == Gig.organiser_id, Flag.gig_id == Gig.id)
        .where(Flag.closed_at.is_(None), Flag.kind == "support_missing")
        .exists()
    )
    rows = await session.execute(
        select(Gig, Client.unit_id, lost)
        .join(Client, meets(Gig, "client_id", Client))
        .where(Gig.organiser_id == who.organiser_id, Gig.order_id == order_id)
        .where(Gig.client_id.in_(seen))
        .order_by(Gig.assigned_at)
    )
    ours = {gig.id: (gig, unit_id, flag) for gig, unit_id, flag in rows}
    names = await closing.contacts(session, {gig.client_id for gig, _, _ in ours.values()})
    visits = await visits_of(session, gigs=ours.keys())
    return [
        *(
            _gig_sheet(gig, unit_id, names.get(gig.client_id), visits.get(gig.id, ()), lost=flag)
            for gig, unit_id, flag in ours.values()
        ),
        *(
            _other_sheet(place)
            for place in await taken_places(session, order_id=order_id)
            if place.id not in ours
        ),
    ]


async def taken_places(session: AsyncSession, *, order_id: UUID) -> Sequence[TakenPlace]:
    """Return which places of an order are taken, whoever has them."""
    rows = await session.scalars(
        select(TakenPlace)
        .where(TakenPlace.organiser_id == asker(session).organiser_id)
        .where(TakenPlace.order_id == order_id)
        .order_by(TakenPlace.place_no)
    )
    return rows.all()


def _other_sheet(place: TakenPlace) -> GigSheet:
    return GigSheet(
        gig=place,
        unit_id=None,
        name=NOBODY_YET,
        phone=NOBODY_YET,
        wants_calls=False,
        visits=(),
        support_lost=False,
    )


def _gig_sheet(
    gig: Gig,
    unit_id: UUID,
    contact: Contact | None,
    visits: tuple[SupportVisit, ...],
    *,
    lost: bool,
) -> GigSheet:
    return GigSheet(
        gig=gig,
        unit_id=unit_id,
        name=full_name(contact),
        phone=contact.phone if contact else NOBODY_YET,
        wants_calls=bool(contact and contact.wants_calls),
        visits=visits,
        support_lost=lost,
    )


async def visits_of(
    session: AsyncSession, *, gigs: Collection[UUID]
) -> dict[UUID, tuple[SupportVisit, ...]]:
    """Return the held and booked visits of some gigs, in order of time."""
    rows = await session.execute(
        select(VisitGig.gig_id, CoachVisit, Coach.name, GigSupport.actions, VisitGig.status)
        .join(
            CoachVisit,
            meets(VisitGig, "visit_id", CoachVisit),
        )
        .join(
            Coach,
            meets(CoachVisit, "coach_id", Coach),
        )
        .join(
            GigSupport,
            and_(
                GigSupport.organiser_id == VisitGig.organiser_id,
                GigSupport.gig_id == VisitGig.gig_id,
                GigSupport.piece == VisitGig.piece,
            ),
        )
        .where(VisitGig.organiser_id == asker(session).organiser_id, VisitGig.gig_id.in_(gigs))
        .where(VisitGig.status != "free")
    )
    found: dict[UUID, list[SupportVisit]] = {}
    for gig_id, visit, coach, actions, status in rows:
        found.setdefault(gig_id, []).append(
            SupportVisit(
                visit.id, coach, visit.presence, visit.start, visit.end, tuple(actions), status
            )
        )
    return {gig: tuple(sorted(held, key=lambda v: v.start)) for gig, held in found.items()}
