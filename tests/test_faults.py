"""What the web does when the database, the way to it or a process breaks, injected for real.

After each fault every invariant holds, nothing that was answered is lost, and nobody who asks waits
for ever.
"""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import Face, connect
from jobcenter.errors import Unreachable
from tests import make
from tests.browser import served
from tests.cast import Cast, as_cast
from tests.conftest import Fresh, Server, cloned
from tests.proxy import Wire, wired
from tests.serving import Web, ask, callers, serving, token_of
from tests.web.surfer import CONFIG

ORDER = {
    "task_number": 2, "title": "Tiskaus", "starts": ["2027-09-21T10:00:00+03:00"], "minutes": 180,
    "hourly_cents": 1650, "address": "Fleminginkatu 1", "postcode": "00530",
    "contact_name": "Sari Salo", "contact_phone": "+358401234567",
    "contact_email": "sari@keittio.fi",
}  # fmt: skip


@dataclass(frozen=True)
class Site:
    """Two servers that reach their database through a wire, and who calls them."""

    cast: Cast
    fresh: Fresh
    wire: Wire
    webs: Sequence[Web]
    doors: Sequence[httpx.AsyncClient]
    maija: dict[str, str]
    sari: dict[str, str]


@pytest_asyncio.fixture(scope="module")
async def site(server: Server) -> AsyncIterator[Site]:
    async with cloned(server, server.peopled) as fresh, wired(fresh.owner_dsn) as wire:
        cast = as_cast(fresh.owner_dsn, fresh.database)
        settings = {"STATEMENT_SECONDS": "3"}
        with serving(wire.address, server.home, count=2, **settings) as webs:
            async with callers(webs) as doors:
                maija = await token_of(cast, cast.maija)
                sari = await token_of(cast, cast.sari)
                yield Site(cast, fresh, wire, webs, doors, maija, sari)


@asynccontextmanager
async def locked(dsn: str, table: str) -> AsyncIterator[None]:
    """Lock a whole table against everybody until the end of the block."""
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            await connection.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
            yield
    finally:
        await connection.close()


async def placed(fresh: Fresh, title: str) -> list[UUID]:
    rows = await fresh.owner("SELECT id FROM orders WHERE title = $1", title)
    return [row[0] for row in rows]


@asynccontextmanager
async def swallowing(wire: Wire) -> AsyncIterator[None]:
    wire.swallowed.clear()
    wire.swallows = True
    try:
        yield
    finally:
        wire.swallows = False


async def test_f5_a_server_killed_before_its_answer_has_still_answered(site: Site) -> None:
    """The order is committed; the twin of the request gets it from the other server."""
    headers = {**site.sari, "Idempotency-Key": "f5"}
    body = {**ORDER, "title": "F5"}
    async with swallowing(site.wire):
        asked = asyncio.create_task(ask(site.doors[0], "POST", "/api/orders", headers, body))
        await asyncio.wait_for(site.wire.swallowed.wait(), 20)
        site.webs[0].kill()
        with pytest.raises(httpx.HTTPError):
            await asked
    again = await ask(site.doors[1], "POST", "/api/orders", headers, body)
    assert again.status == 201
    assert await placed(site.fresh, "F5") == [UUID(again.answer.json()["id"])]
    assert await site.fresh.breaches() == {}


async def test_f13_an_answer_that_never_came_is_found_by_its_key(site: Site) -> None:
    headers = {**site.sari, "Idempotency-Key": "f13"}
    body = {**ORDER, "title": "F13"}
    async with swallowing(site.wire):
        lost = await ask(site.doors[1], "POST", "/api/orders", headers, body)
    assert lost.is_a_kind_no(), (lost.status, lost.seconds)
    again = await ask(site.doors[1], "POST", "/api/orders", headers, body)
    assert again.status == 201
    assert await placed(site.fresh, "F13") == [UUID(again.answer.json()["id"])]
    third = await ask(site.doors[1], "POST", "/api/orders", headers, body)
    assert third.answer.json() == again.answer.json()
    assert await site.fresh.breaches() == {}


