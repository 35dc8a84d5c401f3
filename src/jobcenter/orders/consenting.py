"""Giving and withdrawing consents; what a withdrawal ends, ends in the same transaction.

Whoever reads asks for the standing row at that moment, so nothing needs to be told of a change.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from jobcenter.database import asker
from jobcenter.errors import Fault, Invalid, NotFound, WrongMoment
from jobcenter.notices import todo
from jobcenter.orders.answering import release
from jobcenter.orders.gigs import PROMISED, Gig, GigStatus
from jobcenter.orders.locking import locked_gig, own_client
from jobcenter.orders.proposals import Change, ProposalRow
from jobcenter.people.clients import Client, ClientConsent
from jobcenter.people.consents import (
    HOW_TOLD,
    PHONE_TO_ORDERER,
    POOL,
    PURPOSES,
    TEXT_VERSION,
    WITHDRAWABLE,
)
from jobcenter.times import of_wall

TALK_WITHIN = timedelta(days=1)
OWN_PAGE = "own_page"
GIG_PAGE = "gig_page"
CASE_CLOSED = "case_closed"


async def give(
    session: AsyncSession, *, client_id: UUID, purpose: str, how: str = OWN_PAGE, now: datetime
) -> None:
    """Write a consent down, from the client or told to staff; giving twice is giving once."""
    client = await own_client(session, client_id)
    _check(session, purpose, how, PURPOSES)
    if await _standing(session, client_id, purpose) is None:
        session.add(_row(session, client_id, purpose, how, now))
    if purpose == POOL and not client.in_pool:
        client.in_pool = True
        _look_again(session, client, now)
    await session.flush()


async def withdraw(
    session: AsyncSession, *, client_id: UUID, purpose: str, how: str = OWN_PAGE, now: datetime
) -> None:
    """Withdraw a consent; no reason is asked. Leaving the pool ends offers, not what was agreed."""
    client = await own_client(session, client_id)
    _check(session, purpose, how, WITHDRAWABLE)
    rows = [row for row in await _all_standing(session, client_id) if row.purpose == purpose]
    if not rows and purpose == POOL and client.in_pool:
        rows = [_joined(session, client)]
        session.add_all(rows)
        await session.flush()
    for row in rows:
        _withdrawn(session, row, how, now)
    if purpose == PHONE_TO_ORDERER:
        await _hide_number(session, client_id)
    if purpose == POOL and client.in_pool:
        await _leave_pool(session, client, now)
    await session.flush()


async def show_phone(session: AsyncSession, *, gig_id: UUID, shows: bool, now: datetime) -> None:
    """Let the orderer of one gig see the client's number, or no longer; only the client may say."""
    gig, _, _ = await locked_gig(session, gig_id)
    if asker(session).client_id != gig.client_id:
        raise NotFound
    # It can be hidden at any time, and shown while there is a gig to call about.
    if shows and gig.status not in PROMISED:
        raise WrongMoment
    row = await _standing(session, gig.client_id, PHONE_TO_ORDERER, gig.id)
    if shows and row is None:
        session.add(_row(session, gig.client_id, PHONE_TO_ORDERER, GIG_PAGE, now, gig.id))
    if not shows and row is not None:
        _withdrawn(session, row, GIG_PAGE, now)
    gig.shows_phone = shows
    await session.flush()


async def _hide_number(session: AsyncSession, client_id: UUID) -> None:
    """Hide the number from the orderers of all gigs, past ones as well."""
    await session.execute(
        update(Gig)
        .where(Gig.organiser_id == asker(session).organiser_id)
        .where(Gig.client_id == client_id, Gig.shows_phone)
        .values(shows_phone=False)
        .execution_options(synchronize_session=False)
    )


def _check(session: AsyncSession, purpose: str, how: str, purposes: Collection[str]) -> None:
    told = {OWN_PAGE} if asker(session).client_id else set(HOW_TOLD)
    if purpose not in purposes or how not in told:
        raise Invalid(Fault("how", "unknown", "Please tell how the client said it."))


