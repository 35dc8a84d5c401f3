"""A client's page for the staff of their unit: strengths first, then wishes, hours and support.

Read it only after the look is logged. Earnings and benefits are not here: they are the client's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import OrganiserId, asker, meets
from jobcenter.errors import NotFound
from jobcenter.orders.ending import running
from jobcenter.orders.gigs import Gig
from jobcenter.orders.model import Order
from jobcenter.orders.queries.cards import strength_name, task_name
from jobcenter.orders.queries.caseload import known_client
from jobcenter.orders.queries.sheets import SupportVisit, visits_of
from jobcenter.orders.replies import Reply
from jobcenter.people import closing
from jobcenter.people.clients import (
    Client,
    ClientActivity,
    ClientException,
    ClientHours,
    ClientKey,
    ClientNeed,
    ClientQualification,
    ClientStrength,
    ClientWish,
)
from jobcenter.people.decisions import ServiceDecision
from jobcenter.people.parties import OrderingParty, Site, TaskType

GIGS_SHOWN = 12
SAID_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Wish:
    """What a client likes or does not want: a kind of task, a place or an orderer, by name."""

    subject: str
    name: str
    veto: bool
    points: int


@dataclass(frozen=True, slots=True)
class Need:
    """A support need in work terms, with what helps."""

    code: str
    level: int
    note: str
    review_on: date | None


@dataclass(frozen=True, slots=True)
class PastGig:
    """One gig of the client, coming or past."""

    gig: Gig
    task: str
    site: str
    visits: tuple[SupportVisit, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A text message from the client that a person must read."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Record:
    """Everything on the page."""

    client: Client
    contact: closing.Contact
    unit: str
    coach: str
    """Who is responsible for them; empty where nobody is."""
    strengths: tuple[str, ...]
    """In the organiser's words."""
    wishes: tuple[Wish, ...]
    needs: tuple[Need, ...]
    qualifications: Sequence[ClientQualification]
    hours: Sequence[ClientHours]
    activity: Sequence[ClientActivity]
    activity_place: str | None
    decisions: Sequence[ServiceDecision]
    exceptions: Sequence[ClientException]
    gigs: tuple[PastGig, ...]
    said: tuple[Said, ...]

    @property
    def likes(self) -> tuple[Wish, ...]:
        """Return what the client likes, the most first."""
        liked = (wish for wish in self.wishes if not wish.veto)
        return tuple(sorted(liked, key=lambda wish: -wish.points))

    @property
    def vetoes(self) -> tuple[Wish, ...]:
        """Return what the client does not want."""
        return tuple(wish for wish in self.wishes if wish.veto)


async def client_of(session: AsyncSession, *, gig_id: UUID) -> UUID:
    """Return whose gig this is, so that the right unit can be asked for."""
    found = await session.scalar(
        select(Gig.client_id).where(
            Gig.organiser_id == asker(session).organiser_id, Gig.id == gig_id
        )
    )
    if found is None:
        raise NotFound
    return found


async def record(session: AsyncSession, *, client_id: UUID, now: datetime) -> Record:
    """Read the page of a client whom the asker may know."""
    client, unit, coach = await known_client(session, client_id)
    contact = (await closing.contacts(session, [client_id])).get(client_id)
    if contact is None:
        raise NotFound
    return Record(
        client=client,
        contact=contact,
        unit=unit,
        coach=coach,
        strengths=await _strengths(session, client_id),
        wishes=await _wishes(session, client_id),
        needs=await _needs(session, client_id),
        qualifications=await _qualifications(session, client_id),
        hours=await _hours(session, client_id),
        activity=await _activity(session, client_id),
        activity_place=await _activity_place(session, client_id),
        decisions=await running(session, client_id=client_id),
        exceptions=await _exceptions(session, client_id, now),
        gigs=await _gigs(session, client_id),
        said=await _said(session, client_id),
    )


def _organiser(session: AsyncSession) -> OrganiserId:
    return asker(session).organiser_id


async def _strengths(session: AsyncSession, client_id: UUID) -> tuple[str, ...]:
    name = strength_name(asker(session).language)
    rows = await session.scalars(
        select(func.coalesce(name, ClientStrength.code))
        .where(ClientStrength.organiser_id == _organiser(session))
        .where(ClientStrength.client_id == client_id)
        .order_by(ClientStrength.code)
    )
    return tuple(rows)


