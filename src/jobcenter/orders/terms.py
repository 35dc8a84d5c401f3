"""The organiser's dated figures as orders need them: answer times, floors, cancellation terms."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.figures import DatedFigure, amount_on
from jobcenter.orders.clocks import times
from jobcenter.orders.model import Order
from jobcenter.orders.pay import CancellationTerm
from jobcenter.orders.wages import KIND, Wage, wage
from jobcenter.people import parties
from jobcenter.times import local


async def figures(session: AsyncSession, *kinds: str) -> list[DatedFigure]:
    """Return every dated figure of these kinds, whatever its day."""
    rows = await session.scalars(
        select(parties.Figure).where(
            parties.Figure.organiser_id == asker(session).organiser_id,
            parties.Figure.kind.in_(kinds),
        )
    )
    return [
        DatedFigure(
            kind=row.kind,
            key=row.key,
            amount=row.amount,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            source=row.source,
            standing=row.standing,
        )
        for row in rows
    ]


async def wage_of(
    session: AsyncSession, *, hourly_cents: int, start: datetime, minutes: int
) -> Wage:
    """Return a wage by the organiser's figures of that day."""
    return wage(hourly_cents, start, minutes, await figures(session, KIND))


async def answer_time(session: AsyncSession, *, start: datetime, now: datetime) -> timedelta:
    """Return how long a client has to answer: less, the nearer the gig (SETTLED 6)."""
    near = (await times(session, "clock_days", now=now))["near"]
    if start - now > timedelta(days=near):
        key = "far"
    elif local(start).date() > local(now).date():
        key = "near"
    else:
        key = "same_day"
    known = await figures(session, "answer_minutes")
    return timedelta(minutes=amount_on(known, "answer_minutes", local(now).date(), key=key))


async def cancellation_terms(
    session: AsyncSession, order: Order, *, day: date
) -> list[CancellationTerm]:
    """Return what cancelling costs on that day by the order's contract form and employer."""
    rows = await session.execute(
        select(parties.CancellationTerm.minutes_before, parties.CancellationTerm.percent)
        .join(
            parties.Employer,
            (parties.Employer.organiser_id == parties.CancellationTerm.organiser_id)
            & (parties.Employer.kind == parties.CancellationTerm.employer_kind)
            & (parties.Employer.contract_form == parties.CancellationTerm.contract_form),
        )
        .where(
            parties.CancellationTerm.organiser_id == order.organiser_id,
            parties.Employer.id == order.employer_id,
            parties.CancellationTerm.holds_on(day),
        )
    )
    return [CancellationTerm(minutes, percent) for minutes, percent in rows]
