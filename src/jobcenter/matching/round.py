"""A round of the matcher: database in, proposals out. It never assigns anybody.

Reading is one short transaction, thinking happens in another process with no connection held, and
lists are written for some orders at a time; an order that changed in between is left alone and
counted.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import perf_counter
from uuid import UUID

from jobcenter.access import look
from jobcenter.database import MATCHER, Database, Who
from jobcenter.errors import NotFound
from jobcenter.matching.ahead import next_starts
from jobcenter.matching.loading.reading import read
from jobcenter.matching.thinking.answer import shortlist
from jobcenter.matching.thinking.mind import Mind
from jobcenter.matching.thinking.question import Answer, Question
from jobcenter.orders.changes import start_afresh, take_changes, waiting_changes
from jobcenter.orders.finds import Entry, Miss
from jobcenter.orders.proposals import Round
from jobcenter.orders.proposing import Kind, Outcome, begin_round, finish_round, note_progress
from jobcenter.orders.proposing import horizon as horizon_of
from jobcenter.orders.shortlists import propose

# How far ahead the matcher plans; later orders wait.
HORIZON = timedelta(days=14)
# The longest that a plan is improved.
SECONDS = 60.0
# A sign of life in the round's row, in seconds.
NOTE_EVERY = 2.0
# Of a hundred: reading is done, thinking is done.
READ, THOUGHT = 5, 85

# Orders whose lists are written in one transaction.
AT_ONCE = 20

log = logging.getLogger(__name__)
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Matcher:
    """What a worker keeps for matching: a mind for whole rounds and one for quick repairs."""

    whole_mind: Mind
    repair_mind: Mind
    horizon: timedelta = HORIZON
    seconds: float = SECONDS

    @staticmethod
    def awake(horizon: timedelta = HORIZON, seconds: float = SECONDS) -> "Matcher":
        """Return a matcher whose processes are starting; somebody waits for a repair."""
        matcher = Matcher(Mind(patient=True), Mind(), horizon, seconds)
        matcher.repair_mind.warm()
        matcher.whole_mind.warm()
        return matcher

    async def whole(self, database: Database, who: Who, now: datetime) -> bool:
        """Run the whole round that waits, or a new one."""
        await run_round(
            database,
            who,
            self.whole_mind,
            kind="whole",
            now=now,
            horizon=self.horizon,
            seconds=self.seconds,
        )
        return True

    async def repair(self, database: Database, who: Who, now: datetime) -> bool:
        """Look again at what changes have touched; False when nothing more can be done now.

        A plan that is thrown away leaves its changes, and a whole round is asked for.
        """
        waiting = await database.read(who, waiting_changes)
        if not waiting.repair_asked and (not waiting.changes or waiting.rests(now)):
            return False
        if waiting.orders or waiting.repair_asked:
            done = await run_round(
                database,
                who,
                self.repair_mind,
                kind="repair",
                now=now,
                order_ids=waiting.orders,
                changed=waiting.changed,
                horizon=self.horizon,
                seconds=self.seconds,
            )
            if done.status != "done":
                await database.act(who, start_afresh, now=now)
                return False
        await database.act(who, take_changes, changes=waiting.changes, now=now)
        return True

    async def ahead(
        self, database: Database, who: Who, order_ids: Collection[UUID], now: datetime
    ) -> Mapping[UUID, datetime]:
        """Return on which later day each order could be filled; repairs need not wait for it."""
        return await next_starts(database, who, self.whole_mind, order_ids=order_ids, now=now)

    def close(self) -> None:
        """End both processes."""
        self.whole_mind.close()
        self.repair_mind.close()


def matcher(who: Who) -> Who:
    """Return the matcher, reading on somebody's behalf: codes only, whatever they may see."""
    return Who(who.organiser_id, MATCHER, actor_id=who.actor_id)


