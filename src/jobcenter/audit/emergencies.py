"""Opening another unit's record in an emergency: a reason, a few hours, and everybody is told."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    FetchedValue,
    Index,
    LargeBinary,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from jobcenter.audit.keepers import tell_keepers
from jobcenter.database import Base, Key, Organised, asker, of
from jobcenter.errors import Fault, Invalid, NotAllowed, NotFound
from jobcenter.notices import todo
from jobcenter.people.clients import Client

LASTS = timedelta(hours=4)
SHORTEST_REASON, LONGEST_REASON = 10, 500
# What stands where the reason was, once the person is erased.
ERASED = "erased text"


class Emergency(Base):
    """Somebody outside the unit opened a client's record: who, why, and until when they may."""

    __tablename__ = "emergencies"
    __table_args__ = (
        of("users", "user_id"),
        of("clients", "client_id"),
        of("units", "unit_id"),
        CheckConstraint("length(btrim(reason)) >= 10", name="emergency_has_a_reason"),
        CheckConstraint(
            "at < until AND until <= at + interval '24 hours'", name="emergency_is_dated"
        ),
        Index("emergency_by_user", "organiser_id", "user_id", "client_id"),
        Index("emergency_by_xid", "organiser_id", "xid"),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    user_id: Mapped[UUID]
    client_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    reason: Mapped[str]
    at: Mapped[datetime]
    until: Mapped[datetime]
    reason_salt: Mapped[bytes | None] = mapped_column(
        LargeBinary(16), server_default=FetchedValue()
    )
    reason_hash: Mapped[bytes] = mapped_column(LargeBinary(32), server_default=FetchedValue())
    """What the seals hold the reason to; without the salt, which goes with it, it tells nothing."""
    xid: Mapped[int] = mapped_column(BigInteger, server_default=FetchedValue())


async def open_record(
    session: AsyncSession, *, client_id: UUID, reason: str, now: datetime
) -> Emergency:
    """Let the asker read this record for a few hours; the unit and the log's keepers are told."""
    who = asker(session)
    if who.actor_id is None or not who.may("assign"):
        raise NotAllowed
    if len(reason.strip()) < SHORTEST_REASON:
        raise Invalid(Fault("reason", "too_short", "Please write why, in ten letters or more."))
    unit_id = await session.scalar(
        select(Client.unit_id).where(
            Client.organiser_id == who.organiser_id, Client.id == client_id
        )
    )
    if unit_id is None:
        raise NotFound
    opened = Emergency(
        organiser_id=who.organiser_id,
        user_id=who.actor_id,
        client_id=client_id,
        unit_id=unit_id,
        reason=reason.strip()[:LONGEST_REASON],
        at=now,
        until=now + LASTS,
    )
    session.add(opened)
    await session.flush()
    await todo(
        session,
        kind="emergency",
        due_at=now,
        now=now,
        mark=str(opened.id),
        unit_id=unit_id,
        client_id=client_id,
    )
    await tell_keepers(session, kind="emergency", version=int(now.timestamp()), now=now)
    return opened


async def is_open(session: AsyncSession, *, client_id: UUID, now: datetime) -> bool:
    """Tell whether the asker has opened this record in an emergency that still lasts."""
    who = asker(session)
    found = await session.scalar(
        select(Emergency.id)
        .where(Emergency.organiser_id == who.organiser_id, Emergency.user_id == who.actor_id)
        .where(Emergency.client_id == client_id, Emergency.until > now)
        .limit(1)
    )
    return found is not None
