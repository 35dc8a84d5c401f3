"""Bring clients or coaches from a CSV or XLSX file into one unit: all of them or none.

Without --go the file is only tried: nothing is written.
"""

import argparse
import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from rich.console import Console

from jobcenter import access, masterkeys
from jobcenter.database import Database, Who
from jobcenter.errors import Invalid
from jobcenter.intake import importing, parts
from jobcenter.intake.importing import RegisterRefused, Taken
from jobcenter.intake.register import CLIENT_COLUMNS, COACH_COLUMNS, Line, read_register
from jobcenter.start import ground
from jobcenter.texts import say

console = Console(highlight=False)
COLUMNS = {"clients": CLIENT_COLUMNS, "coaches": COACH_COLUMNS}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="jobcenter import", description=__doc__)
    parser.add_argument("kind", choices=importing.KINDS)
    parser.add_argument("file", type=Path)
    parser.add_argument("--unit", type=UUID, required=True, help="the unit's id, as on its page")
    parser.add_argument("--go", action="store_true", help="take them in; else only try")
    asked = parser.parse_args(arguments)
    try:
        lines = read_register(asked.file.name, asked.file.read_bytes(), COLUMNS[asked.kind])
        with ground() as here:
            masterkeys.refuse_none(here.ring)
            who = replace(parts.clerk(here.operator, asked.unit), request_id=uuid4().hex)
            taken = asyncio.run(_run(here.open(), who, asked.kind, lines, go=asked.go))
    except RegisterRefused as refused:
        for row in refused.rows:
            told = say("en", row.fault.sentence, **row.fault.values)
            console.print(f"row {row.row}, {row.fault.field}: {told}", markup=False)
        return 1
    except Invalid as invalid:
        for fault in invalid.faults:
            console.print(say("en", fault.sentence, **fault.values), markup=False)
        return 1
    done = "taken in" if asked.go else "would be taken in; nothing was written (add --go)"
    console.print(f"{len(taken.names)} {asked.kind} {done}")
    return 0


async def _run(database: Database, who: Who, kind: str, lines: list[Line], *, go: bool) -> Taken:
    now, unit_id = datetime.now(UTC), who.unit_ids[0]
    try:
        if kind == "clients":
            people = await database.read(who, importing.compared, unit_id=unit_id)
            await access.look(
                database, who, clients=people, what="name", purpose="register", now=now
            )
        if go:
            return await database.act(
                who, importing.take_in, kind=kind, unit_id=unit_id, lines=lines, now=now
            )
        return await database.read(
            who, importing.try_out, kind=kind, unit_id=unit_id, lines=lines, now=now
        )
    finally:
        await database.close()
