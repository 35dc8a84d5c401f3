"""One run of a simulation from an empty directory to its figures."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from jobcenter import masterkeys, schema
from jobcenter.database import Face, connect
from jobcenter.embedded import postgres
from jobcenter.envelopes import Keyring
from jobcenter.matching.round import Matcher
from jobcenter.simulation import stage
from jobcenter.simulation.figures import Figures
from jobcenter.simulation.play import FIRST, Run, play
from jobcenter.simulation.working import CITY, hands_of
from jobcenter.times import day_bounds

# What is lost in a power cut nobody misses.
UNSAFE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# Enough for a repair of a small city's lists.
SECONDS = 5.0


def in_a_new_city(home: Path, run: Run, console: Console) -> Figures:
    """Make up a city under `home`, play the run there, and count."""
    ring = masterkeys.keyring(home)
    with postgres(home, UNSAFE) as owner_dsn:
        doors = schema.prepare(owner_dsn, home, ring)
        matcher = Matcher.awake(seconds=SECONDS)
        try:
            return asyncio.run(_build_and_play(owner_dsn, doors, ring, matcher, run, console))
        finally:
            matcher.close()


async def _build_and_play(
    owner_dsn: str,
    doors: Mapping[Face, str],
    ring: Keyring,
    matcher: Matcher,
    run: Run,
    console: Console,
) -> Figures:
    built = await stage.build(
        owner_dsn, ring, size=run.size, seed=run.seed, now=day_bounds(FIRST)[0], organiser_id=CITY
    )
    database = connect(doors, ring)
    try:
        hands = hands_of(database, matcher, doors[Face.SERVICE])
        with console.status("Playing ...") as status:
            return await play(
                built, hands, run, tell=lambda day: status.update(f"Played {day:%a %-d.%-m.}")
            )
    finally:
        await database.close()
