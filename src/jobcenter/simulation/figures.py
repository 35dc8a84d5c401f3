"""What the weeks came to, counted from the rows that the real actions wrote."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.notices import Todo
from jobcenter.orders.gigs import Gig, GigStatus
from jobcenter.orders.model import Order
from jobcenter.people.clients import Client

S = GigStatus
FILLED = {S.CONFIRMED.value, S.IN_PROGRESS.value, S.DONE.value, S.APPROVED.value, S.INVOICED.value}


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one run; messages beyond the gigs' own are those of asking several at once."""

    places: int
    filled: int
    first_offer_minutes: int
    offers: int
    too_late: int
    decisions: int
    clients: int
    without_offer: int
    without_gig: int
    withdrawn: int
    moved: int
    todos: Mapping[str, int]

    @property
    def lines(self) -> tuple[str, ...]:
        """Put them into lines."""
        hours, minutes = divmod(self.first_offer_minutes, 60)
        todos = ", ".join(f"{kind} {number}" for kind, number in sorted(self.todos.items()))
        told = {
            "places filled": share(self.filled, self.places),
            "time to first offer, median": f"{hours} h {minutes} min",
            "offers per filled place": per(self.offers, self.filled),
            "coordinator decisions per filled place": per(self.decisions, self.filled),
            "clients without an offer": share(self.without_offer, self.clients),
            "clients without a gig": share(self.without_gig, self.clients),
            "said yes and was too late": str(self.too_late),
            "could not come after all": str(self.withdrawn),
            "orders moved to another day": str(self.moved),
            "to-dos": todos or "none",
        }
        return tuple(f"{name:40} {value}" for name, value in told.items())


def share(part: int, whole: int) -> str:
    """Return a part of a whole, also in per cent, or a dash of nothing."""
    return f"{part} of {whole} ({100 * part / whole:.1f} %)" if whole else "-"


def per(part: int, whole: int) -> str:
    """Return how many there are for each."""
    return f"{part / whole:.2f}" if whole else "-"


async def count(
    session: AsyncSession, *, until: datetime, extra: int, too_late: int, decisions: int, moved: int
) -> Figures:
    """Count what was ordered for before `until`, and what became of it."""
    own = asker(session).organiser_id
    rows = await session.execute(
        select(Order.id, Order.places, Order.placed_at).where(
            Order.organiser_id == own, Order.first_start < until
        )
    )
    orders = {row.id: (row.places, row.placed_at) for row in rows}
    found = await session.execute(
        select(Gig.order_id, Gig.client_id, Gig.status, Gig.assigned_at).where(
            Gig.organiser_id == own, Gig.order_id.in_(orders)
        )
    )
    gigs = found.all()
    first: dict[UUID, datetime] = {}
    for gig in gigs:
        first[gig.order_id] = min(first.get(gig.order_id, gig.assigned_at), gig.assigned_at)
    waits = [int((at - orders[order][1]).total_seconds()) // 60 for order, at in first.items()]
    pool = set(await session.scalars(select(Client.id).where(Client.organiser_id == own)))
    todos = await session.execute(
        select(Todo.kind, func.count()).where(Todo.organiser_id == own).group_by(Todo.kind)
    )
    filled = [gig for gig in gigs if gig.status in FILLED]
    return Figures(
        places=sum(places for places, _ in orders.values()),
        filled=len(filled),
        first_offer_minutes=round(median(waits)) if waits else 0,
        offers=len(gigs) + extra,
        too_late=too_late,
        decisions=decisions,
        clients=len(pool),
        without_offer=len(pool - {gig.client_id for gig in gigs}),
        without_gig=len(pool - {gig.client_id for gig in filled}),
        withdrawn=sum(gig.status == S.WITHDRAWN.value for gig in gigs),
        moved=moved,
        todos={row[0]: row[1] for row in todos},
    )
