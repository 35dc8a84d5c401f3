"""What a gig's pay does to a person's benefits: dated rules in, exact cents out.

We state rule, figures and date; Kela or the pension institution decides. A missing rule stops; it
never means that there is no limit. Ceilings and tapers only; rows and ledger are in `benefits`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from jobcenter.errors import RuleMissing
from jobcenter.times import first_of_month, next_month

Kind = Literal["MONTH", "CALENDAR_YEAR", "TAPER"]
CountsBy = Literal["payment", "work"]
# What the client's page says of this gig's pay, mildest first.
Word = Literal["fits", "may_lower", "talk_first"]
NET = "net"
PAY_DAY = 15
GROSS = ("pay", "supplements", "holiday_compensation")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of one benefit for a time; `valid_to` is the first day on which it no longer holds.

    MONTH and CALENDAR_YEAR: earnings up to `amount_cents` are fine. TAPER: the benefit falls by
    `taper_percent` of what is earned above `amount_cents`, of which at most `kept_most_cents` is
    kept, on the average of `averaging_months` months.
    """

    benefit: str
    kind: Kind
    valid_from: date
    valid_to: date | None
    source: str
    amount_cents: int | None = None
    taper_percent: int | None = None
    averaging_months: int | None = None
    kept_most_cents: int | None = None
    counts_by: CountsBy = "payment"
    components: tuple[str, ...] = GROSS
    standing: str = "assumed"


def pay_day(worked_on: date) -> date:
    """Return when work of that day is paid: the 15th of the next month (SETTLED 12)."""
    return next_month(worked_on).replace(day=PAY_DAY)


@dataclass(frozen=True, slots=True)
class GigPay:
    """A gig's pay by component in cents, the net pay if known, and the two days that may count."""

    components: Mapping[str, int]
    worked_on: date
    paid_on: date
    net_cents: int | None = None

    def counted(self, rule: Rule) -> int:
        """Return the cents that the rule counts; gross stands in for a net that is not known."""
        if NET in rule.components and self.net_cents is not None:
            return self.net_cents
        wanted = GROSS if NET in rule.components else rule.components
        return sum(self.components.get(name, 0) for name in wanted)

    def day(self, rule: Rule) -> date:
        """Return the day by which the rule counts this pay."""
        return self.worked_on if rule.counts_by == "work" else self.paid_on


@dataclass(frozen=True, slots=True)
class Earnings:
    """What is already earned, taken or told by month (its first day), by payment and by work."""

    by_payment: Mapping[date, int] = field(default_factory=dict)
    by_work: Mapping[date, int] = field(default_factory=dict)

    def months(self, rule: Rule) -> Mapping[date, int]:
        """Return the months in the way in which the rule counts."""
        return self.by_work if rule.counts_by == "work" else self.by_payment


@dataclass(frozen=True, slots=True)
class Ceiling:
    """One limit with this gig in it; `over_cents` is nothing when the gig fits."""

    rule: Rule
    period: date
    limit_cents: int
    earned_cents: int
    gig_cents: int

    @property
    def room_cents(self) -> int:
        """Return what may still be earned without this gig."""
        return max(0, self.limit_cents - self.earned_cents)

    @property
    def over_cents(self) -> int:
        """Return by how much the limit would be passed."""
        return max(0, self.earned_cents + self.gig_cents - self.limit_cents)

    @property
    def fits(self) -> bool:
        """Return whether the gig's pay stays within the limit."""
        return self.over_cents == 0


@dataclass(frozen=True, slots=True)
class Effect:
    """What this gig does to one benefit: it falls by `lost_cents`, `in_hand_cents` stay."""

    benefit: str
    gig_cents: int
    lost_cents: int
    ceiling: Ceiling | None

    @property
    def in_hand_cents(self) -> int:
        """Return what the person has more, by this benefit alone."""
        return self.gig_cents - self.lost_cents

    @property
    def word(self) -> Word:
        """Return what the client's page says."""
        if self.ceiling and not self.ceiling.fits:
            return "talk_first"
        return "may_lower" if self.lost_cents else "fits"


def ceiling_check(
    rules: Iterable[Rule],
    benefit: str,
    *,
    gig: GigPay,
    earnings: Earnings,
    personal_limit_cents: int | None = None,
) -> Ceiling | None:
    """Return the strictest limit of the benefit for this gig, or None where there is only a taper.

    A limit that changes within the period is checked on both sides of the change.
    """
    own = [rule for rule in rules if rule.benefit == benefit]
    _rules_on(own, benefit, gig)
    limits = [rule for rule in own if rule.kind != "TAPER" and _touches(rule, gig)]
    ceilings = [_ceiling(rule, gig, earnings, personal_limit_cents) for rule in limits]
    return max(ceilings, key=lambda c: c.earned_cents + c.gig_cents - c.limit_cents, default=None)


