"""What an empty place is said to lack."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from jobcenter.matching.loading.facts import ClientFact, Details
from jobcenter.matching.loading.hours import HoursFact
from jobcenter.matching.loading.layout import lay_out
from jobcenter.matching.thinking.nobody import CODES, commonest_failure
from tests.matching import folk

EVENINGS = tuple(HoursFact(day, 1020, 1200) for day in range(7))


def weak(name: str) -> ClientFact:
    return replace(folk.client(name), limits=(1, 1, 1, 1, 1, 1))


def late(name: str) -> ClientFact:
    return folk.client(name, details=Details(hours=EVENINGS))


def far(name: str) -> ClientFact:
    return replace(folk.client(name), travel_minutes=1)


def weak_and_late(name: str) -> ClientFact:
    return replace(late(name), limits=(1, 1, 1, 1, 1, 1))


def helped(name: str) -> ClientFact:
    return folk.needing(name, START=2)


@pytest.mark.parametrize(
    ("clients", "code"),
    [
        ((weak("a"), weak("b"), late("c")), "demands"),
        ((weak("a"), late("b"), late("c")), "available"),
        ((far("a"),), "trip"),
        # Those whom two rules keep away count only where nobody is nearer.
        ((weak_and_late("a"), weak_and_late("b"), far("c")), "trip"),
        ((weak_and_late("a"), weak_and_late("b")), "demands"),
        # Without a coach the last rule, support, is what is missing.
        ((helped("a"), helped("b"), far("c")), "support"),
    ],
)
def test_the_rule_that_alone_keeps_most_people_away(
    clients: Iterable[ClientFact], code: str
) -> None:
    problem = lay_out(folk.world(folk.order(), clients=tuple(clients))).problem
    assert commonest_failure(problem, 0) == code


def test_every_rule_has_a_code_and_support_is_the_last() -> None:
    assert len(CODES) == len(set(CODES))
    assert CODES[-1] == "support"


def test_nobody_at_all_is_no_trouble() -> None:
    problem = lay_out(folk.world(folk.order())).problem
    assert commonest_failure(problem, 0) in CODES
