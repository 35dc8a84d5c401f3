"""Rows for a spreadsheet as CSV: what a person typed stays text, and is never run as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

# With these a spreadsheet begins to calculate; also as wide letters, and after a tab.
_STARTS = tuple("=+-@\t\r\n\x00\uff1d\uff0b\uff0d\uff20")
# Tells Excel that the file is UTF-8.
BYTE_ORDER_MARK = "\ufeff"


def defused(text: str) -> str:
    """Return a cell that a spreadsheet shows and does not run."""
    return f"'{text}" if text.lstrip(" ").startswith(_STARTS) else text


def sheet(rows: Iterable[Sequence[object]]) -> str:
    """Return rows as CSV, every cell in quotes; numbers stay numbers."""
    return quoted(
        [defused(cell) if isinstance(cell, str) else cell for cell in row] for row in rows
    )


def quoted(rows: Iterable[Sequence[object]], *, delimiter: str = ",", marked: bool = True) -> str:
    """Return rows as CSV, as they are; whoever typed in them has been defused."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows(rows)
    return BYTE_ORDER_MARK * marked + written.getvalue()
