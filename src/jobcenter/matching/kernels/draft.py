"""A plan in the making as one column of numbers, with a log of every change.

Because each write is logged, any step of a search is taken back exactly by reading the log
backwards; no step needs an inverse of its own.
"""

from typing import NamedTuple

from jobcenter.matching.kernels.compiled import compiled, kernel
from jobcenter.matching.kernels.scene import Small

NONE = -(1 << 30)
"""Stands for no minute at all; minutes before the origin are negative, so -1 would not do."""

# Cells of a visit.
V_COACH, V_BEGIN, V_END, V_COME, V_LEAVE, V_BUFFER, V_ORDER, V_COUNT, V_ROOM = range(9)
VISIT = 9


# The first cells say where each part lies and how wide its rows are.
(
    ORDER_AT, SEAT_AT, GIG_AT, DIARY_AT, VISIT_AT, STACK_AT, VISITS, GIGS, STAYS,
) = range(9)  # fmt: skip
HEAD = 9


class Draft(NamedTuple):
    """The cells, and the log of what was in them."""

    cells: Small
    """By the head: one cell an order, the chosen start; VISITS + 1 cells a seat, the person, then
    the visits; GIGS + 1 cells a person, how many, then the seats; STAYS + 1 cells a coach, how
    many, then the visits by time; nine cells a visit; and how many visits are unused, then which.
    """
    log: Small
    """[room, 2] which cell, and what was in it; row 0 says which row is next."""


@kernel
def write(draft: Draft, cell: int, value: int) -> None:
    """Change a cell, and remember what was there."""
    row = draft.log[0, 0]
    draft.log[row, 0] = cell
    draft.log[row, 1] = draft.cells[cell]
    draft.log[0, 0] = row + 1
    draft.cells[cell] = value


@compiled
def undo(draft: Draft, mark: int) -> None:
    """Take back everything since the next row of the log was `mark`."""
    for row in range(draft.log[0, 0] - 1, mark - 1, -1):
        draft.cells[draft.log[row, 0]] = draft.log[row, 1]
    draft.log[0, 0] = mark


@compiled
def forget(draft: Draft) -> None:
    """Let what has been done stand."""
    draft.log[0, 0] = 1


@kernel
def visit(draft: Draft, which: int, cell: int) -> int:
    """One number of a visit."""
    return int(draft.cells[draft.cells[VISIT_AT] + which * VISIT + cell])


@kernel
def chosen_start(draft: Draft, order: int) -> int:
    """The start at which an order's gigs begin, or -1 while it has none."""
    return int(draft.cells[draft.cells[ORDER_AT] + order])


@kernel
def person_in(draft: Draft, seat: int) -> int:
    """Who has the seat, or -1."""
    return int(draft.cells[draft.cells[SEAT_AT] + seat * (draft.cells[VISITS] + 1)])


@compiled
def gigs_of(draft: Draft, person: int) -> int:
    """How many gigs the draft gives a person."""
    return int(draft.cells[draft.cells[GIG_AT] + person * (draft.cells[GIGS] + 1)])


@compiled
def seat_of(draft: Draft, person: int, which: int) -> int:
    """The seat of one of these gigs."""
    return int(draft.cells[draft.cells[GIG_AT] + person * (draft.cells[GIGS] + 1) + 1 + which])
