"""Gives a gig the visits it needs: each on a coach and a minute, shared where that is allowed."""

import numpy as np

from jobcenter.matching.kernels import draft as d
from jobcenter.matching.kernels import scene as s
from jobcenter.matching.kernels.compiled import compiled
from jobcenter.matching.kernels.diary import enter, slot, strike
from jobcenter.matching.kernels.draft import NONE, VISIT, Draft, undo, visit, write
from jobcenter.matching.kernels.fit import mark
from jobcenter.matching.kernels.scene import Scene, fact, term
from jobcenter.matching.kernels.way import way

PRESENT, REMOTE, PREPARATION, ESCORT = 0, 1, 2, 3


@compiled
def template(scene: Scene, person: int, order: int) -> int:
    """Which list of visits the person needs at the order."""
    own = mark(scene, person, s.TEMPLATE, order)
    if own > 0:
        return own - 1
    profile = fact(scene, s.PEOPLE, person, s.PROFILE)
    return int(fact(scene, s.TEMPLATES, profile, fact(scene, s.ORDERS, order, s.O_PROFILE)))


@compiled
def window(scene: Scene, need: int, person: int, start: int) -> tuple[int, int, int, int]:
    """First and last minute at which a visit may begin, its length, and where it begins.

    A visit whose window reaches out of the planned time is not ours to give: its length is 0.
    """
    order = fact(scene, s.STARTS, start, s.S_ORDER)
    anchor = fact(scene, s.STARTS, start, s.S_BEGIN)
    if fact(scene, s.NEEDS, need, s.FROM_END):
        anchor += fact(scene, s.ORDERS, order, s.MINUTES)
    low, high = (
        anchor + fact(scene, s.NEEDS, need, s.EARLIEST),
        anchor + fact(scene, s.NEEDS, need, s.LATEST),
    )
    length, come = fact(scene, s.NEEDS, need, s.LENGTH), -1
    if low < term(scene, s.PLANNED_FROM) or high + length > term(scene, s.PLANNED_UNTIL):
        return low, high, 0, come
    if fact(scene, s.NEEDS, need, s.PRESENCE) == PRESENT:
        come = fact(scene, s.ORDERS, order, s.PLACE)
    if fact(scene, s.NEEDS, need, s.PRESENCE) == ESCORT:
        come = fact(scene, s.PEOPLE, person, s.HOME)
        road = way(scene, come, fact(scene, s.ORDERS, order, s.PLACE))
        low, high, length = low - road, high - road, length + road
    return max(low, term(scene, s.NOW)), high, length, come


@compiled
def is_decided(scene: Scene, person: int, end: int) -> bool:
    """Whether a visit may end then: not on a day without the decision that it needs."""
    for row in range(
        fact(scene, s.PEOPLE, person, s.SHUT_FIRST), fact(scene, s.PEOPLE, person, s.SHUT_AFTER)
    ):
        if fact(scene, s.SHUT, row, 0) <= end < fact(scene, s.SHUT, row, 1):
            return False
    return True


@compiled
def decision_reaches_every_visit(scene: Scene, person: int, start: int) -> bool:
    """Whether each visit could end on some day with its decision."""
    first, after = (
        fact(scene, s.PEOPLE, person, s.SHUT_FIRST),
        fact(scene, s.PEOPLE, person, s.SHUT_AFTER),
    )
    if first == after:
        return True
    which = template(scene, person, fact(scene, s.STARTS, start, s.S_ORDER))
    for need in range(fact(scene, s.NEED_FIRST, which, 0), fact(scene, s.NEED_FIRST, which + 1, 0)):
        low, high, length, _ = window(scene, need, person, start)
        for row in range(first, after):
            reaches = max(low, high) + length < fact(scene, s.SHUT, row, 1)
            if length and fact(scene, s.SHUT, row, 0) <= low + length and reaches:
                return False
    return True


