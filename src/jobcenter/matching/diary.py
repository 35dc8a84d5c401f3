"""One coach's time: shifts, what is already in them, and where another visit fits.

Between two visits at places the coach needs the way plus buffer; calls and desk work may lie
anywhere in between as long as the time left is enough for the way. A shift begins and ends at the
coach's base, if there is one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from math import isqrt
from typing import NamedTuple

from jobcenter.matching.problem import FOREVER, NOBODY, Coaches, Travel

STEP = 5
"""Visits begin at full five minutes where their window leaves a choice."""


class Stay(NamedTuple):
    """A stretch of a coach's time, at a place or without one."""

    begin: int
    end: int
    place: int = NOBODY
    buffer: int = 0


class Visit(NamedTuple):
    """A visit to be placed: the minutes between which it may begin, its length and its place."""

    earliest: int
    latest: int
    minutes: int
    place: int
    buffer: int


class Roads:
    """Minutes between single places, remembered."""

    def __init__(self, travel: Travel) -> None:
        self._travel = travel
        self._known: dict[tuple[int, int], int] = {}

    def minutes(self, here: int, there: int) -> int:
        """Minutes from door to door; 0 where either has no place."""
        if here == there or here < 0 or there < 0:
            return 0
        found = self._known.get((here, there))
        if found is None:
            found = self._known[here, there] = self._ask(here, there)
        return found

    def apart(self, first: Stay, second: Stay) -> int:
        """Minutes needed between two stays."""
        minutes = self.minutes(first.place, second.place)
        return minutes + max(first.buffer, second.buffer) if minutes else 0

    def _ask(self, here: int, there: int) -> int:
        travel = self._travel
        if travel.matrix is not None:
            return int(travel.matrix[here, there])
        east = int(travel.x[here] - travel.x[there])
        north = int(travel.y[here] - travel.y[there])
        metres = isqrt(east * east + north * north)
        moving = -(-metres * travel.minutes_per_km // 1000)
        return travel.start_minutes + moving if metres else 0


class Diary:
    """The diary of one coach; visits go in and out, what was there at first stays."""

    def __init__(self, coaches: Coaches, coach: int, roads: Roads) -> None:
        shifts, busy = coaches.shifts, coaches.busy
        mine = slice(int(shifts.offset[coach]), int(shifts.offset[coach + 1]))
        held = slice(int(busy.offset[coach]), int(busy.offset[coach + 1]))
        self._shifts = list(
            zip(shifts.begin[mine].tolist(), shifts.end[mine].tolist(), strict=True)
        )
        columns = (busy.begin, busy.end, busy.place, busy.buffer)
        rows = zip(*(column[held].tolist() for column in columns), strict=True)
        self._stays = sorted(Stay(*row) for row in rows)
        self._base = int(coaches.base[coach])
        self._roads = roads

    def add(self, stay: Stay) -> None:
        """Put a stay where `slot` found room."""
        insort(self._stays, stay)

    def remove(self, stay: Stay) -> None:
        """Take out a stay that was added."""
        del self._stays[bisect_left(self._stays, stay)]

    def slots(self, visit: Visit) -> Iterator[int]:
        """The minutes at which the visit could begin: the first in each gap, in order of time."""
        at = max(bisect_right(self._shifts, (visit.earliest, 0)) - 1, 0)
        for shift in self._shifts[at:]:
            if shift[0] > visit.latest:
                return
            low = max(visit.earliest, shift[0])
            high = min(visit.latest, shift[1] - visit.minutes)
            if low <= high:
                yield from self._in_shift(visit, shift, low, high)

    def slot(self, visit: Visit) -> int | None:
        """The first minute at which the visit could begin."""
        return next(self.slots(visit), None)

    def easiest(self, visit: Visit) -> tuple[int, int] | None:
        """(minutes more on the road, begin) where a visit costs the least way, then the soonest."""
        return min(
            ((self._detour(begin, visit), begin) for begin in self.slots(visit)), default=None
        )

    def _detour(self, begin: int, visit: Visit) -> int:
        new = Stay(begin, begin + visit.minutes, visit.place, visit.buffer)
        gap = bisect_right(self._stays, (begin,))
        shift = self._shifts[bisect_right(self._shifts, (begin, FOREVER)) - 1]
        base = Stay(shift[0], shift[1], self._base)
        before, after = self._beside(gap, -1), self._beside(gap, 1)
        before = before if before and before.begin >= shift[0] else base
        after = after if after and after.end <= shift[1] else base
        roads = self._roads
        return roads.apart(before, new) + roads.apart(new, after) - roads.apart(before, after)

    def _in_shift(self, visit: Visit, shift: tuple[int, int], low: int, high: int) -> Iterator[int]:
        stays = self._stays
        gap = bisect_right(stays, (low, low))
        while gap == 0 or stays[gap - 1].end <= high:
            first = max(low, stays[gap - 1].end) if gap else low
            last = min(high, stays[gap].begin - visit.minutes) if gap < len(stays) else high
            if first <= last:
                first, last = self._by_road(visit, shift, gap, first, last)
                if first <= last:
                    even = -(-first // STEP) * STEP
                    yield even if even <= last else first
            if gap == len(stays):
                return
            gap += 1

    def _by_road(
        self, visit: Visit, shift: tuple[int, int], gap: int, first: int, last: int
    ) -> tuple[int, int]:
        """Narrow [first, last] to what the way from the stay before and to the next one leaves."""
        for before, calls, after, more in self._neighbours(shift, gap):
            if visit.place == NOBODY:
                taken = calls + more + visit.minutes
                too_tight = (
                    before is not None
                    and after is not None
                    and after.begin - before.end - taken < self._roads.apart(before, after)
                )
                if too_tight:
                    return 1, 0
                continue
            new = Stay(0, 0, visit.place, visit.buffer)
            if before:
                first = max(first, before.end + calls + self._roads.apart(before, new))
            if after:
                way = self._roads.apart(new, after)
                last = min(last, after.begin - more - way - visit.minutes)
        return first, last

    def _neighbours(
        self, shift: tuple[int, int], gap: int
    ) -> Iterator[tuple[Stay | None, int, Stay | None, int]]:
        """The placed stays around a gap, and the calls in between; then the same with the base."""
        stays = self._stays
        back, calls = gap - 1, 0
        while back >= 0 and stays[back].place == NOBODY:
            calls += stays[back].end - stays[back].begin
            back -= 1
        on, more = gap, 0
        while on < len(stays) and stays[on].place == NOBODY:
            more += stays[on].end - stays[on].begin
            on += 1
        before = stays[back] if back >= 0 else None
        after = stays[on] if on < len(stays) else None
        yield before, calls, after, more
        from_base = before is None or before.begin < shift[0]
        to_base = after is None or after.end > shift[1]
        if self._base == NOBODY or not (from_base or to_base):
            return
        if from_base:
            before = Stay(shift[0], shift[0], self._base)
            inside = (stay for stay in stays[back + 1 : gap] if stay.begin >= shift[0])
            calls = sum(stay.end - stay.begin for stay in inside)
        if to_base:
            after = Stay(shift[1], shift[1], self._base)
            inside = (stay for stay in stays[gap:on] if stay.end <= shift[1])
            more = sum(stay.end - stay.begin for stay in inside)
        yield before, calls, after, more

    def _beside(self, gap: int, step: int) -> Stay | None:
        at = gap if step > 0 else gap - 1
        while 0 <= at < len(self._stays):
            if self._stays[at].place != NOBODY:
                return self._stays[at]
            at += step
        return None
