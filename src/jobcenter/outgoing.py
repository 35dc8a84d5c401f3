"""What becomes of a notice on its way out: claimed, then sent, unknown, tried again or given up.

Each step is one short transaction; the sending happens between two of them. Claims carry a fence,
so that whoever wakes up late changes nothing. When a notice is due is told by the caller's clock,
how long a claim lasts by the database's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter import breaker, pacing
from jobcenter.breaker import REFUSED
from jobcenter.database import asker
from jobcenter.jobs import DELIVER, enqueue
from jobcenter.notices import MOST_TRIES, Gateway, Notice, Todo, quiet_of, settle_todo, todo
from jobcenter.pacing import Paces
from jobcenter.times import next_allowed

# How long a claim lasts; sending must be over well before (see `worker.delivery`).
LEASE = timedelta(seconds=30)
# How long after its first, second ... try a notice is tried again.
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
# Not worth a second copy when nobody knows whether the first arrived (I11).
NOT_REPEATED = frozenset(
    {"reminder", "where_are_you", "signin", "we_call", "heard_no", "heard_fine"}
)
UNKNOWN = "unknown"
ANY_PACE: Paces = {}
# What has been due for so long, and neither went nor waits for its way, is told to staff (I10).
LATE = timedelta(minutes=10)
MESSAGES_LATE = "messages_late"
# The lock under which one in doubt is let go.
_ONE_IN_DOUBT = 7_036_423


class Verdict(StrEnum):
    """What a way out answered."""

    SENT = "sent"
    REFUSED = "refused"
    """The service itself is away or full: everything on this way waits."""
    LATER = "later"
    """This one was not taken, and may be another time."""
    NEVER = "never"
    """This one will never be taken: the address is wrong, say."""
    UNKNOWN = "unknown"
    """Nobody can say whether it was taken."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A verdict with the other side's reference, or with what was wrong."""

    verdict: Verdict
    reference: str | None = None
    problem: str | None = None


DOUBT = Answer(Verdict.UNKNOWN, problem=UNKNOWN)


@dataclass(frozen=True, slots=True)
class Claim:
    """A notice that is ours to send while the lease lasts."""

    id: UUID
    fence: int
    tries: int
    kind: str
    way: str
    client_id: UUID | None
    user_id: UUID | None
    address: str | None
    order_id: UUID | None
    gig_id: UUID | None
    version: int
    doubtful: bool
    """Whether it may have been sent before, so that a second doubt ends it."""


async def due(
    session: AsyncSession, *, now: datetime, paces: Paces = ANY_PACE, limit: int = 500
) -> Sequence[UUID]:
    """Return what may be sent now, oldest first.

    One by one where the way refused lately; and one by one those of which nobody knows whether they
    went: whichever of them kills its worker then takes no other along.
    """
    down = await breaker.refusing(session)
    doubted = await session.scalar(_doubted(session))
    found: list[UUID] = []
    for way in ("sms", "mail"):
        gateway = down.get(way)
        if gateway and gateway.next_try_at > now:
            continue
        waiting = (
            select(Notice.id)
            .where(_mine(session), Notice.state == "pending", Notice.due_at <= now)
            .where(Notice.way == way)
            .order_by(Notice.due_at, Notice.id)
        )
        sure = func.coalesce(Notice.problem, "") != UNKNOWN
        most = await pacing.room(session, way, paces=paces, now=now, most=1 if gateway else limit)
        goes = list(await session.scalars(waiting.where(sure).limit(most)))
        if not doubted and not (gateway and goes):
            goes += await session.scalars(waiting.where(~sure).limit(1))
        found += goes
    return found


async def enqueue_due(session: AsyncSession, *, now: datetime, paces: Paces = ANY_PACE) -> int:
    """Ask the worker to deliver what is due; what it already has in hand is not asked twice."""
    waiting = await due(session, now=now, paces=paces)
    for notice_id in waiting:
        await enqueue(session, DELIVER, key=str(notice_id), notice=str(notice_id))
    return len(waiting)