async def _wishes(session: AsyncSession, client_id: UUID) -> tuple[Wish, ...]:
    subject = ClientWish.subject_id
    name = func.coalesce(task_name(asker(session).language), Site.name, OrderingParty.name)
    rows = await session.execute(
        select(
            ClientWish.subject,
            name,
            ClientWish.veto,
            ClientWish.points,
        )
        .outerjoin(
            TaskType, and_(TaskType.organiser_id == ClientWish.organiser_id, TaskType.id == subject)
        )
        .outerjoin(Site, and_(Site.organiser_id == ClientWish.organiser_id, Site.id == subject))
        .outerjoin(
            OrderingParty,
            and_(
                OrderingParty.organiser_id == ClientWish.organiser_id, OrderingParty.id == subject
            ),
        )
        .where(ClientWish.organiser_id == _organiser(session), ClientWish.client_id == client_id)
        .where(name.is_not(None))
        .order_by(ClientWish.subject, ClientWish.subject_id)
    )
    return tuple(Wish(*row) for row in rows)


async def _needs(session: AsyncSession, client_id: UUID) -> tuple[Need, ...]:
    notes = (await closing.need_notes(session, [client_id])).get(client_id, {})
    rows = await session.scalars(
        select(ClientNeed)
        .where(ClientNeed.organiser_id == _organiser(session), ClientNeed.client_id == client_id)
        .order_by(ClientNeed.level.desc(), ClientNeed.code)
    )
    return tuple(Need(row.code, row.level, notes.get(row.code, ""), row.review_on) for row in rows)


async def _qualifications(session: AsyncSession, client_id: UUID) -> Sequence[ClientQualification]:
    rows = await session.scalars(
        select(ClientQualification)
        .where(ClientQualification.organiser_id == _organiser(session))
        .where(ClientQualification.client_id == client_id)
        .order_by(ClientQualification.code)
    )
    return rows.all()


async def _hours(session: AsyncSession, client_id: UUID) -> Sequence[ClientHours]:
    rows = await session.scalars(
        select(ClientHours)
        .where(ClientHours.organiser_id == _organiser(session))
        .where(ClientHours.client_id == client_id)
        .order_by(ClientHours.weekday, ClientHours.from_minute)
    )
    return rows.all()


async def _activity(session: AsyncSession, client_id: UUID) -> Sequence[ClientActivity]:
    rows = await session.scalars(
        select(ClientActivity)
        .where(ClientActivity.organiser_id == _organiser(session))
        .where(ClientActivity.client_id == client_id)
        .order_by(ClientActivity.weekday)
    )
    return rows.all()


async def _activity_place(session: AsyncSession, client_id: UUID) -> str | None:
    """Return where the activity is, when it is not in the unit."""
    return await session.scalar(
        select(OrderingParty.name)
        .join(ClientActivity, meets(ClientActivity, "place_id", OrderingParty))
        .where(ClientActivity.organiser_id == _organiser(session))
        .where(ClientActivity.client_id == client_id)
        .limit(1)
    )


async def _exceptions(
    session: AsyncSession, client_id: UUID, now: datetime
) -> Sequence[ClientException]:
    rows = await session.scalars(
        select(ClientException)
        .where(ClientException.organiser_id == _organiser(session))
        .where(ClientException.client_id == client_id, func.upper(ClientException.during) > now)
        .order_by(func.lower(ClientException.during))
    )
    return rows.all()


async def _gigs(session: AsyncSession, client_id: UUID) -> tuple[PastGig, ...]:
    rows = (
        await session.execute(
            select(Gig, task_name(asker(session).language), Site.name)
            .join(Order, meets(Gig, "order_id", Order))
            .join(TaskType, meets(Order, "task_type_id", TaskType))
            .join(Site, meets(Order, "site_id", Site))
            .where(Gig.organiser_id == _organiser(session), Gig.client_id == client_id)
            .order_by(func.lower(Gig.during).desc())
            .limit(GIGS_SHOWN)
        )
    ).all()  # fmt: skip
    visits = await visits_of(session, gigs=[gig.id for gig, _, _ in rows])
    return tuple(PastGig(gig, task, site, visits.get(gig.id, ())) for gig, task, site in rows)


async def _said(session: AsyncSession, client_id: UUID) -> tuple[Said, ...]:
    same = and_(
        ClientKey.organiser_id == Reply.organiser_id, ClientKey.client_id == Reply.client_id
    )
    rows = await session.execute(
        select(Reply.heard_at, Reply.closed_text, ClientKey)
        .join(ClientKey, same)
        .where(Reply.organiser_id == _organiser(session), Reply.client_id == client_id)
        .where(Reply.closed_text.is_not(None))
        .order_by(Reply.heard_at.desc())
        .limit(SAID_SHOWN)
    )
    return tuple(
        Said(at, closing.opened_reply(session, client_id, key.wrapped, closed))
        for at, closed, key in rows
        if closed is not None
    )
