"""Places every visit of a pick on a concrete coach and minute: the last of the hard rules.

The agenda holds the diaries of all coaches. A pick goes in with all its visits or not at all; a
visit of a group order first tries to join one that is already there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias

from jobcenter.matching.diary import Diary, Roads, Stay, Visit
from jobcenter.matching.plan import Booking, Pick, Served
from jobcenter.matching.problem import FOREVER, NOBODY, PRESENT, Problem
from jobcenter.matching.records import Span

TRIES = 60
"""How many placings of single visits one pick may cost before it is given up."""


@dataclass(frozen=True, slots=True)
class Need:
    """One visit of a template, relative to the gig."""

    index: int
    presence: int
    from_end: bool
    earliest: int
    latest: int
    minutes: int
    ratio: int
    same_coach: int
    label: int


Share: TypeAlias = tuple[int, Need, int]
"""A client, the need that is served, and the minute its times count from."""


@dataclass(slots=True, eq=False)
class Held:
    """A visit in the agenda and whom it serves; `joins` is its row when it was there before."""

    coach: int
    order: int
    stay: Stay
    room: int
    joins: int = NOBODY
    serves: list[Share] = field(default_factory=list)

    def takes(self, need: Need, anchor: int) -> bool:
        """Whether one more client can share it."""
        room = min([self.room, need.ratio, *(other.ratio for _, other, _ in self.serves)])
        return (
            need.ratio > 1
            and len(self.serves) < room
            and (need.presence == PRESENT) == (self.stay.place != NOBODY)
            and max(anchor + need.earliest, self.stay.begin)
            <= min(anchor + need.latest, self.stay.end - need.minutes)
        )

    def booking(self) -> Booking:
        """As it stands in a plan."""
        serves = tuple(sorted(Served(client, need.index) for client, need, _ in self.serves))
        minutes = self.stay.end - self.stay.begin
        return Booking(self.coach, self.order, self.stay.begin, minutes, serves, self.joins)


class Agenda:
    """The diaries of all coaches, and the visits that picks have put into them."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        coaches, clients = problem.coaches, problem.clients
        roads = Roads(problem.travel)
        self._diaries = [Diary(coaches, coach, roads) for coach in range(coaches.unit.size)]
        self._units: dict[int, list[int]] = {}
        for coach, unit in enumerate(coaches.unit.tolist()):
            self._units.setdefault(unit, []).append(coach)
        self._spoken = [frozenset(row.nonzero()[0].tolist()) for row in coaches.languages]
        self._speaks = [frozenset(row.nonzero()[0].tolist()) for row in clients.languages]
        self._needs = _templates(problem)
        self._at_order = _joinable(problem)
        self._of_pick: dict[tuple[int, int], list[Held]] = {}

    def needs(self, client: int, order: int) -> tuple[Need, ...]:
        """The visits that the client needs at the order."""
        support = self._problem.support
        known = support.exceptions
        key = client * known.width + order
        at = int(known.keys.searchsorted(key))
        if at < known.keys.size and known.keys[at] == key:
            return self._needs[int(known.points[at]) - 1]
        usual = support.table[support.client_profile[client], support.order_profile[order]]
        return self._needs[int(usual)]

    def wants(self, pick: Pick) -> tuple[Need, ...]:
        """The visits of a pick that this plan has to give: none that reach out of its time."""
        needs, calendar = self.needs(pick.client, pick.order), self._problem.calendar
        if (calendar.planned_from, calendar.planned_until) == (-FOREVER, FOREVER):
            return needs
        anchors = pick.start, pick.start + int(self._problem.orders.minutes[pick.order])
        return tuple(
            need
            for need in needs
            if anchors[need.from_end] + need.earliest >= calendar.planned_from
            and anchors[need.from_end] + need.latest + need.minutes <= calendar.planned_until
        )

    def coaches(self, client: int) -> list[int]:
        """The coaches of the client's unit who share a language with them."""
        unit = self._units.get(int(self._problem.clients.unit[client]), [])
        speaks = self._speaks[client]
        return [coach for coach in unit if not speaks or speaks & self._spoken[coach]]

    def add(self, pick: Pick, first: int = NOBODY) -> Need | None:
        """Hold every visit of the pick; or hold nothing and say which visit has no coach.

        `first` is the coach to be tried before the others.
        """
        missing = self.extend(pick, self.wants(pick), first)
        if missing:
            del self._of_pick[pick.order, pick.client]
        return missing

    def extend(self, pick: Pick, needs: Sequence[Need], first: int = NOBODY) -> Need | None:
        """Hold some more visits of a pick, all or none; says which visit has no coach."""
        held = self._of_pick.setdefault((pick.order, pick.client), [])
        missing = None
        for order in (_freedom, _earliest):
            placing = _Placing(self, self._problem, pick, held, first)
            if placing.place(sorted(needs, key=order)):
                held += placing.held
                return None
            missing = missing or placing.missing
        return missing

    def hopeless(self, pick: Pick) -> bool:
        """Whether some visit has no coach even when the pick's other visits are left out.

        Only this proves that a pick is impossible: `add` does not try every minute.
        """
        for need in self.wants(pick):
            if not _Placing(self, self._problem, pick, [], NOBODY).can(need):
                return True
        return False

    def leaning(self, order: int, client: int) -> list[int]:
        """Clients who share a visit that is only long enough for them while this one is there."""
        found = []
        for held in self._of_pick[order, client]:
            rest = [one for one in held.serves if one[0] != client]
            length = held.stay.end - held.stay.begin
            if held.joins == NOBODY and all(need.minutes != length for _, need, _ in rest):
                found += [one[0] for one in rest]
        return list(dict.fromkeys(found))

    def remove(self, order: int, client: int) -> list[tuple[Held, Share]]:
        """Free the visits of a pick on whom nobody leans; returns what `restore` takes."""
        freed = []
        for held in self._of_pick.pop((order, client)):
            share = next(one for one in held.serves if one[0] == client)
            freed.append((held, share))
            held.serves.remove(share)
            if not held.serves and held.joins == NOBODY:
                self.drop(held)
        return freed

    def restore(self, order: int, client: int, freed: list[tuple[Held, Share]]) -> None:
        """Undo a `remove`, exactly, when everything done since is undone."""
        for held, share in freed:
            if not held.serves and held.joins == NOBODY:
                self.take(held)
            held.serves.append(share)
        self._of_pick[order, client] = [held for held, _ in freed]

    def bookings(self) -> tuple[Booking, ...]:
        """All visits that serve somebody."""
        helds = [held for at_order in self._at_order.values() for held in at_order]
        return tuple(sorted(held.booking() for held in helds if held.serves))

    def held(self, order: int) -> list[Held]:
        """The visits of an order, also those that were there before."""
        return self._at_order.setdefault(order, [])

    def diary(self, coach: int) -> Diary:
        """The diary of a coach."""
        return self._diaries[coach]

    def take(self, held: Held) -> None:
        """Put a new visit in."""
        self._diaries[held.coach].add(held.stay)
        self.held(held.order).append(held)

    def drop(self, held: Held) -> None:
        """Take a visit out."""
        self._diaries[held.coach].remove(held.stay)
        self.held(held.order).remove(held)


