"""What a person sees and ends of their own sign-ins: browsers that are open, keys of devices.

Also how all of them end at once, when somebody's address becomes another.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.errors import NotFound
from jobcenter.people.sessions import Anew, limits_of, renew
from jobcenter.people.staff import Passkey, Session, SigninLink


async def open_sessions(session: AsyncSession, *, now: datetime) -> Sequence[Session]:
    """Return where the asker is signed in just now, the newest first."""
    who = asker(session)
    found = await session.scalars(
        select(Session)
        .where(
            Session.organiser_id == who.organiser_id,
            Session.user_id == who.actor_id,
            Session.ended_at.is_(None),
            Session.expires_at > now,
            Session.seen_at > now - limits_of(who).idle,
        )
        .order_by(Session.created_at.desc(), Session.id)
    )
    return found.all()


async def close_session(session: AsyncSession, *, session_id: UUID, now: datetime) -> None:
    """Sign one of the asker's own browsers out."""
    who = asker(session)
    closed = await session.scalar(
        update(Session)
        .where(
            Session.organiser_id == who.organiser_id,
            Session.user_id == who.actor_id,
            Session.id == session_id,
        )
        .values(ended_at=now)
        .returning(Session.id)
    )
    if closed is None:
        raise NotFound


async def close_others(session: AsyncSession, *, but: bytes | None, now: datetime) -> None:
    """Sign every browser of the asker out except the one whose token hash is `but`."""
    await end_sessions(session, user_id=asker(session).actor_id, but=but, now=now)


async def end_ways(session: AsyncSession, *, user_id: UUID, now: datetime) -> None:
    """End every unused sign-in link of a user, then every session, also one just begun by such."""
    organiser = asker(session).organiser_id
    await session.execute(
        update(SigninLink)
        .where(SigninLink.organiser_id == organiser, SigninLink.user_id == user_id)
        .where(SigninLink.used_at.is_(None), SigninLink.expires_at > now)
        .values(expires_at=now)
    )
    await end_sessions(session, user_id=user_id, now=now)


async def end_sessions(
    session: AsyncSession, *, user_id: UUID | None, now: datetime, but: bytes | None = None
) -> None:
    """Sign every browser of somebody out, except the one whose token hash is `but`."""
    await session.execute(
        update(Session)
        .where(
            Session.organiser_id == asker(session).organiser_id,
            Session.user_id == user_id,
            Session.token_hash != (but or b""),
            Session.ended_at.is_(None),
        )
        .values(ended_at=now)
    )


async def remove_passkey(
    session: AsyncSession, *, passkey_id: UUID, anew: Anew, now: datetime
) -> None:
    """Forget one of the asker's own keys; whoever came in with it, or holds a copy, is out."""
    who = asker(session)
    removed = await session.scalar(
        delete(Passkey)
        .where(
            Passkey.organiser_id == who.organiser_id,
            Passkey.user_id == who.actor_id,
            Passkey.id == passkey_id,
        )
        .returning(Passkey.id)
    )
    if removed is None:
        raise NotFound
    await renew(session, anew, now=now)
