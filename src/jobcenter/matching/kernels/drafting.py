"""Makes the empty draft of a scene, and reads a plan out of a draft."""

from __future__ import annotations

import numpy as np

from jobcenter.matching.kernels import draft as d
from jobcenter.matching.kernels import scene as s
from jobcenter.matching.kernels.draft import VISIT, Draft, chosen_start, person_in, visit
from jobcenter.matching.kernels.projection import rows
from jobcenter.matching.kernels.scene import Scene, Small
from jobcenter.matching.plan import Booking, Pick, Plan, Served
from jobcenter.matching.problem import Ints, ints

GIGS = 16
"""How many gigs the search gives one person; more were never near in any horizon of two weeks."""
LOG = 1 << 16
"""Writes of one step that can be taken back; a step makes a few hundred."""


def empty_draft(scene: Scene) -> Draft:
    """A draft in which nobody has a gig, and coaches have what they are bound to."""
    orders, seats = rows(scene, s.ORDERS).shape[0], rows(scene, s.SEATS).shape[0]
    visits = int(np.diff(rows(scene, s.NEED_FIRST)[:, 0]).max(initial=1))
    people, coaches = rows(scene, s.PEOPLE).shape[0], rows(scene, s.COACHES).shape[0]
    stays, held = _stays(scene), rows(scene, s.HELD).shape[0]
    total = seats * visits + held
    sizes = [
        orders,
        seats * (visits + 1),
        people * (GIGS + 1),
        coaches * (stays + 1),
        total * VISIT,
        total + 1,
    ]
    *begins, end = np.cumsum([d.HEAD, *sizes]).tolist()
    cells = np.zeros(end, np.int32)
    cells[: d.HEAD] = [*begins, visits, GIGS, stays]
    cells[begins[0] : begins[2]] = -1
    stack = begins[-1]
    cells[stack] = total - held
    cells[stack + 1 : stack + 1 + total - held] = np.arange(total - 1, held - 1, -1)
    log = np.zeros((LOG, 2), np.int32)
    log[0, 0] = 1
    draft = Draft(cells, log)
    _hold(draft, scene)
    return draft


def _stays(scene: Scene) -> int:
    """How many visits a diary must have room for."""
    shifts, coaches = rows(scene, s.SHIFTS), rows(scene, s.COACHES)
    total = np.concatenate([[0], np.cumsum(shifts[:, 1] - shifts[:, 0])])
    minutes = total[coaches[:, s.SHIFT_AFTER]] - total[coaches[:, s.SHIFT_FIRST]]
    held = coaches[:, s.HELD_AFTER] - coaches[:, s.HELD_FIRST]
    needs = rows(scene, s.NEEDS)
    shortest = max(int(needs[:, s.LENGTH].min()), 5) if needs.size else 15
    return int((minutes // shortest + held).max(initial=1)) + 1


def _hold(draft: Draft, scene: Scene) -> None:
    """Write what coaches are bound to into their diaries."""
    cells, held = draft.cells, rows(scene, s.HELD)
    for coach, row in enumerate(rows(scene, s.COACHES)):
        page = cells[d.DIARY_AT] + coach * (cells[d.STAYS] + 1)
        first, after = int(row[s.HELD_FIRST]), int(row[s.HELD_AFTER])
        cells[page] = after - first
        for one in range(first, after):
            begin, end, place, buffer = held[one, :4].tolist()
            at = cells[d.VISIT_AT] + one * VISIT
            cells[at : at + VISIT] = [coach, begin, end, place, place, buffer, -1, 1, 1]
            cells[page + 1 + one - first] = one


def _seats(draft: Draft) -> Small:
    """[seats, 1 + visits] who has each seat, and the visits."""
    cells = draft.cells
    part = cells[cells[d.SEAT_AT] : cells[d.GIG_AT]]
    return part.reshape(-1, int(cells[d.VISITS]) + 1)


def plan_of(draft: Draft, scene: Scene) -> Plan:
    """The plan that the draft holds."""
    picks: list[Pick] = []
    serves: dict[int, list[Served]] = {}
    seats = _seats(draft)
    for seat in np.flatnonzero(seats[:, 0] >= 0).tolist():
        order, person = int(rows(scene, s.SEATS)[seat, 0]), person_in(draft, seat)
        start = chosen_start(draft, order)
        picks.append(Pick(order, person, int(rows(scene, s.STARTS)[start, s.S_BEGIN])))
        for need, which in enumerate(seats[seat, 1:].tolist()):
            if which >= 0:
                serves.setdefault(which, []).append(Served(person, need))
    bookings = [
        Booking(
            visit(draft, which, d.V_COACH),
            visit(draft, which, d.V_ORDER),
            visit(draft, which, d.V_BEGIN),
            visit(draft, which, d.V_END) - visit(draft, which, d.V_BEGIN),
            tuple(sorted(served)),
        )
        for which, served in serves.items()
    ]
    return Plan(tuple(sorted(picks)), tuple(sorted(bookings)))


def people_of(draft: Draft) -> Ints:
    """Who has each seat, -1 where nobody does."""
    return ints(_seats(draft)[:, 0])
