"""From one approved record of hours, or a late cancellation, to pay rows and an invoice line.

Whoever calls has locked the gig. A correction takes back every row that still stands, by rows of
the opposite sign, and writes new ones into the first period that has not gone out yet.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from jobcenter import benefits
from jobcenter.database import asker
from jobcenter.effects import PAY_DAY, pay_day
from jobcenter.errors import NotAllowed, RuleMissing
from jobcenter.orders.accounts import HoursRecord, InvoiceLine, PayRow, Statement
from jobcenter.orders.gigs import Gig
from jobcenter.orders.model import Order
from jobcenter.orders.pay import PAYS_BY_ITSELF, rates_on, report_due, share_cents
from jobcenter.orders.terms import figures, wage_of
from jobcenter.orders.wages import Component, Wage
from jobcenter.people.parties import Employer
from jobcenter.times import first_of_month, local, minutes_between

COMPENSATION = "compensation"

Posted = TypeVar("Posted", PayRow, InvoiceLine)


@dataclass(frozen=True, slots=True)
class Posting:
    """What is to be written for a gig: whose money, for which work, and since when it is known."""

    gig: Gig
    order: Order
    employer: Employer
    hours_id: UUID | None
    now: datetime

    @property
    def worked_on(self) -> date:
        """Return the local day of the work."""
        return local(self.gig.start).date()

    @property
    def kind(self) -> str:
        """Return whether it is paid for work or for a cancellation."""
        return "work" if self.hours_id else COMPENSATION


async def post_hours(
    session: AsyncSession, gig: Gig, order: Order, *, minutes: int, reason: str, now: datetime
) -> Wage:
    """Write the approved hours with the pay rows and the invoice line that follow from them."""
    who = asker(session)
    if who.actor_id is None:
        raise NotAllowed
    earned = await wage_of(session, hourly_cents=gig.hourly_cents, start=gig.start, minutes=minutes)
    record = HoursRecord(
        organiser_id=gig.organiser_id,
        id=uuid7(),
        gig_id=gig.id,
        number=1 + await _records(session, gig),
        minutes=minutes,
        approved_by=who.actor_id,
        approved_as=who.role,
        approved_at=now,
        reason=reason,
    )
    session.add(record)
    await session.flush()
    posting = Posting(gig, order, await _employer(session, order), record.id, now)
    await _take_back(session, posting)
    await _post_pay(session, posting, earned.components)
    await _post_invoice(session, posting, earned.cents, minutes)
    await session.flush()
    return earned


async def compensate(
    session: AsyncSession, gig: Gig, order: Order, *, cents: int, invoiced: bool, now: datetime
) -> None:
    """Write what a worker is paid for a cancelled gig, and what its orderer owes when they did it.

    The gig has given its cents back by now; the compensation is taken against the limits instead.

    A compensation carries no side costs, fee or VAT: it is the amount that was shown before.
    """
    if not cents:
        return
    posting = Posting(gig, order, await _employer(session, order), None, now)
    minutes = minutes_between(gig.start, gig.end)
    await _post_pay(session, posting, (Component(COMPENSATION, minutes, cents),))
    if invoiced:
        session.add(await _line(session, posting, minutes, (cents, 0, 0, 0)))
    await session.flush()
    await benefits.correct(session, gig.id, pay_cents=cents, now=now)


async def _records(session: AsyncSession, gig: Gig) -> int:
    found = await session.scalar(
        select(func.count()).where(
            HoursRecord.organiser_id == gig.organiser_id, HoursRecord.gig_id == gig.id
        )
    )
    return found or 0


async def _employer(session: AsyncSession, order: Order) -> Employer:
    if order.employer_id is None:
        raise RuleMissing("The employer of this order is missing. Add it first.")
    return await session.get_one(Employer, (order.organiser_id, order.employer_id))


async def _take_back(session: AsyncSession, posting: Posting) -> None:
    """Reverse every row of the gig that still stands."""
    pay = await _standing(session, PayRow, posting.gig)
    if pay:
        paid_on = await _open_pay_day(session, posting)
        session.add_all(_reversed_pay(row, paid_on, posting.now) for row in pay)
    lines = await _standing(session, InvoiceLine, posting.gig)
    if lines:
        month = await _open_month(session, posting)
        session.add_all(_reversed_line(line, month, posting.now) for line in lines)
    await session.flush()


async def _standing(session: AsyncSession, table: type[Posted], gig: Gig) -> Sequence[Posted]:
    """Return the rows of a gig that no other row takes back."""
    reversed_ones = select(table.reverses).where(
        table.organiser_id == gig.organiser_id, table.reverses.is_not(None)
    )
    rows = await session.scalars(
        select(table)
        .where(table.organiser_id == gig.organiser_id, table.gig_id == gig.id)
        .where(table.reverses.is_(None), table.id.not_in(reversed_ones))
        .order_by(table.id)
    )
    return rows.all()


def _reversed_pay(row: PayRow, paid_on: date, now: datetime) -> PayRow:
    return PayRow(
        organiser_id=row.organiser_id,
        id=uuid7(),
        gig_id=row.gig_id,
        client_id=row.client_id,
        employer_id=row.employer_id,
        hours_id=row.hours_id,
        kind=row.kind,
        component=row.component,
        minutes=row.minutes,
        cents=-row.cents,
        worked_on=row.worked_on,
        pay_day=paid_on,
        report_by=report_due(paid_on),
        reverses=row.id,
        made_at=now,
    )


def _reversed_line(line: InvoiceLine, month: date, now: datetime) -> InvoiceLine:
    return InvoiceLine(
        organiser_id=line.organiser_id,
        id=uuid7(),
        order_id=line.order_id,
        party_id=line.party_id,
        gig_id=line.gig_id,
        hours_id=line.hours_id,
        kind=line.kind,
        minutes=line.minutes,
        pay_cents=-line.pay_cents,
        side_costs_cents=-line.side_costs_cents,
        fee_cents=-line.fee_cents,
        vat_cents=-line.vat_cents,
        worked_on=line.worked_on,
        month=month,
        cost_centre=line.cost_centre,
        reverses=line.id,
        made_at=now,
    )


async def _post_pay(
    session: AsyncSession, posting: Posting, components: Sequence[Component]
) -> None:
    """Write the pay, unless the orderer is the employer and pays it by themselves."""
    if posting.employer.kind == PAYS_BY_ITSELF:
        return
    paid_on = await _open_pay_day(session, posting)
    session.add_all(
        PayRow(
            organiser_id=posting.gig.organiser_id,
            gig_id=posting.gig.id,
            client_id=posting.gig.client_id,
            employer_id=posting.employer.id,
            hours_id=posting.hours_id,
            kind=posting.kind,
            component=component.name,
            minutes=component.minutes,
            cents=component.cents,
            worked_on=posting.worked_on,
            pay_day=paid_on,
            report_by=report_due(paid_on),
            made_at=posting.now,
        )
        for component in components
    )


async def _post_invoice(session: AsyncSession, posting: Posting, pay: int, minutes: int) -> None:
    """Write what the orderer owes: pay, side costs and fee, or the fee alone, and VAT."""
    if not minutes:
        return
    known = await figures(session, "side_costs", "fee", "vat")
    rates = rates_on(known, posting.worked_on)
    ours = posting.employer.kind != PAYS_BY_ITSELF
    wages, fee = (pay if ours else 0), share_cents(pay, rates.fee)
    side_costs = share_cents(wages, rates.side_costs)
    vat = share_cents(wages + side_costs + fee, rates.vat)
    session.add(await _line(session, posting, minutes, (wages, side_costs, fee, vat)))


async def _line(
    session: AsyncSession, posting: Posting, minutes: int, cents: tuple[int, int, int, int]
) -> InvoiceLine:
    pay, side_costs, fee, vat = cents
    return InvoiceLine(
        organiser_id=posting.order.organiser_id,
        order_id=posting.order.id,
        party_id=posting.order.party_id,
        gig_id=posting.gig.id,
        hours_id=posting.hours_id,
        kind=posting.kind,
        minutes=minutes,
        pay_cents=pay,
        side_costs_cents=side_costs,
        fee_cents=fee,
        vat_cents=vat,
        worked_on=posting.worked_on,
        month=await _open_month(session, posting),
        cost_centre=posting.order.cost_centre,
        made_at=posting.now,
    )


def pay_day_from(day: date) -> date:
    """Return the first pay day that is not over on that day."""
    return day.replace(day=PAY_DAY) if day.day <= PAY_DAY else pay_day(day)


async def _open_pay_day(session: AsyncSession, posting: Posting) -> date:
    """Return the work's own pay day, or the first later one that has not gone out or passed."""
    day = max(pay_day(posting.worked_on), pay_day_from(local(posting.now).date()))
    last = await session.scalar(
        select(func.max(Statement.period)).where(
            Statement.organiser_id == posting.order.organiser_id,
            Statement.employer_id == posting.employer.id,
            Statement.state != "refused",
        )
    )
    return day if last is None or last < day else pay_day(last)


async def _open_month(session: AsyncSession, posting: Posting) -> date:
    """Return the work's own month, or the present one when that month is already invoiced."""
    month = first_of_month(posting.worked_on)
    last = await session.scalar(
        select(func.max(Statement.period)).where(
            Statement.organiser_id == posting.order.organiser_id,
            Statement.party_id == posting.order.party_id,
            Statement.state != "refused",
        )
    )
    this = first_of_month(local(posting.now).date())
    return month if last is None or last < month else max(this, month)
