"""The demo at three dates: a plan without a breach, within half a per cent of what is proven."""

from datetime import UTC, datetime, timedelta

import pytest

from jobcenter import masterkeys
from jobcenter.database import Who
from jobcenter.matching.check import breaches, value
from jobcenter.matching.loading.layout import lay_out
from jobcenter.matching.loading.reading import read
from jobcenter.matching.solver import solve
from jobcenter.seed.city import Seeding, bring_up_to_date
from tests.cast import CITY
from tests.conftest import Fresh

LEAST_SHARE = 0.995


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
    problem = lay_out(facts).problem
    result = solve(problem)
    assert problem.orders.places.sum() > 200
    assert breaches(problem, result.plan) == []
    assert value(problem, result.plan) == result.value
    assert LEAST_SHARE * result.bound <= result.value <= result.bound
