"""Made-up instances of gigmatch-1: a town, and a countryside that is different on purpose.

In the town people, work and coaches lie around centres. In the countryside the ways are long, one
employer gives most of the work, every gig begins at eight, and a few coaches cover all of it: a
matcher tuned to the one has no advantage in the other. The same seed gives the same instance.
"""

import gzip
import json
import random
import sys
from pathlib import Path

DAYS, GRID = 14, 15
RULES = {
    "travel_base_min": 4, "travel_min_per_km": 3, "travel_zero_below_m": 100, "gap_min": 15,
    "night_rest_min": 660, "onsite_share": 3, "call_min": 15, "call_before_window": 1440,
    "checkin_window": 1440,
}  # fmt: skip
WEIGHTS = {
    "base": 200, "priority": 40, "interest": 50, "distance": 150, "comfort": 10, "comfort_cap": 2,
    "wait": 2, "wait_cap": 100, "known": 60,
}  # fmt: skip
Json = dict[str, object]


def town(seed: int, *, clients: int, orders: int, coaches: int) -> Json:
    """People, work and coaches around a handful of centres; morning, day and evening."""
    chance = random.Random(seed)
    centres = [(chance.uniform(-0.06, 0.06), chance.uniform(-0.1, 0.1)) for _ in range(6)]
    return _instance(
        chance,
        centres,
        spread=0.015,
        people=clients,
        gigs=orders,
        helpers=coaches,
        opens=(420, 900),
        reach=(3000, 5000, 8000),
        parties=max(orders // 5, 2),
    )


def countryside(seed: int, *, clients: int, orders: int, coaches: int) -> Json:
    """Far villages, one large employer, every gig at eight, few coaches with long ways."""
    chance = random.Random(seed)
    villages = [(chance.uniform(-0.4, 0.4), chance.uniform(-0.7, 0.7)) for _ in range(12)]
    return _instance(
        chance,
        villages,
        spread=0.03,
        people=clients,
        gigs=orders,
        helpers=max(coaches // 3, 1),
        opens=(480, 480),
        reach=(15000, 30000, 50000),
        parties=3,
    )


def write(instance: Json, path: Path) -> None:
    """Write an instance, packed when the name ends so."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "wt", encoding="utf-8") as file:
        json.dump(instance, file)


def _instance(
    chance: random.Random,
    centres: list[tuple[float, float]],
    *,
    spread: float,
    people: int,
    gigs: int,
    helpers: int,
    opens: tuple[int, int],
    reach: tuple[int, ...],
    parties: int,
) -> Json:
    def spot() -> Json:
        lat, lon = chance.choice(centres)
        return {
            "lat": round(60.5 + chance.gauss(lat, spread), 6),
            "lon": round(25.0 + chance.gauss(lon, 2 * spread), 6),
        }

    units = [spot() for _ in range(max(helpers // 4, 1))]
    sites = [spot() for _ in range(parties)]
    return {
        "format": "gigmatch-1",
        "horizon": {"start": "2026-11-23", "days": DAYS, "slot_minutes": GRID},
        "origin": {"lat": 60.5, "lon": 25.0},
        "week_of_day": [day // 7 for day in range(DAYS)],
        "month_of_day": [int(day > 7) for day in range(DAYS)],
        "rules": RULES,
        "weights": WEIGHTS,
        "units": [{"id": f"u{at}", "region": 0} | unit for at, unit in enumerate(units)],
        "clients": [
            {"id": f"c{at}"} | spot() | _client(chance, len(units), reach, parties)
            for at in range(people)
        ],
        "orders": [{"id": f"o{at}"} | _order(chance, sites, opens) for at in range(gigs)],
        "coaches": [
            {"id": f"q{at}", "unit": at % len(units), "exceptions": _days_off(chance)}
            | units[at % len(units)]
            | {"weekly": _week(chance, 5, 0.6, (420, 600))}
            for at in range(helpers)
        ],
        "fixed": [],
    }


def _week(
    chance: random.Random, days: int, share: float, begin: tuple[int, int]
) -> list[list[int]]:
    week = []
    for day in range(days):
        if chance.random() < share:
            first = chance.randrange(begin[0], begin[1], GRID)
            week.append([day, first, first + GRID * chance.randrange(14, 34)])
    return week


def _days_off(chance: random.Random) -> list[list[int]]:
    return [[chance.randrange(DAYS), 0, 1440, 0]] if chance.random() < 0.2 else []


def _client(chance: random.Random, units: int, reach: tuple[int, ...], parties: int) -> Json:
    kind = chance.choices(("none", "call", "onsite", "accompany"), (40, 25, 28, 7))[0]
    liked = [chance.choices(range(5), (12, 23, 30, 20, 15))[0] for _ in range(16)]
    return {
        "unit": chance.randrange(units),
        "radius_m": chance.choice(reach),
        "quals": chance.getrandbits(12) & chance.getrandbits(12),
        "limits": [chance.choices(range(5), (3, 12, 30, 30, 25))[0] for _ in range(8)],
        "interests": liked,
        "blocked": sum(1 << at for at, points in enumerate(liked) if not points),
        "weekly": _week(chance, 7, 0.45, (390, 600)),
        "exceptions": _days_off(chance),
        "week_minutes": [chance.choice((300, 480, 600, 900))] * 2,
        "month_cents": [chance.choice((8000, 20000, 40000, 83500)) for _ in range(2)],
        "wait_days": min(int(chance.expovariate(0.04)), 120),
        "known": sorted({chance.randrange(parties) for _ in range(chance.randrange(3))}),
        "support": {
            "kind": kind,
            "minutes": chance.choice((30, 60, 120)) if kind in {"onsite", "accompany"} else 0,
        },
    }


def _order(chance: random.Random, sites: list[Json], opens: tuple[int, int]) -> Json:
    # Half of the work is the first party's when there are few: one large employer.
    party = 0 if len(sites) < 5 and chance.random() < 0.5 else chance.randrange(len(sites))
    minutes, day = chance.choice((60, 90, 120, 180, 240)), chance.randrange(DAYS)
    first = chance.randrange(opens[0], opens[1] + 1, GRID)
    starts = {day * 1440 + first + step * 60 for step in range(chance.choice((1, 1, 1, 2, 3)))}
    if opens[0] == opens[1]:
        starts = {((day + step) % DAYS) * 1440 + first for step in range(len(starts))}
    return {
        "party": party,
        "category": chance.randrange(16),
        **sites[party],
        "workers": chance.choice((1, 1, 1, 1, 2, 3)),
        "minutes": minutes,
        "starts": sorted(starts),
        "quals": 1 << chance.randrange(12) if chance.random() < 0.4 else 0,
        "demands": [chance.choices(range(4), (42, 33, 20, 5))[0] for _ in range(8)],
        "pay_cents": minutes * chance.randrange(15, 27),
        "priority": chance.choices(range(4), (50, 30, 15, 5))[0],
    }


def main() -> None:
    kind, clients, orders, coaches, seed, path = sys.argv[1:]
    made = {"town": town, "countryside": countryside}[kind](
        int(seed), clients=int(clients), orders=int(orders), coaches=int(coaches)
    )
    write(made, Path(path))


if __name__ == "__main__":
    main()
