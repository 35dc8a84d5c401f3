"""What people do with an order, in one line each: for tests of what comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from os import urandom
from uuid import UUID

from jobcenter.database import Who
from jobcenter.intake import talking
from jobcenter.orders import answering, assigning
from jobcenter.orders.gigs import Gig, Via
from jobcenter.orders.model import Order
from jobcenter.people import clients as c
from jobcenter.people import staff as s
from tests import make
from tests.cast import CITY, MONDAY, THIS_YEAR, Cast, key
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Agreed:
    """A confirmed gig and its order."""

    order_id: UUID
    gig_id: UUID


async def assign(
    cast: Cast,
    order_id: UUID,
    client_id: UUID,
    *,
    place_no: int = 1,
    start: datetime = TUESDAY_TEN,
    now: datetime = MONDAY,
    by: Who | None = None,
) -> Gig:
    """Have Maija, or another coordinator, assign a client."""
    return await cast.database.act(
        by or cast.maija,
        assigning.assign,
        order_id=order_id,
        place_no=place_no,
        client_id=client_id,
        start=start,
        now=now,
    )


async def accept(cast: Cast, gig_id: UUID, *, now: datetime = MONDAY) -> Gig:
    """Have Maija write down a yes that she was told on the phone."""
    return await cast.database.act(
        cast.maija, answering.accept, gig_id=gig_id, via=Via.PHONE, now=now
    )


async def decline(cast: Cast, gig_id: UUID, *, now: datetime = MONDAY) -> Gig:
    """Have Maija write down a no that she was told on the phone."""
    return await cast.database.act(
        cast.maija, answering.decline, gig_id=gig_id, via=Via.PHONE, now=now
    )


async def agreed(cast: Cast, client_id: UUID, order: Order | None = None) -> Agreed:
    """Have a client say yes to the first place of an order."""
    order = order or make.order()
    order_id = await make.save_order(cast, order)
    gig = await assign(cast, order_id, client_id, start=order.first_start)
    await accept(cast, gig.id)
    return Agreed(order_id, gig.id)


async def newcomer(
    cast: Cast, name: str, *, needs: Mapping[str, int] | None = None, unit: str = "kaneli"
) -> UUID:
    """Add a client who is free every day from seven to twenty."""
    client_id = key(name)
    await make.save(
        cast,
        c.Client(
            organiser_id=CITY, id=client_id, unit_id=key(unit), service="disability",
            coach_id=key("kim_coach" if unit == "kaneli" else "liisa_coach"),
            legal_basis="27e", spoken=["fi"], region="helsinki", lat=60.190, lon=24.960,
            limits=[3, 3, 3, 3, 3, 3], travel_minutes=60, week_minutes=2400, week_gigs=50,
            joined_on=THIS_YEAR,
        ),
        *(
            c.ClientHours(
                organiser_id=CITY, client_id=client_id, weekday=day, from_minute=420, to_minute=1200
            )
            for day in range(7)
        ),
        *(
            c.ClientNeed(
                organiser_id=CITY, client_id=client_id, code=code, level=level,
                assessed_on=THIS_YEAR,
            )
            for code, level in (needs or {}).items()
        ),
    )  # fmt: skip
    await make.reach(cast, client_id, name.title(), "Uusi", "+358455550200")
    return client_id


async def another_coach(
    cast: Cast, name: str, *, unit: str = "kaneli", languages: tuple[str, ...] = ("fi",)
) -> UUID:
    """Add a coach with office hours on every working day."""
    coach_id = key(name)
    await make.save(
        cast,
        s.Coach(
            organiser_id=CITY, id=coach_id, unit_id=key(unit), user_id=None, name=name.title(),
            phone="+358451234568", languages=list(languages), lat=60.187, lon=24.964,
        ),
        *(
            s.CoachHours(
                organiser_id=CITY, coach_id=coach_id, weekday=day, from_minute=480, to_minute=960
            )
            for day in range(5)
        ),
    )  # fmt: skip
    return coach_id


async def on_pension(cast: Cast, client_id: UUID) -> None:
    """Give a client a disability pension, whose ceiling of the cast is 990,90 a month."""
    await make.save(
        cast,
        c.ClientBenefit(
            organiser_id=CITY, client_id=client_id, benefit="disability_pension",
            valid_from=THIS_YEAR,
        ),
    )  # fmt: skip


async def talk_of(cast: Cast, who: Who, client_id: UUID, *, now: datetime = MONDAY) -> None:
    """Have somebody who has signed in go through a client's benefits with them, on the phone."""
    browser = s.Session(
        organiser_id=CITY, token_hash=urandom(32), user_id=who.actor_id, csrf="", created_at=now,
        seen_at=now, expires_at=now + timedelta(hours=10),
    )  # fmt: skip
    await make.save(cast, browser)
    await cast.database.act(
        who, talking.open_talk, client_id=client_id, how="phone",
        session_hash=browser.token_hash, now=now,
    )  # fmt: skip


async def statuses(fresh: Fresh, table: str) -> list[str]:
    """Return the statuses in a table, sorted."""
    rows = await fresh.owner(f"SELECT status FROM {table} ORDER BY status")
    return [row["status"] for row in rows]


async def told(fresh: Fresh, kind: str) -> list[UUID | None]:
    """Return who has been written a notice of this kind: clients, else users."""
    rows = await fresh.owner(
        "SELECT coalesce(client_id, user_id) AS whom FROM notices WHERE kind = $1 ORDER BY id", kind
    )
    return [row["whom"] for row in rows]


async def todos(fresh: Fresh) -> list[str]:
    """Return the kinds of what staff must do."""
    rows = await fresh.owner("SELECT kind FROM todos ORDER BY kind")
    return [row["kind"] for row in rows]
