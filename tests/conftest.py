"""Opens and closes what tests stand on: a server, a migrated template, a clone for each test."""

import asyncio
import fcntl
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from jobcenter import logins, masterkeys, schema
from jobcenter.database import Database, Face, connect
from jobcenter.embedded import postgres
from tests.browser import chromium
from tests.cast import Cast, as_cast, settle

# What tests get from here without importing it.
__all__ = ["chromium"]

# The compiled loops run as plain Python in tests: the same functions, and nothing to compile.
# With JOBCENTER_KERNELS=compiled they are tested as they are used.
os.environ.setdefault("JOBCENTER_KERNELS", "plain")

# Fast and unsafe: what a test server loses in a power cut nobody misses.
UNSAFE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "256MB",
    "autovacuum": "off",
    # A login per face and a database per test: hundreds of handshakes a minute.
    "scram_iterations": "1",
    # Two web servers with a pool for each login, while a race fills one of them.
    "max_connections": "200",
}
# A clone is a copy of eight hundred files: five times as quick in memory, where there is enough.
MEMORY = Path("/dev/shm")  # noqa: S108
ENOUGH_BYTES = 4 * 1024**3


LOST = (
    asyncpg.AdminShutdownError,
    asyncpg.ConnectionDoesNotExistError,
    asyncpg.InterfaceError,
    ConnectionError,
    # A handshake that was never answered, seen once in ten thousand tests.
    TimeoutError,
)
HANDSHAKE_SECONDS, STATEMENT_SECONDS = 10.0, 30.0


class Hand:
    """The owner's connection to one database, kept: each one costs a process and its caches."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._turn = asyncio.Lock()
        self._open: asyncpg.Connection | None = None

    async def fetch(self, statement: str, *values: object) -> list[asyncpg.Record]:
        """Run one statement, whoever else is waiting to; a lost connection is opened anew."""
        async with self._turn:
            try:
                return await self._try(statement, *values)
            except LOST:
                # Some tests cut every connection to their database, this one too.
                await self._let_go()
                return await self._try(statement, *values)

    async def close(self) -> None:
        """Let go of the connection; the next statement opens another."""
        async with self._turn:
            await self._let_go()

    async def _try(self, statement: str, *values: object) -> list[asyncpg.Record]:
        if self._open is None or self._open.is_closed():
            # Tests change tables, so nothing that is known of them is kept.
            self._open = await asyncpg.connect(
                self._dsn, statement_cache_size=0, timeout=HANDSHAKE_SECONDS
            )
        return await self._open.fetch(statement, *values)

    async def _let_go(self) -> None:
        if self._open is not None:
            with suppress(*LOST):
                await self._open.close()
        self._open = None


@dataclass(frozen=True)
class Server:
    """A PostgreSQL for this test run, with a migrated template database on it."""

    dsn: str
    template: str
    home: Path
    logins: dict[Face, str] = field(default_factory=dict)
    databases: dict[str, Database] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    hands: dict[asyncio.AbstractEventLoop, Hand] = field(default_factory=dict)

    @property
    def hand(self) -> Hand:
        """The hand that makes and drops clones: a connection belongs to the loop that opened it."""
        loop = asyncio.get_running_loop()
        if loop not in self.hands:
            self.hands[loop] = Hand(self.dsn)
        return self.hands[loop]

    @contextmanager
    def lend(self) -> Iterator[tuple[str, Database]]:
        """Give a name for a clone, and its doors: a name that comes again has compiled its SQL."""
        name = next(
            name for number in count() if (name := f"{self.template}_{number}") not in self.taken
        )
        if name not in self.databases:
            # A full machine is slow, and no fault of what is under test.
            self.databases[name] = connect(
                self.doors(name), masterkeys.keyring(self.home), wait=HANDSHAKE_SECONDS,
                deadline=STATEMENT_SECONDS,
            )  # fmt: skip
        self.taken.add(name)
        try:
            yield name, self.databases[name]
        finally:
            self.taken.remove(name)

    @property
    def peopled(self) -> str:
        """Return the name of the template in which the standing cast lives."""
        return f"{self.template}_cast"

    def at(self, name: str) -> str:
        """Return the owner's address of another database on it."""
        return self._at(self.dsn, name)

    def doors(self, name: str) -> dict[Face, str]:
        """Return the address of each login, of another database on it."""
        return {face: self._at(address, name) for face, address in self.logins.items()}

    @staticmethod
    def _at(dsn: str, name: str) -> str:
        head, _, query = dsn.partition("?")
        base = head.rpartition("/")[0]
        return f"{base}/{name}" + (f"?{query}" if query else "")

    async def run(self, statement: str) -> None:
        """Run one statement as the owner, outside any transaction."""
        connection = await asyncpg.connect(self.dsn)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