async def claim(
    session: AsyncSession,
    *,
    notice_id: UUID,
    now: datetime,
    lease: timedelta = LEASE,
    paces: Paces = ANY_PACE,
) -> Claim | None:
    """Take a notice that is due; None when somebody has it, it is too early, or its way is shut.

    None, too, when as many have gone out on its way in the last minute as that way takes.
    """
    notice = await session.scalar(
        select(Notice)
        .where(_mine(session), Notice.id == notice_id)
        .where(Notice.state == "pending", Notice.due_at <= now)
        .with_for_update(skip_locked=True)
    )
    if notice is None or not await breaker.lets_through(session, notice.way, now=now):
        return None
    if notice.problem == UNKNOWN and not await _is_alone(session):
        return None
    allowed = next_allowed(now, quiet_of(notice))
    if allowed > now:
        notice.due_at = allowed
        return None
    if not await pacing.has_room(session, notice.way, paces=paces, now=now):
        return None
    notice.state = "sending"
    notice.tries += 1
    notice.fence += 1
    await session.flush()
    await session.execute(
        update(Notice)
        .where(_mine(session), Notice.id == notice_id)
        .values(leased_until=func.now() + lease)
        .execution_options(synchronize_session=False)
    )
    return _as_claim(notice)


def _doubted(session: AsyncSession) -> Select[UUID]:
    """Select one that is being sent once more because nobody knows whether it went."""
    doubted = select(Notice.id).where(Notice.state == "sending", Notice.problem == UNKNOWN)
    return doubted.where(_mine(session)).limit(1)


async def _is_alone(session: AsyncSession) -> bool:
    """Tell whether no other in doubt is on its way; of two that ask at once, one waits."""
    await session.execute(select(func.pg_advisory_xact_lock(_ONE_IN_DOUBT)))
    return await session.scalar(_doubted(session)) is None


def _as_claim(notice: Notice) -> Claim:
    return Claim(
        id=notice.id,
        fence=notice.fence,
        tries=notice.tries,
        kind=notice.kind,
        way=notice.way,
        client_id=notice.client_id,
        user_id=notice.user_id,
        address=notice.address,
        order_id=notice.order_id,
        gig_id=notice.gig_id,
        version=notice.version,
        doubtful=notice.problem == UNKNOWN,
    )


async def drop(session: AsyncSession, *, held: Claim, why: str) -> bool:
    """Let go of a notice whose fact is no longer true; False when it is not ours any more."""
    return await _settle(session, held, state="dropped", problem=why)


async def finish(
    session: AsyncSession,
    *,
    held: Claim,
    answer: Answer,
    now: datetime,
    wait: timedelta | None = None,
) -> bool:
    """Write down what became of it; False when the claim was lost meanwhile: nothing is changed.

    `wait` is how long until it is tried again, if it is; each try waits longer when it is not said.
    """
    again_at = now + (WAITS[min(held.tries, len(WAITS)) - 1] if wait is None else wait)
    settled = await _settle(session, held, **_becomes(held, answer, now, again_at))
    if not settled:
        return False
    if answer.verdict is Verdict.REFUSED:
        await breaker.open_for(session, held.way, now=now)
    if answer.verdict is Verdict.SENT:
        await breaker.close_for(session, held.way, now=now)
        await settle_todo(session, kind="undelivered", mark=str(held.id), now=now)
    if _needs_a_person(held, answer):
        await todo(
            session, kind="undelivered", due_at=now, now=now, mark=str(held.id),
            client_id=held.client_id, order_id=held.order_id, gig_id=held.gig_id,
        )  # fmt: skip
    return True


