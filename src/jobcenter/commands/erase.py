"""Erase a client: says what goes, what stays and by which law, and asks before it does."""

import argparse
import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from jobcenter.retention import erasing
from jobcenter.retention.erasing import Line
from jobcenter.retention.fates import Fate
from jobcenter.start import Ground, ground

ART_17 = "GDPR 17: the person asked"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="jobcenter erase", description=__doc__)
    parser.add_argument("client", type=UUID, help="the client's id")
    parser.add_argument("--dry-run", action="store_true", help="only say what would go")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    chosen = parser.parse_args(arguments)
    with ground() as here:
        print(asyncio.run(_told(here, chosen.client)))
        if chosen.dry_run:
            return 0
        if not chosen.yes and input("Erase? This cannot be undone. Type yes: ") != "yes":
            print("Nothing was erased.")
            return 1
        asyncio.run(_erase(here, chosen.client, datetime.now(UTC)))
    print("Erased. Run `./jobcenter rotate-keys` to end the key in old backups too.")
    return 0


def worded(lines: Sequence[Line]) -> str:
    """Say line by line what goes and what stays."""
    return "\n".join(_line(line) for line in lines if line.rows)


def _line(line: Line) -> str:
    ends = {Fate.GOES: "goes", Fate.EMPTIED: "is emptied", Fate.STAYS: "stays"}
    law = f" ({line.keeping.law})" if line.keeping.law else ""
    return f"{ends[line.keeping.fate]:10} {line.rows:5}  {line.keeping.title}{law}"


async def _told(here: Ground, client_id: UUID) -> str:
    async with here.opened() as database:
        return worded(await database.act(here.operator, erasing.plan, client_id=client_id))


async def _erase(here: Ground, client_id: UUID, now: datetime) -> None:
    async with here.opened() as database:
        await database.act(here.operator, erasing.erase, client_id=client_id, law=ART_17, now=now)
