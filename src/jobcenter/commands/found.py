"""Begin the service of a city: its row, its lists, its first administrator, and their link.

Works once, in a database without this organiser; everything else is then done on pages.
"""

import argparse
import asyncio
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter import schema
from jobcenter.database import OrganiserId
from jobcenter.errors import Fault, Invalid
from jobcenter.fields import email_of, phone_of, text_of
from jobcenter.inviting import signin_link
from jobcenter.people import rights
from jobcenter.seed import beginning
from jobcenter.start import Owned, owned

NEXT = """\
Sign in, and fill in under /organiser: the contact that messages name, who answers for the data,
your employers of record and your units. Look through the figures of law and pay: they are marked
as assumed until somebody confirms them. Then add your people under /users.
Your first link, for half an hour (./jobcenter signin gives another):"""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="jobcenter found", description=__doc__)
    parser.add_argument("name", help="what the city or county is called")
    parser.add_argument("email", help="by which address its first administrator signs in")
    parser.add_argument("--administrator", default="", help="their name; else the address")
    parser.add_argument("--phone", default="", help="the number that pages and messages name")
    founded = _read(parser.parse_args(arguments))
    with owned() as here:
        schema.prepare(here.owner_dsn, here.settings.home, here.ring)
        link = asyncio.run(_begin(here, founded, datetime.now(UTC)))
    print(f"{founded.name} is founded.\n{NEXT}\n{link}")
    return 0


def _read(given: argparse.Namespace) -> beginning.Founded:
    faults: list[Fault] = []
    email = email_of(given.email, "email", faults, required=True).lower()
    founded = beginning.Founded(
        name=text_of(given.name, "name", faults, most=80, required=True),
        administrator=text_of(given.administrator, "administrator", faults, most=80) or email,
        email=email,
        phone=phone_of(given.phone, "phone", faults),
    )
    if faults:
        raise Invalid(*faults)
    return founded


async def _begin(here: Owned, founded: beginning.Founded, now: datetime) -> str:
    organiser_id = OrganiserId(here.settings.organiser)
    user_id = await beginning.begin(here.owner_dsn, organiser_id, founded, now=now)
    async with here.opened() as database:
        await database.act(here.operator, _noted, user_id=user_id, now=now)
        return await signin_link(here, database, founded.email, now=now)


async def _noted(session: AsyncSession, *, user_id: UUID, now: datetime) -> None:
    rights.note(session, user_id, "added", now)
    rights.note(session, user_id, "given", now, role=beginning.ADMINISTRATOR)
