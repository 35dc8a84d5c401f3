"""Rows with defaults, unsaved; and the short way to put an order of Keittiö Oy into a database."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from jobcenter.access import look
from jobcenter.database import Base, Database, Who
from jobcenter.orders.model import Order, OrderPlace
from jobcenter.orders.proposals import Change
from jobcenter.people import closing
from jobcenter.people.closing import Contact
from jobcenter.people.parties import OrderingParty, Site
from tests.cast import CITY, MONDAY, Cast, key

# Tuesday 2026-11-24, 10:00 in Helsinki: the gig of story 1.
TUESDAY_TEN = MONDAY + timedelta(days=1, hours=1)


def order(
    *,
    start: datetime = TUESDAY_TEN,
    minutes: int = 180,
    places: int = 1,
    hourly_cents: int = 1150,
    starts: list[datetime] | None = None,
    group_visit: bool = False,
    channel: str = "OPEN",
    number: int | None = None,
    outdoors: bool = False,
) -> Order:
    """Return an open order of dishwashing at Keittiö Kallio."""
    permitted = starts or [start]
    return Order(
        organiser_id=CITY,
        id=uuid7(),
        number=number or uuid7().int % 1_000_000_000,
        party_id=key("keittio"),
        site_id=key("site"),
        task_type_id=key("dishwashing"),
        channel=channel,
        employer_id=key("city"),
        status="open",
        title="Tiskaus",
        demands=[2, 1, 1, 2, 2, 0],
        outdoors=outdoors,
        qualifications=[],
        places=places,
        group_visit=group_visit,
        timing="fixed" if len(permitted) == 1 else "starts",
        minutes=minutes,
        starts=permitted,
        start=permitted[0] if len(permitted) == 1 else None,
        first_start=permitted[0],
        last_end=permitted[-1] + timedelta(minutes=minutes),
        hourly_cents=hourly_cents,
        pay_group="G1",
        contact_name="Sari Salo",
        contact_phone="+358401234567",
        placed_by=key("sari"),
        placed_at=MONDAY,
    )


async def save(cast: Cast, *rows: Base) -> None:
    """Write rows one by one, as the login that acts."""

    async def write(session: AsyncSession) -> None:
        for row in rows:
            session.add(row)
            await session.flush()

    await cast.database.act(cast.worker, write)


async def save_order(cast: Cast, row: Order) -> UUID:
    """Write an order with its places and return its id."""
    places = [
        OrderPlace(organiser_id=CITY, order_id=row.id, place_no=number)
        for number in range(1, row.places + 1)
    ]
    await save(cast, row, *places)
    return row.id


async def another_party(cast: Cast) -> UUID:
    """Add another orderer with a site of their own, and return the site's id."""
    party_id, site_id = uuid7(), uuid7()
    await save(
        cast,
        OrderingParty(
            organiser_id=CITY, id=party_id, kind="company", name="Naapuri Oy",
            email="naapuri@example.org", phone="+358401234569",
        ),
        Site(
            organiser_id=CITY, id=site_id, party_id=party_id, name="Naapuri",
            address="Naapurikatu 1", postcode="00530", region="helsinki", lat=60.183, lon=24.951,
        ),
    )  # fmt: skip
    return site_id


async def another_site(cast: Cast) -> UUID:
    """Add another place of Sari's party, and return its id."""
    site_id = uuid7()
    site = Site(
        organiser_id=CITY, id=site_id, party_id=cast.sari.party_id, name="Varasto",
        address="Varastokuja 2", postcode="00530", region="helsinki", lat=60.183, lon=24.951,
    )  # fmt: skip
    await save(cast, site)
    return site_id


async def looking(database: Database, who: Who, *clients: UUID) -> Who:
    """Look at these clients, as a page does first; return the asker of that request."""
    asking = replace(who, request_id=uuid4().hex)
    await look(database, asking, clients=clients, what="test", purpose="test", now=MONDAY)
    return asking


def change(order_id: UUID) -> Change:
    """Return the row that sends the matcher to an order."""
    return Change(organiser_id=CITY, kind="order_placed", order_id=order_id, at=MONDAY)


async def reach(cast: Cast, client_id: UUID, given: str, family: str, phone: str) -> None:
    """Write down how somebody is called, and their number."""
    contact = Contact(client_id, given, family, phone, None)
    await cast.database.act(cast.maija, closing.keep_contact, contact)


async def note(cast: Cast, client_id: UUID, **notes: str) -> None:
    """Write down what helps a client, by need."""
    await cast.database.act(cast.maija, closing.keep_notes, client_id, notes)
