"""What waits to be paid and invoiced, and the statements that went out; an orderer's own lines.

Names come with pay rows only, to those who settle the accounts, and after a look was committed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker, meets
from jobcenter.errors import NotAllowed, NotFound
from jobcenter.orders.accounts import InvoiceLine, PayRow, Statement
from jobcenter.orders.model import Order
from jobcenter.orders.statements import may_settle
from jobcenter.orders.windows import NamedPay
from jobcenter.people.parties import Employer, OrderingParty, Site

MOST_STATEMENTS = 100
MOST_LINES = 1000


@dataclass(frozen=True, slots=True)
class Waiting:
    """Rows that one statement would take: whose they are, up to which period, and their sum."""

    subject_id: UUID
    name: str
    period: date
    rows: int
    cents: int
    report_by: date | None = None


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement with the name of the employer or the orderer it is for."""

    statement: Statement
    name: str


@dataclass(frozen=True, slots=True)
class PayLine:
    """A pay row as payroll reads it."""

    row: PayRow
    order_number: int
    given_name: str = ""
    family_name: str = ""


@dataclass(frozen=True, slots=True)
class BillLine:
    """An invoice line as the orderer reads it."""

    line: InvoiceLine
    order_number: int
    title: str
    site: str


@dataclass(frozen=True, slots=True)
class Accounts:
    """All that waits, and what went out, newest first."""

    pay: tuple[Waiting, ...]
    invoices: tuple[Waiting, ...]
    statements: tuple[Stated, ...]


async def accounts(session: AsyncSession) -> Accounts:
    """Return what whoever settles the accounts has before them."""
    may_settle(session)
    return Accounts(
        pay=await _waiting_pay(session),
        invoices=await _waiting_invoices(session),
        statements=await _statements(session),
    )


async def _waiting_pay(session: AsyncSession) -> tuple[Waiting, ...]:
    found = await session.execute(
        select(
            Employer.id,
            Employer.name,
            PayRow.pay_day,
            func.count(),
            func.sum(PayRow.cents),
            func.min(PayRow.report_by),
        )
        .join(Employer, meets(PayRow, "employer_id", Employer))
        .where(PayRow.organiser_id == asker(session).organiser_id, PayRow.statement_id.is_(None))
        .group_by(Employer.id, Employer.name, PayRow.pay_day)
        .order_by(PayRow.pay_day, Employer.name)
    )
    return tuple(Waiting(*row) for row in found)


async def _waiting_invoices(session: AsyncSession) -> tuple[Waiting, ...]:
    found = await session.execute(
        select(
            OrderingParty.id,
            OrderingParty.name,
            InvoiceLine.month,
            func.count(),
            func.sum(InvoiceLine.total_cents),
        )
        .join(OrderingParty, meets(InvoiceLine, "party_id", OrderingParty))
        .where(
            InvoiceLine.organiser_id == asker(session).organiser_id,
            InvoiceLine.statement_id.is_(None),
        )
        .group_by(OrderingParty.id, OrderingParty.name, InvoiceLine.month)
        .order_by(InvoiceLine.month, OrderingParty.name)
    )
    return tuple(Waiting(*row) for row in found)


async def _statements(session: AsyncSession, *which: ColumnElement[bool]) -> tuple[Stated, ...]:
    found = await session.execute(
        select(Statement, func.coalesce(Employer.name, OrderingParty.name))
        .outerjoin(Employer, meets(Statement, "employer_id", Employer))
        .outerjoin(OrderingParty, meets(Statement, "party_id", OrderingParty))
        .where(Statement.organiser_id == asker(session).organiser_id, *which)
        .order_by(Statement.number.desc())
        .limit(MOST_STATEMENTS)
    )
    return tuple(Stated(statement, name) for statement, name in found)


async def statement(session: AsyncSession, *, statement_id: UUID) -> Stated:
    """Return one statement."""
    may_settle(session)
    found = await _statements(session, Statement.id == statement_id)
    if not found:
        raise NotFound
    return found[0]


async def people_on(session: AsyncSession, *, statement_id: UUID) -> Sequence[UUID]:
    """Return whose names a pay statement carries, for the look that must be written first."""
    may_settle(session)
    found = await session.scalars(
        select(PayRow.client_id).where(*_pay_on(session, statement_id)).distinct()
    )
    return found.all()


