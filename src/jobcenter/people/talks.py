"""Talks about benefits: with whom of staff, how and when. One opens the benefits for minutes."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, FetchedValue, Index, LargeBinary, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from jobcenter.database import Base, Key, Organised, asker, of

LASTS = timedelta(minutes=15)
# How much longer a form that was opened in time may be sent.
FORM_LASTS = timedelta(minutes=10)
HOW_TALKED = ("face_to_face", "phone")


class BenefitTalk(Base):
    """Somebody of staff said that they go through a client's benefits with them, and how."""

    __tablename__ = "benefit_talks"
    __table_args__ = (
        of("users", "user_id"),
        of("clients", "client_id"),
        CheckConstraint("how IN ('face_to_face', 'phone')", name="talk_how_is_known"),
        CheckConstraint("at < until AND until <= at + interval '15 minutes'", name="talk_is_short"),
        Index("benefit_talk_by_user", "organiser_id", "user_id", "client_id"),
        Index("benefit_talk_by_client", "organiser_id", "client_id"),
        Index("benefit_talk_by_xid", "organiser_id", "xid"),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    user_id: Mapped[UUID]
    client_id: Mapped[UUID]
    how: Mapped[str]
    at: Mapped[datetime]
    until: Mapped[datetime]
    session_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    """In which browser it was opened: it ends when that one signs out."""
    xid: Mapped[int] = mapped_column(BigInteger, server_default=FetchedValue())


async def open_in(
    session: AsyncSession, *, client_id: UUID, session_hash: bytes | None, now: datetime
) -> BenefitTalk | None:
    """Return the asker's talk with this client that is open in this browser."""
    who = asker(session)
    return await session.scalar(
        select(BenefitTalk)
        .where(BenefitTalk.organiser_id == who.organiser_id, BenefitTalk.user_id == who.actor_id)
        .where(BenefitTalk.client_id == client_id, BenefitTalk.session_hash == session_hash)
        .where(BenefitTalk.at <= now, BenefitTalk.until > now)
        .order_by(BenefitTalk.at.desc())
        .limit(1)
    )


async def may_still_write(session: AsyncSession, *, client_id: UUID, now: datetime) -> bool:
    """Tell whether what the asker heard in a talk with this client may be written down now."""
    who = asker(session)
    found = await session.scalar(
        select(BenefitTalk.id)
        .where(BenefitTalk.organiser_id == who.organiser_id, BenefitTalk.user_id == who.actor_id)
        .where(BenefitTalk.client_id == client_id, BenefitTalk.until > now - FORM_LASTS)
        .limit(1)
    )
    return found is not None
