"""API tokens and service accounts: for some kinds of calls only, dated, kept as hashes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import Who, asker
from jobcenter.errors import NotFound
from jobcenter.people.parties import OrderingParty, Unit
from jobcenter.people.sessions import who_is
from jobcenter.people.staff import ApiToken, Grant, Role, User

LASTS = timedelta(days=90)
# What a token may be for; each route of the API names one of them.
SCOPES = (
    "orders:read",
    "orders:write",
    "candidates:read",
    "gigs:read",
    "gigs:write",
    "rounds:read",
    "rounds:write",
    "visits:read",
)


@dataclass(frozen=True, slots=True)
class Program:
    """Whoever a bearer token stands for, and what it is for."""

    who: Who
    scopes: frozenset[str]


async def of_token(session: AsyncSession, *, token_hash: bytes, now: datetime) -> Program | None:
    """Return whose bearer token this is, or None when it holds no more."""
    row = (
        await session.execute(
            select(ApiToken, User)
            .join(
                User, (User.organiser_id == ApiToken.organiser_id) & (User.id == ApiToken.user_id)
            )
            .where(
                ApiToken.organiser_id == asker(session).organiser_id,
                ApiToken.token_hash == token_hash,
                ApiToken.expires_at > now,
                ApiToken.revoked_at.is_(None),
                User.disabled_at.is_(None),
            )
        )
    ).one_or_none()
    if row is None:
        return None
    token, user = row
    return Program(await who_is(session, user, now), frozenset(token.scopes))


async def issue(
    session: AsyncSession,
    *,
    email: str,
    token_hash: bytes,
    scopes: Collection[str],
    now: datetime,
    lasts: timedelta = LASTS,
    name: str = "",
) -> datetime:
    """Give a user or a service account a bearer token for these calls; return when it ends."""
    user = await session.scalar(
        select(User).where(
            User.organiser_id == asker(session).organiser_id,
            func.lower(User.email) == email.strip().lower(),
            User.disabled_at.is_(None),
        )
    )
    if user is None:
        raise NotFound("Nobody has the address {email}.", email=email)
    expires_at = now + min(lasts, LASTS)
    session.add(
        ApiToken(
            organiser_id=user.organiser_id,
            token_hash=token_hash,
            user_id=user.id,
            created_at=now,
            expires_at=expires_at,
            revoked_at=None,
            name=name,
            scopes=sorted(scopes),
        )
    )
    return expires_at


async def open_account(
    session: AsyncSession, *, name: str, role: str, unit: str = "", party: str = ""
) -> None:
    """Make a service account with one role, for one unit or ordering party; once is enough."""
    organiser = asker(session).organiser_id
    if await session.get(Role, (organiser, role)) is None:
        raise NotFound("There is no role {role}.", role=role)
    known = await session.scalar(
        select(User.id).where(User.organiser_id == organiser, User.email == name)
    )
    if known is not None:
        return
    account = User(organiser_id=organiser, email=name, name=name, service=True)
    session.add(account)
    await session.flush()
    session.add(
        Grant(
            organiser_id=organiser,
            user_id=account.id,
            role=role,
            unit_id=await _named(session, Unit, unit) if unit else None,
            party_id=await _named(session, OrderingParty, party) if party else None,
        )
    )


async def _named(session: AsyncSession, kind: type[Unit] | type[OrderingParty], name: str) -> UUID:
    found = await session.scalar(
        select(kind.id).where(kind.organiser_id == asker(session).organiser_id, kind.name == name)
    )
    if found is None:
        raise NotFound("There is nothing called {name}.", name=name)
    return found