@compiled
def _decided(scene: Scene, person: int, low: int, high: int, length: int) -> tuple[int, int]:
    """The part of a window from which a visit ends with its decision; empty where there is none."""
    for row in range(
        fact(scene, s.PEOPLE, person, s.SHUT_FIRST), fact(scene, s.PEOPLE, person, s.SHUT_AFTER)
    ):
        begin, end = fact(scene, s.SHUT, row, 0), fact(scene, s.SHUT, row, 1)
        if begin <= low + length < end:
            low = end - length
        elif low + length < begin <= high + length:
            high = begin - 1 - length
    return low, high


@compiled
def may_join_held(scene: Scene, need: int, person: int, start: int) -> bool:
    """Whether some booked visit of the order takes more people: then no coach's time is needed."""
    order = fact(scene, s.STARTS, start, s.S_ORDER)
    if fact(scene, s.NEEDS, need, s.RATIO) < 2 or not fact(scene, s.ORDERS, order, s.GROUP):
        return False
    circle = fact(scene, s.PEOPLE, person, s.CIRCLE)
    first = fact(scene, s.CIRCLE_FIRST, circle, 0)
    for row in range(first, fact(scene, s.CIRCLE_FIRST, circle + 1, 0)):
        coach = fact(scene, s.CIRCLE_COACH, row, 0)
        after = fact(scene, s.COACHES, coach, s.HELD_AFTER)
        for one in range(fact(scene, s.COACHES, coach, s.HELD_FIRST), after):
            if fact(scene, s.HELD, one, s.B_ORDER) == order and fact(scene, s.HELD, one, s.B_ROOM):
                return True
    return False


@compiled
def _open_visit(
    draft: Draft, scene: Scene, need: int, coach: int, order: int,
    begin: int, length: int, come: int,
) -> int:  # fmt: skip
    """Take an unused visit, fill it in and write it into the diary."""
    unused = draft.cells[draft.cells[d.STACK_AT]]
    which = draft.cells[draft.cells[d.STACK_AT] + unused]
    write(draft, draft.cells[d.STACK_AT], unused - 1)
    at = draft.cells[d.VISIT_AT] + which * VISIT
    write(draft, at + d.V_COACH, coach)
    write(draft, at + d.V_BEGIN, begin)
    write(draft, at + d.V_END, begin + length)
    write(draft, at + d.V_COME, come)
    write(draft, at + d.V_LEAVE, fact(scene, s.ORDERS, order, s.PLACE) if come >= 0 else -1)
    write(draft, at + d.V_BUFFER, fact(scene, s.ORDERS, order, s.BUFFER) if come >= 0 else 0)
    write(draft, at + d.V_ORDER, order)
    write(draft, at + d.V_COUNT, 1)
    write(
        draft,
        at + d.V_ROOM,
        fact(scene, s.NEEDS, need, s.RATIO) if fact(scene, s.ORDERS, order, s.GROUP) else 1,
    )
    enter(draft, coach, which)
    return int(which)


@compiled
def _longest(draft: Draft, scene: Scene, which: int) -> int:
    """The longest need that a visit still serves."""
    order, longest = visit(draft, which, d.V_ORDER), 0
    for seat in range(
        fact(scene, s.ORDERS, order, s.SEAT_FIRST), fact(scene, s.ORDERS, order, s.SEAT_AFTER)
    ):
        at = draft.cells[d.SEAT_AT] + seat * (draft.cells[d.VISITS] + 1)
        for row in range(draft.cells[d.VISITS]):
            if draft.cells[at + 1 + row] == which:
                needs = template(scene, draft.cells[at], order)
                need = fact(scene, s.NEED_FIRST, needs, 0) + row
                longest = max(longest, fact(scene, s.NEEDS, need, s.LENGTH))
    return longest


@compiled
def leave_visit(draft: Draft, scene: Scene, which: int) -> None:
    """One person needs the visit no more: it gets as short as the others need, or is closed."""
    at = draft.cells[d.VISIT_AT] + which * VISIT
    count = visit(draft, which, d.V_COUNT)
    if count > 1:
        write(draft, at + d.V_COUNT, count - 1)
        longest = _longest(draft, scene, which)
        if visit(draft, which, d.V_END) > visit(draft, which, d.V_BEGIN) + longest:
            write(draft, at + d.V_END, visit(draft, which, d.V_BEGIN) + longest)
        return
    strike(draft, visit(draft, which, d.V_COACH), which)
    unused = draft.cells[draft.cells[d.STACK_AT]]
    write(draft, draft.cells[d.STACK_AT] + unused + 1, which)
    write(draft, draft.cells[d.STACK_AT], unused + 1)


