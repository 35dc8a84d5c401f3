"""Judges a plan of gigmatch-1 by the words of the format alone, with plain loops.

It shares no code with the reader or the solver, only the names of the format's fields.
"""

from __future__ import annotations

import math
from collections import Counter
from itertools import combinations, pairwise
from typing import TypedDict

from jobcenter.matching.gigmatch import (
    Given,
    GivenClient,
    GivenCoach,
    GivenOrder,
    GivenPick,
    Place,
)


class Session(TypedDict):
    """A coach's visit as it is written."""

    coach: str
    kind: str
    order: str
    start: int
    end: int
    clients: list[str]


class Written(TypedDict):
    """A plan as it is written."""

    objective: int
    bound: int
    assignments: list[GivenPick]
    sessions: list[Session]


def faults(given: Given, plan: Written) -> list[str]:
    """Everything that is wrong with a plan, in words."""
    return Judge(given, plan).faults()


class Judge:
    """An instance and a plan, and the questions about them."""

    def __init__(self, given: Given, plan: Written) -> None:
        self.given, self.plan, self.rules = given, plan, given["rules"]
        self.clients = {one["id"]: one for one in given["clients"]}
        self.orders = {one["id"]: one for one in given["orders"]}
        self.coaches = {one["id"]: one for one in given["coaches"]}
        self.gigs = [(one["client"], one["order"], one["start"]) for one in plan["assignments"]]

    def faults(self) -> list[str]:
        wrong = [fault for gig in self.gigs for fault in self._gig(*gig)]
        wrong += [f"order {order}" for order in self.orders if not self._order(order)]
        wrong += [f"person {one}" for one in self.clients if not self._person(one)]
        wrong += [f"session {at}" for at, one in enumerate(self._sessions()) if not self._sane(one)]
        wrong += [f"coach {coach}" for coach in self.coaches if not self._coach(coach)]
        if self.plan["objective"] != self.value():
            wrong.append("value")
        return wrong

    def value(self) -> int:
        return sum(self._worth(self.clients[c], self.orders[o]) for c, o, _ in self.gigs)

    def _sessions(self) -> list[Session]:
        return self.plan["sessions"]

    def _xy(self, one: Place) -> tuple[int, int]:
        origin, north = self.given["origin"], 111320
        east = north * math.cos(math.radians(origin["lat"]))
        x = math.floor((one["lon"] - origin["lon"]) * east + 0.5)
        return x, math.floor((one["lat"] - origin["lat"]) * north + 0.5)

    def _metres(self, one: Place, other: Place) -> int:
        (a, b), (c, d) = self._xy(one), self._xy(other)
        return math.isqrt((a - c) ** 2 + (b - d) ** 2)

    def _way(self, one: Place, other: Place) -> int:
        metres = self._metres(one, other)
        if metres < self.rules["travel_zero_below_m"]:
            return 0
        per_km: int = self.rules["travel_min_per_km"]
        return int(self.rules["travel_base_min"]) + math.ceil(per_km * metres / 1000)

    def _there(self, one: GivenCoach, begin: int, end: int) -> bool:
        """Whether every quarter of the time is one in which the person has time."""
        for quarter in range(begin // 15, -(-end // 15)):
            day, minute = divmod(quarter * 15, 1440)
            open_then = any(
                dow == day % 7 and -(-first // 15) * 15 <= minute < last // 15 * 15
                for dow, first, last in one["weekly"]
            )
            for when, first, last, on in one["exceptions"]:
                if when == day and first // 15 * 15 <= minute < -(-last // 15) * 15:
                    open_then = bool(on)
            if not open_then:
                return False
        return begin >= 0

    def _worth(self, client: GivenClient, order: GivenOrder) -> int:
        w = self.given["weights"]
        radius = client["radius_m"]
        spare = zip(client["limits"], order["demands"], strict=True)
        return int(
            w["base"]
            + w["priority"] * order["priority"]
            + w["interest"] * client["interests"][order["category"]]
            + w["distance"] * (radius - self._metres(client, order)) // radius
            + w["comfort"] * sum(min(limit - asked, w["comfort_cap"]) for limit, asked in spare)
            + w["wait"] * min(client["wait_days"], w["wait_cap"])
            + w["known"] * (order["party"] in client["known"])
        )

    def _gig(self, client_id: str, order_id: str, start: int) -> list[str]:
        client, order = self.clients[client_id], self.orders[order_id]
        holds = {
            "start": start in order["starts"],
            "qualification": order["quals"] & client["quals"] == order["quals"],
            "demand": all(map(int.__le__, order["demands"], client["limits"])),
            "blocked": not client["blocked"] >> order["category"] & 1,
            "radius": self._metres(client, order) <= client["radius_m"],
            "hours": self._there(client, start, start + order["minutes"]),
            "support": self._supported(client, order, start),
        }
        return [f"{name} {client_id}/{order_id}" for name, held in holds.items() if not held]

    def _order(self, order_id: str) -> bool:
        mine = [(client, start) for client, order, start in self.gigs if order == order_id]
        people, starts = {client for client, _ in mine}, {start for _, start in mine}
        enough = len(mine) <= self.orders[order_id]["workers"]
        return enough and len(people) == len(mine) and len(starts) <= 1

    def _person(self, client_id: str) -> bool:
        client = self.clients[client_id]
        mine: list[tuple[int, int, GivenOrder]] = []
        minutes, cents = Counter[int](), Counter[int]()
        for one, order_id, start in self.gigs:
            if one == client_id:
                order = self.orders[order_id]
                mine.append((start, start + order["minutes"], order))
                minutes[self.given["week_of_day"][start // 1440]] += order["minutes"]
                cents[self.given["month_of_day"][start // 1440]] += order["pay_cents"]
        return (
            all(minutes[week] <= client["week_minutes"][week] for week in minutes)
            and all(cents[month] <= client["month_cents"][month] for month in cents)
            and all(self._apart(*sorted(two, key=lambda g: g[0])) for two in combinations(mine, 2))
        )

    def _apart(self, first: tuple[int, int, GivenOrder], then: tuple[int, int, GivenOrder]) -> bool:
        least = self.rules["gap_min"] + self._way(first[2], then[2])
        if first[0] // 1440 != then[0] // 1440:
            least = max(least, self.rules["night_rest_min"])
        return bool(then[0] - first[1] >= least)

    def _supported(self, client: GivenClient, order: GivenOrder, start: int) -> bool:
        kind, end = client["support"]["kind"], start + order["minutes"]
        if kind == "onsite" and order["party"] in client["known"]:
            kind = "call"
        dose = start + min(client["support"]["minutes"], order["minutes"])
        call, rules = self.rules["call_min"], self.rules
        before, after = start - rules["call_before_window"], end + rules["checkin_window"]
        whole = self.given["horizon"]["days"] * 1440
        needed: dict[str, list[tuple[str, int, int, bool, int | None]]] = {
            "none": [],
            "call": [
                ("call_before", before, start - call, before < 0, None),
                ("checkin", end, after, after + call > whole, None),
            ],
            "onsite": [
                ("onsite", 0, start, False, dose),
                ("checkin", end, after, after + call > whole, None),
            ],
            "accompany": [("accompany", 0, start - self._way(client, order), False, dose)],
        }
        return all(
            waived
            or any(
                one["kind"] == name
                and one["order"] == order["id"]
                and client["id"] in one["clients"]
                and low <= one["start"] <= high
                and one["end"] >= (one["start"] + call if until is None else until)
                for one in self._sessions()
            )
            for name, low, high, waived, until in needed[kind]
        )

    def _sane(self, one: Session) -> bool:
        coach = self.coaches[one["coach"]]
        on_gig = {client for client, order, _ in self.gigs if order == one["order"]}
        most = self.rules["onsite_share"] if one["kind"] == "onsite" else 1
        return (
            one["start"] < one["end"]
            and self._there(coach, one["start"], one["end"])
            and 1 <= len(one["clients"]) <= most
            and all(
                client in on_gig and self.clients[client]["unit"] == coach["unit"]
                for client in one["clients"]
            )
        )

    def _coach(self, coach_id: str) -> bool:
        mine = sorted(
            (one for one in self._sessions() if one["coach"] == coach_id),
            key=lambda one: (one["start"], one["end"]),
        )
        if any(first["end"] > then["start"] for first, then in pairwise(mine)):
            return False
        left: tuple[int, GivenOrder] | None = None
        calls = 0
        for one in mine:
            length, site = one["end"] - one["start"], self.orders[one["order"]]
            if one["kind"] in {"call_before", "checkin"}:
                calls += length
                continue
            come: Place = self.clients[one["clients"][0]] if one["kind"] == "accompany" else site
            if left and one["start"] - left[0] - calls < self._way(left[1], come):
                return False
            left, calls = (one["end"], site), 0
        return True
