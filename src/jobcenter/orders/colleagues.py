"""Several people of one ordering party: invited by mail, leaving or removed, never the last one.

Whoever orders for a party sees all its orders. Whether an address is known here is told to nobody.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.errors import NotAllowed, NotFound, TooMany, WrongMoment
from jobcenter.notices import tell
from jobcenter.people import sessions
from jobcenter.people.newcomers import Newcomer, welcome
from jobcenter.people.parties import OrderingParty
from jobcenter.people.staff import ORDERER, Grant, RightEvent

MOST = 30


async def invite(
    session: AsyncSession,
    *,
    newcomer: Newcomer,
    mint: Callable[[UUID, datetime], bytes],
    now: datetime,
) -> None:
    """Let somebody order for the asker's party, and mail them a link; again only mails anew.

    An address that has another part here is left alone, and the asker is told nothing of it.
    """
    party = await _own_party(session)
    if len(await _grants(session, party)) >= MOST:
        raise TooMany
    user_id = await welcome(session, newcomer=newcomer)
    held = await session.scalars(
        select(Grant).where(Grant.organiser_id == party.organiser_id, Grant.user_id == user_id)
    )
    grants = held.all()
    if any(one.role != ORDERER or one.party_id not in {None, party.id} for one in grants):
        return
    for grant in grants:
        if grant.party_id is None:
            grant.party_id = party.id
            _note(session, user_id, "given", now)
    if not grants:
        session.add(_granted(party, user_id))
        _note(session, user_id, "given", now)
    offered = await sessions.offer(session, email=newcomer.email, mint=mint, now=now)
    if offered:
        version = int(offered.expires_at.timestamp())
        await tell(session, kind="invited", user_id=user_id, way="mail", version=version, now=now)


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
    _note(session, user_id, "taken", now)
    await session.flush()


def _granted(party: OrderingParty, user_id: UUID) -> Grant:
    return Grant(
        organiser_id=party.organiser_id,
        user_id=user_id,
        role=ORDERER,
        unit_id=None,
        party_id=party.id,
    )


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


def _note(session: AsyncSession, user_id: UUID, kind: str, now: datetime) -> None:
    who = asker(session)
    session.add(
        RightEvent(
            organiser_id=who.organiser_id,
            at=now,
            actor=who.actor_id,
            user_id=user_id,
            kind=kind,
            details={"role": ORDERER, "party": str(who.party_id)},
        )
    )
