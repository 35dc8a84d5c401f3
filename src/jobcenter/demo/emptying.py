"""Empties a database for a fresh demo: only one that a demo made, or an empty one."""

import asyncpg

from jobcenter.errors import JobcenterError


class NotOurs(JobcenterError):
    """This database was not made by the demo, so nothing was dropped."""


async def empty(owner_dsn: str) -> None:
    """Drop everything in the database, whoever is connected."""
    connection = await asyncpg.connect(owner_dsn)
    try:
        if not await _may_go(connection):
            raise NotOurs
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        await connection.execute("DROP SCHEMA public CASCADE")
        await connection.execute("CREATE SCHEMA public")
    finally:
        await connection.close()


async def _may_go(connection: asyncpg.Connection) -> bool:
    """Whether nobody is in it, or the demo's mark is."""
    if await connection.fetchval("SELECT to_regclass('public.organisers') IS NULL"):
        tables = await connection.fetch("SELECT 1 FROM pg_tables WHERE schemaname = 'public'")
        return not tables
    strangers = await connection.fetch(
        "SELECT 1 FROM organisers WHERE NOT EXISTS"
        " (SELECT 1 FROM schedule_runs WHERE schedule LIKE 'seed %')"
    )
    return not strangers
