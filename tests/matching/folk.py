"""Facts with defaults, so that a test says only what it is about."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from jobcenter.effects import Rule
from jobcenter.matching.loading.facts import (
    ClientFact,
    CoachFact,
    Details,
    Facts,
    OrderFact,
    SiteFact,
)
from jobcenter.matching.loading.hours import Grid, HoursFact
from jobcenter.people.decisions import OWN_UNIT, CoachingRule
from jobcenter.reference.strengths import STRENGTHS
from jobcenter.travel import metres
from tests.cast import CITY, MONDAY

SEED = UUID("1f0d8f4e-5f0f-4f4e-9a44-6a1c0b7d2f22")
HOME = (60.190, 24.960)
SITE = metres(60.183, 24.951)
NO_DECISION_NEEDED = (
    CoachingRule(
        organiser_id=CITY, coaching=OWN_UNIT, legal_basis="", needs=None,
        valid_from=date(2020, 1, 1), valid_to=None, source="test",
    ),
)  # fmt: skip
WEEKDAYS = tuple(HoursFact(day, 420, 1200) for day in range(5))
TUESDAY_TEN = MONDAY + timedelta(days=1, hours=1)


def key(name: str) -> UUID:
    """Return the id that this name has in every test."""
    return uuid5(SEED, name)


def order(name: str = "order", *, start: datetime = TUESDAY_TEN, places: int = 1) -> OrderFact:
    """Return three hours of dishwashing on Tuesday."""
    return OrderFact(
        id=key(name),
        version=1,
        party_id=key("party"),
        site_id=key("site"),
        task_id=key("task"),
        task_number=2,
        channel="OPEN",
        demands=(2, 1, 1, 2, 2, 0),
        outdoors=False,
        qualifications=(),
        language="",
        step_free=False,
        places=places,
        group_visit=False,
        minutes=180,
        starts=(start,),
        start=None,
        hourly_cents=1150,
        asks_for_shaping=False,
    )


def client(name: str = "aino", *, details: Details | None = None) -> ClientFact:
    """Return somebody who is free on weekdays and fine with everything."""
    return ClientFact(
        id=key(name),
        unit_id=key("unit"),
        spoken=("fi",),
        lat=HOME[0],
        lon=HOME[1],
        limits=(3, 3, 3, 3, 3, 3),
        outdoors=True,
        step_free=False,
        travel_minutes=60,
        week_minutes=1200,
        week_gigs=5,
        details=details or Details(hours=WEEKDAYS),
    )


def needing(name: str, **needs: int) -> ClientFact:
    """Return a client with support needs."""
    return client(name, details=Details(hours=WEEKDAYS, needs=needs))


def coach(name: str = "kim") -> CoachFact:
    """Return a coach who keeps eight to four for gigs."""
    hours = tuple(HoursFact(day, 480, 960) for day in range(5))
    return CoachFact(key(name), key("unit"), ("fi",), hours, ())


def world(
    *orders: OrderFact,
    clients: tuple[ClientFact, ...] = (),
    coaches: tuple[CoachFact, ...] = (),
    rules: tuple[Rule, ...] = (),
    weights: Mapping[str, int] | None = None,
    site_known: bool = True,
) -> Facts:
    """Return a small world of one unit and one site."""
    return Facts(
        now=MONDAY,
        grid=Grid(date(2026, 11, 16), 28),
        orders=orders,
        sites={key("site"): SiteFact(key("site"), SITE, site_known)},
        units={key("unit"): metres(60.187, 24.964)},
        clients=clients,
        coaches=coaches,
        gigs=(),
        visits=(),
        asked={},
        lists=(),
        rules=rules,
        weights=weights or {},
        coaching=NO_DECISION_NEEDED,
        helps={one.code: frozenset(one.tasks) for one in STRENGTHS},
    )


def with_starts(fact: OrderFact, *starts: datetime) -> OrderFact:
    """Return the order with other permitted starts."""
    return replace(fact, starts=starts)
