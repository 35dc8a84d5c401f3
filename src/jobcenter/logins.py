"""The logins of the application: their passwords and addresses, kept under its home."""

import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from jobcenter.database import Face, asyncpg_url
from jobcenter.walls.raising import login

# One starter at a time changes the schema or the logins, however many there are (F36).
LOCK = 7_036_421


async def give(owner_dsn: str, home: Path) -> Mapping[Face, str]:
    """Give every login its password, once, and return their addresses."""
    statements = [
        statement
        for face in Face
        for statement in _login_statements(face, secret(home, login(face)))
    ]
    engine = create_async_engine(asyncpg_url(owner_dsn), poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
            for statement in statements:
                await connection.exec_driver_sql(statement)
    finally:
        await engine.dispose()
    return addresses(owner_dsn, home)


def addresses(place: str, home: Path) -> Mapping[Face, str]:
    """Return the address of every login; the server need not be up for that.

    Of the place only host, port and name are used, whoever else's address it is.
    """
    return {face: _as_user(place, login(face), secret(home, login(face))) for face in Face}


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


def _random() -> str:
    return secrets.token_urlsafe(32)


def secret(home: Path, name: str, make: Callable[[], str] = _random) -> str:
    """Return a secret kept under `home`, made the first time it is asked for."""
    file = home / "secrets" / name
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = file.with_suffix(f".{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(make())
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
