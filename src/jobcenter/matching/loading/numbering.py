"""Gives everything that a problem mentions a small number, in the order in which it is met."""

from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar
from uuid import UUID

import numpy as np

from jobcenter.matching.loading.facts import Facts
from jobcenter.matching.problem import Travel
from jobcenter.travel import MINUTES_PER_KM, SET_OUT_MINUTES, Metres

K = TypeVar("K", bound=Hashable)


class Numbers(Generic[K]):
    """Numbers from 0 for keys; equal keys share one."""

    def __init__(self, keys: Iterable[K] = ()) -> None:
        self._numbers: dict[K, int] = {}
        self.all(keys)

    def __getitem__(self, key: K) -> int:
        return self._numbers.setdefault(key, len(self._numbers))

    def get(self, key: K) -> int | None:
        """Return the number of a key that was met before."""
        return self._numbers.get(key)

    def all(self, keys: Iterable[K]) -> frozenset[int]:
        """Return the numbers of several keys."""
        return frozenset(self[key] for key in keys)

    def keys(self) -> tuple[K, ...]:
        """Return the keys by number."""
        return tuple(self._numbers)


class Book:
    """The numbers of one problem; orders, clients and coaches keep the order of the facts."""

    def __init__(self, facts: Facts) -> None:
        self.orders = Numbers(order.id for order in facts.orders)
        self.clients = Numbers(client.id for client in facts.clients)
        self.coaches = Numbers(coach.id for coach in facts.coaches)
        self.tasks = Numbers(order.task_id for order in facts.orders)
        self.sites = Numbers(order.site_id for order in facts.orders)
        self.parties = Numbers(order.party_id for order in facts.orders)
        self.units: Numbers[UUID] = Numbers()
        self.places: Numbers[Metres] = Numbers()
        self.languages: Numbers[str] = Numbers()
        self.qualifications: Numbers[str] = Numbers()


def travel_between(places: Numbers[Metres]) -> Travel:
    """Return the trips between all places met so far, by the one formula of `jobcenter.travel`."""
    found = np.array(places.keys() or ((0, 0),), dtype=np.int64)
    return Travel(
        x=found[:, 0],
        y=found[:, 1],
        start_minutes=SET_OUT_MINUTES,
        minutes_per_km=MINUTES_PER_KM,
    )
