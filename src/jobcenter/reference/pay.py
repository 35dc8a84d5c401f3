"""Plausible, assumed figures for pay and terms; every one is dated data that a city replaces."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from jobcenter.figures import DatedFigure

# Euro cents an hour: floor and usual ceiling of each pay group.
PAY_GROUPS: Mapping[str, tuple[int, int]] = {
    "G1": (1120, 1190),
    "G2": (1190, 1270),
    "G3": (1270, 1370),
    "G4": (1370, 1500),
    "G5": (1600, 2200),
}
# Basis points on top of pay.
SIDE_COSTS = 2200
FEE = 0
VAT = 2550
# What a worker is paid of a gig that their own unit had to call off.
UNIT_CANCELS = 10000
SUPPLEMENTS: Mapping[str, int] = {
    "evening": 1500,
    "night": 3000,
    "saturday": 2000,
    "sunday": 10000,
    "holiday_compensation": 900,
}
# How long a client has to answer, in minutes, by the time that is left.
ANSWER_MINUTES: Mapping[str, int] = {"far": 24 * 60, "near": 4 * 60, "same_day": 60}
# How many different clients one person may look at in an hour before somebody is told.
MOST_LOOKS = 80
MOST_STRANGERS = 5
# How many days of work activity a week a law allows: Act 189/2001, 13 section.
ACTIVITY_DAYS: Mapping[str, int] = {"189/2001": 4}
SOURCE = "Assumed for the demonstration, to be confirmed by the city"


@dataclass(frozen=True, slots=True)
class CancellationRow:
    """Who cancels with at least `minutes_before` left pays `percent` of the gig's pay."""

    contract_form: str
    employer_kind: str
    minutes_before: int
    percent: int
    valid_from: date
    valid_to: date | None
    source: str


def figures(first_year: int, *, years: int = 3) -> tuple[DatedFigure, ...]:
    """Return every figure for the given years, one row a year."""
    amounts: list[tuple[str, str, int]] = [
        *(("pay_floor", group, floor) for group, (floor, _) in PAY_GROUPS.items()),
        *(("pay_ceiling", group, ceiling) for group, (_, ceiling) in PAY_GROUPS.items()),
        *(("supplement", name, points) for name, points in SUPPLEMENTS.items()),
        *(("answer_minutes", name, minutes) for name, minutes in ANSWER_MINUTES.items()),
        ("looks_an_hour", "people", MOST_LOOKS),
        ("looks_an_hour", "strangers", MOST_STRANGERS),
        *(("activity_days", law, days) for law, days in ACTIVITY_DAYS.items()),
        ("side_costs", "", SIDE_COSTS),
        ("fee", "", FEE),
        ("vat", "", VAT),
        ("unit_cancels", "", UNIT_CANCELS),
        # A made-up city sends round the clock: whoever tries it out need not wait for the morning.
        ("quiet_from", "", 0),
        ("quiet_to", "", 0),
        ("offer_hours", "from", 0),
        ("offer_hours", "until", 24 * 60),
    ]
    return tuple(
        DatedFigure(kind, key, amount, date(year, 1, 1), date(year + 1, 1, 1), SOURCE)
        for kind, key, amount in amounts
        for year in range(first_year, first_year + years)
    )


# Late is under 48 hours; exactly 24 hours still counts as the milder half.
CANCELLATION_STEPS: tuple[tuple[int, int], ...] = ((48 * 60, 0), (24 * 60, 50), (0, 100))
EMPLOYER_KINDS = ("CITY", "ORDERER", "STAFFING_COMPANY", "NGO")


def cancellation_rows(
    first_year: int, *, contract_form: str = "fixed_term"
) -> tuple[CancellationRow, ...]:
    """Return the 0, 50 and 100 per cent terms for every employer of record."""
    return tuple(
        CancellationRow(contract_form, kind, minutes, percent, date(first_year, 1, 1), None, SOURCE)
        for kind in EMPLOYER_KINDS
        for minutes, percent in CANCELLATION_STEPS
    )
