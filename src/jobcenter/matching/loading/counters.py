"""When a client needs a card for so much work done: by the rows and sums of `orders.counting`."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker, meets
from jobcenter.errors import RuleMissing
from jobcenter.matching.loading.hours import Grid
from jobcenter.orders.counting import Work, rule_on, used
from jobcenter.orders.gigs import KEPT, Gig
from jobcenter.orders.model import Order
from jobcenter.orders.weekly import ends_of
from jobcenter.people.parties import CounterRule, TaskType
from jobcenter.times import DAY, day_bounds, local, minutes_between

MINUTE = timedelta(minutes=1)
Due = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class WorkFact:
    """A gig whose kind of work counts towards some cards."""

    cards: frozenset[str]
    begin: datetime
    end: datetime

    @property
    def work(self) -> Work:
        """Return it as the counter counts it."""
        return Work(local(self.begin).date(), minutes_between(self.begin, self.end))


@dataclass(frozen=True, slots=True)
class CounterFacts:
    """The rules of all dates, and who has worked how much where it counts."""

    rules: Sequence[CounterRule] = ()
    worked: Mapping[UUID, Sequence[WorkFact]] | None = None


async def read(session: AsyncSession) -> CounterFacts:
    """Return the rules and the work that counts for cards that some rule is about."""
    organiser = asker(session).organiser_id
    rules = await session.scalars(select(CounterRule).where(CounterRule.organiser_id == organiser))
    rows = await session.execute(
        select(Gig.client_id, TaskType.qualifications, Gig.during)
        .join(Order, meets(Gig, "order_id", Order))
        .join(TaskType, meets(Order, "task_type_id", TaskType))
        .where(
            Gig.organiser_id == organiser,
            Gig.status.in_([status.value for status in KEPT]),
            func.cardinality(TaskType.qualifications) > 0,
        )
    )
    worked: dict[UUID, list[WorkFact]] = defaultdict(list)
    for client_id, cards, during in rows:
        worked[client_id].append(WorkFact(frozenset(cards), *ends_of(during)))
    return CounterFacts(rules.all(), worked)


class Counters:
    """Says in which minutes of the grid which card is needed; days are looked up once for all."""

    def __init__(self, facts: CounterFacts, grid: Grid, cards: Iterable[str]) -> None:
        self._worked = facts.worked or {}
        self._grid = grid
        days = [grid.first_day + DAY * day for day in range(grid.days)]
        self._rules = {
            card: [(day, _rule(facts.rules, card, day)) for day in days]
            for card in sorted(set(cards))
        }

    def due(self, client: UUID, pencilled: Iterable[WorkFact] = ()) -> tuple[Due, ...]:
        """Return (card, begin, end) of every day, or rest of a day, on which a card is needed."""
        worked = [*self._worked.get(client, ()), *pencilled]
        return tuple(
            due
            for card, days in self._rules.items()
            for due in self._of_card(card, days, [one for one in worked if card in one.cards])
        )

    def _of_card(
        self, card: str, days: Sequence[tuple[date, CounterRule | None]], worked: list[WorkFact]
    ) -> Iterator[Due]:
        worked.sort(key=lambda one: one.begin)
        done = [one.work for one in worked]
        for day, rule in days:
            if rule and used(rule, done, day) < rule.threshold:
                continue
            begin, end = day_bounds(day)
            full = begin if rule is None else _full_from(rule, worked, day, begin)
            if full < end:
                yield card, self._grid.minute(full), self._grid.minute(end)


def _rule(rules: Iterable[CounterRule], card: str, day: date) -> CounterRule | None:
    """Return the rule of the day; where there is none, nothing may be assigned without the card."""
    try:
        return rule_on(rules, card, day)
    except RuleMissing:
        return None


def _full_from(
    rule: CounterRule, worked: Sequence[WorkFact], day: date, midnight: datetime
) -> datetime:
    """Return from when on that day so much is done: a gig counts for those that begin later."""
    before: list[Work] = []
    for one in worked:
        before.append(one.work)
        if used(rule, before, day) >= rule.threshold:
            return max(midnight, one.begin + MINUTE)
    return midnight
