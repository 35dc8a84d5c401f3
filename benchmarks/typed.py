"""Whether text that looks like SQL takes longer than the same text without its sense.

Each is sent in turns with its twin, in which every letter is an x: as a field of an order, in the
question of a page, a header and a cookie. Look at the last column: the list of bad inputs allows
200 ms. A command that ran in the database would take its five seconds.
"""

import argparse
import asyncio
import os
import re
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count

import httpx

from benchmarks.city import city, server
from benchmarks.pages import People, people_of
from benchmarks.walls import BASE, NO_LIMIT, House
from jobcenter.commands.serve import config_of
from jobcenter.database import Database, Pooling
from jobcenter.seed.town import SIZES
from jobcenter.start import Owned
from jobcenter.web.app import create_app

# Nothing as bad as this: too many calls, or a fault of ours.
TOO_MANY = 429
WARMING = 2
TEXTS = ("' OR 1=1--", "'; DROP TABLE orders; --", "1 AND pg_sleep(5)", "'||pg_sleep(5)--")
ORDER = {
    "task_number": 2, "title": "Tiskaus", "minutes": 180, "hourly_cents": 1650,
    "address": "Fleminginkatu 1", "postcode": "00530", "contact_name": "Sari Salo",
    "contact_phone": "+358401234567", "contact_email": "sari@keittio.fi",
}  # fmt: skip
FIELDS = (
    "title", "description", "address", "postcode", "site_name", "entrance", "contact_name",
    "contact_phone", "contact_email", "wear", "bring", "language", "cost_centre",
)  # fmt: skip
QUESTIONS = (
    ("/board", "q"), ("/board", "unit"), ("/board", "day"), ("/board", "page"), ("/signin", "next"),
)  # fmt: skip
HEADS = (("accept-language", "{}"), ("x-request-id", "{}"), ("cookie", "jobcenter_session={}"))
AHEAD = count()
LETTER = re.compile(r"[A-Za-z]")


@dataclass
class Place:
    """Somewhere to type, and how many milliseconds each took: the text and its twin."""

    name: str
    caller: httpx.AsyncClient
    request: Callable[[str], httpx.Request]
    texts: list[float] = field(default_factory=list)
    twins: list[float] = field(default_factory=list)

    @property
    def row(self) -> str:
        """Return the place's line of the table."""
        text, twin = statistics.median(self.texts), statistics.median(self.twins)
        return f"| {self.name} | {text:.1f} | {twin:.1f} | {text - twin:+.1f} |"


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.typed", description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="small")
    parser.add_argument("--times", type=int, default=12, help="how often each is sent")
    chosen = parser.parse_args()
    now = datetime.now(UTC).replace(microsecond=0)
    with server() as (dsn, home), city(dsn, home, size=chosen.size, now=now) as here:
        people = asyncio.run(people_of(here, now))
        places = asyncio.run(_measured(here, people, now, chosen.times))
    print(f"Size {chosen.size}, {chosen.times} times each, load {os.getloadavg()[0]:.1f}.\n")
    print("| | as SQL, ms | as nonsense, ms | difference, ms |\n|---|---|---|---|")
    print("\n".join(place.row for place in places))


class Hurried(House):
    """A house whose clock runs ahead at every call, so that nobody ordered too often."""

    def caller(self) -> httpx.AsyncClient:
        """Open a door of one's own."""
        app = create_app(
            database=self.database,
            config=replace(config_of(self.here, inbox=False), api_a_minute=NO_LIMIT),
            clock=lambda: self.now + next(AHEAD) * timedelta(seconds=40),
        )
        transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]  # typed narrowly
        return httpx.AsyncClient(transport=transport, base_url=BASE, follow_redirects=True)


async def _measured(here: Owned, people: People, now: datetime, times: int) -> list[Place]:
    house = Hurried(here, Database(here.doors, Pooling(here.settings.pool_size), here.ring), now)
    program = await house.program(people.orderer)
    browser = await house.browser("coordinator", people)
    places = [
        # First, because a session ends sooner than a token.
        *(_question(browser, path, name) for path, name in QUESTIONS),
        *(_field(program, name, now) for name in FIELDS),
        *(_head(house.caller(), name, value) for name, value in HEADS),
    ]
    for place in places:
        for at in range(WARMING + times):
            await _compared(place, TEXTS[at % len(TEXTS)], counts=at >= WARMING)
    await house.database.close()
    return places


def _field(caller: httpx.AsyncClient, name: str, now: datetime) -> Place:
    start = (now + timedelta(days=7)).replace(hour=9, minute=0, second=0)
    order = {**ORDER, "starts": [start.isoformat()]}
    return Place(
        f"an order's {name}", caller,
        lambda text: caller.build_request("POST", "/api/orders", json={**order, name: text}),
    )  # fmt: skip


def _question(caller: httpx.AsyncClient, path: str, name: str) -> Place:
    return Place(
        f"{path}?{name}", caller,
        lambda text: caller.build_request("GET", path, params={name: text}),
    )  # fmt: skip


def _head(caller: httpx.AsyncClient, name: str, value: str) -> Place:
    return Place(
        f"the header {name}", caller,
        lambda text: caller.build_request("GET", "/signin", headers={name: value.format(text)}),
    )  # fmt: skip


async def _compared(place: Place, text: str, *, counts: bool) -> None:
    """Send both, this one first every other time."""
    twin = LETTER.sub("x", text)
    told: dict[str, tuple[float, int]] = {}
    for one in (text, twin) if len(place.texts) % 2 else (twin, text):
        began = time.perf_counter()
        answer = await place.caller.send(place.request(one))
        told[one] = 1000 * (time.perf_counter() - began), answer.status_code
    if told[text][1] != told[twin][1] or told[text][1] >= TOO_MANY:
        raise LookupError(f"{place.name} answered {told}")
    if counts:
        place.texts.append(told[text][0])
        place.twins.append(told[twin][0])


if __name__ == "__main__":
    main()
