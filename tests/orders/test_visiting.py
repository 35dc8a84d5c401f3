"""A coach cannot come, moves a visit, is away: somebody else takes over, or it is flagged."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.dialects.postgresql import Range

from jobcenter.errors import CoachIsTaken, Conflict, NotAllowed, NotFound, RuleBroken
from jobcenter.orders import visiting
from tests import make
from tests.cast import MONDAY, Cast
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.orders import steps
from tests.orders.steps import DAY, HOUR

MINUTE = timedelta(minutes=1)
HALF = 30 * MINUTE


async def visits(fresh: Fresh) -> list[tuple[UUID, UUID, str]]:
    """Return every visit with its coach and status, in time order."""
    rows = await fresh.owner("SELECT id, coach_id, status FROM visits ORDER BY during, id")
    return [tuple(row) for row in rows]


async def test_another_coach_takes_over_at_the_same_time(cast: Cast, fresh: Fresh) -> None:
    await steps.agreed(cast, cast.aino)
    ((visit_id, _, _),) = await visits(fresh)
    other = await steps.another_coach(cast, "stand-in")
    before = await fresh.owner("SELECT during FROM visits")
    done = await cast.database.act(cast.kim, visiting.cannot, visit_id=visit_id, now=MONDAY)
    assert (done.coach_id, done.sequence) == (other, 2)
    assert await fresh.owner("SELECT during FROM visits") == before
    assert await steps.told(fresh, "coach_changed") == [cast.aino]
    assert await fresh.owner("SELECT 1 FROM flags") == []
    away = await fresh.owner("SELECT coach_id, during FROM coach_absences")
    assert [tuple(row) for row in away] == [(cast.kim_coach, before[0][0])]


async def test_where_nobody_can_the_loss_is_flagged_and_a_person_is_asked(
    cast: Cast, fresh: Fresh
) -> None:
    agreed = await steps.agreed(cast, cast.aino)
    ((visit_id, _, _),) = await visits(fresh)
    await cast.database.act(cast.kim, visiting.cannot, visit_id=visit_id, now=MONDAY)
    assert await steps.statuses(fresh, "visits") == ["free"]
    flags = await fresh.owner("SELECT gig_id, kind, closed_at FROM flags")
    assert [tuple(row) for row in flags] == [(agreed.gig_id, "support_missing", None)]
    assert await steps.todos(fresh) == ["find_coach"]
    assert await fresh.breaches() == {}
    with pytest.raises(NotFound):
        await cast.database.act(cast.kim, visiting.cannot, visit_id=visit_id, now=MONDAY)


async def test_somebody_at_the_same_time_is_better_than_somebody_at_another(
    cast: Cast, fresh: Fresh
) -> None:
    client_id = await steps.newcomer(cast, "after", needs={"AFTER": 3})
    await steps.agreed(cast, client_id)
    ((visit_id, _, _),) = await visits(fresh)
    coaches = sorted([await steps.another_coach(cast, f"stand-in {n}") for n in range(2)])
    during = (await fresh.owner("SELECT during FROM visits"))[0][0]
    await fresh.owner(
        "INSERT INTO coach_absences VALUES (1, gen_random_uuid(), $1, $2)", coaches[0], during
    )
    done = await cast.database.act(cast.kim, visiting.cannot, visit_id=visit_id, now=MONDAY)
    assert (done.coach_id, done.start) == (coaches[1], during.lower)


async def test_whoever_takes_over_speaks_with_everybody_and_stays_as_long(
    cast: Cast, fresh: Fresh
) -> None:
    """One of the two needs the door for an hour, and only one of them speaks Finnish."""
    long = await steps.newcomer(cast, "long", needs={"START": 2, "SAFE": 2})
    short = await steps.newcomer(cast, "short", needs={"START": 2})
    order_id = await make.save_order(cast, make.order(places=2, group_visit=True))
    await steps.assign(cast, order_id, long)
    await steps.assign(cast, order_id, short, place_no=2)
    ((visit_id, _, _),) = await visits(fresh)
    await fresh.owner("UPDATE clients SET spoken = '{sv}' WHERE id = $1", short)
    await steps.another_coach(cast, "finnish")
    both = await steps.another_coach(cast, "both", languages=("sv", "fi"))
    done = await cast.database.act(cast.kim, visiting.cannot, visit_id=visit_id, now=MONDAY)
    assert done.coach_id == both
    assert done.during == Range(TUESDAY_TEN - HALF, TUESDAY_TEN + HALF)
    assert set(await steps.told(fresh, "coach_changed")) == {long, short}


async def test_a_visit_moves_within_its_plan_and_the_client_hears_of_it(
    cast: Cast, fresh: Fresh
) -> None:
    client_id = await steps.newcomer(cast, "meeting", needs={"AFTER": 3})
    await steps.agreed(cast, client_id)
    ((visit_id, _, _),) = await visits(fresh)
    ends = TUESDAY_TEN + 3 * HOUR
    for start in (ends + HALF, ends + 37 * MINUTE):
        done = await cast.database.act(
            cast.kim, visiting.move, visit_id=visit_id, start=start, now=MONDAY
        )
        assert (done.start, done.end) == (start, start + HALF)
    assert await steps.told(fresh, "moved") == [client_id, client_id]
    for wrong in (ends - HALF, ends + 4 * DAY):
        with pytest.raises(RuleBroken):
            await cast.database.act(
                cast.kim, visiting.move, visit_id=visit_id, start=wrong, now=MONDAY
            )


async def test_a_coach_is_not_moved_to_two_places(cast: Cast, fresh: Fresh) -> None:
    client_id = await steps.newcomer(cast, "meeting", needs={"AFTER": 3})
    await steps.agreed(cast, client_id)
    ((visit_id, _, _),) = await visits(fresh)
    after = TUESDAY_TEN + 4 * HOUR
    await steps.agreed(cast, cast.aino, make.order(start=after))
    for start in (after - HALF, after):
        with pytest.raises(CoachIsTaken):
            await cast.database.act(
                cast.kim, visiting.move, visit_id=visit_id, start=start, now=MONDAY
            )
    outside_hours = TUESDAY_TEN + 7 * HOUR
    with pytest.raises(CoachIsTaken):
        await cast.database.act(
            cast.kim, visiting.move, visit_id=visit_id, start=outside_hours, now=MONDAY
        )


async def test_a_coach_away_on_a_day_is_stood_in_for_where_somebody_can(
    cast: Cast, fresh: Fresh
) -> None:
    """Story 5: two visits, one stand-in who has an afternoon only."""
    await steps.agreed(cast, cast.aino, make.order(minutes=120))
    client_id = await steps.newcomer(cast, "afternoon", needs={"START": 2})
    await steps.agreed(cast, client_id, make.order(start=TUESDAY_TEN + 3 * HOUR, minutes=60))
    other = await steps.another_coach(cast, "afternoons")
    await fresh.owner("UPDATE coach_hours SET from_minute = 720 WHERE coach_id = $1", other)
    day = Range(TUESDAY_TEN - 10 * HOUR, TUESDAY_TEN + 14 * HOUR)
    ill_at = TUESDAY_TEN - 3 * HOUR
    handled = await cast.database.act(
        cast.kim, visiting.away, coach_id=cast.kim_coach, during=day, now=ill_at
    )
    assert handled == 2
    assert [(row[1], row[2]) for row in await visits(fresh)] == [
        (cast.kim_coach, "free"), (other, "booked"),
    ]  # fmt: skip
    assert len(await fresh.owner("SELECT 1 FROM flags WHERE kind = 'support_missing'")) == 1
    kinds = await fresh.owner("SELECT kind, coach_id FROM changes ORDER BY id DESC LIMIT 1")
    assert tuple(kinds[0]) == ("coach_away", cast.kim_coach)
    order_id = await make.save_order(cast, make.order(start=TUESDAY_TEN + 2 * HOUR))
    with pytest.raises(Conflict):
        await steps.assign(cast, order_id, cast.aino, start=TUESDAY_TEN + 2 * HOUR)


async def test_only_coaches_and_coordinators_of_the_unit_change_visits(
    cast: Cast, fresh: Fresh
) -> None:
    await steps.agreed(cast, cast.aino)
    ((visit_id, _, _),) = await visits(fresh)
    # A coach of another unit than one's own is not found; whoever coaches in none is refused first.
    for who, error, of_coach in (
        (cast.client(cast.aino), NotAllowed, NotAllowed),
        (cast.sari, NotAllowed, NotFound),
        (cast.pekka, NotFound, NotFound),
    ):
        with pytest.raises(error):
            await cast.database.act(who, visiting.cannot, visit_id=visit_id, now=MONDAY)
        with pytest.raises(error):
            await cast.database.act(
                who, visiting.move, visit_id=visit_id, start=TUESDAY_TEN, now=MONDAY
            )
        with pytest.raises(of_coach):
            await cast.database.act(
                who,
                visiting.away,
                coach_id=cast.kim_coach,
                during=Range(MONDAY, MONDAY + DAY),
                now=MONDAY,
            )


async def test_coaches_away_while_others_assign_never_block_each_other(
    cast: Cast, fresh: Fresh
) -> None:
    """Whoever hands over many visits locks every client first, as those who assign do."""
    people = [await steps.newcomer(cast, f"busy {n}", needs={"START": 2}) for n in range(6)]
    for day, client_id in enumerate(people):
        start = TUESDAY_TEN + (day if day < 4 else day + 2) * DAY
        await steps.agreed(cast, client_id, make.order(start=start, minutes=60))
    orders = [
        await make.save_order(cast, make.order(start=TUESDAY_TEN + 14 * DAY, minutes=60))
        for _ in people
    ]
    later = TUESDAY_TEN + 14 * DAY
    all_days = Range(MONDAY, MONDAY + 12 * DAY)
    answers = await asyncio.gather(
        cast.database.act(
            cast.kim, visiting.away, coach_id=cast.kim_coach, during=all_days, now=MONDAY
        ),
        *(
            steps.assign(cast, order_id, client_id, start=later)
            for order_id, client_id in zip(orders, reversed(people), strict=True)
        ),
        return_exceptions=True,
    )
    assert [answer for answer in answers if isinstance(answer, Exception)] == [
        answer for answer in answers if isinstance(answer, Conflict)
    ]
    deadlocks = await fresh.owner(
        "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    )
    assert deadlocks[0][0] == 0
