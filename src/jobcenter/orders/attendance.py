"""Who said when that a worker came or went: kept beside the moment at which we heard of it.

A phone without a network tells later; both times stay, and nobody's word is overwritten.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from jobcenter.database import Base, Key, Organised, asker, of
from jobcenter.errors import Fault, Invalid, WrongMoment
from jobcenter.orders.clocks import EARLY, times
from jobcenter.orders.gigs import Gig
from jobcenter.orders.model import Order
from jobcenter.people.parties import Site

# A phone's clock may be a little fast; what it kept is believed for a day.
FAST = timedelta(minutes=5)
KEPT_OFFLINE = timedelta(hours=24)


class Way(StrEnum):
    """How somebody told that they came or went."""

    TAP = "tap"
    CODE = "code"
    OFFLINE = "offline"
    STAFF = "staff"


class Attendance(Base):
    """One word about coming or going: when it was so, and when we heard it."""

    __tablename__ = "attendances"
    __table_args__ = (
        of("gigs", "gig_id"),
        Index("attendance_by_gig", "organiser_id", "gig_id", "heard_at"),
        CheckConstraint("move IN ('came', 'went')", name="attendance_move_is_known"),
        CheckConstraint("way IN ('tap', 'code', 'offline', 'staff')",
                        name="attendance_way_is_known"),
        CheckConstraint("said_at <= heard_at + interval '5 minutes'",
                        name="attendance_is_not_ahead"),
    )  # fmt: skip

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    gig_id: Mapped[UUID]
    move: Mapped[str]
    way: Mapped[str]
    said_at: Mapped[datetime]
    heard_at: Mapped[datetime]
    told_by: Mapped[UUID | None]
    note: Mapped[str] = mapped_column(default="")


def heard(
    session: AsyncSession,
    gig: Gig,
    *,
    move: str,
    now: datetime,
    said_at: datetime | None = None,
    by_code: bool = False,
) -> Attendance:
    """Return the word of whoever asks, with both times."""
    who = asker(session)
    at = now if said_at is None else said_at
    if not now - KEPT_OFFLINE <= at <= now + FAST:
        raise Invalid(
            Fault("said_at", "out_of_range", "That time cannot be right. Please call us.")
        )
    way = Way.CODE if by_code else Way.OFFLINE if said_at is not None else Way.TAP
    if who.client_id is None:
        way = Way.STAFF
    return Attendance(
        organiser_id=gig.organiser_id,
        gig_id=gig.id,
        move=move,
        way=way.value,
        said_at=min(at, now),
        heard_at=now,
        told_by=who.actor_id,
    )


async def is_sites_code(session: AsyncSession, order: Order, code: str) -> bool:
    """Return whether this is the code on the wall of the order's site; none given is no code."""
    if not code:
        return False
    kept = await session.scalar(
        select(Site.code).where(Site.organiser_id == order.organiser_id, Site.id == order.site_id)
    )
    if not kept or code.strip().casefold() != kept.casefold():
        raise Invalid(Fault("code", "wrong", "That is not the code of this place. Leave it empty."))
    return True


async def words_about(session: AsyncSession, gig_id: UUID) -> list[Attendance]:
    """Return everything that was said about coming and going, in the order we heard it."""
    rows = await session.scalars(
        select(Attendance)
        .where(Attendance.organiser_id == asker(session).organiser_id, Attendance.gig_id == gig_id)
        .order_by(Attendance.heard_at, func.lower(Attendance.move))
    )
    return list(rows)


async def not_too_early(
    session: AsyncSession, gig: Gig, word: Attendance, *, now: datetime
) -> None:
    """Refuse "I am here" before the time from which it can be said."""
    early = (await times(session, "arrival_minutes", now=now))[EARLY]
    if word.said_at < gig.start - timedelta(minutes=early):
        raise WrongMoment("You can check in {minutes} minutes before the start.", minutes=early)
