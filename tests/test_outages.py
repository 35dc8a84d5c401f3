"""A database that is not up yet, is killed, or loses a part: what was answered stays, all heals."""

import asyncio
import os
import shutil
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from uuid import UUID

import httpx
import pytest_asyncio

from jobcenter import logins, masterkeys, schema
from jobcenter.database import connect
from jobcenter.embedded import postgres
from tests.cast import as_cast, settle
from tests.conftest import Fresh, Hand
from tests.serving import Heard, Web, ask, callers, serving, token_of

# A killed process loses nothing that it gave to the operating system; only a power cut does.
SETTINGS = {"fsync": "off", "full_page_writes": "off"}
# RELIABILITY F1: told within two seconds, healed within five.
TOLD, HEALED = 2.0, 5.0
WRITERS, PAUSE = 10, 0.2


@dataclass(frozen=True)
class Island:
    """A PostgreSQL of this file's own, which may be killed, and a server before it."""

    fresh: Fresh
    stack: ExitStack
    web: Web
    door: httpx.AsyncClient
    headers: dict[str, str]

    def start(self) -> None:
        """Start the database, also after it was killed; where it runs nothing happens."""
        self.stack.enter_context(postgres(self.fresh.home, SETTINGS))

    def kill(self) -> None:
        """Kill the postmaster and all its parts at once."""
        (data,) = self.fresh.home.glob("postgres-*")
        postmaster = int((data / "postmaster.pid").read_text().split()[0])
        for number in (postmaster, *_children(postmaster)):
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)

    async def write(self) -> Heard:
        """Write something: ask for a round, which no worker takes here."""
        return await ask(self.door, "POST", "/api/rounds", self.headers, {})

    async def becomes(self, holds: Callable[[Heard], bool], path: str = "/health/ready") -> float:
        """Ask until an answer is as hoped; return how long that took."""
        begun = time.monotonic()
        while time.monotonic() < begun + 20:
            if holds(await ask(self.door, "GET", path, self.headers)):
                return time.monotonic() - begun
            await asyncio.sleep(0.05)
        raise TimeoutError(path)


def _children(parent: int) -> list[int]:
    found = []
    for facts in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(facts.read_text().rpartition(") ")[2].split()[1]) == parent:
                found.append(int(facts.parent.name))
    return found


@pytest_asyncio.fixture(scope="module")
async def island() -> AsyncIterator[Island]:
    home = Path(mkdtemp(prefix="jobcenter-island-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, home, ignore_errors=True)
        with postgres(home, SETTINGS) as dsn:
            await schema.upgrade(dsn)
            masterkeys.begin(home)
            ring = masterkeys.keyring(home)
            await settle(dsn, ring)
            doors = await logins.give(dsn, home)
            database = connect(doors, ring)
            cast = as_cast(dsn, database)
            headers = await token_of(cast, cast.maija)
            await database.close()
        # From here on it is down, and the web starts without it.
        (web,) = stack.enter_context(serving(dsn, home))
        async with callers([web]) as (door,):
            fresh = Fresh(dsn, doors, database, home, Hand(dsn))
            yield Island(fresh, stack, web, door, headers)


@dataclass
class Traffic:
    """What many writers heard: every answer, and the ids of what was taken."""

    heard: list[Heard] = field(default_factory=list)
    taken: set[UUID] = field(default_factory=set)

    async def go_on(self, island: Island) -> None:
        """Write, and write again."""
        while True:
            heard = await island.write()
            self.heard.append(heard)
            if heard.status == 202:
                self.taken.add(UUID(heard.answer.json()["id"]))
            await asyncio.sleep(PAUSE)

    def since(self, count: int) -> list[Heard]:
        """Return what was heard after so many answers."""
        return self.heard[count:]


@asynccontextmanager
async def traffic(island: Island) -> AsyncIterator[Traffic]:
    """Have fifty writes a second come in, as far as the machine can."""
    flow = Traffic()
    writers = [asyncio.create_task(flow.go_on(island)) for _ in range(WRITERS)]
    try:
        yield flow
    finally:
        for writer in writers:
            writer.cancel()
        await asyncio.gather(*writers, return_exceptions=True)


async def _kept(island: Island, flow: Traffic) -> None:
    """All that was answered is there, and nobody heard of a bug (I29)."""
    rows = await island.fresh.owner("SELECT id FROM rounds")
    assert flow.taken - {row[0] for row in rows} == set()
    assert {heard.status for heard in flow.heard} <= {202, 503}
    assert island.web.process.poll() is None
    assert await island.fresh.breaches() == {}


async def test_f8_a_server_that_is_first_waits_for_its_database(island: Island) -> None:
    for path, status in (("/health/live", 200), ("/health/ready", 503)):
        heard = await ask(island.door, "GET", path, {})
        assert (heard.status, heard.seconds < TOLD) == (status, True)
    refused = await island.write()
    assert refused.is_a_kind_no()
    assert island.web.process.poll() is None
    island.start()
    assert await island.becomes(lambda heard: heard.status == 200) < HEALED
    assert (await island.write()).status == 202
    assert await island.fresh.breaches() == {}


async def test_f1_a_killed_database_is_told_and_all_heals(island: Island) -> None:
    island.start()
    await island.becomes(lambda heard: heard.status == 200)
    async with traffic(island) as flow:
        await asyncio.sleep(1)
        before = len(flow.heard)
        island.kill()
        await asyncio.sleep(2)
        assert (await ask(island.door, "GET", "/health/live", {})).status == 200
        assert (await ask(island.door, "GET", "/health/ready", {})).status == 503
        during = [heard for heard in flow.since(before) if heard.status != 202]
        island.start()
        begun, so_far = time.monotonic(), len(flow.heard)
        while not any(heard.status == 202 for heard in flow.since(so_far)):
            assert time.monotonic() < begun + HEALED
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.5)
    assert len(during) > WRITERS
    assert [(one.status, one.seconds) for one in during if not one.is_a_kind_no()] == []
    assert max(heard.seconds for heard in during) < TOLD
    assert Counter(heard.status for heard in flow.heard)[202] > WRITERS
    await _kept(island, flow)


async def test_f2_one_killed_part_costs_a_moment(island: Island) -> None:
    island.start()
    await island.becomes(lambda heard: heard.status == 200)
    async with traffic(island) as flow:
        await asyncio.sleep(1)
        rows = await island.fresh.owner(
            "SELECT pid FROM pg_stat_activity WHERE usename = 'jobcenter_act' LIMIT 1"
        )
        so_far = len(flow.heard)
        os.kill(rows[0][0], signal.SIGKILL)
        begun = time.monotonic()
        path = f"/api/rounds/{next(iter(flow.taken))}"
        await asyncio.sleep(0.2)
        assert await island.becomes(lambda heard: heard.status == 200, path) < HEALED
        while [one.status for one in flow.since(so_far)[-1:]] != [202]:
            assert time.monotonic() < begun + HEALED
            await asyncio.sleep(0.02)
    refused = [heard for heard in flow.since(so_far) if heard.status != 202]
    assert [(one.status, one.seconds) for one in refused if not one.is_a_kind_no()] == []
    await _kept(island, flow)
