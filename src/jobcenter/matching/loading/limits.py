"""Which earnings limits count the pay of a gig, in which period, and what is left under each.

The same sums as the guard in `benefits.take`: limits that hold on the day that counts, a person's
own limit where it is higher, what is taken and told. A benefit without any rule on that day lets
nothing through.
"""

from collections.abc import Iterable
from datetime import date, datetime

from jobcenter.effects import Rule, pay_day, period_of
from jobcenter.matching.loading.facts import BenefitFact, ClientFact, GigFact
from jobcenter.matching.problem import NOBODY
from jobcenter.times import local

Ceiling = tuple[int, int, int]


class Limits:
    """Numbers limits and periods as the problem wants them; ask for `pay` first, then `left`."""

    def __init__(self, rules: Iterable[Rule], clients: Iterable[ClientFact]) -> None:
        self._rules = tuple(rules)
        self._limits = [rule for rule in self._rules if rule.kind != "TAPER"]
        held = {one.benefit for client in clients for one in client.details.benefits}
        self._benefits = sorted(held)
        self._periods: list[dict[date, int]] = [{} for _ in self._limits]
        self._days: list[date] = []
        self._without: set[str] = set()

    def pay(self, start: datetime, cents: int) -> tuple[tuple[int, int], ...]:
        """Return (cents, period) by kind: first every limit, then every benefit without a rule."""
        worked_on = local(start).date()
        self._days += [worked_on, pay_day(worked_on)]
        counted = [
            (cents, self._number(kind, rule, worked_on)) if _holds(rule, worked_on) else (0, NOBODY)
            for kind, rule in enumerate(self._limits)
        ]
        self._without |= {one for one in self._benefits if not self._has_rule(one, worked_on)}
        missing = [
            (0, NOBODY) if self._has_rule(benefit, worked_on) else (cents, 0)
            for benefit in self._benefits
        ]
        return (*counted, *missing)

    def left(self, client: ClientFact, pencilled: Iterable[GigFact]) -> tuple[Ceiling, ...]:
        """Return what the client may still earn by (kind, period), pencilled gigs taken off."""
        own = {one.benefit: one for one in client.details.benefits if self._counts(one)}
        gigs = list(pencilled)
        known = [
            (kind, number, left)
            for kind, rule in enumerate(self._limits)
            if rule.benefit in own
            for period, number in self._periods[kind].items()
            if (left := _left(rule, own[rule.benefit], client, period, gigs)) is not None
        ]
        unknown = [
            (len(self._limits) + at, 0, 0)
            for at, benefit in enumerate(self._benefits)
            if benefit in own and benefit in self._without
        ]
        return (*known, *unknown)

    def _number(self, kind: int, rule: Rule, worked_on: date) -> int:
        period = period_of(rule, _day(rule, worked_on))[0]
        return self._periods[kind].setdefault(period, len(self._periods[kind]))

    def _has_rule(self, benefit: str, worked_on: date) -> bool:
        return any(rule.benefit == benefit and _holds(rule, worked_on) for rule in self._rules)

    def _counts(self, benefit: BenefitFact) -> bool:
        if not self._days:
            return False
        ends = benefit.valid_to
        return benefit.valid_from <= max(self._days) and (ends is None or ends > min(self._days))


def _left(
    rule: Rule, own: BenefitFact, client: ClientFact, period: date, gigs: Iterable[GigFact]
) -> int | None:
    """Return the cents left; None when the client has chosen to pass this limit."""
    limit = max(rule.amount_cents or 0, own.personal_limit_cents or 0)
    for one in client.details.earned:
        if (one.benefit, one.kind, one.period) == (rule.benefit, rule.kind, period):
            if one.passed_by_choice:
                return None
            limit -= one.cents
    for gig in gigs:
        worked_on = local(gig.begin).date()
        if _holds(rule, worked_on) and period_of(rule, _day(rule, worked_on))[0] == period:
            limit -= gig.cents
    return limit


def _day(rule: Rule, worked_on: date) -> date:
    return worked_on if rule.counts_by == "work" else pay_day(worked_on)


def _holds(rule: Rule, worked_on: date) -> bool:
    day = _day(rule, worked_on)
    return rule.valid_from <= day and (rule.valid_to is None or day < rule.valid_to)
