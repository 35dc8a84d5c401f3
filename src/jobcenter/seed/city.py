"""Makes up the whole city in an empty database, and adds the days that are missing in an old one.

The same arguments write the same rows.
"""

from dataclasses import dataclass
from datetime import date, datetime

import asyncpg

from jobcenter.database import OrganiserId
from jobcenter.notices import ScheduleRun
from jobcenter.orders.gigs import Gig
from jobcenter.orders.model import Order
from jobcenter.seed import ground
from jobcenter.seed.chronicle import Chronicle
from jobcenter.seed.days import Life
from jobcenter.seed.diary import Diary
from jobcenter.seed.dice import Dice
from jobcenter.seed.founding import found
from jobcenter.seed.later import Later, remember
from jobcenter.seed.rows import Rows
from jobcenter.seed.town import HISTORY_DAYS, HORIZON_DAYS, SIZES, moment
from jobcenter.times import DAY, local

# Each day on which the city was brought up to date leaves a mark: "seed city 1".
MARK = "seed"
FIRST_NUMBER = 1000

# What the gigs take of each ceiling, which is the rule's or the person's own, whichever is higher.
ADD_UP = """
INSERT INTO earnings_periods
    (organiser_id, client_id, benefit, kind, period, ceiling_cents, told_cents, committed_cents)
SELECT e.organiser_id, e.client_id, e.benefit, e.kind, e.period,
    (SELECT max(greatest(r.amount_cents, b.personal_limit_cents))
     FROM benefit_rules r JOIN client_benefits b USING (organiser_id, benefit)
     WHERE r.organiser_id = e.organiser_id AND r.benefit = e.benefit AND r.kind = e.kind
       AND b.client_id = e.client_id
       AND r.valid_from <= e.period AND (r.valid_to IS NULL OR e.period < r.valid_to)),
    0, sum(e.cents)
FROM earnings_entries e
GROUP BY e.organiser_id, e.client_id, e.benefit, e.kind, e.period
ON CONFLICT (organiser_id, client_id, benefit, kind, period)
DO UPDATE SET committed_cents = excluded.committed_cents
"""


@dataclass(frozen=True, slots=True)
class Seeding:
    """Which city, for whom, as of when; `secret` makes the links that clients hold."""

    size: str
    seed: int
    now: datetime
    organiser_id: OrganiserId
    secret: str

    @property
    def today(self) -> date:
        return local(self.now).date()


@dataclass(frozen=True, slots=True)
class Seeded:
    """How many orders and gigs were written."""

    orders: int
    gigs: int


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
                return await _settle(connection, seeding)
            return await _catch_up(connection, seeding, marks)
    finally:
        await connection.close()


async def _settle(connection: asyncpg.Connection, seeding: Seeding) -> Seeded:
    rows = Rows(seeding.organiser_id, Dice(seeding.seed, "rows", seeding.today))
    town = found(rows, SIZES[seeding.size], seed=seeding.seed, founded=seeding.today)
    chronicle = Chronicle(rows, secret=seeding.secret, now=seeding.now)
    life = Life(town, Diary(), rows, rows, chronicle, seeding.now, FIRST_NUMBER)
    _live(life, seeding.today - DAY * HISTORY_DAYS)
    _mark(rows, seeding, f"{MARK} {seeding.size} {seeding.seed}")
    await _without_triggers(connection)
    await rows.write(connection)
    return await _checked(connection, rows)


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
    ground.lay_dated(again, seeding.today.year - 1)
    town = found(Rows(seeding.organiser_id, Dice()), SIZES[size], seed=int(seed), founded=founded)
    number = await connection.fetchval(
        "SELECT max(number) FROM orders WHERE organiser_id = $1", seeding.organiser_id
    )
    await _without_triggers(connection)
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
    _mark(rows, seeding, marks["schedule"])
    await again.write(connection, again=True)
    await rows.write(connection)
    ended = Rows(seeding.organiser_id, Dice(seed, "ended", seeding.today))
    await later.end_orders(ended)
    await ended.write(connection)
    return await _checked(connection, rows)


def _live(life: Life, first: date) -> None:
    day = first
    while day <= local(life.now).date() + DAY * HORIZON_DAYS:
        life.live(day)
        day += DAY


def _mark(rows: Rows, seeding: Seeding, name: str) -> None:
    rows.add(ScheduleRun, schedule=name, due_at=moment(seeding.today, 0), enqueued_at=seeding.now)


async def _without_triggers(connection: asyncpg.Connection) -> None:
    """Gigs of the past are written as they ended; what triggers refuse is asked for at the end."""
    await connection.execute(
        "ALTER TABLE gigs DISABLE TRIGGER USER; ALTER TABLE gig_supports DISABLE TRIGGER USER"
    )


async def _checked(connection: asyncpg.Connection, rows: Rows) -> Seeded:
    await connection.execute(
        "ALTER TABLE gigs ENABLE TRIGGER USER; ALTER TABLE gig_supports ENABLE TRIGGER USER"
    )
    await connection.execute(ADD_UP)
    await connection.execute("ANALYZE")
    await connection.execute("SELECT gig_keeps_promises(organiser_id, id) FROM gigs")
    return Seeded(len(rows.of(Order)), len(rows.of(Gig)))
