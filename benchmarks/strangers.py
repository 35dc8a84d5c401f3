"""Whether the time of an answer tells that somebody is there: other people's ids and nobody's.

Each address is asked in turns with the id of another unit's client (or another party's order) and
with an id that nobody has, in one run; the answers, what the database is asked and the median times
are compared. Look at the ratio: 1 means that the clock tells nothing.
"""

import argparse
import asyncio
import os
import re
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg
import httpx
from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection, ExecutionContext
from sqlalchemy.engine.interfaces import DBAPICursor

from benchmarks.city import city, server
from benchmarks.pages import People, people_of
from benchmarks.walls import House
from jobcenter.database import Database, Pooling
from jobcenter.seed.town import SIZES
from jobcenter.start import Owned

NOT_FOUND = 404
WARMING = 5
# A client and a gig of another unit than the coordinator's, an order of another party.
OTHERS = {
    "client": """
SELECT c.id FROM clients c WHERE c.unit_id NOT IN (
    SELECT g.unit_id FROM grants g JOIN users u ON u.id = g.user_id
    WHERE u.email = $1 AND g.unit_id IS NOT NULL) ORDER BY c.id LIMIT 1""",
    # A client of the same unit for whom another coach is responsible, and whom this one never met.
    "colleague's": """
SELECT c.id FROM clients c JOIN coaches k ON k.unit_id = c.unit_id AND k.id <> c.coach_id
JOIN users u ON u.id = k.user_id
WHERE u.email = $1 AND NOT EXISTS (
    SELECT FROM visits v JOIN visit_gigs vg ON vg.visit_id = v.id JOIN gigs g ON g.id = vg.gig_id
    WHERE v.coach_id = k.id AND g.client_id = c.id) ORDER BY c.id LIMIT 1""",
    "gig": """
SELECT g.id FROM gigs g JOIN clients c ON c.id = g.client_id WHERE c.unit_id NOT IN (
    SELECT r.unit_id FROM grants r JOIN users u ON u.id = r.user_id
    WHERE u.email = $1 AND r.unit_id IS NOT NULL) ORDER BY g.id LIMIT 1""",
    # A gig of another party's order.
    "party's gig": """
SELECT g.id FROM gigs g JOIN orders o ON o.id = g.order_id WHERE o.party_id NOT IN (
    SELECT r.party_id FROM grants r JOIN users u ON u.id = r.user_id
    WHERE u.email = $1 AND r.party_id IS NOT NULL) ORDER BY g.id LIMIT 1""",
    # A coach of another unit.
    "coach": """
SELECT k.id FROM coaches k WHERE k.unit_id NOT IN (
    SELECT g.unit_id FROM grants g JOIN users u ON u.id = g.user_id
    WHERE u.email = $1 AND g.unit_id IS NOT NULL) ORDER BY k.id LIMIT 1""",
    "order": """
SELECT o.id FROM orders o WHERE o.party_id NOT IN (
    SELECT g.party_id FROM grants g JOIN users u ON u.id = g.user_id
    WHERE u.email = $1 AND g.party_id IS NOT NULL) ORDER BY o.id LIMIT 1""",
}
# Who asks for whose id where.
ADDRESSES = (
    ("coordinator", "client", "/board/clients/{id}"),
    ("coordinator", "client", "/clients/{id}/edit/strengths"),
    ("coordinator", "client", "/board/clients/{id}/own"),
    ("coordinator", "client", "/clients/{id}/closing"),
    ("coordinator", "gig", "/board/gigs/{id}"),
    ("coach", "colleague's", "/board/clients/{id}"),
    ("coach", "colleague's", "/clients/{id}/edit/needs"),
    ("orderer", "order", "/orders/{id}"),
    ("orderer", "order", "/orders/{id}/cancel"),
    ("coordinator's program", "gig", "/api/gigs/{id}"),
    ("coordinator's program", "coach", "/api/coaches/{id}/visits"),
    ("orderer's program", "order", "/api/orders/{id}"),
    ("orderer's program", "party's gig", "/api/gigs/{id}"),
)
PROGRAM = "'s program"
# What is other in every answer: the id that was asked for, and the number of the request.
AN_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{12,32}")
COACH = """
SELECT u.email FROM coaches k JOIN users u ON u.id = k.user_id
JOIN clients c ON c.unit_id = k.unit_id AND c.coach_id <> k.id
JOIN grants g ON g.unit_id = k.unit_id JOIN users m ON m.id = g.user_id
WHERE m.email = $1 ORDER BY 1 LIMIT 1"""


