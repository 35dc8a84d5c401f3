"""What a round is asked, and what it answers: plain data that travels between processes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from jobcenter.matching.loading.facts import Facts
from jobcenter.orders.finds import Found


@dataclass(frozen=True, slots=True)
class Question:
    """Who should go to these orders in this world.

    In a repair the joint plan's picks for all other orders stay as they are, and near misses are
    looked for only where the order itself has changed; who waits for support, everywhere.
    """

    facts: Facts
    orders: frozenset[UUID]
    repair: bool = False
    changed: frozenset[UUID] = frozenset()
    seconds: float = 60.0
    """After so long the plan is improved no further; what takes less is the same every time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The joint plan in figures, and what was found for each order.

    A plan that breaks a rule is thrown away: then there are only its `breaches`.
    """

    found: tuple[Found, ...] = ()
    places: int = 0
    picks: int = 0
    visits: int = 0
    value: int = 0
    bound: int = 0
    unfilled: Mapping[str, int] = field(default_factory=dict)
    breaches: tuple[str, ...] = ()
