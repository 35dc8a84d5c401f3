"""Makes up the whole city in an empty database, and adds the days that are missing in an old one.

The same arguments write the same rows.
"""

from dataclasses import dataclass
from datetime import date, datetime

import asyncpg

from jobcenter.database import OrganiserId
from jobcenter.envelopes import Keyring
from jobcenter.seed import bulk, dated
from jobcenter.seed.bulk import Seeded
from jobcenter.seed.chronicle import Chronicle
from jobcenter.seed.days import Life
from jobcenter.seed.diary import Diary
from jobcenter.seed.dice import Dice
from jobcenter.seed.founding import found
from jobcenter.seed.later import Later, remember
from jobcenter.seed.rows import Rows
from jobcenter.seed.town import HISTORY_DAYS, HORIZON_DAYS, SIZES
from jobcenter.times import DAY, local

# Each day on which the city was brought up to date leaves a mark: "seed city 1".
MARK = "seed"
FIRST_NUMBER = 1000


@dataclass(frozen=True, slots=True)
class Seeding:
    """Which city, for whom, as of when.

    `secret` makes the links that clients hold, `ring` the keys that close what they told.
    """

    size: str
    seed: int
    now: datetime
    organiser_id: OrganiserId
    secret: str
    ring: Keyring

    @property
    def today(self) -> date:
        return local(self.now).date()


async def bring_up_to_date(owner_dsn: str, seeding: Seeding) -> Seeded:
    """Write the city as it is at `now`; twice on one day changes nothing the second time."""
    connection = await asyncpg.connect(owner_dsn)
    try:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock(hashtext('jobcenter seed'))")
            marks = await connection.fetchrow(
                "SELECT schedule, min(due_at), max(due_at) FROM schedule_runs"
                " WHERE organiser_id = $1 AND schedule LIKE 'seed %' GROUP BY schedule",
                seeding.organiser_id,
            )
            if marks is None:
                seeded = await _settle(connection, seeding)
            else:
                seeded = await _catch_up(connection, seeding, marks)
            await bulk.count_on(connection)
            return seeded
    finally:
        await connection.close()


async def _settle(connection: asyncpg.Connection, seeding: Seeding) -> Seeded:
    rows = Rows(seeding.organiser_id, Dice(seeding.seed, "rows", seeding.today))
    town = found(rows, SIZES[seeding.size], seed=seeding.seed, founded=seeding.today)
    chronicle = Chronicle(rows, secret=seeding.secret, now=seeding.now)
    life = Life(town, Diary(), rows, rows, chronicle, seeding.now, FIRST_NUMBER)
    _live(life, seeding.today - DAY * HISTORY_DAYS)
    bulk.mark(rows, f"{MARK} {seeding.size} {seeding.seed}", day=seeding.today, now=seeding.now)
    rows.close(seeding.ring)
    await bulk.without_triggers(connection)
    await rows.write(connection)
    return await bulk.checked(connection, rows)


async def _catch_up(
    connection: asyncpg.Connection, seeding: Seeding, marks: asyncpg.Record
) -> Seeded:
    """Draw the same people and places again, and live the days since then."""
    _, size, seed = marks["schedule"].split()
    founded, since = local(marks["min"]).date(), local(marks["max"]).date()
    if since >= seeding.today:
        return Seeded(0, 0)
    rows = Rows(seeding.organiser_id, Dice(seed, "rows", seeding.today))
    again = Rows(seeding.organiser_id, Dice(seed, "again", seeding.today))
    dated.lay(again, seeding.today.year - 1)
    town = found(Rows(seeding.organiser_id, Dice()), SIZES[size], seed=int(seed), founded=founded)
    number = await connection.fetchval(
        "SELECT max(number) FROM orders WHERE organiser_id = $1", seeding.organiser_id
    )
    await bulk.without_triggers(connection)
    life = Life(
        town,
        await remember(connection, seeding.organiser_id, seeding.now),
        rows,
        again,
        Chronicle(rows, secret=seeding.secret, now=seeding.now),
        seeding.now,
        number,
    )
    later = Later(connection, life, since)
    await later.pass_by()
    _live(life, since + DAY * (HORIZON_DAYS + 1))
    bulk.mark(rows, marks["schedule"], day=seeding.today, now=seeding.now)
    await again.write(connection, again=True)
    await rows.write(connection)
    ended = Rows(seeding.organiser_id, Dice(seed, "ended", seeding.today))
    await later.end_orders(ended)
    await ended.write(connection)
    return await bulk.checked(connection, rows)


def _live(life: Life, first: date) -> None:
    day = first
    while day <= local(life.now).date() + DAY * HORIZON_DAYS:
        life.live(day)
        day += DAY
