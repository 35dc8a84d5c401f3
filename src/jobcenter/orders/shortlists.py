"""What a round of the matcher writes for an order: ranked lists per place, and near misses.

A list holds nothing: a person assigns from it. The round's own row is in `proposing`, what makes
orders be looked at again in `changes`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, insert, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from jobcenter.access import Look
from jobcenter.database import Json, asker
from jobcenter.orders.finds import Entry, Found, PlaceList
from jobcenter.orders.gigs import KEPT, Gig
from jobcenter.orders.model import Order, OrderStatus
from jobcenter.orders.proposals import NearMiss, Proposal, ProposalRow

# A list that somebody looked at this long ago is not open on their screen any more.
OPEN_FOR = timedelta(hours=1)


async def propose(
    session: AsyncSession,
    *,
    round_id: UUID,
    found: Sequence[Found],
    seen: Collection[UUID],
    now: datetime,
) -> frozenset[UUID]:
    """Write lists and near misses; returns the orders that had not changed in the meantime.

    `seen` are the clients whom this round has shown before; each first look is logged.
    """
    state = await _locked(session, [one.order_id for one in found])
    fresh = [one for one in found if not state.is_stale(one)]
    await _strike_out(session, {pair for one in fresh for pair in one.impossible})
    rows = await _rows_of(session, state.lists.values())
    new: list[tuple[UUID, PlaceList]] = []
    for one in fresh:
        for place in one.lists:
            old = state.lists.get((one.order_id, place.place_no))
            if old is None or _gives_way(old, rows[old.id], place, now):
                new.append((one.order_id, place))
    await _close(session, [state.lists.get((order, place.place_no)) for order, place in new], now)
    await _write(session, round_id, new, now)
    await _replace_misses(session, fresh, now)
    shown = frozenset[UUID]().union(*(one.clients() for one in fresh))
    await _log(session, round_id, shown.difference(seen), now)
    return frozenset(one.order_id for one in fresh)


def _gives_way(old: Proposal, rows: list[ProposalRow], new: PlaceList, now: datetime) -> bool:
    return not is_kept(old, rows, now) and not _says_the_same(old, rows, new)


def is_kept(one: Proposal, rows: Iterable[ProposalRow], now: datetime) -> bool:
    """Whether a person has the list open, or has approved it and somebody is still to be asked.

    Such a list changes only where an entry has become impossible (SETTLED 5).
    """
    waiting = [row for row in rows if row.state == "waiting"]
    if one.approved_at is not None:
        return any(row.in_turn for row in waiting)
    return bool(waiting) and one.opened_at is not None and now - one.opened_at < OPEN_FOR


@dataclass(frozen=True, slots=True)
class _State:
    """Some orders as they are now, locked."""

    lists: Mapping[tuple[UUID, int], Proposal]
    versions: Mapping[UUID, int]
    kept: Mapping[UUID, set[int]]
    overtaken: frozenset[UUID]
    """Orders for which another look was written while this one waited for its turn."""

    def is_stale(self, found: Found) -> bool:
        """Whether the order has changed, or a newer look has already been written."""
        mine = [one for (order, _), one in self.lists.items() if order == found.order_id]
        return (
            self.versions.get(found.order_id) != found.version
            or frozenset(self.kept.get(found.order_id, ())) != found.taken
            or found.order_id in self.overtaken
            or any(one.made_at > found.read_at for one in mine)
        )


async def _locked(session: AsyncSession, orders: Collection[UUID]) -> _State:
    """Lock the current lists before the orders, as approving a list does.

    A list that appears between the two locks is another round's, and newer than what we found.
    """
    own = asker(session).organiser_id
    current = (
        Proposal.organiser_id == own,
        Proposal.order_id.in_(orders),
        Proposal.closed_at.is_(None),
    )
    locked = select(Proposal).where(*current).order_by(Proposal.id).with_for_update()
    lists = list(await session.scalars(locked))
    versions = await session.execute(
        select(Order.id, Order.version)
        .where(
            Order.organiser_id == own,
            Order.id.in_(orders),
            Order.status == OrderStatus.OPEN.value,
        )
        .order_by(Order.id)
        .with_for_update(key_share=True)
    )
    mine = [one.id for one in lists]
    newer = select(Proposal.order_id).where(*current, Proposal.id.not_in(mine))
    overtaken = frozenset(await session.scalars(newer))
    gigs = await session.execute(
        select(Gig.order_id, Gig.place_no).where(
            Gig.organiser_id == own,
            Gig.order_id.in_(orders),
            Gig.status.in_([status.value for status in KEPT]),
        )
    )
    kept: dict[UUID, set[int]] = {}
    for order_id, place_no in gigs:
        kept.setdefault(order_id, set()).add(place_no)
    return _State(
        lists={(one.order_id, one.place_no): one for one in lists},
        versions={row.id: row.version for row in versions},
        kept=kept,
        overtaken=overtaken,
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
    session: AsyncSession, lists: Iterable[Proposal]
) -> defaultdict[UUID, list[ProposalRow]]:
    rows = await session.scalars(
        select(ProposalRow)
        .where(
            ProposalRow.organiser_id == asker(session).organiser_id,
            ProposalRow.proposal_id.in_([one.id for one in lists]),
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
    before = [(r.client_id, r.start, r.planned, r.visits, r.elsewhere, r.state) for r in rows]
    after = [
        (e.client_id, e.start, e.planned, list(e.visits), e.elsewhere, "waiting")
        for e in new.entries
    ]
    return before == after and old.unfilled_reason == new.unfilled_reason


async def _close(session: AsyncSession, lists: Iterable[Proposal | None], now: datetime) -> None:
    ids = [one.id for one in lists if one is not None]
    if ids:
        await session.execute(
            update(Proposal)
            .where(Proposal.organiser_id == asker(session).organiser_id, Proposal.id.in_(ids))
            .values(closed_at=now)
        )


async def _write(
    session: AsyncSession, round_id: UUID, new: Iterable[tuple[UUID, PlaceList]], now: datetime
) -> None:
    own = asker(session).organiser_id
    lists = [(uuid7(), order_id, place) for order_id, place in new]
    heads = [
        {
            "organiser_id": own,
            "id": id_,
            "order_id": order_id,
            "place_no": place.place_no,
            "round_id": round_id,
            "made_at": now,
            "unfilled_reason": place.unfilled_reason,
        }
        for id_, order_id, place in lists
    ]
    rows = [
        {"organiser_id": own, "proposal_id": id_, "rank": rank, "state": "waiting"}
        | _columns(entry)
        for id_, _, place in lists
        for rank, entry in enumerate(place.entries, start=1)
    ]
    if heads:
        await session.execute(insert(Proposal), heads)
    if rows:
        await session.execute(insert(ProposalRow), rows)


def _columns(entry: Entry) -> Json:
    return {
        "client_id": entry.client_id,
        "unit_id": entry.unit_id,
        "start": entry.start,
        "score": entry.score,
        "reasons": list(entry.reasons),
        "visits": list(entry.visits),
        "planned": entry.planned,
        "elsewhere": entry.elsewhere,
    }


async def _replace_misses(session: AsyncSession, found: Iterable[Found], now: datetime) -> None:
    own = asker(session).organiser_id
    everything = list(found)
    whole = [one.order_id for one in everything if one.almost]
    others = [one.order_id for one in everything if not one.almost]
    # Elsewhere, whoever is on a list now or waits for support does not almost fit any more.
    said = {(one.order_id, client_id) for one in everything for client_id in one.clients()}
    await session.execute(
        delete(NearMiss).where(
            NearMiss.organiser_id == own,
            or_(
                NearMiss.order_id.in_(whole),
                NearMiss.order_id.in_(others) & NearMiss.waits_for_support,
                tuple_(NearMiss.order_id, NearMiss.client_id).in_(said),
            ),
        )
    )
    rows = [
        {
            "organiser_id": own,
            "order_id": one.order_id,
            "client_id": miss.client_id,
            "unit_id": miss.unit_id,
            "rule": miss.rule,
            "waits_for_support": miss.waits_for_support,
            "why": miss.why,
            "fits_if": miss.fits_if,
            "made_at": now,
        }
        for one in everything
        for miss in one.misses
    ]
    if rows:
        await session.execute(insert(NearMiss), rows)


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
