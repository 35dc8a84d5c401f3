"""Reads an instance of the open format gigmatch-1 as a `Problem`, and writes plans in it.

The format knows less than the product: its three kinds of support are templates of visits, its
interests are wishes about tasks, and a party that somebody knows is a site that they know.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import cos, floor, radians
from pathlib import Path
from typing import TypedDict

import numpy as np

from jobcenter.matching.columns import build
from jobcenter.matching.plan import Booking, Pick, Plan
from jobcenter.matching.problem import (
    ESCORT,
    FOREVER,
    PRESENT,
    REMOTE,
    Calendar,
    Problem,
    Travel,
    ints,
)
from jobcenter.matching.records import Client, Coach, Order, Span, Start, VisitNeed
from jobcenter.matching.terms import Terms, Weights

DAY, SLOT = 1440, 15


class Place(TypedDict):
    lat: float
    lon: float


class Horizon(TypedDict):
    start: str
    days: int


class GivenSupport(TypedDict):
    kind: str
    minutes: int


class GivenCoach(Place):
    id: str
    unit: int
    weekly: list[tuple[int, int, int]]
    exceptions: list[tuple[int, int, int, int]]


class GivenClient(GivenCoach):
    radius_m: int
    quals: int
    limits: list[int]
    interests: list[int]
    blocked: int
    week_minutes: list[int]
    month_cents: list[int]
    wait_days: int
    known: list[int]
    support: GivenSupport


class GivenOrder(Place):
    id: str
    party: int
    category: int
    workers: int
    minutes: int
    starts: list[int]
    quals: int
    demands: list[int]
    pay_cents: int
    priority: int


class GivenPick(TypedDict):
    client: str
    order: str
    start: int


class Given(TypedDict):
    """The instance as it is written."""

    horizon: Horizon
    week_of_day: list[int]
    month_of_day: list[int]
    origin: Place
    rules: Mapping[str, int]
    weights: Mapping[str, int]
    units: list[Place]
    clients: list[GivenClient]
    orders: list[GivenOrder]
    coaches: list[GivenCoach]
    fixed: list[GivenPick]


@dataclass(frozen=True, slots=True)
class Instance:
    """The problem, the names that its indices stand for, and the gigs that are promised."""

    problem: Problem
    clients: tuple[str, ...]
    orders: tuple[str, ...]
    coaches: tuple[str, ...]
    fixed: tuple[Pick, ...] = ()


def read_instance(path: Path) -> Instance:
    """Read an instance, plain or packed."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        return instance_of(json.load(file))


