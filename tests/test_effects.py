"""What a gig does to benefits: the worked examples to the cent, and the kinds of rule."""

from collections.abc import Mapping
from datetime import date

import pytest

from jobcenter.effects import (
    Earnings,
    Effect,
    GigPay,
    Rule,
    ceiling_check,
    effect,
    minutes_that_fit,
    period_of,
    word_of,
)
from jobcenter.errors import RuleMissing
from jobcenter.reference.benefits import BENEFITS, benefit_rules, pension_floor_cents

RULES = benefit_rules(2026)
PENSION, SUPPORT, ASSISTANCE = "disability_pension", "general_support", "social_assistance"
MAY = date(2026, 5, 1)


def gig_of(
    cents: int,
    *,
    paid: date = date(2026, 5, 15),
    worked: date = date(2026, 4, 20),
    net: bool = False,
) -> GigPay:
    return GigPay({"pay": cents}, worked_on=worked, paid_on=paid, net_cents=cents if net else None)


def earned(by_payment: Mapping[date, int]) -> Earnings:
    return Earnings(by_payment=by_payment)


def monthly(cents: int, begins: date, ends: date | None = None) -> Rule:
    return Rule("pension", "MONTH", begins, ends, "test", amount_cents=cents)


def test_example_a_the_pension_limit_would_be_passed_by_29_10() -> None:
    told = effect(RULES, PENSION, gig=gig_of(12000), earnings=earned({MAY: 90000}))
    assert told.ceiling is not None
    assert (told.ceiling.limit_cents, told.ceiling.over_cents) == (99090, 2910)
    assert told.word == "talk_first"
    assert minutes_that_fit(told.ceiling.room_cents, 2000) == 270
    fitting = effect(RULES, PENSION, gig=gig_of(9000), earnings=earned({MAY: 90000}))
    assert (fitting.word, fitting.lost_cents, fitting.in_hand_cents) == ("fits", 0, 9000)


def test_example_b_general_support_falls_by_half() -> None:
    told = effect(RULES, SUPPORT, gig=gig_of(4800), earnings=Earnings())
    assert (told.lost_cents, told.in_hand_cents, told.word) == (2400, 2400, "may_lower")
    assert told.ceiling is None


def test_example_c_social_assistance_before_and_after_the_change() -> None:
    after = effect(RULES, ASSISTANCE, gig=gig_of(4800, net=True), earnings=Earnings())
    assert (after.lost_cents, after.in_hand_cents) == (4800, 0)
    before = effect(
        RULES, ASSISTANCE, gig=gig_of(4800, paid=date(2026, 2, 28), net=True), earnings=Earnings()
    )
    assert (before.lost_cents, before.in_hand_cents) == (3840, 960)


def test_the_older_assistance_keeps_at_most_150_euros_a_month() -> None:
    february = date(2026, 2, 1)
    told = effect(
        RULES,
        ASSISTANCE,
        gig=gig_of(10000, paid=date(2026, 2, 28), net=True),
        earnings=earned({february: 70000}),
    )
    assert told.in_hand_cents == 1000


def test_example_d_each_row_is_used_for_its_own_dates() -> None:
    ended = effect(
        RULES,
        "labour_market_subsidy",
        gig=gig_of(4800, paid=date(2026, 4, 30)),
        earnings=Earnings(),
    )
    assert ended.lost_cents == 2400
    with pytest.raises(RuleMissing):
        effect(RULES, "labour_market_subsidy", gig=gig_of(4800, paid=MAY), earnings=Earnings())


def test_example_d_the_stricter_guard_wins_when_a_limit_changes_within_the_month() -> None:
    change = date(2026, 5, 10)
    rules = (monthly(100000, date(2026, 1, 1), change), monthly(95000, change))
    for paid in (date(2026, 5, 5), date(2026, 5, 15)):
        check = ceiling_check(
            rules, "pension", gig=gig_of(6000, paid=paid), earnings=earned({MAY: 90000})
        )
        assert check is not None
        assert (check.limit_cents, check.over_cents) == (95000, 1000)


@pytest.mark.parametrize("benefit", [PENSION, "nothing_known"])
def test_a_missing_rule_stops(benefit: str) -> None:
    gig = gig_of(100, paid=date(2035, 1, 15))
    with pytest.raises(RuleMissing, match="missing for 2035-01-15"):
        effect(RULES, benefit, gig=gig, earnings=Earnings())
    with pytest.raises(RuleMissing):
        ceiling_check(RULES, benefit, gig=gig, earnings=Earnings())


@pytest.mark.parametrize(
    ("already", "cents", "over"), [(99089, 1, 0), (99090, 1, 1), (0, 99090, 0), (98000, 2000, 910)]
)
def test_the_limit_itself_may_be_earned(already: int, cents: int, over: int) -> None:
    check = ceiling_check(RULES, PENSION, gig=gig_of(cents), earnings=earned({MAY: already}))
    assert check is not None
    assert (check.over_cents, check.fits) == (over, over == 0)


