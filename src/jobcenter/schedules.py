"""When recurring work is due, by whatever clock is handed in; each instant fires once.

An instant is a row (I14): any number of schedulers, a restarted one, a clock set back or a night
when the clocks change cannot make the same one fire twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.jobs import enqueue
from jobcenter.notices import ScheduleRun
from jobcenter.times import DAY, HELSINKI, local

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
TICK = "tick"
# An instant missed by more than this is let go: after a long stop nothing needs doing twice.
TOO_LATE = timedelta(hours=2)
# Rows that can never matter again are kept this long, for whoever wants to look.
KEPT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Work that is due every so often, or each day at a time of Helsinki's clocks."""

    name: str
    every: timedelta = DAY
    at: time | None = None

    def newest(self, now: datetime) -> datetime:
        """Return the last instant that is not after `now`."""
        if self.at is None:
            return now - (now - EPOCH) % self.every
        today = datetime.combine(local(now).date(), self.at, HELSINKI).astimezone(UTC)
        if today <= now:
            return today
        yesterday = local(now).date() - DAY
        return datetime.combine(yesterday, self.at, HELSINKI).astimezone(UTC)


# 02:30 exists exactly once each night of the year: the clocks change at three and at four.
SCHEDULES: Sequence[Schedule] = (
    Schedule("sweep", timedelta(seconds=15)),
    Schedule("late", timedelta(minutes=1)),
    Schedule("expire", timedelta(seconds=30)),
    Schedule("remind", timedelta(minutes=1)),
    Schedule("alert", timedelta(minutes=1)),
    Schedule("escalate", timedelta(minutes=1)),
    Schedule("seal", timedelta(minutes=1)),
    Schedule("send_seal", timedelta(hours=1)),
    Schedule("watch", timedelta(minutes=5)),
    Schedule("tidy", timedelta(hours=1)),
    # What an organiser has planned for today holds from its first minutes on.
    Schedule("lists", timedelta(minutes=5)),
    Schedule("register", timedelta(minutes=1)),
    Schedule("calendars", timedelta(minutes=1)),
    Schedule("whole_round", at=time(2, 30)),
    # After both hours that a night of changed clocks may lack or have twice.
    Schedule("retention", at=time(4, 30)),
)


async def fire(session: AsyncSession, *, schedule: Schedule, now: datetime) -> bool:
    """Ask the worker for the newest instant of a schedule; False when it was asked for before.

    While the same work still waits, runs or rests, this instant is left to it.
    """
    due_at = schedule.newest(now)
    if now - due_at > TOO_LATE:
        return False
    fired = await session.scalar(
        insert(ScheduleRun)
        .values(
            organiser_id=asker(session).organiser_id,
            schedule=schedule.name,
            due_at=due_at,
            enqueued_at=now,
        )
        .on_conflict_do_nothing()
        .returning(ScheduleRun.schedule)
    )
    if fired is None:
        return False
    await enqueue(session, TICK, key=schedule.name, tick=schedule.name)
    return True


async def tidy(session: AsyncSession, *, now: datetime) -> None:
    """Delete old instants; of people there is nothing in them."""
    await session.execute(
        delete(ScheduleRun)
        .where(ScheduleRun.organiser_id == asker(session).organiser_id)
        .where(ScheduleRun.due_at < now - KEPT)
        .execution_options(synchronize_session=False)
    )
