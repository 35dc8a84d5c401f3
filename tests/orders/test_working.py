"""The day itself: here, done, hours approved, nobody came; and who may say so."""

from datetime import datetime, timedelta

import pytest

from jobcenter.database import Who
from jobcenter.errors import Conflict, Invalid, NotAllowed, NotFound, WrongMoment
from jobcenter.orders import working
from jobcenter.orders.gigs import Gig
from tests import make
from tests.cast import CITY, Cast
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.orders import steps
from tests.orders.steps import HOUR, Agreed

ENDS = TUESDAY_TEN + 3 * HOUR
MINUTE = timedelta(minutes=1)


async def done(cast: Cast, agreed: Agreed, *, client: Who | None = None) -> Gig:
    here = client or cast.client(cast.eetu)
    await cast.database.act(here, working.check_in, gig_id=agreed.gig_id, now=TUESDAY_TEN)
    return await cast.database.act(here, working.check_out, gig_id=agreed.gig_id, now=ENDS)


async def approve(
    cast: Cast,
    agreed: Agreed,
    minutes: int,
    *,
    by: Who | None = None,
    reason: str = "",
    now: datetime = ENDS + HOUR,
) -> Gig:
    return await cast.database.act(
        by or cast.sari,
        working.approve,
        gig_id=agreed.gig_id,
        minutes=minutes,
        now=now,
        reason=reason,
    )


async def test_a_gig_from_here_to_approved_hours(cast: Cast, fresh: Fresh) -> None:
    agreed = await steps.agreed(cast, cast.eetu)
    gig = await done(cast, agreed)
    assert (gig.status, gig.started_at, gig.ended_at, gig.worked_minutes) == (
        "done", TUESDAY_TEN, ENDS, 180,
    )  # fmt: skip
    assert await steps.told(fresh, "hours_to_approve") == [cast.sari.actor_id]
    approved = await approve(cast, agreed, 180)
    assert (approved.status, approved.pay_cents) == ("approved", 3450)
    moves = await fresh.owner("SELECT to_status, actor, via FROM gig_events ORDER BY at, id")
    assert [row["to_status"] for row in moves] == [
        "assigned", "confirmed", "in_progress", "done", "approved",
    ]  # fmt: skip
    assert (moves[2]["actor"], moves[2]["via"]) == (cast.eetu, "link")


async def test_pressing_twice_is_once(cast: Cast, fresh: Fresh) -> None:
    agreed = await steps.agreed(cast, cast.eetu)
    here = cast.client(cast.eetu)
    for now in (TUESDAY_TEN, TUESDAY_TEN + MINUTE):
        gig = await cast.database.act(here, working.check_in, gig_id=agreed.gig_id, now=now)
    assert gig.started_at == TUESDAY_TEN
    for now in (ENDS, ENDS + MINUTE):
        gig = await cast.database.act(here, working.check_out, gig_id=agreed.gig_id, now=now)
    assert gig.ended_at == ENDS
    for _ in range(2):
        gig = await approve(cast, agreed, 180)
    assert gig.version == 5
    assert len(await fresh.owner("SELECT 1 FROM gig_events")) == 5


async def test_nobody_checks_in_before_the_hour_or_without_a_yes(cast: Cast) -> None:
    agreed = await steps.agreed(cast, cast.eetu)
    here = cast.client(cast.eetu)
    with pytest.raises(WrongMoment, match="60 minutes"):
        await cast.database.act(
            here, working.check_in, gig_id=agreed.gig_id, now=TUESDAY_TEN - HOUR - MINUTE
        )
    with pytest.raises(WrongMoment):
        await cast.database.act(here, working.check_out, gig_id=agreed.gig_id, now=ENDS)
    order_id = await make.save_order(cast, make.order())
    offered = await steps.assign(cast, order_id, cast.venla)
    with pytest.raises(WrongMoment):
        await cast.database.act(
            cast.client(cast.venla), working.check_in, gig_id=offered.id, now=TUESDAY_TEN
        )
    gig = await cast.database.act(
        here, working.check_in, gig_id=agreed.gig_id, now=TUESDAY_TEN - HOUR
    )
    assert gig.status == "in_progress"


