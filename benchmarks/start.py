"""How long a demo takes to serve, cold and warm, and how soon a typed-in order has its list.

A demo runs in an empty directory, is killed, and runs again; then orders come in through the API
while it goes about its first alarms. Compared with the bare framework's own start, and with what
the product promises: warm in 5 s, cold in 60 s, a list for an order within 5 s.
"""

import argparse
import asyncio
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
import httpx

from benchmarks.load import HOST
from jobcenter.commands.token import parser as tokens
from jobcenter.commands.token import token_for
from jobcenter.demo.children import free_port
from jobcenter.seed.town import SIZES
from jobcenter.settings import Settings
from jobcenter.start import owned

WARM, COLD, PROPOSED = 5.0, 60.0, 5.0
LONGEST = 300.0
LOOKS = 0.05
FIRST_PORT = 8310
# What a demo says when its first round is done.
DONE = "Ctrl-C stops everything"
ORDERER = """
SELECT u.email FROM users u JOIN grants g ON g.user_id = u.id JOIN parties p ON p.id = g.party_id
WHERE g.role = 'orderer' AND p.verified_at IS NOT NULL AND p.kind = 'company'
ORDER BY u.email LIMIT 1"""
# A list of people for its place, or why there is nobody.
LISTED = "SELECT EXISTS (SELECT FROM proposals WHERE order_id = $1 AND closed_at IS NULL)"
BARE = """
import uvicorn
from litestar import Litestar, get
@get("/health/ready", sync_to_thread=False)
def ready() -> str:
    return "ready"
uvicorn.run(Litestar([ready]), port={port}, log_level="error")
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.start", description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="city")
    parser.add_argument("--orders", type=int, default=12, help="how many orders are typed in")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="jobcenter-start-") as home:
        os.environ["JOBCENTER_HOME"] = home
        plain = _bare()
        with _demo(chosen.size) as cold:
            _until_done()
        with _demo(chosen.size) as warm:
            _until_done()
            waits = asyncio.run(_typed_in(chosen.orders))
    print(f"Size {chosen.size}, load {os.getloadavg()[0]:.1f}.\n")
    print("| | s | promised s | of the promise | of the bare framework's start |")
    print("|---|---|---|---|---|")
    print(f"| bare framework, serving | {plain:.1f} | | | 1.0 × |")
    for name, took, promised in (("cold", cold, COLD), ("warm", warm, WARM)):
        share, times = took / promised, took / plain
        print(f"| {name}, serving | {took:.1f} | {promised:.0f} | {share:.2f} | {times:.1f} × |")
    for name, took in (("median", statistics.median(waits)), ("slowest", max(waits))):
        named = f"a list for one of {len(waits)} typed-in orders, {name}"
        print(f"| {named} | {took:.1f} | {PROPOSED:.0f} | {took / PROPOSED:.2f} | |")


def _bare() -> float:
    port = free_port(FIRST_PORT)
    with _running([sys.executable, "-c", BARE.format(port=port)]) as began:
        return _until_ready(port, began)


@contextmanager
def _demo(size: str) -> Iterator[float]:
    """A demo from its command on; gives the seconds until it served, and kills it in the end."""
    os.environ["JOBCENTER_PORT"] = port = str(free_port(FIRST_PORT))
    with _running(["./jobcenter", "demo", "--size", size, "--port", port]) as began:
        yield _until_ready(int(port), began)


@contextmanager
def _running(command: list[str]) -> Iterator[float]:
    began = time.perf_counter()
    with _told().open("w", encoding="utf-8") as out:
        process = subprocess.Popen(
            command, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        yield began
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def _told() -> Path:
    return Path(os.environ["JOBCENTER_HOME"]) / "told.txt"


def _until_ready(port: int, began: float) -> float:
    while time.perf_counter() - began < LONGEST:
        try:
            if httpx.get(f"http://{HOST}:{port}/health/ready", timeout=2).is_success:
                return time.perf_counter() - began
        except httpx.HTTPError:
            time.sleep(LOOKS)
    raise TimeoutError(_told().read_text(encoding="utf-8"))


def _until_done() -> None:
    until = time.perf_counter() + LONGEST
    while DONE not in _told().read_text(encoding="utf-8"):
        if time.perf_counter() > until:
            raise TimeoutError(_told().read_text(encoding="utf-8"))
        time.sleep(LOOKS)


async def _typed_in(count: int) -> list[float]:
    """Place orders, some seconds apart, and wait until the matcher has looked for each."""
    with owned(Settings()) as here:
        owner = await asyncpg.connect(here.owner_dsn)
        try:
            email = str(await owner.fetchval(ORDERER))
            now = datetime.now(UTC)
            token = await token_for(here, tokens().parse_args([email]), now=now)
            base = f"http://{HOST}:{os.environ['JOBCENTER_PORT']}"
            headers = {"Authorization": f"Bearer {token}"}
            async with httpx.AsyncClient(base_url=base, headers=headers, timeout=60) as browser:
                waits = []
                for number in range(count):
                    await asyncio.sleep(1 + number % 5)
                    waits.append(await _proposed(owner, browser, number))
                return waits
        finally:
            await owner.close()


async def _proposed(owner: asyncpg.Connection, browser: httpx.AsyncClient, number: int) -> float:
    """Place one order, and return the seconds until it has its list, or why that is empty."""
    now = datetime.now(UTC)
    eight = now.replace(hour=8, minute=0, second=0, microsecond=0)
    started = eight + timedelta(days=4 + number % 5)
    began = time.perf_counter()
    placed = await browser.post(
        "/api/orders",
        headers={"Idempotency-Key": f"typed-{number}-{now.timestamp()}"},
        json={
            "task_number": 2,
            "title": "Dishwashing",
            "starts": [started.isoformat()],
            "minutes": 180,
            "hourly_cents": 1300,
            "address": "Fleminginkatu 1",
            "postcode": "00530",
            "contact_name": "Sari Salo",
            "contact_phone": "+358401234567",
            "contact_email": "sari@keittio.example",
        },
    )
    order_id = UUID(placed.raise_for_status().json()["id"])
    while not await owner.fetchval(LISTED, order_id):
        if time.perf_counter() - began > LONGEST:
            raise TimeoutError(order_id)
        await asyncio.sleep(LOOKS)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