@dataclass
class Pair:
    """One address: how long it took for somebody else's id and for nobody's, and what differed."""

    who: str
    path: str
    theirs: list[float] = field(default_factory=list)
    nobodys: list[float] = field(default_factory=list)
    differs: Counter[str] = field(default_factory=Counter)

    @property
    def row(self) -> str:
        """Return the address's line of the table."""
        theirs, nobodys = statistics.median(self.theirs), statistics.median(self.nobodys)
        told = (f"{what} {count} ×" for what, count in sorted(self.differs.items()) if count)
        same = ", ".join(told) or "nothing"
        return (
            f"| {self.who}: {self.path} | {theirs:.1f} | {nobodys:.1f}"
            f" | {theirs / nobodys:.2f} × | {same} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.strangers", description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="city")
    parser.add_argument("--times", type=int, default=60, help="how often each address is asked")
    chosen = parser.parse_args()
    now = datetime.now(UTC).replace(microsecond=0)
    with server() as (dsn, home), city(dsn, home, size=chosen.size, now=now) as here:
        people = asyncio.run(people_of(here, now))
        pairs = asyncio.run(_measured(here, people, now, chosen.times))
    print(f"Size {chosen.size}, {chosen.times} times each, load {os.getloadavg()[0]:.1f}.\n")
    print("| | another's, ms | nobody's, ms | ratio | differs |\n|---|---|---|---|---|")
    print("\n".join(pair.row for pair in pairs))


async def _measured(here: Owned, people: People, now: datetime, times: int) -> list[Pair]:
    coach = await _coach(here, people)
    theirs = await _others(here, people, coach)
    house = House(here, Database(here.doors, Pooling(here.settings.pool_size), here.ring), now)
    faces = sorted({who for who, _, _ in ADDRESSES})
    emails = {"coordinator": people.coordinator, "orderer": people.orderer, "coach": coach}
    browsers: dict[str, httpx.AsyncClient] = {}
    for who in faces:
        # Whoever is no coordinator comes in by the same door as an orderer: a link to an address.
        as_whom = replace(people, orderer=emails[who.removesuffix(PROGRAM)])
        browsers[who] = (
            await house.program(as_whom.orderer)
            if who.endswith(PROGRAM)
            else await house.browser(who, as_whom)
        )
    pairs = []
    for who, kind, path in ADDRESSES:
        pair = Pair(who, path)
        for at in range(WARMING + times):
            await _compared(browsers[who], pair, theirs[kind], counts=at >= WARMING)
        pairs.append(pair)
    await house.database.close()
    return pairs


async def _coach(here: Owned, people: People) -> str:
    owner = await asyncpg.connect(here.owner_dsn)
    try:
        return str(await owner.fetchval(COACH, people.coordinator))
    finally:
        await owner.close()


async def _others(here: Owned, people: People, coach: str) -> dict[str, UUID]:
    owner = await asyncpg.connect(here.owner_dsn)
    asks = {
        "client": people.coordinator, "gig": people.coordinator, "order": people.orderer,
        "colleague's": coach, "coach": people.coordinator, "party's gig": people.orderer,
    }  # fmt: skip
    try:
        return {kind: await owner.fetchval(OTHERS[kind], asks[kind]) for kind in OTHERS}
    finally:
        await owner.close()


async def _compared(browser: httpx.AsyncClient, pair: Pair, theirs: UUID, *, counts: bool) -> None:
    """Ask both, this one first every other time; note what tells them apart."""
    ids = [theirs, uuid4()]
    turn = len(pair.theirs) % 2
    answers: dict[UUID, tuple[float, str, list[str]]] = {}
    for one in reversed(ids) if turn else ids:
        answers[one] = await _asked(browser, pair.path.format(id=one))
    if not counts:
        return
    (took, body, said), (none, empty, silent) = (answers[one] for one in ids)
    pair.theirs.append(took)
    pair.nobodys.append(none)
    pair.differs["body"] += body != empty
    # Once a minute a session notes that it is in use, in whichever of the two comes first.
    pair.differs["statements"] += said != silent


async def _asked(browser: httpx.AsyncClient, path: str) -> tuple[float, str, list[str]]:
    with _said() as statements:
        began = time.perf_counter()
        answer = await browser.get(path)
        took = 1000 * (time.perf_counter() - began)
    if answer.status_code != NOT_FOUND:
        raise LookupError(f"{path} answered {answer.status_code}")
    return took, AN_ID.sub("ID", answer.text), statements


@contextmanager
def _said() -> Iterator[list[str]]:
    """Listen to what the database is asked for a while."""
    said: list[str] = []

    def hear(
        _connection: Connection,
        _cursor: DBAPICursor,
        statement: str,
        _parameters: object,
        _context: ExecutionContext | None,
        _many: bool,  # noqa: FBT001 - SQLAlchemy calls it so
    ) -> None:
        said.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


if __name__ == "__main__":
    main()