class _Placing:
    """One attempt to hold all visits of one pick, going back where a choice leads nowhere."""

    def __init__(
        self, agenda: Agenda, problem: Problem, pick: Pick, before: list[Held], first: int
    ) -> None:
        self.held: list[Held] = []
        self._before = before
        self.missing: Need | None = None
        self._agenda, self._problem, self._pick = agenda, problem, pick
        self._end = pick.start + int(problem.orders.minutes[pick.order])
        self._group = bool(problem.orders.group[pick.order])
        coaches = agenda.coaches(pick.client)
        self._coaches = sorted(coaches, key=lambda coach: coach != first)
        self._named = int(problem.clients.coach[pick.client])
        self._chosen: dict[int, list[int]] = {}
        for held in before:
            group = next(need.same_coach for who, need, _ in held.serves if who == pick.client)
            self._chosen.setdefault(group, []).append(held.coach)
        stood = problem.orders.picked_visits.get((pick.order, pick.client), ())
        self._stood = {one.need: (one.coach, one.begin) for one in stood}
        self._reached = NOBODY
        self._tries = TRIES

    def place(self, needs: list[Need]) -> bool:
        """Hold the needs one after the other; `missing` is then the one that got no coach."""
        if not needs:
            return True
        need, rest = needs[0], needs[1:]
        for held in self._options(need):
            self._take(held, need)
            if self.place(rest):
                return True
            self._give_back(held, need)
            if self._tries <= 0:
                break
        if len(self.held) > self._reached:
            self._reached, self.missing = len(self.held), need
        return False

    def can(self, need: Need) -> bool:
        """Whether the need alone has an option."""
        return bool(self._options(need))

    def _options(self, need: Need) -> list[Held]:
        allowed = self._allowed(need)
        anchor = self._end if need.from_end else self._pick.start
        joined = []
        if self._group:
            own = [*self._before, *self.held]
            hosts = [one for one in self._agenda.held(self._pick.order) if one not in own]
            shut = _undecided(self._problem, self._pick.client)
            joined = [
                one
                for one in hosts
                if one.coach in allowed
                and one.takes(need, anchor)
                and not any(begin <= one.stay.end < end for begin, end in shut)
            ]
        visit = visit_of(self._problem, self._pick, need)
        room = need.ratio if self._group else 1
        new = []
        for begin, coach in self._slots(visit, allowed):
            stay = Stay(begin, begin + need.minutes, visit.place, visit.buffer)
            new.append(Held(coach, self._pick.order, stay, room))
        return self._as_it_stood(need, visit, joined, allowed, room) + joined + new

    def _as_it_stood(
        self, need: Need, visit: Visit, joined: list[Held], allowed: list[int], room: int
    ) -> list[Held]:
        """The coach and minute of the last proposals, if there still is room."""
        coach, begin = self._stood.get(need.index, (NOBODY, 0))
        if coach not in allowed or not visit.earliest <= begin <= visit.latest:
            return []
        same = [one for one in joined if (one.coach, one.stay.begin) == (coach, begin)]
        if self._agenda.diary(coach).slot(visit._replace(earliest=begin, latest=begin)) is None:
            return same
        stay = Stay(begin, begin + need.minutes, visit.place, visit.buffer)
        return [*same, Held(coach, self._pick.order, stay, room)]

    def _slots(self, visit: Visit, allowed: list[int]) -> list[tuple[int, int]]:
        """(begin, coach) of one slot of each coach: the least way first, then the soonest."""
        found = []
        for nth, coach in enumerate(allowed):
            diary = self._agenda.diary(coach)
            if visit.place != NOBODY:
                easiest = diary.easiest(visit)
                if easiest:
                    found.append((easiest[0], nth, easiest[1], coach))
                continue
            begin = diary.slot(visit)
            if begin is not None:
                found.append((begin, nth, begin, coach))
        return [(begin, coach) for _, _, begin, coach in sorted(found)]

    def _allowed(self, need: Need) -> list[int]:
        if not need.same_coach:
            return self._coaches
        if self._named != NOBODY:
            return [coach for coach in self._coaches if coach == self._named]
        return self._chosen.get(need.same_coach) or self._coaches

    def _take(self, held: Held, need: Need) -> None:
        self._tries -= 1
        anchor = self._end if need.from_end else self._pick.start
        if not held.serves and held.joins == NOBODY:
            self._agenda.take(held)
        held.serves.append((self._pick.client, need, anchor))
        self.held.append(held)
        if need.same_coach:
            self._chosen.setdefault(need.same_coach, []).append(held.coach)

    def _give_back(self, held: Held, need: Need) -> None:
        held.serves.pop()
        self.held.pop()
        if not held.serves and held.joins == NOBODY:
            self._agenda.drop(held)
        if need.same_coach:
            self._chosen[need.same_coach].pop()


