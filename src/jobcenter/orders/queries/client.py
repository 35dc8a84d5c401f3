"""What the page behind a client's link shows: one gig, in its newest state.

The link opens this gig only; nothing about the client beyond it is here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker, meets
from jobcenter.errors import LinkIsDead, NotFound
from jobcenter.orders.gigs import Gig, GigStatus
from jobcenter.orders.model import Order
from jobcenter.orders.queries.accounts import Paid, paid_for
from jobcenter.orders.queries.cards import Step, district_name, steps_in, task_name
from jobcenter.orders.queries.effect import GigEffect, effect_of, extras_of
from jobcenter.orders.queries.meetings import Meeting, early_minutes, meetings_of
from jobcenter.orders.queries.places import Passport, Seen, photo_rows, seen_of
from jobcenter.orders.queries.reports import Opinion, OwnReport, opinions_of, own_incidents
from jobcenter.orders.windows import opened_gig, opened_own
from jobcenter.people.clients import Client
from jobcenter.people.parties import District, OrderingParty, Site, TaskType, Unit

S = GigStatus
AGREED = {S.CONFIRMED, S.IN_PROGRESS, S.DONE, S.APPROVED, S.INVOICED}
# How the page speaks of each state; an offer that nobody answered in time has gone too.
PAGE_OF = {
    S.ASSIGNED: "asked",
    S.CONFIRMED: "coming",
    S.IN_PROGRESS: "working",
    S.DONE: "done",
    S.APPROVED: "done",
    S.INVOICED: "done",
    S.DECLINED: "declined",
    S.EXPIRED: "gone",
    S.WITHDRAWN: "withdrawn",
    S.CANCELLED: "cancelled",
    S.NO_SHOW: "missed",
}


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link opens, and for whom: a gig, the client's own page, or choosing a PIN."""

    gig_id: UUID | None
    client_id: UUID
    unit_id: UUID
    language: str
    purpose: str = "gig"

    @property
    def path(self) -> str:
        """Return where the link leads."""
        return {"gig": "/gig", "own": "/my"}.get(self.purpose, "/my/pin/new")


@dataclass(frozen=True, slots=True)
class GigPage:
    """The client's page."""

    gig: Gig
    order: Order
    task: str
    task_number: int
    steps: tuple[Step, ...]
    passport: Passport | None
    photos: tuple[Seen, ...]
    party: str
    site: Site
    district: str
    unit_phone: str
    meetings: tuple[Meeting, ...]
    effect: GigEffect
    paid: Paid | None
    incidents: tuple[OwnReport, ...]
    opinions: Mapping[str, Opinion]
    now: datetime
    early: timedelta
    """From how long before the start on "I am here" can be said."""

    @property
    def state(self) -> str:
        """Return how the page speaks: asked, gone, coming, working, done and so on."""
        state = PAGE_OF[GigStatus(self.gig.status)]
        return "gone" if state == "asked" and self.now >= self.gig.answer_by else state

    @property
    def own_title(self) -> str:
        """Return what the orderer calls the work, where that says more than the kind of work."""
        title = self.order.title.strip()
        return "" if title.casefold() == self.task.casefold() else title

    @property
    def meets(self) -> Meeting | None:
        """Return the coach who is there at the start, or brings them to it."""
        return next((m for m in self._there if m.start <= self.gig.start <= m.end), None)

    @property
    def _there(self) -> tuple[Meeting, ...]:
        return tuple(m for m in self.meetings if m.presence == "present")

    @property
    def others(self) -> tuple[Meeting, ...]:
        """Return calls and visits besides the coach who is there at the start."""
        met = self.meets
        return tuple(m for m in self.meetings if m is not met and m.presence != "preparation")

    @property
    def extras_cents(self) -> int:
        """Return what supplements and holiday compensation add to the pay by the hour."""
        minutes = self.gig.worked_minutes
        planned = self.order.minutes if minutes is None else minutes
        return extras_of(self.gig, planned)

    @property
    def asks_again(self) -> bool:
        """Tell whether the client is asked, on the day before, if it is still fine."""
        asked = self.gig.still_fine_asked_at is not None and self.gig.still_fine_at is None
        return self.state == "coming" and asked and self.now < self.gig.start

    @property
    def may_arrive(self) -> bool:
        """Tell whether it is time for "I am here"."""
        near = self.gig.start - self.early <= self.now < self.gig.end
        return self.state == "coming" and near


