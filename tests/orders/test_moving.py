"""An order moves to the date it was offered, by its orderer, while nobody has the old one."""

from datetime import datetime, timedelta

import pytest

from jobcenter.database import Who
from jobcenter.errors import Conflict, NotFound
from jobcenter.matching.ahead import later
from jobcenter.orders import escalating, ground, moving
from jobcenter.people.parties import Agreement
from tests import make
from tests.cast import CITY, MONDAY, Cast, key
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.matching import folk
from tests.orders import steps
from tests.orders.steps import DAY, HOUR

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
    # The floor of pay has been raised since: the new day would be paid too little.
    third = await make.save_order(cast, make.order(start=THURSDAY_TEN))
    await fresh.owner("UPDATE orders SET next_start = $1 WHERE id = $2", NEXT, third)
    await fresh.owner("UPDATE figures SET amount = 1151 WHERE kind = 'pay_floor'")
    with pytest.raises(Conflict, match="cannot be had any more"):
        await cast.database.act(cast.sari, moving.move, order_id=third, start=NEXT, now=MONDAY)


async def test_an_order_that_has_moved_is_told_of_again(cast: Cast, fresh: Fresh) -> None:
    order_id = await make.save_order(cast, make.order(start=THURSDAY_TEN))

    async def alarm(step: int, now: datetime, ahead: datetime | None = None) -> bool:
        return await cast.database.act(
            cast.worker, escalating.escalate,
            order_id=order_id, step=step, next_start=ahead, now=now,
        )  # fmt: skip

    assert await alarm(3, THURSDAY_TEN - 4 * HOUR, NEXT)
    await cast.database.act(
        cast.sari, moving.move, order_id=order_id, start=NEXT, now=THURSDAY_TEN - HOUR
    )
    # The alarms of the old day are over.
    open_ = "SELECT kind, due_at FROM todos WHERE done_at IS NULL ORDER BY due_at"
    assert await fresh.owner(open_) == []
    for step, hours in ((2, 24), (3, 4)):
        assert [await alarm(step, NEXT - hours * HOUR) for _ in range(2)] == [True, False]
    assert await steps.told(fresh, "unfilled") == [cast.sari.actor_id] * 3
    assert [tuple(row) for row in await fresh.owner(open_)] == [
        ("fill_soon", NEXT - 24 * HOUR), ("fill", NEXT),
    ]  # fmt: skip


async def test_only_days_of_its_agreement_and_of_its_pay_are_offered(
    cast: Cast, fresh: Fresh
) -> None:
    order = make.order(start=THURSDAY_TEN)
    agreement = Agreement(
        organiser_id=CITY, id=key("agreement"), party_id=cast.keittio, title="Puitesopimus",
        valid_from=THURSDAY_TEN.date(), valid_to=(THURSDAY_TEN + 5 * DAY).date(),
    )  # fmt: skip
    await make.save(cast, agreement)
    order.agreement_id = agreement.id
    await make.save_order(cast, order)
    days = [THURSDAY_TEN + days * DAY for days in (-1, 0, 1, 4, 5)]

    async def standing() -> list[datetime]:
        return await cast.database.read(
            cast.worker, ground.standing, order_id=order.id, starts=days
        )

    assert await standing() == days[1:4]
    floors = "UPDATE figures SET valid_to = $1 WHERE kind = 'pay_floor'"
    await fresh.owner(floors, (THURSDAY_TEN + 2 * DAY).date())
    assert await standing() == days[1:3]


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
