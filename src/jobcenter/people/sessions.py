"""Signed-in browsers and one-time sign-in links: only hashes are ever kept. Tokens: `programs`.

Whoever calls makes the secret and hands in its hash, so that no secret passes through here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import ColumnElement, Update, and_, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import ORDERING, Who, asker, held_in
from jobcenter.errors import LinkIsDead, NotFound
from jobcenter.people.deputies import held_by
from jobcenter.people.keyholes import STANDING, opened_session, opened_signin
from jobcenter.people.staff import Grant, Passkey, Role, SigninLink, User
from jobcenter.people.staff import Session as Row

LINK_LASTS = timedelta(minutes=30)
# More links than this in a day are not mailed to one person (RELIABILITY §5.2).
MOST_LINKS_A_DAY = 20
# Writing "seen" with every click would make every read a write.
SEEN_AGAIN = timedelta(minutes=1)
# A page that was asked for with the former token just before it changed is still answered.
OVERLAP = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session lives without a click, and at most."""

    idle: timedelta
    whole: timedelta


STAFF = Limits(timedelta(minutes=30), timedelta(hours=10))
ORDERER = Limits(timedelta(hours=2), timedelta(hours=12))
LINK = Limits(timedelta(minutes=15), timedelta(minutes=60))


@dataclass(frozen=True, slots=True)
class Signed:
    """A session that holds: who it is, and what their forms must carry."""

    who: Who
    csrf: str
    language: str | None
    link_hash: bytes | None
    stale: bool
    """Whether it is time to write that it was seen."""
    began_at: datetime
    """When the person last proved who they are."""
    moved: bool
    """Whether their roles have changed since the token was given."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A sign-in link that was made, and for whom."""

    user_id: UUID
    name: str
    expires_at: datetime


def limits_of(who: Who) -> Limits:
    """Return how long a session of this kind of person lives: by what they may, whatever its name.

    Whoever may do nothing yet is held to the shorter ones.
    """
    if who.actor_id is None:
        return LINK
    return ORDERER if who.rights and who.rights <= ORDERING else STAFF


async def find(session: AsyncSession, *, token_hash: bytes, now: datetime) -> Signed | None:
    """Return the session of a cookie, unless it ended, ran out or was idle too long."""
    known = opened_session(token_hash)
    row = await session.scalar(
        select(known).where(
            _holds(known, token_hash, now), known.ended_at.is_(None), known.expires_at > now
        )
    )
    if row is None:
        return None
    who = await _who_of(session, row.user_id, now)
    if who is None or row.seen_at + limits_of(who).idle <= now:
        return None
    return Signed(
        who=who,
        csrf=row.csrf,
        language=row.language,
        link_hash=row.link_hash,
        stale=row.seen_at + SEEN_AGAIN <= now,
        began_at=row.proved_at or row.created_at,
        moved=row.token_hash == token_hash and row.standing != standing_of(who),
    )


def _holds(row: type[Row], token_hash: bytes, now: datetime) -> ColumnElement[bool]:
    return or_(
        row.token_hash == token_hash,
        and_(row.former_hash == token_hash, row.rotated_at > now - OVERLAP),
    )


def standing_of(who: Who) -> str:
    """Return a mark of everything that somebody may do; a link may only what it is for."""
    if who.actor_id is None:
        return ""
    words = [who.role, *sorted(who.rights), *sorted(map(str, who.unit_ids)), str(who.party_id)]
    return sha256("|".join(words).encode()).hexdigest()[:32]


async def _who_of(session: AsyncSession, user_id: UUID | None, now: datetime) -> Who | None:
    organiser = asker(session).organiser_id
    if user_id is None:
        return Who(organiser, "link")
    user = await session.scalar(
        select(User)
        .options(STANDING)
        .where(User.organiser_id == organiser, User.id == user_id, User.disabled_at.is_(None))
    )
    return await who_is(session, user, now) if user else None


