"""Count the breaches of every invariant; exit 1 when there is any.

Each has a view of its own name in the database. The ones that no query can tell are listed too.
"""

import argparse
import asyncio

from jobcenter import schema
from jobcenter.database import Database
from jobcenter.start import Ground, ground

# What no state of the tables can show: tests hold these.
NOT_IN_SQL = (
    "i07_needs_stay_with_us",
    "i15_organisers_never_mix",
    "i16_nobody_told_means_no_rows",
    "i23_no_name_before_a_yes",
    "i29_what_was_answered_is_kept",
    "i30_decisions_read_the_newest_state",
)


async def counts(database: Database, here: Ground) -> dict[str, int]:
    """Give the number of breaches by invariant."""
    try:
        return await database.read(here.operator, schema.breaches)
    finally:
        await database.close()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="jobcenter check-invariants", description=__doc__)
    parser.parse_args(arguments)
    with ground() as here:
        found = asyncio.run(counts(here.open(), here))
    for name, count in found.items():
        print(f"{name:40} {count}")
    for name in NOT_IN_SQL:
        print(f"{name:40} not checkable in SQL")
    return 1 if any(found.values()) else 0
