"""An order moves to the date it was offered, by its orderer, while nobody has the old one."""

from datetime import datetime, timedelta

import pytest

from jobcenter.database import Who
from jobcenter.errors import Conflict, NotFound
from jobcenter.matching.ahead import later
from jobcenter.orders import moving
from tests import make
from tests.cast import CITY, MONDAY, Cast, key
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.matching import folk
from tests.orders import steps
from tests.orders.steps import DAY

THURSDAY_TEN = TUESDAY_TEN + 2 * DAY
NEXT = THURSDAY_TEN + DAY


async def test_it_moves_once_and_only_while_nobody_has_it(cast: Cast, fresh: Fresh) -> None:
    order_id = await make.save_order(cast, make.order(start=THURSDAY_TEN))
    other = await make.save_order(cast, make.order(start=THURSDAY_TEN))
    await fresh.owner("UPDATE orders SET next_start = $1, escalated = 2", NEXT)
    stranger = Who(
        CITY, "orderer", actor_id=key("sari"), party_id=key("x"), rights=cast.sari.rights
    )
    link = Who(CITY, "status", party_id=cast.keittio)
    for who, start, error in (
        (stranger, NEXT, NotFound),
        (Who(CITY, "status", party_id=key("x")), NEXT, NotFound),
        (cast.client(cast.aino), NEXT, NotFound),
        (cast.sari, NEXT + timedelta(minutes=1), Conflict),
    ):
        with pytest.raises(error):
            await cast.database.act(who, moving.move, order_id=order_id, start=start, now=MONDAY)
    for who in (link, cast.sari):
        moved = await cast.database.act(who, moving.move, order_id=order_id, start=NEXT, now=MONDAY)
        assert (moved.first_start, moved.last_end - NEXT, moved.escalated, moved.version) == (
            NEXT, timedelta(hours=3), 0, 2,
        )  # fmt: skip
    assert await steps.told(fresh, "order_changed") == [cast.sari.actor_id]
    # Somebody is asked for the other meanwhile: then its date stays.
    await steps.assign(cast, other, cast.eetu, start=THURSDAY_TEN)
    with pytest.raises(Conflict, match="cannot be had any more"):
        await cast.database.act(cast.sari, moving.move, order_id=other, start=NEXT, now=MONDAY)
    with pytest.raises(Conflict):
        await cast.database.act(cast.sari, moving.move, order_id=other, start=NEXT, now=NEXT)


@pytest.mark.parametrize(
    ("start", "first", "third"),
    [
        # A working day moves to working days: Friday, Monday, Tuesday.
        (THURSDAY_TEN, THURSDAY_TEN + DAY, THURSDAY_TEN + 5 * DAY),
        # A Saturday to free days: Sunday, the next Saturday and Sunday.
        (THURSDAY_TEN + 2 * DAY, THURSDAY_TEN + 3 * DAY, THURSDAY_TEN + 10 * DAY),
    ],
)
def test_days_of_the_same_kind_are_tried(start: datetime, first: datetime, third: datetime) -> None:
    tried = later(folk.order(start=start))
    assert (tried[0], tried[2]) == (first, third)
    assert tried == sorted(set(tried))
