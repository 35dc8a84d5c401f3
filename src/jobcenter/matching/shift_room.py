"""How much of each coach's shift is still free, for the relaxation."""

from __future__ import annotations

from dataclasses import dataclass

from jobcenter.matching.problem import NOBODY, Ints, Problem, ints


@dataclass(frozen=True, slots=True)
class ShiftRoom:
    """One shift from now on."""

    row: int
    begin: int
    end: int
    minutes: int
    """Not yet taken."""
    placed: Ints
    """[n, 2] place and buffer of the booked visits in it."""


def shift_rooms(problem: Problem) -> list[list[ShiftRoom]]:
    """The shifts of every coach that are not over."""
    return [_of_coach(problem, coach) for coach in range(problem.coaches.unit.size)]


def _of_coach(problem: Problem, coach: int) -> list[ShiftRoom]:
    shifts, busy = problem.coaches.shifts, problem.coaches.busy
    held = slice(int(busy.offset[coach]), int(busy.offset[coach + 1]))
    columns = (busy.begin, busy.end, busy.place, busy.buffer)
    stays = list(zip(*(column[held].tolist() for column in columns), strict=True))
    rooms = []
    for row in range(int(shifts.offset[coach]), int(shifts.offset[coach + 1])):
        begin, end = max(int(shifts.begin[row]), problem.calendar.now), int(shifts.end[row])
        inside = [stay for stay in stays if stay[0] < end and stay[1] > begin]
        placed = [stay[2:] for stay in inside if stay[2] != NOBODY]
        if begin < end:
            taken = _together([(stay[0], stay[1]) for stay in inside], begin, end)
            pairs = ints(placed).reshape(len(placed), 2)
            rooms.append(ShiftRoom(row, begin, end, end - begin - taken, pairs))
    return rooms


def _together(spans: list[tuple[int, int]], begin: int, end: int) -> int:
    """Minutes of [begin, end) that the spans cover, overlaps counted once."""
    minutes, until = 0, begin
    for first, last in sorted(spans):
        minutes += max(min(last, end) - max(first, until), 0)
        until = max(until, last)
    return minutes
