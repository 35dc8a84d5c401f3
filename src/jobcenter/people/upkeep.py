"""Who changed which part of what is kept about a client, a coach, a unit or a task, and when.

Never what stood there before or stands there now: that would be a second record of the person.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from jobcenter.database import Base, Key, Organised, asker


class UpkeepEvent(Base):
    """One change, written with it and never rewritten."""

    __tablename__ = "upkeep_events"
    __table_args__ = (
        CheckConstraint(
            "subject IN ('client', 'coach', 'unit', 'stand_in', 'task', 'figure', 'register')",
            name="upkeep_subject_is_known",
        ),
        Index("upkeep_by_subject", "organiser_id", "subject_id", "at"),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    subject: Mapped[str]
    subject_id: Mapped[UUID]
    part: Mapped[str]
    version: Mapped[int]
    at: Mapped[datetime]
    actor: Mapped[UUID | None]
    role: Mapped[str]


def note_upkeep(
    session: AsyncSession, subject: str, subject_id: UUID, part: str, *, now: datetime, version: int
) -> None:
    """Write down that the asker has changed this part."""
    who = asker(session)
    session.add(
        UpkeepEvent(
            organiser_id=who.organiser_id,
            subject=subject,
            subject_id=subject_id,
            part=part,
            version=version,
            at=now,
            actor=who.client_id or who.actor_id,
            role=who.role,
        )
    )
