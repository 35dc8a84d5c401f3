"""What people told of gigs, as it is kept: incidents and near misses, and how a gig went.

The words are closed under the worker's key; who may read which is told by generated columns.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from jobcenter.database import Base, Key, Organised, Small, of

LONGEST = 4000


class Voice(StrEnum):
    """Who tells."""

    CLIENT = "client"
    COACH = "coach"
    ORDERER = "orderer"
    UNIT = "unit"


class Hurt(StrEnum):
    """Whether anybody was hurt."""

    NOBODY = "nobody"
    A_LITTLE = "a_little"
    BADLY = "badly"


class Incident(Base):
    """One report of one person about one gig; it is never changed, only seen to."""

    __tablename__ = "incidents"
    __table_args__ = (
        of("gigs", "gig_id"),
        of("clients", "client_id"),
        of("users", "told_by"),
        of("users", "handled_by"),
        Index("incident_by_gig", "organiser_id", "gig_id", "told_at"),
        Index("incident_by_client", "organiser_id", "client_id"),
        CheckConstraint("told_from IN ('client', 'coach', 'orderer', 'unit')",
                        name="incident_voice_is_known"),
        CheckConstraint("hurt IN ('nobody', 'a_little', 'badly')", name="incident_hurt_is_known"),
        CheckConstraint("NOT (nearly AND hurt <> 'nobody')", name="near_miss_hurts_nobody"),
        CheckConstraint("(handled_at IS NULL) = (closed_outcome IS NULL)",
                        name="incident_handled_says_how"),
    )  # fmt: skip

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    gig_id: Mapped[UUID]
    client_id: Mapped[UUID]
    told_from: Mapped[str]
    for_client: Mapped[bool] = mapped_column(Computed("told_from = 'client'", persisted=True))
    """Whether the worker reads it: what they told themselves, and nobody else's words."""
    nearly: Mapped[bool]
    hurt: Mapped[str]
    happened_at: Mapped[datetime]
    closed_words: Mapped[bytes]
    closed_told: Mapped[bytes | None]
    """Who else has been told, closed like the words."""
    told_by: Mapped[UUID | None]
    told_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]
    handled_by: Mapped[UUID | None]
    closed_outcome: Mapped[bytes | None]

    @property
    def is_serious(self) -> bool:
        """Whether somebody must see to it now."""
        return self.hurt == Hurt.BADLY.value


class Feedback(Base):
    """What one side said of one gig."""

    __tablename__ = "feedbacks"
    __table_args__ = (
        of("gigs", "gig_id"),
        of("clients", "client_id"),
        of("parties", "party_id"),
        of("users", "told_by"),
        of("users", "read_by"),
        of("users", "passed_by"),
        Index("feedback_by_client", "organiser_id", "client_id", "told_at"),
        CheckConstraint("told_from IN ('client', 'orderer')", name="feedback_voice_is_known"),
        CheckConstraint("face BETWEEN 1 AND 3", name="feedback_face_is_known"),
        # What a client says belongs to no party: an orderer's login finds nothing to read.
        CheckConstraint("(told_from = 'orderer') = (party_id IS NOT NULL)",
                        name="feedback_of_a_party"),
        CheckConstraint("passed_at IS NULL OR read_at IS NOT NULL",
                        name="feedback_is_read_before_it_is_passed_on"),
    )  # fmt: skip

    organiser_id: Mapped[Organised]
    gig_id: Mapped[UUID] = mapped_column(primary_key=True)
    told_from: Mapped[str] = mapped_column(Text, primary_key=True)
    client_id: Mapped[UUID]
    party_id: Mapped[UUID | None]
    face: Mapped[Small]
    strength: Mapped[str | None]
    closed_words: Mapped[bytes | None]
    told_at: Mapped[datetime]
    told_by: Mapped[UUID | None]
    read_at: Mapped[datetime | None]
    read_by: Mapped[UUID | None]
    passed_at: Mapped[datetime | None]
    passed_by: Mapped[UUID | None]
    for_client: Mapped[bool] = mapped_column(
        Computed("told_from = 'client' OR passed_at IS NOT NULL", persisted=True)
    )
    """Whether the worker may read it: their own, and what a coach has passed on."""
