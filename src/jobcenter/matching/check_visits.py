"""What the bookings of a plan break: visits that are missing, and coaches who cannot be there.

Part of the checker (`check.py`): plain loops, sharing nothing with `visits.py` or the solver.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from jobcenter.matching.check_picks import Breach, mark, pick_end, travel
from jobcenter.matching.plan import Booking, Pick, Plan, Served
from jobcenter.matching.problem import NOBODY, PRESENT, Problem


class Need(NamedTuple):
    """A needed visit in absolute minutes."""

    earliest: int
    latest: int
    minutes: int
    presence: int
    ratio: int
    same_coach: int


class Stay(NamedTuple):
    """A stretch of a coach's time."""

    begin: int
    end: int
    place: int
    buffer: int
    new: bool
    order: int


def breaches_of_visits(problem: Problem, plan: Plan) -> list[Breach]:
    """Everything that the bookings break."""
    found = _missing(problem, plan) + _without_decision(problem, plan)
    for booking in plan.bookings:
        found += _of_booking(problem, plan, booking)
    found += _of_same_coach(problem, plan)
    for coach in range(problem.coaches.unit.size):
        new = [b for b in plan.bookings if b.coach == coach and b.joins == NOBODY]
        if new:
            found += _of_coach(problem, coach, new)
    return found


def needs_of(problem: Problem, pick: Pick) -> list[Need]:
    """The visits that the pick requires."""
    support = problem.support
    exception = mark(support.exceptions, pick.client, pick.order)
    profiles = support.client_profile[pick.client], support.order_profile[pick.order]
    template = exception - 1 if exception else int(support.table[profiles])
    needs = []
    for row in range(support.offset[template], support.offset[template + 1]):
        anchor = pick_end(problem, pick) if support.from_end[row] else pick.start
        needs.append(
            Need(
                anchor + int(support.earliest[row]),
                anchor + int(support.latest[row]),
                int(support.minutes[row]),
                int(support.presence[row]),
                int(support.ratio[row]),
                int(support.same_coach[row]),
            )
        )
    return needs


def _missing(problem: Problem, plan: Plan) -> list[Breach]:
    """Every needed visit is served exactly once, and nothing else is."""
    served = Counter((b.order, s.client, s.visit) for b in plan.bookings for s in b.serves)
    needed = {
        (pick.order, pick.client, visit)
        for pick in plan.picks
        for visit, need in enumerate(needs_of(problem, pick))
        if _is_ours(problem, need)
    }
    found = [Breach("support", key[0], key[1]) for key in needed if served[key] != 1]
    found += [Breach("visit", key[0], key[1]) for key in served if key not in needed]
    return sorted(found)


def _is_ours(problem: Problem, need: Need) -> bool:
    """Whether the whole window of a visit lies in the time that is planned."""
    calendar = problem.calendar
    last = need.latest + need.minutes
    return need.earliest >= calendar.planned_from and last <= calendar.planned_until


def _without_decision(problem: Problem, plan: Plan) -> list[Breach]:
    """Visits that end, or could only end, at a time without the decision they need."""
    now = problem.calendar.now
    found = [
        Breach("decision", pick.order, pick.client)
        for pick in plan.picks
        for need in needs_of(problem, pick)
        if _is_ours(problem, need)
        and _shut(problem, pick.client, max(need.earliest, now), need.latest, need.minutes)
    ]
    return found + [
        Breach("decision", booking.order, served.client, booking.coach)
        for booking in plan.bookings
        for served in booking.serves
        if _shut(problem, served.client, booking.begin, booking.begin, booking.minutes)
    ]


def _shut(problem: Problem, client: int, earliest: int, latest: int, minutes: int) -> bool:
    shut = problem.clients.undecided
    return any(
        shut.begin[row] <= earliest + minutes and max(earliest, latest) + minutes < shut.end[row]
        for row in range(shut.offset[client], shut.offset[client + 1])
    )


def _served_needs(problem: Problem, plan: Plan, booking: Booking) -> list[tuple[Served, Need]]:
    picks = {(pick.order, pick.client): pick for pick in plan.picks}
    pairs = []
    for served in booking.serves:
        pick = picks.get((booking.order, served.client))
        needs = needs_of(problem, pick) if pick else []
        if 0 <= served.visit < len(needs):
            pairs.append((served, needs[served.visit]))
    return pairs


def _of_booking(problem: Problem, plan: Plan, booking: Booking) -> list[Breach]:
    needs = [need for _, need in _served_needs(problem, plan, booking)]
    if not needs:
        return [Breach("visit", booking.order, coach=booking.coach)]
    end = booking.begin + booking.minutes
    together = len(booking.serves) > 1 or booking.joins != NOBODY
    room = min(need.ratio for need in needs)
    holds = {
        "visit_length": booking.joins != NOBODY
        or booking.minutes == max(need.minutes for need in needs),
        "visit_time": all(
            max(need.earliest, booking.begin) <= min(need.latest, end - need.minutes)
            for need in needs
        ),
        "visit_twice": len({served.client for served in booking.serves}) == len(booking.serves),
        "visit_past": booking.joins != NOBODY or booking.begin >= problem.calendar.now,
        "presence": len({need.presence == PRESENT for need in needs}) == 1,
        "ratio": not together
        or (bool(problem.orders.group[booking.order]) and room > 1 and len(needs) <= room),
        "coach": all(_may_serve(problem, booking.coach, s.client) for s in booking.serves),
        "joins": booking.joins == NOBODY or _joins(problem, booking, needs[0].presence),
    }
    return [
        Breach(code, booking.order, coach=booking.coach) for code, ok in holds.items() if not ok
    ]