@dataclass(frozen=True)
class Fresh:
    """A database of this test's own, migrated, with its owner's and its logins' addresses."""

    owner_dsn: str
    doors: Mapping[Face, str]
    database: Database
    home: Path
    hand: Hand

    async def owner(self, statement: str, *values: object) -> list[asyncpg.Record]:
        """Run one statement past all walls: to arrange and to look, never what is tested."""
        return await self.hand.fetch(statement, *values)

    async def breaches(self) -> dict[str, int]:
        """Count the rows of each invariant that is not empty."""
        views = await self.owner("SELECT viewname FROM pg_views WHERE viewname LIKE 'inv\\_%'")
        counts = ", ".join(f"(SELECT count(*) FROM {row[0]}) AS {row[0]}" for row in views)
        found = (await self.owner(f"SELECT {counts}"))[0]
        return {name: count for name, count in found.items() if count}


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Start a server, or use the one of DATABASE_URL, and migrate a template once."""
    template = f"jc_template_{os.getpid()}"
    given = os.environ.get("DATABASE_URL")
    if given:
        yield from _with_template(Server(given, template, _shared_home()))
        return
    home = Path(tempfile.mkdtemp(prefix="jobcenter-tests-", dir=_quick_place()))
    with postgres(home, UNSAFE) as dsn:
        yield from _with_template(Server(dsn, template, home))
    shutil.rmtree(home, ignore_errors=True)


def _quick_place() -> Path | None:
    """Return where files are quickest; None for where temporary files usually go."""
    if not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < ENOUGH_BYTES:
        return None
    return MEMORY


def _shared_home() -> Path:
    """Return where the secrets lie: one server has one set of logins, whoever runs tests on it."""
    run = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
    home = Path(tempfile.gettempdir()) / f"jobcenter-tests-{run}"
    home.mkdir(mode=0o700, exist_ok=True)
    return home


@contextmanager
def _in_turn(home: Path) -> Iterator[None]:
    """Let one test process at a time make roles: they belong to the whole server."""
    with (home / "making").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def pytest_sessionfinish() -> None:
    """Forget the secrets of this run, after the last test process is done."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        shutil.rmtree(_shared_home(), ignore_errors=True)


def _with_template(server: Server) -> Iterator[Server]:
    async def make() -> None:
        masterkeys.begin(server.home)
        await server.run(f"CREATE DATABASE {server.template}")
        await schema.upgrade(server.at(server.template))
        # A second template with the cast in it: settling once is quicker than for every test.
        await server.run(f"CREATE DATABASE {server.peopled} TEMPLATE {server.template}")
        await settle(server.at(server.peopled), masterkeys.keyring(server.home))
        server.logins.update(await logins.give(server.at(server.peopled), server.home))

    with _in_turn(server.home):
        asyncio.run(make())
    yield server
    for name in (server.template, server.peopled):
        asyncio.run(server.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


@asynccontextmanager
async def cloned(server: Server, template: str) -> AsyncIterator[Fresh]:
    """Clone a template for a while."""
    with server.lend() as (name, database):
        await server.hand.fetch(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        hand = Hand(server.at(name))
        try:
            yield Fresh(server.at(name), server.doors(name), database, server.home, hand)
        finally:
            try:
                await hand.close()
                await database.close()
            finally:
                await server.hand.fetch(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest_asyncio.fixture
async def fresh(server: Server, request: pytest.FixtureRequest) -> AsyncIterator[Fresh]:
    """Clone a template for one test, which may commit; with the cast where a test asks for it."""
    template = server.peopled if "cast" in request.fixturenames else server.template
    async with cloned(server, template) as clone:
        yield clone


@pytest_asyncio.fixture
async def cast(fresh: Fresh) -> AsyncIterator[Cast]:
    """Give the standing cast in a database of its own; afterwards every invariant must hold."""
    yield as_cast(fresh.owner_dsn, fresh.database)
    assert await fresh.breaches() == {}
