"""A linear model that every feasible plan satisfies, so that its optimum bounds them all.

One column per candidate. Rows say: an order's places and its single start; a client's clashes,
weekly caps and earnings. What coaches can give is in `coach_rows.py`. Left out, and so only making
the bound larger: weekly rest, desk work cut in pieces by visits, one coach for several visits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from jobcenter.matching.candidates import Candidates
from jobcenter.matching.cliques import cliques
from jobcenter.matching.coach_rows import CoachRows, Gives
from jobcenter.matching.highs import Model
from jobcenter.matching.pairs import Pairs, apart, gap, week_of
from jobcenter.matching.problem import Flags, Ints, Problem, flags, ints


@dataclass(frozen=True, slots=True)
class Relaxation:
    """The model; its first columns are the candidates in their own order."""

    model: Model
    gives: Mapping[int, Gives]
    """For each candidate the columns that say which coach gives a nearly fixed visit."""


def relaxation(problem: Problem, found: Candidates) -> Relaxation:
    """Build the model of all candidates."""
    model = Model()
    for points in found.points.tolist():
        model.column(points)
    for order, rows in groups(found.pairs.order):
        _add_order(model, problem, found.pairs, order, rows)
    for client, rows in groups(found.pairs.client):
        _add_client(model, problem, found.pairs, client, rows)
    coaches = CoachRows(model, problem)
    coaches.add(found)
    return Relaxation(model, coaches.gives)


def groups(column: Ints) -> Iterator[tuple[int, Ints]]:
    """Each number in the column with the positions at which it stands."""
    by_number = np.argsort(column, kind="stable")
    numbers, first = np.unique(column[by_number], return_index=True)
    parts = np.split(by_number, first[1:]) if numbers.size else []
    for number, rows in zip(numbers.tolist(), parts, strict=True):
        yield number, ints(rows)


def _add_order(model: Model, problem: Problem, pairs: Pairs, order: int, rows: Ints) -> None:
    """No more than the places, all at one start."""
    places = int(problem.orders.places[order])
    starts = list(groups(pairs.row[rows]))
    if places == 1 or len(starts) == 1:
        model.row(rows, 1, places)
        return
    chosen = [model.column() for _ in starts]
    model.row(chosen, 1, 1)
    for column, (_, at) in zip(chosen, starts, strict=True):
        here = rows[at].tolist()
        model.row([*here, column], [1] * len(here) + [-places], 0)
        if len(here) > 1:
            for one in here:
                model.row([one, column], [1, -1], 0)


def _add_client(model: Model, problem: Problem, pairs: Pairs, client: int, rows: Ints) -> None:
    """What one person cannot do together."""
    mine = pairs.at(rows)
    for group in cliques(clashes(problem, mine)):
        model.row(rows[group], 1, 1)
    clients, minutes = problem.clients, mine.end - mine.start
    for week, at in groups(week_of(problem, mine.start)):
        _add_limit(model, rows[at], minutes[at], int(clients.week_minutes[client, week]))
        _add_limit(model, rows[at], np.ones_like(at), int(clients.week_gigs[client, week]))
    ceilings, orders = clients.ceilings, problem.orders
    for limit in range(int(ceilings.offset[client]), int(ceilings.offset[client + 1])):
        kind = int(ceilings.kind[limit])
        counted = orders.period[mine.row, kind] == ceilings.period[limit]
        cents = orders.cents[mine.row, kind][counted]
        _add_limit(model, rows[counted], cents, int(ceilings.cents[limit]))


def _add_limit(model: Model, rows: Ints, weights: Ints, limit: int) -> None:
    if weights.sum() > limit:
        # Scaled to the limit, so that cents and minutes do not dwarf the other rows.
        model.row(rows, weights / max(limit, 1), float(limit > 0))


def clashes(problem: Problem, mine: Pairs) -> Flags:
    """Which pairs of one client's candidates exclude each other."""
    size = mine.client.size
    left, right = (ints(side.ravel()) for side in np.indices((size, size)))
    one, two = mine.at(left), mine.at(right)
    orders, calendar = problem.orders, problem.calendar
    between = gap(one.start, one.end, two.start, two.end)
    buffer = np.maximum(orders.buffer[one.order], orders.buffer[two.order])
    need = apart(problem, orders.place[one.order], orders.place[two.order], buffer)
    days = np.abs(calendar.day_of(one.start) - calendar.day_of(two.start))
    own_rest = days <= problem.clients.rest_days[one.client]
    rest = (days > 0) & ((between < problem.terms.daily_rest) | own_rest)
    clash = (between < need) | rest | (one.order == two.order)
    return flags((clash & (left != right)).reshape(size, size))
