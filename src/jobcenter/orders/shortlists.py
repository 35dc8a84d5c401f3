"""What a round of the matcher writes for an order: ranked lists per place, and near misses.

A list holds nothing: a person assigns from it. The round's own row is in `proposing`, what makes
orders be looked at again in `changes`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from jobcenter.access import Look
from jobcenter.database import Json, asker
from jobcenter.orders.gigs import KEPT, Gig
from jobcenter.orders.model import Order, OrderStatus
from jobcenter.orders.proposals import NearMiss, Proposal, ProposalRow

# A list that somebody looked at this long ago is not open on their screen any more.
OPEN_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One person for one place; `planned` when the joint plan picked them."""

    client_id: UUID
    unit_id: UUID
    start: datetime
    score: int
    reasons: tuple[Json, ...]
    visits: tuple[Json, ...]
    planned: bool = False


@dataclass(frozen=True, slots=True)
class PlaceList:
    """The ranked people for one place, best first; or why there is nobody."""

    place_no: int
    entries: tuple[Entry, ...]
    unfilled_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Miss:
    """Somebody who almost fits: the first failed rule, and what would make them fit."""

    client_id: UUID
    unit_id: UUID
    rule: str
    waits_for_support: bool
    why: Json
    fits_if: Json


@dataclass(frozen=True, slots=True)
class Found:
    """What a round found for one order, and the state of the order that it looked at."""

    order_id: UUID
    version: int
    taken: frozenset[int]
    lists: tuple[PlaceList, ...]
    misses: tuple[Miss, ...]
    impossible: frozenset[tuple[UUID, UUID]] = frozenset()
    """(proposal, client) on a list that is kept, for whom the gig has become impossible."""

    def clients(self) -> frozenset[UUID]:
        """Return everybody whom this shows to somebody."""
        listed = {entry.client_id for one in self.lists for entry in one.entries}
        return frozenset(listed | {miss.client_id for miss in self.misses})


async def propose(
    session: AsyncSession,
    *,
    round_id: UUID,
    found: Found,
    first_seen: Collection[UUID],
    now: datetime,
) -> bool:
    """Write an order's lists and near misses; False when the order has changed in the meantime.

    `first_seen` are the clients whom this round shows for the first time: each look is logged.
    """
    current = await _locked_lists(session, found.order_id)
    if await _is_stale(session, found):
        return False
    await _strike_out(session, found.impossible)
    rows = await _rows_of(session, current)
    for one in found.lists:
        old = current.get(one.place_no)
        if old is not None:
            if is_kept(old, rows[old.id], now) or _says_the_same(old, rows[old.id], one):
                continue
            old.closed_at = now
            await session.flush()
        await _write(session, round_id, found.order_id, one, now)
    await _replace_misses(session, found, now)
    await _log(session, round_id, first_seen, now)
    return True


def is_kept(one: Proposal, rows: Iterable[ProposalRow], now: datetime) -> bool:
    """Whether a person has the list open, or has approved it and somebody is still to be asked.

    Such a list changes only where an entry has become impossible (SETTLED 5).
    """
    waiting = [row for row in rows if row.state == "waiting"]
    if one.approved_at is not None:
        return any(row.in_turn for row in waiting)
    return bool(waiting) and one.opened_at is not None and now - one.opened_at < OPEN_FOR


async def _locked_lists(session: AsyncSession, order_id: UUID) -> Mapping[int, Proposal]:
    """Lock the current lists before the order, as approving a list does."""
    rows = await session.scalars(
        select(Proposal)
        .where(
            Proposal.organiser_id == asker(session).organiser_id,
            Proposal.order_id == order_id,
            Proposal.closed_at.is_(None),
        )
        .order_by(Proposal.place_no)
        .with_for_update()
    )
    return {row.place_no: row for row in rows}


async def _is_stale(session: AsyncSession, found: Found) -> bool:
    own = asker(session).organiser_id
    order = await session.get(
        Order, (own, found.order_id), with_for_update={"key_share": True}, populate_existing=True
    )
    kept = await session.scalars(
        select(Gig.place_no).where(
            Gig.organiser_id == own,
            Gig.order_id == found.order_id,
            Gig.status.in_([status.value for status in KEPT]),
        )
    )
    return (
        order is None
        or order.status != OrderStatus.OPEN.value
        or order.version != found.version
        or frozenset(kept) != found.taken
    )


