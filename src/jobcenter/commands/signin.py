"""Print a one-time sign-in link for the user with this e-mail address."""

import argparse
import asyncio
from datetime import UTC, datetime

from jobcenter.errors import NotFound
from jobcenter.orders.letters import Paths
from jobcenter.people import sessions
from jobcenter.start import Ground, ground
from jobcenter.web.signin import minter

# Whoever runs commands on the machine is not counted like somebody who types an address.
MOST_A_DAY = 10_000


async def link_for(here: Ground, email: str, *, now: datetime) -> str:
    """Make a link for this user and return its address."""
    database = here.open()
    try:
        offered = await database.act(
            here.operator,
            sessions.offer,
            email=email,
            mint=minter(here.secret),
            now=now,
            most_a_day=MOST_A_DAY,
        )
    finally:
        await database.close()
    if offered is None:
        raise NotFound("Nobody has the address {email}.", email=email)
    paths = Paths(here.settings.base_url, here.secret)
    return paths.signin(offered.user_id, offered.expires_at)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="jobcenter signin", description=__doc__)
    parser.add_argument("email")
    email = parser.parse_args(arguments).email
    with ground() as here:
        print(asyncio.run(link_for(here, email, now=datetime.now(UTC))))
    return 0