async def opened_by(session: AsyncSession, *, token_hash: bytes, now: datetime) -> Opened:
    """Return what a client's link opens; unknown is not found, an ended one is dead."""
    row = (await session.execute(opened_gig(token_hash))).one_or_none()
    if row is None:
        return await _own_link(session, token_hash, now)
    gig_id, client_id, unit_id, language, expires_at, revoked_at = row
    if revoked_at is not None or expires_at <= now:
        raise LinkIsDead
    return Opened(gig_id, client_id, unit_id, language)


async def _own_link(session: AsyncSession, token_hash: bytes, now: datetime) -> Opened:
    row = (await session.execute(opened_own(token_hash))).one_or_none()
    if row is None:
        raise NotFound
    client_id, unit_id, language, purpose, expires_at, ended_at = row
    if ended_at is not None or expires_at <= now:
        raise LinkIsDead
    return Opened(None, client_id, unit_id, language, purpose)


async def gig_page(session: AsyncSession, *, gig_id: UUID, now: datetime) -> GigPage:
    """Read the page of one of the asking client's own gigs."""
    who = asker(session)
    row = (
        await session.execute(
            select(Gig, Order, task_name(who.language), OrderingParty.name, Site,
                   district_name(who.language), Unit.phone, TaskType.number, TaskType.steps,
                   Passport, photo_rows(),
                   early_minutes(who.organiser_id, now))
            .join(Order, meets(Gig, "order_id", Order))
            .join(TaskType, meets(Order, "task_type_id", TaskType))
            .join(OrderingParty, meets(Order, "party_id", OrderingParty))
            .join(Site, meets(Order, "site_id", Site))
            .join(District, District.postcode == Site.postcode)
            .outerjoin(Passport, meets(Passport, "site_id", Site))
            .join(Client, meets(Gig, "client_id", Client))
            .join(Unit, meets(Client, "unit_id", Unit))
            .where(Gig.organiser_id == who.organiser_id, Gig.id == gig_id)
            .where(Gig.client_id == who.client_id)
        )
    ).one_or_none()  # fmt: skip
    if row is None:
        raise NotFound
    gig, order, task, party, site, district, phone, number, steps, passport, photos, told = row
    early = timedelta(minutes=told)
    # An offer has nothing told about it yet, and stays as quick as it is.
    begun = GigStatus(gig.status) in AGREED and now >= gig.start - early
    return GigPage(
        gig=gig,
        order=order,
        task=task,
        task_number=number,
        passport=passport,
        photos=seen_of(photos),
        steps=steps_in(who.language, steps),
        party=party,
        site=site,
        district=district,
        unit_phone=phone,
        meetings=await meetings_of(session, gig),
        effect=await effect_of(session, gig),
        paid=await paid_for(session, gig.id),
        incidents=await own_incidents(session, gig_id=gig.id) if begun else (),
        opinions=await opinions_of(session, gig_id=gig.id) if begun else {},
        now=now,
        early=early,
    )


async def unit_phone(session: AsyncSession, *, gig_id: UUID) -> str:
    """Return the number of the asking client's unit."""
    who = asker(session)
    found = await session.scalar(
        select(Unit.phone)
        .join(Client, meets(Client, "unit_id", Unit))
        .join(Gig, meets(Gig, "client_id", Client))
        .where(Gig.organiser_id == who.organiser_id, Gig.id == gig_id)
        .where(Gig.client_id == who.client_id)
    )
    if found is None:
        raise NotFound
    return found
