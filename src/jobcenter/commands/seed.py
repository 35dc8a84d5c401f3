"""Make up a city in an empty database, or add the days that are missing in one made up before."""

import argparse
import asyncio
from datetime import UTC, datetime

from jobcenter import masterkeys
from jobcenter.database import OrganiserId
from jobcenter.seed import canaries
from jobcenter.seed.city import Seeding, bring_up_to_date
from jobcenter.seed.town import SIZES
from jobcenter.start import owned

DEFAULT_SEED = 1


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="jobcenter seed", description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="city")
    parser.add_argument(
        "--seed", type=int, default=DEFAULT_SEED, help="another number, another city"
    )
    parser.add_argument(
        "--canaries", action="store_true", help="mark every field that somebody may not see"
    )
    chosen = parser.parse_args(arguments)
    with owned() as here:
        masterkeys.refuse_none(here.ring)
        seeding = Seeding(
            size=chosen.size,
            seed=chosen.seed,
            now=datetime.now(UTC).replace(microsecond=0),
            organiser_id=OrganiserId(here.settings.organiser),
            secret=here.secret,
            ring=here.ring,
        )
        seeded = asyncio.run(bring_up_to_date(here.owner_dsn, seeding))
        if chosen.canaries:
            asyncio.run(canaries.plant(here.owner_dsn, here.ring))
    print(f"{seeded.orders} orders and {seeded.gigs} gigs were added.")
    return 0