async def test_f14_a_locked_table_stops_its_own_pages_only(site: Site) -> None:
    order_id = await make.save_order(site.cast, make.order())
    path, door = f"/api/orders/{order_id}", site.doors[1]
    asked = await ask(door, "POST", "/api/rounds", site.maija, {})
    other = f"/api/rounds/{asked.answer.json()['id']}"
    async with locked(site.fresh.owner_dsn, "orders"):
        slow = [asyncio.create_task(ask(door, "GET", path, site.maija)) for _ in range(4)]
        await asyncio.sleep(0.3)
        for quick in (other, "/signin", "/health/ready"):
            heard = await ask(door, "GET", quick, site.maija)
            assert heard.status == 200, quick
            assert heard.seconds < 1, quick
        assert all([(await one).is_a_kind_no() for one in slow])
    after = await ask(door, "GET", path, site.maija)
    assert after.status == 200
    assert after.seconds < 1
    assert await site.fresh.breaches() == {}


# So many that what is tested is not the limit of calls.
OFTEN = replace(CONFIG, api_a_minute=100_000)


async def test_f16_a_full_pool_says_so_and_health_still_answers(server: Server, site: Site) -> None:
    """Two connections, fifty that are slow."""
    order_id = await make.save_order(site.cast, make.order())
    path = f"/api/orders/{order_id}"
    with serving(site.fresh.owner_dsn, server.home, POOL_SIZE="1", WAIT_SECONDS="1.5") as webs:
        async with callers(webs) as (door,):
            async with locked(site.fresh.owner_dsn, "orders"):
                slow = [asyncio.create_task(ask(door, "GET", path, site.maija)) for _ in range(50)]
                await asyncio.sleep(0.5)
                for quick in ("/health/live", "/health/ready", "/static/app.css"):
                    heard = await ask(door, "GET", quick, {})
                    assert (heard.status, heard.seconds < 1) == (200, True), quick
                assert all([(await one).is_a_kind_no() for one in slow])
            assert (await ask(door, "GET", path, site.maija)).status == 200
    assert await site.fresh.breaches() == {}


async def test_f17_a_thousand_who_leave_in_the_middle_leave_nothing_behind(
    cast: Cast, fresh: Fresh
) -> None:
    order_id = await make.save_order(cast, make.order())
    maija = await token_of(cast, cast.maija)
    chance = random.Random(17)
    async with served(cast.database, lambda: datetime.now(UTC), OFTEN) as base:
        port = int(base.rpartition(":")[2])
        requests = [
            _raw("GET", f"/api/orders/{order_id}", maija),
            _raw("POST", "/api/rounds", maija, "{}"),
            _raw("GET", "/signin", {}),
        ]
        for _ in range(25):
            await asyncio.gather(
                *(_leave(port, chance.choice(requests), chance) for _ in range(40))
            )
        async with httpx.AsyncClient(base_url=base) as door:
            heard = await ask(door, "GET", f"/api/orders/{order_id}", maija)
            assert heard.status == 200
        await _is_idle(cast, fresh)


async def test_f17_whoever_is_cancelled_gives_back_a_clean_connection(
    cast: Cast, fresh: Fresh
) -> None:
    chance = random.Random(17)

    async def slowly(session: AsyncSession) -> None:
        await session.execute(text("SELECT pg_sleep(0.01)"))

    for _ in range(10):
        doing = [
            asyncio.create_task(
                cast.database.act(cast.maija, slowly)
                if number % 2
                else cast.database.read(cast.maija, slowly)
            )
            for number in range(20)
        ]
        for one in doing:
            await asyncio.sleep(chance.uniform(0, 0.003))
            one.cancel()
        await asyncio.gather(*doing, return_exceptions=True)
    await _is_idle(cast, fresh)


