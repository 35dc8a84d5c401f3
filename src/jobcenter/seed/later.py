"""Brings a made-up city up to date on a later day: what has passed is done, what comes is ordered.

People may have used it in between: what they changed stays, and is worked around.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import asyncpg

from jobcenter.orders.gigs import KEPT, GigEvent, GigStatus
from jobcenter.orders.model import OrderEvent, OrderStatus
from jobcenter.orders.visits import Busy
from jobcenter.seed.days import APPROVED_AFTER, SETTLED, Life
from jobcenter.seed.diary import Diary
from jobcenter.seed.dice import Dice
from jobcenter.seed.jobs import Job, jobs_of
from jobcenter.seed.rows import Rows
from jobcenter.seed.staffing import Filling, Seat
from jobcenter.times import DAY, local
from jobcenter.travel import metres

S = GigStatus
KEPT_NAMES = [status.value for status in KEPT]
MEMORY = timedelta(days=100)

_GIGS = """
SELECT g.client_id, lower(g.during) AS begin, upper(g.during) AS finish, g.pay_cents,
       o.site_id, o.task_type_id
FROM gigs g JOIN orders o USING (organiser_id)
WHERE o.id = g.order_id AND g.organiser_id = $1 AND g.status = ANY ($2) AND lower(g.during) > $3
ORDER BY lower(g.during), g.id
"""
_VISITS = """
SELECT v.coach_id, lower(v.during) AS begin, upper(v.during) AS finish, v.presence, s.lat, s.lon
FROM visits v JOIN orders o ON o.organiser_id = v.organiser_id AND o.id = v.order_id
JOIN sites s ON s.organiser_id = o.organiser_id AND s.id = o.site_id
WHERE v.organiser_id = $1 AND v.status IN ('held', 'booked') AND upper(v.during) > $2
ORDER BY lower(v.during), v.id
"""
_ORDERS = """
SELECT o.id, o.status, o.start, o.places,
       coalesce(array_agg(g.place_no) FILTER (WHERE g.status = ANY ($3)), '{}') AS kept
FROM orders o LEFT JOIN gigs g ON g.organiser_id = o.organiser_id AND g.order_id = o.id
WHERE o.organiser_id = $1 AND o.id = ANY ($2)
GROUP BY o.organiser_id, o.id
"""
_UNENDED = """
SELECT g.id, g.status, lower(g.during) AS begin, upper(g.during) AS finish, o.placed_by, o.minutes
FROM gigs g JOIN orders o USING (organiser_id)
WHERE o.id = g.order_id AND g.organiser_id = $1 AND lower(g.during) <= $2
  AND (g.status IN ('assigned', 'confirmed', 'in_progress')
       OR g.status = 'done' AND upper(g.during) <= $3)
ORDER BY g.id
"""
_MOVE = """
UPDATE gigs g SET status = m.status, version = g.version + m.steps,
    started_at = coalesce(g.started_at, m.started_at), ended_at = coalesce(g.ended_at, m.ended_at),
    worked_minutes = coalesce(g.worked_minutes, m.worked_minutes)
FROM json_to_recordset($2::json) AS m(id uuid, status text, steps int, started_at timestamptz,
                                      ended_at timestamptz, worked_minutes smallint)
WHERE g.organiser_id = $1 AND g.id = m.id
"""
_FREE = """
UPDATE visit_gigs SET status = 'free' WHERE organiser_id = $1 AND gig_id = ANY ($2)
"""
_FREE_VISITS = """
UPDATE visits v SET status = 'free' WHERE organiser_id = $1 AND status <> 'free'
  AND id IN (SELECT visit_id FROM visit_gigs WHERE organiser_id = $1 AND gig_id = ANY ($2))
  AND NOT EXISTS (SELECT 1 FROM visit_gigs vg
                  WHERE vg.organiser_id = v.organiser_id AND vg.visit_id = v.id
                    AND vg.status <> 'free')
"""
_GIVE_BACK = """
INSERT INTO earnings_entries (organiser_id, id, client_id, benefit, kind, period, gig_id, cents, at)
SELECT organiser_id, md5(gig_id::text || benefit || kind)::uuid, client_id, benefit, kind, period,
       gig_id, -sum(cents), max(at)
FROM earnings_entries WHERE organiser_id = $1 AND gig_id = ANY ($2)
GROUP BY organiser_id, client_id, benefit, kind, period, gig_id HAVING sum(cents) > 0
"""
_START = "UPDATE orders SET start = $3 WHERE organiser_id = $1 AND id = $2"
_CLOSE_LISTS = (
    "UPDATE proposals SET closed_at = $3"
    " WHERE organiser_id = $1 AND order_id = ANY ($2) AND closed_at IS NULL"
)
_END = """
UPDATE orders SET status = CASE status WHEN 'open' THEN 'closed' ELSE 'cancelled' END,
    cancelled_at = CASE status WHEN 'in_review' THEN $2 END, version = version + 1
WHERE organiser_id = $1 AND status IN ('open', 'in_review')
  AND coalesce(start + make_interval(mins => minutes), last_end) <= $2
