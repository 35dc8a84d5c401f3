"""What waits to be told to a person, and what waits to be done by one.

A notice is a row written with the fact; its text is built from the state when it is sent. A to-do
is what staff must see to by a time.
"""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Index,
    UniqueConstraint,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from jobcenter.database import Base, Key, Organised, Small, asker, of
from jobcenter.jobs import DELIVER, enqueue
from jobcenter.people.clients import Client, ClientContact
from jobcenter.people.parties import Figure
from jobcenter.times import QuietHours, local, next_allowed

# A message is tried this many times, then a person sees to it (I13).
MOST_TRIES = 8
# At most this many messages reach one client on one day (I22); instead of the next a person calls.
MOST_A_DAY = 6
CALLS = {
    "offer": "call_offer",
    "reminder": "call_offer",
    "cancelled": "call_cancelled",
    "still_fine": "call_still_fine",
    "where_are_you": "where_are_you",
}
ANY_CALL = "call_changed"
# What is for the coach who is responsible for the client; the unit sees it as well.
TO_THE_COACH = frozenset({
    "decision_month", "decision_week", "card_soon", "talk_wishes", "check_phone", "left_pool",
    "pin_help", "follow_up", "check_gig", "texts_stopped",
})  # fmt: skip
# Answers to what the client has just asked for: they go out although texts were stopped.
ASKED_FOR = frozenset({"gig_link", "own_link", "pin_link", "texts_stopped", "texts_started"})
# What needs no call when it cannot be texted: the client has just said or heard it themself.
NO_CALL = frozenset({"confirmed", "heard_no", "heard_fine", "which_gig", "too_late", "we_call"})


# Minutes of the day between which clients are left in peace where an organiser has set nothing.
USUAL_QUIET = {"quiet_from": 20 * 60, "quiet_to": 8 * 60}


class Notice(Base):
    """One message to one person about one fact, on one way (sms or mail)."""

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("organiser_id", "dedupe_key", name="notice_written_once"),
        UniqueConstraint("organiser_id", "client_id", "day", "slot", name="notice_day_is_calm"),
        of("clients", "client_id"),
        of("users", "user_id"),
        CheckConstraint("way IN ('sms', 'mail')", name="notice_way_is_known"),
        CheckConstraint(
            "state IN ('pending', 'sending', 'sent', 'unknown', 'dropped', 'failed')",
            name="notice_state_is_known",
        ),
        CheckConstraint("reported IN ('delivered', 'failed')", name="notice_report_is_known"),
        CheckConstraint("tries BETWEEN 0 AND 8", name="notice_tries_are_bounded"),
        CheckConstraint("slot BETWEEN 1 AND 6", name="notice_day_is_bounded"),
        CheckConstraint("tries < 8 OR state <> 'pending'", name="notice_poison_stops"),
        Index("notice_waiting", "organiser_id", "due_at", postgresql_where="state = 'pending'"),
        Index(
            "notice_gone_lately",
            "organiser_id",
            "way",
            "sent_at",
            postgresql_where="sent_at IS NOT NULL",
        ),
        Index("notice_under_way", "organiser_id", "way", postgresql_where="state = 'sending'"),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    kind: Mapped[str]
    way: Mapped[str]
    client_id: Mapped[UUID | None]
    user_id: Mapped[UUID | None]
    address: Mapped[str | None]
    """A mail address or number that is neither a client's nor a user's (a site contact, say)."""
    order_id: Mapped[UUID | None]
    gig_id: Mapped[UUID | None]
    dedupe_key: Mapped[str]
    due_at: Mapped[datetime]
    quiet_from: Mapped[Small | None]
    """Quiet hours that held when it was written, in local minutes; empty when there were none."""
    quiet_to: Mapped[Small | None]
    workdays_only: Mapped[bool] = mapped_column(default=False, server_default="false")
    """Whether it is quiet on all other days too."""
    day: Mapped[date | None]
    slot: Mapped[Small | None]
    state: Mapped[str] = mapped_column(default="pending")
    tries: Mapped[Small] = mapped_column(default=0)
    fence: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    reference: Mapped[str | None]
    problem: Mapped[str | None]
    written_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    reported: Mapped[str | None]
    """What the gateway told afterwards: delivered, or failed."""
    version: Mapped[int] = mapped_column(default=1)


