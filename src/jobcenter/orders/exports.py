"""Exports: all rows of pay or invoices of a span, asked for with a reason and made by the worker.

The file is for whoever asked, for a day. Whom it names is looked at before it is made, and told
before it leaves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import CheckConstraint, LargeBinary, Row, delete, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PgUUID
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column
from uuid_utils.compat import uuid7

from jobcenter.database import Base, Key, Organised, Who, asker, meets, of
from jobcenter.errors import Fault, Invalid, LinkIsDead, NotFound, TooMany
from jobcenter.jobs import EXPORT, enqueue
from jobcenter.orders.statements import may_settle
from jobcenter.people import sessions
from jobcenter.people.staff import User

T = TypeVar("T")
KINDS = ("pay", "invoices")
LASTS = timedelta(hours=24)
NOTED = timedelta(days=30)
"""How long it is told that somebody asked, why, and how much they got."""
MOST_A_DAY = 10
PURPOSE = "pay export"
# So many looks are committed together, that nobody else waits long.
LOOKED_AT_ONCE = 1_000
OVER = "This file was there for a day, and is no longer. Please ask for it again."
SHORTEST_REASON, LONGEST_REASON = 10, 500


class Export(Base):
    """What somebody asked for: which rows, why, and how it went."""

    __tablename__ = "exports"
    __table_args__ = (
        of("users", "user_id"),
        CheckConstraint("kind IN ('pay', 'invoices')", name="export_kind_is_known"),
        CheckConstraint("state IN ('asked', 'made', 'refused')", name="export_state_is_known"),
        CheckConstraint("first_day <= last_day", name="export_has_days"),
        CheckConstraint("length(btrim(reason)) >= 10", name="export_has_a_reason"),
        CheckConstraint("(state = 'made') = (ends_at IS NOT NULL)", name="export_ends"),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    user_id: Mapped[UUID]
    kind: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
    reason: Mapped[str]
    asked_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="asked")
    ends_at: Mapped[datetime | None]
    """Until when the file can be taken."""
    row_count: Mapped[int] = mapped_column(default=0)
    person_count: Mapped[int] = mapped_column(default=0)


class ExportFile(Base):
    """The file of an export, and whom it names."""

    __tablename__ = "export_files"
    __table_args__ = (of("exports", "export_id"), of("users", "user_id"))

    organiser_id: Mapped[Organised]
    export_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID]
    people: Mapped[list[UUID]] = mapped_column(ARRAY(PgUUID(as_uuid=True)))
    content: Mapped[bytes] = mapped_column(LargeBinary)


async def ask(
    session: AsyncSession, *, kind: str, days: tuple[date, date], reason: str, now: datetime
) -> Export:
    """Ask for all rows of a span; the same again, while the first is being made, is the first."""
    may_settle(session)
    who = asker(session)
    _check(kind, days, reason)
    assert who.actor_id is not None
    wanted = {"user_id": who.actor_id, "kind": kind, "first_day": days[0], "last_day": days[1]}
    earlier = await session.scalar(
        select(Export)
        .filter_by(organiser_id=who.organiser_id, state="asked", **wanted)
        .order_by(Export.id)
        .limit(1)
    )
    if earlier:
        return earlier
    lately = await session.scalar(
        select(func.count())
        .select_from(Export)
        .where(Export.organiser_id == who.organiser_id, Export.user_id == who.actor_id)
        .where(Export.asked_at > now - LASTS)
    )
    if (lately or 0) >= MOST_A_DAY:
        raise TooMany
    export = Export(
        organiser_id=who.organiser_id, id=uuid7(), reason=reason.strip(), asked_at=now, **wanted
    )
    session.add(export)
    await session.flush()
    await enqueue(session, EXPORT, key=str(export.id))
    return export


def _check(kind: str, days: tuple[date, date], reason: str) -> None:
    faults = []
    if kind not in KINDS:
        faults.append(Fault("kind", "unknown", "Please choose what you need."))
    if days[1] < days[0]:
        faults.append(Fault("last_day", "end_before_start", "The last day is before the first."))
    if not SHORTEST_REASON <= len(reason.strip()) <= LONGEST_REASON:
        faults.append(Fault("reason", "no_reason", "Please say in a sentence what it is for."))
    if faults:
        raise Invalid(*faults)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An export that is not made yet, and what whoever asked may do now; None: nothing."""

    export: Export
    who: Who | None


