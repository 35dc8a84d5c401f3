"""Puts a person into a place of an order and takes them out again; every rule holds throughout."""

import numpy as np

from jobcenter.matching.kernels import draft as d
from jobcenter.matching.kernels import scene as s
from jobcenter.matching.kernels.care import give, leave_visit
from jobcenter.matching.kernels.compiled import compiled, kernel
from jobcenter.matching.kernels.draft import (
    Draft,
    chosen_start,
    gigs_of,
    person_in,
    seat_of,
    undo,
    write,
)
from jobcenter.matching.kernels.rest import GIGS, bound_gigs, weekly_rest_is_kept
from jobcenter.matching.kernels.scene import Scene, fact, term
from jobcenter.matching.kernels.way import way


@compiled
def start_of_seat(draft: Draft, scene: Scene, seat: int) -> int:
    """The start at which the gig of a taken seat begins."""
    return chosen_start(draft, fact(scene, s.SEATS, seat, 0))


@compiled
def clash(scene: Scene, one: int, other: int) -> bool:
    """Whether nobody can have gigs at both starts: time, way, buffer, slack and daily rest."""
    first, second = fact(scene, s.STARTS, one, s.S_ORDER), fact(scene, s.STARTS, other, s.S_ORDER)
    begin, then = fact(scene, s.STARTS, one, s.S_BEGIN), fact(scene, s.STARTS, other, s.S_BEGIN)
    between = max(
        then - begin - fact(scene, s.ORDERS, first, s.MINUTES),
        begin - then - fact(scene, s.ORDERS, second, s.MINUTES),
    )
    least = term(scene, s.BETWEEN)
    if between < least:
        return True
    if fact(scene, s.STARTS, one, s.S_DAY) != fact(scene, s.STARTS, other, s.S_DAY):
        if between < term(scene, s.DAILY_REST):
            return True
    road = way(scene, fact(scene, s.ORDERS, first, s.PLACE), fact(scene, s.ORDERS, second, s.PLACE))
    if road > 0:
        road += max(fact(scene, s.ORDERS, first, s.BUFFER), fact(scene, s.ORDERS, second, s.BUFFER))
    return bool(between < least + road)


@compiled
def _week_is_kept(draft: Draft, scene: Scene, person: int, start: int) -> bool:
    """Minutes and number of gigs of the week."""
    week = fact(scene, s.STARTS, start, s.S_WEEK)
    minutes, gigs = fact(scene, s.ORDERS, fact(scene, s.STARTS, start, s.S_ORDER), s.MINUTES), 1
    for one in range(gigs_of(draft, person)):
        other = start_of_seat(draft, scene, seat_of(draft, person, one))
        if fact(scene, s.STARTS, other, s.S_WEEK) == week:
            minutes += fact(scene, s.ORDERS, fact(scene, s.STARTS, other, s.S_ORDER), s.MINUTES)
            gigs += 1
    most = fact(scene, s.WEEK_ROOM, person, 2 * week)
    return minutes <= most and gigs <= fact(scene, s.WEEK_ROOM, person, 2 * week + 1)


@compiled
def _earnings_are_kept(draft: Draft, scene: Scene, person: int, start: int) -> bool:
    first, after = (
        fact(scene, s.PEOPLE, person, s.CEILING_FIRST),
        fact(scene, s.PEOPLE, person, s.CEILING_AFTER),
    )
    for row in range(first, after):
        kind, period = (
            fact(scene, s.CEILINGS, row, s.C_KIND),
            fact(scene, s.CEILINGS, row, s.C_PERIOD),
        )
        if fact(scene, s.PERIOD, start, kind) != period:
            continue
        cents = fact(scene, s.CENTS, start, kind)
        for one in range(gigs_of(draft, person)):
            other = start_of_seat(draft, scene, seat_of(draft, person, one))
            if fact(scene, s.PERIOD, other, kind) == period:
                cents += fact(scene, s.CENTS, other, kind)
        if cents > fact(scene, s.CEILINGS, row, s.C_CENTS):
            return False
    return True