async def test_a_thousand_requests_in_one_breath_wait_their_turn(site: Site) -> None:
    """Row 92 of the list of bad inputs: others are answered meanwhile; no other protocol opens."""
    address = urlsplit(str(site.doors[1].base_url))
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(_raw("GET", "/health/live", {}) * 999)
    writer.write(_raw("GET", "/health/live", {"Connection": "close"}))
    sent = asyncio.create_task(writer.drain())
    for _ in range(3):
        heard = await ask(site.doors[1], "GET", "/signin", {})
        assert (heard.status, heard.seconds < 1) == (200, True)
    answered = await asyncio.wait_for(reader.read(-1), 30)
    await sent
    writer.close()
    assert answered.count(b"HTTP/1.1 200") == answered.count(b"HTTP/1.1 ") == 1000
    upgrade = {
        "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }  # fmt: skip
    heard = await ask(site.doors[1], "GET", "/signin", upgrade)
    assert heard.status == 400


async def test_a_program_that_asks_before_it_sends_is_let_or_is_told_at_once(site: Site) -> None:
    """Row 84: what is too long is refused before it is sent, and what is fine is asked for."""
    address = urlsplit(str(site.doors[1].base_url))
    body = json.dumps({**ORDER, "title": "F84"}).encode()
    go_on = b"HTTP/1.1 100 Continue\r\n\r\n"
    for length, first in ((len(body), go_on), (10_000_000, b"HTTP/1.1 413 ")):
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        asking = {**site.sari, "Expect": "100-continue", "Connection": "close"}
        writer.write(_raw("POST", "/api/orders", asking, length=length))
        heard = await asyncio.wait_for(reader.readexactly(len(first)), 5)
        assert heard == first
        if first == go_on:
            writer.write(body)
            answer = await asyncio.wait_for(reader.read(-1), 10)
            assert answer.startswith(b"HTTP/1.1 201 ")
        writer.close()
    assert len(await placed(site.fresh, "F84")) == 1


def _raw(method: str, path: str, headers: dict[str, str], body: str = "", length: int = 0) -> bytes:
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: localhost",
        "Content-Type: application/json",
        f"Content-Length: {length or len(body)}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


async def _leave(port: int, request: bytes, chance: random.Random) -> None:
    """Send a part of a request, or all of it, and go without an answer."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    whole = chance.random() < 0.7
    writer.write(request if whole else request[: chance.randrange(len(request))])
    with suppress(OSError):
        await writer.drain()
    await asyncio.sleep(chance.uniform(0, 0.02))
    writer.transport.abort()


async def _is_idle(cast: Cast, fresh: Fresh) -> None:
    """No connection is out, none is in a transaction, and none remembers who used it."""
    for _ in range(100):
        # Only the pool that we use counts what is out; the type knows the general one.
        if not sum(engine.pool.checkedout() for engine in cast.database._engines.values()):  # type: ignore[attr-defined]
            break
        await asyncio.sleep(0.05)
    busy = await fresh.owner(
        "SELECT state FROM pg_stat_activity WHERE datname = current_database()"
        " AND usename LIKE 'jobcenter\\_%' AND state <> 'idle'"
    )
    assert busy == []
    for engine in cast.database._engines.values():
        open_ones = [await engine.connect() for _ in range(5)]
        for connection in open_ones:
            told = await connection.scalar(text("SELECT current_setting('jc.organiser', true)"))
            assert told in {"", None}
            await connection.close()
    assert await fresh.breaches() == {}


async def test_a_read_whose_connection_was_cut_is_asked_again(cast: Cast, fresh: Fresh) -> None:
    """F2, seen from one request: reads are tried once more, writes only before they began."""

    async def one(session: AsyncSession) -> int:
        return await session.scalar(text("SELECT 1")) or 0

    async def cut_in_the_middle(session: AsyncSession) -> None:
        own = await session.scalar(text("SELECT pg_backend_pid()"))
        await fresh.owner("SELECT pg_terminate_backend($1)", own)
        await session.execute(text("SELECT 1"))

    cut = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE 'jobcenter\\_%'"
    )
    for door in (cast.database.read, cast.database.act):
        assert await door(cast.maija, one) == 1
        await fresh.owner(f"{cut} AND datname = current_database()")
        assert await door(cast.maija, one) == 1
    with pytest.raises(Unreachable):
        await cast.database.act(cast.maija, cut_in_the_middle)
    assert await cast.database.act(cast.maija, one) == 1


async def test_nobody_to_connect_to_is_told_and_never_a_bug(fresh: Fresh) -> None:
    nowhere = "postgresql://nobody:x@/jobcenter?host=/nowhere"
    refused = "postgresql://nobody:x@127.0.0.1:1/jobcenter"
    unknown = fresh.doors[Face.STAFF].replace("/jc_", f"/jc_{uuid4().hex[:4]}")

    async def one(session: AsyncSession) -> None:
        await session.execute(text("SELECT 1"))

    hanging_up = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    port = hanging_up.sockets[0].getsockname()[1]
    hung_up = f"postgresql://nobody:x@127.0.0.1:{port}/jobcenter"
    for dsn, error in (
        (nowhere, Unreachable),
        (refused, Unreachable),
        (hung_up, Unreachable),
        (unknown, DBAPIError),
    ):
        database = connect(dict.fromkeys(Face, dsn))
        with pytest.raises(error):
            await database.read(as_cast(fresh.owner_dsn, database).maija, one)
        await database.close()
    hanging_up.close()
