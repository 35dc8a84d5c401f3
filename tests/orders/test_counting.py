"""Work is counted until a card is needed: by rows, with a word to the unit in good time."""

from datetime import timedelta

import pytest

from jobcenter.errors import RuleBroken, RuleMissing
from jobcenter.orders.counting import Work, rule_on, used
from jobcenter.orders.gigs import Gig
from jobcenter.people.parties import CounterRule
from tests import make
from tests.cast import MONDAY, THIS_YEAR, Cast
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.orders import steps

DAY = timedelta(days=1)


def rule(unit: str = "days", per: str = "ever") -> CounterRule:
    return CounterRule(
        code="HP", unit=unit, per=per, threshold=90, warn_at=[60, 80], valid_from=THIS_YEAR,
        valid_to=None, source="test",
    )  # fmt: skip


def test_days_hours_and_years_are_counted_as_the_row_says() -> None:
    today = MONDAY.date()
    last_year = today.replace(year=2025)
    worked = [Work(today, 90), Work(today, 60), Work(last_year, 120)]
    assert used(rule(), worked, today) == 2
    assert used(rule(per="year"), worked, today) == 1
    assert used(rule(unit="hours"), worked, today) == 4
    assert used(rule(unit="hours", per="year"), worked, today) == 2


def test_a_missing_row_stops() -> None:
    with pytest.raises(RuleMissing):
        rule_on([rule()], "RC", MONDAY.date())
    with pytest.raises(RuleMissing):
        rule_on([rule()], "HP", THIS_YEAR - DAY)


async def eetu_at(cast: Cast, days: int, *, qualifications: tuple[str, ...] = ()) -> Gig:
    """Assign Eetu to a gig in the kitchen so many days after Tuesday."""
    start = TUESDAY_TEN + DAY * days
    row = make.order(start=start, minutes=60)
    row.qualifications = list(qualifications)
    order_id = await make.save_order(cast, row)
    return await steps.assign(cast, order_id, cast.eetu, start=start)


async def test_the_orderer_takes_the_card_off_until_the_counter_is_full(
    fresh: Fresh, cast: Cast
) -> None:
    await fresh.owner("UPDATE task_types SET qualifications = '{HP}'")
    await fresh.owner("UPDATE counter_rules SET threshold = 2, warn_at = '{1}'")
    await fresh.owner("UPDATE clients SET week_gigs = 7")
    # Where the orderer still asks for it, it is needed from the first day on.
    with pytest.raises(RuleBroken, match="qualification"):
        await eetu_at(cast, 0, qualifications=("HP",))
    await eetu_at(cast, 0)
    told = "SELECT 1 FROM todos WHERE kind = 'card_soon'"
    assert len(await fresh.owner(told)) == 1
    await eetu_at(cast, 1)
    with pytest.raises(RuleBroken, match="card is needed"):
        await eetu_at(cast, 2)
    assert len(await fresh.owner(told)) == 1
    await fresh.owner(
        "INSERT INTO client_qualifications VALUES (1, $1, 'HP', NULL, NULL, $2)",
        cast.eetu, THIS_YEAR,
    )  # fmt: skip
    await eetu_at(cast, 2)
    # Other work asks for nothing.
    await fresh.owner("UPDATE task_types SET qualifications = '{}'")
    await fresh.owner("DELETE FROM client_qualifications")
    await eetu_at(cast, 3)
