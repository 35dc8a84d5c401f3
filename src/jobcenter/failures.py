"""What it means that PostgreSQL, or the way to it, fails: once more, later, or a rule of ours."""

import asyncio

import asyncpg
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from jobcenter.errors import JobcenterError, Unreachable, of_constraint

# PostgreSQL's answers that say "the same again, a moment later, may well succeed".
RETRIED = {"40001", "40P01"}
# ... and those that say the database is away, full, busy or took too long.
RESTING = {"57P01", "57P02", "57P03", "53100", "53200", "53300", "55P03", "57014"}
# What can fail between us and the database; connecting raises the driver's own errors.
AWAY = (
    DBAPIError,
    PoolTimeout,
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    # What the driver says when a connection is cut while it is being given back.
    asyncpg.InternalClientError,
)


def sqlstate(error: BaseException) -> str | None:
    """Return PostgreSQL's five-letter answer behind an error, if it came from there."""
    return getattr(getattr(error, "orig", None), "sqlstate", None)


def constraint_of(error: DBAPIError) -> str | None:
    """Return the name of the constraint that was broken; asyncpg keeps it on the cause."""
    return getattr(getattr(error.orig, "__cause__", None), "constraint_name", None)


def ours(error: BaseException) -> JobcenterError | None:
    """Return what a failure is to whoever asked; None for one that nobody foresaw."""
    if isinstance(error, DBAPIError):
        return _of_statement(error)
    if isinstance(error, asyncpg.PostgresError):
        # Past SQLAlchemy, as when a job is asked for.
        return Unreachable() if _rests(error.sqlstate) else None
    return Unreachable()


def _of_statement(error: DBAPIError) -> JobcenterError | None:
    state = sqlstate(error)
    if isinstance(error, IntegrityError) or state in {"23P01", "23514", "23503"}:
        return of_constraint(constraint_of(error))
    cause = getattr(error.orig, "__cause__", None)
    away = isinstance(cause, (OSError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError))
    return Unreachable() if away or was_cut(error) or _rests(state) else None


def _rests(state: str | None) -> bool:
    """Whether PostgreSQL is away, full, busy or slow; class 08 is every trouble in connecting."""
    return state is not None and (state in RESTING or state.startswith("08"))


def was_cut(error: BaseException | None) -> bool:
    """Whether the connection was lost under way, not merely refused or slow."""
    return isinstance(error, DBAPIError) and error.connection_invalidated


def is_being_cancelled() -> bool:
    """Whether somebody asked the running task to end."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def cut_off_the_silent(found: ExceptionContext) -> None:
    """Where nobody answered in time, asking for a rollback would only wait again: hang up."""
    if not isinstance(found.original_exception, TimeoutError) or found.connection is None:
        return
    raw = found.connection.connection.driver_connection
    if isinstance(raw, asyncpg.Connection):
        raw.terminate()
        found.is_disconnect = True
