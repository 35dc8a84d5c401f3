"""What a gig does to a person's benefits: dated rules, the earnings taken against each ceiling.

The product states rule, figures and date; Kela or the pension institution decides. The arithmetic
is pure and lies in `effects`; here are the rows and the guard that takes cents at assignment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    UniqueConstraint,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from jobcenter.database import Base, Key, Organised, OrganiserId, Small, asker, of
from jobcenter.effects import Rule, minutes_that_fit, pay_day, period_of
from jobcenter.errors import CeilingPassed, RuleMissing
from jobcenter.people.clients import ClientBenefit
from jobcenter.times import local
from jobcenter.validity import Dated


class BenefitRule(Dated, Base):
    """A rule of one benefit for a time: a ceiling by month or year, or a taper."""

    __tablename__ = "benefit_rules"
    __table_args__ = (
        UniqueConstraint("organiser_id", "benefit", "kind", "valid_from"),
        CheckConstraint(
            "kind IN ('MONTH', 'CALENDAR_YEAR', 'TAPER')", name="benefit_kind_is_known"
        ),
        CheckConstraint("counts_by IN ('payment', 'work')", name="benefit_counts_by_is_known"),
        CheckConstraint("standing IN ('assumed', 'confirmed')", name="benefit_standing_is_known"),
    )

    organiser_id: Mapped[Organised] = mapped_column(ForeignKey("organisers.id"), primary_key=True)
    id: Mapped[Key]
    benefit: Mapped[str]
    kind: Mapped[str]
    amount_cents: Mapped[int | None]
    taper_percent: Mapped[Small | None]
    averaging_months: Mapped[Small | None]
    kept_most_cents: Mapped[int | None]
    counts_by: Mapped[str] = mapped_column(default="payment")
    components: Mapped[list[str]]
    source: Mapped[str]
    standing: Mapped[str] = mapped_column(default="assumed")


class EarningsPeriod(Base):
    """What a client has earned and is about to earn in one period of one benefit, and its ceiling.

    `told_cents` is what they earn elsewhere, as told on `told_on`. The check is the guard.
    """

    __tablename__ = "earnings_periods"
    __table_args__ = (
        of("clients", "client_id"),
        of("users", "override_by"),
        CheckConstraint(
            "ceiling_cents IS NULL OR committed_cents + told_cents <= ceiling_cents"
            " OR (override_by IS NOT NULL AND length(override_reason) >= 10)"
            " OR choice_at IS NOT NULL",
            name="earnings_within_ceiling",
        ),
        CheckConstraint(
            "committed_cents >= 0 AND told_cents >= 0", name="earnings_are_not_negative"
        ),
    )

    organiser_id: Mapped[Organised]
    client_id: Mapped[UUID] = mapped_column(primary_key=True)
    benefit: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[date] = mapped_column(primary_key=True)
    ceiling_cents: Mapped[int | None]
    told_cents: Mapped[int] = mapped_column(default=0)
    told_on: Mapped[date | None]
    committed_cents: Mapped[int] = mapped_column(default=0)
    override_by: Mapped[UUID | None]
    override_reason: Mapped[str | None]
    choice_at: Mapped[datetime | None]


class EarningsEntry(Base):
    """Cents of one gig taken in one period; given back by a new row, never by a change."""

    __tablename__ = "earnings_entries"
    __table_args__ = (
        of("gigs", "gig_id"),
        Index("earnings_entry_by_period", "organiser_id", "client_id", "benefit", "kind", "period"),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    client_id: Mapped[UUID]
    benefit: Mapped[str]
    kind: Mapped[str]
    period: Mapped[date]
    gig_id: Mapped[UUID]
    cents: Mapped[int]
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Override:
    """Why a named role lets a gig pass a ceiling, after a documented benefits talk."""

    reason: str


@dataclass(frozen=True, slots=True)
class Earning:
    """A gig's pay as the guard sees it."""

    client_id: UUID
    gig_id: UUID
    pay_cents: int
    hourly_cents: int
    start: datetime

    def day(self, rule: Rule) -> date:
        """Return the day by which the rule counts this pay."""
        worked_on = local(self.start).date()
        return worked_on if rule.counts_by == "work" else pay_day(worked_on)


