"""What the picks of a plan break: places, people, their days, weeks and earnings.

Part of the checker (`check.py`): plain loops, sharing nothing with rules or solver.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from math import isqrt
from typing import NamedTuple

from jobcenter.matching.plan import Pick, Plan
from jobcenter.matching.problem import NOBODY, Marks, Problem


class Breach(NamedTuple):
    """One broken promise: its code, and whom it concerns."""

    code: str
    order: int = NOBODY
    client: int = NOBODY
    coach: int = NOBODY


class Gig(NamedTuple):
    """A gig or an activity of one client."""

    begin: int
    end: int
    place: int
    buffer: int
    is_gig: bool
    order: int


def breaches_of_picks(problem: Problem, plan: Plan) -> list[Breach]:
    """Everything that the picks break, visits aside."""
    found = _of_orders(problem, plan)
    for pick in plan.picks:
        if _row(problem, pick) == NOBODY:
            found.append(Breach("start", pick.order, pick.client))
        else:
            found += _of_pair(problem, pick)
    for client in sorted({pick.client for pick in plan.picks}):
        found += _of_client(problem, client, [p for p in plan.picks if p.client == client])
    return found


def travel(problem: Problem, here: int, there: int) -> int:
    """Minutes from door to door."""
    roads = problem.travel
    if NOBODY in (here, there):
        return 0
    if roads.matrix is not None:
        return int(roads.matrix[here, there])
    east, north = int(roads.x[here] - roads.x[there]), int(roads.y[here] - roads.y[there])
    metres = isqrt(east * east + north * north)
    return roads.start_minutes - (-metres * roads.minutes_per_km // 1000) if metres else 0


def mark(marks: Marks, owner: int, subject: int) -> int:
    """The number of a pair, found by hand."""
    if subject < 0 or subject >= marks.width:
        return 0
    key = owner * marks.width + subject
    at = bisect_right(marks.keys, key) - 1
    return int(marks.points[at]) if at >= 0 and marks.keys[at] == key else 0


def pick_end(problem: Problem, pick: Pick) -> int:
    """When the gig ends."""
    return pick.start + int(problem.orders.minutes[pick.order])


def _row(problem: Problem, pick: Pick) -> int:
    orders = problem.orders
    for row in range(orders.offset[pick.order], orders.offset[pick.order + 1]):
        if orders.start[row] == pick.start:
            return int(row)
    return NOBODY


def _of_orders(problem: Problem, plan: Plan) -> list[Breach]:
    found = []
    taken = Counter(pick.order for pick in plan.picks)
    for order, picks in taken.items():
        if picks > problem.orders.places[order]:
            found.append(Breach("place", order))
        if len({pick.start for pick in plan.picks if pick.order == order}) > 1:
            found.append(Breach("start", order))
    twice = Counter((pick.order, pick.client) for pick in plan.picks)
    found += [Breach("twice", order, client) for (order, client), n in twice.items() if n > 1]
    return found


def _of_pair(problem: Problem, pick: Pick) -> list[Breach]:
    """What the person and the order do not agree on, whatever else is planned."""
    orders, clients = problem.orders, problem.clients
    order, client, start = pick.order, pick.client, pick.start
    row = _row(problem, pick)
    regions = {int(clients.region[client]), int(orders.region[order])} - {NOBODY}
    trip = travel(problem, int(clients.home[client]), int(orders.place[order]))
    holds = {
        "asked": not mark(orders.asked, order, client),
        "task": not mark(clients.no_task, client, int(orders.task[order])),
        "site": not mark(clients.no_site, client, int(orders.site[order])),
        "orderer": not mark(clients.no_party, client, int(orders.party[order])),
        "region": len(regions) < 2,
        "demands": all(
            asked <= limit
            for asked, limit in zip(orders.demands[order], clients.limits[client], strict=True)
        ),
        "outdoors": bool(clients.outdoors[client]) or not orders.outdoors[order],
        "language": _languages_meet(problem, order, client),
        "steps": bool(orders.step_free[order]) or not clients.needs_step_free[client],
        "news": not clients.one_new[client] or _something_is_known(problem, order, client),
        "trip": trip <= clients.trip_limit[client],
        "notice": start >= problem.calendar.now + problem.terms.earliest_notice,
        "start": orders.chosen[order] in (NOBODY, row),
        "qualifications": all(
            held >= pick_end(problem, pick)
            for needed, held in zip(
                orders.qualifications[order], clients.valid_until[client], strict=True
            )
            if needed
        ),
        "counters": _no_card_is_due(problem, pick),
        "available": any(
            clients.free.begin[span] <= start and pick_end(problem, pick) <= clients.free.end[span]
            for span in range(clients.free.offset[client], clients.free.offset[client + 1])
        ),
    }
    return [Breach(code, order, client) for code, kept in holds.items() if not kept]


def _no_card_is_due(problem: Problem, pick: Pick) -> bool:
    clients, dues = problem.clients, problem.clients.dues
    for row in range(dues.offset[pick.client], dues.offset[pick.client + 1]):
        card = int(dues.card[row])
        if not problem.orders.counted[pick.order, card]:
            continue
        held = clients.valid_until[pick.client, card] >= pick_end(problem, pick)
        if not held and dues.begin[row] <= pick.start < dues.end[row]:
            return False
    return True


def _something_is_known(problem: Problem, order: int, client: int) -> bool:
    clients, orders = problem.clients, problem.orders
    task, site = int(orders.task[order]), int(orders.site[order])
    by_task = mark(clients.knows_task, client, task) or mark(clients.practised, client, task)
    return bool(by_task or mark(clients.knows_site, client, site))


def _languages_meet(problem: Problem, order: int, client: int) -> bool:
    asked = {at for at, yes in enumerate(problem.orders.languages[order]) if yes}
    spoken = {at for at, yes in enumerate(problem.clients.languages[client]) if yes}
    return not asked or bool(asked & spoken)


def _of_client(problem: Problem, client: int, picks: list[Pick]) -> list[Breach]:
    """What one person's days, weeks and earnings cannot hold together."""
    new = [
        Gig(
            pick.start,
            pick_end(problem, pick),
            int(problem.orders.place[pick.order]),
            int(problem.orders.buffer[pick.order]),
            is_gig=True,
            order=pick.order,
        )
        for pick in picks
    ]
    old = _engagements(problem, client)
    found = []
    for at, gig in enumerate(new):
        for other in [*old, *new[:at]]:
            code = _clash(problem, client, gig, other)
            if code:
                found.append(Breach(code, gig.order, client))
    return [
        *found,
        *_weekly_rest(problem, client, new, old),
        *_weekly_caps(problem, client, picks),
        *_earnings(problem, client, picks),
    ]


