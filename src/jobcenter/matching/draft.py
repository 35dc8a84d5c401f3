"""A plan in the making that breaks no rule at any step, and can be taken back step by step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np

from jobcenter.matching.candidates import Candidates, picks_of
from jobcenter.matching.diary import Roads, Stay
from jobcenter.matching.pairs import rest_left, week_of
from jobcenter.matching.plan import Plan
from jobcenter.matching.problem import NOBODY, PRESENT, Problem
from jobcenter.matching.visits import Agenda, Held, Need, Share

Step = tuple[int, list[tuple[Held, Share]] | None]
"""A candidate that was added (None) or removed (with what its visits were)."""


class Draft:
    """Candidates that are in, by number; every addition is checked against everything else."""

    def __init__(self, problem: Problem, found: Candidates) -> None:
        pairs = found.pairs
        self._problem = problem
        self.agenda = Agenda(problem)
        self.picks = picks_of(pairs)
        self.points: list[int] = found.points.tolist()
        self.value = 0
        self.inside: set[int] = set()
        self._at_order: list[set[int]] = [set() for _ in range(problem.orders.places.size)]
        self._of_client: list[set[int]] = [set() for _ in range(problem.clients.unit.size)]
        self._steps: list[Step] = []
        self._roads = Roads(problem.travel)
        place, buffer = problem.orders.place[pairs.order], problem.orders.buffer[pairs.order]
        columns = (pairs.start, pairs.end, place, buffer)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        self._stays = [Stay(*row) for row in rows]
        self._day: list[int] = problem.calendar.day_of(pairs.start).tolist()
        self._week: list[int] = week_of(problem, pairs.start).tolist()
        self._row: list[int] = pairs.row.tolist()
        self._earned = _earnings(problem, found)

    def plan(self) -> Plan:
        """The plan as it stands."""
        picks = tuple(sorted(self.picks[one] for one in self.inside))
        return Plan(picks, self.agenda.bookings())

    def at_order(self, order: int) -> set[int]:
        """Candidates that are in for an order."""
        return self._at_order[order]

    def of_client(self, client: int) -> set[int]:
        """Candidates that are in for a client."""
        return self._of_client[client]

    def places_left(self, order: int) -> int:
        """Places of an order that are still empty."""
        return int(self._problem.orders.places[order]) - len(self._at_order[order])

    def add(self, one: int, coach: int = NOBODY) -> bool:
        """Put a candidate in with all its visits, or change nothing."""
        if self.obstacles(one) or self.caps_hold(one) is False:
            return False
        if self.agenda.add(self.picks[one], coach) is not None:
            return False
        self._enter(one)
        return True

    def add_all(self, several: Iterable[tuple[int, int]]) -> list[int]:
        """Put (candidate, coach to try first) in together; returns those that did not fit.

        Visits at a fixed time go first, the longest first, as others may share a longer one; then
        the rest in the order in which they are due.
        """
        out, waiting = [], []
        for one, coach in sorted(several, key=lambda each: -self._longest(each[0])):
            pick = self.picks[one]
            if self.obstacles(one) or not self.caps_hold(one):
                out.append(one)
                continue
            needs = self.agenda.wants(pick)
            fixed = [need for need in needs if need.latest == need.earliest]
            if self.agenda.extend(pick, fixed, coach) is not None:
                self.agenda.remove(pick.order, pick.client)
                out.append(one)
                continue
            self._enter(one)
            waiting += [
                (need.presence != PRESENT, self._due(one, need), one, need.index, need)
                for need in needs
            ]
        for _, _, one, _, need in sorted(waiting, key=lambda row: row[:4]):
            if need.latest == need.earliest or one not in self.inside:
                continue
            if self.agenda.extend(self.picks[one], [need]) is not None:
                out += self.remove(one)
        return out

    def remove(self, one: int) -> list[int]:
        """Take a candidate out with all who lean on its visits; returns all of them."""
        gone = [one]
        for leaning in gone:
            pick = self.picks[leaning]
            clients = self.agenda.leaning(pick.order, pick.client)
            here = self._at_order[pick.order]
            gone += sorted(x for x in here if self.picks[x].client in clients and x not in gone)
        for leaning in gone:
            pick = self.picks[leaning]
            freed = self.agenda.remove(pick.order, pick.client)
            self._leave(leaning)
            self._steps.append((leaning, freed))
        return gone

    def mark(self) -> int:
        """A point to come back to."""
        return len(self._steps)

    def undo(self, mark: int) -> None:
        """Go back to a mark, to exactly what stood then."""
        while len(self._steps) > mark:
            one, freed = self._steps.pop()
            pick = self.picks[one]
            if freed is None:
                self.agenda.remove(pick.order, pick.client)
                self._leave(one)
            else:
                self.agenda.restore(pick.order, pick.client, freed)
                self._place(one)

    def obstacles(self, one: int) -> list[int]:
        """Candidates that are in and must go before this one fits, coaches aside."""
        pick = self.picks[one]
        here = self._at_order[pick.order]
        found = [x for x in here if self.picks[x].start != pick.start]
        if not found and self.places_left(pick.order) <= 0:
            found = [min(here, key=lambda x: (self.points[x], x))]
        mine = [x for x in self._of_client[pick.client] if self._clash(one, x)]
        return list(dict.fromkeys([*found, *sorted(mine)]))

    def caps_hold(self, one: int) -> bool:
        """Whether the client's week, rest and earnings have room for one more."""
        problem, client, week = self._problem, self.picks[one].client, self._week[one]
        others = self._of_client[client]
        if not others:
            return True
        same = [self._stays[x] for x in others if self._week[x] == week]
        minutes = sum(stay.end - stay.begin for stay in [*same, self._stays[one]])
        if minutes > problem.clients.week_minutes[client, week]:
            return False
        if len(same) >= problem.clients.week_gigs[client, week]:
            return False
        return self._earnings_hold(one, others) and self._rest_holds(one, others)

    def _earnings_hold(self, one: int, others: set[int]) -> bool:
        ceilings = self._problem.clients.ceilings
        earned: Counter[int] = Counter()
        for x in [one, *others]:
            earned.update(self._earned.get(x, {}))
        return all(earned[limit] <= ceilings.cents[limit] for limit in self._earned.get(one, {}))

    def _rest_holds(self, one: int, others: set[int]) -> bool:
        problem, client = self._problem, self.picks[one].client
        busy = problem.clients.busy
        rows = range(int(busy.offset[client]), int(busy.offset[client + 1]))
        gigs = [(int(busy.begin[r]), int(busy.end[r])) for r in rows if busy.gig[r]]
        gigs += [self._stays[x][:2] for x in [*others, one]]
        return rest_left(problem, gigs, self._stays[one][:2]) >= problem.terms.weekly_rest

    def _clash(self, one: int, other: int) -> bool:
        if self.picks[one].order == self.picks[other].order:
            return True
        first, second = sorted((self._stays[one], self._stays[other]))
        between = second.begin - first.end
        if between < self._roads.apart(first, second):
            return True
        days = abs(self._day[one] - self._day[other])
        own_rest = int(self._problem.clients.rest_days[self.picks[one].client])
        return days > 0 and (between < self._problem.terms.daily_rest or days <= own_rest)

    def _longest(self, one: int) -> int:
        """The minutes of the longest visit at a fixed time."""
        needs = self.agenda.wants(self.picks[one])
        return max((need.minutes for need in needs if need.latest == need.earliest), default=0)

    def _due(self, one: int, need: Need) -> int:
        return (self._stays[one].end if need.from_end else self._stays[one].begin) + need.latest

    def _enter(self, one: int) -> None:
        self._place(one)
        self._steps.append((one, None))

    def _place(self, one: int) -> None:
        pick = self.picks[one]
        self._at_order[pick.order].add(one)
        self._of_client[pick.client].add(one)
        self.inside.add(one)
        self.value += self.points[one]

    def _leave(self, one: int) -> None:
        pick = self.picks[one]
        self._at_order[pick.order].discard(one)
        self._of_client[pick.client].discard(one)
        self.inside.discard(one)
        self.value -= self.points[one]


def _earnings(problem: Problem, found: Candidates) -> dict[int, dict[int, int]]:
    """For each candidate the cents that count towards each limit of its client."""
    ceilings, orders, pairs = problem.clients.ceilings, problem.orders, found.pairs
    counts = ceilings.offset[pairs.client + 1] - ceilings.offset[pairs.client]
    at = np.repeat(np.arange(pairs.client.size), counts)
    limit = np.arange(at.size) - np.repeat(np.cumsum(counts) - counts, counts)
    limit += np.repeat(ceilings.offset[pairs.client], counts)
    row, kind = pairs.row[at], ceilings.kind[limit]
    counted = orders.period[row, kind] == ceilings.period[limit]
    earned: dict[int, dict[int, int]] = {}
    columns = (at[counted], limit[counted], orders.cents[row, kind][counted])
    for one, which, cents in zip(*(column.tolist() for column in columns), strict=True):
        earned.setdefault(one, {})[which] = cents
    return earned
