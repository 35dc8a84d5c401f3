"""What a gig pays and what an order costs, in whole cents rounded half up line by line.

Every rate is handed in; which one holds on a day is a dated figure.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from jobcenter.errors import RuleMissing
from jobcenter.figures import DatedFigure, amount_on
from jobcenter.times import is_workday, next_workday

REPORT_DAYS = 5
# Basis points: hundredths of a per cent.
WHOLE = 10_000
LATE = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Rates:
    """What comes on top of pay, in basis points; fee and side costs of pay, VAT of it all."""

    side_costs: int
    fee: int
    vat: int


# Whoever is this employer of record pays the wage without us.
PAYS_BY_ITSELF = "ORDERER"


@dataclass(frozen=True, slots=True)
class Price:
    """What an order costs in cents, line by line."""

    pay_cents: int
    side_costs_cents: int
    fee_cents: int
    vat_cents: int

    @property
    def net_cents(self) -> int:
        """Return the price without VAT."""
        return self.pay_cents + self.side_costs_cents + self.fee_cents

    @property
    def total_cents(self) -> int:
        """Return the price with VAT."""
        return self.net_cents + self.vat_cents

    def __add__(self, other: "Price") -> "Price":
        """Return both together."""
        return Price(
            self.pay_cents + other.pay_cents,
            self.side_costs_cents + other.side_costs_cents,
            self.fee_cents + other.fee_cents,
            self.vat_cents + other.vat_cents,
        )

    def times(self, count: int) -> "Price":
        """Return the price of so many equal places; each is rounded by itself."""
        return Price(
            self.pay_cents * count,
            self.side_costs_cents * count,
            self.fee_cents * count,
            self.vat_cents * count,
        )


@dataclass(frozen=True, slots=True)
class CancellationTerm:
    """Who cancels with at least `minutes_before` left pays `percent` of the gig's pay."""

    minutes_before: int
    percent: int


@dataclass(frozen=True, slots=True)
class Compensation:
    """What a cancellation costs: late is less than 48 hours before the start."""

    late: bool
    percent: int
    cents: int


def pay_cents(hourly_cents: int, minutes: int) -> int:
    """Return the pay for so many minutes of work."""
    return _rounded(hourly_cents * minutes, 60)


def share_cents(cents: int, basis_points: int) -> int:
    """Return a share of an amount, such as side costs of pay."""
    return _rounded(cents * basis_points, WHOLE)


def _rounded(dividend: int, divisor: int) -> int:
    return (2 * dividend + divisor) // (2 * divisor)


def rates_on(figures: Iterable[DatedFigure], day: date) -> Rates:
    """Return the rates of that day; a missing one stops."""
    held = tuple(figures)
    return Rates(
        side_costs=amount_on(held, "side_costs", day),
        fee=amount_on(held, "fee", day),
        vat=amount_on(held, "vat", day),
    )


def price(hourly_cents: int, minutes: int, rates: Rates, *, places: int = 1) -> Price:
    """Return what an order costs without supplements: every place is a line of its own."""
    return price_of(pay_cents(hourly_cents, minutes), rates).times(places)


def price_of(pay: int, rates: Rates, *, by_itself: bool = False) -> Price:
    """Return what one place costs whose worker earns that much.

    Whoever pays the wage `by_itself` owes us the fee, and VAT for that alone.
    """
    side_costs = share_cents(pay, rates.side_costs)
    fee = share_cents(pay, rates.fee)
    return Price(
        pay_cents=pay,
        side_costs_cents=side_costs,
        fee_cents=fee,
        vat_cents=share_cents(fee if by_itself else pay + side_costs + fee, rates.vat),
    )


def cancellation(
    terms: Iterable[CancellationTerm], *, pay: int, start: datetime, now: datetime
) -> Compensation:
    """Return what an orderer owes for a gig of that pay who cancels now.

    Exactly at a term's time the milder one holds; after the start the hardest.
    """
    left = max(start - now, timedelta())
    open_terms = [term for term in terms if left >= timedelta(minutes=term.minutes_before)]
    if not open_terms:
        raise RuleMissing(
            "The cancellation terms are missing for {day}. Add them first.",
            day=start.date().isoformat(),
        )
    term = max(open_terms, key=lambda one: one.minutes_before)
    return Compensation(
        late=start - now < LATE, percent=term.percent, cents=_rounded(pay * term.percent, 100)
    )


def report_due(paid_on: date) -> date:
    """Return by when the incomes register must know: five days later, or the next working day."""
    due = paid_on + timedelta(days=REPORT_DAYS)
    return due if is_workday(due) else next_workday(due)
