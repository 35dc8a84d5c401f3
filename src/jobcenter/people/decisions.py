"""Decisions of the authority on a client's services, and which coaching needs which of them.

A law, days and a reference: never a reason, and never a word on health. Which coaching needs a
decision is dated data; a missing row stops with a sentence, it never means none.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from jobcenter.database import Base, Key, Organised, of
from jobcenter.errors import RuleMissing
from jobcenter.validity import Dated

# Who gives the coaching: the client's own unit, or one that stands in for it.
OWN_UNIT, OTHER_UNIT = "own_unit", "other_unit"
LONGEST_REFERENCE = 40


class ServiceDecision(Base):
    """A decision that somebody has seen; the last day is still part of it."""

    __tablename__ = "service_decisions"
    __table_args__ = (
        of("clients", "client_id"),
        Index("decision_by_client", "organiser_id", "client_id"),
        Index("decision_by_last_day", "organiser_id", "last_day"),
        CheckConstraint("first_day <= last_day", name="decision_has_days"),
        CheckConstraint("reference ~ '[0-9]' AND char_length(reference) <= 40",
                        name="decision_reference_is_a_number"),
    )  # fmt: skip

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    client_id: Mapped[UUID]
    kind: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    reference: Mapped[str]
    recorded_by: Mapped[UUID | None]
    recorded_at: Mapped[datetime]


class CoachingRule(Dated, Base):
    """Which decision the coaching of clients under one law needs (`needs` empty: none).

    An empty `legal_basis` is for everybody who has no row of their own.
    """

    __tablename__ = "coaching_rules"
    __table_args__ = (
        UniqueConstraint("organiser_id", "coaching", "legal_basis", "valid_from"),
        CheckConstraint("coaching IN ('own_unit', 'other_unit')", name="coaching_is_known"),
        CheckConstraint("valid_to IS NULL OR valid_from < valid_to", name="coaching_rule_lasts"),
        CheckConstraint("standing IN ('assumed', 'confirmed')",
                        name="coaching_rule_standing_is_known"),
    )  # fmt: skip

    organiser_id: Mapped[Organised] = mapped_column(ForeignKey("organisers.id"), primary_key=True)
    id: Mapped[Key]
    coaching: Mapped[str]
    legal_basis: Mapped[str] = mapped_column(default="")
    needs: Mapped[str | None]
    source: Mapped[str]
    standing: Mapped[str] = mapped_column(default="assumed")


class Days(Protocol):
    """What a decision is asked about: its law and its days."""

    @property
    def kind(self) -> str: ...
    @property
    def first_day(self) -> date: ...
    @property
    def last_day(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Lacking:
    """The decision that is lacking on a day, and when the last such one ended, if any did."""

    kind: str
    ended_on: date | None


def needed(
    rules: Iterable[CoachingRule], *, coaching: str, legal_basis: str, day: date
) -> str | None:
    """Return the decision that coaching needs on that day; a missing rule stops."""
    held = [
        rule
        for rule in rules
        if rule.coaching == coaching
        and rule.legal_basis in ("", legal_basis)
        and rule.valid_from <= day
        and (rule.valid_to is None or day < rule.valid_to)
    ]
    if not held:
        raise RuleMissing(
            "Which decision coaching needs is not written down for {day}. Add it first.",
            day=day.isoformat(),
        )
    return max(held, key=lambda rule: (bool(rule.legal_basis), rule.valid_from)).needs


def lacking(decisions: Iterable[Days], *, kind: str, day: date) -> Lacking | None:
    """Return what is lacking when no decision of that kind holds on the day."""
    own = [row for row in decisions if row.kind == kind]
    if any(row.first_day <= day and (row.last_day is None or day <= row.last_day) for row in own):
        return None
    ended = [row.last_day for row in own if row.last_day and row.last_day < day]
    return Lacking(kind, max(ended, default=None))
