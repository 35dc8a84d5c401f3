"""Giving and taking roles, and putting a user out; every step is a row that stays.

What a role allows is a row too, so a city adds roles without code. The database takes everything
from a user who is put out: sessions, links, tokens, feeds and what is done in their name (I27).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import Json, asker
from jobcenter.errors import Fault, Invalid, NotAllowed, NotFound, WrongMoment
from jobcenter.people.parties import OrderingParty, Unit
from jobcenter.people.staff import ApiToken, Grant, RightEvent, Role, User

ORGANISE = "organise"
MOST = 500
IS_OUT = "This user is disabled. Let them in again first."


@dataclass(frozen=True, slots=True)
class Given:
    """A role that somebody has, and where."""

    id: UUID
    role: str
    name: str
    where: str


@dataclass(frozen=True, slots=True)
class Account:
    """A user with their roles and tokens, as an administrator sees them."""

    user: User
    roles: tuple[Given, ...]
    tokens: tuple[ApiToken, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be given, and for where."""

    roles: Mapping[str, str]
    """Names of roles in the asker's language, by code."""
    units: Sequence[Unit]


async def accounts(session: AsyncSession, *, text: str = "") -> list[Account]:
    """Return the users whose name or address has this in it, with what they may."""
    organiser = asker(session).organiser_id
    found = select(User).where(User.organiser_id == organiser)
    if text:
        found = found.where(
            User.name.icontains(text, autoescape=True) | User.email.icontains(text, autoescape=True)
        )
    users = (await session.scalars(found.order_by(User.name, User.id).limit(MOST))).all()
    return await _with_rights(session, users)


async def account(session: AsyncSession, *, user_id: UUID) -> Account:
    """Return one user."""
    user = await session.get(User, (asker(session).organiser_id, user_id))
    if user is None:
        raise NotFound
    return (await _with_rights(session, [user]))[0]


async def _with_rights(session: AsyncSession, users: Sequence[User]) -> list[Account]:
    organiser, called = asker(session).organiser_id, Role.called(asker(session).language)
    ids = [user.id for user in users]
    grants = (
        await session.execute(
            select(Grant, called, func.coalesce(Unit.name, OrderingParty.name, ""))
            .join(Role, (Role.organiser_id == Grant.organiser_id) & (Role.code == Grant.role))
            .outerjoin(Unit, (Unit.organiser_id == organiser) & (Unit.id == Grant.unit_id))
            .outerjoin(
                OrderingParty,
                (OrderingParty.organiser_id == organiser) & (OrderingParty.id == Grant.party_id),
            )
            .where(Grant.organiser_id == organiser, Grant.user_id.in_(ids))
            .order_by(called, Grant.id)
        )
    ).all()
    tokens = (
        await session.scalars(
            select(ApiToken)
            .where(ApiToken.organiser_id == organiser, ApiToken.user_id.in_(ids))
            .where(ApiToken.revoked_at.is_(None))
            .order_by(ApiToken.created_at)
        )
    ).all()
    return [
        Account(
            user,
            tuple(
                Given(grant.id, grant.role, name, where)
                for grant, name, where in grants
                if grant.user_id == user.id
            ),
            tuple(token for token in tokens if token.user_id == user.id),
        )
        for user in users
    ]


async def choices(session: AsyncSession) -> Choices:
    """Return the roles and units there are."""
    organiser, called = asker(session).organiser_id, Role.called(asker(session).language)
    roles = (
        select(Role.code, called)
        .where(Role.organiser_id == organiser, Role.active)
        .order_by(called)
    )
    units = select(Unit).where(Unit.organiser_id == organiser, Unit.active).order_by(Unit.name)
    named = {row[0]: row[1] for row in await session.execute(roles)}
    return Choices(named, (await session.scalars(units)).all())


async def give(
    session: AsyncSession, *, user_id: UUID, role: str, unit_id: UUID | None, now: datetime
) -> None:
    """Give a user a role, in one unit or for none; giving it again changes nothing."""
    organiser = asker(session).organiser_id
    user = await _other(session, user_id)
    if user.disabled_at:
        raise WrongMoment(IS_OUT)
    known = await session.get(Role, (organiser, role))
    if known is None or not known.active:
        raise Invalid(Fault("role", "unknown", "We do not know this role."))
    if unit_id and await session.get(Unit, (organiser, unit_id)) is None:
        raise Invalid(Fault("unit", "unknown", "We do not know this unit."))
    has = await session.scalar(
        select(Grant.id).where(
            Grant.organiser_id == organiser,
            Grant.user_id == user_id,
            Grant.role == role,
            Grant.unit_id.is_not_distinct_from(unit_id),
            Grant.party_id.is_(None),
        )
    )
    if has is None:
        session.add(
            Grant(
                organiser_id=organiser, user_id=user_id, role=role, unit_id=unit_id, party_id=None
            )
        )
        note(session, user_id, "given", now, role=role, unit=str(unit_id or ""))