class Todo(Base):
    """Something that staff must do by a time: a call, a talk, a check."""

    __tablename__ = "todos"
    __table_args__ = (
        UniqueConstraint("organiser_id", "dedupe_key", name="todo_written_once"),
        of("units", "unit_id"),
        of("clients", "client_id"),
        Index("todo_by_client", "organiser_id", "client_id"),
        Index("todo_open", "organiser_id", "unit_id", "due_at", postgresql_where="done_at IS NULL"),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    kind: Mapped[str]
    unit_id: Mapped[UUID | None]
    client_id: Mapped[UUID | None]
    coach_id: Mapped[UUID | None]
    order_id: Mapped[UUID | None]
    gig_id: Mapped[UUID | None]
    dedupe_key: Mapped[str]
    due_at: Mapped[datetime]
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[UUID | None]


class Gateway(Base):
    """Whether a way out refuses at present; while it does, one notice a minute knocks for all."""

    __tablename__ = "gateways"

    organiser_id: Mapped[Organised]
    way: Mapped[str] = mapped_column(primary_key=True)
    down_since: Mapped[datetime | None]
    next_try_at: Mapped[datetime]


class ScheduleRun(Base):
    """An instant at which a schedule was due; unique, so it fires once (I14)."""

    __tablename__ = "schedule_runs"

    organiser_id: Mapped[Organised]
    schedule: Mapped[str] = mapped_column(primary_key=True)
    due_at: Mapped[datetime] = mapped_column(primary_key=True)
    enqueued_at: Mapped[datetime]


async def tell(
    session: AsyncSession,
    *,
    kind: str,
    now: datetime,
    client_id: UUID | None = None,
    user_id: UUID | None = None,
    address: str | None = None,
    way: str = "sms",
    order_id: UUID | None = None,
    gig_id: UUID | None = None,
    version: int = 1,
    urgent: bool = False,
    closed: QuietHours | None = None,
) -> None:
    """Write a notice with the fact it is about: once per fact, recipient, way and version.

    A client is left in peace in the quiet hours unless it is urgent, or while it is `closed`.
    """
    quiet = await quiet_hours(session, now=now) if client_id and not urgent else None
    quiet = closed or quiet
    recipient = client_id or user_id or address
    notice = Notice(
        organiser_id=asker(session).organiser_id,
        kind=kind,
        way=way,
        client_id=client_id,
        user_id=user_id,
        address=address,
        order_id=order_id,
        gig_id=gig_id,
        dedupe_key=f"{kind}:{gig_id or order_id}:{recipient}:{way}:{version}",
        due_at=next_allowed(now, quiet),
        quiet_from=_minute(quiet.begins) if quiet else None,
        quiet_to=_minute(quiet.ends) if quiet else None,
        workdays_only=bool(quiet and quiet.workdays_only),
        written_at=now,
        version=version,
    )
    written = await (_write_calmly(session, notice) if client_id else _write(session, notice))
    if written and notice.due_at <= now:
        await enqueue(session, DELIVER, key=str(written), notice=str(written))


async def _write(session: AsyncSession, notice: Notice) -> UUID | None:
    """Insert it and return its id; None when a twin, or the day's slot, is already there."""
    values = {
        column.key: getattr(notice, column.key)
        for column in Notice.__table__.columns
        if getattr(notice, column.key) is not None
    }
    return await session.scalar(
        insert(Notice).values(values).on_conflict_do_nothing().returning(Notice.id)
    )


async def _write_calmly(session: AsyncSession, notice: Notice) -> UUID | None:
    """Insert it in the client's next free slot of the day.

    When the day is full, or the client wants no text messages, ask for a call instead.
    """
    stopped = (
        select(ClientContact.texts_stopped_at)
        .where(ClientContact.organiser_id == notice.organiser_id)
        .where(ClientContact.client_id == notice.client_id)
        .scalar_subquery()
    )
    mine = (Notice.organiser_id == notice.organiser_id, Notice.client_id == notice.client_id)
    notice.day = local(notice.due_at).date()
    # Two transactions may want the same slot: the slower one sees no row inserted and looks again.
    while True:
        twin, used, stopped_at = (
            await session.execute(
                select(
                    func.count().filter(Notice.dedupe_key == notice.dedupe_key),
                    func.max(Notice.slot).filter(Notice.day == notice.day),
                    stopped,
                ).where(*mine)
            )
        ).one()
        if twin:
            return None
        quiet = stopped_at and notice.way == "sms" and notice.kind not in ASKED_FOR
        if quiet or (used or 0) >= MOST_A_DAY:
            break
        notice.slot = (used or 0) + 1
        written = await _write(session, notice)
        if written:
            return written
    if notice.kind not in NO_CALL:
        await _ask_for_a_call(session, notice)
    return None


async def _ask_for_a_call(session: AsyncSession, notice: Notice) -> None:
    await todo(
        session,
        kind=CALLS.get(notice.kind, ANY_CALL),
        due_at=notice.due_at,
        now=notice.written_at,
        mark=str(notice.gig_id or notice.order_id),
        client_id=notice.client_id,
        order_id=notice.order_id,
        gig_id=notice.gig_id,
    )


async def todo(
    session: AsyncSession,
    *,
    kind: str,
    due_at: datetime,
    now: datetime,
    mark: str,
    unit_id: UUID | None = None,
    client_id: UUID | None = None,
    coach_id: UUID | None = None,
    order_id: UUID | None = None,
    gig_id: UUID | None = None,
) -> None:
    """Ask staff to see to something by a time, once per kind and mark.

    Without a unit it is for the client's own unit; without a client either, for every coordinator.
    Some kinds are for the coach who is responsible for the client.
    """
    organiser_id = asker(session).organiser_id
    if client_id is not None and (unit_id is None or kind in TO_THE_COACH):
        client = await session.get(Client, (organiser_id, client_id))
        unit_id = unit_id or (client.unit_id if client else None)
        if client and kind in TO_THE_COACH:
            coach_id = coach_id or client.coach_id
    wanted = {
        "organiser_id": organiser_id,
        "kind": kind,
        "unit_id": unit_id,
        "client_id": client_id,
        "coach_id": coach_id,
        "order_id": order_id,
        "gig_id": gig_id,
        "dedupe_key": f"{kind}:{mark}",
        "due_at": due_at,
        "made_at": now,
    }
    await session.execute(insert(Todo).values(wanted).on_conflict_do_nothing())


async def settle_todo(session: AsyncSession, *, kind: str, mark: str, now: datetime) -> None:
    """Mark a to-do done that has seen to itself."""
    await session.execute(
        update(Todo)
        .where(Todo.organiser_id == asker(session).organiser_id, Todo.done_at.is_(None))
        .where(Todo.dedupe_key == f"{kind}:{mark}")
        .values(done_at=now)
        .execution_options(synchronize_session=False)
    )


async def quiet_hours(session: AsyncSession, *, now: datetime) -> QuietHours | None:
    """Return the organiser's quiet hours of today, or the usual ones.

    None where they begin and end at the same time: then there are none, as in the demo.
    """
    day = local(now).date()
    rows = await session.execute(
        select(Figure.kind, Figure.amount)
        .where(
            Figure.organiser_id == asker(session).organiser_id,
            Figure.kind.in_(("quiet_from", "quiet_to")),
            Figure.holds_on(day),
        )
        .order_by(Figure.valid_from)
    )
    newest = USUAL_QUIET | {row.kind: row.amount for row in rows}
    begins, ends = _clock(newest["quiet_from"]), _clock(newest["quiet_to"])
    return QuietHours(begins, ends) if begins != ends else None


def quiet_of(notice: Notice) -> QuietHours | None:
    """Return the quiet hours that were written with a notice."""
    if notice.quiet_from is None or notice.quiet_to is None:
        return None
    begins, ends = _clock(notice.quiet_from), _clock(notice.quiet_to)
    return QuietHours(begins, ends, notice.workdays_only)


def _clock(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute
