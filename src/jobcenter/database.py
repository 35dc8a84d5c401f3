"""The one way to the database: who is asking, in one transaction, under the login that fits.

Reads run READ ONLY under the login of the asker's face; actions run under the service's. None of
them owns anything (`walls.matrix` says what each may). Nobody else begins, commits or rolls back.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Concatenate, NewType, ParamSpec, TypeVar
from uuid import UUID

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
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, mapped_column
from uuid_utils.compat import uuid7

from jobcenter.envelopes import Keyring
from jobcenter.errors import NotAllowed, NotFound, Unreachable
from jobcenter.failures import (
    AWAY,
    RETRIED,
    cut_off_the_silent,
    is_being_cancelled,
    ours,
    sqlstate,
    was_cut,
)

P = ParamSpec("P")
T = TypeVar("T")

OrganiserId = NewType("OrganiserId", int)

Json = dict[str, object]

TRIES = 3


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


Organised = Annotated[OrganiserId, mapped_column(primary_key=True)]
Key = Annotated[UUID, mapped_column(primary_key=True, default=uuid7)]
Small = Annotated[int, mapped_column(SmallInteger)]


class Face(StrEnum):
    """Under which login a transaction runs: one for each face that reads, one for what acts."""

    VISITOR = "visitor"
    ORDERER = "orderer"
    CLIENT = "client"
    STAFF = "staff"
    WORKER = "worker"
    MATCHER = "matcher"
    AUDITOR = "auditor"
    SERVICE = "act"
    """Reached by actions only, never by a query (SETTLED 24)."""


# The machines of the place itself. No role of people has such a name: a constraint sees to it.
MACHINES = frozenset({"worker", "inbox", "operator"})
MATCHER = "matcher"
# What somebody is called who asks without a role; no role may be called so.
OUR_NAMES = MACHINES | {
    MATCHER, "client", "link", "status", "feed", "visitor", "gateway", "auditor",
}  # fmt: skip
ORDERING = frozenset({"order", "manage_party"})
# Who has no other right than these reads the log of looks, and nobody's record.
AUDITING = frozenset({"read_log"})
# What belongs to no unit: wherever it was given, it holds for the organiser.
OF_NO_UNIT = ORDERING | AUDITING | {"settle", "organise"}


def held_in(right: str, unit_id: UUID | None) -> str:
    """Return the word for a right given for one unit; given for none, it holds in all of theirs."""
    return right if unit_id is None or right in OF_NO_UNIT else f"{right}@{unit_id}"


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
    """What `held_in` calls them."""
    language: str = "fi"
    name: str = ""
    request_id: str = ""
    """What a look is written down under, and the read that it is for."""
    visitor: str = ""
    """The hash of what a browser keeps on which nobody has signed in: its drafts are read by it."""
    at: datetime | None = None
    """When they ask, where it matters: whom a coach covers, say. Without it, the database's now."""

    def may(self, right: str) -> bool:
        """Tell whether a role of theirs gives this right, wherever that is."""
        return any(held.partition("@")[0] == right for held in self.rights)

    def may_in(self, unit_id: UUID, *rights: str) -> bool:
        """Tell whether a role of theirs gives one of these rights in this unit."""
        words = {word for right in rights for word in (right, held_in(right, unit_id))}
        return unit_id in self.unit_ids and not words.isdisjoint(self.rights)

    def require(self, unit_id: UUID, *rights: str) -> None:
        """Raise unless they have one of these there; what is of another unit is not found."""
        if unit_id not in self.unit_ids:
            raise NotFound
        if not self.may_in(unit_id, *rights):
            raise NotAllowed

    def units_with(self, *rights: str) -> tuple[UUID, ...]:
        """Return their units in which they have one of these rights."""
        return tuple(unit for unit in self.unit_ids if self.may_in(unit, *rights))

    @property
    def is_machine(self) -> bool:
        """Whether this is a machine of the place itself, and nobody who has signed in."""
        return self.role in MACHINES and self.actor_id is None and not self._is_given_anything

    @property
    def _is_given_anything(self) -> bool:
        return bool(self.rights or self.unit_ids or self.party_id)

    @property
    def face(self) -> Face:
        """Return under which login this asker reads: the one that may least and still enough.

        What a role is called decides nothing about whoever has been given it.
        """
        if self.role == MATCHER and not self._is_given_anything:
            return Face.MATCHER
        if self.client_id:
            return Face.CLIENT
        if self.is_machine:
            return Face.WORKER
        beyond = self.rights - ORDERING
        if beyond or self.unit_ids:
            return Face.AUDITOR if beyond and beyond <= AUDITING else Face.STAFF
        return Face.ORDERER if self.rights or self.party_id else Face.VISITOR