async def rules_for(session: AsyncSession, client_id: UUID, day: date) -> list[list[Rule]]:
    """Return all rules of each benefit that the client has around that day, a list a benefit."""
    organiser_id = asker(session).organiser_id
    benefits = await session.execute(
        select(ClientBenefit.benefit, func.max(ClientBenefit.personal_limit_cents))
        .where(
            ClientBenefit.organiser_id == organiser_id,
            ClientBenefit.client_id == client_id,
            ClientBenefit.valid_from <= pay_day(day),
            or_(ClientBenefit.valid_to.is_(None), ClientBenefit.valid_to > day),
        )
        .group_by(ClientBenefit.benefit)
    )
    own = dict(benefits.all())
    rows = await session.scalars(
        select(BenefitRule)
        .where(BenefitRule.organiser_id == organiser_id, BenefitRule.benefit.in_(own))
        .order_by(BenefitRule.valid_from)
    )
    by_benefit: dict[str, list[Rule]] = {benefit: [] for benefit in own}
    for row in rows:
        by_benefit[row.benefit].append(_as_rule(row, own[row.benefit]))
    for benefit, rules in by_benefit.items():
        if not rules:
            raise _missing(benefit, day)
    return list(by_benefit.values())


def _as_rule(row: BenefitRule, personal_limit_cents: int | None) -> Rule:
    """Read a row; a person's own limit may lie above what everybody has, never below."""
    amount = row.amount_cents
    if row.kind != "TAPER":
        amount = max(row.amount_cents or 0, personal_limit_cents or 0)
    return Rule(
        benefit=row.benefit,
        kind="MONTH"
        if row.kind == "MONTH"
        else "TAPER"
        if row.kind == "TAPER"
        else "CALENDAR_YEAR",
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        source=row.source,
        amount_cents=amount,
        taper_percent=row.taper_percent,
        averaging_months=row.averaging_months,
        kept_most_cents=row.kept_most_cents,
        counts_by="work" if row.counts_by == "work" else "payment",
        components=tuple(row.components),
        standing=row.standing,
    )


async def take(
    session: AsyncSession, earning: Earning, *, now: datetime, override: Override | None = None
) -> None:
    """Take a gig's cents against every ceiling of the client; raises `CeilingPassed`.

    The period's row is locked, so that two assignments at once are added up one after the other.
    """
    for rules in await rules_for(session, earning.client_id, local(earning.start).date()):
        for rule in _ceilings(rules, earning):
            await _take(session, rule, earning, now=now, override=override)


def _ceilings(rules: Sequence[Rule], earning: Earning) -> list[Rule]:
    """Return the limits that hold on the day that counts; a benefit without any rule then stops."""
    valid = [
        rule
        for rule in rules
        if rule.valid_from <= earning.day(rule)
        and (rule.valid_to is None or earning.day(rule) < rule.valid_to)
    ]
    if not valid:
        raise _missing(rules[0].benefit, local(earning.start).date())
    return [rule for rule in valid if rule.kind != "TAPER"]


def _missing(benefit: str, day: date) -> RuleMissing:
    return RuleMissing(
        "The rule for {benefit} is missing for {day}. Add the rule first.",
        benefit=benefit,
        day=day.isoformat(),
    )


async def _take(
    session: AsyncSession, rule: Rule, earning: Earning, *, now: datetime, override: Override | None
) -> None:
    period = await locked_period(session, rule, earning.client_id, earning.day(rule))
    limit = rule.amount_cents or 0
    after = period.committed_cents + period.told_cents + earning.pay_cents
    if after > limit and not override and period.choice_at is None and not period.override_by:
        room = max(0, limit - period.committed_cents - period.told_cents)
        raise CeilingPassed(
            "The earnings limit would be passed.",
            benefit=rule.benefit,
            limit_cents=limit,
            over_cents=after - limit,
            fits_minutes=minutes_that_fit(room, earning.hourly_cents),
            counts_by=rule.counts_by,
            valid_from=rule.valid_from,
        )
    if after > limit and override:
        period.override_by = asker(session).actor_id
        period.override_reason = override.reason
    period.ceiling_cents = limit
    period.committed_cents += earning.pay_cents
    session.add(_entry(period.organiser_id, rule, earning, period.period, now))
    await session.flush()


