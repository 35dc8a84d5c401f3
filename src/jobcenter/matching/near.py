"""Who almost fits an order: the one rule that stands in the way, and the least that would help.

A near miss breaks a single rule, so that the change named is enough: every other rule and the
coaches were asked. Where the time is the trouble, other starts of the same day are tried. What a
person has ruled out for themselves is not a near miss.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass

import numpy as np

from jobcenter.matching.candidates import Supported, allowed, picks_of
from jobcenter.matching.other_starts import with_other_starts
from jobcenter.matching.pairs import Pairs
from jobcenter.matching.plan import Pick
from jobcenter.matching.problem import NOBODY, Flags, Problem, flags, ints
from jobcenter.matching.rules import RULES, SUPPORT, Rule
from jobcenter.matching.score import rank, score
from jobcenter.matching.shortage import SHORTAGES, Change
from jobcenter.matching.visits import Need, visit_of

FINAL = frozenset({"place", "asked", "task", "site", "orderer", "region"})
"""Rules that nobody should be asked to bend."""

OTHER_START = "Would fit if the gig began at {at}."
COACH_AT = "Would fit if a coach were free from {begin} to {end}."
COACH_BETWEEN = "Would fit if a coach had {minutes} min between {begin} and {end}."
COACH_COSTS = 90
"""How far away a missing coach counts when misses are put in order, as if in minutes."""


@dataclass(frozen=True, slots=True)
class Miss:
    """One near miss: what is broken, in words, and what would be enough, in words with numbers.

    Of the values, `at`, `begin` and `end` are minutes of the calendar; `demand`, `qualification`
    and `visit` are the caller's own numbers (`visit` is the label of the visit needed).
    """

    pick: Pick
    code: str
    broken: str
    change: Change


def near_misses(
    problem: Problem, order: int, most: int, supported: Supported | None = None
) -> tuple[Miss, ...]:
    """The nearest misses, one for each client, the smallest change first.

    Who asks about many orders hands in what knows which visits can be had.
    """
    supported = supported or Supported(problem)
    fits = {pick.client for pick in _fitting(problem, order, supported)}
    best: dict[int, Miss] = {}
    misses = [*_by_rule(problem, order, supported), *_by_start(problem, order, supported, fits)]
    for miss in misses:
        known = best.get(miss.pick.client)
        if known is None or miss.change.cost < known.change.cost:
            best[miss.pick.client] = miss
    ranked = _ranked(problem, [miss for client, miss in best.items() if client not in fits])
    return tuple(sorted(ranked, key=lambda miss: miss.change.cost)[:most])


def waiting_for_support(
    problem: Problem, order: int, supported: Supported | None = None
) -> tuple[Miss, ...]:
    """Whom only a missing coach keeps from the order, the best first, with what is missing."""
    supported = supported or Supported(problem)
    waiting: dict[int, Miss] = {}
    fits = set()
    for pick in picks_of(allowed(problem, ints([order]))):
        missing = supported.missing(pick)
        if missing is None:
            fits.add(pick.client)
        else:
            waiting.setdefault(pick.client, _without_coach(problem, pick, missing))
    misses = [miss for client, miss in waiting.items() if client not in fits]
    return tuple(_ranked(problem, misses))


def _fitting(problem: Problem, order: int, supported: Supported) -> Iterator[Pick]:
    for pick in picks_of(allowed(problem, ints([order]))):
        if supported.missing(pick) is None:
            yield pick


def _by_rule(problem: Problem, order: int, supported: Supported) -> Iterator[Miss]:
    """Misses of one rule at one of the order's own starts."""
    rules = [rule for rule in RULES if rule.code not in FINAL]
    pairs = _bendable(problem, order)
    broken = np.array([~rule.holds(problem, pairs) for rule in rules])
    count = broken.sum(axis=0)
    for at in np.flatnonzero(count <= 1).tolist():
        pair = pairs.at(ints([at]))
        pick = picks_of(pair)[0]
        missing = supported.missing(pick)
        if count[at] == 0 and missing is not None:
            yield _without_coach(problem, pick, missing)
        elif count[at] == 1 and missing is None:
            yield from _bent(problem, pair, rules[int(broken[:, at].argmax())])


def _bent(problem: Problem, pair: Pairs, rule: Rule) -> Iterator[Miss]:
    change = SHORTAGES[rule.code](problem, pair) if rule.code in SHORTAGES else None
    if change:
        yield Miss(picks_of(pair)[0], rule.code, rule.broken, change)


def _by_start(
    problem: Problem, order: int, supported: Supported, fits: Container[int]
) -> Iterator[Miss]:
    """Clients who would fit at another start near one of the order's own, while none is fixed."""
    if problem.orders.chosen[order] != NOBODY:
        return
    moved = with_other_starts(problem, order)
    own = problem.orders.start[problem.orders.offset[order] : problem.orders.offset[order + 1]]
    broken_now = _first_broken(problem, order)
    tried = [pick for pick in picks_of(allowed(moved, ints([order]))) if pick.client not in fits]
    nearest = sorted((int(np.abs(own - pick.start).min()), pick) for pick in tried)
    found = set()
    for shift, pick in nearest:
        # Visits hang on the gig's start alone, so the same agenda answers for other starts.
        if pick.client in found or pick.client not in broken_now or supported.missing(pick):
            continue
        found.add(pick.client)
        rule = broken_now[pick.client]
        yield Miss(pick, rule.code, rule.broken, Change(shift, OTHER_START, {"at": pick.start}))


def _first_broken(problem: Problem, order: int) -> dict[int, Rule]:
    """For each client the first rule that fails at the order's first start."""
    pairs = _bendable(problem, order)
    found: dict[int, Rule] = {}
    for rule in RULES:
        for client in pairs.client[~rule.holds(problem, pairs)].tolist():
            found.setdefault(client, rule)
    return found


def _bendable(problem: Problem, order: int) -> Pairs:
    """All clients at all starts of the order, without those whom nobody should ask."""
    orders = problem.orders
    rows = np.arange(orders.offset[order], orders.offset[order + 1])
    clients = np.arange(problem.clients.unit.size)
    pairs = Pairs.of(problem, np.repeat(clients, rows.size), np.tile(rows, clients.size))
    keep: Flags = flags(np.ones(pairs.client.size))
    for rule in RULES:
        if rule.code in FINAL:
            keep &= rule.holds(problem, pairs)
    return pairs.where(keep)


def _without_coach(problem: Problem, pick: Pick, need: Need) -> Miss:
    code, _, broken = SUPPORT
    visit = visit_of(problem, pick, need)
    fixed = visit.earliest == visit.latest
    values = {
        "begin": visit.earliest,
        "end": visit.latest + visit.minutes,
        "minutes": visit.minutes,
        "visit": need.label,
    }
    change = Change(COACH_COSTS, COACH_AT if fixed else COACH_BETWEEN, values)
    return Miss(pick, code, broken, change)


def _ranked(problem: Problem, misses: list[Miss]) -> list[Miss]:
    """By what the clients would be worth at the order's first start."""
    if not misses:
        return []
    first = problem.orders.offset[misses[0].pick.order]
    clients = ints([miss.pick.client for miss in misses])
    pairs = Pairs.of(problem, clients, np.full(clients.size, first))
    return [misses[at] for at in rank(problem, pairs, score(problem, pairs)).tolist()]
