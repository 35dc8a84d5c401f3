"""Keys that people's own devices keep: added by whoever has just signed in, used to sign in."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import Who, asker
from jobcenter.errors import Conflict, NotAllowed
from jobcenter.people import sessions
from jobcenter.people.staff import Passkey, User

MOST = 10
UNKNOWN = "We do not know this passkey. Sign in with a link by e-mail and add it."


async def of_asker(session: AsyncSession) -> Sequence[Passkey]:
    """Return the asker's keys, the oldest first."""
    who = asker(session)
    found = await session.scalars(
        select(Passkey)
        .where(Passkey.organiser_id == who.organiser_id, Passkey.user_id == who.actor_id)
        .order_by(Passkey.created_at, Passkey.id)
    )
    return found.all()


async def add(
    session: AsyncSession,
    *,
    credential_id: bytes,
    public_key: bytes,
    uses: int,
    name: str,
    anew: sessions.Anew,
    now: datetime,
) -> None:
    """Keep a key of the asker's; whoever else is in under their name is out."""
    who = asker(session)
    assert who.actor_id is not None
    user = await session.get_one(User, (who.organiser_id, who.actor_id), with_for_update=True)
    if user.subject:
        raise NotAllowed("You sign in through your employer: no passkey is needed here.")
    if len(await of_asker(session)) >= MOST:
        raise Conflict("You have many passkeys. Remove one first.")
    session.add(
        Passkey(
            organiser_id=who.organiser_id,
            user_id=user.id,
            credential_id=credential_id,
            public_key=public_key,
            uses=uses,
            name=name,
            created_at=now,
            used_at=None,
        )
    )
    await sessions.renew(session, anew, now=now)


async def enter(
    session: AsyncSession,
    *,
    credential_id: bytes,
    check: Callable[[bytes, int, UUID], int],
    token_hash: bytes,
    csrf: str,
    device: str,
    now: datetime,
) -> Who:
    """Begin the session of a key's owner; `check` proves the answer and returns the new count."""
    organiser = asker(session).organiser_id
    found = (
        await session.execute(
            select(Passkey, User)
            .join(User, (User.organiser_id == Passkey.organiser_id) & (User.id == Passkey.user_id))
            .where(
                Passkey.organiser_id == organiser,
                Passkey.credential_id == credential_id,
                User.disabled_at.is_(None),
                # Who comes through a directory comes in no other way.
                User.subject.is_(None),
            )
            .with_for_update(of=Passkey)
        )
    ).one_or_none()
    if found is None:
        raise NotAllowed(UNKNOWN)
    passkey, user = found
    passkey.uses = check(passkey.public_key, passkey.uses, user.id)
    passkey.used_at = now
    return await sessions.begin(
        session, user, token_hash=token_hash, csrf=csrf, device=device, way="passkey", now=now
    )
