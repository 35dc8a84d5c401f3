"""Rows of an existing register: a CSV or XLSX file, bounded, its columns known by their names.

Nothing here knows a database: text in, rows of fields out, every fault with its row and column.
"""

import csv
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from jobcenter.errors import Fault, Invalid
from jobcenter.intake.told import Shown, Told, filled
from jobcenter.late import late

openpyxl = late("openpyxl")

MOST_BYTES = 2 * 1024 * 1024
MOST_UNPACKED = 40 * 1024 * 1024
MOST_ROWS = 2000
MOST_COLUMNS = 60
LONGEST_CELL = 1000
# What a damaged or made-up workbook makes its reader say, from the packing to the words in it.
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, NotImplementedError,
    RuntimeError, SyntaxError,
    KeyError, ValueError, IndexError, TypeError, AttributeError,
)  # fmt: skip

# What a column may be called, in small letters, and the field that it fills.
CLIENT_COLUMNS: Mapping[str, str] = {
    "given_name": "given_name", "etunimi": "given_name", "first name": "given_name",
    "family_name": "family_name", "sukunimi": "family_name", "last name": "family_name",
    "phone": "phone", "puhelin": "phone", "email": "email", "sähköposti": "email",
    "language": "language", "kieli": "language", "spoken": "spoken", "puhutut kielet": "spoken",
    "postcode": "postcode", "postinumero": "postcode", "service": "service", "palvelu": "service",
    "legal_basis": "legal_basis", "laki": "legal_basis",
    "wants_calls": "wants_calls", "soitetaan": "wants_calls",
    "site": "site", "toimipaikka": "site",
    "coach": "coach", "työvalmentaja": "coach", "valmentaja": "coach",
    "hours": "hours", "ajat": "hours", "strengths": "strengths", "vahvuudet": "strengths",
}  # fmt: skip
COACH_COLUMNS: Mapping[str, str] = {
    "name": "name", "nimi": "name", "phone": "phone", "puhelin": "phone",
    "email": "email", "sähköposti": "email", "spoken": "spoken", "kielet": "spoken",
    "postcode": "postcode", "postinumero": "postcode", "hours": "hours", "ajat": "hours",
    "site": "site", "toimipaikka": "site",
}  # fmt: skip
LISTS = {"spoken", "strengths"}
YES = {"1", "x", "yes", "kyllä", "k", "true", "ja"}
NO = {"", "0", "no", "ei", "false", "nej"}
WEEKDAYS: Mapping[str, int] = {
    name: number
    for names in (("ma", "ti", "ke", "to", "pe", "la", "su"),
                  ("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
    for number, name in enumerate(names)
}  # fmt: skip
_HOURS = re.compile(
    r"([a-zåäö]{2,3})(?:\s*[-–]\s*([a-zåäö]{2,3}))?\s+"
    r"(\d{1,2}(?:[.:]\d{2})?)\s*[-–]\s*(\d{1,2}(?:[.:]\d{2})?)"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One row as fields; `number` is the row that a person sees in their table."""

    number: int
    told: Told


def read_register(name: str, data: bytes, columns: Mapping[str, str]) -> list[Line]:
    """Return the rows of a file, or raise what is wrong with it as a whole."""
    if len(data) > MOST_BYTES:
        raise _refused("too_large", "This file is too large.")
    rows = _xlsx(data) if data[:2] == b"PK" or name.lower().endswith(".xlsx") else _csv(data)
    table = [[_cell(cell) for cell in row[: MOST_COLUMNS + 1]] for row in rows]
    while table and not any(table[-1]):
        table.pop()
    if len(table) < 2:
        raise _refused("empty", "There are no rows in this file.")
    if len(table) > MOST_ROWS + 1 or len(table[0]) > MOST_COLUMNS:
        raise _refused("too_large", "This file is too large.")
    heads = _heads(table[0], columns)
    return [
        Line(number, _told(heads, row)) for number, row in enumerate(table[1:], start=2) if any(row)
    ]


def _refused(code: str, sentence: str, **values: object) -> Invalid:
    return Invalid(Fault("file", code, sentence, values))


def _cell(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()[:LONGEST_CELL]


def _csv(data: bytes) -> Iterator[Sequence[object]]:
    """Read a table as spreadsheets write it: with a mark in front or not, by ; or , or tab."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    first = text.partition("\n")[0]
    between = max(";,\t", key=first.count)
    try:
        yield from _bounded(csv.reader(io.StringIO(text, newline=""), delimiter=between))
    except csv.Error as error:
        raise _refused("unreadable", "We could not read this file as a table.") from error


def _xlsx(data: bytes) -> Iterator[Sequence[object]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise _refused("too_large", "This file is too large.")
        book = openpyxl.load_workbook(
            io.BytesIO(data), read_only=True, data_only=True, keep_links=False
        )
        yield from _bounded(book.worksheets[0].iter_rows(values_only=True))
    except UNREADABLE as error:
        raise _refused("unreadable", "We could not read this file as a table.") from error


def _bounded(rows: Iterator[Sequence[object]]) -> Iterator[Sequence[object]]:
    for number, row in enumerate(rows):
        if number > MOST_ROWS + 100:
            raise _refused("too_large", "This file is too large.")
        yield row


def _heads(row: Sequence[str], columns: Mapping[str, str]) -> list[str]:
    heads = [columns.get(cell.casefold().replace("_", " "), columns.get(cell.casefold(), ""))
             for cell in row]  # fmt: skip
    for cell, head in zip(row, heads, strict=True):
        if cell and not head:
            raise _refused("unknown_column", "We do not know the column “{column}”.", column=cell)
    twice = {head for head in heads if head and heads.count(head) > 1}
    if twice:
        raise _refused("twice", "Two columns say the same: {column}.", column=min(twice))
    return heads


def _told(heads: Sequence[str], row: Sequence[str]) -> Told:
    fields: dict[str, Shown] = {}
    for head, cell in zip(heads, row, strict=False):
        if head in LISTS:
            fields[head] = tuple(part.strip() for part in re.split(r"[,;/]", cell) if part.strip())
        elif head:
            fields[head] = cell
    return filled(fields)


def yes_or_no(told: Told, name: str, faults: list[Fault]) -> bool:
    """Read a cell that says yes or no."""
    text = told.text(name).casefold()
    if text not in YES | NO:
        faults.append(Fault(name, "unknown", "Please write yes or no."))
    return text in YES


def hours_of(told: Told, faults: list[Fault]) -> list[tuple[int, int, int]]:
    """Read hours such as "ma-pe 8-16, la 10-14.30" as weekday and minutes."""
    text = told.text("hours").casefold()
    found: list[tuple[int, int, int]] = []
    for part in filter(None, (part.strip() for part in re.split(r"[,;]", text))):
        spans = _span(part)
        if not spans:
            faults.append(
                Fault("hours", "unknown", "Please write hours like “ma-pe 8-16, la 10-14”.")
            )
        found += spans
    ordered = sorted(found)
    for one, other in pairwise(ordered):
        if one[0] == other[0] and other[1] < one[2]:
            faults.append(Fault("hours", "overlap", "These times overlap."))
    return ordered


def _span(part: str) -> list[tuple[int, int, int]]:
    match = _HOURS.fullmatch(part)
    if match is None:
        return []
    first, last = WEEKDAYS.get(match[1]), WEEKDAYS.get(match[2] or match[1])
    begin, end = _minutes(match[3]), _minutes(match[4])
    if first is None or last is None or last < first or not 0 <= begin < end <= 24 * 60:
        return []
    return [(weekday, begin, end) for weekday in range(first, last + 1)]


def _minutes(text: str) -> int:
    hours, _, minutes = text.replace(".", ":").partition(":")
    return int(hours) * 60 + int(minutes or 0)
