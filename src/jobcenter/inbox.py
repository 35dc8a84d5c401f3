"""The demo's inbox: what would have reached phones and mailboxes, kept to be looked at.

Only the demo writes here; a city's messages go to its own gateway and mail server.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from jobcenter.database import Base, Key, Organised, asker
from jobcenter.times import QuietHours, next_allowed

MOST_SHOWN = 100
# The demo sends round the clock; a city leaves its clients in peace from 20 to 8.
REAL_QUIET = QuietHours(time(20), time(8))


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


async def recipients(session: AsyncSession) -> Mapping[str, int]:
    """Return who has got how many messages, whoever got one last first."""
    rows = await session.execute(
        select(DemoMessage.recipient, func.count().label("messages"))
        .where(DemoMessage.organiser_id == asker(session).organiser_id)
        .group_by(DemoMessage.recipient)
        .order_by(func.max(DemoMessage.received_at).desc(), DemoMessage.recipient)
        .limit(MOST_SHOWN)
    )
    return {row.recipient: row.messages for row in rows}


def would_go_at(message: DemoMessage) -> datetime | None:
    """Return when a city would have let it go; None when right away (SETTLED 17)."""
    allowed = next_allowed(message.received_at, REAL_QUIET)
    return allowed if message.way == "sms" and allowed > message.received_at else None
