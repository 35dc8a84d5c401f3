"""Statements: what goes to payroll for an employer's pay day, or to billing for an orderer's month.

A statement takes every row that waits, corrections of earlier periods among them. Refused, it lets
go of its rows, and they wait for the next one.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Sequence as DatabaseSequence
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from jobcenter.database import asker
from jobcenter.errors import Conflict, Fault, Invalid, NotAllowed, NotFound
from jobcenter.orders.accounts import InvoiceLine, PayRow, Statement
from jobcenter.orders.gigs import Gig, GigStatus
from jobcenter.orders.locking import locked_gig

NUMBERS = DatabaseSequence("statement_numbers")
LONGEST_RECEIPT = 200
NOTHING_WAITS = "Nothing waits for this period: somebody may have been faster."


async def state_pay(
    session: AsyncSession, *, employer_id: UUID, pay_day: date, now: datetime
) -> Statement:
    """Put every waiting pay row of an employer, up to a pay day, into one statement."""
    may_settle(session)
    rows = await session.execute(
        select(PayRow.id, PayRow.cents)
        .where(PayRow.organiser_id == asker(session).organiser_id)
        .where(PayRow.employer_id == employer_id, PayRow.pay_day <= pay_day)
        .where(PayRow.statement_id.is_(None))
        .order_by(PayRow.id)
        .with_for_update()
    )
    found = {row.id: row.cents for row in rows}
    statement = await _statement(session, kind="pay", period=pay_day, cents=found, now=now)
    statement.employer_id = employer_id
    return await _take(session, PayRow, statement, found)


async def state_invoice(
    session: AsyncSession, *, party_id: UUID, month: date, now: datetime
) -> Statement:
    """Put every waiting invoice line of an orderer, up to a month, into one statement."""
    may_settle(session)
    lines = await session.execute(
        select(InvoiceLine.id, InvoiceLine.total_cents)
        .where(InvoiceLine.organiser_id == asker(session).organiser_id)
        .where(InvoiceLine.party_id == party_id, InvoiceLine.month <= month)
        .where(InvoiceLine.statement_id.is_(None))
        .order_by(InvoiceLine.id)
        .with_for_update()
    )
    found = {line.id: line.total_cents for line in lines}
    statement = await _statement(session, kind="invoice", period=month, cents=found, now=now)
    statement.party_id = party_id
    return await _take(session, InvoiceLine, statement, found)


async def _take(
    session: AsyncSession,
    table: type[PayRow | InvoiceLine],
    statement: Statement,
    rows: Iterable[UUID],
) -> Statement:
    """Put these locked rows into a new statement."""
    session.add(statement)
    await session.flush()
    await session.execute(
        update(table)
        .where(table.organiser_id == statement.organiser_id, table.id.in_(list(rows)))
        .values(statement_id=statement.id)
    )
    return statement


async def _statement(
    session: AsyncSession, *, kind: str, period: date, cents: Mapping[UUID, int], now: datetime
) -> Statement:
    who = asker(session)
    if not cents:
        raise Conflict(NOTHING_WAITS)
    if who.actor_id is None:
        raise NotAllowed
    return Statement(
        organiser_id=who.organiser_id,
        id=uuid7(),
        number=await session.scalar(NUMBERS.next_value()),
        kind=kind,
        period=period,
        row_count=len(cents),
        total_cents=sum(cents.values()),
        made_by=who.actor_id,
        made_at=now,
    )


async def receive(
    session: AsyncSession, *, statement_id: UUID, received: bool, receipt: str, now: datetime
) -> Statement:
    """Note what the other system said: received with its receipt, or refused and why."""
    may_settle(session)
    who = asker(session)
    if not receipt.strip() or len(receipt) > LONGEST_RECEIPT:
        raise Invalid(Fault("receipt", "blank", "Please write the receipt, or why it was refused."))
    statement = await session.get(
        Statement, (who.organiser_id, statement_id), with_for_update=True, populate_existing=True
    )
    if statement is None:
        raise NotFound
    if statement.state != "made":
        raise Conflict
    if not received:
        await _let_go(session, statement)
    elif statement.kind == "invoice":
        await _invoiced(session, statement, now)
    statement.settle(received=received, receipt=receipt.strip(), by=who.actor_id, now=now)
    await session.flush()
    return statement


async def _let_go(session: AsyncSession, statement: Statement) -> None:
    for table in (PayRow, InvoiceLine):
        await session.execute(
            update(table)
            .where(table.organiser_id == statement.organiser_id, table.statement_id == statement.id)
            .values(statement_id=None)
        )


async def _invoiced(session: AsyncSession, statement: Statement, now: datetime) -> None:
    """Move the gigs whose work is invoiced now; a correction of an older one moves nothing."""
    who = asker(session)
    gigs = await session.scalars(
        select(Gig.id)
        .join(
            InvoiceLine,
            (InvoiceLine.organiser_id == Gig.organiser_id) & (InvoiceLine.gig_id == Gig.id),
        )
        .where(
            Gig.organiser_id == statement.organiser_id,
            InvoiceLine.statement_id == statement.id,
            Gig.status == GigStatus.APPROVED.value,
        )
        .distinct()
        # Clients are locked in their order by everybody who locks several.
        .order_by(Gig.client_id, Gig.id)
        .add_columns(Gig.client_id)
    )
    for gig_id in gigs.all():
        gig, _, _ = await locked_gig(session, gig_id)
        session.add(gig.become(GigStatus.INVOICED, by=who.actor_id, via=who.role, now=now))


def may_settle(session: AsyncSession) -> None:
    """Raise unless the asker settles the accounts."""
    if not asker(session).may("settle"):
        raise NotAllowed
