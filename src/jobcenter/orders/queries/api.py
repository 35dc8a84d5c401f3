"""What a program reads: plain records, of which each face is told only what it may know."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker, meets
from jobcenter.errors import NotAllowed, NotFound
from jobcenter.figures import DatedFigure
from jobcenter.orders.gigs import TAKEN, CoachVisit, Gig
from jobcenter.orders.model import Order
from jobcenter.orders.proposals import Round
from jobcenter.orders.queries.sheets import taken_places
from jobcenter.orders.terms import figures
from jobcenter.orders.windows import AgreedGig, TakenPlace
from jobcenter.people.clients import Client
from jobcenter.people.parties import OrderingParty, TaskType
from jobcenter.people.staff import Coach


@dataclass(frozen=True, slots=True)
class Ordering:
    """What checking an order needs: who orders, the task's defaults, the pay floors."""

    party: OrderingParty
    task: TaskType
    figures: Sequence[DatedFigure]


@dataclass(frozen=True, slots=True)
class GigLine:
    """A gig as one face sees it; `client_id` is empty for those who may not know."""

    id: UUID
    order_id: UUID
    place_no: int
    status: str
    start: datetime
    end: datetime
    pay_cents: int
    worked_minutes: int | None
    client_id: UUID | None
    answer_by: datetime | None


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order with its gigs."""

    order: Order
    gigs: Sequence[GigLine]


async def ordering(session: AsyncSession, *, task_number: int) -> Ordering:
    """Return what an order of the asker's party is checked against."""
    who = asker(session)
    if not who.may("order") or who.party_id is None:
        raise NotAllowed
    task = await session.scalar(
        select(TaskType)
        .where(
            TaskType.organiser_id == who.organiser_id,
            TaskType.number == task_number,
            TaskType.retired_on.is_(None),
        )
        .order_by(TaskType.version.desc())
        .limit(1)
    )
    if task is None:
        raise NotFound("We do not know this kind of task.")
    party = await session.get_one(OrderingParty, (who.organiser_id, who.party_id))
    return Ordering(party, task, await figures(session, "pay_floor"))


async def order(session: AsyncSession, *, order_id: UUID) -> OrderLine:
    """Return an order of the asker's party, or any order to staff, with the gigs they may see."""
    who = asker(session)
    found = await session.get(Order, (who.organiser_id, order_id))
    staff = who.may("assign") or who.may("coach")
    if found is None or not (staff or (who.may("order") and who.party_id == found.party_id)):
        raise NotFound
    return OrderLine(found, await (_staff_lines if staff else _agreed)(session, order_id))


# An orderer never learns of an offer that got no yes.
SHOWN_TO_ORDERER = ("confirmed", "in_progress", "done", "approved", "invoiced")


async def named(
    session: AsyncSession, *, order_id: UUID | None = None, gig_id: UUID | None = None
) -> frozenset[UUID]:
    """Return the clients of a gig, or of an order's gigs, whom an answer to the asker tells of.

    An orderer is told of none; the gigs of other units' people are told without saying whose.
    """
    who = asker(session)
    if not (who.may("assign") or who.may("coach")):
        return frozenset()
    which = Gig.id == gig_id if gig_id else Gig.order_id == order_id
    return frozenset(gig.client_id for gig in await _own(session, which))


async def _staff_lines(session: AsyncSession, order_id: UUID) -> list[GigLine]:
    """Return every gig of the asker's own units, and of the others' which places are taken."""
    own = {gig.id: _line(gig) for gig in await _own(session, Gig.order_id == order_id)}
    others = [_bare(one) for one in await taken_places(session, order_id=order_id)]
    lines = [*own.values(), *(line for line in others if line.id not in own)]
    return sorted(lines, key=lambda line: line.place_no)


async def _own(session: AsyncSession, which: ColumnElement[bool]) -> Sequence[Gig]:
    who = asker(session)
    rows = await session.scalars(
        select(Gig)
        .join(Client, meets(Gig, "client_id", Client))
        .where(Gig.organiser_id == who.organiser_id, which)
        .where(Client.unit_id.in_(who.units_with("assign", "coach")))
        .order_by(Gig.place_no, Gig.assigned_at)
    )
    return rows.all()


async def _agreed(session: AsyncSession, order_id: UUID) -> list[GigLine]:
    rows = await session.scalars(
        select(AgreedGig)
        .where(AgreedGig.organiser_id == asker(session).organiser_id)
        .where(AgreedGig.order_id == order_id, AgreedGig.status.in_(SHOWN_TO_ORDERER))
        .order_by(AgreedGig.place_no)
    )
    return [_bare(one) for one in rows]


async def gig(session: AsyncSession, *, gig_id: UUID) -> GigLine:
    """Return one gig to its unit's staff or, once there is a yes, to its orderer."""
    who = asker(session)
    if who.may("assign") or who.may("coach"):
        for own in await _own(session, Gig.id == gig_id):
            return _line(own)
    if who.may("order"):
        agreed = await session.get(AgreedGig, (who.organiser_id, gig_id))
        if agreed and agreed.status in SHOWN_TO_ORDERER:
            return _bare(agreed)
    raise NotFound


def _line(found: Gig) -> GigLine:
    return replace(_bare(found), client_id=found.client_id, answer_by=found.answer_by)


def _bare(found: Gig | AgreedGig | TakenPlace) -> GigLine:
    """Return a gig without who has it."""
    return GigLine(
        id=found.id,
        order_id=found.order_id,
        place_no=found.place_no,
        status=found.status,
        start=found.start,
        end=found.end,
        pay_cents=found.pay_cents,
        worked_minutes=found.worked_minutes,
        client_id=None,
        answer_by=None,
    )


async def round_of(session: AsyncSession, *, round_id: UUID) -> Round:
    """Return one round to those who assign."""
    who = asker(session)
    found = await session.get(Round, (who.organiser_id, round_id))
    if found is None or not who.may("assign"):
        raise NotFound
    return found


async def visits_of(session: AsyncSession, *, coach_id: UUID, now: datetime) -> list[CoachVisit]:
    """Return a coach's coming visits to the coach and the staff of the same unit."""
    who = asker(session)
    coach = await session.get(Coach, (who.organiser_id, coach_id))
    if coach is None or coach.unit_id not in who.unit_ids:
        raise NotFound
    rows = await session.scalars(
        select(CoachVisit)
        .where(
            CoachVisit.organiser_id == who.organiser_id,
            CoachVisit.coach_id == coach_id,
            CoachVisit.status.in_(TAKEN),
            func.upper(CoachVisit.during) > now,
        )
        .order_by(CoachVisit.during)
        .limit(500)
    )
    return list(rows)
