"""A made-up city with the shape of the real one: ten units, their coaches and clients, and orders.

Everything is drawn from a seed. Coach hours bind, most clients have support needs, windows,
repeats and group orders are among the orders.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from jobcenter.matching.columns import build
from jobcenter.matching.problem import PREPARATION, PRESENT, REMOTE, Calendar, Problem, Travel
from jobcenter.matching.records import Busy, Client, Coach, Order, Span, Start, VisitNeed
from jobcenter.support import NEEDS, SupportPlan, plan

DAY = 1440
DAYS = 28
NOW = DAY + 8 * 60
HORIZON = 14
PRESENCE = {"present": PRESENT, "remote": REMOTE, "preparation": PREPARATION}
UNITS = ((3, 48), (4, 60), (1, 14), (3, 75), (3, 80), (2, 40), (2, 32), (2, 55), (2, 38), (2, 26))
TASKS = 46
"""(coaches, clients) of each unit."""


@dataclass(frozen=True, slots=True)
class City:
    """The sizes and how scarce coaches are."""

    seed: int = 1
    orders: int = 250
    units: Sequence[tuple[int, int]] = UNITS
    coach_days: float = 0.55
    """The share of weekdays on which a coach has hours for gigs."""
    needs: float = 0.65
    windows: float = 0.25


@dataclass(frozen=True, slots=True)
class Map:
    """Places: bases of units first, then sites, then homes."""

    x: list[int]
    y: list[int]

    def put(self, x: float, y: float) -> int:
        """A new place."""
        self.x.append(round(x))
        self.y.append(round(y))
        return len(self.x) - 1


def city(size: City) -> Problem:
    """The problem of one morning."""
    draw = Random(size.seed)
    ground = Map([], [])
    bases = [ground.put(draw.gauss(0, 5000), draw.gauss(0, 3500)) for _ in size.units]
    orders = _orders(draw, size, ground)
    clients: list[Client] = []
    coaches: list[Coach] = []
    for unit, (coach_count, client_count) in enumerate(size.units):
        coaches += [_coach(draw, size, unit, bases[unit]) for _ in range(coach_count)]
        clients += [
            _client(draw, size, ground, unit, bases[unit], len(clients) + nth)
            for nth in range(client_count)
        ]
    profiles = sorted({order.profile for order in orders})
    wants = [_needs(draw, size) for _ in clients]
    plans = {
        (client, profile): visits(_plan(needs, profile, 0))
        for client, needs in enumerate(wants)
        for profile in profiles
    }
    familiar = {
        (client, nth): visits(_plan(wants[client], order.profile, 3))
        for client, person in enumerate(clients)
        for nth, order in enumerate(orders)
        if order.site in person.knows_sites
    }
    week = np.arange(DAYS) // 7
    return build(
        Calendar(NOW, np.arange(DAYS + 1) * DAY, week),
        Travel(np.array(ground.x), np.array(ground.y)),
        orders=orders,
        clients=clients,
        coaches=coaches,
        plans=plans,
        exceptions=familiar,
    )


def visits(support: SupportPlan) -> tuple[VisitNeed, ...]:
    """A support plan as the matcher reads it."""
    return tuple(
        VisitNeed(
            earliest=visit.earliest,
            latest=visit.latest,
            minutes=visit.minutes,
            presence=PRESENCE[visit.presence],
            from_end=visit.anchor == "end",
            ratio=visit.ratio,
            same_coach=int(visit.same_coach),
        )
        for visit in support.visits
    )


def _plan(needs: dict[str, int], profile: int, gigs_at_site: int) -> SupportPlan:
    return plan(
        needs,
        gig_minutes=profile // 2 * 30,
        gigs_at_site=gigs_at_site,
        knows_task=gigs_at_site > 0,
        site_is_new=bool(profile % 2) and gigs_at_site == 0,
        asks_for_shaping=False,
        days_to_next_workday=1,
    )


def _needs(draw: Random, size: City) -> dict[str, int]:
    if draw.random() > size.needs:
        return {}
    codes = draw.sample(sorted(NEEDS), draw.choice((1, 1, 2, 2, 3, 4)))
    return {code: draw.choices((1, 2, 3), (50, 38, 12))[0] for code in codes}


def _orders(draw: Random, size: City, ground: Map) -> list[Order]:
    tasks = [_task(draw) for _ in range(TASKS)]
    parties = [
        [
            ground.put(draw.gauss(0, 5000), draw.gauss(0, 3500))
            for _ in range(draw.choice((1, 1, 2)))
        ]
        for _ in range(40)
    ]
    orders: list[Order] = []
    while len(orders) < size.orders:
        party = draw.randrange(len(parties))
        task = draw.randrange(TASKS)
        place = draw.choice(parties[party])
        order = _order(draw, size, task, tasks[task], party, place)
        orders.append(order)
        later = order.starts[0].minute + 7 * DAY
        if draw.random() < 0.2 and later < (1 + HORIZON) * DAY:
            orders.append(_week_later(order))
    return orders[: size.orders]


def _task(draw: Random) -> tuple[tuple[int, ...], bool, frozenset[int], int]:
    demands = tuple(
        draw.choices((0, 1, 2, 3), weights)[0]
        for weights in (
            (15, 35, 40, 10),
            (55, 20, 15, 10),
            (20, 55, 20, 5),
            (40, 35, 25, 0),
            (30, 45, 22, 3),
            (60, 28, 10, 2),
        )
    )
    qualifications = frozenset(one for one in range(5) if draw.random() < 0.06)
    return demands, draw.random() < 0.22, qualifications, draw.choice((60, 90, 120, 150, 180, 240))


def _order(
    draw: Random,
    size: City,
    task: int,
    kind: tuple[tuple[int, ...], bool, frozenset[int], int],
    party: int,
    place: int,
) -> Order:
    demands, outdoors, qualifications, minutes = kind
    day = 1 + draw.choices(range(HORIZON), (8, 9, 9, 9, 3, 2, 10, 10, 10, 10, 10, 3, 2, 8))[0]
    first = day * DAY + draw.choice((8, 8, 9, 9, 9, 10, 10, 12, 13, 14, 16)) * 60
    minute = [max(first, NOW + 120)]
    if draw.random() < size.windows:
        minute = list(range(minute[0], minute[0] + draw.choice((120, 240, 480, 600)), 15))
    group = draw.random() < 0.08
    places = draw.choice((3, 4, 5)) if group else draw.choices((1, 2, 3), (80, 15, 5))[0]
    hourly = draw.randrange(1120, 1400)
    new_site = draw.random() < 0.05
    return Order(
        starts=tuple(_start(m, hourly * minutes // 60) for m in minute),
        minutes=minutes,
        place=place,
        places=places,
        demands=demands,
        outdoors=outdoors,
        qualifications=qualifications,
        languages=frozenset({0}) if draw.random() < 0.15 else frozenset(),
        step_free=draw.random() < 0.8,
        site=place,
        party=party,
        task=task,
        priority=draw.choices((0, 1, 2), (75, 18, 7))[0],
        group=group,
        buffer=30 if draw.random() < 0.3 else 0,
        profile=minutes // 30 * 2 + int(new_site),
    )


def _start(minute: int, cents: int) -> Start:
    day = minute // DAY
    return Start(
        minute=minute, pay=((cents, int(day > 9)), (cents, 0)), time_class=(minute % DAY) // 360
    )


def _week_later(order: Order) -> Order:
    starts = tuple(_start(s.minute + 7 * DAY, s.pay[0][0]) for s in order.starts)
    changes = {name: getattr(order, name) for name in Order.__slots__} | {"starts": starts}
    return Order(**changes)


def _client(draw: Random, size: City, ground: Map, unit: int, base: int, number: int) -> Client:
    home = ground.put(draw.gauss(ground.x[base], 2500), draw.gauss(ground.y[base], 2500))
    free: list[Span] = []
    for weekday in draw.sample(range(6), draw.choice((2, 3, 3, 4, 5))):
        begin = draw.choice((8, 8, 9, 9, 10, 12)) * 60
        length = draw.choice((240, 300, 360, 480, 600))
        free += [(d * DAY + begin, d * DAY + begin + length) for d in range(weekday, DAYS, 7)]
    activity = [
        Busy(begin=d * DAY + 540, end=d * DAY + 840, place=base)
        for weekday in draw.sample(range(5), draw.choice((0, 1, 1, 2)))
        for d in range(weekday, DAYS, 7)
    ]
    cap = draw.choice((240, 360, 480, 600, 900))
    limits = tuple(draw.choices((0, 1, 2, 3), (6, 20, 36, 38))[0] for _ in range(6))
    ceiling = draw.choice((6000, 12000, 30000, 60000, 90000))
    return Client(
        home=home,
        unit=unit,
        limits=limits,
        outdoors=draw.random() < 0.75,
        qualifications={one: 1 << 30 for one in range(5) if draw.random() < 0.4},
        languages=frozenset({0} if draw.random() < 0.9 else {1}),
        needs_step_free=draw.random() < 0.08,
        trip_limit=draw.choice((20, 30, 30, 40, 60)),
        free=tuple(free),
        busy=tuple(activity),
        week_minutes=(cap,) * (DAYS // 7),
        week_gigs=(draw.choice((1, 2, 2, 3)),) * (DAYS // 7),
        ceilings=((0, 0, ceiling), (0, 1, ceiling), (1, 0, ceiling * 9)),
        no_tasks=frozenset(draw.sample(range(TASKS), draw.choice((0, 2, 5)))),
        likes_tasks={draw.randrange(TASKS): draw.choice((1, 2, 3)) for _ in range(8)},
        strengths={draw.randrange(TASKS): 2 for _ in range(6)},
        knows_sites=frozenset(draw.randrange(len(size.units), 50) for _ in range(2)),
        days_since_offer=min(int(draw.expovariate(1 / 20)), 120),
        days_since_gig=min(int(draw.expovariate(1 / 30)), 300),
        gigs_90=draw.choice((0, 0, 1, 2, 3, 5, 8)),
        tie=draw.getrandbits(40),
        profile=number,
    )


def _coach(draw: Random, size: City, unit: int, base: int) -> Coach:
    shifts: list[Span] = []
    for day in range(1, DAYS):
        if day % 7 < 5 and draw.random() < size.coach_days:
            begin = day * DAY + draw.choice((7, 8, 8, 9, 10)) * 60
            shifts.append((begin, begin + draw.choice((240, 300, 360, 480))))
    return Coach(unit=unit, languages=frozenset({0, 1}), base=base, shifts=tuple(shifts))
