"""Columns of (client, order, start), and the sums about them that rules and score share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jobcenter.matching.problem import FOREVER, Flags, Ints, Problem, Spans, flags, ints


@dataclass(frozen=True, slots=True)
class Pairs:
    """Columns of (client, order, start) to be judged; `row` is the row of `Orders.start`."""

    client: Ints
    order: Ints
    row: Ints
    start: Ints
    end: Ints

    @staticmethod
    def of(problem: Problem, client: Ints, row: Ints) -> Pairs:
        """The columns of clients at rows of `Orders.start`."""
        orders = problem.orders
        order = ints(np.searchsorted(orders.offset, row, side="right") - 1)
        start = orders.start[row]
        return Pairs(client, order, row, start, start + orders.minutes[order])

    def where(self, keep: Flags) -> Pairs:
        """The columns that are kept."""
        return Pairs(*(column[keep] for column in self.columns()))

    def at(self, rows: Ints) -> Pairs:
        """The columns at these positions."""
        return Pairs(*(column[rows] for column in self.columns()))

    def columns(self) -> tuple[Ints, Ints, Ints, Ints, Ints]:
        """All five columns."""
        return self.client, self.order, self.row, self.start, self.end


def trip_minutes(problem: Problem, pairs: Pairs) -> Ints:
    """The trip from home to the site, in the unit of clients' limits (see `Travel.by_distance`)."""
    measured = problem.travel.metres if problem.travel.by_distance else problem.travel.minutes
    return measured(problem.clients.home[pairs.client], problem.orders.place[pairs.order])


def spread(offset: Ints, owner: Ints) -> tuple[Ints, Ints]:
    """For ragged columns: (position in `owner`, row) of every row of every owner."""
    counts = offset[owner + 1] - offset[owner]
    at = np.repeat(np.arange(owner.size), counts)
    first = np.repeat(offset[owner] - (np.cumsum(counts) - counts), counts)
    return at, np.arange(at.size) + first


def covered(spans: Spans, owner: Ints, begin: Ints, end: Ints) -> Flags:
    """Whether one span of each owner covers [begin, end)."""
    if spans.begin.size == 0:
        return np.zeros(owner.size, dtype=np.bool_)
    # One search for all owners: each owner's spans lie in a stretch of time of their own.
    least = min(int(spans.begin.min()), int(begin.min(initial=0)))
    width = max(int(spans.end.max()), int(end.max(initial=0))) - least + 1
    owners = np.repeat(np.arange(spans.offset.size - 1), np.diff(spans.offset))
    keys = owners * width + spans.begin - least
    at = np.searchsorted(keys, owner * width + begin - least, side="right") - 1
    found = at >= spans.offset[owner]
    return flags(found & (spans.end[np.maximum(at, 0)] >= end))


def cards_lacking(problem: Problem, pairs: Pairs) -> tuple[Ints, Ints]:
    """(position, card) of the cards that a pair needs because so much is done, and has not."""
    dues, orders = problem.clients.dues, problem.orders
    at, row = spread(dues.offset, pairs.client)
    start, card = pairs.start[at], dues.card[row]
    due = (dues.begin[row] <= start) & (start < dues.end[row])
    counts = due & orders.counted[pairs.order[at], card]
    lacking = counts & (problem.clients.valid_until[pairs.client[at], card] < pairs.end[at])
    return at[lacking], card[lacking]


def visits_undecided(problem: Problem, pairs: Pairs) -> tuple[Ints, Ints]:
    """(position, row of `Support`) of the visits that could only end without their decision."""
    support, closed = problem.support, problem.clients.undecided
    if closed.begin.size == 0:
        return ints([]), ints([])
    at, row = spread(support.offset, support.template(pairs.client, pairs.order))
    anchor = np.where(support.from_end[row], pairs.end[at], pairs.start[at])
    least = np.maximum(anchor + support.earliest[row], problem.calendar.now)
    most = np.maximum(anchor + support.latest[row], least)
    minutes = support.minutes[row]
    shut = covered(closed, pairs.client[at], ints(least + minutes), ints(most + minutes + 1))
    return at[shut], row[shut]


def apart(problem: Problem, here: Ints, there: Ints, buffer: Ints) -> Ints:
    """Minutes needed between two engagements: travel and buffer, none at the same site."""
    travel = problem.travel.minutes(here, there)
    return ints(np.where(travel > 0, travel + buffer, 0))


def week_of(problem: Problem, minute: Ints) -> Ints:
    """The week in which each minute lies."""
    return ints(problem.calendar.week[problem.calendar.day_of(minute)])


def over_ceilings(problem: Problem, pairs: Pairs) -> tuple[Ints, Ints, Ints]:
    """For every limit that the pay counts towards: (pair, row of `Ceilings`, cents too much)."""
    orders, ceilings = problem.orders, problem.clients.ceilings
    at, limit = spread(ceilings.offset, pairs.client)
    row, kind = pairs.row[at], ceilings.kind[limit]
    counts = orders.period[row, kind] == ceilings.period[limit]
    at, row, kind, limit = at[counts], row[counts], kind[counts], limit[counts]
    return at, limit, orders.cents[row, kind] - ceilings.cents[limit]


def rest_left(problem: Problem, gigs: list[tuple[int, int]], gig: tuple[int, int]) -> int:
    """The longest stretch without a gig in the poorest week that `gig` touches.

    A week with a single gig always has its rest: FOREVER.
    """
    calendar = problem.calendar
    ends = calendar.day_of(np.array([gig[0], gig[1] - 1], dtype=np.int64))
    poorest = FOREVER
    for week in {int(calendar.week[day]) for day in ends}:
        free_from, week_end = calendar.week_bounds(week)
        inside = sorted(gig for gig in gigs if gig[0] < week_end and gig[1] > free_from)
        longest = 0
        for begin, end in inside:
            longest = max(longest, begin - free_from)
            free_from = max(free_from, end)
        if len(inside) > 1:
            poorest = min(poorest, max(longest, week_end - free_from))
    return poorest


def gap(begin: Ints, end: Ints, start: Ints, finish: Ints) -> Ints:
    """Minutes between two spans, negative where they overlap."""
    return ints(np.maximum(start - end, begin - finish))


def short_gaps(problem: Problem, pairs: Pairs) -> tuple[Ints, Ints, Ints]:
    """Every engagement of every pair's client: (pair, row, minutes missing between the two)."""
    busy, orders = problem.clients.busy, problem.orders
    at, row = spread(busy.offset, pairs.client)
    order = pairs.order[at]
    buffer = np.maximum(busy.buffer[row], orders.buffer[order])
    need = apart(problem, busy.place[row], orders.place[order], buffer)
    need = need + problem.terms.between * busy.gig[row]
    return (
        at,
        row,
        need - gap(busy.begin[row], busy.end[row], pairs.start[at], pairs.end[at]),
    )


def none_of(pairs: Pairs, broken: Ints) -> Flags:
    """True where no broken row points at the pair."""
    return flags(np.bincount(broken, minlength=pairs.client.size) == 0)
