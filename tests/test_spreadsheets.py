"""Tables as files: cells are never formulas, cents are euros."""

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest

from jobcenter.spreadsheets import Table, as_csv, as_xlsx, euros_of

ODD = ('=HYPERLINK("x")', "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\uff1d1", "plain")
TABLE = Table(
    "Statement [1]: a/b",
    ("Title", "Day", "Minutes", "Euros"),
    [(title, date(2026, 11, 24), 180, -3450) for title in ODD],
    frozenset({3}),
)


@pytest.mark.parametrize("text", ODD[:-1])
def test_what_looks_like_a_formula_is_a_text(text: str) -> None:
    assert f"\"'{text}" in as_csv(TABLE).decode().replace('""', '"')


def test_a_csv_has_euros_and_days() -> None:
    lines = as_csv(TABLE).decode().removeprefix("\ufeff").split("\r\n")
    assert lines[0] == '"Title";"Day";"Minutes";"Euros"'
    assert lines[-2] == '"plain";"2026-11-24";"180";"-34,50"'


def test_an_xlsx_has_no_formula_and_no_link() -> None:
    with ZipFile(BytesIO(as_xlsx(TABLE))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        strings = book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet.lower()
    assert "HYPERLINK" in strings
    assert "-34.5" in sheet


@pytest.mark.parametrize(("cents", "euros"), [(0, "0,00"), (5, "0,05"), (-5, "-0,05")])
def test_euros(cents: int, euros: str) -> None:
    assert euros_of(cents) == euros
