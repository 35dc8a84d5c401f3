"""The rows of money: approved hours, pay rows, invoice lines, and the statements that take them.

Nothing here is ever changed. A correction is the same row with the opposite sign and new rows
beside it; only the statement that a row went out with is filled in later.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Computed, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from jobcenter.database import Base, Key, Organised, Small, of

# A row is worth something, and only a reversal takes away.
SIGNED = "CASE WHEN reverses IS NULL THEN {0} > 0 ELSE {0} < 0 END"


class HoursRecord(Base):
    """The approved hours of one gig; a correction is a later number, with its reason."""

    __tablename__ = "hours_records"
    __table_args__ = (
        of("gigs", "gig_id"),
        of("users", "approved_by"),
        UniqueConstraint("organiser_id", "gig_id", "number", name="hours_numbered_once"),
        CheckConstraint("minutes BETWEEN 0 AND 720", name="hours_are_sane"),
        CheckConstraint("number = 1 OR length(reason) > 0", name="hours_correction_has_a_reason"),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    gig_id: Mapped[UUID]
    number: Mapped[Small]
    minutes: Mapped[Small]
    approved_by: Mapped[UUID]
    approved_as: Mapped[str]
    approved_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(default="")


class PayRow(Base):
    """One component of one person's pay for one gig, with its pay day and its register's day."""

    __tablename__ = "pay_rows"
    __table_args__ = (
        of("gigs", "gig_id"),
        of("clients", "client_id"),
        of("employers", "employer_id"),
        of("hours_records", "hours_id"),
        of("pay_rows", "reverses"),
        of("statements", "statement_id"),
        UniqueConstraint("organiser_id", "reverses", name="pay_row_reversed_once"),
        Index("pay_row_by_gig", "organiser_id", "gig_id"),
        Index("pay_row_by_client", "organiser_id", "client_id", "pay_day"),
        Index("pay_row_waiting", "organiser_id", "employer_id", "pay_day",
              postgresql_where="statement_id IS NULL"),
        CheckConstraint("kind IN ('work', 'compensation')", name="pay_row_kind_is_known"),
        CheckConstraint("(kind = 'work') = (hours_id IS NOT NULL)", name="pay_row_has_its_hours"),
        CheckConstraint(SIGNED.format("cents"), name="pay_row_sign_is_told"),
        CheckConstraint("worked_on < pay_day AND pay_day < report_by",
                        name="pay_row_days_are_in_order"),
        CheckConstraint("minutes BETWEEN 0 AND 720", name="pay_row_minutes_are_sane"),
    )  # fmt: skip

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    gig_id: Mapped[UUID]
    client_id: Mapped[UUID]
    employer_id: Mapped[UUID]
    hours_id: Mapped[UUID | None]
    kind: Mapped[str]
    component: Mapped[str]
    minutes: Mapped[Small]
    cents: Mapped[int]
    worked_on: Mapped[date]
    pay_day: Mapped[date]
    report_by: Mapped[date]
    """By when the incomes register must know."""
    reverses: Mapped[UUID | None]
    statement_id: Mapped[UUID | None]
    made_at: Mapped[datetime]


class InvoiceLine(Base):
    """What an orderer owes for one gig: never a worker's name, a unit or anything about support."""

    __tablename__ = "invoice_lines"
    __table_args__ = (
        of("orders", "order_id"),
        of("parties", "party_id"),
        of("gigs", "gig_id"),
        of("hours_records", "hours_id"),
        of("invoice_lines", "reverses"),
        of("statements", "statement_id"),
        UniqueConstraint("organiser_id", "reverses", name="invoice_line_reversed_once"),
        Index("invoice_line_by_gig", "organiser_id", "gig_id"),
        Index("invoice_line_waiting", "organiser_id", "party_id", "month",
              postgresql_where="statement_id IS NULL"),
        CheckConstraint("kind IN ('work', 'compensation')", name="invoice_line_kind_is_known"),
        CheckConstraint("(kind = 'work') = (hours_id IS NOT NULL)",
                        name="invoice_line_has_its_hours"),
        CheckConstraint(
            "CASE WHEN reverses IS NULL"
            " THEN least(pay_cents, side_costs_cents, fee_cents, vat_cents) >= 0"
            " ELSE greatest(pay_cents, side_costs_cents, fee_cents, vat_cents) <= 0 END",
            name="invoice_line_sign_is_told",
        ),
        CheckConstraint("extract(day FROM month) = 1", name="invoice_line_month_is_a_month"),
    )  # fmt: skip

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    order_id: Mapped[UUID]
    party_id: Mapped[UUID]
    gig_id: Mapped[UUID]
    """What the line balances with; it is on no invoice."""
    hours_id: Mapped[UUID | None]
    kind: Mapped[str]
    minutes: Mapped[Small]
    pay_cents: Mapped[int]
    side_costs_cents: Mapped[int]
    fee_cents: Mapped[int]
    vat_cents: Mapped[int]
    total_cents: Mapped[int] = mapped_column(
        Computed("pay_cents + side_costs_cents + fee_cents + vat_cents", persisted=True)
    )
    worked_on: Mapped[date]
    month: Mapped[date]
    cost_centre: Mapped[str | None]
    reverses: Mapped[UUID | None]
    statement_id: Mapped[UUID | None]
    made_at: Mapped[datetime]

    @property
    def is_theirs_to_pay(self) -> bool:
        """Tell whether the orderer is the employer and pays the wage itself."""
        return not self.pay_cents


class Statement(Base):
    """Rows that went out together: an employer's pay period, or an orderer's month."""

    __tablename__ = "statements"
    __table_args__ = (
        of("employers", "employer_id"),
        of("parties", "party_id"),
        of("users", "made_by"),
        of("users", "settled_by"),
        UniqueConstraint("organiser_id", "number", name="statement_numbered_once"),
        CheckConstraint("kind IN ('pay', 'invoice')", name="statement_kind_is_known"),
        CheckConstraint("CASE kind WHEN 'pay' THEN employer_id IS NOT NULL AND party_id IS NULL"
                        " ELSE party_id IS NOT NULL AND employer_id IS NULL END",
                        name="statement_is_about_one"),
        CheckConstraint("state IN ('made', 'received', 'refused')",
                        name="statement_state_is_known"),
        CheckConstraint("(state = 'made') = (settled_at IS NULL)", name="statement_is_settled"),
        CheckConstraint("row_count > 0", name="statement_has_rows"),
    )  # fmt: skip

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    number: Mapped[int]
    kind: Mapped[str]
    employer_id: Mapped[UUID | None]
    party_id: Mapped[UUID | None]
    period: Mapped[date]
    """The pay day, or the first day of the month that is invoiced."""
    row_count: Mapped[int]
    total_cents: Mapped[int] = mapped_column(BigInteger)
    made_by: Mapped[UUID]
    made_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="made")
    receipt: Mapped[str] = mapped_column(default="")
    settled_by: Mapped[UUID | None]
    settled_at: Mapped[datetime | None]

    def settle(self, *, received: bool, receipt: str, by: UUID | None, now: datetime) -> None:
        """Note what came back for it."""
        self.state = "received" if received else "refused"
        self.receipt = receipt
        self.settled_by = by
        self.settled_at = now
