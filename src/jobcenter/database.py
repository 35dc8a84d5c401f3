"""The one way to the database: who is asking, in one transaction, under the login that fits.

Reads run READ ONLY under a login that may only read; actions run under another. Neither owns
anything. Nobody else begins, commits or rolls back.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Concatenate, NewType, ParamSpec, TypeVar
from uuid import UUID

import asyncpg
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    ForeignKeyConstraint,
    MetaData,
    SmallInteger,
    Text,
    and_,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import UUID as PgUUID
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase, mapped_column
from uuid_utils.compat import uuid7

from jobcenter.errors import JobcenterError, Unreachable, of_constraint

P = ParamSpec("P")
T = TypeVar("T")

OrganiserId = NewType("OrganiserId", int)

Json = dict[str, object]

# PostgreSQL's answers that say "the same again, a moment later, may well succeed".
RETRIED = {"40001", "40P01"}
# ... and those that say the database is away, full, busy or took too long.
RESTING = {"57P01", "57P02", "57P03", "53100", "53200", "53300", "55P03", "57014"}
TRIES = 3
# What can fail between us and the database; connecting raises the driver's own errors.
AWAY = (DBAPIError, PoolTimeout, OSError, asyncpg.PostgresError, asyncpg.InterfaceError)


class Base(DeclarativeBase):
    """What every table of ours inherits; the organiser's id stands first in every key."""

    metadata = MetaData(
        naming_convention={
            "pk": "%(table_name)s_pkey",
            "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
            "uq": "%(table_name)s_%(column_0_N_name)s_key",
            "ix": "%(table_name)s_%(column_0_N_name)s_idx",
            "ck": "%(constraint_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        OrganiserId: BigInteger,
        datetime: DateTime(timezone=True),
        UUID: PgUUID(as_uuid=True),
        str: Text,
        list[str]: ARRAY(Text),
        list[int]: ARRAY(SmallInteger),
        list[datetime]: ARRAY(DateTime(timezone=True)),
        Json: JSONB,
        list[Json]: JSONB,
    }


def of(table: str, column: str, *, deferred: bool = False) -> ForeignKeyConstraint:
    """Point at a row of the same organiser: no key of ours can reach into another's."""
    return ForeignKeyConstraint(
        ["organiser_id", column],
        [f"{table}.organiser_id", f"{table}.id"],
        deferrable=deferred or None,
        initially="DEFERRED" if deferred else None,
    )


def meets(child: type[Base], column: str, parent: type[Base]) -> ColumnElement[bool]:
    """Join a row to the one of the same organiser that its `column` points at."""
    ours, theirs = child.__table__.c, parent.__table__.c
    return and_(theirs.organiser_id == ours.organiser_id, theirs.id == ours[column])


# What a range must be to be trusted: an open end is NULL, and lets any simpler check pass.
FINITE = (
    "NOT isempty({0}) AND NOT lower_inf({0}) AND NOT upper_inf({0})"
    " AND isfinite(lower({0})) AND isfinite(upper({0}))"
)

Organised = Annotated[OrganiserId, mapped_column(primary_key=True)]
Key = Annotated[UUID, mapped_column(primary_key=True, default=uuid7)]
Small = Annotated[int, mapped_column(SmallInteger)]


@dataclass(frozen=True, slots=True)
class Who:
    """Who is asking: told to PostgreSQL in the first statement of every transaction."""

    organiser_id: OrganiserId
    role: str
    actor_id: UUID | None = None
    unit_ids: tuple[UUID, ...] = ()
    party_id: UUID | None = None
    client_id: UUID | None = None
    rights: frozenset[str] = field(default_factory=frozenset)
    language: str = "fi"
    name: str = ""
    request_id: str = ""
    """What a look is written down under, and the read that it is for."""

    def may(self, right: str) -> bool:
        """Tell whether a role of theirs gives this right."""
        return right in self.rights


_TELL = text(
    "SELECT set_config('jc.organiser', :organiser, true), set_config('jc.actor', :actor, true),"
    " set_config('jc.role', :role, true), set_config('jc.units', :units, true),"
    " set_config('jc.purpose', :purpose, true), set_config('jc.request', :request, true)"
)


class Database:
    """The two doors, each with its own small pool: `read` for pages, `act` for what changes."""

    def __init__(self, reading: AsyncEngine, acting: AsyncEngine) -> None:
        self._engines = (reading, acting)
        self._reading = async_sessionmaker(reading, expire_on_commit=False)
        self._acting = async_sessionmaker(acting, expire_on_commit=False)

    @asynccontextmanager
    async def transaction(
        self, who: Who, *, purpose: str, acting: bool = False
    ) -> AsyncIterator[AsyncSession]:
        """Open the one transaction of a request or a tick; a known constraint becomes our error."""
        maker = self._acting if acting else self._reading
        try:
            async with maker() as session, session.begin():
                if not acting:
                    await session.execute(text("SET TRANSACTION READ ONLY"))
                await session.execute(_TELL, _told(who, purpose))
                session.info["who"] = who
                yield session
        except AWAY as error:
            known = _ours(error)
            if known is None:
                raise
            raise known from error

    async def read(
        self,
        who: Who,
        query: Callable[Concatenate[AsyncSession, P], Awaitable[T]],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run one query function in a READ ONLY transaction; again if its connection was cut."""
        for attempt in (1, 2):
            try:
                async with self.transaction(who, purpose=query.__name__) as session:
                    return await query(session, *args, **kwargs)
            except Unreachable as error:
                if attempt == 2 or not _was_cut(error.__cause__):
                    raise
        raise Unreachable

    async def act(
        self,
        who: Who,
        action: Callable[Concatenate[AsyncSession, P], Awaitable[T]],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run one action in one transaction; a deadlock or serialisation failure is tried again.

        So is a connection that turns out to be dead before the action has done anything.
        """
        for attempt in range(1, TRIES + 1):
            begun = False
            try:
                async with self.transaction(who, purpose=action.__name__, acting=True) as session:
                    begun = True
                    return await action(session, *args, **kwargs)
            except DBAPIError as error:
                if sqlstate(error) not in RETRIED:
                    raise
                if attempt == TRIES:
                    raise Unreachable from error
            except Unreachable as error:
                if begun or attempt == TRIES or not _was_cut(error.__cause__):
                    raise
            await asyncio.sleep(random.uniform(0.01, 0.05) * attempt)  # noqa: S311 - jitter
        raise Unreachable

    async def close(self) -> None:
        """Give every connection back to the operating system."""
        for engine in self._engines:
            await engine.dispose()


def asker(session: AsyncSession) -> Who:
    """Return who this transaction was opened for."""
    who = session.info["who"]
    assert isinstance(who, Who)
    return who


def _told(who: Who, purpose: str) -> dict[str, str]:
    return {
        "organiser": str(who.organiser_id),
        "actor": str(who.actor_id or ""),
        "role": who.role,
        "units": ",".join(str(unit) for unit in who.unit_ids),
        "purpose": purpose,
        "request": who.request_id,
    }


def sqlstate(error: BaseException) -> str | None:
    """Return PostgreSQL's five-letter answer behind an error, if it came from there."""
    return getattr(getattr(error, "orig", None), "sqlstate", None)


def constraint_of(error: DBAPIError) -> str | None:
    """Return the name of the constraint that was broken; asyncpg keeps it on the cause."""
    return getattr(getattr(error.orig, "__cause__", None), "constraint_name", None)


def _ours(error: BaseException) -> JobcenterError | None:
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
    return Unreachable() if away or _was_cut(error) or _rests(state) else None


def _rests(state: str | None) -> bool:
    """Whether PostgreSQL is away, full, busy or slow; class 08 is every trouble in connecting."""
    return state is not None and (state in RESTING or state.startswith("08"))


def _was_cut(error: BaseException | None) -> bool:
    """Whether the connection was lost under way, not merely refused or slow."""
    return isinstance(error, DBAPIError) and error.connection_invalidated


def connect(
    reading_dsn: str,
    acting_dsn: str,
    *,
    pool_size: int = 5,
    wait: float = 2.0,
    deadline: float = 5.0,
) -> Database:
    """Open both doors; a connection is waited for `wait` seconds, a statement `deadline`."""

    def engine(dsn: str) -> AsyncEngine:
        made = create_async_engine(
            asyncpg_url(dsn),
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=wait,
            pool_pre_ping=False,
            # What people told us must not come back in the words of an error.
            hide_parameters=True,
            connect_args={"timeout": wait, "command_timeout": deadline},
        )
        event.listen(made.sync_engine, "handle_error", _cut_off_the_silent)
        return made

    return Database(engine(reading_dsn), engine(acting_dsn))


def _cut_off_the_silent(found: ExceptionContext) -> None:
    """Where nobody answered in time, asking for a rollback would only wait again: hang up."""
    if not isinstance(found.original_exception, TimeoutError) or found.connection is None:
        return
    raw = found.connection.connection.driver_connection
    if isinstance(raw, asyncpg.Connection):
        raw.terminate()
        found.is_disconnect = True


def asyncpg_url(dsn: str) -> str:
    """Turn a plain PostgreSQL address into the one SQLAlchemy's asyncpg dialect reads."""
    for prefix in ("postgresql://", "postgres://"):
        if dsn.startswith(prefix):
            return "postgresql+asyncpg://" + dsn.removeprefix(prefix)
    return dsn