async def _standing(
    session: AsyncSession, client_id: UUID, purpose: str, gig_id: UUID | None = None
) -> ClientConsent | None:
    return await session.scalar(
        select(ClientConsent)
        .where(ClientConsent.organiser_id == asker(session).organiser_id)
        .where(ClientConsent.client_id == client_id, ClientConsent.purpose == purpose)
        .where(ClientConsent.gig_id.is_not_distinct_from(gig_id))
        .where(ClientConsent.withdrawn_at.is_(None))
    )


async def _all_standing(session: AsyncSession, client_id: UUID) -> Sequence[ClientConsent]:
    rows = await session.scalars(
        select(ClientConsent)
        .where(ClientConsent.organiser_id == asker(session).organiser_id)
        .where(ClientConsent.client_id == client_id, ClientConsent.withdrawn_at.is_(None))
    )
    return rows.all()


def _row(
    session: AsyncSession,
    client_id: UUID,
    purpose: str,
    how: str,
    now: datetime,
    gig_id: UUID | None = None,
) -> ClientConsent:
    who = asker(session)
    return ClientConsent(
        organiser_id=who.organiser_id,
        id=uuid7(),
        client_id=client_id,
        purpose=purpose,
        gig_id=gig_id,
        text_version=TEXT_VERSION,
        given_at=now,
        recorded_by=who.actor_id,
        how=how,
    )


def _joined(session: AsyncSession, client: Client) -> ClientConsent:
    """Return the row that stands for being in the pool since they joined, when none was written."""
    since = of_wall(datetime.combine(client.joined_on, time(12)), field="joined_on")
    row = _row(session, client.id, POOL, "joined", since)
    row.recorded_by = None
    return row


def _withdrawn(session: AsyncSession, row: ClientConsent, how: str, now: datetime) -> None:
    row.withdrawn_at, row.withdrawn_how = now, how
    row.withdrawn_by = asker(session).actor_id


async def end_all(session: AsyncSession, client: Client, *, now: datetime) -> None:
    """End every consent and every offer with the client's case, which must be locked."""
    for row in await _all_standing(session, client.id):
        _withdrawn(session, row, CASE_CLOSED, now)
    await _hide_number(session, client.id)
    await _off_the_lists(session, client, now)
    await session.flush()


async def _leave_pool(session: AsyncSession, client: Client, now: datetime) -> None:
    """Leave the matching, and have somebody say a word about it; the yeses stay theirs."""
    await _off_the_lists(session, client, now)
    await todo(
        session,
        kind="left_pool",
        due_at=now + TALK_WITHIN,
        now=now,
        mark=f"{client.id}:{int(now.timestamp())}",
        unit_id=client.unit_id,
        client_id=client.id,
    )


async def _off_the_lists(session: AsyncSession, client: Client, now: datetime) -> None:
    """Take the client off every list and end open offers; what they said yes to stays theirs."""
    client.in_pool = False
    gigs = await session.scalars(
        select(Gig.id)
        .where(Gig.organiser_id == client.organiser_id, Gig.client_id == client.id)
        .where(Gig.status == GigStatus.ASSIGNED.value)
        .order_by(Gig.id)
    )
    for gig_id in list(gigs):
        await _end_offer(session, gig_id, now)
    await session.execute(
        update(ProposalRow)
        .where(ProposalRow.organiser_id == client.organiser_id)
        .where(ProposalRow.client_id == client.id, ProposalRow.state == "waiting")
        .values(state="out")
        .execution_options(synchronize_session=False)
    )
    _look_again(session, client, now)


async def _end_offer(session: AsyncSession, gig_id: UUID, now: datetime) -> None:
    gig, order, client = await locked_gig(session, gig_id)
    who = asker(session)
    via = "link" if who.client_id else who.role
    by = who.client_id or who.actor_id
    session.add(gig.become(GigStatus.WITHDRAWN, by=by, via=via, now=now))
    await release(session, gig, order, kind="withdrawn", now=now)
    del client


def _look_again(session: AsyncSession, client: Client, now: datetime) -> None:
    session.add(
        Change(organiser_id=client.organiser_id, kind="client_pool", client_id=client.id, at=now)
    )
