"""Chance that can be repeated: the same seed and the same name always roll the same."""

import random
from collections.abc import Mapping, Sequence
from typing import TypeVar
from uuid import UUID

T = TypeVar("T")


class Dice:
    """Rolls for one part of the city, so that adding to another part changes nothing here."""

    def __init__(self, *names: object) -> None:
        self._random = random.Random("/".join(str(name) for name in names))

    def id(self) -> UUID:
        return UUID(int=self._random.getrandbits(128), version=4)

    def chance(self, share: float) -> bool:
        return self._random.random() < share

    def pick(self, choices: Sequence[T]) -> T:
        return choices[self._random.randrange(len(choices))]

    def weighed(self, shares: Mapping[T, float]) -> T:
        return self._random.choices(list(shares), weights=list(shares.values()))[0]

    def some(self, choices: Sequence[T], count: int) -> list[T]:
        return self._random.sample(choices, min(count, len(choices)))

    def between(self, least: int, most: int) -> int:
        return self._random.randint(least, most)

    def near(self, middle: float, spread: float) -> float:
        return self._random.gauss(middle, spread)

    def octets(self) -> bytes:
        return self._random.randbytes(32)
