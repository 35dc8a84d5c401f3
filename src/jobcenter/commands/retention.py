"""Remove what has run out, as the worker does each night; --dry-run only says what is due."""

import argparse
import asyncio
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table

from jobcenter.retention import sweeping
from jobcenter.retention.sweeping import Found
from jobcenter.start import Ground, ground


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="jobcenter retention", description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="change nothing")
    chosen = parser.parse_args(arguments)
    with ground() as here:
        found = asyncio.run(_found(here, datetime.now(UTC), dry=chosen.dry_run))
    Console().print(_table(found))
    return 0


async def _found(here: Ground, now: datetime, *, dry: bool) -> tuple[Found, ...]:
    async with here.opened() as database:
        if dry:
            return await database.act(here.operator, sweeping.report, now=now)
        return await sweeping.sweep_all(database, here.operator, now=now)


def _table(found: tuple[Found, ...]) -> Table:
    table = Table("class", "days", "counted from", "due", "held", "removed", "law")
    for line in found:
        table.add_row(
            line.record_class,
            str(line.rule.days) if line.rule else "no rule: kept",
            line.clock,
            str(line.due),
            str(line.held) if line.held else "",
            "by hand" if line.by_hand else str(line.removed),
            line.rule.law if line.rule else "",
        )
    return table