_TOLD = ("organiser", "actor", "role", "rights", "units", "party", "client", "at", "purpose",
         "request", "visitor")  # fmt: skip
_TELLING = "SELECT " + ", ".join(f"set_config('jc.{name}', :{name}, true)" for name in _TOLD)
_TELL = text(_TELLING)
# Told and bound to reading in one go: every statement is a journey.
_TELL_READER = text(f"{_TELLING}, set_config('transaction_read_only', 'on', true)")


@dataclass(frozen=True, slots=True)
class Pooling:
    """How many connections each login keeps, and how long a request waits for what."""

    size: int = 5
    wait: float = 2.0
    deadline: float = 5.0

    def engine(self, dsn: str, face: Face) -> AsyncEngine:
        """Make the pool of one login; it connects when it is first asked."""
        made = create_async_engine(
            asyncpg_url(dsn),
            pool_size=self.size,
            max_overflow=self.size if face is Face.SERVICE else 0,
            pool_timeout=self.wait,
            pool_pre_ping=False,
            # What people told us must not come back in the words of an error.
            hide_parameters=True,
            connect_args={"timeout": self.wait, "command_timeout": self.deadline},
        )
        event.listen(made.sync_engine, "handle_error", cut_off_the_silent)
        return made


class Database:
    """Two doors, `read` for pages and `act` for what changes; behind them a pool for each login."""

    def __init__(
        self, doors: Mapping[Face, str], pooling: Pooling, ring: Keyring | None = None
    ) -> None:
        self._doors = doors
        self._pooling = pooling
        self._ring = ring
        self._engines: dict[Face, AsyncEngine] = {}

    def session(self, face: Face) -> AsyncSession:
        """Return a bare session under a login; only `transaction` says who is asking."""
        if face not in self._engines:
            self._engines[face] = self._pooling.engine(self._doors[face], face)
        return AsyncSession(self._engines[face], expire_on_commit=False)

    @asynccontextmanager
    async def transaction(
        self, who: Who, *, purpose: str, acting: bool = False
    ) -> AsyncIterator[AsyncSession]:
        """Open the one transaction of a request or a tick; a known constraint becomes our error."""
        face = Face.SERVICE if acting else who.face
        try:
            async with self.session(face) as session, session.begin():
                await session.execute(_TELL if acting else _TELL_READER, _told(who, purpose))
                session.info.update(who=who, ring=self._ring, acting=acting)
                yield session
        except AWAY as error:
            if is_being_cancelled():
                # A statement that is cut off may end as a lost connection; nobody tries again.
                raise asyncio.CancelledError from error
            known = ours(error)
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
                if attempt == 2 or not was_cut(error.__cause__):
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
                if begun or attempt == TRIES or not was_cut(error.__cause__):
                    raise
            await asyncio.sleep(random.uniform(0.01, 0.05) * attempt)  # noqa: S311 - jitter
        raise Unreachable

    async def close(self) -> None:
        """Give every connection back to the operating system."""
        for engine in self._engines.values():
            await engine.dispose()


def asker(session: AsyncSession) -> Who:
    """Return who this transaction was opened for."""
    who = session.info["who"]
    assert isinstance(who, Who)
    return who


def is_acting(session: AsyncSession) -> bool:
    """Whether this transaction may write."""
    return bool(session.info["acting"])


def keyring(session: AsyncSession) -> Keyring:
    """Return what opens and closes the texts that clients told us."""
    ring = session.info["ring"]
    assert isinstance(ring, Keyring)
    return ring


def _told(who: Who, purpose: str) -> dict[str, str]:
    keys = {"actor": who.actor_id, "party": who.party_id, "client": who.client_id}
    return {
        **{name: str(key or "") for name, key in keys.items()},
        "organiser": str(who.organiser_id),
        "role": who.role,
        "rights": ",".join(sorted(who.rights)),
        "units": ",".join(str(unit) for unit in who.unit_ids),
        "at": who.at.isoformat() if who.at else "",
        "purpose": purpose,
        "request": who.request_id,
        "visitor": who.visitor,
    }


def connect(
    doors: Mapping[Face, str],
    ring: Keyring | None = None,
    *,
    pool_size: int = 5,
    wait: float = 2.0,
    deadline: float = 5.0,
) -> Database:
    """Open the doors; a connection is waited for `wait` seconds, a statement `deadline`.

    Without `ring` nothing of a client's contact or notes is read or written, not even a name.
    """
    return Database(doors, Pooling(pool_size, wait, deadline), ring)


def asyncpg_url(dsn: str) -> str:
    """Turn a plain PostgreSQL address into the one SQLAlchemy's asyncpg dialect reads."""
    plain = dsn.removeprefix("postgresql://").removeprefix("postgres://")
    return dsn if plain == dsn else f"postgresql+asyncpg://{plain}"
