"""Print a one-time sign-in link for the user with this e-mail address."""

import argparse
import asyncio
from datetime import UTC, datetime

from jobcenter.inviting import signin_link
from jobcenter.start import Ground, ground


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="jobcenter signin", description=__doc__)
    parser.add_argument("email")
    email = parser.parse_args(arguments).email
    with ground() as here:
        print(asyncio.run(_link(here, email)))
    return 0


async def _link(here: Ground, email: str) -> str:
    async with here.opened() as database:
        return await signin_link(here, database, email, now=datetime.now(UTC))