def test_a_personal_limit_lies_above_the_floor_never_below() -> None:
    for personal, limit in ((120000, 120000), (50000, 99090), (None, 99090)):
        check = ceiling_check(
            RULES, PENSION, gig=gig_of(1), earnings=Earnings(), personal_limit_cents=personal
        )
        assert check is not None
        assert check.limit_cents == limit


def test_pay_counts_in_the_month_of_payment_or_of_work_as_the_rule_says() -> None:
    by_work = Rule("pension", "MONTH", MAY, None, "test", amount_cents=50000, counts_by="work")
    gig = gig_of(1000, worked=date(2026, 5, 31), paid=date(2026, 6, 15))
    earnings = Earnings(by_payment={date(2026, 6, 1): 49500}, by_work={MAY: 10000})
    check = ceiling_check((by_work,), "pension", gig=gig, earnings=earnings)
    assert check is not None
    assert (check.period, check.earned_cents, check.fits) == (MAY, 10000, True)
    by_payment = monthly(50000, MAY)
    check = ceiling_check((by_payment,), "pension", gig=gig, earnings=earnings)
    assert check is not None
    assert (check.period, check.over_cents) == (date(2026, 6, 1), 500)


def test_a_yearly_and_a_monthly_limit_may_hold_together() -> None:
    yearly = Rule("pension", "CALENDAR_YEAR", date(2026, 1, 1), None, "test", amount_cents=300000)
    rules = (monthly(100000, date(2026, 1, 1)), yearly)
    months = {date(2026, month, 1): 70000 for month in range(1, 5)}
    gig = gig_of(30000)
    check = ceiling_check(rules, "pension", gig=gig, earnings=earned(months))
    assert check is not None
    assert check.rule is yearly
    assert (check.earned_cents, check.over_cents) == (280000, 10000)
    next_year = {date(2025, month, 1): 70000 for month in range(1, 12)}
    check = ceiling_check(rules, "pension", gig=gig, earnings=earned(next_year))
    assert check is not None
    assert check.fits


def test_a_linear_model_takes_half_above_the_limit_on_the_average_of_six_months() -> None:
    linear = Rule(
        "pension",
        "TAPER",
        date(2026, 1, 1),
        None,
        "test",
        amount_cents=90000,
        taper_percent=50,
        averaging_months=6,
    )
    quiet = effect((linear,), "pension", gig=gig_of(60000), earnings=earned({MAY: 90000}))
    assert quiet.lost_cents == 0
    months = {date(2026, month, 1): 90000 for month in range(1, 6)} | {date(2025, 12, 1): 90000}
    busy = effect((linear,), "pension", gig=gig_of(60000), earnings=earned(months))
    assert busy.lost_cents == 5000


def test_cents_round_half_up_over_the_month() -> None:
    first = effect(RULES, SUPPORT, gig=gig_of(1), earnings=Earnings())
    second = effect(RULES, SUPPORT, gig=gig_of(1), earnings=earned({MAY: 1}))
    assert (first.lost_cents, second.lost_cents) == (1, 0)


def test_only_the_components_that_the_rule_names_count() -> None:
    gig = GigPay(
        {"pay": 4000, "supplements": 500, "travel": 900}, worked_on=MAY, paid_on=MAY, net_cents=3000
    )
    assert effect(RULES, SUPPORT, gig=gig, earnings=Earnings()).gig_cents == 4500
    assert effect(RULES, ASSISTANCE, gig=gig, earnings=Earnings()).gig_cents == 3000
    unknown_net = GigPay({"pay": 4000}, worked_on=MAY, paid_on=MAY)
    assert effect(RULES, ASSISTANCE, gig=unknown_net, earnings=Earnings()).gig_cents == 4000


def test_the_gravest_word_is_told() -> None:
    fits = Effect("a", 100, 0, None)
    lowers = Effect("b", 100, 50, None)
    talk = effect(RULES, PENSION, gig=gig_of(1), earnings=earned({MAY: 99090}))
    assert word_of([]) == word_of([fits]) == "fits"
    assert word_of([lowers, fits]) == "may_lower"
    assert word_of([lowers, talk, fits]) == "talk_first"


def test_a_period_is_the_month_or_the_year() -> None:
    yearly = Rule("x", "CALENDAR_YEAR", MAY, None, "test")
    assert period_of(yearly, date(2026, 12, 31)) == (date(2026, 1, 1), date(2027, 1, 1))
    assert period_of(monthly(1, MAY), date(2026, 12, 31)) == (date(2026, 12, 1), date(2027, 1, 1))


def test_the_seeded_rules_cover_three_years_and_name_their_source() -> None:
    assert {rule.benefit for rule in RULES} == set(BENEFITS)
    assert all(rule.standing == "assumed" and rule.source for rule in RULES)
    for year in (2026, 2027, 2028):
        gig = gig_of(100, paid=date(year, 12, 15))
        assert effect(RULES, PENSION, gig=gig, earnings=Earnings()).word == "fits"
    assert pension_floor_cents(2031) == 99090
    assert pension_floor_cents(2020) == 97659
