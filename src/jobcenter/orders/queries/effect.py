"""What a gig's pay does to its client's benefits, for the client's own page.

Only this gig's pay and the rules: sums of the month are nowhere in it, so that a link alone never
shows them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.benefits import EarningsEntry, EarningsPeriod, rules_for
from jobcenter.database import asker
from jobcenter.effects import Earnings, Effect, GigPay, Rule, effect, pay_day, word_of
from jobcenter.errors import RuleMissing
from jobcenter.orders.gigs import Gig
from jobcenter.orders.pay import pay_cents
from jobcenter.times import local

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class BenefitLine:
    """What this gig does to one benefit, with the rule that says so."""

    benefit: str
    lost_cents: int
    limit_cents: int | None
    by_year: bool
    percent: int | None
    valid_from: date


@dataclass(frozen=True, slots=True)
class GigEffect:
    """The effect in one word, and a line for each benefit; `unknown` when a rule is missing."""

    word: str
    paid_on: date
    lines: tuple[BenefitLine, ...]


async def effect_of(session: AsyncSession, gig: Gig) -> GigEffect:
    """Return what this gig does to its client's benefits."""
    worked_on = local(gig.start).date()
    pay = GigPay({"pay": gig.pay_cents}, worked_on, pay_day(worked_on))
    try:
        by_benefit = await rules_for(session, gig.client_id, worked_on)
        effects = [
            (effect(rules, rules[0].benefit, gig=pay, earnings=earnings), rules)
            for rules in by_benefit
            for earnings in [await _earned(session, gig, rules[0].benefit)]
        ]
    except RuleMissing:
        return GigEffect(UNKNOWN, pay.paid_on, ())
    return GigEffect(
        word=word_of(one for one, _ in effects),
        paid_on=pay.paid_on,
        lines=tuple(_line(one, rules, pay) for one, rules in effects),
    )


async def _earned(session: AsyncSession, gig: Gig, benefit: str) -> Earnings:
    """Return what counts besides this gig, whose own cents are already taken."""
    organiser_id = asker(session).organiser_id
    periods = await session.execute(
        select(
            EarningsPeriod.kind,
            EarningsPeriod.period,
            EarningsPeriod.committed_cents + EarningsPeriod.told_cents,
        )
        .where(EarningsPeriod.organiser_id == organiser_id)
        .where(EarningsPeriod.client_id == gig.client_id, EarningsPeriod.benefit == benefit)
    )
    own = await _own_cents(session, gig.id, benefit)
    by_kind: dict[str, dict[date, int]] = {}
    for kind, period, cents in periods:
        by_kind.setdefault(kind, {})[period] = cents - own.get((kind, period), 0)
    months = by_kind.get("MONTH") or by_kind.get("CALENDAR_YEAR") or {}
    return Earnings(by_payment=months, by_work=months)


async def _own_cents(
    session: AsyncSession, gig_id: UUID, benefit: str
) -> dict[tuple[str, date], int]:
    rows = await session.execute(
        select(EarningsEntry.kind, EarningsEntry.period, EarningsEntry.cents)
        .where(EarningsEntry.organiser_id == asker(session).organiser_id)
        .where(EarningsEntry.gig_id == gig_id, EarningsEntry.benefit == benefit)
    )
    cents: dict[tuple[str, date], int] = {}
    for kind, period, amount in rows:
        cents[kind, period] = cents.get((kind, period), 0) + amount
    return cents


def _line(one: Effect, rules: Sequence[Rule], pay: GigPay) -> BenefitLine:
    tapers = (rule for rule in rules if rule.kind == "TAPER" and _holds(rule, pay.day(rule)))
    taper = next(tapers, None)
    rule = one.ceiling.rule if one.ceiling else taper or rules[0]
    return BenefitLine(
        benefit=one.benefit,
        lost_cents=one.lost_cents,
        limit_cents=one.ceiling.limit_cents if one.ceiling else None,
        by_year=rule.kind == "CALENDAR_YEAR",
        percent=taper.taper_percent if taper else None,
        valid_from=rule.valid_from,
    )


def _holds(rule: Rule, day: date) -> bool:
    return rule.valid_from <= day and (rule.valid_to is None or day < rule.valid_to)


def extras_of(gig: Gig, minutes: int) -> int:
    """Return what supplements and holiday compensation add to the pay of so many minutes."""
    return max(0, gig.pay_cents - pay_cents(gig.hourly_cents, minutes))
