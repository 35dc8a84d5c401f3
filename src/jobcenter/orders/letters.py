"""What a notice needs to become a message: who gets it, in which language, and how things stand.

A notice whose fact is no longer true becomes no letter at all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased
from uuid_utils.compat import uuid7

from jobcenter import access
from jobcenter.audit import seals
from jobcenter.database import OrganiserId, asker
from jobcenter.errors import NotFound
from jobcenter.orders import linking
from jobcenter.orders.gigs import WORKED, Gig, GigStatus, Link
from jobcenter.orders.model import Order, OrderStatus
from jobcenter.orders.news import Contact, News
from jobcenter.orders.queries.cards import district_name, task_name
from jobcenter.orders.recipients import first_name, placer_is_out, recipient
from jobcenter.outgoing import Claim
from jobcenter.people.parties import District, Organiser, Site, TaskType
from jobcenter.people.sessions import waiting_links

# An order's status link lives this long after the work, for "order again".
STATUS_LASTS = timedelta(days=30)
S = GigStatus
HAPPENING = frozenset({S.CONFIRMED.value, S.IN_PROGRESS.value})
TO_KEEPERS = frozenset({"seal", "many_looks", "emergency", "guesses"})
LIVING = frozenset({S.ASSIGNED.value, *HAPPENING})


@dataclass(frozen=True, slots=True)
class Paths:
    """Where our links lead; the same link each time a message is built (SETTLED 23)."""

    base_url: str
    secret: str

    def token(self, kind: str, subject: UUID) -> str:
        """Return the secret part of a link to a gig or an order."""
        return access.derived_token(self.secret, kind, subject)

    def signin(self, user_id: UUID, ends: datetime) -> str:
        """Return the one-time link that ends at that moment."""
        return self._at("signin", self.token(f"signin:{ends.isoformat()}", user_id))

    def invitation(self, invitation_id: UUID) -> str:
        """Return the link with which somebody says whether they join."""
        return self._at("invitations", self.token("invitation", invitation_id))

    def gig_token(self, gig_id: UUID, number: int = 1) -> str:
        """Return the secret part of a gig's first link, or of one that replaced it."""
        return self.token("gig" if number == 1 else f"gig:{number}", gig_id)

    def gig(self, gig_id: UUID, number: int = 1) -> str:
        """Return a client's link to their gig."""
        return self._at("o", self.gig_token(gig_id, number))

    def own(self, link_id: UUID) -> str:
        """Return a client's link to their own page, or to choose a PIN with."""
        return self._at("o", self.token("own", link_id))

    def order(self, order_id: UUID) -> str:
        """Return the link to how an order stands."""
        return self._at("status", self.token("order", order_id))

    def signed_in(self, order_id: UUID) -> str:
        """Return where an order's people see it once they have signed in."""
        return f"{self.base_url.rstrip('/')}/orders/{order_id}"

    def day(self, gig_id: UUID) -> str:
        """Return where a gig's unit sees its day."""
        return f"{self.base_url.rstrip('/')}/board/gigs/{gig_id}"

    @property
    def audit(self) -> str:
        """Return where the log is read."""
        return f"{self.base_url.rstrip('/')}/audit"

    @property
    def ask(self) -> str:
        """Return where everybody asks for a link to sign in."""
        return f"{self.base_url.rstrip('/')}/signin"

    @property
    def lists(self) -> str:
        """Return where the organiser's lists are kept."""
        return f"{self.base_url.rstrip('/')}/organiser"

    def _at(self, page: str, token: str) -> str:
        return f"{self.base_url.rstrip('/')}/{page}/{token}"


@dataclass(frozen=True, slots=True)
class Letter:
    """A message ready to be put into words, and the address it goes to."""

    to: str
    news: News
    link_number: int = 1
    """Which link of the client's gig the message carries."""


