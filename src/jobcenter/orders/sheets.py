"""Pay rows and invoice lines as they stand in a spreadsheet: their columns, and a row's cells."""

from uuid import UUID

from jobcenter.orders.queries.accounts import BillLine, PayLine
from jobcenter.spreadsheets import Cell

PAY_COLUMNS = (
    "Family name", "Given name", "Order", "Day of work", "For", "Component", "Minutes", "Euros",
    "Pay day", "Incomes register by", "Row", "Takes back",
)  # fmt: skip
PAY_CENTS = frozenset({7})
BILL_COLUMNS = (
    "Order", "Work", "Place", "Day of work", "For", "Minutes", "Pay", "Side costs", "Fee", "VAT",
    "Total", "Cost centre", "Line", "Takes back",
)  # fmt: skip
BILL_CENTS = frozenset(range(6, 11))


def pay_cells(one: PayLine) -> tuple[Cell, ...]:
    """Return a pay row as payroll reads it."""
    return (
        one.family_name, one.given_name, one.order_number, one.row.worked_on, one.row.kind,
        one.row.component, one.row.minutes, one.row.cents, one.row.pay_day, one.row.report_by,
        str(one.row.id), _text(one.row.reverses),
    )  # fmt: skip


def bill_cells(one: BillLine) -> tuple[Cell, ...]:
    """Return an invoice line as billing reads it: no worker, no unit, no support."""
    line = one.line
    return (
        one.order_number, one.title, one.site, line.worked_on, line.kind, line.minutes,
        line.pay_cents, line.side_costs_cents, line.fee_cents, line.vat_cents, line.total_cents,
        line.cost_centre, str(line.id), _text(line.reverses),
    )  # fmt: skip


def _text(found: UUID | None) -> str:
    return str(found) if found else ""
