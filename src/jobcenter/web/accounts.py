"""Pay and invoices for whoever settles them: what waits, statements, files, and their receipts."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody

from jobcenter import access
from jobcenter.errors import Fault, Invalid, NotFound
from jobcenter.orders import statements
from jobcenter.orders.queries import accounts
from jobcenter.orders.queries.accounts import BillLine, PayLine, Stated
from jobcenter.orders.sheets import (
    BILL_CENTS,
    BILL_COLUMNS,
    PAY_CENTS,
    PAY_COLUMNS,
    bill_cells,
    pay_cells,
)
from jobcenter.spreadsheets import CSV, XLSX, Table, as_csv, as_xlsx
from jobcenter.times import day_of
from jobcenter.web.asking import Asking, fresh, needs
from jobcenter.web.pages import page, see

Sent = URLEncodedBody[dict[str, str]]
WRITERS: dict[str, tuple[str, Callable[[Table], bytes]]] = {
    "csv": (CSV, as_csv),
    "xlsx": (XLSX, as_xlsx),
}


@get("/accounts", guards=[needs("settle")])
async def show(asking: NamedDependency[Asking], note: FromQuery[str] = "") -> Response[str]:
    """Show what waits and what went out."""
    return page(
        asking,
        "accounts/list.html",
        accounts=await asking.read(accounts.accounts),
        today=asking.today,
        note=note,
    )


@post("/accounts/pay", guards=[needs("settle")])
async def state_pay(asking: NamedDependency[Asking], data: Sent) -> Response[str]:
    """Make a pay statement."""
    made = await asking.act(
        statements.state_pay,
        employer_id=_id(data),
        pay_day=day_of(data.get("period", ""), field="period"),
        now=asking.now,
    )
    return see(f"/accounts/{made.id}", note="made")


@post("/accounts/invoices", guards=[needs("settle")])
async def state_invoice(asking: NamedDependency[Asking], data: Sent) -> Response[str]:
    """Make an orderer's statement."""
    made = await asking.act(
        statements.state_invoice,
        party_id=_id(data),
        month=day_of(data.get("period", ""), field="period"),
        now=asking.now,
    )
    return see(f"/accounts/{made.id}", note="made")


def _id(data: dict[str, str]) -> UUID:
    try:
        return UUID(data.get("subject", ""))
    except ValueError as error:
        raise NotFound from error


@get("/accounts/{statement_id:uuid}", guards=[needs("settle")])
async def one(
    asking: NamedDependency[Asking], statement_id: FromPath[UUID], note: FromQuery[str] = ""
) -> Response[str]:
    """Show a statement with its rows."""
    return await _statement_page(asking, statement_id, note=note)


async def _statement_page(
    asking: Asking, statement_id: UUID, *, note: str = "", fault: Fault | None = None
) -> Response[str]:
    stated = await asking.read(accounts.statement, statement_id=statement_id)
    return page(
        asking,
        "accounts/statement.html",
        status=422 if fault else 200,
        stated=stated,
        pay=await _pay(asking, stated),
        bill=await asking.read(accounts.bill_lines, statement_id=statement_id),
        note=note,
        fault=fault,
    )


async def _pay(asking: Asking, stated: Stated, *, leaves: bool = False) -> tuple[PayLine, ...]:
    """Return a pay statement's rows; the look at the names, and that they leave, come first."""
    statement_id = stated.statement.id
    people = await asking.read(accounts.people_on, statement_id=statement_id)
    if leaves:
        why = f"statement {stated.statement.number}"
        await asking.disclose(people, access.Told("register", "payroll", "name, pay", why))
    await asking.look(people, what="name, pay", purpose="pay statement")
    return await asking.read(accounts.pay_lines, statement_id=statement_id)


@post("/accounts/{statement_id:uuid}/receipt", guards=[needs("settle")], status_code=200)
async def receive(
    asking: NamedDependency[Asking], statement_id: FromPath[UUID], data: Sent
) -> Response[str]:
    """Note what payroll or billing answered."""
    try:
        await asking.act(
            statements.receive,
            statement_id=statement_id,
            received=data.get("outcome") == "received",
            receipt=data.get("receipt", ""),
            now=asking.now,
        )
    except Invalid as invalid:
        return await _statement_page(asking, statement_id, fault=invalid.faults[0])
    return see(f"/accounts/{statement_id}", note="settled")


@get("/accounts/{statement_id:uuid}/{file:str}", guards=[needs("settle"), fresh()])
async def file(
    asking: NamedDependency[Asking], statement_id: FromPath[UUID], file: FromPath[str]
) -> Response[bytes]:
    """Give a statement as a file: CSV or XLSX, with its total in the last row."""
    name, _, ending = file.rpartition(".")
    if name != "statement" or ending not in WRITERS:
        raise NotFound
    stated = await asking.read(accounts.statement, statement_id=statement_id)
    if stated.statement.kind == "pay":
        table = pay_table(asking, stated, await _pay(asking, stated, leaves=True))
    else:
        lines = await asking.read(accounts.bill_lines, statement_id=statement_id)
        table = bill_table(asking, stated, lines)
    media_type, write = WRITERS[ending]
    called = f"jobcenter-{stated.statement.kind}-{stated.statement.number}.{ending}"
    return Response(
        write(table),
        media_type=media_type,
        headers={
            "content-disposition": f'attachment; filename="{called}"',
            "cache-control": "private, no-store",
        },
    )


def pay_table(asking: Asking, stated: Stated, lines: tuple[PayLine, ...]) -> Table:
    """Return a pay statement as a table for payroll."""
    total = _total(asking, stated, len(PAY_COLUMNS), at=7)
    rows = [*map(pay_cells, lines), total]
    return Table(_title(asking, stated), _names(asking, PAY_COLUMNS), rows, PAY_CENTS)


def bill_table(asking: Asking, stated: Stated, lines: tuple[BillLine, ...]) -> Table:
    """Return an orderer's statement as a table for billing: no worker, no unit, no support."""
    total = _total(asking, stated, len(BILL_COLUMNS), at=10)
    rows = [*map(bill_cells, lines), total]
    return Table(_title(asking, stated), _names(asking, BILL_COLUMNS), rows, BILL_CENTS)


def _total(
    asking: Asking, stated: Stated, columns: int, *, at: int
) -> tuple[str | int | date | None, ...]:
    cells: list[str | int | date | None] = [None] * columns
    cells[0], cells[at] = asking.say("Total"), stated.statement.total_cents
    return tuple(cells)


def _names(asking: Asking, columns: tuple[str, ...]) -> list[str]:
    return [asking.say(column) for column in columns]


def _title(asking: Asking, stated: Stated) -> str:
    return asking.say("Statement {number}", number=stated.statement.number)


router = Router("/", route_handlers=[show, state_pay, state_invoice, one, receive, file])
