"""Assumed figures and terms: complete for three years, in order, and never for a year unasked."""

from datetime import date

import pytest

from jobcenter.errors import RuleMissing
from jobcenter.figures import amount_on
from jobcenter.reference.benefits import BENEFITS, benefit_rules
from jobcenter.reference.pay import (
    EMPLOYER_KINDS,
    PAY_GROUPS,
    cancellation_rows,
    figures,
)

FIGURES = figures(2026)


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2027, 6, 15), date(2028, 12, 31)])
def test_every_figure_holds_on_every_day_of_three_years(day: date) -> None:
    for group, (floor, ceiling) in PAY_GROUPS.items():
        assert amount_on(FIGURES, "pay_floor", day, key=group) == floor
        assert amount_on(FIGURES, "pay_ceiling", day, key=group) == ceiling
        assert floor < ceiling
    assert amount_on(FIGURES, "side_costs", day) == 2200
    assert amount_on(FIGURES, "fee", day) == 0
    assert amount_on(FIGURES, "vat", day) == 2550
    assert amount_on(FIGURES, "answer_minutes", day, key="far") == 1440


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2029, 1, 1)])
def test_no_figure_holds_outside(day: date) -> None:
    with pytest.raises(RuleMissing):
        amount_on(FIGURES, "side_costs", day)


def test_everything_seeded_is_marked_assumed_with_its_source() -> None:
    assert all(figure.standing == "assumed" and figure.source for figure in FIGURES)


def test_pay_groups_climb() -> None:
    floors = [floor for floor, _ in PAY_GROUPS.values()]
    assert floors == sorted(floors)


def test_each_employer_has_the_three_steps_of_cancellation() -> None:
    rows = cancellation_rows(2026)
    for kind in EMPLOYER_KINDS:
        steps = [(row.minutes_before, row.percent) for row in rows if row.employer_kind == kind]
        assert steps == [(2880, 0), (1440, 50), (0, 100)]


def test_benefit_rules_follow_the_years_asked_for() -> None:
    later = benefit_rules(2027)
    assert {rule.benefit for rule in later} == set(BENEFITS) - {"labour_market_subsidy"}
    limits = [rule for rule in later if rule.kind == "MONTH"]
    assert [rule.valid_from.year for rule in limits] == [2027, 2028, 2029] * 2
    assert len({(rule.benefit, rule.kind, rule.valid_from) for rule in later}) == len(later)
