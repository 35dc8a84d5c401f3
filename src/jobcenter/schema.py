"""A database as migrations make it: up to the newest, checked against the models."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, select, text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.pool import NullPool

from jobcenter import logins
from jobcenter.database import Face, asyncpg_url
from jobcenter.envelopes import Keyring, Wrapped
from jobcenter.masterkeys import KeyTrouble, begin, refuse_unknown
from jobcenter.people import calendars, closing
from jobcenter.people.calendars import CoachCalendar
from jobcenter.people.clients import ClientKey
from jobcenter.walls.raising import raise_walls

# The newest migration, by Alembic's name for it.
HEAD = "head"
_SEES_ALL = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"


async def upgrade(owner_dsn: str, ring: Keyring | None = None, *, to: str = HEAD) -> None:
    """Bring a database up to the newest migration, and its walls; safe to run twice, and by two.

    One that holds clients from before their texts were closed needs the keys to close them with.
    """

    def step(config: Config) -> None:
        config.attributes["keyring"] = ring
        command.upgrade(config, to)

    await _alembic(owner_dsn, step, raise_walls if to == HEAD else _leave)


def _leave(_connection: Connection) -> None:
    """Raise no walls: they are those of the newest tables."""


async def check(owner_dsn: str) -> None:
    """Raise when the models and the migrated tables differ."""
    await _alembic(owner_dsn, command.check)


async def write_revision(owner_dsn: str, message: str) -> None:
    """Generate the next migration from the models, to be read before it is committed."""

    def generate(config: Config) -> None:
        command.revision(config, message=message, autogenerate=True)

    await _alembic(owner_dsn, generate)


async def _alembic(
    owner_dsn: str,
    step: Callable[[Config], None],
    after: Callable[[Connection], None] = lambda _: None,
) -> None:
    engine = create_async_engine(asyncpg_url(owner_dsn), poolclass=NullPool)

    def run(connection: Connection) -> None:
        connection.execute(text("SET lock_timeout = '10s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": logins.LOCK})
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        config.attributes["connection"] = connection
        step(config)
        after(connection)

    try:
        async with engine.begin() as connection:
            await connection.run_sync(run)
    finally:
        await engine.dispose()


@asynccontextmanager
async def _seeing_all(owner_dsn: str) -> AsyncIterator[AsyncSession]:
    """Open a transaction of the owner in which a wall is an error and never hides a row."""
    engine = create_async_engine(asyncpg_url(owner_dsn), poolclass=NullPool)
    try:
        async with AsyncSession(engine) as session, session.begin():
            if not await session.scalar(text(_SEES_ALL)):
                raise KeyTrouble(
                    "The owner in DATABASE_URL must be a superuser or have BYPASSRLS, else it does"
                    " not see every row. Nothing was changed."
                )
            await session.execute(text("SET LOCAL row_security = off"))
            yield session
    finally:
        await engine.dispose()


async def masters(owner_dsn: str) -> list[str]:
    """Return the names of the master keys in use; none before there are clients' keys.

    :raises KeyTrouble: when this owner would not see every row
    """
    found: set[str] = set()
    async with _seeing_all(owner_dsn) as session:
        for table, names in (("client_keys", closing), ("coach_calendars", calendars)):
            asked = {"table": table}
            if await session.scalar(text("SELECT to_regclass(:table) IS NOT NULL"), asked):
                found.update(await names.masters(session))
    return sorted(found)


async def rewrap(owner_dsn: str, ring: Keyring) -> int:
    """Close every key under the current master key; return how many there were."""
    async with _seeing_all(owner_dsn) as session:
        # Keys that are being made under the former one come first; later ones find the new one.
        await session.execute(
            text("LOCK TABLE client_keys, coach_calendars IN SHARE ROW EXCLUSIVE MODE")
        )
        ring.look()
        clients = (await session.scalars(select(ClientKey).with_for_update())).all()
        coaches = (await session.scalars(select(CoachCalendar).with_for_update())).all()
        owned: list[tuple[UUID, ClientKey | CoachCalendar]] = [
            *((row.client_id, row) for row in clients),
            *((row.coach_id, row) for row in coaches),
        ]
        for owner, row in owned:
            again = ring.rewrap(row.organiser_id, owner, Wrapped(row.master, row.closed))
            row.master, row.closed = again.master, again.closed
    return len(owned)


async def breaches(session: AsyncSession) -> dict[str, int]:
    """Count the rows of each invariant's view; all of them must be empty at any moment."""
    names = await session.scalars(
        text("SELECT viewname FROM pg_views WHERE viewname LIKE 'inv\\_%' ORDER BY viewname")
    )
    # The names come from the catalogue, and a view's name cannot be a parameter.
    counting = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in names)  # noqa: S608
    rows = await session.execute(text(f"SELECT * FROM ({counting}) AS counted ORDER BY 1"))  # noqa: S608
    return {row[0]: row[1] for row in rows}


def prepare(owner_dsn: str, home: Path, ring: Keyring) -> Mapping[Face, str]:
    """Migrate and return the logins' addresses, for a command that has no loop yet.

    Only here are first keys made: where the database holds no key that needs another.
    """

    async def both() -> Mapping[Face, str]:
        names = await masters(owner_dsn)
        refuse_unknown(ring, names)
        if not names:
            begin(home, master=not ring.current)
        await upgrade(owner_dsn, ring)
        return await logins.give(owner_dsn, home)

    return asyncio.run(both())