def write_plan(path: Path, instance: Instance, plan: Plan, *, value: int, bound: int) -> None:
    """Write a plan, plain or packed, with what it is worth and what no plan is worth more than."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "wt", encoding="utf-8") as file:
        json.dump(plan_text(instance, plan, value=value, bound=bound), file)


def instance_of(given: Given) -> Instance:
    """Lay an instance out; clients who live near each other get numbers near each other."""
    places = _positions(given)
    people = _by_neighbourhood(given, places)
    at = len(given["clients"])
    homes = {one["id"]: number for number, one in enumerate(given["clients"])}
    orders = [_order(given, one, at + row) for row, one in enumerate(given["orders"])]
    needs = _Needs(given)
    problem = build(
        _calendar(given),
        _travel(given, places),
        orders=orders,
        clients=[_client(given, one, homes[one["id"]]) for one in people],
        coaches=[_coach(given, one) for one in given["coaches"]],
        plans=needs.usual(),
        exceptions=needs.where_known(people),
        terms=Terms(
            daily_rest=given["rules"]["night_rest_min"],
            weekly_rest=0,
            between=given["rules"]["gap_min"],
            earliest_notice=-FOREVER,
        ),
        weights=_weights(given["weights"]),
    )
    names = [one["id"] for one in people]
    places_of = {name: number for number, name in enumerate(names)}
    numbers = {one["id"]: number for number, one in enumerate(given["orders"])}
    return Instance(
        problem,
        tuple(names),
        tuple(numbers),
        tuple(one["id"] for one in given["coaches"]),
        tuple(
            Pick(numbers[one["order"]], places_of[one["client"]], one["start"])
            for one in given["fixed"]
        ),
    )


def plan_text(instance: Instance, plan: Plan, *, value: int, bound: int) -> dict[str, object]:
    """A plan in the words of the format."""
    return {
        "format": "gigmatch-1",
        "objective": value,
        "bound": bound,
        "assignments": [
            {
                "client": instance.clients[pick.client],
                "order": instance.orders[pick.order],
                "start": pick.start,
            }
            for pick in plan.picks
        ],
        "sessions": [_session(instance, booking) for booking in plan.bookings],
    }


def _session(instance: Instance, booking: Booking) -> dict[str, object]:
    support = instance.problem.support
    first = booking.serves[0]
    template = support.template(ints([first.client]), ints([booking.order]))[0]
    row = support.offset[template] + first.visit
    kind = {PRESENT: "onsite", ESCORT: "accompany"}.get(
        int(support.presence[row]), "checkin" if support.from_end[row] else "call_before"
    )
    return {
        "coach": instance.coaches[booking.coach],
        "kind": kind,
        "order": instance.orders[booking.order],
        "start": booking.begin,
        "end": booking.begin + booking.minutes,
        "clients": [instance.clients[served.client] for served in booking.serves],
    }


def _positions(given: Given) -> list[tuple[int, int]]:
    """Metres east and north of the origin: of all clients, then of all orders."""
    origin, north = given["origin"], 111320
    east = north * cos(radians(origin["lat"]))
    several: list[Place] = [*given["clients"], *given["orders"]]
    return [
        (
            floor((one["lon"] - origin["lon"]) * east + 0.5),
            floor((one["lat"] - origin["lat"]) * north + 0.5),
        )
        for one in several
    ]


def _by_neighbourhood(given: Given, places: Sequence[tuple[int, int]]) -> list[GivenClient]:
    cells = [(y // 1000, x // 1000, row) for row, (x, y) in enumerate(places)]
    return [given["clients"][row] for _, _, row in sorted(cells[: len(given["clients"])])]


def _calendar(given: Given) -> Calendar:
    days = given["horizon"]["days"]
    return Calendar(
        now=-FOREVER,
        day_starts=ints([day * DAY for day in range(days + 1)]),
        week=ints(given["week_of_day"]),
        planned_from=0,
        planned_until=days * DAY,
    )


def _travel(given: Given, places: Sequence[tuple[int, int]]) -> Travel:
    rules, metres = given["rules"], ints(places).reshape(-1, 2)
    return Travel(
        metres[:, 0],
        metres[:, 1],
        start_minutes=rules["travel_base_min"],
        minutes_per_km=rules["travel_min_per_km"],
        zero_below=rules["travel_zero_below_m"],
        by_distance=True,
    )


def _weights(given: Mapping[str, int]) -> Weights:
    return Weights(
        place=given["base"],
        priority=given["priority"],
        urgency=0,
        wish=given["interest"],
        strength=0,
        nearness=given["distance"],
        comfort=given["comfort"],
        comfort_cap=given["comfort_cap"],
        waiting=given["wait"],
        waiting_cap=given["wait_cap"],
        few_gigs=0,
        few_offers=0,
        left_out=0,
        knows_site=given["known"],
        knows_task=0,
    )


def _order(given: Given, one: GivenOrder, place: int) -> Order:
    months = given["month_of_day"]
    return Order(
        starts=tuple(
            Start(minute=minute, pay=((one["pay_cents"], months[minute // DAY]),))
            for minute in one["starts"]
        ),
        minutes=one["minutes"],
        place=place,
        places=one["workers"],
        demands=tuple(one["demands"]),
        qualifications=_set(one["quals"]),
        site=one["party"],
        party=one["party"],
        task=one["category"],
        priority=one["priority"],
        group=True,
        profile=one["minutes"],
    )


def _client(given: Given, one: GivenClient, home: int) -> Client:
    return Client(
        home=home,
        unit=one["unit"],
        limits=tuple(one["limits"]),
        qualifications=dict.fromkeys(_set(one["quals"]), FOREVER),
        trip_limit=one["radius_m"],
        free=_hours(given, one),
        week_minutes=tuple(one["week_minutes"]),
        ceilings=tuple((0, month, cents) for month, cents in enumerate(one["month_cents"])),
        no_tasks=_set(one["blocked"]),
        likes_tasks={task: liked for task, liked in enumerate(one["interests"]) if liked},
        knows_sites=frozenset(one["known"]),
        days_since_offer=one["wait_days"],
        profile=_Needs.profile(one),
    )


def _coach(given: Given, one: GivenCoach) -> Coach:
    return Coach(unit=one["unit"], shifts=_hours(given, one))


def _set(bits: int) -> frozenset[int]:
    return frozenset(at for at in range(bits.bit_length()) if bits >> at & 1)


def _hours(given: Given, one: GivenCoach) -> tuple[Span, ...]:
    """Weekly hours cut inwards to quarters, then the exceptions in order, widened outwards."""
    slots = np.zeros(given["horizon"]["days"] * (DAY // SLOT) + 1, np.int8)
    for weekday, begin, end in one["weekly"]:
        for day in range(weekday, given["horizon"]["days"], 7):
            first = day * DAY // SLOT
            slots[first - (-begin // SLOT) : first + end // SLOT] = 1
    for day, begin, end, on in one["exceptions"]:
        first = day * DAY // SLOT
        slots[first + begin // SLOT : first - (-end // SLOT)] = on
    slots[-1] = 0
    edges = np.flatnonzero(np.diff(slots, prepend=0)) * SLOT
    pairs = edges.reshape(-1, 2).tolist()
    return tuple((begin, end) for begin, end in pairs)


class _Needs:
    """The kinds of support as lists of visits; the length of a visit at the site is capped."""

    KINDS = ("none", "call", "onsite", "accompany")

    def __init__(self, given: Given) -> None:
        self._given = given
        rules = given["rules"]
        call = rules["call_min"]
        self._before = VisitNeed(
            earliest=-rules["call_before_window"], latest=-call, minutes=call, presence=REMOTE
        )
        self._after = VisitNeed(
            earliest=0,
            latest=rules["checkin_window"],
            minutes=call,
            presence=REMOTE,
            from_end=True,
        )

    @staticmethod
    def profile(one: GivenClient) -> int:
        """Kind and minutes as one number."""
        return one["support"]["minutes"] * 4 + _Needs.KINDS.index(one["support"]["kind"])

    def usual(self) -> dict[tuple[int, int], tuple[VisitNeed, ...]]:
        """The visits by kind, minutes and length of the gig."""
        profiles = {self.profile(one) for one in self._given["clients"]}
        lengths = {one["minutes"] for one in self._given["orders"]}
        return {
            (profile, length): self._visits(profile % 4, min(profile // 4, length))
            for profile in profiles
            for length in lengths
        }

    def where_known(
        self, people: Sequence[GivenClient]
    ) -> dict[tuple[int, int], tuple[VisitNeed, ...]]:
        """Who is helped on site needs only calls where they know the party."""
        return dict.fromkeys(self._known(people), (self._before, self._after))

    def _known(self, people: Sequence[GivenClient]) -> Iterator[tuple[int, int]]:
        of_party: dict[int, list[int]] = {}
        for number, order in enumerate(self._given["orders"]):
            of_party.setdefault(order["party"], []).append(number)
        for client, one in enumerate(people):
            if one["support"]["kind"] == "onsite":
                for party in one["known"]:
                    yield from ((client, order) for order in of_party.get(party, []))

    def _visits(self, kind: int, minutes: int) -> tuple[VisitNeed, ...]:
        share = self._given["rules"]["onsite_share"]
        if self.KINDS[kind] == "call":
            return (self._before, self._after)
        if self.KINDS[kind] == "onsite":
            on_site = VisitNeed(earliest=0, latest=0, minutes=minutes, ratio=share)
            return (on_site, self._after)
        if self.KINDS[kind] == "accompany":
            return (VisitNeed(earliest=0, latest=0, minutes=minutes, presence=ESCORT),)
        return ()