RETURNING id, status, last_end
"""


async def remember(connection: asyncpg.Connection, organiser_id: int, now: datetime) -> Diary:
    """Read who is busy when and who knows what."""
    diary = Diary()
    for row in await connection.fetch(_GIGS, organiser_id, KEPT_NAMES, now - MEMORY):
        diary.add_gig(row["client_id"], row["begin"], row["finish"], row["pay_cents"])
        diary.add_work(row["client_id"], row["site_id"], row["task_type_id"])
    for row in await connection.fetch(_VISITS, organiser_id, now - MEMORY):
        place = metres(row["lat"], row["lon"]) if row["presence"] == "present" else None
        diary.add_visit(row["coach_id"], Busy(row["begin"], row["finish"], place))
    return diary


@dataclass
class Later:
    """One bringing up to date, from the day `since` on which it was last done."""

    connection: asyncpg.Connection
    life: Life
    since: date

    async def pass_by(self) -> None:
        """Let what was agreed happen, and fill what a unit would have filled in between."""
        await self._move_on()
        today = local(self.life.now).date()
        day = self.since
        while day <= today + DAY * max(SETTLED):
            await self._fill(day, (day - today).days)
            day += DAY

    async def _move_on(self) -> None:
        moves, freed = [], []
        now = self.life.now
        rows = await self.connection.fetch(_UNENDED, self._organiser, now, now - APPROVED_AFTER)
        for row in rows:
            steps = _steps(row, now)
            self._events(row, steps)
            last = steps[-1] if steps else S(row["status"])
            if last is S.EXPIRED:
                freed.append(row["id"])
            moves.append(_move(row, last, len(steps)))
        await self.connection.execute(_MOVE, self._organiser, json.dumps(moves))
        for statement in (_FREE, _FREE_VISITS, _GIVE_BACK):
            await self.connection.execute(statement, self._organiser, freed)

    def _events(self, row: asyncpg.Record, steps: Sequence[GigStatus]) -> None:
        before = row["status"]
        at = {
            S.EXPIRED: row["begin"],
            S.IN_PROGRESS: row["begin"],
            S.DONE: row["finish"],
            S.APPROVED: row["finish"] + APPROVED_AFTER,
        }
        for step in steps:
            self.life.rows.add(
                GigEvent,
                gig_id=row["id"],
                from_status=before,
                to_status=step.value,
                actor=row["placed_by"] if step is S.APPROVED else None,
                via="orderer" if step is S.APPROVED else "clock",
                at=at[step],
            )
            before = step.value

    async def _fill(self, day: date, ahead: int) -> None:
        jobs = {job.id: job for job in jobs_of(self.life.town, day)}
        filled = []
        for row in await self.connection.fetch(_ORDERS, self._organiser, list(jobs), KEPT_NAMES):
            job = jobs[row["id"]]
            dice = Dice(self.life.town.seed, "later", job.id, self.since)
            if row["status"] == "open" and dice.chance(SETTLED.get(ahead, 1.0)):
                seated = self._seated(job, row, dice)
                self.life.fill(seated, dice)
                for seat in seated[:1]:
                    await self.connection.execute(_START, self._organiser, job.id, seat.start)
                    filled.append(job.id)
        now = self.life.now
        await self.connection.execute(_CLOSE_LISTS, self._organiser, filled, now)

    def _seated(self, job: Job, row: asyncpg.Record, dice: Dice) -> list[Seat]:
        free = [place for place in range(1, row["places"] + 1) if place not in row["kept"]]
        if row["start"]:
            job = replace(job, starts=(row["start"],))
        life = self.life
        return list(Filling(job, life.people, life.diary, dice, life.now).seats(free))

    async def end_orders(self, ended: Rows) -> None:
        """Close what lies in the past; an order that nobody approved in time is taken back."""
        rows = await self.connection.fetch(_END, self._organiser, self.life.now)
        for row in rows:
            before = "open" if row["status"] == OrderStatus.CLOSED.value else "in_review"
            ended.add(
                OrderEvent,
                order_id=row["id"],
                kind=f"order.{row['status']}",
                actor=None,
                at=row["last_end"],
                details={"from": before},
            )
        ids = [row["id"] for row in rows]
        await self.connection.execute(_CLOSE_LISTS, self._organiser, ids, self.life.now)

    @property
    def _organiser(self) -> int:
        return self.life.rows.organiser_id


def _steps(row: asyncpg.Record, now: datetime) -> list[GigStatus]:
    """Return the moves that a gig has made by now, had everybody done their part."""
    status = S(row["status"])
    if status is S.ASSIGNED:
        return [S.EXPIRED]
    steps = [S.IN_PROGRESS] if status is S.CONFIRMED else []
    if status is not S.DONE and row["finish"] <= now:
        steps.append(S.DONE)
    if row["finish"] + APPROVED_AFTER <= now:
        steps.append(S.APPROVED)
    return steps


def _move(row: asyncpg.Record, last: GigStatus, steps: int) -> dict[str, object]:
    worked = last in {S.DONE, S.APPROVED}
    started = last is not S.EXPIRED
    return {
        "id": str(row["id"]),
        "status": last.value,
        "steps": steps,
        "started_at": row["begin"].isoformat() if started else None,
        "ended_at": row["finish"].isoformat() if worked else None,
        "worked_minutes": row["minutes"] if worked else None,
    }
