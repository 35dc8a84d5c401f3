"""Moves the clock hour by hour: orders come in, people answer, fall ill, come and go."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy.dialects.postgresql import Range

from jobcenter.orders import placing, visiting
from jobcenter.seed.dice import Dice
from jobcenter.seed.jobs import Job, jobs_of
from jobcenter.simulation import people
from jobcenter.simulation.board import Board, Policy
from jobcenter.simulation.figures import Figures, count
from jobcenter.simulation.lives import Lives
from jobcenter.simulation.stage import Stage
from jobcenter.times import DAY, day_bounds, local
from jobcenter.worker.hands import Hands, foreseen
from jobcenter.worker.ticks import run_due

# A Monday in winter; what is played does not depend on the day on which it is played.
FIRST = date(2027, 1, 11)
HOUR = timedelta(hours=1)
FIRST_HOUR, LAST_HOUR = 7, 20
# Orders reach this far ahead of the day on which the play begins and ends.
AHEAD = 21


@dataclass(frozen=True, slots=True)
class Run:
    """What is to be played."""

    size: str
    seed: int
    policy: Policy
    days: int


@dataclass
class Play:
    """One run: the stage, who works on it, and what has been counted beyond the rows."""

    stage: Stage
    hands: Hands
    board: Board
    lives: Lives
    seed: int
    waiting: list[tuple[datetime, Job]] = field(default_factory=list)

    async def days(self, first: date, count: int, tell: Callable[[date], None]) -> None:
        """Play so many days from a first one on."""
        opens = day_bounds(first)[0] + FIRST_HOUR * HOUR
        for offset in range(count + AHEAD):
            for job in jobs_of(self.stage.town, first + DAY * offset):
                if job.party.verified:
                    comes = day_bounds(job.day - DAY * job.placed_days_before)[0] + 8 * HOUR
                    self.waiting.append((max(comes, opens), job))
        self.waiting.sort(key=lambda one: (one[0], str(one[1].id)), reverse=True)
        for offset in range(count):
            day = first + DAY * offset
            for hour in range(FIRST_HOUR, LAST_HOUR + 1):
                await self.hour(day_bounds(day)[0] + hour * HOUR)
            tell(day)

    async def hour(self, now: datetime) -> None:
        """Play one moment: what came in, what the worker does, what people do."""
        if local(now).hour == FIRST_HOUR:
            await self._coaches_ill(now)
        await self._orders(now)
        await run_due(self.hands, now)
        if await self.board.look(now):
            await run_due(self.hands, now)
        await self.lives.go_on(now)

    async def _orders(self, now: datetime) -> None:
        while self.waiting and self.waiting[-1][0] <= now:
            job = self.waiting.pop()[1]
            if job.starts[0] > now + HOUR:
                who, wish = self.stage.orderer(job), self.stage.wish(job)
                await foreseen(self.hands.database.act(who, placing.place, wish=wish, now=now))

    async def _coaches_ill(self, now: datetime) -> None:
        today = local(now).date()
        begins, ends = day_bounds(today)
        for house in self.stage.town.houses:
            for coach in house.coaches:
                if Dice(self.seed, "ill", coach.id, today).chance(people.COACH_ILL):
                    step = self.hands.database.act(
                        self.stage.unit(house),
                        visiting.away,
                        coach_id=coach.id,
                        during=Range(max(begins, now), ends),
                        now=now,
                    )
                    await foreseen(step)


async def play(built: Stage, hands: Hands, run: Run, *, tell: Callable[[date], None]) -> Figures:
    """Play a run on a stage that was built for it, and count what it came to."""
    board = Board(built, hands.database, run.seed, run.policy)
    lives = Lives(built, hands.database, run.seed)
    playing = Play(built, hands, board, lives, run.seed)
    await playing.days(FIRST, run.days, tell)
    return await hands.database.read(
        built.machine, count, until=day_bounds(FIRST + DAY * run.days)[0], extra=board.extra,
        too_late=board.too_late, decisions=board.decisions, moved=lives.moved,
    )  # fmt: skip
