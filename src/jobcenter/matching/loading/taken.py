"""Reads what takes people's time: live gigs, held and booked visits, and what stands on lists."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Subquery, func, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import Json, asker
from jobcenter.matching.loading.facts import GigFact, ListFact, RowFact, VisitFact
from jobcenter.orders.gigs import LIVE, TAKEN, CoachVisit, Gig, GigSupport, VisitGig
from jobcenter.orders.model import Order
from jobcenter.orders.pay import pay_cents
from jobcenter.orders.planning import WORKED
from jobcenter.orders.proposals import Proposal, ProposalRow
from jobcenter.orders.shortlists import is_kept
from jobcenter.people import closed_days
from jobcenter.people.closed_days import Span
from jobcenter.people.parties import Site
from jobcenter.travel import Metres, metres

TAKES_TIME = (*(status.value for status in LIVE), *WORKED)


async def gigs(session: AsyncSession, begin: datetime, end: datetime) -> tuple[GigFact, ...]:
    """Return the live and done gigs of the time, which count for rest and weekly hours."""
    rows = await session.execute(
        select(Gig.order_id, Gig.client_id, Gig.during, Site.lat, Site.lon, Order.channel)
        .join(Order, (Order.organiser_id == Gig.organiser_id) & (Order.id == Gig.order_id))
        .join(Site, (Site.organiser_id == Order.organiser_id) & (Site.id == Order.site_id))
        .where(
            Gig.organiser_id == asker(session).organiser_id,
            Gig.status.in_(TAKES_TIME),
            Gig.during.op("&&")(Range(begin, end)),
        )
    )
    return tuple(
        GigFact(order_id, client_id, *ends_of(during), metres(lat, lon), channel)
        for order_id, client_id, during, lat, lon, channel in rows
    )


async def visits(session: AsyncSession, begin: datetime, end: datetime) -> tuple[VisitFact, ...]:
    """Return the coaches' held and booked visits, and how many more each could serve."""
    served = _served(session)
    rows = await session.execute(
        select(
            CoachVisit.coach_id,
            CoachVisit.order_id,
            CoachVisit.during,
            CoachVisit.presence,
            Site.lat,
            Site.lon,
            Order.channel,
            func.coalesce(served.c.ratio - served.c.count, 0),
        )
        .join(
            Order,
            (Order.organiser_id == CoachVisit.organiser_id) & (Order.id == CoachVisit.order_id),
        )
        .join(Site, (Site.organiser_id == Order.organiser_id) & (Site.id == Order.site_id))
        .outerjoin(served, served.c.visit_id == CoachVisit.id)
        .where(
            CoachVisit.organiser_id == asker(session).organiser_id,
            CoachVisit.status.in_(TAKEN),
            CoachVisit.during.op("&&")(Range(begin, end)),
        )
    )
    return tuple(
        VisitFact(
            coach_id,
            order_id,
            *ends_of(during),
            metres(lat, lon) if presence == "present" else None,
            channel,
            max(room, 0),
        )
        for coach_id, order_id, during, presence, lat, lon, channel, room in rows
    )


def _served(session: AsyncSession) -> Subquery:
    """Return how many each visit serves, and how many its strictest piece allows."""
    return (
        select(
            VisitGig.visit_id,
            func.count(func.distinct(VisitGig.gig_id)).label("count"),
            func.min(GigSupport.ratio).label("ratio"),
        )
        .join(
            GigSupport,
            (GigSupport.organiser_id == VisitGig.organiser_id)
            & (GigSupport.gig_id == VisitGig.gig_id)
            & (GigSupport.piece == VisitGig.piece),
        )
        .where(VisitGig.organiser_id == asker(session).organiser_id, VisitGig.status.in_(TAKEN))
        .group_by(VisitGig.visit_id)
        .subquery()
    )


async def closed(
    session: AsyncSession, begin: datetime, end: datetime
) -> Mapping[UUID, Sequence[Span]]:
    """Return when each unit is closed, as whoever books reads it too."""
    return await closed_days.closed(session, begin, end)


async def asked(session: AsyncSession, orders: Collection[UUID]) -> Mapping[UUID, frozenset[UUID]]:
    """Return who was asked about each order before, whatever became of it."""
    rows = await session.execute(
        select(Gig.order_id, Gig.client_id).where(
            Gig.organiser_id == asker(session).organiser_id, Gig.order_id.in_(orders)
        )
    )
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for order_id, client_id in rows:
        found[order_id].add(client_id)
    return {order_id: frozenset(clients) for order_id, clients in found.items()}


async def lists(
    session: AsyncSession, orders: Collection[UUID], *, now: datetime
) -> tuple[ListFact, ...]:
    """Return the current lists of these orders with everybody on them."""
    rows = await session.execute(
        select(
            Proposal,
            ProposalRow,
            Order.minutes,
            Order.hourly_cents,
            Order.channel,
            Site.lat,
            Site.lon,
        )
        .join(
            Order,
            (Order.organiser_id == Proposal.organiser_id) & (Order.id == Proposal.order_id),
        )
        .join(Site, (Site.organiser_id == Order.organiser_id) & (Site.id == Order.site_id))
        .outerjoin(
            ProposalRow,
            (ProposalRow.organiser_id == Proposal.organiser_id)
            & (ProposalRow.proposal_id == Proposal.id),
        )
        .where(
            Proposal.organiser_id == asker(session).organiser_id,
            Proposal.order_id.in_(orders),
            Proposal.closed_at.is_(None),
        )
        .order_by(Proposal.order_id, Proposal.place_no, ProposalRow.rank)
    )
    found: dict[UUID, tuple[Proposal, list[ProposalRow], list[RowFact]]] = {}
    for one, row, minutes, hourly, channel, lat, lon in rows:
        _, originals, facts = found.setdefault(one.id, (one, [], []))
        if row is not None:
            gig = _pencilled(one, row, minutes, hourly, channel, metres(lat, lon))
            originals.append(row)
            facts.append(_row(row, gig))
    return tuple(
        ListFact(one.id, one.order_id, one.place_no, is_kept(one, originals, now), tuple(facts))
        for one, originals, facts in found.values()
    )


def _pencilled(
    one: Proposal, row: ProposalRow, minutes: int, hourly: int, channel: str, place: Metres
) -> GigFact:
    return GigFact(
        order_id=one.order_id,
        client_id=row.client_id,
        begin=row.start,
        end=row.start + timedelta(minutes=minutes),
        place=place,
        channel=channel,
        cents=pay_cents(hourly, minutes),
        pencilled=True,
    )


def _row(row: ProposalRow, gig: GigFact) -> RowFact:
    return RowFact(
        rank=row.rank,
        state=row.state,
        planned=row.planned,
        gig=gig,
        visits=tuple(_visit(visit, gig) for visit in row.visits),
    )


def _visit(visit: Json, gig: GigFact) -> VisitFact:
    """Read a visit as `orders.shortlists` wrote it."""
    begin = datetime.fromisoformat(str(visit["start"]))
    return VisitFact(
        coach_id=UUID(str(visit["coach_id"])),
        order_id=gig.order_id,
        begin=begin,
        end=begin + timedelta(minutes=int(str(visit["minutes"]))),
        place=gig.place if visit["presence"] == "present" else None,
        channel=gig.channel,
        piece=int(str(visit["piece"])),
    )


def ends_of(during: Range[datetime]) -> tuple[datetime, datetime]:
    """Return both ends of a time that a check of its table keeps finite."""
    assert during.lower is not None
    assert during.upper is not None
    return during.lower, during.upper
