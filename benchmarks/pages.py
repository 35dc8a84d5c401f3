"""Requests a second and waits of our three busiest pages, beside the bare framework in one run.

Everything is on one machine: who asks, who answers and the database. So the figures to look at are
the ratios; requests a second say more about the machine. Linux only: it counts processor time.
"""

import argparse
import asyncio
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import asyncpg
import httpx

from benchmarks import bare
from benchmarks.city import city, server
from benchmarks.load import CONNECTIONS, HOST, Server, Target, press
from jobcenter.demo.children import free_port
from jobcenter.inviting import signin_link
from jobcenter.matching.round import run_round
from jobcenter.matching.thinking.mind import Mind
from jobcenter.orders.letters import Paths
from jobcenter.seed.town import SIZES
from jobcenter.start import Owned

# The coordinator with most on their board, the orderer with most orders, an offer (or else a gig).
COORDINATOR = """
SELECT u.email FROM users u
JOIN grants g ON g.organiser_id = u.organiser_id AND g.user_id = u.id AND g.role = 'coordinator'
ORDER BY (SELECT count(*) FROM proposal_rows r
          WHERE r.organiser_id = g.organiser_id AND r.unit_id = g.unit_id) DESC, u.email
LIMIT 1"""
ORDERER = """
SELECT u.email FROM users u
JOIN grants g ON g.organiser_id = u.organiser_id AND g.user_id = u.id AND g.role = 'orderer'
ORDER BY (SELECT count(*) FROM orders o
          WHERE o.organiser_id = g.organiser_id AND o.placed_by = u.id) DESC, u.email
LIMIT 1"""
GIG = """
SELECT g.id FROM gigs g
JOIN links l ON l.organiser_id = g.organiser_id AND l.gig_id = g.id
WHERE (g.status = 'confirmed'
       OR g.status = 'assigned' AND g.answer_by > $1::timestamptz + interval '1 hour')
AND l.expires_at > $1::timestamptz + interval '1 hour' AND l.revoked_at IS NULL
ORDER BY g.status, g.id
LIMIT 1"""

READY_IN_SECONDS = 60.0
WARMING_SECONDS = 1.0
# Turns are short, so that a neighbour's load falls on every page alike.
TURNS = 4
FORM_KEY = re.compile(r'name="csrf" value="([^"]+)"')
FIRST_PORT, OTHER_PORT = 8700, 8750


@dataclass(frozen=True, slots=True)
class People:
    """Who asks for the pages."""

    coordinator: str
    orderer: str
    gig_id: UUID


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.pages", description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="city")
    parser.add_argument("--seconds", type=float, default=6.0, help="for each page, in all")
    chosen = parser.parse_args()
    now = datetime.now(UTC).replace(microsecond=0)
    with server() as (dsn, home), city(dsn, home, size=chosen.size, now=now) as here:
        people = asyncio.run(people_of(here, now))
        with _serving(here, people) as (ours, plain):
            targets = asyncio.run(_targets(here, people, ours, plain, now=now))
            asyncio.run(_measure(targets, chosen.seconds))
    print(f"Size {chosen.size}, {CONNECTIONS} connections, {chosen.seconds:g} s each in {TURNS}")
    print(f"turns, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end.\n")
    print("\n".join(_table(targets)))


async def people_of(here: Owned, now: datetime) -> People:
    """Run a round, as every night, so that the board is full; then choose who asks."""
    database, mind = here.open(), Mind()
    try:
        await run_round(database, here.operator, mind, kind="whole", now=now)
    finally:
        mind.close()
        await database.close()
    owner = await asyncpg.connect(here.owner_dsn)
    try:
        gig_id = await owner.fetchval(GIG, now)
        if gig_id is None:
            raise LookupError("No client in this city has a link that opens.")
        return People(await owner.fetchval(COORDINATOR), await owner.fetchval(ORDERER), gig_id)
    finally:
        await owner.close()


