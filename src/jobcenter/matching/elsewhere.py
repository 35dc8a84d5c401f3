"""Where somebody who fits an order alone is needed more: what of the plan keeps them away.

Computed, not guessed: without that one pick and its visits, and all else as it is, they would fit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from jobcenter.matching.check_picks import breaches_of_picks
from jobcenter.matching.diary import Stay
from jobcenter.matching.plan import Booking, Pick, Plan
from jobcenter.matching.problem import NOBODY, PRESENT, Problem
from jobcenter.matching.visits import Agenda, Held

NEAR = 12
"""How many orders around the time are tried, when a coach is what is missing."""


@dataclass(frozen=True, slots=True)
class Needed:
    """The order that has them, or has the coach whom they need."""

    order: int
    start: int
    coach: bool


class Beside(NamedTuple):
    """A pick of a former plan that stands beside this one; the client may be NOBODY here."""

    pick: Pick
    visits: tuple[Held, ...]


class Elsewhere:
    """A plan with all its visits in the coaches' diaries, asked about one pick after the other."""

    def __init__(self, problem: Problem, plan: Plan, beside: Iterable[Beside] = ()) -> None:
        self._problem, self._agenda = problem, Agenda(problem)
        self._of_client: defaultdict[int, list[Pick]] = defaultdict(list)
        self._start: dict[int, int] = {}
        self._visits: defaultdict[int, list[Held]] = defaultdict(list)
        # A visit that was there before stands in the diary already.
        new = [booking for booking in plan.bookings if booking.joins == NOBODY]
        former = list(beside)
        for pick in (*plan.picks, *(one.pick for one in former)):
            self._of_client[pick.client].append(pick)
            self._start[pick.order] = pick.start
        for held in (*map(self._held, new), *(held for one in former for held in one.visits)):
            self._agenda.take(held)
            self._visits[held.order].append(held)

    def needed(self, wanted: Pick) -> Needed | None:
        """What keeps a pick out of the plan; None when no single other order does."""
        if self._fits(wanted, NOBODY):
            return None
        coach = self._has_time(wanted, NOBODY)
        suspects = self._of_coaches(wanted) if coach else self._of_person(wanted)
        for order in suspects:
            if self._fits(wanted, order):
                return Needed(order, self._start[order], coach)
        return None

    def _fits(self, wanted: Pick, without: int) -> bool:
        return self._has_time(wanted, without) and self._has_coaches(wanted, without)

    def _has_time(self, wanted: Pick, without: int) -> bool:
        """Whether the person's other picks, but for one order, leave room."""
        others = self._of_client[wanted.client]
        rest = [pick for pick in others if pick.order not in (wanted.order, without)]
        return not breaches_of_picks(self._problem, Plan((wanted, *rest)))

    def _has_coaches(self, wanted: Pick, without: int) -> bool:
        """Whether every visit can be given; those of the order itself would be given up for it."""
        gone = [*self._visits.get(wanted.order, ()), *self._visits.get(without, ())]
        for held in gone:
            self._agenda.drop(held)
        fits = self._agenda.add(wanted) is None
        if fits:
            self._agenda.remove(wanted.order, wanted.client)
        for held in gone:
            self._agenda.take(held)
        return fits

    def _of_person(self, wanted: Pick) -> Sequence[int]:
        near = sorted(self._of_client[wanted.client], key=lambda pick: _far(pick.start, wanted))
        return [pick.order for pick in near if pick.order != wanted.order]

    def _of_coaches(self, wanted: Pick) -> Iterator[int]:
        """Orders around the time that have a visit of somebody who could have come here."""
        coaches = set(self._agenda.coaches(wanted.client))
        theirs = [
            order
            for order, visits in self._visits.items()
            if order != wanted.order and any(held.coach in coaches for held in visits)
        ]
        yield from sorted(theirs, key=lambda order: _far(self._start[order], wanted))[:NEAR]

    def _held(self, booking: Booking) -> Held:
        first, orders = booking.serves[0], self._problem.orders
        needs = self._agenda.needs(first.client, booking.order)
        here = needs[first.visit].presence == PRESENT
        place = int(orders.place[booking.order]) if here else NOBODY
        buffer = int(orders.buffer[booking.order]) if here else 0
        stay = Stay(booking.begin, booking.begin + booking.minutes, place, buffer)
        return Held(booking.coach, booking.order, stay, room=0)


def _far(start: int, wanted: Pick) -> tuple[int, int]:
    return abs(start - wanted.start), start
