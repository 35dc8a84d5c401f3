"""A database as migrations make it: up to the newest, checked against the models; the logins."""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.pool import NullPool

from jobcenter.database import Face, asyncpg_url
from jobcenter.walls.raising import login, raise_walls

# One migration at a time, however many starters there are (F36).
_LOCK = 7_036_421


async def upgrade(owner_dsn: str) -> None:
    """Bring a database up to the newest migration, and its walls; safe to run twice, and by two."""
    await _alembic(owner_dsn, lambda config: command.upgrade(config, "head"), raise_walls)


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
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
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


async def logins(owner_dsn: str, home: Path) -> Mapping[Face, str]:
    """Give every login its password, once, and return their addresses."""
    statements = [
        statement
        for face in Face
        for statement in _login_statements(face, secret(home, login(face)))
    ]
    engine = create_async_engine(asyncpg_url(owner_dsn), poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            for statement in statements:
                await connection.exec_driver_sql(statement)
    finally:
        await engine.dispose()
    return addresses(owner_dsn, home)


def addresses(owner_dsn: str, home: Path) -> Mapping[Face, str]:
    """Return the address of every login; the server need not be up for that."""
    return {face: _as_user(owner_dsn, login(face), secret(home, login(face))) for face in Face}


def _login_statements(face: Face, password: str) -> list[str]:
    role = login(face)
    # The password is ours: URL-safe letters only, so quoting it is safe. Time-outs are the role's,
    # so that migrations and backups may take longer (RELIABILITY, settings).
    return [
        f"ALTER ROLE {role} LOGIN PASSWORD '{password}'",
        f"ALTER ROLE {role} SET statement_timeout = '5s'",
        f"ALTER ROLE {role} SET lock_timeout = '2s'",
        f"ALTER ROLE {role} SET idle_in_transaction_session_timeout = '10s'",
        f"ALTER ROLE {role} SET default_transaction_read_only = {_reads_only(face)}",
    ]


def _reads_only(face: Face) -> str:
    return "off" if face is Face.SERVICE else "on"


def secret(home: Path, name: str) -> str:
    """Return a secret kept under `home`, made the first time it is asked for."""
    file = home / "secrets" / name
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = file.with_suffix(f".{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(32))
        # Two starters may race; whoever links first has made the secret.
        with suppress(FileExistsError):
            file.hardlink_to(fresh)
        fresh.unlink()
    return file.read_text()


def _as_user(dsn: str, user: str, password: str) -> str:
    parts = urlsplit(dsn)
    place = parts.netloc.rpartition("@")[2]
    netloc = f"{user}:{quote(password, safe='')}@{place}"
    return urlunsplit(parts._replace(netloc=netloc))


async def breaches(session: AsyncSession) -> dict[str, int]:
    """Count the rows of each invariant's view; all of them must be empty at any moment."""
    names = await session.scalars(
        text("SELECT viewname FROM pg_views WHERE viewname LIKE 'inv\\_%' ORDER BY viewname")
    )
    # The names come from the catalogue, and a view's name cannot be a parameter.
    counting = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in names)  # noqa: S608
    rows = await session.execute(text(f"SELECT * FROM ({counting}) AS counted ORDER BY 1"))  # noqa: S608
    return {row[0]: row[1] for row in rows}


def prepare(owner_dsn: str, home: Path) -> Mapping[Face, str]:
    """Migrate and return the logins' addresses, for a command that has no loop yet."""

    async def both() -> Mapping[Face, str]:
        await upgrade(owner_dsn)
        return await logins(owner_dsn, home)

    return asyncio.run(both())
