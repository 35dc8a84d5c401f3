"""Several people of one ordering party: invited by mail, leaving or removed, some of them managing.

All of them see its orders. Whoever manages keeps the people; one of them always stays. Whether an
address is known here is told to nobody.
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
from jobcenter.people.staff import MANAGER, ORDERER, Grant, User

MANAGE = "manage_party"
MOST = 30
SOMEBODY_STAYS = "Somebody must stay to see to the orders. Invite a colleague first."
SOMEBODY_MANAGES = "Somebody must manage. Let a colleague manage first."


async def invite(
    session: AsyncSession,
    *,
    newcomer: Newcomer,
    mint: Callable[[UUID], bytes],
    now: datetime,
    manages: bool = False,
) -> None:
    """Ask somebody by mail to order for the asker's party; asked again, only the mail is new."""
    party = await _managed_party(session)
    email = newcomer.email.lower()
    waiting = await _invited(session, party)
    row = next((one for one in waiting if one.email == email), None)
    if row is None:
        people = {grant.user_id for grant in await _grants(session, party)}
        if len(people) + len(waiting) >= MOST:
            raise TooMany
        key = uuid7()
        row = Invitation(
            organiser_id=party.organiser_id, id=key, party_id=party.id, email=email,
            token_hash=mint(key), language=newcomer.language,
        )  # fmt: skip
        session.add(row)
    row.name, row.invited_by = newcomer.name, asker(session).actor_id
    row.expires_at, row.manages = now + LASTS, manages
    await session.flush()
    version = int(row.expires_at.timestamp())
    await tell(session, kind="invited", address=email, way="mail", version=version, now=now)


async def take_back(session: AsyncSession, *, invitation_id: UUID) -> None:
    """Take an invitation back that nobody has answered; one that is gone is gone."""
    party = await _managed_party(session)
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
    """Take somebody, or oneself, out of the asker's party; one who manages stays."""
    own = user_id == asker(session).actor_id
    party = await (_own_party(session) if own else _managed_party(session))
    grants = await _grants(session, party)
    theirs = [grant for grant in grants if grant.user_id == user_id]
    if not theirs:
        raise NotFound
    if len({grant.user_id for grant in grants}) == 1:
        raise WrongMoment(SOMEBODY_STAYS)
    _somebody_manages(grants, without=user_id)
    for grant in theirs:
        await session.delete(grant)
        note(session, user_id, "taken", now, role=grant.role, party=str(party.id))
    await session.flush()


async def let_manage(session: AsyncSession, *, user_id: UUID, manages: bool, now: datetime) -> None:
    """Let a colleague manage, or only order; where nobody manages, anybody may begin."""
    party = await _own_party(session)
    grants = await _grants(session, party)
    theirs = {grant.role: grant for grant in grants if grant.user_id == user_id}
    begins = user_id == asker(session).actor_id and not _managers(grants)
    if not asker(session).may(MANAGE) and not begins:
        raise NotAllowed
    if not theirs:
        raise NotFound
    if manages and MANAGER not in theirs:
        session.add(
            Grant(
                organiser_id=party.organiser_id, user_id=user_id, role=MANAGER, unit_id=None,
                party_id=party.id,
            )
        )  # fmt: skip
        note(session, user_id, "given", now, role=MANAGER, party=str(party.id))
    elif not manages and MANAGER in theirs:
        _somebody_manages(grants, without=user_id)
        await session.delete(theirs[MANAGER])
        note(session, user_id, "taken", now, role=MANAGER, party=str(party.id))
    await session.flush()


def _managers(grants: Sequence[Grant]) -> set[UUID]:
    return {grant.user_id for grant in grants if grant.role == MANAGER}


def _somebody_manages(grants: Sequence[Grant], *, without: UUID) -> None:
    if _managers(grants) == {without}:
        raise WrongMoment(SOMEBODY_MANAGES)


async def _managed_party(session: AsyncSession) -> OrderingParty:
    if not asker(session).may(MANAGE):
        raise NotAllowed
    return await _own_party(session)


async def _own_party(session: AsyncSession) -> OrderingParty:
    """Return the asker's party, locked: two who leave at once are counted one after the other."""
    who = asker(session)
    if not who.may("order") or who.party_id is None:
        raise NotAllowed
    return await session.get_one(
        OrderingParty, (who.organiser_id, who.party_id), with_for_update=True
    )


async def _grants(session: AsyncSession, party: OrderingParty) -> list[Grant]:
    """Return what the party's people may, of those who are not put out."""
    rows = await session.scalars(
        select(Grant)
        .join(User, (User.organiser_id == Grant.organiser_id) & (User.id == Grant.user_id))
        .where(
            Grant.organiser_id == party.organiser_id,
            Grant.party_id == party.id,
            Grant.role.in_((ORDERER, MANAGER)),
            User.disabled_at.is_(None),
        )
    )
    return list(rows)
