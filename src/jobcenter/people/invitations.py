"""Somebody is asked to order for a party: nothing is theirs before they say yes by their mail.

Until then only what the inviter typed is kept, the same for every address: whether an address is
known here is told to nobody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import DateTime, Index, Text, UniqueConstraint, column, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from jobcenter.database import Base, Key, Organised, asker, of
from jobcenter.errors import LinkIsDead, NotFound, WrongMoment
from jobcenter.people import sessions
from jobcenter.people.newcomers import Newcomer, welcome
from jobcenter.people.sessions import Offered
from jobcenter.people.staff import MANAGER, ORDERER, Grant, Hash, RightEvent

LASTS = timedelta(days=7)
MOMENT = DateTime(timezone=True)


class Invitation(Base):
    """An address that was asked to order for a party; it goes with the answer."""

    __tablename__ = "invitations"
    __table_args__ = (
        of("parties", "party_id"),
        of("users", "invited_by"),
        UniqueConstraint("organiser_id", "party_id", "email", name="invited_once"),
        Index("invitation_by_token", "organiser_id", "token_hash", unique=True),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    party_id: Mapped[UUID]
    email: Mapped[str]
    name: Mapped[str]
    language: Mapped[str]
    token_hash: Mapped[Hash]
    invited_by: Mapped[UUID | None]
    expires_at: Mapped[datetime]
    manages: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """Whether they are asked to keep the party's people, too."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an invitation says to whoever holds its link."""

    party: str
    inviter: str


async def opened(session: AsyncSession, *, token_hash: bytes, now: datetime) -> Asked:
    """Return who asks, and for which party."""
    found = func.opened_invitation(token_hash).table_valued(
        column("party", Text), column("inviter", Text), column("expires_at", MOMENT)
    )
    row = (await session.execute(select(found))).one_or_none()
    if row is None:
        raise NotFound
    party, inviter, expires_at = row
    if expires_at <= now:
        raise LinkIsDead
    return Asked(party, inviter)


async def accept(
    session: AsyncSession,
    *,
    token_hash: bytes,
    mint: Callable[[UUID, datetime], bytes],
    now: datetime,
) -> Offered | None:
    """Let whoever holds the link order for the party; return a way to sign in, if one is free.

    :raises WrongMoment: when that address has another part here
    """
    row = await _held(session, token_hash)
    if row.expires_at <= now or not await _may_invite(session, row):
        raise LinkIsDead
    newcomer = Newcomer(row.email, row.name, "", row.language)
    user_id = await welcome(session, newcomer=newcomer)
    held = await session.scalars(
        select(Grant)
        .where(Grant.organiser_id == row.organiser_id, Grant.user_id == user_id)
        .with_for_update()
    )
    grants = held.all()
    here = {(ORDERER, None), (ORDERER, row.party_id), (MANAGER, row.party_id)}
    if any((one.role, one.party_id) not in here for one in grants):
        raise WrongMoment("This address has another part here. Ask for an invitation to another.")
    if not any(one.party_id == row.party_id for one in grants):
        await _let_in(session, row, user_id, next(iter(grants), None), now)
    await session.delete(row)
    return await sessions.offer(session, email=row.email, mint=mint, now=now)


async def _may_invite(session: AsyncSession, row: Invitation) -> bool:
    """Tell whether whoever asked is still here, and may still ask for that party."""
    found = await session.scalar(
        select(func.invites_for(row.organiser_id, row.invited_by, row.party_id))
    )
    return found is True


async def _let_in(
    session: AsyncSession, row: Invitation, user_id: UUID, grant: Grant | None, now: datetime
) -> None:
    if grant is None:
        grant = Grant(
            organiser_id=row.organiser_id, user_id=user_id, role=ORDERER, unit_id=None,
            party_id=None,
        )  # fmt: skip
        session.add(grant)
    grant.party_id = row.party_id
    if row.manages:
        session.add(
            Grant(
                organiser_id=row.organiser_id, user_id=user_id, role=MANAGER, unit_id=None,
                party_id=row.party_id,
            )
        )  # fmt: skip
    session.add_all(
        RightEvent(
            organiser_id=row.organiser_id, at=now, actor=row.invited_by, user_id=user_id,
            kind="given", details={"role": role, "party": str(row.party_id)},
        )
        for role in (ORDERER, MANAGER)[: 1 + row.manages]
    )  # fmt: skip
    await session.flush()


async def refuse(session: AsyncSession, *, token_hash: bytes) -> None:
    """Say no: what was kept of the address is gone."""
    await session.delete(await _held(session, token_hash))


async def _held(session: AsyncSession, token_hash: bytes) -> Invitation:
    row = await session.scalar(
        select(Invitation)
        .where(Invitation.organiser_id == asker(session).organiser_id)
        .where(Invitation.token_hash == token_hash)
        .with_for_update()
    )
    if row is None:
        raise NotFound
    return row


async def waiting(session: AsyncSession, *, email: str, version: int) -> Invitation | None:
    """Return the invitation that a mail to this address is about, while it waits."""
    rows = await session.scalars(
        select(Invitation)
        .where(Invitation.organiser_id == asker(session).organiser_id)
        .where(Invitation.email == email)
        .order_by(Invitation.expires_at.desc())
    )
    return next((row for row in rows if int(row.expires_at.timestamp()) == version), None)
