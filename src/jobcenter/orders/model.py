"""What an order is and may become: orders, their places, series and history.

Gigs and coach visits stand in `gigs`, what the matcher proposes in `proposals`.
"""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from jobcenter.database import Base, Json, Key, Organised, Small, of
from jobcenter.errors import WrongMoment


class Channel(StrEnum):
    """How an order comes in: under a framework agreement, or from anyone."""

    PARTNER = "PARTNER"
    OPEN = "OPEN"


class OrderStatus(StrEnum):
    """Where an order stands; what an orderer is shown is derived from its gigs too."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Timing(StrEnum):
    """Whether an order has one start, several permitted ones, or a window."""

    FIXED = "fixed"
    STARTS = "starts"
    WINDOW = "window"


NEXT: dict[OrderStatus, frozenset[OrderStatus]] = {
    OrderStatus.DRAFT: frozenset({OrderStatus.IN_REVIEW, OrderStatus.OPEN, OrderStatus.CANCELLED}),
    OrderStatus.IN_REVIEW: frozenset({OrderStatus.OPEN, OrderStatus.CANCELLED}),
    OrderStatus.OPEN: frozenset({OrderStatus.CLOSED, OrderStatus.CANCELLED}),
    OrderStatus.CLOSED: frozenset(),
    OrderStatus.CANCELLED: frozenset(),
}


class Series(Base):
    """A weekly repeat: its weekdays, its last day and the dates taken out; one order a date."""

    __tablename__ = "series"
    __table_args__ = (of("parties", "party_id"),)

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    party_id: Mapped[UUID]
    weekdays: Mapped[list[int]]
    first_day: Mapped[date]
    last_day: Mapped[date]
    without: Mapped[list[str]]


class Order(Base):
    """What an ordering party wants done, where, when and on which terms."""

    __tablename__ = "orders"
    __table_args__ = (
        of("parties", "party_id"),
        of("sites", "site_id"),
        of("task_types", "task_type_id"),
        of("agreements", "agreement_id"),
        of("employers", "employer_id"),
        of("series", "series_id"),
        UniqueConstraint("organiser_id", "number"),
        Index("order_by_status_and_time", "organiser_id", "status", "first_start"),
        Index("order_by_party", "organiser_id", "party_id", "first_start"),
        CheckConstraint("channel IN ('PARTNER', 'OPEN')", name="order_channel_is_known"),
        CheckConstraint("channel = 'OPEN' OR agreement_id IS NOT NULL",
                        name="partner_has_agreement"),
        CheckConstraint("status IN ('draft', 'in_review', 'open', 'closed', 'cancelled')",
                        name="order_status_is_known"),
        CheckConstraint("timing IN ('fixed', 'starts', 'window')", name="order_timing_is_known"),
        CheckConstraint("status IN ('draft', 'in_review', 'cancelled') OR employer_id IS NOT NULL",
                        name="order_has_an_employer"),
        CheckConstraint("minutes BETWEEN 30 AND 480", name="order_length_is_sane"),
        CheckConstraint("escalated BETWEEN 0 AND 3", name="order_escalates_in_steps"),
        CheckConstraint("places BETWEEN 1 AND 200", name="order_places_are_sane"),
        CheckConstraint("hourly_cents BETWEEN 1 AND 100000", name="order_pay_is_sane"),
        CheckConstraint("cardinality(demands) = 6", name="order_has_every_demand"),
        CheckConstraint("cardinality(starts) BETWEEN 1 AND 200", name="order_has_starts"),
        CheckConstraint("first_start = starts[1]", name="order_first_start_is_first"),
        CheckConstraint("start IS NULL OR start = ANY (starts)", name="order_start_is_permitted"),
        CheckConstraint("isfinite(first_start) AND isfinite(last_end) AND first_start < last_end",
                        name="order_time_is_finite"),
    )  # fmt: skip

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    number: Mapped[int]
    party_id: Mapped[UUID]
    site_id: Mapped[UUID]
    task_type_id: Mapped[UUID]
    channel: Mapped[str]
    agreement_id: Mapped[UUID | None]
    employer_id: Mapped[UUID | None]
    series_id: Mapped[UUID | None]
    status: Mapped[str] = mapped_column(default=OrderStatus.DRAFT.value)
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    demands: Mapped[list[int]]
    outdoors: Mapped[bool]
    qualifications: Mapped[list[str]]
    language: Mapped[str] = mapped_column(default="")
    """The language the work needs; empty when none is needed."""
    step_free: Mapped[bool] = mapped_column(default=False)
    """The place can be reached and worked at without steps."""
    places: Mapped[Small]
    group_visit: Mapped[bool] = mapped_column(default=False)
    """Several workers with one instructor: they share their visits by ratio."""
    timing: Mapped[str]
    minutes: Mapped[Small]
    starts: Mapped[list[datetime]]
    """Every permitted start, in order; a window is written out on a 30-minute grid."""
    start: Mapped[datetime | None]
    """The start that holds: set with the first assignment, for all places."""
    first_start: Mapped[datetime]
    last_end: Mapped[datetime]
    escalated: Mapped[Small] = mapped_column(default=0, server_default="0")
    """How many steps of urgency it has gone while nobody was found (`escalating`)."""
    next_start: Mapped[datetime | None]
    """A later start that would work out, as its orderer was told."""
    zone: Mapped[str] = mapped_column(default="Europe/Helsinki")
    as_told: Mapped[str] = mapped_column(default="")
    """The local time as the orderer gave it."""
    hourly_cents: Mapped[int]
    pay_group: Mapped[str]
    contact_name: Mapped[str]
    contact_phone: Mapped[str]
    entrance: Mapped[str] = mapped_column(default="", server_default="")
    """How to find in, where this order tells it otherwise than the place does."""
    wear: Mapped[str] = mapped_column(default="")
    bring: Mapped[str] = mapped_column(default="")
    cost_centre: Mapped[str | None]
    asks_for_shaping: Mapped[bool] = mapped_column(default=False)
    review_reason: Mapped[str | None]
    answer_by: Mapped[datetime | None]
    placed_by: Mapped[UUID | None]
    placed_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)

    def become(self, status: OrderStatus, *, by: UUID | None, now: datetime) -> "OrderEvent":
        """Move to another status and return the fact; refuses a move that is not in `NEXT`."""
        current = OrderStatus(self.status)
        if status not in NEXT[current]:
            raise WrongMoment(
                "An order that is {now} cannot become {then}.", now=current, then=status
            )
        self.status = status.value
        self.version += 1
        return OrderEvent(
            organiser_id=self.organiser_id,
            order_id=self.id,
            kind=f"order.{status.value}",
            actor=by,
            at=now,
            details={"from": current.value},
        )


class OrderPlace(Base):
    """One place of an order; there are as many rows as places, so none can be overfilled."""

    __tablename__ = "order_places"
    __table_args__ = (of("orders", "order_id"),)

    organiser_id: Mapped[Organised]
    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    place_no: Mapped[Small] = mapped_column(primary_key=True)


class OrderEvent(Base):
    """Something that happened to an order, written with the change."""

    __tablename__ = "order_events"
    __table_args__ = (
        of("orders", "order_id"),
        Index("order_event_by_order", "organiser_id", "order_id", "at"),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    order_id: Mapped[UUID]
    kind: Mapped[str]
    actor: Mapped[UUID | None]
    at: Mapped[datetime]
    details: Mapped[Json]


class IdempotencyKey(Base):
    """The answer that a write with this key got the first time; the next one gets the same."""

    __tablename__ = "idempotency_keys"

    organiser_id: Mapped[Organised]
    principal: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    body_hash: Mapped[str]
    status: Mapped[Small | None]
    body: Mapped[Json | None]
    created_at: Mapped[datetime]

    def remember(self, status: int, body: Json) -> None:
        """Keep the first answer for everybody who asks the same again."""
        self.status = status
        self.body = body


class Draft(Base):
    """An order form in the making, kept for the browser or user that began it."""

    __tablename__ = "drafts"

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    owner: Mapped[str]
    fields: Mapped[Json]
    saved_at: Mapped[datetime]