async def run_round(
    database: Database,
    who: Who,
    mind: Mind,
    *,
    kind: Kind,
    now: datetime,
    order_ids: frozenset[UUID] | None = None,
    changed: frozenset[UUID] = frozenset(),
    horizon: timedelta = HORIZON,
    seconds: float = SECONDS,
    progress: Progress = lambda _: None,
) -> Round:
    """Run one round over all open orders of the horizon, or a repair of some, to its end."""
    began = perf_counter()
    covered = await database.read(who, waiting_changes) if kind == "whole" else None
    ahead = await database.read(who, horizon_of, otherwise=horizon, now=now)
    round_ = await database.act(who, begin_round, kind=kind, now=now)
    running = _Running(database, who, round_.id, now, progress)
    outcome = None
    try:
        facts = await database.read(matcher(who), read, now=now, until=now + ahead)
        orders = frozenset(order.id for order in facts.orders)
        asked = orders if order_ids is None else orders & order_ids
        await running.note(READ)
        answer = await mind.think(
            Question(facts, asked, kind == "repair", changed, seconds), running.think
        )
        if answer.breaches:
            log.error("round %s: plan thrown away: %s", round_.id, answer.breaches)
        else:
            outcome = await running.propose(answer)
            outcome = replace(outcome, orders=len(asked), seconds=perf_counter() - began)
    finally:
        done = await database.act(who, finish_round, round_id=round_.id, outcome=outcome, now=now)
    if covered and done.status == "done":
        await database.act(who, take_changes, changes=covered.changes, now=now)
    progress(100)
    return done


class _Running:
    """A round under way: tells how far it is, and writes what was found."""

    def __init__(
        self, database: Database, who: Who, round_id: UUID, now: datetime, progress: Progress
    ) -> None:
        self._database, self._who = database, who
        self._round_id, self._now = round_id, now
        self._progress = progress
        self._noted = perf_counter()

    async def note(self, percent: int) -> None:
        """Tell how far the round is, and write it down now and then."""
        self._progress(percent)
        if perf_counter() - self._noted < NOTE_EVERY:
            return
        self._noted = perf_counter()
        await self._database.act(self._who, note_progress, round_id=self._round_id, percent=percent)

    async def think(self, percent: int) -> None:
        """Tell how far the thinking is."""
        await self.note(READ + (THOUGHT - READ) * percent // 100)

    async def propose(self, answer: Answer) -> Outcome:
        """Write the lists, some orders at a time; each client's first appearance is logged."""
        seen: set[UUID] = set()
        written: set[UUID] = set()
        for at in range(0, len(answer.found), AT_ONCE):
            some = answer.found[at : at + AT_ONCE]
            fresh = await self._database.act(
                self._who,
                propose,
                round_id=self._round_id,
                found=some,
                seen=seen,
                now=self._now,
            )
            written |= fresh
            seen = seen.union(*(one.clients() for one in some if one.order_id in fresh))
            await self.note(THOUGHT + (100 - THOUGHT) * at // len(answer.found))
        kept = [one for one in answer.found if one.order_id in written]
        return Outcome(
            orders=0,
            places=answer.places,
            proposed=sum(bool(place.entries) for one in kept for place in one.lists),
            visits=answer.visits,
            stale=len(answer.found) - len(kept),
            changed=sum(one.changed for one in kept),
            value=answer.value,
            bound=answer.bound,
            unfilled=dict(answer.unfilled),
            seconds=0.0,
        )


@dataclass(frozen=True, slots=True)
class Candidates:
    """Who of the asker's own people would fit an order now, best first, and who almost would."""

    entries: tuple[Entry, ...]
    misses: tuple[Miss, ...]


async def candidates(
    database: Database, who: Who, *, order_id: UUID, limit: int, now: datetime
) -> Candidates:
    """Return the people of the asker's units for an order, worked out now; every look is logged."""
    purpose = f"order {order_id}"
    await look(database, who, clients=[None], what="codes of the pool", purpose=purpose, now=now)
    facts = await database.read(matcher(who), read, now=now, until=now, also=(order_id,))
    if order_id not in {order.id for order in facts.orders}:
        raise NotFound
    mine = facts.only(frozenset({order_id})).of_units(frozenset(who.units_with("assign")))
    found = await asyncio.to_thread(shortlist, mine, limit)
    entries = found.lists[0].entries if found.lists else ()
    shown = found.clients()
    await look(database, who, clients=shown, what="candidates", purpose=purpose, now=now)
    return Candidates(entries, found.misses)
