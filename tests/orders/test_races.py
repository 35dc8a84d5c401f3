"""Many at once, through two server processes: exact winners, no deadlock, nobody sees an error.

That the requests overlap is no accident: one lock holds them all until each waits in the database.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import httpx
import pytest_asyncio
from holidays import country_holidays

from jobcenter import access
from jobcenter.orders import assigning, linking
from jobcenter.orders.gigs import Gig
from jobcenter.times import HELSINKI
from tests import make
from tests.cast import MONDAY, Cast, as_cast
from tests.conftest import Fresh, Server, cloned
from tests.locks import held
from tests.orders import steps
from tests.orders.test_answering import a_list
from tests.serving import callers, serving, token_of

# As many as two servers of this pool size can have in the database at once.
AT_ONCE = 40
# A slow machine must not change who wins: the time-outs have tests of their own.
PATIENT = {"POOL_SIZE": "10", "WAIT_SECONDS": "30", "STATEMENT_SECONDS": "30"}
Call = Callable[[httpx.AsyncClient], Coroutine[None, None, httpx.Response]]


def _monday_weeks_ahead(weeks: int) -> datetime:
    """Return ten o'clock on a Monday; the servers go by the real clock."""
    today = datetime.now(HELSINKI).date()
    monday = today + timedelta(days=7 * weeks - today.weekday())
    return datetime.combine(monday, time(10), HELSINKI).astimezone(UTC)


