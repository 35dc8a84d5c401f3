"""A round of the matcher: asked for, begun, getting on, done. What it finds is in `shortlists`."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import and_, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from jobcenter import jobs
from jobcenter.access import Look
from jobcenter.database import Json, asker
from jobcenter.errors import NotAllowed
from jobcenter.orders.clocks import HORIZON, held
from jobcenter.orders.model import Order, OrderStatus
from jobcenter.orders.proposals import NearMiss, Proposal, Round

Kind = Literal["whole", "repair"]
MACHINE = "worker"
# Database time: a running round that shows none for so long has lost its worker.
SIGN_OF_LIFE = timedelta(seconds=8)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a round came to; `unfilled` counts places by why they stay empty."""

    orders: int
    places: int
    proposed: int
    visits: int
    stale: int
    changed: int
    value: int
    bound: int
    unfilled: dict[str, int]
    seconds: float


async def ask_round(session: AsyncSession, *, kind: Kind, now: datetime) -> Round:
    """Ask the worker for a round; the answer's row tells how far it is."""
    who = asker(session)
    if not (who.may("assign") or who.may("organise") or who.is_machine):
        raise NotAllowed
    round_ = _new(session, kind, asked_by=who.actor_id, now=now)
    await session.flush()
    work = jobs.ROUND if kind == "whole" else jobs.MATCH
    await jobs.enqueue(session, work, key=str(round_.id), round=str(round_.id))
    return round_


async def begin_round(session: AsyncSession, *, kind: Kind, now: datetime) -> Round:
    """Begin the round that has waited longest, or a new one, and log that the machine now looks."""
    round_ = await _asked_for(session, kind) or _new(session, kind, asked_by=None, now=now)
    round_.begin(now)
    await session.flush()
    await note_progress(session, round_id=round_.id, percent=0)
    await _tidy(session, now)
    _log(session, round_, now)
    await session.flush()
    return round_


async def note_progress(session: AsyncSession, *, round_id: UUID, percent: int) -> None:
    """Note how far a running round is: for those who wait, and as a sign of life."""
    await session.execute(
        update(Round)
        .where(
            Round.organiser_id == asker(session).organiser_id,
            Round.id == round_id,
            Round.status == "running",
        )
        .values(progress=func.greatest(Round.progress, min(percent, 99)), seen_at=func.now())
    )


async def finish_round(
    session: AsyncSession, *, round_id: UUID, outcome: Outcome | None, now: datetime
) -> Round:
    """Write down what the round came to; without an outcome it failed, and nothing was proposed."""
    round_ = await session.get_one(
        Round, (asker(session).organiser_id, round_id), with_for_update=True
    )
    round_.end(now, well=outcome is not None)
    if outcome:
        round_.orders, round_.places = outcome.orders, outcome.places
        round_.proposed, round_.visits = outcome.proposed, outcome.visits
        round_.stale, round_.changed = outcome.stale, outcome.changed
        round_.seconds = outcome.seconds
        round_.value, round_.bound = outcome.value, outcome.bound
        round_.unfilled = dict(outcome.unfilled)
    await session.flush()
    return round_


async def horizon(session: AsyncSession, *, otherwise: timedelta, now: datetime) -> timedelta:
    """Return how far ahead the matcher plans; `otherwise` as the process was told."""
    who = asker(session)
    own = held("clock_days", HORIZON, organiser_id=who.organiser_id, now=now)
    days = await session.scalar(select(own))
    return otherwise if days is None else timedelta(days=days)


def _new(session: AsyncSession, kind: Kind, *, asked_by: UUID | None, now: datetime) -> Round:
    nothing: Json = {}
    round_ = Round(
        organiser_id=asker(session).organiser_id,
        id=uuid7(),
        kind=kind,
        status="waiting",
        asked_by=asked_by,
        asked_at=now,
        unfilled=nothing,
        orders=0,
        places=0,
        proposed=0,
        visits=0,
        stale=0,
        changed=0,
        progress=0,
    )
    session.add(round_)
    return round_


async def _asked_for(session: AsyncSession, kind: Kind) -> Round | None:
    """Return the round that waits, or was begun by a worker that is no more."""
    rounds = await session.scalars(
        select(Round)
        .where(
            Round.organiser_id == asker(session).organiser_id,
            Round.kind == kind,
            or_(
                Round.status == "waiting",
                and_(Round.status == "running", Round.seen_at < func.now() - SIGN_OF_LIFE),
            ),
        )
        .order_by(Round.asked_at, Round.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return rounds.first()


async def _tidy(session: AsyncSession, now: datetime) -> None:
    """Close the lists and near misses of orders that nobody looks for any more."""
    over = exists().where(
        Order.organiser_id == Proposal.organiser_id,
        Order.id == Proposal.order_id,
        Order.status != OrderStatus.OPEN.value,
    )
    own = asker(session).organiser_id
    closed = await session.scalars(
        update(Proposal)
        .where(Proposal.organiser_id == own, Proposal.closed_at.is_(None), over)
        .values(closed_at=now)
        .returning(Proposal.order_id)
    )
    orders = set(closed)
    if orders:
        await session.execute(
            delete(NearMiss).where(NearMiss.organiser_id == own, NearMiss.order_id.in_(orders))
        )


def _log(session: AsyncSession, round_: Round, now: datetime) -> None:
    who = asker(session)
    session.add(
        Look(
            organiser_id=who.organiser_id,
            at=now,
            actor=round_.asked_by,
            role=who.role,
            client_id=None,
            what="codes of the pool",
            purpose=f"{round_.kind} round",
            request_id=str(round_.id),
        )
    )
