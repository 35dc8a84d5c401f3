"""Benefit rules of Finland as far as found on 21.11.2026, each marked assumed until confirmed.

Limits that an index raises every year are given for three years and assumed to stay as they are;
what has no row stops the product with a sentence.
"""

from collections.abc import Mapping
from datetime import date

from jobcenter.effects import NET, Rule

# Benefit codes with their Finnish, Swedish and English names.
BENEFITS: Mapping[str, tuple[str, str, str]] = {
    "disability_pension": ("Työkyvyttömyyseläke", "Invalidpension", "Disability pension"),
    "rehabilitation_allowance": (
        "Kuntoutustuki",
        "Rehabiliteringsstöd",
        "Fixed-term disability pension",
    ),
    "general_support": ("Yleistuki", "Allmänt stöd", "General support"),
    "labour_market_subsidy": (
        "Työmarkkinatuki",
        "Arbetsmarknadsstöd",
        "Labour market subsidy",
    ),
    "social_assistance": ("Toimeentulotuki", "Utkomststöd", "Social assistance"),
}
# The least that a disability pension lets everybody earn in a month, by year.
PENSION_FLOOR_CENTS: Mapping[int, int] = {2024: 97659, 2025: 98630, 2026: 99090}
PENSION_SOURCE = "Guarantee pension as the floor; 2026 computed from the index, to be verified"

# Changes of law with their own dates.
_DATED: tuple[Rule, ...] = (
    Rule(
        "labour_market_subsidy",
        "TAPER",
        date(2024, 4, 1),
        date(2026, 5, 1),
        "Exempt amount ended 1.4.2024; each euro takes 50 cents",
        taper_percent=50,
    ),
    Rule(
        "general_support",
        "TAPER",
        date(2026, 5, 1),
        None,
        "General support from 1.5.2026; half of gross pay is deducted",
        taper_percent=50,
    ),
    Rule(
        "social_assistance",
        "TAPER",
        date(2015, 9, 1),
        date(2026, 3, 1),
        "Earnings deduction until 28.2.2026: 20 % kept, at most 150 euros a month",
        taper_percent=80,
        kept_most_cents=15000,
        components=(NET,),
    ),
    Rule(
        "social_assistance",
        "TAPER",
        date(2026, 3, 1),
        None,
        "Earnings deduction removed from 1.3.2026",
        taper_percent=100,
        components=(NET,),
    ),
)


def benefit_rules(first_year: int, *, years: int = 3) -> tuple[Rule, ...]:
    """Return the rules for the given years: yearly limits, and the laws that hold then."""
    begins, ends = date(first_year, 1, 1), date(first_year + years, 1, 1)
    yearly = tuple(
        Rule(
            benefit,
            "MONTH",
            date(year, 1, 1),
            date(year + 1, 1, 1),
            PENSION_SOURCE,
            amount_cents=pension_floor_cents(year),
        )
        for benefit in ("disability_pension", "rehabilitation_allowance")
        for year in range(first_year, first_year + years)
    )
    dated = tuple(
        rule
        for rule in _DATED
        if rule.valid_from < ends and (rule.valid_to is None or begins < rule.valid_to)
    )
    return yearly + dated


def pension_floor_cents(year: int) -> int:
    """Return the monthly limit assumed for a year: the last known one when it lies ahead."""
    known = [known for known in PENSION_FLOOR_CENTS if known <= year]
    return PENSION_FLOOR_CENTS[max(known, default=min(PENSION_FLOOR_CENTS))]