async def locked_period(
    session: AsyncSession, rule: Rule, client_id: UUID, day: date
) -> EarningsPeriod:
    """Return the period of a rule around that day, locked; a new one where there is none."""
    begins, _ = period_of(rule, day)
    identity = {
        "organiser_id": asker(session).organiser_id,
        "client_id": client_id,
        "benefit": rule.benefit,
        "kind": rule.kind,
        "period": begins,
    }
    await session.execute(
        insert(EarningsPeriod)
        .values(**identity, ceiling_cents=rule.amount_cents, committed_cents=0, told_cents=0)
        .on_conflict_do_nothing()
    )
    return await session.get_one(EarningsPeriod, identity, with_for_update=True)


def _entry(
    organiser_id: OrganiserId, rule: Rule, earning: Earning, period: date, now: datetime
) -> EarningsEntry:
    return EarningsEntry(
        organiser_id=organiser_id,
        client_id=earning.client_id,
        benefit=rule.benefit,
        kind=rule.kind,
        period=period,
        gig_id=earning.gig_id,
        cents=earning.pay_cents,
        at=now,
    )


async def give_back(session: AsyncSession, gig_id: UUID, *, now: datetime) -> None:
    """Give back what a gig had taken, by rows of the opposite sign."""
    await correct(session, gig_id, pay_cents=0, now=now)


async def correct(session: AsyncSession, gig_id: UUID, *, pay_cents: int, now: datetime) -> None:
    """Make what a gig has taken equal to its pay, by a row of the difference in each period.

    Raises `CeilingPassed` when more does not fit.
    """
    for period, taken in await _taken(session, gig_id):
        difference = pay_cents - taken
        if not difference:
            continue
        period.committed_cents += difference
        if difference > 0 and _is_passed(period):
            raise CeilingPassed
        session.add(
            EarningsEntry(
                organiser_id=period.organiser_id,
                client_id=period.client_id,
                benefit=period.benefit,
                kind=period.kind,
                period=period.period,
                gig_id=gig_id,
                cents=difference,
                at=now,
            )
        )
    await session.flush()


async def _taken(session: AsyncSession, gig_id: UUID) -> list[tuple[EarningsPeriod, int]]:
    """Return each period in which a gig has taken cents, locked, with how many are left of them."""
    organiser_id = asker(session).organiser_id
    found = await session.execute(
        select(
            EarningsEntry.client_id,
            EarningsEntry.benefit,
            EarningsEntry.kind,
            EarningsEntry.period,
            func.sum(EarningsEntry.cents),
        )
        .where(EarningsEntry.organiser_id == organiser_id, EarningsEntry.gig_id == gig_id)
        .group_by(
            EarningsEntry.client_id,
            EarningsEntry.benefit,
            EarningsEntry.kind,
            EarningsEntry.period,
        )
        .order_by(EarningsEntry.benefit, EarningsEntry.kind, EarningsEntry.period)
    )
    rows = []
    for *identity, cents in found.all():
        key = (organiser_id, *identity)
        period = await session.get_one(
            EarningsPeriod, key, with_for_update=True, populate_existing=True
        )
        rows.append((period, int(cents)))
    return rows


def _is_passed(period: EarningsPeriod) -> bool:
    """Whether a period holds more than its ceiling, with nobody having allowed it."""
    total = period.committed_cents + period.told_cents
    allowed = period.choice_at is not None or period.override_by is not None
    return period.ceiling_cents is not None and total > period.ceiling_cents and not allowed
