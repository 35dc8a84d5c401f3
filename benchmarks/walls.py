"""What the walls and the log of looks cost: the same pages with and without them, in one run.

The twin is a copy of the same city in which no policy stands and no look is written. Pages are
asked in turns in this process, so that a neighbour's load falls on both alike; look at the ratio.
"""

import argparse
import asyncio
import os
import statistics
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Concatenate, ParamSpec, TypeVar

import asyncpg
import httpx
from sqlalchemy.ext.asyncio import AsyncSession

from benchmarks.city import city, server
from benchmarks.pages import FORM_KEY, People, people_of
from jobcenter import logins
from jobcenter.commands.serve import config_of
from jobcenter.commands.token import parser as tokens
from jobcenter.commands.token import token_for
from jobcenter.database import Database, Pooling, Who
from jobcenter.inviting import signin_link
from jobcenter.orders.letters import Paths
from jobcenter.seed.town import SIZES
from jobcenter.start import Owned
from jobcenter.web.app import create_app

P = ParamSpec("P")
T = TypeVar("T")

# A client, and an order with most people on its lists, of the coordinator's unit.
RECORD = """
SELECT c.id FROM clients c JOIN grants g ON g.unit_id = c.unit_id
JOIN users u ON u.id = g.user_id WHERE u.email = $1 ORDER BY c.id LIMIT 1"""
ORDER = """
SELECT p.order_id FROM proposals p JOIN proposal_rows r ON r.proposal_id = p.id
JOIN grants g ON g.unit_id = r.unit_id JOIN users u ON u.id = g.user_id
WHERE u.email = $1 AND p.closed_at IS NULL GROUP BY p.order_id ORDER BY count(*) DESC, 1 LIMIT 1"""
WALLS_DOWN = """
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT relname FROM pg_class WHERE relrowsecurity LOOP
        EXECUTE format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY', name);
    END LOOP;
END $$"""
BASE = "http://127.0.0.1:8000"
WARMING = 5
LOOKS = "note_looks"
NO_LIMIT = 1_000_000
# The walls may make a page this many times as long, and no longer.
MOST = 1.5


class Unlogged(Database):
    """The same doors, but a look leaves no trace: for the comparison and for nothing else."""

    async def act(
        self,
        who: Who,
        action: Callable[Concatenate[AsyncSession, P], Awaitable[T]],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run an action, but for the one that writes looks."""
        if action.__name__ == LOOKS:
            return None  # type: ignore[return-value]  # writing looks returns nothing
        return await super().act(who, action, *args, **kwargs)


@dataclass
class Page:
    """A page, and how many milliseconds it took each time: with the walls and without."""

    name: str
    path: str
    who: str
    walled: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """Return how many times as long it takes with the walls."""
        return statistics.median(self.walled) / statistics.median(self.bare)

    @property
    def row(self) -> str:
        """Return the page's line of the table."""
        walled, bare = statistics.median(self.walled), statistics.median(self.bare)
        return f"| {self.name} | {walled:.1f} | {bare:.1f} | {self.ratio:.2f} × |"


@dataclass(frozen=True)
class House:
    """One of the two cities, and a browser in it for each who asks."""

    here: Owned
    database: Database
    now: datetime

    def caller(self) -> httpx.AsyncClient:
        """Open a door of one's own, through which any number of calls a minute may come."""
        app = create_app(
            database=self.database,
            config=replace(config_of(self.here, inbox=False), api_a_minute=NO_LIMIT),
            clock=lambda: datetime.now(UTC),
        )
        transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]  # typed narrowly
        return httpx.AsyncClient(transport=transport, base_url=BASE, follow_redirects=True)

    async def program(self, email: str) -> httpx.AsyncClient:
        """Call the API with a token of somebody's."""
        token = await token_for(self.here, tokens().parse_args([email]), now=self.now)
        caller = self.caller()
        caller.headers["authorization"] = f"Bearer {token}"
        return caller

    async def browser(self, who: str, people: People) -> httpx.AsyncClient:
        """Go in by the front door: as a coordinator, an orderer, or by a client's link."""
        browser = self.caller()
        if who == "client":
            await browser.get(Paths(BASE, self.here.secret).gig(people.gig_id))
            return browser
        email = people.coordinator if who == "coordinator" else people.orderer
        link = await signin_link(self.here, self.database, email, now=self.now)
        path = f"/signin/{link.rpartition('/')[2]}"
        found = FORM_KEY.search((await browser.get(path)).text)
        if found is None:
            raise LookupError("The sign-in page has no form.")
        await browser.post(path, data={"csrf": found[1]})
        return browser


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.walls", description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="city")
    parser.add_argument("--times", type=int, default=60, help="how often each page is asked")
    chosen = parser.parse_args()
    now = datetime.now(UTC).replace(microsecond=0)
    with server() as (dsn, home), city(dsn, home, size=chosen.size, now=now) as here:
        people = asyncio.run(people_of(here, now))
        pages = asyncio.run(_measured(here, people, now, chosen.times))
    print(f"Size {chosen.size}, {chosen.times} times each, load {os.getloadavg()[0]:.1f}.\n")
    print("| | with walls, ms | without, ms | ratio |\n|---|---|---|---|")
    print("\n".join(page.row for page in pages))
    if dear := [page.name for page in pages if page.ratio > MOST]:
        sys.exit(f"\nMore than {MOST} times: {', '.join(dear)}.")


