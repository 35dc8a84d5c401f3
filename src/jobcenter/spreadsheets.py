"""A table as CSV or XLSX. No cell is ever a formula, whatever somebody wrote into a title."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from jobcenter.cells import defused, quoted
from jobcenter.late import late

xlsxwriter = late("xlsxwriter")

Cell = str | int | date | None

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with the names of its columns; `cents` columns are shown in euros."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    cents: frozenset[int] = frozenset()


def as_csv(table: Table) -> bytes:
    """Return the table as CSV with semicolons, as spreadsheet programs here expect it."""
    heads = [defused(name) for name in table.columns]
    rows = [_cells(table, row) for row in table.rows]
    return quoted([heads, *rows], delimiter=";").encode()


def csv_rows(table: Table) -> bytes:
    """Return the rows of a table that goes on, without the names of its columns."""
    return quoted([_cells(table, row) for row in table.rows], delimiter=";", marked=False).encode()


def as_xlsx(table: Table) -> bytes:
    """Return the table as XLSX: words as words, whole numbers as numbers, cents as euros."""
    out = BytesIO()
    # The options leave nothing to be guessed from what a cell looks like.
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(_sheet_name(table.title))
    strong, euros = book.add_format({"bold": True}), book.add_format({"num_format": "0.00"})
    days = book.add_format({"num_format": "d.m.yyyy"})
    for number, name in enumerate(table.columns):
        sheet.write_string(0, number, name, strong)
    for line, row in enumerate(table.rows, start=1):
        for number, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(line, number, cell, days)
            elif isinstance(cell, int) and number in table.cents:
                sheet.write_number(line, number, cell / 100, euros)
            elif isinstance(cell, int):
                sheet.write_number(line, number, cell)
            elif cell:
                sheet.write_string(line, number, cell)
    sheet.autofit()
    book.close()
    return out.getvalue()


def _cells(table: Table, row: Sequence[Cell]) -> list[str]:
    return [_in_csv(table, number, cell) for number, cell in enumerate(row)]


def _in_csv(table: Table, number: int, cell: Cell) -> str:
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int):
        return euros_of(cell) if number in table.cents else str(cell)
    return defused(cell or "")


def euros_of(cents: int) -> str:
    """Return cents as euros with a comma, a minus in front of what is taken back."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole},{rest:02}"


def _sheet_name(title: str) -> str:
    """Return a name that a sheet may have: short, and without the letters that are refused."""
    return "".join(letter for letter in title if letter not in "[]:*?/\\'")[:31] or "Jobcenter"
