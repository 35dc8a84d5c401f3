"""Whether the time of an answer tells how wrong a link is: changed, cut, long, odd, or nobody's.

Each is asked in turns, every time from another address, because thirty in a minute are enough.
Look at the last column: the list of bad inputs allows 5 ms.
"""

import argparse
import asyncio
import os
import statistics
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

import httpx

from benchmarks.city import city, server
from benchmarks.pages import People, people_of
from benchmarks.walls import BASE
from jobcenter.access import new_token
from jobcenter.commands.serve import config_of
from jobcenter.database import Database, Pooling
from jobcenter.orders.letters import Paths
from jobcenter.seed.town import SIZES
from jobcenter.start import Ground
from jobcenter.web.app import create_app

NOT_FOUND = 404
WARMING = 10
ADDRESSES = count(1)


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.links", description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="city")
    parser.add_argument("--times", type=int, default=100, help="how often each link is asked")
    chosen = parser.parse_args()
    now = datetime.now(UTC).replace(microsecond=0)
    with server() as (dsn, home), city(dsn, home, size=chosen.size, now=now) as here:
        people = asyncio.run(people_of(here, now))
        took = asyncio.run(_measured(here, people, chosen.times))
    base = statistics.median(took["nobody's"])
    print(f"Size {chosen.size}, {chosen.times} times each, load {os.getloadavg()[0]:.1f}.\n")
    print("| | median, ms | to nobody's, ms |\n|---|---|---|")
    for way, times in took.items():
        print(
            f"| {way} | {statistics.median(times):.1f} | {statistics.median(times) - base:+.1f} |"
        )


async def _measured(here: Ground, people: People, times: int) -> Mapping[str, list[float]]:
    database = Database(here.doors, Pooling(here.settings.pool_size), here.ring)
    app = create_app(
        database=database,
        config=replace(config_of(here, inbox=False), base_url=BASE),
        clock=lambda: datetime.now(UTC),
    )
    asked = _wrong(Paths("", here.secret).gig(people.gig_id))
    took: dict[str, list[float]] = {way: [] for way in asked}
    for at in range(WARMING + times):
        for way, path in asked.items():
            number = next(ADDRESSES)
            transport = httpx.ASGITransport(
                app=app,  # type: ignore[arg-type]  # httpx types ASGI narrowly
                client=(f"10.0.{number // 250}.{number % 250}", 1),
            )
            async with httpx.AsyncClient(transport=transport, base_url=BASE) as door:
                began = time.perf_counter()
                answer = await door.get(path)
                spent = 1000 * (time.perf_counter() - began)
            if answer.status_code != NOT_FOUND:
                raise LookupError(f"{way} answered {answer.status_code}")
            if at >= WARMING:
                took[way].append(spent)
    await database.close()
    return took


def _wrong(link: str) -> Mapping[str, str]:
    """Return addresses that are nearly this link, and one that is nobody's."""
    return {
        "nobody's": f"/o/{new_token()}",
        "one letter changed": link[:-1] + ("A" if link[-1] != "A" else "B"),
        "cut": link[:20],
        "10,000 letters": "/o/" + "x" * 10_000,
        "odd letters": "/o/%27%20OR%201=1--",
    }


if __name__ == "__main__":
    main()
