"""What a gig does to a person's benefits: dated rules, the earnings taken against each ceiling.

The product states rule, figures and date; Kela or the pension institution decides. The arithmetic
is pure and lies in `effects`; here are the rows and the guard that takes cents at assignment.
"""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from jobcenter.database import Base, Key, Organised, of

Small = Annotated[int, mapped_column(SmallInteger)]


class BenefitRule(Base):
    """A rule of one benefit for a time: a ceiling by month or year, or a taper."""

    __tablename__ = "benefit_rules"
    __table_args__ = (
        UniqueConstraint("organiser_id", "benefit", "kind", "valid_from"),
        CheckConstraint("kind IN ('MONTH', 'CALENDAR_YEAR', 'TAPER')", name="benefit_kind_is_known"),
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
    counts_by: Mapped[str] = mapped_column(default="payment")
    components: Mapped[list[str]]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
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
        CheckConstraint("committed_cents >= 0 AND told_cents >= 0", name="earnings_are_not_negative"),
    )

    organiser_id: Mapped[Organised]
    client_id: Mapped[UUID] = mapped_column(primary_key=True)
    benefit: Mapped[str] = mapped_column(primary_key=True)
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
        Index("earnings_entry_by_period", "organiser_id", "client_id", "benefit", "period"),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    client_id: Mapped[UUID]
    benefit: Mapped[str]
    period: Mapped[date]
    gig_id: Mapped[UUID]
    cents: Mapped[int]
    at: Mapped[datetime]