def _becomes(held: Claim, answer: Answer, now: datetime, again_at: datetime) -> dict[str, object]:
    if answer.verdict is Verdict.SENT:
        return {"state": "sent", "sent_at": now, "reference": answer.reference, "problem": None}
    if answer.verdict is Verdict.UNKNOWN and not _is_repeated(held):
        return {"state": "unknown", "problem": answer.problem or UNKNOWN}
    if answer.verdict is Verdict.NEVER or held.tries >= MOST_TRIES:
        return {"state": "failed", "problem": answer.problem}
    problem = REFUSED if answer.verdict is Verdict.REFUSED else answer.problem
    if answer.verdict is Verdict.UNKNOWN or held.doubtful:
        problem = UNKNOWN
    return {"state": "pending", "due_at": again_at, "problem": problem}


def _is_repeated(held: Claim) -> bool:
    """A message that matters is sent once more, with the same link and the same reference."""
    return not held.doubtful and held.kind not in NOT_REPEATED and held.tries < MOST_TRIES


def _needs_a_person(held: Claim, answer: Answer) -> bool:
    if answer.verdict is Verdict.UNKNOWN:
        return not _is_repeated(held) and held.kind not in NOT_REPEATED
    gives_up = answer.verdict is Verdict.NEVER or held.tries >= MOST_TRIES
    return answer.verdict is not Verdict.SENT and gives_up


async def _settle(session: AsyncSession, held: Claim, **values: object) -> bool:
    settled = await session.scalar(
        update(Notice)
        .where(_mine(session), Notice.id == held.id)
        .where(Notice.state == "sending", Notice.fence == held.fence)
        .values(leased_until=None, **values)
        .returning(Notice.id)
        .execution_options(synchronize_session=False)
    )
    return settled is not None


async def sweep(session: AsyncSession, *, now: datetime) -> int:
    """Settle what a dead or frozen worker left in hand: nobody knows whether it was sent."""
    left = await session.scalars(
        select(Notice)
        .where(_mine(session), Notice.state == "sending", Notice.leased_until < func.now())
        .order_by(Notice.id)
        .with_for_update(skip_locked=True)
    )
    count = 0
    for notice in left:
        # The lease has been waiting enough: what is sent once more goes at once.
        await finish(session, held=_as_claim(notice), answer=DOUBT, now=now, wait=timedelta())
        count += 1
    return count


async def list_calls(session: AsyncSession, *, now: datetime) -> int:
    """When a way has been refusing for long, have people called whose messages it held up."""
    late = now - sum(WAITS, timedelta())
    down = [way for way, row in (await breaker.refusing(session)).items() if _since(row, late)]
    held_up = await session.scalars(
        select(Notice)
        .where(_mine(session), Notice.state == "pending", Notice.way.in_(down))
        .where(Notice.client_id.is_not(None), Notice.due_at <= now + WAITS[-1])
        .where(Notice.written_at <= late)
        .order_by(Notice.id)
    )
    count = 0
    for notice in held_up:
        await todo(
            session, kind="undelivered", due_at=now, now=now, mark=str(notice.id),
            client_id=notice.client_id, order_id=notice.order_id, gig_id=notice.gig_id,
        )  # fmt: skip
        count += 1
    return count


async def tell_late(session: AsyncSession, *, now: datetime) -> bool:
    """Tell staff once that messages are late although their way is open; settled when none is."""
    down = list(await breaker.refusing(session))
    oldest = await session.scalar(
        select(Notice.id)
        .where(_mine(session), Notice.state == "pending", Notice.due_at <= now - LATE)
        .where(Notice.way.not_in(down))
        .order_by(Notice.due_at, Notice.id)
        .limit(1)
    )
    told = list(
        await session.scalars(
            select(Todo)
            .where(Todo.organiser_id == asker(session).organiser_id, Todo.kind == MESSAGES_LATE)
            .where(Todo.done_at.is_(None))
        )
    )
    if oldest is None:
        for each in told:
            each.done_at = now
    elif not told:
        await todo(session, kind=MESSAGES_LATE, due_at=now, now=now, mark=str(oldest))
    return oldest is not None and not told


def _since(gateway: Gateway, moment: datetime) -> bool:
    return gateway.down_since is not None and gateway.down_since <= moment


def _mine(session: AsyncSession) -> ColumnElement[bool]:
    return Notice.organiser_id == asker(session).organiser_id
