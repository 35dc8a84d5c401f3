"""A problem as the loops see it: all tables one after another in a single column of numbers.

A row per person, order, coach or need, a column per fact. One column means one argument: a loop
that took thirty arrays would spend its time handing them on. `projection.py` lays a `Problem` out.
"""

from collections.abc import Sequence
from math import prod
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from jobcenter.matching.kernels.compiled import compiled

Table: TypeAlias = npt.NDArray[np.int64]
Small: TypeAlias = npt.NDArray[np.int32]
Scene: TypeAlias = Table

# The tables; each has three numbers at the beginning: where it lies, its rows, its columns.
(
    TERMS, DAY_STARTS, DAY_WEEK, WEEK_BOUNDS, GROUND, MATRIX, PEOPLE, LIMITS, VALID_UNTIL, FREE,
    BUSY, WEEK_ROOM, CEILINGS, MARKS, LIKES_TIME, ORDERS, DEMANDS, QUALS, ASKED, STARTS, CENTS,
    PERIOD, COACHES, SHIFTS, HELD, CIRCLE_FIRST, CIRCLE_COACH, CIRCLE_UNIT, TEMPLATES, NEED_FIRST,
    NEEDS, SEATS, DUES, COUNTED, SHUT, PICKED,
) = range(36)  # fmt: skip
TABLES = 36
HEAD = 3

# Columns of TERMS of a single row: numbers that hold for everybody.
(
    NOW, NOTICE, BETWEEN, DAILY_REST, WEEKLY_REST, PLANNED_FROM, PLANNED_UNTIL,
    WAY_START, WAY_PER_KM, WAY_ZERO, BY_DISTANCE,
    W_PLACE, W_PRIORITY, W_URGENCY, W_WISH, W_STRENGTH, W_NEARNESS, W_COMFORT, W_COMFORT_CAP,
    W_WAITING, W_WAITING_CAP, W_FEW, W_FEW_CAP, W_SITE, W_TASK, W_CALM,
    W_OFFERS, W_OFFERS_CAP, W_LEFT_OUT, W_LEFT_OUT_DAYS,
) = range(30)  # fmt: skip

# Columns of `people`. FIRST and AFTER bound the rows of a person in another table.
(
    UNIT, REGION, HOME, REACH, OUTDOORS, LANGUAGES, STEP_FREE, PROFILE, COACH,
    WAITED, GIGS_90, FREE_FIRST, FREE_AFTER, BUSY_FIRST, BUSY_AFTER,
    CEILING_FIRST, CEILING_AFTER, MARK_FIRST, MARK_AFTER, CIRCLE, TIE,
    DUE_FIRST, DUE_AFTER, SHUT_FIRST, SHUT_AFTER, REST_DAYS, ONE_NEW, OFFERS_90,
) = range(28)  # fmt: skip

# Columns of `orders`.
(
    PLACES, MINUTES, START_FIRST, START_AFTER, CHOSEN, O_OUTDOORS, O_LANGUAGES, O_STEP_FREE, PLACE,
    SITE, PARTY, TASK, O_REGION, PRIORITY, GROUP, BUFFER, O_PROFILE, NEARLY,
    QUAL_FIRST, QUAL_AFTER, ASKED_FIRST, ASKED_AFTER, SEAT_FIRST, SEAT_AFTER,
    PICKED_FIRST, PICKED_AFTER,
) = range(26)  # fmt: skip

# Columns of `starts`.
S_ORDER, S_BEGIN, S_DAY, S_WEEK, S_CLASS = range(5)
# Columns of `busy` (people) and of `held` (coaches): the last two tell which order's people may
# still join a coach's visit, and how many.
B_BEGIN, B_END, B_PLACE, B_BUFFER, B_GIG, B_ORDER, B_ROOM = range(7)
# Columns of `ceilings`.
C_KIND, C_PERIOD, C_CENTS = range(3)
# Columns of `marks`: what, about which subject, how many points.
M_KIND, M_SUBJECT, M_POINTS = range(3)
(
    NO_TASK, NO_SITE, NO_PARTY, LIKES_TASK, LIKES_SITE, LIKES_PARTY, STRONG,
    KNOWS_SITE, KNOWS_TASK, PRACTISED, TEMPLATE,
) = range(11)  # fmt: skip
# Columns of `dues`: the card, and from when to when a gig's start asks for it.
U_CARD, U_BEGIN, U_END = range(3)
# Columns of `picked`: whom the last proposals had, and at which start.
P_PERSON, P_START = range(2)
# Columns of `coaches`.
Q_UNIT, Q_LANGUAGES, Q_BASE, SHIFT_FIRST, SHIFT_AFTER, HELD_FIRST, HELD_AFTER = range(7)
# Columns of `needs`.
PRESENCE, FROM_END, EARLIEST, LATEST, LENGTH, RATIO, SAME_COACH = range(7)


def scene_from(tables: Sequence[Table]) -> Scene:
    """The tables in one column, in the order of their numbers."""
    flat = [
        # An empty table is as wide as a full one.
        table[:, None] if table.ndim == 1 else table.reshape(len(table), prod(table.shape[1:]))
        for table in tables
    ]
    begin, head = TABLES * HEAD, []
    for table in flat:
        head += [begin, *table.shape]
        begin += table.size
    return np.concatenate([np.array(head, np.int64), *(table.reshape(-1) for table in flat)])


@compiled
def fact(scene: Scene, table: int, row: int, column: int) -> int:
    """One number of one table."""
    return int(scene[scene[table * HEAD] + row * scene[table * HEAD + 2] + column])


@compiled
def tall(scene: Scene, table: int) -> int:
    """How many rows a table has."""
    return int(scene[table * HEAD + 1])


@compiled
def wide(scene: Scene, table: int) -> int:
    """How many columns a table has."""
    return int(scene[table * HEAD + 2])


@compiled
def term(scene: Scene, column: int) -> int:
    """One of the numbers that hold for everybody."""
    return fact(scene, TERMS, 0, column)