def _may_serve(problem: Problem, coach: int, client: int) -> bool:
    spoken = problem.clients.languages[client]
    shared = any(a and b for a, b in zip(spoken, problem.coaches.languages[coach], strict=True))
    same_unit = problem.coaches.unit[coach] == problem.clients.unit[client]
    return bool(same_unit and (shared or not any(spoken)))


def _joins(problem: Problem, booking: Booking, presence: int) -> bool:
    busy, row, coach = problem.coaches.busy, booking.joins, booking.coach
    place = problem.orders.place[booking.order] if presence == PRESENT else NOBODY
    return bool(
        busy.offset[coach] <= row < busy.offset[coach + 1]
        and busy.order[row] == booking.order
        and busy.room[row] >= len(booking.serves)
        and (busy.begin[row], busy.end[row] - busy.begin[row]) == (booking.begin, booking.minutes)
        and busy.place[row] == place
    )


def _of_same_coach(problem: Problem, plan: Plan) -> list[Breach]:
    coaches: dict[tuple[int, int, int], set[int]] = {}
    for booking in plan.bookings:
        for served, need in _served_needs(problem, plan, booking):
            if need.same_coach:
                key = (booking.order, served.client, need.same_coach)
                coaches.setdefault(key, set()).add(booking.coach)
    found = []
    for (order, client, _), seen in coaches.items():
        named = int(problem.clients.coach[client])
        if len(seen | ({named} - {NOBODY})) > 1:
            found.append(Breach("same_coach", order, client))
    return found


def _of_coach(problem: Problem, coach: int, new: list[Booking]) -> list[Breach]:
    stays = _stays(problem, coach, new)
    found = []
    for at, stay in enumerate(stays):
        others = stays[:at] if stay.new else [other for other in stays[:at] if other.new]
        if any(other.end > stay.begin for other in others):
            found.append(Breach("coach_twice", stay.order, coach=coach))
    shifts = problem.coaches.shifts
    spans = [
        (int(shifts.begin[row]), int(shifts.end[row]))
        for row in range(shifts.offset[coach], shifts.offset[coach + 1])
    ]
    found += [
        Breach("shift", stay.order, coach=coach)
        for stay in stays
        if stay.new and not any(begin <= stay.begin and stay.end <= end for begin, end in spans)
    ]
    found += _of_road(problem, coach, stays)
    base, base_stays = int(problem.coaches.base[coach]), []
    for begin, end in spans if base != NOBODY else []:
        inside = [stay for stay in stays if begin <= stay.begin and stay.end <= end]
        at_base = Stay(begin, begin, base, 0, new=False, order=NOBODY)
        base_stays.append([at_base, *inside, at_base._replace(begin=end, end=end)])
    return found + [breach for day in base_stays for breach in _of_road(problem, coach, day)]


def _stays(problem: Problem, coach: int, new: list[Booking]) -> list[Stay]:
    busy, orders = problem.coaches.busy, problem.orders
    stays = [
        Stay(
            int(busy.begin[row]),
            int(busy.end[row]),
            int(busy.place[row]),
            int(busy.buffer[row]),
            new=False,
            order=NOBODY,
        )
        for row in range(busy.offset[coach], busy.offset[coach + 1])
    ]
    for booking in new:
        served = booking.serves[0] if booking.serves else Served(0, 0)
        pick = Pick(booking.order, served.client, 0)
        needs = needs_of(problem, pick)
        here = served.visit < len(needs) and needs[served.visit].presence == PRESENT
        place = int(orders.place[booking.order]) if here else NOBODY
        buffer = int(orders.buffer[booking.order]) if here else 0
        end = booking.begin + booking.minutes
        stays.append(Stay(booking.begin, end, place, buffer, new=True, order=booking.order))
    return sorted(stays)


def _of_road(problem: Problem, coach: int, stays: list[Stay]) -> list[Breach]:
    """Between two places the time that calls and desk work leave must do for the way."""
    found = []
    last: Stay | None = None
    calls = 0
    new = False
    for stay in stays:
        new = new or stay.new
        if stay.place == NOBODY:
            calls += stay.end - stay.begin
            continue
        if last is not None and new:
            need = travel(problem, last.place, stay.place)
            need += max(last.buffer, stay.buffer) if need else 0
            if stay.begin - last.end - calls < need:
                found.append(Breach("coach_travel", stay.order, coach=coach))
        last, calls, new = stay, 0, stay.new
    return found