@dataclass(frozen=True)
class Town:
    """The cast in a database of this file's own, two servers before it, and who calls them."""

    cast: Cast
    fresh: Fresh
    doors: Sequence[httpx.AsyncClient]
    maija: dict[str, str]
    pekka: dict[str, str]
    sari: dict[str, str]

    async def race(self, barrier: str, calls: Sequence[Call]) -> Counter[str]:
        """Hold a row until all of the first calls wait for it; count what everybody hears."""
        door = self.doors
        async with held(self.fresh, barrier) as lock:
            first = [
                asyncio.create_task(call(door[n % 2])) for n, call in enumerate(calls[:AT_ONCE])
            ]
            await lock.until_waiting(len(first))
        rest = [asyncio.create_task(call(door[n % 2])) for n, call in enumerate(calls[AT_ONCE:])]
        heard = Counter(_heard(answer) for answer in await asyncio.gather(*first, *rest))
        assert await self.fresh.breaches() == {}
        assert await self.deadlocks() == 0
        return heard

    async def deadlocks(self) -> int:
        rows = await self.fresh.owner(
            "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        )
        return int(rows[0][0])

    async def order(
        self, start: datetime, *, places: int = 1, minutes: int = 180, hourly_cents: int = 1150
    ) -> UUID:
        """Put an order of Keittiö Oy into the database."""
        order = make.order(start=start, places=places, minutes=minutes, hourly_cents=hourly_cents)
        return await make.save_order(self.cast, order)

    def assign(
        self,
        order_id: UUID,
        client_id: UUID,
        start: datetime,
        *,
        place_no: int = 1,
        by: dict[str, str] | None = None,
    ) -> Call:
        """Return a coordinator's press on "assign"."""
        body = {"client_id": str(client_id), "start": start.isoformat(), "place_no": place_no}

        async def press(door: httpx.AsyncClient) -> httpx.Response:
            path = f"/api/orders/{order_id}/assign"
            return await door.post(path, json=body, headers=by or self.maija)

        return press


@dataclass(frozen=True)
class Phone:
    """A phone that has opened the link: its cookies, and what the page's form carries."""

    headers: dict[str, str]
    form: dict[str, str]


def _heard(answer: httpx.Response) -> str:
    if answer.status_code < 400:
        return str(answer.status_code)
    return str(answer.json()["type"]).rpartition(":")[2]


@pytest_asyncio.fixture(scope="module")
async def town(server: Server) -> AsyncIterator[Town]:
    async with cloned(server, server.peopled) as fresh:
        await fresh.owner(
            "DO $$ BEGIN EXECUTE format('ALTER ROLE jobcenter_act IN DATABASE %I"
            " SET lock_timeout = ''20s''', current_database()); EXECUTE format('ALTER ROLE"
            " jobcenter_act IN DATABASE %I SET statement_timeout = ''20s''', current_database());"
            " END $$"
        )
        cast = as_cast(fresh.owner_dsn, fresh.database)
        with serving(fresh.owner_dsn, server.home, count=2, **PATIENT) as webs:
            async with callers(webs) as doors:
                yield Town(
                    cast,
                    fresh,
                    doors,
                    maija=await token_of(cast, cast.maija),
                    pekka=await token_of(cast, cast.pekka),
                    sari=await token_of(cast, cast.sari),
                )


async def test_one_person_is_assigned_once_of_forty_overlapping_times(town: Town) -> None:
    client_id = await steps.newcomer(town.cast, "wanted", needs={"START": 2})
    ten = _monday_weeks_ahead(2)
    starts = [ten + timedelta(minutes=number) for number in range(40)]
    calls = [town.assign(await town.order(start), client_id, start) for start in starts]
    heard = await town.race(f"SELECT 1 FROM clients WHERE id = '{client_id}'", calls)
    assert heard == {"201": 1, "client_is_taken": 39}
    visits = await town.fresh.owner("SELECT status FROM visits WHERE status <> 'free'")
    assert [row[0] for row in visits] == ["held"]


async def test_three_places_go_to_three_of_sixty(town: Town) -> None:
    people = [await steps.newcomer(town.cast, f"of sixty {n}") for n in range(60)]
    start = _monday_weeks_ahead(3)
    order_id = await town.order(start, places=3)
    calls = [
        town.assign(order_id, client_id, start, place_no=number % 3 + 1)
        for number, client_id in enumerate(people)
    ]
    heard = await town.race(f"SELECT 1 FROM orders WHERE id = '{order_id}'", calls)
    assert heard == {"201": 3, "place_is_taken": 57}
    taken = await town.fresh.owner("SELECT place_no FROM gigs WHERE order_id = $1", order_id)
    assert sorted(row[0] for row in taken) == [1, 2, 3]


async def test_one_link_is_accepted_once_of_fifty_times(town: Town) -> None:
    client_id = await steps.newcomer(town.cast, "accepts")
    gig = await _offered(town, client_id, _monday_weeks_ahead(4))
    token = access.new_token()
    await town.cast.database.act(
        town.cast.worker,
        linking.open_link,
        gig_id=gig.id,
        token_hash=access.hash_of(token),
        now=datetime.now(UTC),
    )
    phones = [await _opened(door, token, gig.id) for door in town.doors]
    calls = [_yes(phones[number % 2]) for number in range(50)]
    heard = await town.race(f"SELECT 1 FROM clients WHERE id = '{client_id}'", calls)
    assert heard == {"303": 50}
    moves = await town.fresh.owner(
        "SELECT via FROM gig_events WHERE gig_id = $1 AND to_status = 'confirmed'", gig.id
    )
    assert [row[0] for row in moves] == ["link"]
    told = await town.fresh.owner(
        "SELECT kind FROM notices WHERE gig_id = $1 ORDER BY kind", gig.id
    )
    assert [row[0] for row in told] == ["confirmed", "found", "offer"]


async def _offered(town: Town, client_id: UUID, start: datetime) -> Gig:
    order_id = await town.order(start)
    return await steps.assign(town.cast, order_id, client_id, start=start, now=datetime.now(UTC))


async def _opened(door: httpx.AsyncClient, token: str, gig_id: UUID) -> Phone:
    arrived = await door.get(f"/o/{token}")
    cookies = "; ".join(f"{name}={value}" for name, value in arrived.cookies.items())
    door.cookies.clear()
    shown = await door.get("/gig", headers={"cookie": cookies})
    csrf = shown.text.partition('name="csrf" value="')[2].partition('"')[0]
    return Phone({"cookie": cookies}, {"csrf": csrf, "gig": str(gig_id)})


def _yes(phone: Phone) -> Call:
    async def press(door: httpx.AsyncClient) -> httpx.Response:
        return await door.post("/gig/yes", data=phone.form, headers=phone.headers)

    return press


async def test_of_two_coordinators_one_gets_the_task(town: Town) -> None:
    """Story 7: each with a client who needs a coach; the second's coach is free at once."""
    monday = _monday_weeks_ahead(5)
    needs = {"START": 2}
    ours = await steps.newcomer(town.cast, "ours", needs=needs)
    theirs = await steps.newcomer(town.cast, "theirs", needs=needs, unit="kulma")
    for number in range(5):
        start = monday + timedelta(days=number)
        order_id = await town.order(start, minutes=60)
        calls = [
            town.assign(order_id, ours, start),
            town.assign(order_id, theirs, start, by=town.pekka),
        ]
        heard = await town.race(f"SELECT 1 FROM orders WHERE id = '{order_id}'", calls)
        assert heard == {"201": 1, "place_is_taken": 1}
        held = await town.fresh.owner("SELECT status FROM visits WHERE order_id = $1", order_id)
        assert [row[0] for row in held] == ["held"]


async def test_forty_gigs_stop_at_the_ceiling(town: Town) -> None:
    """Half an hour at 180,00 is 90,00; eleven of them stay under 990,90."""
    client_id = await steps.newcomer(town.cast, "pensioner")
    await steps.on_pension(town.cast, client_id)
    starts = _on_working_days(datetime.now(HELSINKI))
    calls = [
        town.assign(await town.order(start, minutes=30, hourly_cents=18_000), client_id, start)
        for start in starts
    ]
    heard = await town.race(f"SELECT 1 FROM clients WHERE id = '{client_id}'", calls)
    assert heard == {"201": 11, "ceiling_passed": 29}
    sums = await town.fresh.owner(
        "SELECT committed_cents, ceiling_cents FROM earnings_periods WHERE client_id = $1",
        client_id,
    )
    assert [tuple(row) for row in sums] == [(99_000, 99_090)]


def _on_working_days(now: datetime) -> list[datetime]:
    """Return forty times in one month that is not yet here, on ordinary days: all pay alike."""
    first = (now.date().replace(day=1) + timedelta(days=64)).replace(day=1)
    days = [first + timedelta(days=number) for number in range(28)]
    feasts = country_holidays("FI")
    return [
        datetime.combine(day, time(hour), HELSINKI).astimezone(UTC)
        for day in days
        if day.weekday() < 5 and day not in feasts
        for hour in (9, 12, 15)
    ][:40]


async def test_one_key_places_one_order_of_fifty_posts(town: Town) -> None:
    start = _monday_weeks_ahead(6)
    body = {
        "task_number": 2, "title": "Tiskaus", "starts": [start.isoformat()], "minutes": 180,
        "hourly_cents": 1650, "address": "Fleminginkatu 1", "postcode": "00530",
        "contact_name": "Sari Salo", "contact_phone": "+358401234567",
        "contact_email": "sari@keittio.fi",
    }  # fmt: skip
    headers = {**town.sari, "Idempotency-Key": "fifty"}
    said: list[str] = []

    async def post(door: httpx.AsyncClient) -> httpx.Response:
        answer = await door.post("/api/orders", json=body, headers=headers)
        said.append(answer.text)
        return answer

    heard = await town.race(f"SELECT 1 FROM parties WHERE id = '{town.cast.keittio}'", [post] * 50)
    assert heard == {"201": 50}
    assert len(set(said)) == 1
    placed = await town.fresh.owner("SELECT 1 FROM orders WHERE first_start = $1", start)
    assert len(placed) == 1


async def test_approving_a_list_and_assigning_from_it_at_once_never_block(
    cast: Cast, fresh: Fresh
) -> None:
    """The list and the client are locked by both, in one order."""
    order_id, proposal_id = await a_list(cast, cast.eetu, cast.venla, cast.aino)
    answers = await asyncio.gather(
        *(
            cast.database.act(
                cast.maija,
                assigning.approve_list,
                proposal_id=proposal_id,
                ranks=[1, 2, 3],
                now=MONDAY,
            )
            for _ in range(3)
        ),
        *(steps.assign(cast, order_id, client_id) for client_id in (cast.eetu, cast.venla)),
        *(steps.assign(cast, order_id, cast.aino) for _ in range(3)),
        return_exceptions=True,
    )
    assert sum(isinstance(answer, Gig) for answer in answers) == 1
    assert await steps.statuses(fresh, "gigs") == ["assigned"]
    rows = await fresh.owner(
        "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    )
    assert rows[0][0] == 0
