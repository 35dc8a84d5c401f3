"""Cells of a spreadsheet: whatever somebody typed is shown, never run."""

import csv
import io

import pytest

from jobcenter.cells import defused, sheet


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://evil.example")', "+358401234567", "-1", "@SUM(A1)", "\t=1", "\r=1",
        "\n=1", "＝1", "＋1", "－1", "＠1", "  =1+1",
    ],
)  # fmt: skip
def test_what_would_be_run_is_text(text: str) -> None:
    assert defused(text) == "'" + text


@pytest.mark.parametrize("text", ["", "Tiskaus", "12,50", "a=b", "O'Brien", "{{7*7}}"])
def test_everything_else_stays_as_it_is(text: str) -> None:
    assert defused(text) == text


def test_a_sheet_is_read_back_as_it_was_but_for_the_formulas() -> None:
    text = sheet([("name", "cents"), ('=1"+2', -5), ("Äijö; x\ny", 7)])
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows == [["name", "cents"], ["'=1\"+2", "-5"], ["Äijö; x\ny", "7"]]