@compiled
def _lengthen(draft: Draft, scene: Scene, which: int, length: int) -> bool:
    """Let a visit last at least so long, where its coach has the time."""
    begin, end = visit(draft, which, d.V_BEGIN), visit(draft, which, d.V_END)
    if end - begin >= length:
        return True
    coach, before = visit(draft, which, d.V_COACH), draft.log[0, 0]
    strike(draft, coach, which)
    at = slot(
        draft, scene, coach, begin, begin, length,
        visit(draft, which, d.V_COME), visit(draft, which, d.V_LEAVE),
        visit(draft, which, d.V_BUFFER),
    )  # fmt: skip
    if at == NONE:
        undo(draft, before)
        return False
    write(draft, draft.cells[d.VISIT_AT] + which * VISIT + d.V_END, begin + length)
    enter(draft, coach, which)
    return True


@compiled
def _serves(scene: Scene, coach: int, person: int) -> bool:
    """Whether the coach is one of the person's circle."""
    circle = fact(scene, s.PEOPLE, person, s.CIRCLE)
    for row in range(
        fact(scene, s.CIRCLE_FIRST, circle, 0), fact(scene, s.CIRCLE_FIRST, circle + 1, 0)
    ):
        if fact(scene, s.CIRCLE_COACH, row, 0) == coach:
            return True
    return False


@compiled
def _has(draft: Draft, seat: int, which: int) -> bool:
    """Whether a visit is one of the seat's already: nobody is served twice by one."""
    first = draft.cells[d.SEAT_AT] + seat * (draft.cells[d.VISITS] + 1) + 1
    return bool(np.any(draft.cells[first : first + draft.cells[d.VISITS]] == which))


@compiled
def _all_are_decided(
    draft: Draft, scene: Scene, which: int, person: int, order: int, end: int
) -> bool:
    """Whether one more and all whom a visit serves may have it end then, or when it does now."""
    last = max(end, visit(draft, which, d.V_END))
    for seat in range(
        fact(scene, s.ORDERS, order, s.SEAT_FIRST), fact(scene, s.ORDERS, order, s.SEAT_AFTER)
    ):
        if _has(draft, seat, which):
            sitting = draft.cells[draft.cells[d.SEAT_AT] + seat * (draft.cells[d.VISITS] + 1)]
            if not is_decided(scene, sitting, last):
                return False
    return is_decided(scene, person, last)


@compiled
def _join(
    draft: Draft, scene: Scene, need: int, seat_to_serve: int, person: int, order: int, only: int,
    low: int, high: int, length: int, come: int,
) -> int:  # fmt: skip
    """A visit of the order's other gigs that can take one more, or -1."""
    ratio = fact(scene, s.NEEDS, need, s.RATIO)
    if ratio < 2 or not fact(scene, s.ORDERS, order, s.GROUP):
        return -1
    for seat in range(
        fact(scene, s.ORDERS, order, s.SEAT_FIRST), fact(scene, s.ORDERS, order, s.SEAT_AFTER)
    ):
        at = draft.cells[d.SEAT_AT] + seat * (draft.cells[d.VISITS] + 1)
        if draft.cells[at] < 0 or draft.cells[at] == person:
            continue
        for row in range(1, draft.cells[d.VISITS] + 1):
            which = draft.cells[at + row]
            if which < 0 or (visit(draft, which, d.V_COME) < 0) != (come < 0):
                continue
            coach, begin = visit(draft, which, d.V_COACH), visit(draft, which, d.V_BEGIN)
            count = visit(draft, which, d.V_COUNT)
            if count >= min(ratio, visit(draft, which, d.V_ROOM)) or not low <= begin <= high:
                continue
            if _has(draft, seat_to_serve, which):
                continue
            if (only < 0 or coach == only) and _serves(scene, coach, person):
                if not _all_are_decided(draft, scene, which, person, order, begin + length):
                    continue
                if _lengthen(draft, scene, which, length):
                    at = draft.cells[d.VISIT_AT] + which * VISIT
                    write(draft, at + d.V_COUNT, count + 1)
                    write(draft, at + d.V_ROOM, min(ratio, visit(draft, which, d.V_ROOM)))
                    return int(which)
    return -1


