"""What an SMS gateway tells afterwards: whether a message reached the phone.

Reports come late, twice and out of order. A message that arrived once has arrived, whatever is
reported after or before it.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.notices import Notice, settle_todo, todo

DELIVERED, FAILED = "delivered", "failed"
# What may have left the house; the rest waits for its time, or is let go.
OUT = frozenset({"sending", "sent", "unknown", "failed"})


async def report(session: AsyncSession, *, reference: UUID, delivered: bool, now: datetime) -> bool:
    """Note what became of a message by its reference; False when it is not one of ours."""
    notice = await session.scalar(
        select(Notice)
        .where(Notice.organiser_id == asker(session).organiser_id, Notice.id == reference)
        .where(Notice.way == "sms")
        .with_for_update()
    )
    if notice is None:
        return False
    if notice.reported == DELIVERED:
        return True
    notice.reported = DELIVERED if delivered else FAILED
    if delivered:
        await _arrived(session, notice, now)
    elif notice.state in OUT:
        notice.state, notice.leased_until = "failed", None
        notice.problem = "reported as not delivered"
        await todo(
            session, kind="undelivered", due_at=now, now=now, mark=str(notice.id),
            client_id=notice.client_id, order_id=notice.order_id, gig_id=notice.gig_id,
        )  # fmt: skip
    return True


async def _arrived(session: AsyncSession, notice: Notice, now: datetime) -> None:
    """It is on the phone: not sent again, and nobody need call about it."""
    if notice.state in OUT or notice.tries:
        notice.state, notice.leased_until, notice.problem = "sent", None, None
        notice.sent_at = notice.sent_at or now
    await settle_todo(session, kind="undelivered", mark=str(notice.id), now=now)
