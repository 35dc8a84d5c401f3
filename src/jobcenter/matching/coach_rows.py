"""The rows of the relaxation that say what coaches can give.

A visit that one coach cannot give twice in its window gets a column per coach who could give it;
visits that one coach cannot give both exclude each other, the way included. Visits with wider
windows only take minutes from the coaches' shifts in their window. A shift holds no more than its
minutes, each visit at a place with at least the shortest way to it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

import numpy as np

from jobcenter.matching.candidates import Candidates
from jobcenter.matching.cliques import cliques
from jobcenter.matching.diary import Visit
from jobcenter.matching.highs import Model
from jobcenter.matching.pairs import apart
from jobcenter.matching.plan import Pick
from jobcenter.matching.problem import NOBODY, Ints, Problem, ints
from jobcenter.matching.shift_room import ShiftRoom, shift_rooms
from jobcenter.matching.visits import Agenda, Need, visit_of

Gives: TypeAlias = list[tuple[int, int]]
"""(coach, column) for each coach who could give a visit."""


Meeting: TypeAlias = tuple[int, int, bool]
"""Where and when visits could be shared: an order, its start, whether it is on the spot."""


class Node(NamedTuple):
    """Visits that are alike in everything that matters to coaches."""

    order: int
    start: int
    visit: Visit
    share: int
    coaches: tuple[int, ...]

    @property
    def narrow(self) -> bool:
        """One coach cannot give it twice in its window."""
        return self.visit.latest - self.visit.earliest < self.visit.minutes

    @property
    def meeting(self) -> Meeting:
        """Where and when it could be shared."""
        return self.order, self.start, self.visit.place != NOBODY


Wanted: TypeAlias = dict[Node, list[int]]
"""Visits and the candidates who need them."""


class CoachRows:
    """Adds the coaches to a model whose first columns are the candidates."""

    def __init__(self, model: Model, problem: Problem) -> None:
        self.gives: dict[int, Gives] = {}
        """For each candidate the columns of its narrow visits."""
        self._model, self._problem = model, problem
        self._agenda = Agenda(problem)
        self._rooms = shift_rooms(problem)
        self._load: dict[int, list[tuple[int, float]]] = defaultdict(list)

    def add(self, found: Candidates) -> None:
        """Add all columns and rows."""
        wanted: Wanted = defaultdict(list)
        for one, pick in enumerate(found.picks()):
            for need in self._agenda.wants(pick):
                if not self._may_join(pick, need):
                    wanted[self._node(pick, need)].append(one)
        mixed = _mixed(wanted)
        wide = {node for node in wanted if not node.narrow or node.meeting in mixed}
        self._add_narrow({node: wanted[node] for node in wanted if node not in wide})
        self._add_wide({node: wanted[node] for node in wanted if node in wide})
        rooms = {room.row: room.minutes for coach in self._rooms for room in coach}
        for row, parts in sorted(self._load.items()):
            columns = [column for column, _ in parts]
            self._model.row(columns, [minutes for _, minutes in parts], rooms[row])

    def _may_join(self, pick: Pick, need: Need) -> bool:
        """It might cost nothing: a visit of the order is booked already and can be shared."""
        group = bool(self._problem.orders.group[pick.order])
        return group and need.ratio > 1 and bool(self._agenda.held(pick.order))

    def _node(self, pick: Pick, need: Need) -> Node:
        problem = self._problem
        named = int(problem.clients.coach[pick.client])
        coaches = self._agenda.coaches(pick.client)
        if need.same_coach and named != NOBODY:
            coaches = [coach for coach in coaches if coach == named]
        places = int(problem.orders.places[pick.order])
        share = min(need.ratio, places) if problem.orders.group[pick.order] else 1
        visit = visit_of(problem, pick, need)
        return Node(pick.order, pick.start, visit, share, tuple(coaches))

    def _add_narrow(self, wanted: Wanted) -> None:
        of_coach: dict[int, list[tuple[Visit, int]]] = defaultdict(list)
        shared: dict[tuple[Meeting, int], list[tuple[Node, list[int], Gives]]]
        shared = defaultdict(list)
        for node, members in wanted.items():
            gives = self._columns(node)
            for coach, column in gives:
                of_coach[coach].append((node.visit, column))
            for member in members:
                self.gives.setdefault(member, []).extend(gives)
            if node.share == 1:
                self._at_most(members, [(column, 1) for _, column in gives])
            else:
                shared[node.meeting, self._unit(node)].append((node, members, gives))
        for together in shared.values():
            self._add_shared(together)
        for coach, visits in sorted(of_coach.items()):
            self._add_coach(coach, visits)

    def _unit(self, node: Node) -> int:
        """Whose coaches give it: coaches serve people of their own unit only."""
        return int(self._problem.coaches.unit[node.coaches[0]]) if node.coaches else NOBODY

    def _columns(self, node: Node) -> Gives:
        able = [
            coach
            for coach in node.coaches
            if self._agenda.diary(coach).slot(node.visit) is not None
        ]
        return [(coach, self._model.column()) for coach in able]

    def _at_most(self, members: list[int], columns: list[tuple[int, int]]) -> None:
        """No more of the members than the columns together carry."""
        which = [*members, *(column for column, _ in columns)]
        weights = [1] * len(members) + [-carries for _, carries in columns]
        self._model.row(which, weights, 0)

    def _add_shared(self, together: list[tuple[Node, list[int], Gives]]) -> None:
        """At a group order a visit carries up to its ratio, and each client needs one that covers.

        All are clients of one unit; each is covered by a coach with whom they share a language.
        """
        everybody = [member for _, members, _ in together for member in members]
        carry = [(column, node.share) for node, _, gives in together for _, column in gives]
        self._at_most(everybody, carry)
        for node, members, _ in together:
            covering = [
                (column, 1)
                for other, _, gives in together
                if _covers(other.visit, node.visit)
                for coach, column in gives
                if coach in node.coaches
            ]
            for member in members:
                self._at_most([member], covering)

    def _add_coach(self, coach: int, visits: list[tuple[Visit, int]]) -> None:
        """What one coach cannot do together, and what each shift has room for."""
        visits.sort(key=lambda row: (row[0].earliest, row[0].latest, row[1]))
        table = ints([visit for visit, _ in visits])
        columns = [column for _, column in visits]
        ways = _ways(self._problem, table[:, 3:], table[:, 3:])
        before = (table[:, 0] + table[:, 2])[:, None] + ways <= table[None, :, 1]
        np.fill_diagonal(before, val=True)
        for group in cliques(~before & ~before.T):
            self._model.row(ints(columns)[group], 1, 1)
        np.fill_diagonal(before, val=False)
        for at, (visit, column) in enumerate(visits):
            rooms = list(_shifts_for(self._rooms[coach], visit))
            if len(rooms) == 1:
                earlier = before[:, at] & (table[:, 1] >= rooms[0].begin) & (table[:, 3] != NOBODY)
                way = self._shortest(coach, rooms[0], table[at], ways[earlier, at])
                self._load[rooms[0].row].append((column, float(visit.minutes + way)))

    def _shortest(self, coach: int, room: ShiftRoom, visit: Ints, ways: Ints) -> int:
        """The least time on the road before a visit: from the base or from another visit."""
        base = ints([self._problem.coaches.base[coach]])
        if NOBODY in (int(base[0]), int(visit[3])):
            return 0
        trip = int(self._problem.travel.minutes(base, visit[3:4])[0])
        booked = _ways(self._problem, room.placed, visit[None, 3:])
        return int(min([trip, *ways.tolist(), *booked.ravel().tolist()]))

    def _add_wide(self, wanted: Wanted) -> None:
        """Minutes of wide visits are split over the shifts of their windows as it suits."""
        taken: dict[tuple[int, ...], dict[int, float]] = defaultdict(dict)
        rooms = {room.row: room.minutes for coach in self._rooms for room in coach}
        for node, members in wanted.items():
            shifts = [
                room.row
                for coach in node.coaches
                for room in _shifts_for(self._rooms[coach], node.visit)
            ]
            minutes = taken[tuple(shifts)]
            for member in members:
                minutes[member] = minutes.get(member, 0.0) + node.visit.minutes / node.share
        for key, minutes in taken.items():
            parts = [self._model.column(most=rooms[row], whole=False) for row in key]
            for row, part in zip(key, parts, strict=True):
                self._load[row].append((part, 1.0))
            weights = [*minutes.values(), *([-1.0] * len(parts))]
            self._model.row([*minutes, *parts], weights, 0)


def _mixed(wanted: Wanted) -> set[Meeting]:
    """Meetings where a wide visit could stand in for a narrow one or the other way round.

    There only the minutes are counted: each client of a shared visit pays its share of them.
    """
    meetings: dict[Meeting, list[Node]] = defaultdict(list)
    for node in wanted:
        if node.share > 1:
            meetings[node.meeting].append(node)
    return {
        meeting
        for meeting, nodes in meetings.items()
        if any(
            one.narrow != two.narrow and _covers(one.visit, two.visit)
            for one in nodes
            for two in nodes
        )
    }


def _covers(other: Visit, visit: Visit) -> bool:
    last = other.latest + other.minutes - visit.minutes
    return max(visit.earliest, other.earliest) <= min(visit.latest, last)


def _shifts_for(rooms: list[ShiftRoom], visit: Visit) -> Iterator[ShiftRoom]:
    """The shifts in which a visit could lie, nothing else considered."""
    for room in rooms:
        if max(visit.earliest, room.begin) <= min(visit.latest, room.end - visit.minutes):
            yield room


def _ways(problem: Problem, here: Ints, there: Ints) -> Ints:
    """Minutes needed between rows of (place, buffer)."""
    place, other = np.broadcast_arrays(here[:, 0][:, None], there[:, 0][None, :])
    buffer = np.maximum(here[:, 1][:, None], there[:, 1][None, :])
    return apart(problem, ints(place), ints(other), ints(buffer))
