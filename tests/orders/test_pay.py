"""Pay, price and cancellation to the cent and to the second."""

from datetime import UTC, date, datetime, timedelta

import pytest

from jobcenter.effects import pay_day
from jobcenter.errors import RuleMissing
from jobcenter.orders.pay import (
    CancellationTerm,
    Price,
    Rates,
    cancellation,
    pay_cents,
    price,
    rates_on,
    report_due,
    share_cents,
)
from jobcenter.reference.pay import CANCELLATION_STEPS, figures

RATES = Rates(side_costs=2200, fee=0, vat=2550)
TERMS = [CancellationTerm(minutes, percent) for minutes, percent in CANCELLATION_STEPS]
START = datetime(2026, 11, 24, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hourly", "minutes", "cents"),
    [
        (1150, 180, 3450),
        (2000, 360, 12000),
        (2000, 270, 9000),
        (1200, 180, 3600),
        (1150, 30, 575),
        (1151, 30, 576),
        (1130, 45, 848),
        (1123, 20, 374),
        (1120, 480, 8960),
    ],
)
def test_pay_is_rounded_half_up(hourly: int, minutes: int, cents: int) -> None:
    assert pay_cents(hourly, minutes) == cents


@pytest.mark.parametrize(
    ("cents", "points", "share"), [(3450, 2200, 759), (25, 2200, 6), (50, 100, 1), (49, 100, 0)]
)
def test_a_share_is_rounded_half_up(cents: int, points: int, share: int) -> None:
    assert share_cents(cents, points) == share


def test_an_order_costs_pay_side_costs_fee_and_vat() -> None:
    one = price(1150, 180, RATES)
    assert one == Price(3450, 759, 0, 1073)
    assert (one.net_cents, one.total_cents) == (4209, 5282)


def test_every_place_is_a_line_of_its_own() -> None:
    assert price(1150, 180, RATES, places=3).total_cents == 3 * 5282
    assert price(1151, 30, RATES, places=2).pay_cents == 2 * 576


def test_a_fee_is_a_share_of_pay() -> None:
    with_fee = price(1000, 60, Rates(side_costs=2200, fee=500, vat=0))
    assert (with_fee.fee_cents, with_fee.total_cents) == (50, 1270)


def test_the_rates_of_the_day_are_used() -> None:
    assert rates_on(figures(2026), date(2027, 3, 28)) == RATES
    with pytest.raises(RuleMissing):
        rates_on(figures(2026), date(2031, 1, 1))


@pytest.mark.parametrize(
    ("left", "late", "percent", "cents"),
    [
        (timedelta(days=5), False, 0, 0),
        (timedelta(hours=48), False, 0, 0),
        (timedelta(hours=47, minutes=59, seconds=59), True, 50, 1800),
        (timedelta(hours=24), True, 50, 1800),
        (timedelta(hours=23, minutes=59, seconds=59), True, 100, 3600),
        (timedelta(hours=2), True, 100, 3600),
        (timedelta(), True, 100, 3600),
        (timedelta(hours=-1), True, 100, 3600),
    ],
)
def test_a_cancellation_costs_more_the_later_it_comes(
    left: timedelta, percent: int, cents: int, *, late: bool
) -> None:
    owed = cancellation(TERMS, pay=3600, start=START, now=START - left)
    assert (owed.late, owed.percent, owed.cents) == (late, percent, cents)


def test_half_of_an_odd_pay_is_rounded_up() -> None:
    owed = cancellation(TERMS, pay=3451, start=START, now=START - timedelta(hours=30))
    assert owed.cents == 1726


def test_missing_terms_stop() -> None:
    with pytest.raises(RuleMissing, match="cancellation terms are missing for 2026-11-24"):
        cancellation([], pay=1, start=START, now=START)


def test_hours_count_as_they_pass_when_the_clocks_change() -> None:
    start = datetime(2027, 3, 28, 9, tzinfo=UTC)
    assert not cancellation(TERMS, pay=1, start=start, now=start - timedelta(hours=48)).late


@pytest.mark.parametrize(
    ("worked", "paid", "due"),
    [
        (date(2026, 11, 24), date(2026, 12, 15), date(2026, 12, 21)),
        (date(2026, 12, 31), date(2027, 1, 15), date(2027, 1, 20)),
        (date(2027, 1, 1), date(2027, 2, 15), date(2027, 2, 22)),
    ],
)
def test_pay_comes_on_the_15th_and_the_register_knows_five_days_later(
    worked: date, paid: date, due: date
) -> None:
    assert pay_day(worked) == paid
    assert report_due(paid) == due