@compiled
def _rest_is_kept(draft: Draft, scene: Scene, person: int, start: int) -> bool:
    if term(scene, s.WEEKLY_REST) == 0:
        return True
    gigs = np.empty((GIGS + 1, 2), np.int32)
    count = bound_gigs(scene, person, gigs)
    if count + gigs_of(draft, person) >= GIGS:
        return False
    for one in range(gigs_of(draft, person) + 1):
        other = start
        if one < gigs_of(draft, person):
            other = start_of_seat(draft, scene, seat_of(draft, person, one))
        gigs[count, 0] = fact(scene, s.STARTS, other, s.S_BEGIN)
        gigs[count, 1] = gigs[count, 0] + fact(
            scene, s.ORDERS, fact(scene, s.STARTS, other, s.S_ORDER), s.MINUTES
        )
        count += 1
    return weekly_rest_is_kept(scene, gigs, count, start)


@compiled
def person_can(draft: Draft, scene: Scene, person: int, start: int) -> bool:
    """Whether a gig at the start fits beside the person's gigs in the draft."""
    count = gigs_of(draft, person)
    if count == 0:
        return _rest_is_kept(draft, scene, person, start)
    if count >= draft.cells[d.GIGS]:
        return False
    for one in range(count):
        other = start_of_seat(draft, scene, seat_of(draft, person, one))
        if fact(scene, s.STARTS, other, s.S_ORDER) == fact(scene, s.STARTS, start, s.S_ORDER):
            return False
        if clash(scene, start, other):
            return False
        days = abs(fact(scene, s.STARTS, other, s.S_DAY) - fact(scene, s.STARTS, start, s.S_DAY))
        if 0 < days <= fact(scene, s.PEOPLE, person, s.REST_DAYS):
            return False
    return (
        _week_is_kept(draft, scene, person, start)
        and _earnings_are_kept(draft, scene, person, start)
        and _rest_is_kept(draft, scene, person, start)
    )


@kernel
def free_seat(draft: Draft, scene: Scene, order: int) -> int:
    """A place of the order that nobody has, or -1."""
    for seat in range(
        fact(scene, s.ORDERS, order, s.SEAT_FIRST), fact(scene, s.ORDERS, order, s.SEAT_AFTER)
    ):
        if person_in(draft, seat) < 0:
            return int(seat)
    return -1


@compiled
def taken_seats(draft: Draft, scene: Scene, order: int) -> int:
    """How many places of the order somebody has."""
    taken = 0
    for seat in range(
        fact(scene, s.ORDERS, order, s.SEAT_FIRST), fact(scene, s.ORDERS, order, s.SEAT_AFTER)
    ):
        taken += int(person_in(draft, seat) >= 0)
    return taken


@kernel
def put(draft: Draft, scene: Scene, person: int, start: int, turn: int) -> bool:
    """Give the person a place with all visits, or change nothing."""
    order = fact(scene, s.STARTS, start, s.S_ORDER)
    held = chosen_start(draft, order)
    if held >= 0 and held != start:
        return False
    seat = free_seat(draft, scene, order)
    if seat < 0 or not person_can(draft, scene, person, start):
        return False
    before = draft.log[0, 0]
    if not give(draft, scene, seat, person, start, turn):
        undo(draft, before)
        return False
    write(draft, draft.cells[d.ORDER_AT] + order, start)
    write(draft, draft.cells[d.SEAT_AT] + seat * (draft.cells[d.VISITS] + 1), person)
    page = draft.cells[d.GIG_AT] + person * (draft.cells[d.GIGS] + 1)
    count = gigs_of(draft, person)
    write(draft, page + 1 + count, seat)
    write(draft, page, count + 1)
    return True


@compiled
def take(draft: Draft, scene: Scene, seat: int) -> None:
    """Take whoever has the seat out of it, and give up their visits."""
    at, person = draft.cells[d.SEAT_AT] + seat * (draft.cells[d.VISITS] + 1), person_in(draft, seat)
    for row in range(1, draft.cells[d.VISITS] + 1):
        which = draft.cells[at + row]
        if which >= 0:
            write(draft, at + row, -1)
            leave_visit(draft, scene, which)
    write(draft, at, -1)
    page = draft.cells[d.GIG_AT] + person * (draft.cells[d.GIGS] + 1)
    count = gigs_of(draft, person)
    for row in range(1, count + 1):
        if draft.cells[page + row] == seat:
            write(draft, page + row, draft.cells[page + count])
    write(draft, page, count - 1)
    order = fact(scene, s.SEATS, seat, 0)
    if taken_seats(draft, scene, order) == 0:
        write(draft, draft.cells[d.ORDER_AT] + order, -1)
