"""Erase a client: says what goes, what stays and by which law, and asks before it does.

--also NAME, as often as needed, masks a nickname or a misspelling, too, in what others wrote of
orders and places: nobody can guess all of them, and afterwards nobody knows whom it meant.

--list prints who was erased, to be kept apart from the backups; after a backup is restored, --again
erases those of them anew who came back with it, before anybody opens it.
"""

import argparse
import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from jobcenter import access
from jobcenter.database import Database
from jobcenter.retention import erasing, holds
from jobcenter.retention.erasing import Line, StillHeld
from jobcenter.retention.fates import Fate
from jobcenter.retention.masking import SHORTEST
from jobcenter.start import Ground, ground

ART_17 = "GDPR 17: the person asked"
RESTORED = "restored from a backup"
# Where --again is given no file, the list in the database itself is gone through.
OWN_LIST = "-"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="jobcenter erase", description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("client", type=UUID, nargs="?", help="the client's id")
    what.add_argument("--list", action="store_true", help="print the ids of the erased")
    what.add_argument("--again", nargs="?", const=OWN_LIST, metavar="FILE", help="such a list")
    parser.add_argument(
        "--also", action="append", default=[], type=spelling, metavar="NAME",
        help="how others wrote them besides; may be given again",
    )  # fmt: skip
    parser.add_argument("--dry-run", action="store_true", help="only say what would go")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    chosen = parser.parse_args(arguments)
    with ground() as here:
        if chosen.list:
            print("\n".join(map(str, asyncio.run(_listed(here)))))
            return 0
        if chosen.again:
            erased = _read(chosen.again)
            return asyncio.run(_again(here, erased, datetime.now(UTC), dry=chosen.dry_run))
        return _one(here, chosen.client, chosen.also, dry=chosen.dry_run, sure=chosen.yes)


def spelling(text: str) -> str:
    """Read a name as it is looked for: between letters, and no single one."""
    name = " ".join(text.split()).strip(".,;:!?\"'()")
    if len(name) < SHORTEST:
        raise argparse.ArgumentTypeError(f"{text!r} is too short to be looked for")
    return name


def _one(here: Ground, client_id: UUID, also: Sequence[str], *, dry: bool, sure: bool) -> int:
    now = datetime.now(UTC)
    print(asyncio.run(_told(here, client_id, now)))
    if dry:
        return 0
    if not sure and input("Erase? This cannot be undone. Type yes: ") != "yes":
        print("Nothing was erased.")
        return 1
    print(veiled(asyncio.run(_erase(here, client_id, also, now))), end="")
    print("Erased. Run `./jobcenter rotate-keys` to end the key in old backups too.")
    return 0


def worded(lines: Sequence[Line]) -> str:
    """Say line by line what goes and what stays."""
    return "\n".join(_line(line) for line in lines if line.rows)


def _line(line: Line) -> str:
    ends = {Fate.GOES: "goes", Fate.EMPTIED: "is emptied", Fate.STAYS: "stays"}
    law = f" ({line.keeping.law})" if line.keeping.law else ""
    return f"{ends[line.keeping.fate]:10} {line.rows:5}  {line.keeping.title}{law}"


async def _look(here: Ground, database: Database, client_id: UUID, now: datetime) -> None:
    await access.look(
        database, here.operator, clients=[client_id], what="everything", purpose="erasure", now=now
    )


async def _told(here: Ground, client_id: UUID, now: datetime) -> str:
    async with here.opened() as database:
        await _look(here, database, client_id, now)
        held = await database.act(here.operator, holds.standing, client_id=client_id, now=now)
        plan = worded(await database.act(here.operator, erasing.plan, client_id=client_id))
    kept = [f"held             {hold.reason} ({hold.law})" for hold in held]
    return "\n".join([*kept, plan])


def veiled(masked: Mapping[str, int]) -> str:
    """Say in which columns others had named the person."""
    return "".join(f"masked     {count:5}  {column}\n" for column, count in masked.items())


async def _erase(
    here: Ground, client_id: UUID, also: Sequence[str], now: datetime
) -> Mapping[str, int]:
    async with here.opened() as database:
        return await database.act(
            here.operator, erasing.erase, client_id=client_id, law=ART_17, now=now, also=also
        )


async def _listed(here: Ground) -> tuple[UUID, ...]:
    async with here.opened() as database:
        return await database.act(here.operator, erasing.everybody_erased)


def _read(file: str) -> list[UUID] | None:
    return None if file == OWN_LIST else [UUID(line) for line in Path(file).read_text().split()]


async def _again(here: Ground, erased: list[UUID] | None, now: datetime, *, dry: bool) -> int:
    """Erase each who is back in a transaction of their own, and name whoever may not go yet."""
    async with here.opened() as database:
        back = await database.act(here.operator, erasing.returned, erased=erased)
        if dry:
            print(f"{len(back)} of the erased are here again.")
            return 0
        left = [client_id for client_id in back if not await _went(here, database, client_id, now)]
    print(f"{len(back) - len(left)} were erased again.")
    return 1 if left else 0


async def _went(here: Ground, database: Database, client_id: UUID, now: datetime) -> bool:
    await _look(here, database, client_id, now)
    try:
        masked = await database.act(
            here.operator, erasing.erase, client_id=client_id, law=RESTORED, now=now
        )
    except StillHeld as held:
        print(f"{client_id}: {held}")
        return False
    print(veiled(masked), end="")
    return True
