"""How the rows of a class go when their time is up: deleted, emptied or overwritten.

What a legal hold keeps stays due and is counted again.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Table, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter import access
from jobcenter.database import Base, asker
from jobcenter.orders.proposals import Proposal, ProposalRow
from jobcenter.people.clients import Client
from jobcenter.people.parties import OrderingParty
from jobcenter.people.registered import RegisterAnswer
from jobcenter.people.staff import Passkey, User
from jobcenter.retention.erasing import MARK, StillHeld, erase
from jobcenter.retention.holds import is_covered

NOBODY = "erased"


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one table whose time may be up, and what tells which."""

    table: type[Base]
    old: Callable[[datetime], ColumnElement[bool]]

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


@dataclass(frozen=True, slots=True)
class RecordClass(Rows):
    """One class: whose rows, the moment from which their time is counted, and how they go."""

    clock: str
    remove: Callable[[AsyncSession, "RecordClass", datetime, datetime], Awaitable[int]] | None
    """None where a person removes them: nobody who signs in may touch a log or the books."""
    also: tuple[Rows, ...] = ()
    """What goes of other tables, in the same way."""

    @property
    def parts(self) -> tuple[Rows, ...]:
        """Return the rows of this table and those of the others."""
        return (self, *self.also)


async def count(session: AsyncSession, kind: RecordClass, cutoff: datetime) -> int:
    """Count the rows whose time is up."""
    organiser_id = asker(session).organiser_id
    return sum([await _count(session, part, part.due(organiser_id, cutoff)) for part in kind.parts])


async def _count(session: AsyncSession, rows: Rows, which: ColumnElement[bool]) -> int:
    return await session.scalar(select(func.count()).select_from(rows.table).where(which)) or 0


async def count_held(
    session: AsyncSession, kind: RecordClass, cutoff: datetime, now: datetime
) -> int:
    """Count those of them that a legal hold keeps."""
    found = 0
    for part in kind.parts:
        held = part.held(now)
        if held is not None:
            due = part.due(asker(session).organiser_id, cutoff)
            found += await _count(session, part, due & held)
    return found


async def deleted(session: AsyncSession, kind: RecordClass, cutoff: datetime, now: datetime) -> int:
    """Delete the rows, and those of the class's other tables."""
    return sum([await _deleted(session, part, cutoff, now) for part in kind.parts])


async def _deleted(session: AsyncSession, rows: Rows, cutoff: datetime, now: datetime) -> int:
    gone = await session.scalars(
        delete(rows.table)
        .where(rows.free(asker(session).organiser_id, cutoff, now))
        .returning(rows.table.__table__.c.organiser_id)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())


async def unlisted(
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
    return await deleted(session, kind, cutoff, now)


async def unexplained(
    session: AsyncSession, kind: RecordClass, cutoff: datetime, now: datetime
) -> int:
    """Forget on the gig why an offer came to nothing.

    That it was made stays, for fairness is counted.
    """
    return await _emptied(session, kind, cutoff, now, end_reason=None)


async def unworded(
    session: AsyncSession, kind: RecordClass, cutoff: datetime, now: datetime
) -> int:
    """Let the history go of why somebody took a gig back; that they did stays."""
    return await _emptied(session, kind, cutoff, now, reason=MARK)


async def disabled(
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


async def uncontacted(
    session: AsyncSession, kind: RecordClass, cutoff: datetime, now: datetime
) -> int:
    """Forget whom the worker of an old order met; the order stays."""
    return await _emptied(session, kind, cutoff, now, contact_name="", contact_phone="")


async def unsaid(session: AsyncSession, kind: RecordClass, cutoff: datetime, now: datetime) -> int:
    """Forget in which words an old order told what, where and why; its hours and money stay."""
    return await _emptied(
        session, kind, cutoff, now,
        title="", description="", entrance="", wear="", bring="", cancel_reason=None,
    )  # fmt: skip


async def unreached(
    session: AsyncSession, kind: RecordClass, cutoff: datetime, now: datetime
) -> int:
    """Forget how an organisation that orders no more was reached, and what a register said."""
    organiser_id = asker(session).organiser_id
    gone = await _emptied(session, kind, cutoff, now, email="", phone="")
    # Whoever has an answer is still due; without one there is nothing more to forget.
    due = select(OrderingParty.id).where(kind.free(organiser_id, cutoff, now))
    await session.execute(
        delete(RegisterAnswer)
        .where(RegisterAnswer.organiser_id == organiser_id, RegisterAnswer.party_id.in_(due))
        .execution_options(synchronize_session=False)
    )
    return gone


async def look_first(
    session: AsyncSession, kind: RecordClass, cutoff: datetime, now: datetime
) -> None:
    """Log that whoever is due is about to be read, which erasing somebody does."""
    due = kind.free(asker(session).organiser_id, cutoff, now)
    clients = (await session.scalars(select(Client.id).where(due))).all()
    if clients:
        await access.note_looks(session, clients, what="everything", purpose="erasure", now=now)


async def erased(session: AsyncSession, kind: RecordClass, cutoff: datetime, now: datetime) -> int:
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


async def _emptied(
    session: AsyncSession, kind: RecordClass, cutoff: datetime, now: datetime, **said: str | None
) -> int:
    """Leave the rows, with this in place of what they said."""
    rows = await session.scalars(
        update(kind.table)
        .where(kind.free(asker(session).organiser_id, cutoff, now))
        .values(said)
        .returning(kind.table.__table__.c.organiser_id)
        .execution_options(synchronize_session=False)
    )
    return len(rows.all())