async def _measured(here: Owned, people: People, now: datetime, times: int) -> list[Page]:
    pages = await _pages(here, people)
    async with _twin(here) as twin:
        pooling = Pooling(here.settings.pool_size)
        walled = House(here, Database(here.doors, pooling, here.ring), now)
        bare = House(twin, Unlogged(twin.doors, pooling, twin.ring), now)
        doors = {
            who: (await walled.browser(who, people), await bare.browser(who, people))
            for who in sorted({page.who for page in pages})
        }
        for page in pages:
            for at in range(WARMING + times):
                took = [await _took(browser, page.path) for browser in doors[page.who]]
                if at >= WARMING:
                    page.walled.append(took[0])
                    page.bare.append(took[1])
        await walled.database.close()
        await bare.database.close()
    return pages


async def _took(browser: httpx.AsyncClient, path: str) -> float:
    began = time.perf_counter()
    answer = await browser.get(path)
    answer.raise_for_status()
    return 1000 * (time.perf_counter() - began)


async def _pages(here: Owned, people: People) -> list[Page]:
    owner = await asyncpg.connect(here.owner_dsn)
    try:
        client = await owner.fetchval(RECORD, people.coordinator)
        order = await owner.fetchval(ORDER, people.coordinator)
    finally:
        await owner.close()
    return [
        Page("the coordinator's board", "/board", "coordinator"),
        Page("an order's page with its lists", f"/board/orders/{order}", "coordinator"),
        Page("a client's record", f"/board/clients/{client}", "coordinator"),
        Page("the order form", "/orders/new", "orderer"),
        Page("an orderer's orders", "/orders", "orderer"),
        Page("the client's page", "/gig", "client"),
    ]


@asynccontextmanager
async def _twin(here: Owned) -> AsyncIterator[Owned]:
    """Copy the city, and take every policy away in the copy."""
    head, _, query = here.owner_dsn.partition("?")
    base, _, name = head.rpartition("/")
    owner_dsn = f"{base}/{name}_twin" + (f"?{query}" if query else "")
    maker = f"{base}/postgres" + (f"?{query}" if query else "")
    await _run(maker, f"CREATE DATABASE {name}_twin TEMPLATE {name}")
    try:
        await _run(owner_dsn, WALLS_DOWN)
        await _run(owner_dsn, "ANALYZE")
        doors = logins.addresses(owner_dsn, here.settings.home)
        yield replace(here, owner_dsn=owner_dsn, doors=doors)
    finally:
        await _run(maker, f"DROP DATABASE {name}_twin WITH (FORCE)")


async def _run(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


if __name__ == "__main__":
    main()
