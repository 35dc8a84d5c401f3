"""Writes what was drawn in one go, and asks afterwards what row by row would have been refused."""

from dataclasses import dataclass
from datetime import date, datetime

import asyncpg

from jobcenter.notices import ScheduleRun
from jobcenter.orders.gigs import Gig
from jobcenter.orders.model import Order
from jobcenter.seed.rows import Rows
from jobcenter.seed.town import moment

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

# What was made up bears numbers as well: what people place goes on after them, never back.
COUNT_ON = """
SELECT setval('order_numbers', greatest(max(number), (SELECT last_value FROM order_numbers)))
FROM orders
"""


@dataclass(frozen=True, slots=True)
class Seeded:
    """How many orders and gigs were written."""

    orders: int
    gigs: int


def mark(rows: Rows, name: str, *, day: date, now: datetime) -> None:
    """Note that the city is up to date for this day."""
    rows.add(ScheduleRun, schedule=name, due_at=moment(day, 0), enqueued_at=now)


async def without_triggers(connection: asyncpg.Connection) -> None:
    """Let gigs of the past be written as they ended."""
    await connection.execute(
        "ALTER TABLE gigs DISABLE TRIGGER USER; ALTER TABLE gig_supports DISABLE TRIGGER USER"
    )


async def checked(connection: asyncpg.Connection, rows: Rows) -> Seeded:
    """Add up, and have every live gig checked as its own trigger would have done."""
    await connection.execute(
        "ALTER TABLE gigs ENABLE TRIGGER USER; ALTER TABLE gig_supports ENABLE TRIGGER USER"
    )
    await connection.execute(ADD_UP)
    await connection.execute("SELECT account_for_the_past()")
    await connection.execute("ANALYZE")
    await connection.execute("SELECT gig_keeps_promises(organiser_id, id) FROM gigs")
    return Seeded(len(rows.of(Order)), len(rows.of(Gig)))


async def count_on(connection: asyncpg.Connection) -> None:
    """Let the next order that somebody places have the number after the last."""
    await connection.execute(COUNT_ON)
