"""The wall between organisers stands in the database, not in a page."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import OrganiserId, Who
from tests.cast import CITY, Cast
from tests.conftest import Fresh

# Tables that are the same for everybody, or belong to a library.
OPEN = {"alembic_version", "districts", "status_moves"}
STRANGER = Who(OrganiserId(2), "coordinator", rights=frozenset({"assign", "see_clients"}))


async def _tables(fresh: Fresh) -> set[str]:
    rows = await fresh.owner(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'p') AND relname NOT LIKE 'pgqueuer%'"
    )
    return {row["relname"] for row in rows} - OPEN


async def test_every_table_has_its_wall(fresh: Fresh) -> None:
    walled = await fresh.owner(
        "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
    )
    assert await _tables(fresh) - {row["relname"] for row in walled} == set()


async def test_another_organiser_sees_no_row_of_any_table(cast: Cast, fresh: Fresh) -> None:
    tables = sorted(await _tables(fresh))

    async def count(session: AsyncSession) -> dict[str, int]:
        found = {}
        for table in tables:
            found[table] = await session.scalar(text(f"SELECT count(*) FROM {table}")) or 0
        return found

    own = await cast.database.read(cast.maija, count)
    foreign = await cast.database.read(STRANGER, count)
    assert own["clients"] > 0
    assert {table: rows for table, rows in foreign.items() if rows} == {}


async def test_nobody_told_means_no_rows_and_no_error(cast: Cast) -> None:
    async with cast.database._reading() as bare:
        assert await bare.scalar(text("SELECT count(*) FROM clients")) == 0


async def test_another_organisers_row_cannot_be_written(cast: Cast) -> None:
    async def write(session: AsyncSession) -> None:
        await session.execute(
            text("INSERT INTO client_strengths VALUES (:city, :client, 'CALM')"),
            {"city": CITY, "client": cast.aino},
        )

    with pytest.raises(DBAPIError, match="row-level security"):
        await cast.database.act(STRANGER, write)


async def test_what_is_told_does_not_outlive_the_transaction(cast: Cast) -> None:
    async def one(session: AsyncSession) -> int:
        return await session.scalar(text("SELECT count(*) FROM clients")) or 0

    assert await cast.database.read(cast.maija, one) == 4
    async with cast.database._reading() as bare:
        assert await bare.scalar(text("SELECT count(*) FROM clients")) == 0
    assert await cast.database.read(STRANGER, one) == 0
