"""Small problems written by hand: places lie on a line, one kilometre (7 minutes) apart."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from jobcenter.matching.columns import build
from jobcenter.matching.pairs import Pairs
from jobcenter.matching.plan import Pick
from jobcenter.matching.problem import Calendar, Problem, Travel, ints
from jobcenter.matching.reasons import pair_of
from jobcenter.matching.records import Client, Coach, Order, Plans, Start
from jobcenter.matching.terms import Terms, Weights

DAY = 1440
HOUR = 60
WEEKS = 4
PLACES = 40
ALWAYS = ((0, WEEKS * 7 * DAY),)
"""A client who is free all the time."""


def at(day: int, hour: float) -> int:
    """A minute of the calendar."""
    return day * DAY + round(hour * HOUR)


def starts(*minutes: int, cents: int = 0, period: int = 0) -> tuple[Start, ...]:
    """Permitted starts, with pay that counts towards one kind of limit."""
    return tuple(Start(minute=minute, pay=((cents, period),)) for minute in minutes)


def order(*minutes: int, place: int = 0, length: int = 120, **more: object) -> Order:
    """A two-hour gig at place 0."""
    usual = Order(starts=starts(*(minutes or (at(1, 10),))), minutes=length, place=place)
    return replace(usual, **more)  # type: ignore[arg-type]  # whatever the test varies


def client(**more: object) -> Client:
    """Somebody who lives at place 0 and is always free."""
    usual = Client(home=0, free=ALWAYS)
    return replace(usual, **more)  # type: ignore[arg-type]  # whatever the test varies


def problem(
    orders: Sequence[Order],
    clients: Sequence[Client],
    coaches: Sequence[Coach] = (),
    *,
    plans: Plans | None = None,
    exceptions: Plans | None = None,
    now: int = 0,
    terms: Terms | None = None,
    weights: Weights | None = None,
) -> Problem:
    """Four whole weeks from minute 0 on."""
    days = np.arange(WEEKS * 7 + 1)
    return build(
        Calendar(now, days * DAY, days[:-1] // 7),
        Travel(np.arange(PLACES) * 1000, np.zeros(PLACES, dtype=np.int64)),
        orders=orders,
        clients=clients,
        coaches=coaches,
        plans=plans,
        exceptions=exceptions,
        terms=terms,
        weights=weights,
    )


def pair(made: Problem, client_number: int = 0, start: int | None = None) -> Pairs:
    """The first order's pair of a client at a start, by default its first."""
    minute = int(made.orders.start[0]) if start is None else start
    return pair_of(made, Pick(0, client_number, minute))


def numbers(*values: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """A column."""
    return ints(values)
