"""Opening a client's benefits in a talk with them, and who may write down what was said."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.errors import CaseIsClosed, Fault, Invalid, NotAllowed, TalkIsOver
from jobcenter.intake.keeping import ADVISES, may_keep
from jobcenter.orders.locking import locked_client
from jobcenter.people.clients import Client
from jobcenter.people.talks import HOW_TALKED, LASTS, BenefitTalk, may_still_write


async def open_talk(
    session: AsyncSession, *, client_id: UUID, how: str, session_hash: bytes | None, now: datetime
) -> BenefitTalk:
    """Write down that the asker goes through the benefits with the client now, and how."""
    who = asker(session)
    client = await locked_client(session, client_id)
    await may_keep(session, client)
    if who.actor_id is None or session_hash is None:
        raise NotAllowed
    if client.closed_on:
        raise CaseIsClosed
    if how not in HOW_TALKED:
        raise Invalid(Fault("how", "blank", "Please tell how you talk with the client."))
    talk = BenefitTalk(
        organiser_id=who.organiser_id,
        user_id=who.actor_id,
        client_id=client_id,
        how=how,
        at=now,
        until=now + LASTS,
        session_hash=session_hash,
    )
    session.add(talk)
    await session.flush()
    return talk


async def must_talk(session: AsyncSession, client: Client, now: datetime) -> None:
    """Raise unless the asker advises on benefits, or has just talked with the client."""
    if asker(session).may_in(client.unit_id, ADVISES):
        return
    if not await may_still_write(session, client_id=client.id, now=now):
        raise TalkIsOver
