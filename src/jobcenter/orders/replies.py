"""Text messages that clients send us: each is kept once, with what it meant and came to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from jobcenter.database import Base, Key, Organised, of


class Reply(Base):
    """One message as the gateway handed it over; the same message id is the same message.

    Its words are kept, closed under the client's key, only where a person must read them.
    """

    __tablename__ = "replies"
    __table_args__ = (
        UniqueConstraint("organiser_id", "message_id", name="reply_heard_once"),
        of("clients", "client_id"),
        of("gigs", "gig_id"),
        Index("reply_by_client", "organiser_id", "client_id"),
        CheckConstraint(
            "meaning IN ('yes', 'no', 'stop', 'start', 'other')", name="reply_meaning_is_known"
        ),
        CheckConstraint(
            "step IN ('answer', 'which', 'too_late', 'known', 'call', 'stop', 'start', 'stranger')",
            name="reply_step_is_known",
        ),
        CheckConstraint("closed_text IS NULL OR client_id IS NOT NULL", name="reply_is_somebodys"),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    message_id: Mapped[str]
    client_id: Mapped[UUID | None]
    gig_id: Mapped[UUID | None]
    question: Mapped[str | None]
    meaning: Mapped[str]
    step: Mapped[str]
    closed_text: Mapped[bytes | None]
    heard_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    """When all that follows from it was done; until then the gateway's next try goes on with it."""
