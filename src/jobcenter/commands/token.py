"""Print a bearer token for the API for the user with this e-mail address; it is shown only once.

With --service and a role it is for a program: NAME is then its account, made when there is none.
"""

import argparse
import asyncio
from datetime import UTC, datetime, timedelta

from jobcenter import access
from jobcenter.people import programs
from jobcenter.start import Ground, ground


def parser() -> argparse.ArgumentParser:
    """Say what the command takes."""
    made = argparse.ArgumentParser(prog="jobcenter token", description=__doc__)
    made.add_argument("name", metavar="EMAIL or NAME")
    made.add_argument(
        "--scope",
        action="append",
        choices=programs.SCOPES,
        help="what the token is for; several may be given; without any, for everything",
    )
    most = programs.LASTS.days
    made.add_argument("--days", type=int, choices=range(1, most + 1), default=most, metavar="DAYS")
    made.add_argument("--for", dest="purpose", default="", help="what the token is called in lists")
    made.add_argument("--service", metavar="ROLE", help="make a service account with this role")
    made.add_argument("--unit", default="", help="... in the unit of this name")
    made.add_argument("--party", default="", help="... for the ordering party of this name")
    return made


async def token_for(here: Ground, given: argparse.Namespace, *, now: datetime) -> str:
    """Give this user or program a fresh token."""
    token = access.new_token()
    async with here.opened() as database:
        if given.service:
            await database.act(
                here.operator,
                programs.open_account,
                name=given.name,
                role=given.service,
                unit=given.unit,
                party=given.party,
            )
        await database.act(
            here.operator,
            programs.issue,
            email=given.name,
            token_hash=access.hash_of(token),
            scopes=given.scope or programs.SCOPES,
            name=given.purpose,
            lasts=timedelta(days=given.days),
            now=now,
        )
    return token


def main(arguments: list[str]) -> int:
    given = parser().parse_args(arguments)
    with ground() as here:
        print(asyncio.run(token_for(here, given, now=datetime.now(UTC))))
    return 0
