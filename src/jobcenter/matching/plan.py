"""The shape of an answer: who goes where and when, and which coach is there."""

from __future__ import annotations

from dataclasses import dataclass

from jobcenter.matching.problem import NOBODY


@dataclass(frozen=True, slots=True, order=True)
class Pick:
    """One client for one place of one order at one of its starts (in minutes)."""

    order: int
    client: int
    start: int


@dataclass(frozen=True, slots=True, order=True)
class Served:
    """One needed visit: the `visit`-th of the client's template at that order."""

    client: int
    visit: int


@dataclass(frozen=True, slots=True, order=True)
class Booking:
    """A coach's visit for one gig, or for several of one group order."""

    coach: int
    order: int
    begin: int
    minutes: int
    serves: tuple[Served, ...]
    joins: int = NOBODY
    """Row of `Coaches.busy` when clients join a visit that is already booked or held."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Picks, and every visit they require on a coach and a minute."""

    picks: tuple[Pick, ...] = ()
    bookings: tuple[Booking, ...] = ()
