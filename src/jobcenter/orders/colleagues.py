"""Several people of one ordering party: invited by mail, leaving or removed, never the last one.

Whoever orders for a party sees all its orders. Whether an address is known here is told to nobody.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from jobcenter.database import asker
from jobcenter.errors import NotAllowed, NotFound, TooMany, WrongMoment
from jobcenter.notices import tell
from jobcenter.people.invitations import LASTS, Invitation
from jobcenter.people.newcomers import Newcomer
from jobcenter.people.parties import OrderingParty
from jobcenter.people.rights import note
from jobcenter.people.staff import ORDERER, Grant

MOST = 30


async def invite(
    session: AsyncSession,
    *,
    newcomer: Newcomer,
    mint: Callable[[UUID], bytes],
    now: datetime,
) -> None:
    """Ask somebody by mail to order for the asker's party; asked again, only the mail is new."""
    party = await _own_party(session)
    email = newcomer.email.lower()
    waiting = await _invited(session, party)
    row = next((one for one in waiting if one.email == email), None)
    if row is None:
        if len(await _grants(session, party)) + len(waiting) >= MOST:
            raise TooMany
        key = uuid7()
        row = Invitation(
            organiser_id=party.organiser_id, id=key, party_id=party.id, email=email,
            token_hash=mint(key), language=newcomer.language,
        )  # fmt: skip
        session.add(row)
    row.name, row.invited_by = newcomer.name, asker(session).actor_id
    row.expires_at = now + LASTS
    await session.flush()
    version = int(row.expires_at.timestamp())
    await tell(session, kind="invited", address=email, way="mail", version=version, now=now)


async def take_back(session: AsyncSession, *, invitation_id: UUID) -> None:
    """Take an invitation back that nobody has answered; one that is gone is gone."""
    party = await _own_party(session)
    for row in await _invited(session, party):
        if row.id == invitation_id:
            await session.delete(row)


async def _invited(session: AsyncSession, party: OrderingParty) -> Sequence[Invitation]:
    rows = await session.scalars(
        select(Invitation).where(
            Invitation.organiser_id == party.organiser_id, Invitation.party_id == party.id
        )
    )
    return rows.all()


async def remove(session: AsyncSession, *, user_id: UUID, now: datetime) -> None:
    """Take somebody, or oneself, out of the asker's party; the last one stays."""
    party = await _own_party(session)
    grants = await _grants(session, party)
    theirs = [grant for grant in grants if grant.user_id == user_id]
    if not theirs:
        raise NotFound
    if len({grant.user_id for grant in grants}) == 1:
        raise WrongMoment("Somebody must stay to see to the orders. Invite a colleague first.")
    for grant in theirs:
        await session.delete(grant)
    note(session, user_id, "taken", now, role=ORDERER, party=str(asker(session).party_id))
    await session.flush()


async def _own_party(session: AsyncSession) -> OrderingParty:
    """Return the asker's party, locked: two who leave at once are counted one after the other."""
    who = asker(session)
    if not who.may("order") or who.party_id is None:
        raise NotAllowed
    return await session.get_one(
        OrderingParty, (who.organiser_id, who.party_id), with_for_update=True
    )


async def _grants(session: AsyncSession, party: OrderingParty) -> list[Grant]:
    rows = await session.scalars(
        select(Grant).where(
            Grant.organiser_id == party.organiser_id,
            Grant.party_id == party.id,
            Grant.role == ORDERER,
        )
    )
    return list(rows)
