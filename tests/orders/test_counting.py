"""Work is counted until a card is needed: by rows, with a word to the unit in good time."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest

from jobcenter.errors import CardNeeded, RuleBroken, RuleMissing
from jobcenter.orders.counting import Work, rule_on, used
from jobcenter.orders.gigs import Gig
from jobcenter.people.parties import CounterRule
from jobcenter.reference.qualifications import COUNTED
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


async def test_a_gig_before_others_does_not_push_them_past_the_mark(
    fresh: Fresh, cast: Cast
) -> None:
    await _two_days_are_the_most(fresh)
    for days in (3, 4):
        await eetu_at(cast, days)
    with pytest.raises(CardNeeded) as refused:
        await eetu_at(cast, 0)
    assert refused.value.status == 409
    # A rule that is missing on their day stops this one, too.
    await fresh.owner("UPDATE counter_rules SET valid_to = $1", (TUESDAY_TEN + DAY).date())
    with pytest.raises(RuleMissing):
        await eetu_at(cast, 0)


async def _two_days_are_the_most(fresh: Fresh) -> None:
    await fresh.owner("UPDATE task_types SET qualifications = '{HP}'")
    await fresh.owner("UPDATE counter_rules SET threshold = 2, warn_at = '{1}'")
    await fresh.owner("UPDATE clients SET week_gigs = 7")


COPIED = """
    INSERT INTO gigs (organiser_id, id, order_id, place_no, client_id, status, during, hourly_cents,
                      pay_cents, assigned_at, assigned_by, answer_by, version,
                      shows_phone)
    SELECT organiser_id, $1, $2, 1, client_id, 'assigned',
           tstzrange($3::timestamptz, $3 + interval '1 hour'), hourly_cents,
           pay_cents, assigned_at, assigned_by, answer_by, 1, false
    FROM gigs
"""


async def test_of_two_last_days_taken_at_once_one_is_refused(fresh: Fresh, cast: Cast) -> None:
    """Without any lock of ours: neither transaction has seen the other's gig when it is asked."""
    await _two_days_are_the_most(fresh)
    await eetu_at(cast, 0)
    first = await fresh.owner("SELECT id FROM gigs")
    asks = await fresh.owner("SELECT prosrc FROM pg_proc WHERE proname = 'counters_hold'")
    assert all(card in asks[0]["prosrc"] for card in COUNTED)
    both = []
    for days in (1, 2):
        start = TUESDAY_TEN + DAY * days
        order_id = await make.save_order(cast, make.order(start=start, minutes=60))
        connection = await asyncpg.connect(fresh.owner_dsn)
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(COPIED, uuid4(), order_id, start)
        both.append((connection, transaction))
    ends = await asyncio.gather(*(one.commit() for _, one in both), return_exceptions=True)
    broken = [end for end in ends if isinstance(end, asyncpg.CheckViolationError)]
    assert [one.constraint_name for one in broken] == ["counter_asks_for_card"]
    assert ends.count(None) == 1
    for connection, _ in both:
        await connection.close()
    # It came without its history; nothing of it stays.
    gone = await fresh.owner("DELETE FROM gigs WHERE id <> $1 RETURNING id", first[0]["id"])
    assert len(gone) == 1
