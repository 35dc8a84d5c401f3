"""What a client may still earn, and in which period a gig's pay counts."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from jobcenter.effects import Rule
from jobcenter.matching.loading.facts import BenefitFact, ClientFact, Details, EarnedFact, GigFact
from jobcenter.matching.loading.limits import Limits
from jobcenter.matching.problem import NOBODY
from tests.matching import folk

NOVEMBER = datetime(2026, 11, 24, 8, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 1, 8, tzinfo=UTC)
PENSION = "disability_pension"
MONTHLY = Rule(PENSION, "MONTH", date(2026, 1, 1), date(2027, 1, 1), "test", amount_cents=99_090)
NEXT_YEAR = replace(MONTHLY, valid_from=date(2027, 1, 1), valid_to=None, amount_cents=100_000)
BY_WORK = replace(MONTHLY, counts_by="work")
TAPER = Rule("general_support", "TAPER", date(2026, 5, 1), None, "test", taper_percent=50)


def pensioner(
    *earned: EarnedFact, personal: int | None = None, benefit: str = PENSION
) -> ClientFact:
    own = BenefitFact(benefit, personal, date(2026, 1, 1), None)
    return folk.client(details=Details(benefits=(own,), earned=earned))


def earned(cents: int, *, month: date = date(2026, 12, 1), by_choice: bool = False) -> EarnedFact:
    return EarnedFact(PENSION, "MONTH", month, cents, by_choice)


def left(client: ClientFact, *rules: Rule, start: datetime = NOVEMBER) -> list[int]:
    """Return the cents left under each limit that this start's pay counts towards."""
    limits = Limits(rules, [client])
    counted = {(kind, period) for kind, (_, period) in enumerate(limits.pay(start, 3450))}
    return [cents for kind, period, cents in limits.left(client, ()) if (kind, period) in counted]


def test_novembers_work_counts_in_december_when_it_is_paid() -> None:
    client = pensioner(earned(90_000), earned(50_000, month=date(2026, 11, 1)))
    assert left(client, MONTHLY) == [9_090]


def test_a_limit_by_month_of_work_counts_in_november() -> None:
    client = pensioner(earned(90_000), earned(50_000, month=date(2026, 11, 1)))
    assert left(client, BY_WORK) == [49_090]


def test_decembers_work_is_paid_under_next_years_rule() -> None:
    assert left(pensioner(), MONTHLY, NEXT_YEAR, start=DECEMBER) == [100_000]


@pytest.mark.parametrize(("personal", "cents"), [(120_000, 120_000), (50_000, 99_090)])
def test_an_own_limit_may_only_be_higher(personal: int, cents: int) -> None:
    assert left(pensioner(personal=personal), MONTHLY) == [cents]


def test_a_limit_passed_by_choice_is_none() -> None:
    assert left(pensioner(earned(99_000, by_choice=True)), MONTHLY) == []


def test_a_taper_is_no_limit() -> None:
    assert left(pensioner(benefit="general_support"), TAPER) == []


def test_a_benefit_without_a_rule_lets_nothing_through() -> None:
    client = pensioner()
    limits = Limits((TAPER,), [client])
    assert limits.pay(NOVEMBER, 3450) == ((3450, 0),)
    assert limits.left(client, ()) == ((0, 0, 0),)


def test_others_are_not_limited_by_it() -> None:
    limits = Limits((MONTHLY,), [pensioner(), folk.client("eetu")])
    limits.pay(NOVEMBER, 3450)
    assert limits.left(folk.client("eetu"), ()) == ()


def test_a_benefit_that_has_ended_does_not_count() -> None:
    own = BenefitFact(PENSION, None, date(2026, 1, 1), date(2026, 11, 1))
    client = folk.client(details=Details(benefits=(own,)))
    assert left(client, MONTHLY) == []


def test_a_start_outside_the_rule_counts_nowhere() -> None:
    limits = Limits((MONTHLY,), [pensioner()])
    assert limits.pay(DECEMBER, 3450)[0] == (0, NOBODY)


def test_pencilled_gigs_take_their_pay() -> None:
    client = pensioner(earned(90_000))
    limits = Limits((MONTHLY,), [client])
    limits.pay(NOVEMBER, 3450)
    gig = GigFact(
        order_id=folk.key("other"),
        client_id=client.id,
        begin=datetime(2026, 11, 27, 8, tzinfo=UTC),
        end=datetime(2026, 11, 27, 10, tzinfo=UTC),
        place=folk.SITE,
        channel="OPEN",
        cents=2_300,
        pencilled=True,
    )
    assert limits.left(client, [gig]) == ((0, 0, 6_790),)
