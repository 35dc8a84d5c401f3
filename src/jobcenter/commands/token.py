"""Print a bearer token for the API for the user with this e-mail address; it is shown only once."""

import argparse
import asyncio
from datetime import UTC, datetime

from jobcenter import access
from jobcenter.people import sessions
from jobcenter.start import Ground, ground


async def token_for(here: Ground, email: str, *, now: datetime) -> str:
    """Give this user a fresh token."""
    token = access.new_token()
    database = here.open()
    try:
        await database.act(
            here.operator,
            sessions.issue_api_token,
            email=email,
            token_hash=access.hash_of(token),
            now=now,
        )
    finally:
        await database.close()
    return token


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="jobcenter token", description=__doc__)
    parser.add_argument("email")
    email = parser.parse_args(arguments).email
    with ground() as here:
        print(asyncio.run(token_for(here, email, now=datetime.now(UTC))))
    return 0
