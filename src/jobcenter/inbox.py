"""The demo's inbox: what would have reached phones and mailboxes, kept to be looked at.

Only the demo writes here; a city's messages go to its own gateway and mail server.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from jobcenter.database import Base, Key, Organised, asker

MOST_SHOWN = 100


class DemoMessage(Base):
    """One message as it arrived; the same reference is kept once, as a good gateway does."""

    __tablename__ = "demo_inbox"
    __table_args__ = (
        UniqueConstraint("organiser_id", "way", "reference", name="demo_inbox_kept_once"),
        Index("demo_inbox_newest", "organiser_id", "received_at"),
        CheckConstraint("way IN ('sms', 'mail')", name="demo_inbox_way_is_known"),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    way: Mapped[str]
    recipient: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    reference: Mapped[str]
    received_at: Mapped[datetime]


async def keep(
    session: AsyncSession,
    *,
    way: str,
    recipient: str,
    subject: str,
    body: str,
    reference: str,
    now: datetime,
) -> UUID:
    """Keep a message and return its id; one with a known reference is the one we have."""
    organiser_id = asker(session).organiser_id
    kept: UUID | None = await session.scalar(
        insert(DemoMessage)
        .values(
            organiser_id=organiser_id,
            way=way,
            recipient=recipient,
            subject=subject,
            body=body,
            reference=reference,
            received_at=now,
        )
        .on_conflict_do_nothing()
        .returning(DemoMessage.id)
    )
    if kept:
        return kept
    twin = select(DemoMessage.id).where(
        DemoMessage.organiser_id == organiser_id,
        DemoMessage.way == way,
        DemoMessage.reference == reference,
    )
    return (await session.scalars(twin)).one()


async def newest(session: AsyncSession, *, recipient: str | None = None) -> Sequence[DemoMessage]:
    """Return the newest messages, of one recipient or of all."""
    found = select(DemoMessage).where(DemoMessage.organiser_id == asker(session).organiser_id)
    if recipient:
        found = found.where(DemoMessage.recipient == recipient)
    shown = found.order_by(DemoMessage.received_at.desc(), DemoMessage.id.desc()).limit(MOST_SHOWN)
    return (await session.scalars(shown)).all()
