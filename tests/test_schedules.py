"""Recurring work is due at exact instants, each of which fires once whatever the clock does."""

import asyncio
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter import schedules
from jobcenter.notices import ScheduleRun
from jobcenter.schedules import SCHEDULES, Schedule
from jobcenter.times import local
from tests.cast import MONDAY, Cast
from tests.conftest import Fresh

MINUTELY = Schedule("minutely", timedelta(minutes=1))
NIGHTLY = Schedule("nightly", at=time(2, 30))


def test_the_newest_instant_is_never_in_the_future() -> None:
    now = datetime(2026, 11, 23, 7, 0, 59, tzinfo=UTC)
    assert MINUTELY.newest(now) == datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
    assert NIGHTLY.newest(now) == datetime(2026, 11, 23, 0, 30, tzinfo=UTC)
    before = datetime(2026, 11, 23, 0, 29, tzinfo=UTC)
    assert NIGHTLY.newest(before) == datetime(2026, 11, 22, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "noon", [datetime(2027, 3, 28, 9, tzinfo=UTC), datetime(2027, 10, 31, 10, tzinfo=UTC)]
)
def test_a_night_when_the_clocks_change_has_one_instant(noon: datetime) -> None:
    """F25: walk through the day minute by minute."""
    begins = noon - timedelta(hours=14)
    seen = {NIGHTLY.newest(begins + timedelta(minutes=minute)) for minute in range(24 * 60)}
    nights = [local(each) for each in sorted(seen) if each > begins]
    assert [f"{night:%H:%M}" for night in nights] == ["02:30"]


def test_every_schedule_has_a_name_of_its_own() -> None:
    assert len({schedule.name for schedule in SCHEDULES}) == len(SCHEDULES)


async def _fire(cast: Cast, schedule: Schedule, now: datetime) -> bool:
    return await cast.database.act(cast.worker, schedules.fire, schedule=schedule, now=now)


async def test_three_schedulers_fire_an_instant_once(cast: Cast, fresh: Fresh) -> None:
    fired = await asyncio.gather(*(_fire(cast, MINUTELY, MONDAY) for _ in range(3)))
    assert sorted(fired) == [False, False, True]
    jobs = await fresh.owner("SELECT entrypoint FROM pgqueuer")
    assert [job["entrypoint"] for job in jobs] == ["tick"]


async def test_a_clock_set_back_fires_nothing_again(cast: Cast) -> None:
    moments = (0, 1, 2, -60, 1, 2, 3)
    fired = [await _fire(cast, MINUTELY, MONDAY + timedelta(minutes=m)) for m in moments]
    assert fired == [True, True, True, True, False, False, True]


async def test_a_night_missed_by_hours_is_let_go(cast: Cast) -> None:
    night = NIGHTLY.newest(MONDAY)
    assert not await _fire(cast, NIGHTLY, night + timedelta(hours=3))
    assert await _fire(cast, NIGHTLY, night + timedelta(hours=1))


async def test_an_instant_that_is_long_over_is_deleted(cast: Cast) -> None:
    await _fire(cast, MINUTELY, MONDAY - timedelta(days=3))
    await _fire(cast, MINUTELY, MONDAY)
    await cast.database.act(cast.worker, schedules.tidy, now=MONDAY)

    async def left(session: AsyncSession) -> list[datetime]:
        return list(await session.scalars(select(ScheduleRun.due_at)))

    assert await cast.database.read(cast.worker, left) == [MONDAY]
