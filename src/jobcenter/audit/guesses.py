"""Somebody who guesses at links and tokens: stopped by the count, and told to who keeps the log.

Neither the address nor what was guessed is kept: only in which hour, and how often it was stopped.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import CheckConstraint, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from jobcenter.audit.keepers import tell_keepers
from jobcenter.database import Base, Organised, asker

KEPT = timedelta(days=30)
HOUR_SECONDS = 3600


class Guesses(Base):
    """An hour in which addresses were stopped for guessing, and how often that was."""

    __tablename__ = "guesses"
    __table_args__ = (CheckConstraint("stopped > 0", name="guesses_were_stopped"),)

    organiser_id: Mapped[Organised]
    hour: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Which hour, counted from the beginning of 1970."""
    stopped: Mapped[int]

    @property
    def begins(self) -> datetime:
        """Return when the hour begins."""
        return datetime.fromtimestamp(self.hour * HOUR_SECONDS, UTC)


def _hour(moment: datetime) -> int:
    return int(moment.timestamp()) // HOUR_SECONDS


async def note(session: AsyncSession, *, now: datetime) -> None:
    """Count an address that was stopped, and mail the keepers of the log once an hour (action)."""
    organiser, hour = asker(session).organiser_id, _hour(now)
    await session.execute(
        insert(Guesses)
        .values(organiser_id=organiser, hour=hour, stopped=1)
        .on_conflict_do_update(
            index_elements=[Guesses.organiser_id, Guesses.hour],
            set_={"stopped": Guesses.stopped + 1},
        )
    )
    await session.execute(
        delete(Guesses).where(Guesses.organiser_id == organiser, Guesses.hour < _hour(now - KEPT))
    )
    await tell_keepers(session, kind="guesses", version=hour, now=now)


async def noted(session: AsyncSession, *, since: datetime) -> Sequence[Guesses]:
    """Return the hours in which somebody was stopped, the newest first."""
    found = await session.scalars(
        select(Guesses)
        .where(Guesses.organiser_id == asker(session).organiser_id, Guesses.hour >= _hour(since))
        .order_by(Guesses.hour.desc())
    )
    return found.all()
