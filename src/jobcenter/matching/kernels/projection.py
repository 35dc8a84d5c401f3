"""Lays a `Problem` out as the `Scene` that the loops read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from jobcenter.matching.kernels import scene as s
from jobcenter.matching.kernels import sky
from jobcenter.matching.kernels.graph import TOPS, Grid
from jobcenter.matching.kernels.scene import Scene, Table, scene_from
from jobcenter.matching.problem import Engagements, Flags, Ints, Marks, Problem, Support, ints

FAR = (1 << 31) - 1
"""The loops keep minutes and metres in 32 bits; a missing limit is this."""
CELL = 1000
CARDS = 30
"""Qualifications that are looked at first, in one number of 32 bits."""


def scene_of(problem: Problem) -> Scene:
    """The problem in one column."""
    circle, circle_first, circle_coach, circle_unit = _circles(problem)
    calendar, clients, support = problem.calendar, problem.clients, problem.support
    orders, coaches, matrix = problem.orders, problem.coaches, problem.travel.matrix
    marks, mark_first = _marks(problem)
    ceilings, seats = clients.ceilings, np.repeat(np.arange(orders.places.size), orders.places)
    tables = {
        s.TERMS: _terms(problem).reshape(1, -1),
        s.DAY_STARTS: calendar.day_starts[:-1],
        s.DAY_WEEK: calendar.week,
        s.WEEK_BOUNDS: ints([calendar.week_bounds(int(week)) for week in np.unique(calendar.week)]),
        s.GROUND: _table(problem.travel.x, problem.travel.y),
        s.MATRIX: np.zeros((0, 1), np.int64) if matrix is None else matrix,
        s.PEOPLE: _people(problem, circle, mark_first),
        s.LIMITS: clients.limits,
        s.VALID_UNTIL: clients.valid_until,
        s.FREE: _table(clients.free.begin, clients.free.end),
        s.BUSY: _engaged(clients.busy),
        s.WEEK_ROOM: np.stack([clients.week_minutes, clients.week_gigs], axis=2),
        s.CEILINGS: _table(ceilings.kind, ceilings.period, ceilings.cents),
        s.MARKS: marks,
        s.LIKES_TIME: clients.likes_time,
        s.ORDERS: _orders(problem),
        s.DEMANDS: orders.demands,
        s.QUALS: ints(np.nonzero(orders.qualifications)[1]),
        s.ASKED: orders.asked.keys % orders.asked.width,
        s.STARTS: _starts(problem),
        s.CENTS: orders.cents,
        s.PERIOD: orders.period,
        s.COACHES: _coaches(problem),
        s.SHIFTS: _table(coaches.shifts.begin, coaches.shifts.end),
        s.HELD: _engaged(coaches.busy),
        s.CIRCLE_FIRST: circle_first,
        s.CIRCLE_COACH: circle_coach,
        s.CIRCLE_UNIT: circle_unit,
        s.TEMPLATES: support.table,
        s.NEED_FIRST: support.offset,
        s.NEEDS: _needs(support),
        s.SEATS: seats,
        s.DUES: _table(clients.dues.card, clients.dues.begin, clients.dues.end),
        s.COUNTED: ints(orders.counted),
        s.SHUT: _table(clients.undecided.begin, clients.undecided.end),
        s.PICKED: _table(orders.picked.keys % orders.picked.width, orders.picked.points - 1),
    }
    return scene_from([_filled(ints(tables[one])) for one in range(s.TABLES)])


def _filled(table: Table) -> Table:
    """A table without columns gets one of zeros: nothing asked, nothing limited, nothing liked."""
    if table.ndim > 1 and table.shape[0] and not table.size:
        return np.zeros((table.shape[0], 1), np.int64)
    return table


def rows(scene: Scene, table: int) -> Table:
    """A table of the scene, as a view."""
    begin, tall, wide = scene[table * s.HEAD : table * s.HEAD + 3].tolist()
    return scene[begin : begin + tall * wide].reshape(tall, wide)


def _needs(support: Support) -> Table:
    return _table(
        support.presence,
        support.from_end,
        support.earliest,
        support.latest,
        support.minutes,
        support.ratio,
        support.same_coach,
    )


def grid_of(problem: Problem, scene: Scene) -> Grid:
    """The homes by cell; a single cell where no distance bounds a trip."""
    home, longest = problem.clients.home, _longest(problem)
    x, y = problem.travel.x[home], problem.travel.y[home]
    reach = _metres(problem, problem.clients.trip_limit)
    if longest is None or home.size == 0:
        far = np.full(home.size, FAR)
        ground = (-FAR, -FAR, 1, 1, 4 * FAR, FAR)
        return _grid(problem, scene, ints([0, home.size]), ints(np.arange(home.size)), far, ground)
    west, south = int(x.min()), int(y.min())
    columns, rows = (int(x.max()) - west) // CELL + 1, (int(y.max()) - south) // CELL + 1
    cell = (y - south) // CELL * columns + (x - west) // CELL
    people = ints(np.argsort(cell, kind="stable"))
    first = _offsets(np.bincount(cell, minlength=columns * rows))
    ground = (west, south, columns, rows, CELL, longest)
    return _grid(problem, scene, first, people, reach[people], ground)


def _grid(
    problem: Problem, scene: Scene, first: Ints, people: Ints, reach: Ints,
    ground: tuple[int, int, int, int, int, int],
) -> Grid:  # fmt: skip
    """What the filter looks at first, in the order of the cells."""
    clients, orders, home = problem.clients, problem.orders, problem.clients.home[people]
    held = clients.valid_until[people] >= orders.start.min(initial=0)
    dawn, dusk = int(clients.free.begin.min(initial=0)), int(clients.free.end.max(initial=0))
    words = (dusk - dawn) // (sky.QUARTER * sky.WORD) + 2
    open_sky = np.zeros((words, people.size), np.int64)
    sky.paint(scene, people, dawn, open_sky)
    return Grid(
        first,
        people,
        problem.travel.x[home].astype(np.float32),
        problem.travel.y[home].astype(np.float32),
        np.square(reach + 1, dtype=np.float32),
        (_levels(clients.limits) | TOPS)[people],
        _bits(held[:, :CARDS]).astype(np.int32),
        open_sky,
        dawn,
        _wants(problem),
        *ground,
    )


def _wants(problem: Problem) -> Table:
    orders = problem.orders
    return _table(_levels(orders.demands), _bits(orders.qualifications[:, :CARDS]))


def _levels(several: Ints) -> Ints:
    """The first fifteen levels in four bits each; a level over seven counts as seven."""
    levels = np.clip(several[:, :15], 0, 7)
    return ints(np.left_shift(levels, 4 * np.arange(levels.shape[1])).sum(axis=1))


def _metres(problem: Problem, trips: Ints) -> Ints:
    """How far a trip leads at most."""
    travel = problem.travel
    if travel.by_distance:
        return trips
    moving = np.maximum(trips - travel.start_minutes, 0)
    return ints(np.maximum(moving * 1000 // max(travel.minutes_per_km, 1), travel.zero_below) + 1)


def _longest(problem: Problem) -> int | None:
    """The longest trip that anybody makes, in metres; None where nothing bounds it."""
    longest = problem.clients.trip_limit.max(initial=0)
    if problem.travel.matrix is not None or longest >= FAR:
        return None
    return int(_metres(problem, ints([longest]))[0])


def _table(*columns: Ints | Flags) -> Table:
    return np.ascontiguousarray(np.stack(columns, axis=1).astype(np.int64))


def _terms(problem: Problem) -> Table:
    terms, weights = problem.terms, problem.weights
    travel, calendar = problem.travel, problem.calendar
    return ints(
        [
            calendar.now,
            terms.earliest_notice,
            terms.between,
            terms.daily_rest,
            terms.weekly_rest,
            calendar.planned_from,
            calendar.planned_until,
            travel.start_minutes,
            travel.minutes_per_km,
            travel.zero_below,
            travel.by_distance,
            weights.place,
            weights.priority,
            weights.urgency,
            weights.wish,
            weights.strength,
            weights.nearness,
            weights.comfort,
            weights.comfort_cap,
            weights.waiting,
            weights.waiting_cap,
            weights.few_gigs,
            weights.few_gigs_cap,
            weights.knows_site,
            weights.knows_task,
            weights.calm,
            weights.few_offers,
            weights.few_offers_cap,
            weights.left_out,
            weights.left_out_days,
        ]
    )


def _bits(several: Flags) -> Ints:
    """A row of yes and no as one number."""
    powers = np.left_shift(1, np.arange(several.shape[1], dtype=np.int64))
    return ints((several * powers).sum(axis=1))


def _people(problem: Problem, circle: Ints, mark_first: Ints) -> Table:
    clients = problem.clients
    free, busy, ceilings = clients.free.offset, clients.busy.offset, clients.ceilings.offset
    return _table(
        clients.unit,
        clients.region,
        clients.home,
        np.minimum(clients.trip_limit, FAR),
        clients.outdoors,
        _bits(clients.languages),
        clients.needs_step_free,
        problem.support.client_profile,
        clients.coach,
        clients.days_since_offer,
        clients.gigs_90,
        free[:-1],
        free[1:],
        busy[:-1],
        busy[1:],
        ceilings[:-1],
        ceilings[1:],
        mark_first[:-1],
        mark_first[1:],
        circle,
        clients.tie,
        clients.dues.offset[:-1],
        clients.dues.offset[1:],
        clients.undecided.offset[:-1],
        clients.undecided.offset[1:],
        clients.rest_days,
        clients.one_new,
        clients.offers_90,
    )


def _orders(problem: Problem) -> Table:
    orders = problem.orders
    quals = _offsets(orders.qualifications.sum(axis=1))
    seats = _offsets(orders.places)
    asked = _offsets_by(orders.asked, orders.places.size)
    picked = _offsets_by(orders.picked, orders.places.size)
    first = orders.start[np.minimum(orders.offset[:-1], max(orders.start.size - 1, 0))]
    steps = ints(problem.weights.urgency_steps)
    nearly = ((first - problem.calendar.now)[:, None] <= steps).sum(axis=1)
    return _table(
        orders.places,
        orders.minutes,
        orders.offset[:-1],
        orders.offset[1:],
        orders.chosen,
        orders.outdoors,
        _bits(orders.languages),
        orders.step_free,
        orders.place,
        orders.site,
        orders.party,
        orders.task,
        orders.region,
        orders.priority,
        orders.group,
        orders.buffer,
        problem.support.order_profile,
        nearly,
        quals[:-1],
        quals[1:],
        asked[:-1],
        asked[1:],
        seats[:-1],
        seats[1:],
        picked[:-1],
        picked[1:],
    )


def _starts(problem: Problem) -> Table:
    orders, calendar = problem.orders, problem.calendar
    day = calendar.day_of(orders.start)
    return _table(orders.of_start(), orders.start, day, calendar.week[day], orders.time_class)


def _engaged(busy: Engagements) -> Table:
    return _table(busy.begin, busy.end, busy.place, busy.buffer, busy.gig, busy.order, busy.room)


def _coaches(problem: Problem) -> Table:
    coaches = problem.coaches
    return _table(
        coaches.unit,
        _bits(coaches.languages),
        coaches.base,
        coaches.shifts.offset[:-1],
        coaches.shifts.offset[1:],
        coaches.busy.offset[:-1],
        coaches.busy.offset[1:],
    )


def _offsets_by(marks: Marks, owners: int) -> Ints:
    """Where the marks of each owner begin."""
    return ints(np.searchsorted(marks.keys // marks.width, np.arange(owners + 1)))


def _offsets(counts: Ints) -> Ints:
    return ints(np.concatenate([[0], np.cumsum(counts)]))


def _marks(problem: Problem) -> tuple[Table, Ints]:
    """All that people have noted, by person, kind and subject; and where each person's begin."""
    clients = problem.clients
    kinds: Sequence[Marks] = (
        clients.no_task,
        clients.no_site,
        clients.no_party,
        clients.likes_task,
        clients.likes_site,
        clients.likes_party,
        clients.strengths,
        clients.knows_site,
        clients.knows_task,
        clients.practised,
        problem.support.exceptions,
    )
    kind = np.repeat(np.arange(len(kinds)), [one.keys.size for one in kinds])
    owner = np.concatenate([one.keys // one.width for one in kinds])
    subject = np.concatenate([one.keys % one.width for one in kinds])
    points = np.concatenate([one.points for one in kinds])
    by_owner = np.lexsort((subject, kind, owner))
    rows = _table(kind[by_owner], subject[by_owner], points[by_owner])
    return rows, _offsets(np.bincount(owner, minlength=clients.unit.size))


def _circles(problem: Problem) -> tuple[Ints, Ints, Ints, Ints]:
    """Those who have the same coaches: a unit and a set of languages.

    Returns everybody's circle, where the coaches of each circle begin, these, and its unit.
    """
    clients, coaches = problem.clients, problem.coaches
    spoken, speaks = _bits(coaches.languages), _bits(clients.languages)
    kinds, circle = np.unique(np.stack([clients.unit, speaks], axis=1), axis=0, return_inverse=True)
    several = []
    for unit, languages in kinds.tolist():
        mine = coaches.unit == unit
        if languages:
            mine &= (spoken & languages) != 0
        several.append(np.flatnonzero(mine))
    found = np.concatenate([np.empty(0, np.int64), *several])
    return (
        ints(circle.reshape(-1)),
        _offsets(ints([one.size for one in several])),
        ints(found),
        ints(kinds[:, 0]),
    )