async def test_only_the_client_and_their_own_people_say_how_it_goes(cast: Cast) -> None:
    agreed = await steps.agreed(cast, cast.eetu)
    for other in (cast.client(cast.venla), cast.pekka, cast.sari, cast.worker):
        with pytest.raises(NotFound):
            await cast.database.act(other, working.check_in, gig_id=agreed.gig_id, now=TUESDAY_TEN)
    gig = await cast.database.act(cast.kim, working.check_in, gig_id=agreed.gig_id, now=TUESDAY_TEN)
    assert gig.status == "in_progress"


async def test_other_hours_than_planned_need_a_reason(cast: Cast) -> None:
    agreed = await steps.agreed(cast, cast.eetu)
    await done(cast, agreed)
    for minutes, reason in ((150, ""), (150, "  "), (-1, "Lähti"), (721, "Jäi")):
        with pytest.raises(Invalid):
            await approve(cast, agreed, minutes, reason=reason)
    gig = await approve(cast, agreed, 150, reason="Lähti ajoissa")
    assert (gig.worked_minutes, gig.pay_cents) == (150, 2875)


async def test_who_may_approve(cast: Cast) -> None:
    agreed = await steps.agreed(cast, cast.eetu)
    await done(cast, agreed)
    stranger = Who(CITY, "orderer", party_id=cast.kulma, rights=frozenset({"order"}))
    for other in (stranger, cast.pekka, cast.kim, cast.client(cast.eetu)):
        with pytest.raises(NotFound):
            await approve(cast, agreed, 180, by=other)
    with pytest.raises(NotAllowed):
        await approve(cast, agreed, 180, by=cast.maija)
    with pytest.raises(WrongMoment):
        await approve(cast, agreed, 180, by=cast.merja)
    # Wednesday, Thursday and Friday were silent: on Monday the lead decides.
    monday = ENDS + timedelta(days=6)
    assert (await approve(cast, agreed, 180, by=cast.merja, now=monday)).status == "approved"


async def test_what_counts_against_the_ceiling_follows_the_hours(cast: Cast, fresh: Fresh) -> None:
    await steps.on_pension(cast, cast.eetu)
    agreed = await steps.agreed(cast, cast.eetu)
    assert await _committed(fresh) == 3450
    await done(cast, agreed)
    await approve(cast, agreed, 150, reason="Lähti ajoissa")
    assert await _committed(fresh) == 2875
    entries = await fresh.owner("SELECT cents FROM earnings_entries ORDER BY id")
    assert [row[0] for row in entries] == [3450, -575]


async def test_hours_that_would_pass_the_ceiling_need_a_word_first(
    cast: Cast, fresh: Fresh
) -> None:
    """The orderer hears nothing of ceilings."""
    await steps.on_pension(cast, cast.eetu)
    agreed = await steps.agreed(cast, cast.eetu)
    await done(cast, agreed)
    await fresh.owner("UPDATE earnings_periods SET told_cents = 95000, told_on = '2026-11-01'")
    with pytest.raises(WrongMoment, match="call us") as caught:
        await approve(cast, agreed, 240, reason="Kiire")
    assert "limit" not in str(caught.value)
    assert (await approve(cast, agreed, 200, reason="Kiire")).pay_cents == 3833


async def _committed(fresh: Fresh) -> int:
    rows = await fresh.owner("SELECT committed_cents FROM earnings_periods")
    return sum(row[0] for row in rows)


async def test_a_no_show_keeps_the_place_and_blames_nobody(cast: Cast, fresh: Fresh) -> None:
    await steps.on_pension(cast, cast.aino)
    agreed = await steps.agreed(cast, cast.aino)
    with pytest.raises(WrongMoment):
        await cast.database.act(
            cast.maija, working.no_show, gig_id=agreed.gig_id, now=TUESDAY_TEN - MINUTE
        )
    for other, error in ((cast.sari, NotFound), (cast.pekka, NotFound)):
        with pytest.raises(error):
            await cast.database.act(
                other, working.no_show, gig_id=agreed.gig_id, now=TUESDAY_TEN + HOUR
            )
    gig = await cast.database.act(
        cast.maija, working.no_show, gig_id=agreed.gig_id, now=TUESDAY_TEN + HOUR
    )
    assert (gig.status, await _committed(fresh)) == ("no_show", 0)
    assert await steps.todos(fresh) == ["where_are_you"]
    assert await steps.statuses(fresh, "visits") == ["free"]
    with pytest.raises(Conflict):
        await steps.assign(cast, agreed.order_id, cast.eetu)
