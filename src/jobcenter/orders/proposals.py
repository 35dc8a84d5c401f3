"""What the machine proposes: rounds, ranked lists per place, near misses, and what changed.

A list holds nothing; a person assigns from it, or approves it to be asked in turn (SETTLED 5, 6).
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
)
from sqlalchemy.orm import Mapped, mapped_column

from jobcenter.database import Base, Json, Key, Organised, Small, of


class Round(Base):
    """One run of the matcher: what it read, what it proposed, how near the optimum it is."""

    __tablename__ = "rounds"
    __table_args__ = (
        CheckConstraint("kind IN ('whole', 'repair')", name="round_kind_is_known"),
        CheckConstraint("status IN ('waiting', 'running', 'done', 'failed')", name="round_status"),
        CheckConstraint("bound IS NULL OR value <= bound", name="round_bound_is_a_bound"),
        CheckConstraint("changed >= 0", name="round_changes_are_counted"),
    )

    organiser_id: Mapped[Organised] = mapped_column(ForeignKey("organisers.id"), primary_key=True)
    id: Mapped[Key]
    kind: Mapped[str]
    status: Mapped[str]
    asked_by: Mapped[UUID | None]
    asked_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    """Its worker's last sign of life, by the database's clock."""
    finished_at: Mapped[datetime | None]
    orders: Mapped[int] = mapped_column(default=0)
    places: Mapped[int] = mapped_column(default=0)
    proposed: Mapped[int] = mapped_column(default=0)
    visits: Mapped[int] = mapped_column(default=0)
    stale: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    """Picks of the last proposals that could be asked still, and that this round gave up."""
    value: Mapped[int | None] = mapped_column(BigInteger)
    bound: Mapped[int | None] = mapped_column(BigInteger)
    unfilled: Mapped[Json]
    progress: Mapped[Small] = mapped_column(default=0)
    seconds: Mapped[float | None]

    def begin(self, now: datetime) -> None:
        """Start thinking, for the first time or again after a worker was lost."""
        self.status, self.started_at, self.progress = "running", now, 0

    def end(self, now: datetime, *, well: bool) -> None:
        """Stop thinking, with an answer or without."""
        self.status, self.finished_at = "done" if well else "failed", now
        self.progress = 100 if well else self.progress


class Proposal(Base):
    """The ranked list of one place: who opened it, and who approved asking it in turn."""

    __tablename__ = "proposals"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organiser_id", "order_id", "place_no"],
            ["order_places.organiser_id", "order_places.order_id", "order_places.place_no"],
            ondelete="CASCADE",
        ),
        of("rounds", "round_id"),
        of("users", "opened_by"),
        of("users", "approved_by"),
        Index(
            "proposal_current_per_place",
            "organiser_id",
            "order_id",
            "place_no",
            unique=True,
            postgresql_where="closed_at IS NULL",
        ),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    order_id: Mapped[UUID]
    place_no: Mapped[Small]
    round_id: Mapped[UUID]
    made_at: Mapped[datetime]
    opened_by: Mapped[UUID | None]
    opened_at: Mapped[datetime | None]
    approved_by: Mapped[UUID | None]
    approved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    unfilled_reason: Mapped[str | None]
    """The one rule that stands in the way of most people, when the list is empty."""


class ProposalRow(Base):
    """One person on a list, with the start, the visits that would fit, and the reasons.

    `state` is waiting, asked (an assignment was made from it) or out (became impossible, or the
    person said no). `in_turn` is the place in the approved order, when a person approved one.
    """

    __tablename__ = "proposal_rows"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organiser_id", "proposal_id"],
            ["proposals.organiser_id", "proposals.id"],
            ondelete="CASCADE",
        ),
        of("clients", "client_id"),
        CheckConstraint("state IN ('waiting', 'asked', 'out')", name="proposal_row_state_is_known"),
        Index("proposal_row_by_client", "organiser_id", "client_id"),
    )

    organiser_id: Mapped[Organised]
    proposal_id: Mapped[UUID] = mapped_column(primary_key=True)
    rank: Mapped[Small] = mapped_column(primary_key=True)
    client_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    start: Mapped[datetime]
    score: Mapped[int]
    reasons: Mapped[list[Json]]
    """Each {"sentence": msgid, "values": {...}}: put into words for whoever reads."""
    visits: Mapped[list[Json]]
    """Each {"piece", "coach_id", "start", "minutes", "presence"}: what fitted when proposed."""
    planned: Mapped[bool] = mapped_column(default=False)
    """The joint plan's own pick for this place; the others would fit alone."""
    elsewhere: Mapped[Json | None]
    """Where the plan needs them, or their coach, more: "sentence", "values", "order_id", "who"."""
    state: Mapped[str] = mapped_column(default="waiting")
    in_turn: Mapped[Small | None]


class NearMiss(Base):
    """Somebody who almost fits an order: the first rule that fails and what would make it fit."""

    __tablename__ = "near_misses"
    __table_args__ = (of("orders", "order_id"), of("clients", "client_id"))

    organiser_id: Mapped[Organised]
    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID]
    rule: Mapped[str]
    waits_for_support: Mapped[bool]
    why: Mapped[Json]
    fits_if: Mapped[Json]
    made_at: Mapped[datetime]


class Change(Base):
    """Something the matcher should look at, written with the fact; taken by the next repair."""

    __tablename__ = "changes"
    __table_args__ = (
        Index("change_waiting", "organiser_id", "id", postgresql_where="taken_at IS NULL"),
    )

    organiser_id: Mapped[Organised] = mapped_column(ForeignKey("organisers.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[str]
    order_id: Mapped[UUID | None]
    client_id: Mapped[UUID | None]
    coach_id: Mapped[UUID | None]
    at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
