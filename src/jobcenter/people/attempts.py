"""A sign-in on its way through a directory or a device: begun once, taken up once, soon over."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.errors import LinkIsDead
from jobcenter.people.staff import Attempt

LASTS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Taken:
    """What the answer must fit, and whose session was open when it began."""

    challenge: str
    verifier: str
    session_hash: bytes | None
    user_id: UUID | None


async def begin(
    session: AsyncSession,
    *,
    kind: str,
    token_hash: bytes,
    challenge: str,
    now: datetime,
    verifier: str = "",
    session_hash: bytes | None = None,
) -> None:
    """Remember what the answer must fit."""
    who = asker(session)
    session.add(
        Attempt(
            organiser_id=who.organiser_id,
            token_hash=token_hash,
            kind=kind,
            challenge=challenge,
            verifier=verifier,
            user_id=who.actor_id,
            session_hash=session_hash,
            expires_at=now + LASTS,
        )
    )


async def take(
    session: AsyncSession,
    *,
    kind: str,
    token_hash: bytes,
    now: datetime,
    user_id: UUID | None = None,
) -> Taken:
    """Take an attempt up, once; with `user_id`, only one that this person began."""
    statement = delete(Attempt).where(
        Attempt.organiser_id == asker(session).organiser_id,
        Attempt.kind == kind,
        Attempt.token_hash == token_hash,
        Attempt.expires_at > now,
    )
    if user_id:
        statement = statement.where(Attempt.user_id == user_id)
    found = (
        await session.execute(
            statement.returning(
                Attempt.challenge, Attempt.verifier, Attempt.session_hash, Attempt.user_id
            )
        )
    ).one_or_none()
    if found is None:
        raise LinkIsDead(
            "This sign-in took too long or was begun in another browser. "
            "Please begin again from the sign-in page."
        )
    return Taken(*found)
