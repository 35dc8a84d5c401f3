"""What cancelling an order would cost, shown before it is done and written down when it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.orders.gigs import Gig
from jobcenter.orders.model import Order
from jobcenter.orders.pay import Compensation, cancellation
from jobcenter.orders.terms import cancellation_terms
from jobcenter.orders.windows import AgreedGig
from jobcenter.times import local


@dataclass(frozen=True, slots=True)
class Cancellation:
    """What cancelling costs in compensation to workers, and how many gigs it ends."""

    cost_cents: int
    percent: int
    late: bool
    gigs: int
    lines: Sequence[int] = ()


def may_see(session: AsyncSession, order: Order) -> bool:
    who = asker(session)
    return who.may("assign") or (who.may("order") and who.party_id == order.party_id)


async def cost_of(
    session: AsyncSession, order: Order, agreed: Sequence[Gig | AgreedGig], now: datetime
) -> Cancellation:
    """Add up what each confirmed gig would pay its worker; an offer without a yes costs nothing."""
    if not agreed:
        late = order.first_start - now < timedelta(hours=48)
        return Cancellation(0, 0, late=late, gigs=0)
    terms = await cancellation_terms(session, order, day=local(now).date())
    lines: list[Compensation] = [
        cancellation(terms, pay=gig.pay_cents, start=gig.start, now=now) for gig in agreed
    ]
    return Cancellation(
        cost_cents=sum(line.cents for line in lines),
        percent=lines[0].percent,
        late=lines[0].late,
        gigs=len(agreed),
        lines=[line.cents for line in lines],
    )