@compiled
def _place(
    draft: Draft, scene: Scene, need: int, seat: int, person: int, start: int, only: int, turn: int
) -> int:
    """Give one visit: joined or new; its number, -2 when it is not ours to give, -1 when not."""
    low, high, length, come = window(scene, need, person, start)
    if length == 0:
        return -2
    low, high = _decided(scene, person, low, high, length)
    order = fact(scene, s.STARTS, start, s.S_ORDER)
    found = _join(draft, scene, need, seat, person, order, only, low, high, length, come)
    if found >= 0:
        return found
    leave = fact(scene, s.ORDERS, order, s.PLACE) if come >= 0 else -1
    buffer = fact(scene, s.ORDERS, order, s.BUFFER) if come >= 0 else 0
    circle = fact(scene, s.PEOPLE, person, s.CIRCLE)
    first, after = (
        fact(scene, s.CIRCLE_FIRST, circle, 0),
        fact(scene, s.CIRCLE_FIRST, circle + 1, 0),
    )
    for step in range(after - first):
        coach = fact(scene, s.CIRCLE_COACH, first + (turn + step) % (after - first), 0)
        if only < 0 or coach == only:
            at = slot(draft, scene, coach, low, high, length, come, leave, buffer)
            if at != NONE:
                return _open_visit(draft, scene, need, coach, order, at, length, come)
    return -1


@compiled
def _give(draft: Draft, scene: Scene, seat: int, person: int, start: int, only: int,
          turn: int) -> bool:  # fmt: skip
    """Give all visits; those that ask for the same coach get `only`."""
    which = template(scene, person, fact(scene, s.STARTS, start, s.S_ORDER))
    first, after = fact(scene, s.NEED_FIRST, which, 0), fact(scene, s.NEED_FIRST, which + 1, 0)
    for need in range(first, after):
        forced = only if fact(scene, s.NEEDS, need, s.SAME_COACH) > 0 else -1
        found = _place(draft, scene, need, seat, person, start, forced, turn)
        if found == -1:
            return False
        if found >= 0:
            write(
                draft,
                draft.cells[d.SEAT_AT] + seat * (draft.cells[d.VISITS] + 1) + 1 + need - first,
                found,
            )
    return True


@compiled
def give(draft: Draft, scene: Scene, seat: int, person: int, start: int, turn: int) -> bool:
    """Give a seat's visits, all or none; `turn` says which coach is asked first."""
    which = template(scene, person, fact(scene, s.STARTS, start, s.S_ORDER))
    first, after = fact(scene, s.NEED_FIRST, which, 0), fact(scene, s.NEED_FIRST, which + 1, 0)
    same = False
    for need in range(first, after):
        same = same or fact(scene, s.NEEDS, need, s.SAME_COACH) > 0
    before = draft.log[0, 0]
    if not same:
        if _give(draft, scene, seat, person, start, -1, turn):
            return True
        undo(draft, before)
        return False
    named = fact(scene, s.PEOPLE, person, s.COACH)
    circle = fact(scene, s.PEOPLE, person, s.CIRCLE)
    if named >= 0:
        done = _serves(scene, named, person) and _give(draft, scene, seat, person, start, named, 0)
        if not done:
            undo(draft, before)
        return done
    for row in range(
        fact(scene, s.CIRCLE_FIRST, circle, 0), fact(scene, s.CIRCLE_FIRST, circle + 1, 0)
    ):
        if _give(draft, scene, seat, person, start, fact(scene, s.CIRCLE_COACH, row, 0), turn):
            return True
        undo(draft, before)
    return False