def _freedom(need: Need) -> int:
    return need.latest - need.earliest


def _earliest(need: Need) -> tuple[bool, int]:
    return need.from_end, need.earliest


def visit_of(problem: Problem, pick: Pick, need: Need) -> Visit:
    """The need in absolute minutes, never before now nor on days without a decision."""
    orders, order = problem.orders, pick.order
    anchor = pick.start + (int(orders.minutes[order]) if need.from_end else 0)
    here = need.presence == PRESENT
    earliest, latest = max(anchor + need.earliest, problem.calendar.now), anchor + need.latest
    begin, end = _decided(problem, pick.client, earliest + need.minutes, latest + need.minutes)
    if begin <= end:
        earliest, latest = begin - need.minutes, end - need.minutes
    return Visit(
        earliest,
        latest,
        need.minutes,
        int(orders.place[order]) if here else NOBODY,
        int(orders.buffer[order]) if here else 0,
    )


def _decided(problem: Problem, client: int, first: int, last: int) -> tuple[int, int]:
    """The ends of a visit with a decision; none where the rule stops, and a miss tells of it."""
    for begin, end in _undecided(problem, client):
        if begin <= first < end:
            first = end
        elif first < begin <= last:
            last = begin - 1
    return first, last


def _undecided(problem: Problem, client: int) -> list[Span]:
    shut = problem.clients.undecided
    rows = range(int(shut.offset[client]), int(shut.offset[client + 1]))
    return [(int(shut.begin[row]), int(shut.end[row])) for row in rows]


def _templates(problem: Problem) -> list[tuple[Need, ...]]:
    support = problem.support
    columns = (
        support.presence,
        support.from_end,
        support.earliest,
        support.latest,
        support.minutes,
        support.ratio,
        support.same_coach,
        support.label,
    )
    rows = list(zip(*(column.tolist() for column in columns), strict=True))
    edges = support.offset.tolist()
    return [
        tuple(Need(index, *row) for index, row in enumerate(rows[begin:end]))
        for begin, end in pairwise(edges)
    ]


def _joinable(problem: Problem) -> dict[int, list[Held]]:
    """Visits that were there before and still take clients of an order in this problem."""
    busy = problem.coaches.busy
    at_order: dict[int, list[Held]] = {}
    for coach, (begin, end) in enumerate(pairwise(busy.offset.tolist())):
        for row in range(begin, end):
            order, room = int(busy.order[row]), int(busy.room[row])
            # A visit where the order no longer is meets nobody who comes to it now.
            here = (NOBODY, int(problem.orders.place[order]))
            if order == NOBODY or not room or int(busy.place[row]) not in here:
                continue
            columns = (busy.begin, busy.end, busy.place, busy.buffer)
            stay = Stay(*(int(column[row]) for column in columns))
            at_order.setdefault(order, []).append(Held(coach, order, stay, room, row))
    return at_order
