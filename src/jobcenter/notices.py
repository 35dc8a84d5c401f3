"""What waits to be told to a person, and what waits to be done by one.

A notice is a row written with the fact; its text is built from the state when it is sent. A to-do
is what staff must see to by a time.
"""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from jobcenter.database import Base, Key, Organised, of

Small = Annotated[int, mapped_column(SmallInteger)]

# A message is tried this many times, then a person sees to it (I13).
MOST_TRIES = 8
# At most this many messages reach one client on one day (I22).
MOST_A_DAY = 6


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
        CheckConstraint("tries BETWEEN 0 AND 8", name="notice_tries_are_bounded"),
        CheckConstraint("slot BETWEEN 1 AND 6", name="notice_day_is_bounded"),
        CheckConstraint("tries < 8 OR state <> 'pending'", name="notice_poison_stops"),
        Index("notice_waiting", "organiser_id", "due_at", postgresql_where="state = 'pending'"),
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
    version: Mapped[int] = mapped_column(default=1)


class Todo(Base):
    """Something that staff must do by a time: a call, a talk, a check."""

    __tablename__ = "todos"
    __table_args__ = (
        UniqueConstraint("organiser_id", "dedupe_key", name="todo_written_once"),
        of("units", "unit_id"),
        of("clients", "client_id"),
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


class ScheduleRun(Base):
    """An instant at which a schedule was due; unique, so it fires once (I14)."""

    __tablename__ = "schedule_runs"

    organiser_id: Mapped[Organised]
    schedule: Mapped[str] = mapped_column(primary_key=True)
    due_at: Mapped[datetime] = mapped_column(primary_key=True)
    enqueued_at: Mapped[datetime]
