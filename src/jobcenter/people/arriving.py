"""Somebody who comes through their employer's directory: found, given their roles, let in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import Who, asker
from jobcenter.errors import Conflict
from jobcenter.people import sessions
from jobcenter.people.account import end_sessions
from jobcenter.people.parties import Unit
from jobcenter.people.staff import Grant, Role, User

# Where a directory does not tell when somebody last proved who they are, it was long ago.
LONG_AGO = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What a directory tells of a person; roles are ours, or None where it has no say in them."""

    subject: str
    email: str
    name: str
    language: str
    roles: frozenset[str] | None
    proved_at: datetime | None


async def arrive(
    session: AsyncSession,
    *,
    newcomer: Newcomer,
    creates: bool,
    token_hash: bytes,
    csrf: str,
    device: str,
    now: datetime,
) -> Who | None:
    """Begin the session of somebody the directory vouches for; None without a place here.

    Roles are taken as they are told now: what somebody no longer has in the directory is gone.
    """
    user = await _known(session, newcomer)
    if user is None and creates and newcomer.roles and newcomer.email:
        user = await _create(session, newcomer)
    if user is None or user.disabled_at is not None:
        return None
    user.subject = newcomer.subject
    if newcomer.roles is not None:
        await _give(session, user, newcomer.roles)
    who = await sessions.who_is(session, user, now)
    if not who.rights:
        # Who may do nothing here any more is out everywhere.
        await end_sessions(session, user_id=user.id, now=now)
        return None
    return await sessions.begin(
        session,
        user,
        token_hash=token_hash,
        csrf=csrf,
        device=device,
        way="directory",
        proved_at=newcomer.proved_at or now - LONG_AGO,
        now=now,
    )


async def connect(session: AsyncSession, *, user_id: UUID, subject: str) -> None:
    """Tie an account to whom the directory vouches for; from now on they come through it alone.

    For directories that tell no address, such as Suomi.fi: whoever is signed in proves it there.

    :raises Conflict: when either of the two is tied already
    """
    organiser = asker(session).organiser_id
    taken = exists().where(User.organiser_id == organiser, User.subject == subject)
    tied = await session.scalar(
        update(User)
        .where(User.organiser_id == organiser, User.id == user_id)
        .where(User.subject.is_(None), User.disabled_at.is_(None), ~taken)
        .values(subject=subject)
        .returning(User.id)
        .execution_options(synchronize_session=False)
    )
    if tied is None:
        raise Conflict("This account or this sign-in is already connected. Nothing was changed.")


async def _known(session: AsyncSession, newcomer: Newcomer) -> User | None:
    """Find them by what never changes, else once by their address."""
    by_address = func.lower(User.email) == newcomer.email.lower()
    found = await session.scalars(
        select(User)
        .where(
            User.organiser_id == asker(session).organiser_id,
            or_(
                User.subject == newcomer.subject,
                User.subject.is_(None) & by_address & (newcomer.email != ""),
            ),
        )
        .order_by(User.subject.is_(None))
        .with_for_update()
    )
    return found.first()


async def _create(session: AsyncSession, newcomer: Newcomer) -> User | None:
    organiser = asker(session).organiser_id
    taken = await session.scalar(
        select(User.id).where(
            User.organiser_id == organiser, func.lower(User.email) == newcomer.email.lower()
        )
    )
    if taken:
        return None
    user = User(
        organiser_id=organiser,
        email=newcomer.email.lower(),
        name=newcomer.name or newcomer.email,
        language=newcomer.language,
    )
    session.add(user)
    await session.flush()
    return user


async def _give(session: AsyncSession, user: User, roles: Iterable[str]) -> None:
    """Make the roles of a unit or the whole organiser those told; an orderer's party stays."""
    wanted = await _rows(session, roles)
    grants = await session.scalars(
        select(Grant).where(
            Grant.organiser_id == user.organiser_id,
            Grant.user_id == user.id,
            Grant.party_id.is_(None),
        )
    )
    held = {(grant.role, grant.unit_id): grant for grant in grants}
    gone = [grant.id for key, grant in held.items() if key not in wanted]
    if gone:
        await session.execute(
            delete(Grant).where(Grant.organiser_id == user.organiser_id, Grant.id.in_(gone))
        )
    for role, unit_id in wanted - held.keys():
        session.add(
            Grant(
                organiser_id=user.organiser_id,
                user_id=user.id,
                role=role,
                unit_id=unit_id,
                party_id=None,
            )
        )
    await session.flush()


async def _rows(session: AsyncSession, roles: Iterable[str]) -> set[tuple[str, UUID | None]]:
    """Return the roles and units of `role` and `role@unit`; words that name none give nothing."""
    organiser = asker(session).organiser_id
    in_use = select(Role.code).where(Role.organiser_id == organiser, Role.active)
    codes = set(await session.scalars(in_use))
    units = await session.execute(select(Unit.name, Unit.id).where(Unit.organiser_id == organiser))
    ids: dict[str, UUID] = {row.name: row.id for row in units}
    found: set[tuple[str, UUID | None]] = set()
    for each in roles:
        role, _, unit = each.partition("@")
        if role in codes and (not unit or unit in ids):
            found.add((role, ids[unit] if unit else None))
    return found
