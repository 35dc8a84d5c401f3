"""A checked wish of Keittiö Oy for a test that places it."""

from dataclasses import replace
from datetime import datetime

from jobcenter.database import Who
from jobcenter.orders import placing
from jobcenter.orders.occasions import Repeat, TimeFields
from jobcenter.orders.wishes import Wish, WishFields, check
from jobcenter.reference.pay import figures
from tests.cast import MONDAY, Cast
from tests.make import TUESDAY_TEN

FIGURES = [*figures(2026), *figures(2027)]
DISHES = WishFields(
    times=TimeFields("fixed", (TUESDAY_TEN,), 180),
    party_name="Keittiö Oy",
    party_kind="company",
    business_id="2077474-0",
    contact_name="Sari Salo",
    contact_phone="+358401234567",
    contact_email="sari@keittio.example",
    title="Tiskaus",
    task_number=2,
    demands=(2, 1, 1, 2, 2, 0),
    hourly_cents=1300,
    pay_group="G1",
    address="Fleminginkatu 1",
    postcode="00530",
)


def wish(
    times: TimeFields | None = None,
    *,
    now: datetime = MONDAY,
    places: int = 1,
    hourly_cents: int = 1300,
) -> Wish:
    """Return Keittiö Oy's wish for dishwashing in Kallio."""
    asked = replace(DISHES, times=times or DISHES.times, places=places, hourly_cents=hourly_cents)
    return check(asked, now=now, figures=FIGURES)


async def place(
    cast: Cast,
    wished: Wish | None = None,
    *,
    now: datetime = MONDAY,
    by: Who | None = None,
    key: str = "",
    body: str = "the same",
    repeat: Repeat | None = None,
) -> placing.Placed:
    """Have Sari, or somebody else, place a wish."""
    return await cast.database.act(
        by or cast.sari,
        placing.place,
        wish=wished or wish(now=now),
        now=now,
        repeat=repeat,
        key=placing.Key(key, body) if key else None,
    )
