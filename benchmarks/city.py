"""A made-up city in a database of its own, migrated and seeded, and gone afterwards."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg

from jobcenter import logins, masterkeys, schema
from jobcenter.database import OrganiserId
from jobcenter.embedded import postgres
from jobcenter.seed.city import Seeding, bring_up_to_date
from jobcenter.settings import Settings
from jobcenter.start import Owned

SEED = 1


@contextmanager
def server() -> Iterator[tuple[str, Path]]:
    """Give the owner's address of a server: that of DATABASE_URL, or one that starts for this."""
    home = Path(tempfile.mkdtemp(prefix="jobcenter-benchmark-"))
    given = Settings().database_url
    try:
        if given:
            yield given, home
        else:
            with postgres(home) as dsn:
                yield dsn, home
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def city(server_dsn: str, home: Path, *, size: str, now: datetime) -> Iterator[Owned]:
    """Give a city as it is at `now`, in a database made for it on this server."""
    name = f"jc_benchmark_{uuid4().hex[:12]}"
    asyncio.run(_run(server_dsn, f"CREATE DATABASE {name}"))
    try:
        owner_dsn = _at(server_dsn, name)
        ring = masterkeys.keyring(home)
        doors = schema.prepare(owner_dsn, home, ring)
        here = Owned(Settings(home=home), doors, logins.secret(home, "links"), ring, owner_dsn)
        asyncio.run(_settle(here, size, now))
        yield here
    finally:
        asyncio.run(_run(server_dsn, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


async def _settle(here: Owned, size: str, now: datetime) -> None:
    seeding = Seeding(
        size=size,
        seed=SEED,
        now=now,
        organiser_id=OrganiserId(here.settings.organiser),
        secret=here.secret,
        ring=here.ring,
    )
    await bring_up_to_date(here.owner_dsn, seeding)
    # The planner of a database that has just been filled knows nothing yet.
    await _run(here.owner_dsn, "ANALYZE")


async def _run(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _at(dsn: str, name: str) -> str:
    return urlunsplit(urlsplit(dsn)._replace(path=f"/{name}"))
