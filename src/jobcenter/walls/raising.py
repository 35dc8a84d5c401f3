"""Raises the walls that `matrix` tells of: logins, grants, policies and windows, after migrating.

It is done anew whenever the matrix or the tables are others than the last time, in one transaction
with the migration: nobody ever meets a table without its wall.
"""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection, text

from jobcenter.database import Face
from jobcenter.walls.matrix import CIRCLES, KEYHOLES, READERS, ROWS, WINDOWS, Cell, Wall, walls

SQL = Path(__file__).parent.parent / "migrations" / "sql" / "windows.sql"
# Logins of former versions; what they were given is taken away.
RETIRED = ("jobcenter_read",)
RIGHTS = {"r": "SELECT", "a": "INSERT", "u": "UPDATE", "d": "DELETE"}
WITHIN = "{t}.{key} = (SELECT asking_organiser())"
# The one table of which a row is an organiser, rather than an organiser's.
ORGANISERS = "organisers"


def login(face: Face) -> str:
    """Return the name of a face's login, the same in every database of a server."""
    return f"jobcenter_{face.value}"


def raise_walls(connection: Connection) -> None:
    """Bring logins, grants, policies and windows up to the matrix; nothing when they are."""
    present = _tables(connection)
    script = ";\n".join(_statements(present))
    newest = connection.execute(text("SELECT string_agg(version_num, ' ') FROM alembic_version"))
    whole = f"{newest.scalar()}{SQL.read_text(encoding='utf-8')}{script}"
    mark = sha256(whole.encode()).hexdigest()
    if mark == _mark(connection):
        return
    run = connection.exec_driver_sql
    for statement in _roles():
        run(statement)
    _run_script(connection, SQL.read_text(encoding="utf-8"))
    _run_script(connection, script)
    run(f"COMMENT ON FUNCTION asking_organiser() IS 'walls {mark}'")


def _run_script(connection: Connection, script: str) -> None:
    """Run many statements in one go, which asyncpg takes only without arguments."""
    raw = connection.connection.dbapi_connection
    assert raw is not None
    raw.run_async(lambda driver: driver.execute(script))


def _mark(connection: Connection) -> str:
    found = connection.execute(
        text("SELECT obj_description(to_regprocedure('asking_organiser()'), 'pg_proc')")
    )
    return str(found.scalar() or "").removeprefix("walls ")


def _tables(connection: Connection) -> dict[str, bool]:
    """Return every table and view of ours, and whether its rows belong to an organiser."""
    rows = connection.execute(
        text(
            "SELECT c.relname, c.relname = 'organisers' OR EXISTS (SELECT FROM pg_attribute a"
            " WHERE a.attrelid = c.oid AND a.attname = 'organiser_id' AND NOT a.attisdropped)"
            " FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace"
            " AND c.relkind IN ('r', 'p', 'v', 'm') ORDER BY 1"
        )
    )
    return dict(rows.all())


def _roles() -> Iterator[str]:
    """Make the logins; a password and the right to log in come from `logins.give`."""
    for name in (*(login(face) for face in Face), *RETIRED):
        yield (
            f"DO $$ BEGIN CREATE ROLE {name} NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;"
            " EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        )


def _statements(present: dict[str, bool]) -> Iterator[str]:
    readers = ", ".join((*(login(face) for face in READERS), *RETIRED))
    everyone = ", ".join((*(login(face) for face in Face), *RETIRED))
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {readers}"
    yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {readers}"
    yield f"GRANT USAGE ON SCHEMA public TO {', '.join(login(face) for face in Face)}"
    for wall in walls():
        if wall.table in present:
            yield from _table(wall, organised=present[wall.table])
    # The queue is the library's table: job ids and codes, which the invariants look at.
    yield f"GRANT SELECT ON pgqueuer TO {login(Face.WORKER)}"
    for view in present:
        if view.startswith("inv_"):
            yield f"ALTER VIEW {view} SET (security_invoker = true)"
            yield f"GRANT SELECT ON {view} TO {login(Face.WORKER)}"
            yield f"REVOKE ALL ON {view} FROM {login(Face.SERVICE)}"
    for window, faces in WINDOWS.items():
        yield f"REVOKE ALL ON {window} FROM {login(Face.SERVICE)}"
        yield f"GRANT SELECT ON {window} TO {_logins(faces)}"
    for function, faces in {**KEYHOLES, **CIRCLES}.items():
        yield f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC"
        yield f"REVOKE ALL ON FUNCTION {function} FROM {everyone}"
        yield f"GRANT EXECUTE ON FUNCTION {function} TO {_logins(faces)}"


def _logins(faces: frozenset[Face]) -> str:
    return ", ".join(sorted(login(face) for face in faces))


def _table(wall: Wall, *, organised: bool) -> Iterator[str]:
    """Give each login its grant on a table, and its rows."""
    table, service = wall.table, login(Face.SERVICE)
    yield f"REVOKE ALL ON {table} FROM {service}"
    yield f"GRANT {', '.join(RIGHTS[one] for one in wall.acts)} ON {table} TO {service}"
    for face, cell in wall.reads.items():
        yield f"GRANT {_select(cell, organised=organised)} ON {table} TO {login(face)}"
    if organised:
        yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
        yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
        yield f"DROP POLICY IF EXISTS organiser_wall ON {table}"
        for face in Face:
            yield f"DROP POLICY IF EXISTS {login(face)} ON {table}"
        within = WITHIN.format(t=table, key="id" if table == ORGANISERS else "organiser_id")
        yield (
            f"CREATE POLICY {service} ON {table} TO {service}"
            f" USING ({within}) WITH CHECK ({within})"
        )
        for face, cell in wall.reads.items():
            yield (
                f"CREATE POLICY {login(face)} ON {table} FOR SELECT TO {login(face)}"
                f" USING ({within} AND {ROWS[cell.rows].format(t=table)})"
            )


def _select(cell: Cell, *, organised: bool) -> str:
    if not cell.columns:
        return "SELECT"
    columns = ("organiser_id", *cell.columns) if organised else cell.columns
    return f"SELECT ({', '.join(columns)})"