async def who_is(session: AsyncSession, user: User, now: datetime) -> Who:
    """Return a user with what their roles, and those they stand in for, allow in each unit."""
    grants = (
        await session.execute(
            select(Grant, Role)
            .join(Role, (Role.organiser_id == Grant.organiser_id) & (Role.code == Grant.role))
            .where(Grant.organiser_id == user.organiser_id)
            .where(held_by(user, now))
            .order_by(func.cardinality(Role.rights).desc(), Grant.role, Grant.id)
        )
    ).all()
    return Who(
        organiser_id=user.organiser_id,
        role=grants[0][0].role if grants else "visitor",
        actor_id=user.id,
        unit_ids=tuple(dict.fromkeys(g.unit_id for g, _ in grants if g.unit_id)),
        party_id=next((g.party_id for g, _ in grants if g.party_id), None),
        rights=frozenset(held_in(right, g.unit_id) for g, role in grants for right in role.rights),
        language=user.language,
        name=user.name,
    )


async def seen(session: AsyncSession, *, token_hash: bytes, now: datetime) -> None:
    """Note that a session is in use."""
    await session.execute(_these(session, token_hash, now).values(seen_at=now))


async def end(session: AsyncSession, *, token_hash: bytes, now: datetime) -> None:
    """Sign a browser out; doing it twice is the same."""
    await session.execute(_these(session, token_hash, now).values(ended_at=now))


async def rotate(
    session: AsyncSession, *, token_hash: bytes, fresh_hash: bytes, standing: str, now: datetime
) -> bool:
    """Give a session a fresh token; False when another request just did."""
    rotated = await session.scalar(
        _these(session, token_hash, now)
        .where(Row.token_hash == token_hash)
        .values(token_hash=fresh_hash, former_hash=token_hash, rotated_at=now, standing=standing)
        .returning(Row.id)
    )
    return rotated is not None


@dataclass(frozen=True, slots=True)
class Anew:
    """The hash of the token that a browser has shown, and of the one that it gets instead."""

    shown: bytes | None
    fresh: bytes


async def renew(session: AsyncSession, anew: Anew, *, now: datetime) -> None:
    """Give the asker's browser a fresh token at once, and end every other session of theirs."""
    who = asker(session)
    await session.execute(
        _these(session, anew.shown or b"", now).values(
            token_hash=anew.fresh, former_hash=None, rotated_at=None
        )
    )
    await session.execute(
        update(Row)
        .where(Row.organiser_id == who.organiser_id, Row.user_id == who.actor_id)
        .where(Row.token_hash != anew.fresh, Row.ended_at.is_(None))
        .values(ended_at=now)
    )


def _these(session: AsyncSession, token_hash: bytes, now: datetime) -> Update:
    return update(Row).where(
        Row.organiser_id == asker(session).organiser_id,
        _holds(Row, token_hash, now),
        Row.ended_at.is_(None),
    )


async def begin_of_link(
    session: AsyncSession, *, link_hash: bytes, token_hash: bytes, csrf: str, now: datetime
) -> None:
    """Begin the session of a gig's or an order's link; the link itself is not touched."""
    session.add(
        Row(
            organiser_id=asker(session).organiser_id,
            token_hash=token_hash,
            user_id=None,
            link_hash=link_hash,
            csrf=csrf,
            language=None,
            created_at=now,
            seen_at=now,
            expires_at=now + LINK.whole,
            ended_at=None,
        )
    )


async def offer(
    session: AsyncSession,
    *,
    email: str,
    mint: Callable[[UUID, datetime], bytes],
    now: datetime,
    most_a_day: int = MOST_LINKS_A_DAY,
) -> Offered | None:
    """Make a one-time sign-in link for an address we know; None for one we do not.

    `mint` makes the hash of the link's token from the user and the moment it ends; more than
    `most_a_day` are not made.
    """
    organiser = asker(session).organiser_id
    user = await session.scalar(
        select(User).where(
            User.organiser_id == organiser,
            func.lower(User.email) == email.strip().lower(),
            User.disabled_at.is_(None),
            ~User.service,
        )
    )
    if user is None or await _links_lately(session, user.id, now) >= most_a_day:
        return None
    # Who comes through a directory, and staff with a passkey, come in no other way, unless the
    # machine itself lets them in: a mailbox alone opens nobody's record.
    if most_a_day <= MOST_LINKS_A_DAY and (user.subject or await _has_key(session, user, now)):
        return None
    expires_at = now + LINK_LASTS
    session.add(
        SigninLink(
            organiser_id=organiser,
            token_hash=mint(user.id, expires_at),
            user_id=user.id,
            expires_at=expires_at,
            used_at=None,
        )
    )
    return Offered(user.id, user.name, expires_at)