async def waiting(session: AsyncSession, *, now: datetime) -> tuple[Wanted, ...]:
    """Return what has been asked for and is not made yet, the oldest first."""
    organiser = asker(session).organiser_id
    found = await session.execute(
        select(Export, User)
        .join(User, meets(Export, "user_id", User))
        .where(Export.organiser_id == organiser, Export.state == "asked")
        .order_by(Export.id)
    )
    return tuple(
        [
            Wanted(export, None if user.disabled_at else await sessions.who_is(session, user, now))
            for export, user in found.all()
        ]
    )


async def own(session: AsyncSession) -> Sequence[Export]:
    """Return what the asker has asked for, the newest first."""
    who = asker(session)
    found = await session.scalars(
        select(Export)
        .where(Export.organiser_id == who.organiser_id, Export.user_id == who.actor_id)
        .order_by(Export.asked_at.desc(), Export.id)
    )
    return found.all()


async def lately(session: AsyncSession, *, now: datetime) -> Sequence[Row[Export, str]]:
    """Return what was asked for in the last thirty days and by whom, for keepers of the log."""
    found = await session.execute(
        select(Export, User.name)
        .join(User, meets(Export, "user_id", User))
        .where(Export.organiser_id == asker(session).organiser_id, Export.asked_at > now - NOTED)
        .order_by(Export.asked_at.desc(), Export.id)
    )
    return found.all()


async def one(session: AsyncSession, *, export_id: UUID) -> Export:
    """Return one that the asker has asked for."""
    who = asker(session)
    export = await session.get(Export, (who.organiser_id, export_id))
    if export is None or export.user_id != who.actor_id:
        raise NotFound
    return export


async def people_in(session: AsyncSession, *, export_id: UUID, now: datetime) -> Sequence[UUID]:
    """Return whom the file names, for the look that must be written first."""
    return await _of_file(session, ExportFile.people, export_id=export_id, now=now)


async def content_of(session: AsyncSession, *, export_id: UUID, now: datetime) -> bytes:
    """Return the file; look first."""
    return await _of_file(session, ExportFile.content, export_id=export_id, now=now)


async def _of_file(
    session: AsyncSession, column: InstrumentedAttribute[T], *, export_id: UUID, now: datetime
) -> T:
    may_settle(session)
    export = await one(session, export_id=export_id)
    if export.ends_at is None:
        raise NotFound
    found = await session.scalar(
        select(column).where(
            ExportFile.organiser_id == export.organiser_id, ExportFile.export_id == export.id
        )
    )
    if found is None or export.ends_at <= now:
        raise LinkIsDead(OVER)
    return found


async def keep(
    session: AsyncSession, *, export_id: UUID, people: list[UUID], content: bytes, rows: int,
    now: datetime,
) -> None:  # fmt: skip
    """Keep a file that was made; made by another worker meanwhile, it stands."""
    export = await _locked(session, export_id)
    if export.state != "asked":
        return
    export.state, export.ends_at = "made", now + LASTS
    export.row_count, export.person_count = rows, len(people)
    session.add(
        ExportFile(
            organiser_id=export.organiser_id, export_id=export.id, user_id=export.user_id,
            people=people, content=content,
        )
    )  # fmt: skip
    await session.flush()


async def refuse(session: AsyncSession, *, export_id: UUID) -> None:
    """Note that whoever asked may no longer have it."""
    export = await _locked(session, export_id)
    if export.state == "asked":
        export.state = "refused"


async def _locked(session: AsyncSession, export_id: UUID) -> Export:
    key = (asker(session).organiser_id, export_id)
    return await session.get_one(Export, key, with_for_update=True)


async def let_go(session: AsyncSession, *, now: datetime) -> None:
    """Delete files whose day is over, and what was asked for a month ago."""
    organiser = asker(session).organiser_id
    old = Export.asked_at <= now - NOTED
    over = select(Export.id).where(
        Export.organiser_id == organiser, or_(Export.ends_at <= now, old)
    )
    await session.execute(
        delete(ExportFile).where(
            ExportFile.organiser_id == organiser, ExportFile.export_id.in_(over)
        )
    )
    await session.execute(delete(Export).where(Export.organiser_id == organiser, old))
