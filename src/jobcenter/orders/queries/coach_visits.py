"""A coach's visits as their days show them: when, where, whom they meet, and what helps there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from jobcenter.database import asker, meets
from jobcenter.orders.gigs import CoachVisit, Gig, GigSupport, VisitGig
from jobcenter.orders.model import Order
from jobcenter.orders.queries.cards import district_name, task_name
from jobcenter.people.closing import Contact
from jobcenter.people.parties import District, Site, TaskType
from jobcenter.people.passports import PlacePassport
from jobcenter.people.staff import Coach
from jobcenter.times import day_bounds, local

Served = tuple[CoachVisit, Gig, GigSupport, Order, str, Site, str, PlacePassport | None, bool]

AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Person:
    """A client whom the coach meets or calls, and what helps."""

    client_id: UUID
    gig_id: UUID
    given_name: str
    phone: str
    gig_status: str
    actions: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit, call or piece of preparation."""

    id: UUID
    presence: str
    status: str
    start: datetime
    end: datetime
    order_id: UUID
    task: str
    site: Site
    district: str
    entrance: str
    contact_name: str
    contact_phone: str
    gig_start: datetime
    gig_end: datetime
    earliest: datetime
    latest: datetime
    people: tuple[Person, ...]
    passport: PlacePassport | None = None
    knows_place: bool = True
    """Whether an earlier visit has taken, or will take, the coach there."""

    @property
    def is_new_place(self) -> bool:
        """Tell whether the coach is to be told how one comes in there."""
        return self.presence == "present" and not self.knows_place

    @property
    def wall(self) -> datetime:
        """Return the start as Helsinki's wall shows it, for a form to begin with."""
        return local(self.start)

    @property
    def is_fixed(self) -> bool:
        """Tell whether the visit is tied to one moment of the gig."""
        return self.earliest >= self.latest


def coming(coach: Coach, now: datetime) -> ColumnElement[bool]:
    return and_(
        CoachVisit.organiser_id == coach.organiser_id,
        CoachVisit.coach_id == coach.id,
        CoachVisit.status.in_(("held", "booked")),
        func.upper(CoachVisit.during) > day_bounds(local(now).date())[0],
        func.lower(CoachVisit.during) < now + AHEAD,
    )


def visits(
    session: AsyncSession, coach: Coach, now: datetime
) -> Select[CoachVisit, Gig, GigSupport, Order, str, Site, str, PlacePassport | None, bool]:
    language = asker(session).language
    names = (task_name(language), district_name(language))
    return (
        select(
            CoachVisit,
            Gig,
            GigSupport,
            Order,
            names[0],
            Site,
            names[1],
            PlacePassport,
            _came_before(),
        )
        .join(
            VisitGig,
            meets(VisitGig, "visit_id", CoachVisit),
        )
        .join(Gig, meets(VisitGig, "gig_id", Gig))
        .join(
            GigSupport,
            and_(
                GigSupport.organiser_id == VisitGig.organiser_id,
                GigSupport.gig_id == VisitGig.gig_id,
                GigSupport.piece == VisitGig.piece,
            ),
        )
        .join(Order, meets(Gig, "order_id", Order))
        .join(TaskType, meets(Order, "task_type_id", TaskType))
        .join(Site, meets(Order, "site_id", Site))
        .join(District, District.postcode == Site.postcode)
        .outerjoin(PlacePassport, meets(PlacePassport, "site_id", Site))
        .where(coming(coach, now), VisitGig.status != "free")
        .order_by(func.lower(CoachVisit.during), CoachVisit.id, Gig.place_no)
    )


def _came_before() -> ColumnElement[bool]:
    """Tell whether a booked visit takes the coach of this one to its `Site` before it."""
    earlier, of = aliased(CoachVisit), aliased(Order)
    return (
        select(earlier.id)
        .join(of, (of.organiser_id == earlier.organiser_id) & (of.id == earlier.order_id))
        .where(earlier.organiser_id == CoachVisit.organiser_id)
        .where(earlier.coach_id == CoachVisit.coach_id, of.site_id == Site.id)
        .where(earlier.presence == "present", earlier.status == "booked")
        .where(func.lower(earlier.during) < func.lower(CoachVisit.during))
        .exists()
    )


def shown(
    served: Sequence[Served],
    contacts: Mapping[UUID, Contact],
    notes: Mapping[UUID, Mapping[str, str]],
) -> Visit:
    visit, gig, _, order, task, site, district, passport, came_before = served[0]
    windows = [may_begin(gig, support) for _, gig, support, *_ in served]
    return Visit(
        id=visit.id,
        presence=visit.presence,
        status=visit.status,
        start=visit.start,
        end=visit.end,
        order_id=order.id,
        task=task,
        site=site,
        district=district,
        entrance=order.entrance or site.entrance,
        contact_name=order.contact_name,
        contact_phone=order.contact_phone,
        gig_start=gig.start,
        gig_end=gig.end,
        earliest=max(earliest for earliest, _ in windows),
        latest=min(latest for _, latest in windows),
        passport=passport,
        knows_place=came_before,
        people=tuple(
            _person(gig, support, contacts.get(gig.client_id), notes.get(gig.client_id, {}))
            for _, gig, support, *_ in served
        ),
    )


def may_begin(gig: Gig, support: GigSupport) -> tuple[datetime, datetime]:
    """Return between which moments this piece of the gig's plan may begin."""
    anchor = gig.end if support.anchor == "end" else gig.start
    return anchor + timedelta(minutes=support.earliest), anchor + timedelta(minutes=support.latest)


def _person(
    gig: Gig, support: GigSupport, contact: Contact | None, notes: Mapping[str, str]
) -> Person:
    needs = [action.partition(" ")[0] for action in support.actions]
    return Person(
        client_id=gig.client_id,
        gig_id=gig.id,
        given_name=contact.given_name if contact else "",
        phone=contact.phone if contact else "",
        gig_status=gig.status,
        actions=tuple(support.actions),
        notes=tuple(notes[need] for need in needs if notes.get(need)),
    )