async def _has_key(session: AsyncSession, user: User, now: datetime) -> bool:
    """Whether somebody who may more than order keeps a passkey."""
    if not (await who_is(session, user, now)).rights - ORDERING:
        return False
    mine = (Passkey.organiser_id == user.organiser_id) & (Passkey.user_id == user.id)
    return bool(await session.scalar(select(exists().where(mine))))


async def _links_lately(session: AsyncSession, user_id: UUID, now: datetime) -> int:
    found = await session.scalar(
        select(func.count())
        .select_from(SigninLink)
        .where(
            SigninLink.organiser_id == asker(session).organiser_id,
            SigninLink.user_id == user_id,
            SigninLink.expires_at > now - timedelta(days=1),
        )
    )
    return found or 0


async def waiting_links(
    session: AsyncSession, *, user_id: UUID, now: datetime
) -> Sequence[datetime]:
    """Return when this user's unused links end; a message is built from the first, the newest."""
    found = await session.scalars(
        select(SigninLink.expires_at)
        .where(
            SigninLink.organiser_id == asker(session).organiser_id,
            SigninLink.user_id == user_id,
            SigninLink.used_at.is_(None),
            SigninLink.expires_at > now,
        )
        .order_by(SigninLink.expires_at.desc())
    )
    return found.all()


async def owner_of_link(session: AsyncSession, *, token_hash: bytes, now: datetime) -> str:
    """Return whose sign-in link this is; looking does not use it up."""
    row = (await session.execute(opened_signin(token_hash))).one_or_none()
    if row is None:
        raise NotFound
    name, expires_at, used_at = row
    _check_link(expires_at, used_at, now)
    return name


async def use_link(
    session: AsyncSession,
    *,
    link_hash: bytes,
    token_hash: bytes,
    csrf: str,
    now: datetime,
    device: str = "",
) -> Who:
    """Use a sign-in link up and begin its session under a fresh token."""
    link, user = await _link(session, link_hash, now)
    link.used_at = now
    return await begin(session, user, token_hash=token_hash, csrf=csrf, device=device, now=now)


async def begin(
    session: AsyncSession,
    user: User,
    *,
    token_hash: bytes,
    csrf: str,
    now: datetime,
    device: str = "",
    way: str = "link",
    proved_at: datetime | None = None,
) -> Who:
    """Begin the session of somebody who has proved who they are, just now or at that moment."""
    who = await who_is(session, user, now)
    session.add(
        Row(
            organiser_id=user.organiser_id,
            token_hash=token_hash,
            user_id=user.id,
            link_hash=None,
            csrf=csrf,
            language=None,
            created_at=now,
            seen_at=now,
            expires_at=now + limits_of(who).whole,
            ended_at=None,
            way=way,
            device=device,
            proved_at=proved_at,
            standing=standing_of(who),
        )
    )
    return who


async def _link(session: AsyncSession, token_hash: bytes, now: datetime) -> tuple[SigninLink, User]:
    statement = (
        select(SigninLink, User)
        .join(
            User,
            (User.organiser_id == SigninLink.organiser_id) & (User.id == SigninLink.user_id),
        )
        .where(
            SigninLink.organiser_id == asker(session).organiser_id,
            SigninLink.token_hash == token_hash,
            User.disabled_at.is_(None),
        )
        .with_for_update(of=SigninLink)
    )
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise NotFound
    link, user = row
    _check_link(link.expires_at, link.used_at, now)
    return link, user


def _check_link(expires_at: datetime, used_at: datetime | None, now: datetime) -> None:
    if used_at is not None or expires_at <= now:
        raise LinkIsDead("This sign-in link has been used or is too old. Ask for a new one.")