@dataclass(frozen=True, slots=True)
class Facts:
    """How an order, and perhaps one gig of it, stands."""

    order_id: UUID
    number: int
    order_status: str
    start: datetime
    minutes: int
    places: int
    next_start: datetime | None
    kept: int
    dates: int
    answer_by: datetime | None
    task: str
    district: str
    gig_status: str | None
    pay_cents: int | None
    client_id: UUID | None
    started_at: datetime | None
    still_fine_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Tell whether an answer would still be in time."""
        return self.answer_by is not None and now < self.answer_by


async def party_of(session: AsyncSession, *, held: Claim) -> UUID | None:
    """Return whose order a message is about; an address in the log would outlive its owner."""
    order = await session.get(Order, (asker(session).organiser_id, held.order_id))
    return order.party_id if order else None


async def client_read(session: AsyncSession, *, held: Claim) -> UUID | None:
    """Return whose number or name the letter will hold, so that the look is written down first."""
    if held.kind == "found" and held.gig_id:
        gig = await session.get(Gig, (asker(session).organiser_id, held.gig_id))
        return gig.client_id if gig else None
    return held.client_id


async def letter_of(
    session: AsyncSession, *, held: Claim, paths: Paths, now: datetime
) -> Letter | None:
    """Read how things stand now; None when nobody need hear of it any more, or nobody can."""
    reader = await recipient(session, held, now=now)
    if not reader.to:
        return None
    about_work = bool(held.order_id or held.gig_id)
    facts = await _facts(session, held, reader.language) if about_work else None
    if about_work and not (facts and _still_true(held.kind, facts, now)):
        return None
    number = await linking.number_of(session, held.gig_id) if held.gig_id else 1
    link = await _link(session, held, facts, paths, now, number)
    if link is None:
        return None
    news = News(
        kind=held.kind,
        language=reader.language,
        link=link,
        contact=await _contact(session),
        full=reader.full,
        own=reader.own,
    )
    if facts is None:
        return Letter(reader.to, replace(news, seal=await _seal(session, held)))
    worker = ""
    if held.kind == "found" and facts.client_id:
        worker = await first_name(session, facts.client_id)
    return Letter(reader.to, _told(news, facts, worker), number)


def _told(news: News, facts: Facts, worker: str) -> News:
    return replace(
        news,
        start=facts.start,
        end=facts.start + timedelta(minutes=facts.minutes),
        answer_by=facts.answer_by,
        task=facts.task,
        district=facts.district,
        pay_cents=facts.pay_cents or 0,
        number=facts.number,
        missing=facts.places - facts.kept,
        dates=facts.dates,
        ahead=None if facts.kept else facts.next_start,
        worker=worker,
    )


async def _link(
    session: AsyncSession,
    held: Claim,
    facts: Facts | None,
    paths: Paths,
    now: datetime,
    number: int,
) -> str | None:
    """Return where the message leads; None when it led to a link that has run out meanwhile."""
    if held.kind == "invited":
        asked = await linking.invitation(session, held.address or "", held.version, now=now)
        return paths.invitation(asked) if asked else None
    if held.kind in {"signin", "account"} and held.user_id:
        return await _way_in(session, held, held.user_id, paths, now)
    if held.client_id and held.gig_id:
        return paths.gig(held.gig_id, number)
    if held.client_id and held.kind in linking.KINDS:
        link_id = await linking.waiting(session, held.client_id, version=held.version, now=now)
        return paths.own(link_id) if link_id else None
    if held.kind in TO_KEEPERS:
        return paths.audit
    if held.kind == "list_waits":
        return paths.lists
    if held.kind == "incident" and held.gig_id:
        return paths.day(held.gig_id)
    return await _order_link(session, facts.order_id, paths) if facts else paths.base_url


async def _way_in(
    session: AsyncSession, held: Claim, user_id: UUID, paths: Paths, now: datetime
) -> str | None:
    """Return the one-time link that a message is about; a new account's mail never goes without."""
    waiting = await waiting_links(session, user_id=user_id, now=now)
    ends = next((end for end in waiting if int(end.timestamp()) == held.version), None)
    if ends is None:
        return paths.ask if held.kind == "account" else None
    return paths.signin(user_id, ends)


async def _order_link(session: AsyncSession, order_id: UUID, paths: Paths) -> str:
    """Return the link to an order, or its page behind the sign-in.

    The link is no more once it was taken back, or whoever placed the order is put out.
    """
    organiser = asker(session).organiser_id
    taken_back = (
        select(Link.id)
        .where(Link.organiser_id == organiser, Link.order_id == order_id)
        .where(Link.revoked_at.is_not(None))
    )
    is_out = placer_is_out(organiser, order_id)
    found = await session.scalar(select(taken_back.exists() | is_out))
    return paths.signed_in(order_id) if found else paths.order(order_id)


async def _seal(session: AsyncSession, held: Claim) -> str:
    """Return the seal that a mail carries outside, as `verify-audit --kept` reads it."""
    if held.kind != "seal":
        return ""
    kept = await seals.numbered(session, number=held.version)
    return f"{kept.number}:{kept.hash.hex()}" if kept else ""


async def _contact(session: AsyncSession) -> Contact:
    city = await session.get(Organiser, asker(session).organiser_id)
    if city is None:
        raise NotFound
    return Contact(city.contact_name, city.contact_phone, city.contact_email)


