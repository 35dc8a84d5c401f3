"""The demo at three dates: a plan without a breach, within half a per cent of what is proven.

A city as it is: a tenth of the places stay unfilled, for many reasons, and coach hours bind.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from jobcenter import masterkeys
from jobcenter.database import Who
from jobcenter.matching.candidates import Supported
from jobcenter.matching.check import breaches, value
from jobcenter.matching.loading.layout import lay_out
from jobcenter.matching.loading.reading import read
from jobcenter.matching.near import waiting_for_support
from jobcenter.matching.solver import solve
from jobcenter.matching.thinking.shortlist import Shortlister
from jobcenter.seed.city import Seeding, bring_up_to_date
from tests.cast import CITY
from tests.conftest import Fresh

LEAST_SHARE = 0.995
LEAST_UNFILLED, LEAST_REASONS = 0.1, 5


@pytest.mark.parametrize(
    "morning",
    [
        datetime(2026, 11, 23, 6, tzinfo=UTC),
        datetime(2027, 3, 22, 6, tzinfo=UTC),
        datetime(2027, 6, 14, 5, tzinfo=UTC),
    ],
    ids=lambda morning: f"{morning:%Y-%m-%d}",
)
async def test_the_demos_plan_is_near_the_best_possible(fresh: Fresh, morning: datetime) -> None:
    ring = masterkeys.keyring(fresh.home)
    seeding = Seeding("city", 1, morning, CITY, "s" * 32, ring)
    await bring_up_to_date(fresh.owner_dsn, seeding)
    worker = Who(CITY, "worker")
    facts = await fresh.database.read(worker, read, now=morning, until=morning + timedelta(days=14))
    laid = lay_out(facts)
    problem = laid.problem
    result = solve(problem)
    assert problem.orders.places.sum() > 200
    assert breaches(problem, result.plan) == []
    assert value(problem, result.plan) == result.value
    assert LEAST_SHARE * result.bound <= result.value <= result.bound
    lists = Shortlister(facts, laid, result.found, result.plan)
    for number in range(problem.orders.places.size):
        lists.found(number, almost=False)
    assert lists.unfilled.total() >= LEAST_UNFILLED * problem.orders.places.sum()
    assert len(lists.unfilled) >= LEAST_REASONS
    filled = Counter(pick.order for pick in result.plan.picks)
    short = [at for at, most in enumerate(problem.orders.places.tolist()) if filled[at] < most]
    supported = Supported(problem)
    assert any(waiting_for_support(problem, at, supported) for at in short)
