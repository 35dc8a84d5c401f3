"""The classes of record that run out, each with its clock and with what is done when time is up.

How many days, and by which law, are dated rows (`figures`, kind `retention`).
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Table, delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.access import Look
from jobcenter.database import Base, asker
from jobcenter.inbox import DemoMessage
from jobcenter.notices import Notice
from jobcenter.orders.gigs import Gig, GigEvent, GigStatus
from jobcenter.orders.model import Draft, IdempotencyKey, Order
from jobcenter.orders.proposals import NearMiss, Proposal, ProposalRow
from jobcenter.orders.replies import Reply
from jobcenter.orders.told import Feedback, Incident
from jobcenter.people.clients import Client
from jobcenter.people.staff import ORDERER, Grant, Passkey, User
from jobcenter.retention.erasing import MARK, StillHeld, erase
from jobcenter.retention.holds import is_covered

ENDED_UNUSED = (GigStatus.DECLINED.value, GigStatus.EXPIRED.value, GigStatus.WITHDRAWN.value)
NOBODY = "erased"


@dataclass(frozen=True, slots=True)
class RecordClass:
    """One class: whose rows, the moment from which their time is counted, and how they go."""

    table: type[Base]
    clock: str
    old: Callable[[datetime], ColumnElement[bool]]
    remove: Callable[[AsyncSession, "RecordClass", datetime, datetime], Awaitable[int]] | None
    """None where a person removes them: nobody who signs in may touch a log or the books."""

    def due(self, organiser_id: int, cutoff: datetime) -> ColumnElement[bool]:
        """Return what tells a row whose time is up."""
        return (self.table.__table__.c.organiser_id == organiser_id) & self.old(cutoff)

    def free(self, organiser_id: int, cutoff: datetime, now: datetime) -> ColumnElement[bool]:
        """Return what tells a row whose time is up and that no legal hold keeps."""
        held = self.held(now)
        due = self.due(organiser_id, cutoff)
        return due if held is None else due & ~held

    def held(self, now: datetime) -> ColumnElement[bool] | None:
        """Return what tells a row of somebody whose record is held."""
        table = self.table.__table__
        return is_covered(table, now) if isinstance(table, Table) else None


async def count(session: AsyncSession, kind: RecordClass, cutoff: datetime) -> int:
    """Count the rows whose time is up."""
    due = kind.due(asker(session).organiser_id, cutoff)
    return await session.scalar(select(func.count()).select_from(kind.table).where(due)) or 0


async def count_held(
    session: AsyncSession, kind: RecordClass, cutoff: datetime, now: datetime
) -> int:
    """Count those of them that a legal hold keeps."""
    held = kind.held(now)
    if held is None:
        return 0
    due = kind.due(asker(session).organiser_id, cutoff) & held
    return await session.scalar(select(func.count()).select_from(kind.table).where(due)) or 0


async def _deleted(
    session: AsyncSession, kind: RecordClass, cutoff: datetime, now: datetime
) -> int:
    rows = await session.scalars(
        delete(kind.table)
        .where(kind.free(asker(session).organiser_id, cutoff, now))
        .returning(kind.table.__table__.c.organiser_id)
        .execution_options(synchronize_session=False)
    )
    return len(rows.all())


async def _unlisted(
    session: AsyncSession, kind: RecordClass, cutoff: datetime, now: datetime
) -> int:
    """Let the people of an old list go before the list itself, which approvals point at."""
    organiser_id = asker(session).organiser_id
    old = select(Proposal.id).where(kind.free(organiser_id, cutoff, now))
    await session.execute(
        delete(ProposalRow)
        .where(ProposalRow.organiser_id == organiser_id, ProposalRow.proposal_id.in_(old))
        .execution_options(synchronize_session=False)
    )
    return await _deleted(session, kind, cutoff, now)


async def _unexplained(
    session: AsyncSession, kind: RecordClass, cutoff: datetime, now: datetime
) -> int:
    """Forget on the gig why an offer came to nothing.

    That it was made stays, for fairness is counted.
    """
    rows = await session.scalars(
        update(Gig)
        .where(kind.free(asker(session).organiser_id, cutoff, now))
        .values(end_reason=None)
        .returning(Gig.id)
        .execution_options(synchronize_session=False)
    )
    return len(rows.all())


async def _unworded(
    session: AsyncSession, kind: RecordClass, cutoff: datetime, now: datetime
) -> int:
    """Let the history go of why somebody took a gig back; that they did stays."""
    rows = await session.scalars(
        update(GigEvent)
        .where(kind.free(asker(session).organiser_id, cutoff, now))
        .values(reason=MARK)
        .returning(GigEvent.id)
        .execution_options(synchronize_session=False)
    )
    return len(rows.all())


async def _disabled(
    session: AsyncSession, kind: RecordClass, cutoff: datetime, now: datetime
) -> int:
    """Forget the person who ordered; what their organisation ordered and paid stays."""
    due = kind.due(asker(session).organiser_id, cutoff)
    users = (await session.scalars(select(User).where(due))).all()
    for user in users:
        user.name, user.phone = NOBODY, ""
        user.email = f"{user.id}@{NOBODY}.invalid"
        user.subject = None
        user.disabled_at = user.disabled_at or now
    await session.flush()
    await session.execute(
        delete(Passkey)
        .where(Passkey.organiser_id == asker(session).organiser_id)
        .where(Passkey.user_id.in_([user.id for user in users]))
        .execution_options(synchronize_session=False)
    )
    return len(users)


async def _erased(session: AsyncSession, kind: RecordClass, cutoff: datetime, now: datetime) -> int:
    """Erase whoever may be; those whom a law or a dispute holds stay due and are counted again."""
    due = kind.free(asker(session).organiser_id, cutoff, now)
    gone = 0
    for client_id in (await session.scalars(select(Client.id).where(due))).all():
        gone += await _went(session, client_id, now)
    return gone


async def _went(session: AsyncSession, client_id: UUID, now: datetime) -> bool:
    try:
        await erase(session, client_id=client_id, law="its years are over", now=now)
    except StillHeld:
        return False
    return True


def _silent_orderer(cutoff: datetime) -> ColumnElement[bool]:
    """Whether a person does nothing here but order, and has ordered nothing themself since."""
    ordered = exists().where(Order.organiser_id == User.organiser_id, Order.placed_by == User.id)
    granted = exists().where(Grant.organiser_id == User.organiser_id, Grant.user_id == User.id)
    orders_only = granted.where(Grant.role == ORDERER) & ~granted.where(Grant.role != ORDERER)
    silent = ordered & ~ordered.where(Order.placed_at >= cutoff)
    return orders_only & silent & User.service.is_(False) & (User.name != NOBODY)


CLASSES: Mapping[str, RecordClass] = {
    "draft": RecordClass(Draft, "last touched", lambda cutoff: Draft.saved_at < cutoff, _deleted),
    "answer": RecordClass(
        IdempotencyKey, "answered", lambda cutoff: IdempotencyKey.created_at < cutoff, _deleted
    ),
    "message": RecordClass(
        DemoMessage, "received", lambda cutoff: DemoMessage.received_at < cutoff, _deleted
    ),
    "near_miss": RecordClass(NearMiss, "found", lambda cutoff: NearMiss.made_at < cutoff, _deleted),
    "proposal": RecordClass(
        Proposal, "closed", lambda cutoff: Proposal.closed_at < cutoff, _unlisted
    ),
    "offer": RecordClass(
        Gig,
        "the gig that came to nothing",
        lambda cutoff: (
            Gig.status.in_(ENDED_UNUSED)
            & (func.upper(Gig.during) < cutoff)
            & Gig.end_reason.is_not(None)
        ),
        _unexplained,
    ),
    "withdrawal": RecordClass(
        GigEvent,
        "the gig was taken back",
        lambda cutoff: (
            (GigEvent.to_status == GigStatus.WITHDRAWN.value)
            & (GigEvent.at < cutoff)
            & GigEvent.reason.not_in(("", MARK))
        ),
        _unworded,
    ),
    "delivery": RecordClass(
        Notice,
        "written",
        lambda cutoff: (Notice.written_at < cutoff) & Notice.state.not_in(("pending", "sending")),
        _deleted,
    ),
    "reply": RecordClass(Reply, "heard", lambda cutoff: Reply.heard_at < cutoff, _deleted),
    "feedback": RecordClass(Feedback, "told", lambda cutoff: Feedback.told_at < cutoff, _deleted),
    "incident": RecordClass(
        Incident, "reported", lambda cutoff: Incident.told_at < cutoff, _deleted
    ),
    "orderer": RecordClass(User, "the last order", _silent_orderer, _disabled),
    "client": RecordClass(
        Client,
        "the case was closed",
        lambda cutoff: (Client.closed_on < cutoff.date()) & Client.erased_at.is_(None),
        _erased,
    ),
    "pay": RecordClass(Gig, "the gig", lambda cutoff: func.upper(Gig.during) < cutoff, None),
    "look": RecordClass(Look, "looked", lambda cutoff: Look.at < cutoff, None),
}
