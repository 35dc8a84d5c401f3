"""The one way to the database: what it tells PostgreSQL, what it refuses, what leaks nowhere."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter import schema
from jobcenter.database import Face
from jobcenter.walls.raising import login
from tests.cast import CITY, Cast
from tests.conftest import Fresh


async def test_the_models_and_the_migrated_tables_are_the_same(fresh: Fresh) -> None:
    await schema.check(fresh.owner_dsn)


async def test_migrating_twice_changes_nothing(fresh: Fresh) -> None:
    await schema.upgrade(fresh.owner_dsn)
    await schema.check(fresh.owner_dsn)


async def test_who_asks_is_told_to_postgresql_and_forgotten_after(cast: Cast) -> None:
    async def told(session: AsyncSession) -> str | None:
        row = await session.execute(text("SELECT current_setting('jc.organiser', true)"))
        return str(row.scalar_one())

    assert await cast.database.read(cast.maija, told) == str(CITY)
    async with cast.database.session(Face.STAFF) as bare:
        value = await bare.scalar(text("SELECT current_setting('jc.organiser', true)"))
    assert value in {"", None}


async def test_a_query_cannot_write(cast: Cast) -> None:
    async def write(session: AsyncSession) -> None:
        await session.execute(text("DELETE FROM client_wishes"))

    # Also where the login itself may delete.
    with pytest.raises(DBAPIError, match="read-only transaction"):
        await cast.database.read(cast.worker, write)


@pytest.mark.parametrize("login", [login(face) for face in Face])
async def test_a_login_owns_nothing_and_passes_no_wall(fresh: Fresh, login: str) -> None:
    owned = await fresh.owner(
        "SELECT c.relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner"
        " WHERE r.rolname = $1",
        login,
    )
    roles = await fresh.owner(
        "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = $1", login
    )
    assert owned == []
    assert list(roles[0]) == [False, False, False]


async def test_history_cannot_be_rewritten(cast: Cast) -> None:
    async def rewrite(session: AsyncSession) -> None:
        await session.execute(text("DELETE FROM looks"))

    with pytest.raises(DBAPIError, match="permission denied"):
        await cast.database.act(cast.maija, rewrite)