def effect(
    rules: Iterable[Rule],
    benefit: str,
    *,
    gig: GigPay,
    earnings: Earnings,
    personal_limit_cents: int | None = None,
) -> Effect:
    """Return what the gig does to one benefit, by the rules of its own day."""
    own = [rule for rule in rules if rule.benefit == benefit]
    valid = _rules_on(own, benefit, gig)
    tapers = [rule for rule in valid if rule.kind == "TAPER"]
    counting = (tapers or valid)[0]
    return Effect(
        benefit=benefit,
        gig_cents=gig.counted(counting),
        lost_cents=sum(_lost(rule, gig, earnings, personal_limit_cents) for rule in tapers),
        ceiling=ceiling_check(
            own, benefit, gig=gig, earnings=earnings, personal_limit_cents=personal_limit_cents
        ),
    )


def word_of(effects: Iterable[Effect]) -> Word:
    """Return the gravest word over all benefits; without any benefit the pay simply fits."""
    gravity: tuple[Word, ...] = ("fits", "may_lower", "talk_first")
    return max((one.word for one in effects), key=gravity.index, default="fits")


def minutes_that_fit(room_cents: int, hourly_cents: int, *, step: int = 30) -> int:
    """Return the longest work, in whole steps, whose pay stays within the room."""
    return room_cents * 60 // hourly_cents // step * step


def period_of(rule: Rule, day: date) -> tuple[date, date]:
    """Return the first day of the rule's month or year around that day, and of the next one."""
    if rule.kind == "CALENDAR_YEAR":
        return date(day.year, 1, 1), date(day.year + 1, 1, 1)
    return first_of_month(day), next_month(day)


def _rules_on(own: list[Rule], benefit: str, gig: GigPay) -> list[Rule]:
    valid = [rule for rule in own if _holds(rule, gig.day(rule))]
    if not valid:
        raise RuleMissing(
            "The rule for {benefit} is missing for {day}. Add the rule first.",
            benefit=benefit,
            day=gig.paid_on.isoformat(),
        )
    return valid


def _holds(rule: Rule, day: date) -> bool:
    return rule.valid_from <= day and (rule.valid_to is None or day < rule.valid_to)


def _touches(rule: Rule, gig: GigPay) -> bool:
    """Return whether the rule holds on any day of the period in which this gig counts."""
    begins, ends = period_of(rule, gig.day(rule))
    return rule.valid_from < ends and (rule.valid_to is None or begins < rule.valid_to)


def _ceiling(rule: Rule, gig: GigPay, earnings: Earnings, personal: int | None) -> Ceiling:
    begins, ends = period_of(rule, gig.day(rule))
    months = earnings.months(rule)
    return Ceiling(
        rule=rule,
        period=begins,
        # A person's own limit may lie above what everybody has, never below.
        limit_cents=max(rule.amount_cents or 0, personal or 0),
        earned_cents=sum(cents for month, cents in months.items() if begins <= month < ends),
        gig_cents=gig.counted(rule),
    )


def _lost(rule: Rule, gig: GigPay, earnings: Earnings, personal: int | None) -> int:
    """Return by how much the benefit of the gig's month falls because of the gig."""
    months = rule.averaging_months or 1
    month = first_of_month(gig.day(rule))
    earned = earnings.months(rule)
    before = sum(earned.get(_months_earlier(month, back), 0) for back in range(months))
    after = before + gig.counted(rule)
    free = max(rule.amount_cents or 0, personal or 0)
    return _deducted(rule, after, months, free) - _deducted(rule, before, months, free)


def _deducted(rule: Rule, total_cents: int, months: int, free_cents: int) -> int:
    """Return the deduction from one month's benefit, rounded half up to cents."""
    above = max(0, total_cents - free_cents * months)
    deducted = _rounded(above * (rule.taper_percent or 0), 100 * months)
    if rule.kept_most_cents is None:
        return deducted
    return max(deducted, _rounded(above, months) - rule.kept_most_cents)


def _rounded(cents: int, parts: int) -> int:
    return (2 * cents + parts) // (2 * parts)


def _months_earlier(month: date, count: int) -> date:
    months = month.year * 12 + month.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)