async def pay_lines(session: AsyncSession, *, statement_id: UUID) -> tuple[PayLine, ...]:
    """Return a pay statement row by row, with names; look first."""
    may_settle(session)
    found = await session.execute(
        _named_pay()
        .where(*_pay_on(session, statement_id))
        .order_by(PayRow.client_id, PayRow.worked_on, PayRow.id)
    )
    return tuple(PayLine(*row) for row in found)


Days = tuple[date, date]


async def people_between(session: AsyncSession, *, days: Days) -> Sequence[UUID]:
    """Return who worked on these days, for the look that must be written first."""
    may_settle(session)
    found = await session.scalars(
        select(PayRow.client_id)
        .where(PayRow.organiser_id == asker(session).organiser_id, PayRow.worked_on.between(*days))
        .distinct()
        .order_by(PayRow.client_id)
    )
    return found.all()


async def pay_between(
    session: AsyncSession, *, days: Days, after: UUID | None, most: int
) -> tuple[PayLine, ...]:
    """Return the next pay rows of these days, as they were made, with names; look first."""
    may_settle(session)
    found = await session.execute(
        _named_pay()
        .where(PayRow.organiser_id == asker(session).organiser_id, PayRow.worked_on.between(*days))
        .where(*([PayRow.id > after] if after else []))
        .order_by(PayRow.id)
        .limit(most)
    )
    return tuple(PayLine(*row) for row in found)


async def bill_between(
    session: AsyncSession, *, days: Days, after: UUID | None, most: int
) -> tuple[BillLine, ...]:
    """Return the next invoice lines of these days, as they were made."""
    may_settle(session)
    found = await session.execute(
        _billed()
        .where(InvoiceLine.organiser_id == asker(session).organiser_id)
        .where(InvoiceLine.worked_on.between(*days))
        .where(*([InvoiceLine.id > after] if after else []))
        .order_by(InvoiceLine.id)
        .limit(most)
    )
    return tuple(BillLine(*row) for row in found)


def _pay_on(session: AsyncSession, statement_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (
        PayRow.organiser_id == asker(session).organiser_id,
        PayRow.statement_id == statement_id,
    )


def _named_pay() -> Select[PayRow, int, str, str]:
    return select(PayRow, NamedPay.order_number, NamedPay.given_name, NamedPay.family_name).join(
        NamedPay, (NamedPay.organiser_id == PayRow.organiser_id) & (NamedPay.id == PayRow.id)
    )


def _billed() -> Select[InvoiceLine, int, str, str]:
    return (
        select(InvoiceLine, Order.number, Order.title, Site.name)
        .join(Order, meets(InvoiceLine, "order_id", Order))
        .join(Site, meets(Order, "site_id", Site))
    )


async def bill_lines(session: AsyncSession, *, statement_id: UUID) -> tuple[BillLine, ...]:
    """Return an orderer's statement line by line."""
    may_settle(session)
    return await _bill(session, InvoiceLine.statement_id == statement_id)


async def own_lines(session: AsyncSession, *, order_id: UUID) -> tuple[BillLine, ...]:
    """Return what an order of the asker's own party costs so far."""
    return await _bill(
        session,
        InvoiceLine.order_id == order_id,
        InvoiceLine.party_id == asker(session).party_id,
    )


async def all_own_lines(session: AsyncSession) -> tuple[BillLine, ...]:
    """Return what all orders of the asker's party cost, for whoever manages it; newest first."""
    who = asker(session)
    if not who.may("manage_party"):
        raise NotAllowed
    lines = await _bill(session, InvoiceLine.party_id == who.party_id)
    return tuple(reversed(lines[-MOST_LINES:]))


async def _bill(session: AsyncSession, *which: ColumnElement[bool]) -> tuple[BillLine, ...]:
    found = await session.execute(
        _billed()
        .where(InvoiceLine.organiser_id == asker(session).organiser_id, *which)
        .order_by(InvoiceLine.worked_on, Order.number, InvoiceLine.id)
    )
    return tuple(BillLine(*row) for row in found)


@dataclass(frozen=True, slots=True)
class Paid:
    """What a client is paid for one gig, as rows tell it, and when."""

    cents: int
    pay_day: date


async def paid_for(session: AsyncSession, gig_id: UUID) -> Paid | None:
    """Return what the rows of a gig pay its client; None where there are none."""
    found = await session.execute(
        select(func.sum(PayRow.cents), func.max(PayRow.pay_day)).where(
            PayRow.organiser_id == asker(session).organiser_id, PayRow.gig_id == gig_id
        )
    )
    cents, day = found.one()
    return Paid(int(cents), day) if cents else None
