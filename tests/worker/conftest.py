"""A worker's hands for a test: the cast's database, a real gateway and a real mail server."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from jobcenter.database import Face
from jobcenter.orders import assigning
from jobcenter.people import clients as c
from jobcenter.senders import Gateway, MailServer
from jobcenter.worker.hands import Hands, WorkerConfig, hands
from jobcenter.worker.ticks import run_due
from tests import make, servers
from tests.cast import CITY, MONDAY, THIS_YEAR, Cast, key
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.servers import Outside

SECRET = "not a secret in a test"
BASE = "https://jc.example"


@dataclass(frozen=True)
class Works:
    """The worker at hand, and the outside that it reaches."""

    cast: Cast
    fresh: Fresh
    hands: Hands
    sms: Outside
    mail: Outside

    async def run(self, now: datetime) -> None:
        """Do everything that is due at that moment."""
        await run_due(self.hands, now)

    async def states(self) -> dict[str, int]:
        """Count the notices by state."""
        rows = await self.fresh.owner("SELECT state, count(*) FROM notices GROUP BY state")
        return {row["state"]: row["count"] for row in rows}

    async def todos(self) -> list[str]:
        """Return the kinds of what staff must do."""
        rows = await self.fresh.owner("SELECT kind FROM todos ORDER BY kind")
        return [row["kind"] for row in rows]

    async def offer(self, client_id: UUID, *, start: datetime = TUESDAY_TEN) -> UUID:
        """Have Maija assign a client to a new order; return the gig."""
        order_id = await make.save_order(self.cast, make.order(start=start))
        return await self.assign(order_id, client_id, start=start)

    async def assign(
        self, order_id: UUID, client_id: UUID, *, place_no: int = 1, start: datetime = TUESDAY_TEN
    ) -> UUID:
        """Have Maija assign a client to a place of an order; return the gig."""
        gig = await self.cast.database.act(
            self.cast.maija,
            assigning.assign,
            order_id=order_id,
            place_no=place_no,
            client_id=client_id,
            start=start,
            now=MONDAY,
        )
        return gig.id

    async def crowd(self, count: int) -> list[UUID]:
        """Have so many new clients assigned to one order; return their gigs."""
        order_id = await make.save_order(self.cast, make.order(places=count))
        gigs = []
        for number in range(1, count + 1):
            client_id = await _newcomer(self.cast, number)
            gigs.append(await self.assign(order_id, client_id, place_no=number))
        return gigs


async def _newcomer(cast: Cast, number: int) -> UUID:
    client_id = uuid7()
    await make.save(
        cast,
        c.Client(
            organiser_id=CITY, id=client_id, unit_id=key("kaneli"), service="disability",
            legal_basis="27e", spoken=["fi"], region="helsinki", lat=60.190, lon=24.960,
            limits=[3, 3, 3, 3, 3, 3], travel_minutes=60, week_minutes=1200, week_gigs=5,
            joined_on=THIS_YEAR,
        ),
        *(
            c.ClientHours(
                organiser_id=CITY, client_id=client_id, weekday=day, from_minute=420, to_minute=1200
            )
            for day in range(7)
        ),
    )  # fmt: skip
    await make.reach(cast, client_id, "Vieras", f"{number}", f"+3584555502{number:02}")
    return client_id


@pytest.fixture(scope="session")
def sms_gateway() -> Iterator[Outside]:
    """Run an SMS gateway for all tests of the worker."""
    with servers.running("sms") as outside:
        yield outside


@pytest.fixture(scope="session")
def mail_server() -> Iterator[Outside]:
    """Run a mail server for all tests of the worker."""
    with servers.running("mail") as outside:
        yield outside


@pytest.fixture
def works(cast: Cast, fresh: Fresh, sms_gateway: Outside, mail_server: Outside) -> Works:
    """Put the worker together around the cast; the outside is in a good mood and has no past."""
    for outside in (sms_gateway, mail_server):
        outside.forget()
    config = WorkerConfig(
        organiser=CITY,
        base_url=BASE,
        secret=SECRET,
        gateway=Gateway(f"http://127.0.0.1:{sms_gateway.port}/send", patience=0.4),
        server=MailServer("127.0.0.1", mail_server.port, "jobcenter@example.org", patience=2),
        direct_dsn=fresh.doors[Face.SERVICE],
        lease=timedelta(seconds=30),
        heartbeat=timedelta(seconds=1),
        beat=timedelta(seconds=0.3),
    )
    return Works(cast, fresh, hands(cast.database, config), sms_gateway, mail_server)