async def take(session: AsyncSession, *, user_id: UUID, grant_id: UUID, now: datetime) -> None:
    """Take a role away; it is gone with the next request."""
    await _other(session, user_id)
    grant = await session.get(Grant, (asker(session).organiser_id, grant_id))
    if grant is None or grant.user_id != user_id:
        raise NotFound
    await session.delete(grant)
    note(session, user_id, "taken", now, role=grant.role, unit=str(grant.unit_id or ""))


async def disable(session: AsyncSession, *, user_id: UUID, now: datetime) -> None:
    """Put a user out, with everything they hold; doing it twice is the same."""
    user = await _other(session, user_id)
    if user.disabled_at is None:
        user.disabled_at = now
        note(session, user_id, "disabled", now)


async def enable(session: AsyncSession, *, user_id: UUID, now: datetime) -> None:
    """Let a user in again; what they held before does not come back."""
    user = await _other(session, user_id)
    if user.disabled_at is not None:
        user.disabled_at = None
        note(session, user_id, "enabled", now)


async def revoke(session: AsyncSession, *, user_id: UUID, now: datetime) -> None:
    """Take all of a user's API tokens back."""
    await _other(session, user_id)
    await session.execute(
        update(ApiToken)
        .where(ApiToken.organiser_id == asker(session).organiser_id, ApiToken.user_id == user_id)
        .where(ApiToken.revoked_at.is_(None))
        .values(revoked_at=now)
        .execution_options(synchronize_session=False)
    )
    note(session, user_id, "tokens_revoked", now)


async def note_role(
    session: AsyncSession,
    role: str,
    before: Mapping[str, object],
    after: Mapping[str, object],
    *,
    actor: UUID | None,
    now: datetime,
) -> None:
    """Write down, for everybody who has a role, that it allows something else from now on."""
    was, is_ = before.get("rights", []), after.get("rights", [])
    if was == is_:
        return
    organiser = asker(session).organiser_id
    holders = await session.scalars(
        select(Grant.user_id).where(Grant.organiser_id == organiser, Grant.role == role).distinct()
    )
    details: Json = {"role": role, "before": was, "after": is_}
    session.add_all(
        RightEvent(
            organiser_id=organiser, at=now, actor=actor, user_id=user_id, kind="role_changed",
            details=details,
        )
        for user_id in holders
    )  # fmt: skip


async def holders(
    session: AsyncSession, right: str, *, unit_id: UUID | None = None
) -> Sequence[UUID]:
    """Return who has a right, by whatever name the role has; where a unit is given, in that one."""
    found = select(User.id).where(
        User.organiser_id == asker(session).organiser_id, User.disabled_at.is_(None)
    )
    if unit_id is not None:
        found = found.where(Grant.unit_id == unit_id)
    rows = await session.scalars(
        found.join(Grant, (Grant.organiser_id == User.organiser_id) & (Grant.user_id == User.id))
        .join(Role, (Role.organiser_id == Grant.organiser_id) & (Role.code == Grant.role))
        .where(literal(right) == func.any(Role.rights))
        .distinct()
        .order_by(User.id)
    )
    return rows.all()


async def _other(session: AsyncSession, user_id: UUID) -> User:
    """Return the user, locked, whom an administrator may change: anybody but themselves."""
    who = asker(session)
    if not who.may(ORGANISE):
        raise NotAllowed
    if who.actor_id == user_id:
        raise WrongMoment("Nobody changes their own rights. Please ask another administrator.")
    user = await session.get(User, (who.organiser_id, user_id), with_for_update=True)
    if user is None:
        raise NotFound
    return user


def note(session: AsyncSession, user_id: UUID, kind: str, now: datetime, **details: str) -> None:
    """Write down what the asker changed about somebody's rights."""
    who = asker(session)
    told: Json = dict(details)
    session.add(
        RightEvent(
            organiser_id=who.organiser_id,
            at=now,
            actor=who.actor_id,
            user_id=user_id,
            kind=kind,
            details=told,
        )
    )