@contextmanager
def _serving(here: Owned, people: People) -> Iterator[tuple[Server, Server]]:
    """Run the service and the bare framework, each in a process of its own."""
    ports = free_port(FIRST_PORT), free_port(OTHER_PORT)
    ours = {
        "DATABASE_URL": here.owner_dsn,
        "JOBCENTER_HOME": str(here.settings.home),
        "JOBCENTER_BASE_URL": f"http://{HOST}:{ports[0]}",
    }
    theirs = {
        bare.READ_DSN: here.owner_dsn,
        bare.ORGANISER: str(here.settings.organiser),
        bare.GIG: str(people.gig_id),
    }
    serve = ["jobcenter", "serve", "--host", HOST, "--port", str(ports[0])]
    plain = ["uvicorn", "benchmarks.bare:app", "--port", str(ports[1]), "--no-access-log"]
    log = here.settings.home / "benchmark.log"
    children = [_start(serve, ours, log), _start(plain, theirs, log)]
    try:
        _wait_until_ready(f"http://{HOST}:{ports[0]}/health/ready", log)
        _wait_until_ready(f"http://{HOST}:{ports[1]}/row", log)
        yield Server(ports[0], children[0].pid), Server(ports[1], children[1].pid)
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait()


def _start(module: list[str], settings: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as told:
        return subprocess.Popen(
            [sys.executable, "-m", *module],
            env={**os.environ, **settings},
            stdout=told,
            stderr=told,
        )


def _wait_until_ready(url: str, log: Path) -> None:
    deadline = time.monotonic() + READY_IN_SECONDS
    while time.monotonic() < deadline:
        try:
            if httpx.get(url, timeout=2).status_code == httpx.codes.OK:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise TimeoutError(f"{url} does not answer:\n{log.read_text()[-2000:]}")


async def _targets(
    here: Owned, people: People, ours: Server, plain: Server, *, now: datetime
) -> list[Target]:
    """Go in by the front door as each of them, and return the pages that they ask for."""
    coordinator = await _signed_in(here, ours.port, people.coordinator, now)
    orderer = await _signed_in(here, ours.port, people.orderer, now)
    client = await _link_opened(here, ours.port, people.gig_id)
    return [
        Target("bare framework, a ready page", plain, "/page"),
        Target("bare framework, one row", plain, "/row"),
        Target("the client's page", ours, "/gig", client),
        Target("the order form", ours, "/orders/new", orderer),
        Target("the coordinator's board", ours, "/board", coordinator),
    ]


async def _signed_in(here: Owned, port: int, email: str, now: datetime) -> str:
    database = here.open()
    try:
        link = await signin_link(here, database, email, now=now)
    finally:
        await database.close()
    path = f"/signin/{link.rpartition('/')[2]}"
    async with httpx.AsyncClient(base_url=f"http://{HOST}:{port}") as browser:
        found = FORM_KEY.search((await browser.get(path)).text)
        if found is None:
            raise LookupError("The sign-in page has no form.")
        await browser.post(path, data={"csrf": found[1]})
        return _cookies(browser)


async def _link_opened(here: Owned, port: int, gig_id: UUID) -> str:
    link = Paths(f"http://{HOST}:{port}", here.secret).gig(gig_id)
    async with httpx.AsyncClient() as browser:
        await browser.get(link)
        return _cookies(browser)


def _cookies(browser: httpx.AsyncClient) -> str:
    return "; ".join(f"{name}={value}" for name, value in browser.cookies.items())


async def _measure(targets: list[Target], seconds: float) -> None:
    for target in targets:
        await press(target, WARMING_SECONDS, counted=False)
    for _ in range(TURNS):
        for target in targets:
            await press(target, seconds / TURNS)


def _table(targets: list[Target]) -> list[str]:
    row = targets[1]
    names = ("", "kB", "requests/s", "p50 ms", "p99 ms", "processor ms", "of one row's requests/s")
    lines = [f"| {' | '.join((*names, 'of its processor time'))} |", f"|{'---|' * 8}"]
    for one in targets:
        figures = (
            f"{one.size / 1000:.1f}",
            f"{one.per_second:.0f}",
            f"{one.wait(0.5):.1f}",
            f"{one.wait(0.99):.1f}",
            f"{one.processor_ms:.2f}",
            f"{100 * one.per_second / row.per_second:.1f} %",
            f"{one.processor_ms / row.processor_ms:.1f} ×",
        )
        lines.append(f"| {one.name} | {' | '.join(figures)} |")
    return lines


if __name__ == "__main__":
    main()
