"""Check every seal of the logs; name the first row or seal that was changed, and exit 1.

With --kept NUMBER:HASH, from the hourly mail, also check that the seal is still the one kept there.
With --from NUMBER:HASH begin after that seal: what was sealed before may be gone after its years.
"""

import argparse
import asyncio

from jobcenter.audit.verifying import Kept, Verdict, verify
from jobcenter.start import Ground, ground


def kept(text: str) -> Kept:
    """Read a seal as the mail writes it."""
    number, _, digest = text.partition(":")
    return Kept(int(number), bytes.fromhex(digest))


def told(verdict: Verdict) -> list[str]:
    """Put a verdict into lines."""
    if fault := verdict.fault:
        seal = f"eal {fault.seal}"
        where = f"Row {fault.row} of {fault.table} in s{seal}" if fault.row else f"S{seal}"
        held = f"{verdict.rows} rows under the {verdict.seals} seals before it hold."
        return [f"{where} {fault.what}.", held]
    lines = [f"{verdict.rows} rows under {verdict.seals} seals are as they were written."]
    if verdict.last:
        lines.append(f"The newest seal is {verdict.last.number}:{verdict.last.hash.hex()}")
    lines.append(f"{verdict.waiting} rows wait for their seal.")
    if verdict.behind:
        lines.append(
            f"This server is {verdict.behind} transactions behind the newest seal: it was restored"
            " from a dump, and nothing new is sealed. See docs/security.md, “After a dump”."
        )
    return lines


async def _verified(here: Ground, seals: list[Kept], begin: Kept | None) -> Verdict:
    async with here.opened() as database:
        return await verify(database, here.operator, seals, begin)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="jobcenter verify-audit", description=__doc__)
    parser.add_argument("--kept", type=kept, action="append", default=[], metavar="NUMBER:HASH")
    parser.add_argument("--from", dest="begin", type=kept, metavar="NUMBER:HASH")
    given = parser.parse_args(arguments)
    with ground() as here:
        verdict = asyncio.run(_verified(here, given.kept, given.begin))
    print("\n".join(told(verdict)))
    return 1 if verdict.fault or verdict.behind else 0
