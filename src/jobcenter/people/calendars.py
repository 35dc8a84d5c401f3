"""A coach's own calendar elsewhere: where it is read from, and when it says that they are busy.

Whoever knows the address reads the whole calendar, so it is closed under a key of its own; kept
of the calendar is from when till when, and nothing of what for.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from jobcenter.calendars.addresses import Place
from jobcenter.database import Base, Key, Organised, Small, asker, keyring, of
from jobcenter.envelopes import Keyring, Wrapped
from jobcenter.people.staff import Coach
from jobcenter.validity import FINITE, Timed

ADDRESS = "calendar"
# Once or twice is the weather of the net; after so many in a row the coach is told.
MANY_MISSES = 3


class CoachCalendar(Base):
    """Where a coach's calendar is read from, and how that goes."""

    __tablename__ = "coach_calendars"
    __table_args__ = (
        of("coaches", "coach_id"),
        CheckConstraint("misses >= 0", name="calendar_misses_are_counted"),
    )

    organiser_id: Mapped[Organised]
    coach_id: Mapped[UUID] = mapped_column(primary_key=True)
    host: Mapped[str]
    """Whose calendar service it is: what a coach recognises it by."""
    master: Mapped[str]
    closed: Mapped[bytes] = mapped_column(LargeBinary)
    """The address's own key, under that master key."""
    closed_address: Mapped[bytes] = mapped_column(LargeBinary)
    given_at: Mapped[datetime]
    next_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    trouble: Mapped[str | None]
    misses: Mapped[Small] = mapped_column(default=0)
    """How often in a row it could not be read."""


class CoachBusy(Timed, Base):
    """A stretch in which a coach's own calendar says that they are busy."""

    __tablename__ = "coach_busy"
    __table_args__ = (
        # What a calendar said goes with it.
        ForeignKeyConstraint(
            ["organiser_id", "coach_id"],
            ["coach_calendars.organiser_id", "coach_calendars.coach_id"],
            ondelete="CASCADE",
        ),
        CheckConstraint(FINITE.format("during"), name="busy_time_is_finite"),
        Index("busy_by_coach", "organiser_id", "coach_id"),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    coach_id: Mapped[UUID]


@dataclass(frozen=True, slots=True)
class Reading:
    """How reading a coach's calendar goes: whose it is, and when it was read last, or not."""

    host: str
    given_at: datetime
    read_at: datetime | None
    trouble: str | None
    misses: int

    @property
    def is_stuck(self) -> bool:
        """Whether it could not be read so often that the coach should look."""
        return self.misses >= MANY_MISSES


async def reading_of(session: AsyncSession, coach: Coach) -> Reading | None:
    """Return how it goes with a coach's calendar; its address is nothing that a page may read."""
    row = CoachCalendar
    found = await session.execute(
        select(row.host, row.given_at, row.read_at, row.trouble, row.misses).where(
            row.organiser_id == coach.organiser_id, row.coach_id == coach.id
        )
    )
    state = found.first()
    return Reading(*state) if state else None


async def address_of(session: AsyncSession, *, coach_id: UUID) -> tuple[str, datetime] | None:
    """Return where a coach's calendar is read from, and since when."""
    organiser_id = asker(session).organiser_id
    row = await session.get(CoachCalendar, (organiser_id, coach_id))
    if row is None:
        return None
    key = keyring(session).unwrap(organiser_id, coach_id, Wrapped(row.master, row.closed))
    return key.open(ADDRESS, row.closed_address), row.given_at


def closed_calendar(ring: Keyring, coach: Coach, place: Place, *, now: datetime) -> CoachCalendar:
    """Return the row that keeps an address, closed under a key of its own."""
    key, wrapped = ring.new_key(coach.organiser_id, coach.id)
    return CoachCalendar(
        organiser_id=coach.organiser_id,
        coach_id=coach.id,
        host=place.host,
        master=wrapped.master,
        closed=wrapped.closed,
        closed_address=key.close(ADDRESS, place.address),
        given_at=now,
        next_at=now,
        misses=0,
    )


async def masters(session: AsyncSession) -> list[str]:
    """Return the names of the master keys under which addresses are closed."""
    return list(await session.scalars(select(CoachCalendar.master).distinct()))