async def _strike_out(session: AsyncSession, impossible: Iterable[tuple[UUID, UUID]]) -> None:
    for proposal_id, client_id in sorted(impossible):
        await session.execute(
            update(ProposalRow)
            .where(
                ProposalRow.organiser_id == asker(session).organiser_id,
                ProposalRow.proposal_id == proposal_id,
                ProposalRow.client_id == client_id,
                ProposalRow.state == "waiting",
            )
            .values(state="out")
        )


async def _rows_of(
    session: AsyncSession, lists: Mapping[int, Proposal]
) -> defaultdict[UUID, list[ProposalRow]]:
    rows = await session.scalars(
        select(ProposalRow)
        .where(
            ProposalRow.organiser_id == asker(session).organiser_id,
            ProposalRow.proposal_id.in_([one.id for one in lists.values()]),
        )
        .order_by(ProposalRow.proposal_id, ProposalRow.rank)
        .execution_options(populate_existing=True)
    )
    found: defaultdict[UUID, list[ProposalRow]] = defaultdict(list)
    for row in rows:
        found[row.proposal_id].append(row)
    return found


def _says_the_same(old: Proposal, rows: Iterable[ProposalRow], new: PlaceList) -> bool:
    """Whether writing the list again would tell nobody anything new."""
    before = [(r.client_id, r.start, r.planned, r.visits, r.state) for r in rows]
    after = [(e.client_id, e.start, e.planned, list(e.visits), "waiting") for e in new.entries]
    return before == after and old.unfilled_reason == new.unfilled_reason


async def _write(
    session: AsyncSession, round_id: UUID, order_id: UUID, one: PlaceList, now: datetime
) -> None:
    own, proposal_id = asker(session).organiser_id, uuid7()
    session.add(
        Proposal(
            organiser_id=own,
            id=proposal_id,
            order_id=order_id,
            place_no=one.place_no,
            round_id=round_id,
            made_at=now,
            unfilled_reason=one.unfilled_reason,
        )
    )
    await session.flush()
    if one.entries:
        await session.execute(
            insert(ProposalRow),
            [
                {"organiser_id": own, "proposal_id": proposal_id, "rank": rank, "state": "waiting"}
                | _columns(entry)
                for rank, entry in enumerate(one.entries, start=1)
            ],
        )


def _columns(entry: Entry) -> Json:
    return {
        "client_id": entry.client_id,
        "unit_id": entry.unit_id,
        "start": entry.start,
        "score": entry.score,
        "reasons": list(entry.reasons),
        "visits": list(entry.visits),
        "planned": entry.planned,
    }


async def _replace_misses(session: AsyncSession, found: Found, now: datetime) -> None:
    own = asker(session).organiser_id
    await session.execute(
        delete(NearMiss).where(NearMiss.organiser_id == own, NearMiss.order_id == found.order_id)
    )
    if found.misses:
        await session.execute(
            insert(NearMiss),
            [
                {
                    "organiser_id": own,
                    "order_id": found.order_id,
                    "client_id": miss.client_id,
                    "unit_id": miss.unit_id,
                    "rule": miss.rule,
                    "waits_for_support": miss.waits_for_support,
                    "why": miss.why,
                    "fits_if": miss.fits_if,
                    "made_at": now,
                }
                for miss in found.misses
            ],
        )


async def _log(
    session: AsyncSession, round_id: UUID, clients: Collection[UUID], now: datetime
) -> None:
    """Log one line for each client whom the machine shows to somebody (SETTLED 25)."""
    who = asker(session)
    if clients:
        await session.execute(
            insert(Look),
            [
                {
                    "organiser_id": who.organiser_id,
                    "at": now,
                    "actor": None,
                    "role": who.role,
                    "client_id": client,
                    "what": "proposal",
                    "purpose": "round",
                    "request_id": str(round_id),
                }
                for client in sorted(clients)
            ],
        )