async def _facts(session: AsyncSession, held: Claim, language: str) -> Facts | None:
    """Read the order, and the gig when the notice is about one."""
    kept = (
        select(func.count(Gig.kept_place))
        .where(Gig.organiser_id == Order.organiser_id, Gig.order_id == Order.id)
        .correlate(Order)
        .scalar_subquery()
    )
    other = aliased(Order)
    dates = (
        select(func.count(other.id))
        .where(other.organiser_id == Order.organiser_id, other.series_id == Order.series_id)
        .correlate(Order)
        .scalar_subquery()
    )
    about = Gig.id == held.gig_id if held.gig_id else Order.id == held.order_id
    found = await session.execute(
        select(
            Order.id.label("order_id"),
            Order.number,
            Order.status.label("order_status"),
            func.coalesce(func.lower(Gig.during), Order.start, Order.first_start).label("start"),
            Order.minutes,
            Order.places,
            Order.next_start,
            func.coalesce(Gig.answer_by, Order.answer_by).label("answer_by"),
            task_name(language).label("task"),
            district_name(language).label("district"),
            Gig.status.label("gig_status"),
            Gig.pay_cents,
            Gig.client_id,
            Gig.started_at,
            Gig.still_fine_at,
            kept.label("kept"),
            case((Order.series_id.is_(None), 1), else_=dates).label("dates"),
        )
        .select_from(Order)
        .outerjoin(Gig, _points(Gig.organiser_id, Gig.order_id, Order.id) & (Gig.id == held.gig_id))
        .join(TaskType, _points(TaskType.organiser_id, TaskType.id, Order.task_type_id))
        .join(Site, _points(Site.organiser_id, Site.id, Order.site_id))
        .join(District, District.postcode == Site.postcode)
        .where(Order.organiser_id == asker(session).organiser_id, about)
    )
    row = found.one_or_none()
    return Facts(**row._asdict()) if row else None


def _points(
    organiser: InstrumentedAttribute[OrganiserId],
    one: InstrumentedAttribute[UUID],
    other: InstrumentedAttribute[UUID],
) -> ColumnElement[bool]:
    return and_(organiser == Order.organiser_id, one == other)


_TRUE: Mapping[str, Callable[[Facts, datetime], bool]] = {
    "offer": lambda facts, now: facts.gig_status == S.ASSIGNED.value and facts.is_open(now),
    "reminder": lambda facts, now: facts.gig_status == S.ASSIGNED.value and facts.is_open(now),
    "confirmed": lambda facts, _: facts.gig_status in HAPPENING,
    "found": lambda facts, _: facts.gig_status in HAPPENING,
    "still_fine": lambda facts, now: (
        facts.gig_status == S.CONFIRMED.value and facts.still_fine_at is None and now < facts.start
    ),
    "heard_fine": lambda facts, _: facts.gig_status in HAPPENING,
    "which_gig": lambda facts, now: facts.gig_status in LIVING and now < facts.start,
    "moved": lambda facts, _: facts.gig_status in LIVING,
    "coach_changed": lambda facts, _: facts.gig_status in LIVING,
    "where_are_you": lambda facts, _: facts.gig_status == S.CONFIRMED.value,
    "gig_link": lambda facts, _: facts.gig_status in LIVING,
    "how_was_it": lambda facts, _: facts.gig_status in WORKED,
    "thanks": lambda facts, _: facts.gig_status in WORKED,
    "finding_out": lambda facts, _: facts.gig_status == S.CONFIRMED.value,
    "order_received": lambda facts, _: facts.order_status != OrderStatus.CANCELLED.value,
    "order_changed": lambda facts, _: facts.order_status != OrderStatus.CANCELLED.value,
    "unfilled": lambda facts, now: (
        facts.order_status == OrderStatus.OPEN.value
        and facts.kept < facts.places
        and now < facts.start
    ),
}


def _still_true(kind: str, facts: Facts, now: datetime) -> bool:
    """Tell whether a message of this kind would say what is so."""
    return kind not in _TRUE or _TRUE[kind](facts, now)


async def open_status_link(
    session: AsyncSession, *, order_id: UUID, token_hash: bytes, now: datetime
) -> None:
    """Keep the hash of an order's status link; asking again changes nothing."""
    order = await session.get(Order, (asker(session).organiser_id, order_id))
    if order is None:
        raise NotFound
    await session.execute(
        insert(Link)
        .values(
            organiser_id=order.organiser_id,
            id=uuid7(),
            token_hash=token_hash,
            order_id=order.id,
            expires_at=max(order.last_end, now) + STATUS_LASTS,
        )
        .on_conflict_do_nothing()
    )
