"""What an order stands on: the ordering party, its site, its agreement and the agreed price."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from jobcenter.database import asker
from jobcenter.errors import Fault, Invalid, NotAllowed, RuleMissing
from jobcenter.figures import DatedFigure, amount_on
from jobcenter.orders.model import Order
from jobcenter.orders.terms import figures
from jobcenter.orders.wishes import Place, Wish
from jobcenter.people.parties import (
    AgreedSite,
    AgreedTask,
    Agreement,
    District,
    Employer,
    OrderingParty,
    Site,
    TaskType,
    Unit,
)
from jobcenter.times import DAY, local
from jobcenter.travel import metres, trip_minutes

FIRST_ORDER = "first_order"
NO_EMPLOYER = "no_employer"
PAY_FLOOR = "pay_floor"


@dataclass(frozen=True, slots=True)
class Agreed:
    """What an agreement says of a task at a site, and from which day until before which."""

    agreement_id: UUID
    hourly_cents: int
    valid_from: date
    valid_to: date | None

    def holds_on(self, day: date) -> bool:
        """Return whether it is in force on that day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class Terms:
    """What an order's terms follow from; `review_reason` says why a person must look first."""

    site: Site
    task_type_id: UUID
    agreed: Sequence[Agreed]
    review_reason: str | None

    def on(self, start: datetime) -> Agreed | None:
        """Return what is agreed for that day: a repeat may outlast an agreement."""
        day = local(start).date()
        return next((one for one in self.agreed if one.holds_on(day)), None)


async def party_of(session: AsyncSession, wish: Wish) -> OrderingParty:
    """Return the asker's party; somebody who came by an e-mail link brings a new one."""
    who = asker(session)
    if not who.may("order"):
        raise NotAllowed
    if who.party_id:
        return await session.get_one(OrderingParty, (who.organiser_id, who.party_id))
    party = OrderingParty(
        organiser_id=who.organiser_id,
        id=uuid7(),
        kind=wish.party.kind,
        name=wish.party.name,
        business_id=wish.party.business_id,
        cost_centre=wish.party.cost_centre,
        email=wish.contact.email,
        phone=wish.contact.phone,
    )
    session.add(party)
    await session.flush()
    return party


async def terms_of(session: AsyncSession, party: OrderingParty, wish: Wish) -> Terms:
    """Return site, task type and agreements; an agreed price wins over the wish's."""
    task_type_id = await _task_type(session, wish.work.task_number)
    site = await _site(session, party, wish.place)
    reason = None
    if party.verified_at is None:
        reason = FIRST_ORDER
    elif party.employer_id is None:
        reason = NO_EMPLOYER
    return Terms(
        site=site,
        task_type_id=task_type_id,
        agreed=await _agreed(session, party, site, task_type_id),
        review_reason=reason,
    )


async def _task_type(session: AsyncSession, number: int) -> UUID:
    task_type_id = await session.scalar(
        select(TaskType.id)
        .where(
            TaskType.organiser_id == asker(session).organiser_id,
            TaskType.number == number,
            TaskType.retired_on.is_(None),
        )
        .order_by(TaskType.version.desc())
    )
    if task_type_id is None:
        raise Invalid(Fault("task_number", "task_unknown", "We do not know this kind of task."))
    return task_type_id


async def _site(session: AsyncSession, party: OrderingParty, place: Place) -> Site:
    """Return the party's site at that address, or add it with what the orderer told."""
    known = await session.scalar(
        select(Site).where(
            Site.organiser_id == party.organiser_id,
            Site.party_id == party.id,
            func.lower(Site.address) == place.address.lower(),
            Site.postcode == place.postcode,
        )
    )
    if known:
        return known
    district = await session.get(District, place.postcode)
    if district is None:
        raise Invalid(
            Fault("postcode", "outside_area", "We do not work at this postcode. Please call us.")
        )
    site = Site(
        organiser_id=party.organiser_id,
        id=uuid7(),
        party_id=party.id,
        name=place.name or party.name,
        address=place.address,
        postcode=place.postcode,
        region=await _region(session, district),
        lat=district.lat,
        lon=district.lon,
        entrance=place.entrance,
        step_free=place.step_free,
    )
    session.add(site)
    await session.flush()
    return site


async def _region(session: AsyncSession, district: District) -> str:
    """A site belongs to the region of the nearest unit."""
    rows = await session.execute(
        select(Unit.region, Unit.lat, Unit.lon).where(
            Unit.organiser_id == asker(session).organiser_id, Unit.active
        )
    )
    here = metres(district.lat, district.lon)
    near = min(rows, key=lambda row: trip_minutes(here, metres(row.lat, row.lon)))
    return str(near.region)


async def _agreed(
    session: AsyncSession, party: OrderingParty, site: Site, task_type_id: UUID
) -> Sequence[Agreed]:
    """Return the agreements that cover this task at this site, the newest first."""
    rows = await session.execute(
        select(Agreement.id, AgreedTask.hourly_cents, Agreement.valid_from, Agreement.valid_to)
        .join(
            AgreedTask,
            (AgreedTask.organiser_id == Agreement.organiser_id)
            & (AgreedTask.agreement_id == Agreement.id),
        )
        .join(
            AgreedSite,
            (AgreedSite.organiser_id == Agreement.organiser_id)
            & (AgreedSite.agreement_id == Agreement.id),
        )
        .where(
            Agreement.organiser_id == party.organiser_id,
            Agreement.party_id == party.id,
            AgreedTask.task_type_id == task_type_id,
            AgreedSite.site_id == site.id,
        )
        .order_by(Agreement.valid_from.desc(), Agreement.id)
    )
    return [Agreed(*row) for row in rows]


async def standing(
    session: AsyncSession, *, order_id: UUID, starts: Sequence[datetime]
) -> list[datetime]:
    """Return the starts to which an order could move: its pay and its agreement hold there too."""
    order = await session.get_one(Order, (asker(session).organiser_id, order_id))
    first, last = date.min, date.max
    if order.agreement_id:
        identity = (order.organiser_id, order.agreement_id)
        agreement = await session.get_one(Agreement, identity)
        first = agreement.valid_from
        last = agreement.valid_to - DAY if agreement.valid_to else date.max
    floors = await figures(session, PAY_FLOOR)

    def stands(day: date) -> bool:
        return first <= day <= last and _is_paid_enough(order, floors, day)

    return [start for start in starts if stands(local(start).date())]


def _is_paid_enough(order: Order, floors: Sequence[DatedFigure], day: date) -> bool:
    """A day whose floor nobody has written down yet is none that can be promised."""
    try:
        return order.hourly_cents >= amount_on(floors, PAY_FLOOR, day, key=order.pay_group)
    except RuleMissing:
        return False


async def city(session: AsyncSession) -> UUID | None:
    """Return the organiser's own employer of record."""
    return await session.scalar(
        select(Employer.id)
        .where(Employer.organiser_id == asker(session).organiser_id, Employer.kind == "CITY")
        .where(Employer.active)
        .limit(1)
    )