def _engagements(problem: Problem, client: int) -> list[Gig]:
    busy = problem.clients.busy
    return [
        Gig(
            int(busy.begin[row]),
            int(busy.end[row]),
            int(busy.place[row]),
            int(busy.buffer[row]),
            is_gig=bool(busy.gig[row]),
            order=NOBODY,
        )
        for row in range(busy.offset[client], busy.offset[client + 1])
    ]


def _clash(problem: Problem, client: int, gig: Gig, other: Gig) -> str:
    first, second = sorted((gig, other))
    between = second.begin - first.end
    minutes = travel(problem, first.place, second.place)
    if minutes:
        minutes += max(first.buffer, second.buffer)
    if between < minutes:
        return "free" if other.is_gig else "activity"
    days = abs(_day(problem, gig.begin) - _day(problem, other.begin))
    if not other.is_gig or not days:
        return ""
    if between < problem.terms.daily_rest:
        return "daily_rest"
    return "rest_days" if days <= problem.clients.rest_days[client] else ""


def _day(problem: Problem, minute: int) -> int:
    return bisect_right(problem.calendar.day_starts, minute) - 1


def _week(problem: Problem, minute: int) -> int:
    return int(problem.calendar.week[_day(problem, minute)])


def _weekly_rest(problem: Problem, client: int, new: list[Gig], old: list[Gig]) -> list[Breach]:
    """Only weeks with a new gig are judged, and a single gig in a week leaves it its rest."""
    gigs = sorted([*new, *(gig for gig in old if gig.is_gig)])
    touched = {_week(problem, minute) for gig in new for minute in (gig.begin, gig.end - 1)}
    found = []
    for week in sorted(touched):
        days = [day for day, of in enumerate(problem.calendar.week) if of == week]
        free_from = int(problem.calendar.day_starts[days[0]])
        week_end = int(problem.calendar.day_starts[days[-1] + 1])
        inside = [gig for gig in gigs if gig.begin < week_end and gig.end > free_from]
        longest = 0
        for gig in inside:
            longest = max(longest, gig.begin - free_from)
            free_from = max(free_from, gig.end)
        longest = max(longest, week_end - free_from)
        if len(inside) > 1 and longest < problem.terms.weekly_rest:
            found.append(Breach("weekly_rest", client=client))
    return found


def _weekly_caps(problem: Problem, client: int, picks: list[Pick]) -> list[Breach]:
    minutes: Counter[int] = Counter()
    gigs: Counter[int] = Counter()
    for pick in picks:
        minutes[_week(problem, pick.start)] += int(problem.orders.minutes[pick.order])
        gigs[_week(problem, pick.start)] += 1
    found = []
    for week in gigs:
        if minutes[week] > problem.clients.week_minutes[client, week]:
            found.append(Breach("week_minutes", client=client))
        if gigs[week] > problem.clients.week_gigs[client, week]:
            found.append(Breach("week_gigs", client=client))
    return found


def _earnings(problem: Problem, client: int, picks: list[Pick]) -> list[Breach]:
    orders, ceilings = problem.orders, problem.clients.ceilings
    found = []
    for limit in range(ceilings.offset[client], ceilings.offset[client + 1]):
        kind, earned = int(ceilings.kind[limit]), 0
        for pick in picks:
            row = _row(problem, pick)
            if row != NOBODY and orders.period[row, kind] == ceilings.period[limit]:
                earned += int(orders.cents[row, kind])
        if earned > ceilings.cents[limit]:
            found.append(Breach("earnings", client=client))
    return found
