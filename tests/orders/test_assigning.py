"""Assigning takes everything at once, refuses what would break a promise, and tells the client."""

from datetime import timedelta

import pytest

from jobcenter.errors import (
    AlreadyAsked,
    CeilingPassed,
    ClientIsTaken,
    Conflict,
    NotAllowed,
    NotFound,
    PlaceIsTaken,
    RuleBroken,
    SupportMissing,
)
from jobcenter.orders import answering, assigning
from jobcenter.orders.gigs import Via
from jobcenter.people.clients import ClientActivity, ClientBenefit, ClientWish
from tests import make
from tests.cast import CITY, MONDAY, THIS_YEAR, Cast
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.orders.steps import assign


async def test_every_required_visit_is_held_at_assignment(cast: Cast, fresh: Fresh) -> None:
    order_id = await make.save_order(cast, make.order())
    gig = await assign(cast, order_id, cast.aino)
    visits = await fresh.owner("SELECT coach_id, during, presence, status FROM visits")
    assert gig.status == "assigned"
    assert gig.pay_cents == 3450
    assert len(visits) == 1
    assert visits[0]["status"] == "held"
    assert visits[0]["during"].lower == TUESDAY_TEN - timedelta(minutes=30)
    assert visits[0]["during"].upper == TUESDAY_TEN + timedelta(minutes=30)
    assert await fresh.breaches() == {}


async def test_the_offer_is_written_with_the_fact(cast: Cast, fresh: Fresh) -> None:
    order_id = await make.save_order(cast, make.order())
    await assign(cast, order_id, cast.eetu)
    notices = await fresh.owner("SELECT kind, state, client_id FROM notices")
    assert [(row["kind"], row["client_id"]) for row in notices] == [("offer", cast.eetu)]


async def test_a_place_goes_to_one_person(cast: Cast) -> None:
    order_id = await make.save_order(cast, make.order())
    await assign(cast, order_id, cast.aino)
    with pytest.raises(PlaceIsTaken):
        await assign(cast, order_id, cast.eetu)
    later = TUESDAY_TEN + timedelta(hours=1)
    order_id = await make.save_order(cast, make.order(starts=[TUESDAY_TEN, later]))
    await assign(cast, order_id, cast.venla)
    with pytest.raises(PlaceIsTaken):
        await assign(cast, order_id, cast.eetu, start=later)


async def test_nobody_is_in_two_places(cast: Cast) -> None:
    first = await make.save_order(cast, make.order())
    second = await make.save_order(cast, make.order())
    await assign(cast, first, cast.eetu)
    with pytest.raises(ClientIsTaken):
        await assign(cast, second, cast.eetu)


async def test_a_person_with_two_places_of_one_order_is_refused(cast: Cast) -> None:
    order_id = await make.save_order(cast, make.order(places=2))
    await assign(cast, order_id, cast.eetu)
    with pytest.raises((ClientIsTaken, AlreadyAsked)):
        await assign(cast, order_id, cast.eetu, place_no=2)


async def test_another_units_client_is_not_found(cast: Cast) -> None:
    order_id = await make.save_order(cast, make.order())
    with pytest.raises(NotFound):
        await assign(cast, order_id, cast.onni)


async def test_an_orderer_does_not_assign(cast: Cast) -> None:
    order_id = await make.save_order(cast, make.order())
    with pytest.raises(NotAllowed):
        await cast.database.act(
            cast.sari,
            assigning.assign,
            order_id=order_id,
            place_no=1,
            client_id=cast.eetu,
            start=TUESDAY_TEN,
            now=MONDAY,
        )


async def test_a_veto_is_kept(cast: Cast) -> None:
    order_id = await make.save_order(cast, make.order())
    await make.save(
        cast,
        ClientWish(
            organiser_id=CITY,
            client_id=cast.eetu,
            subject="site",
            subject_id=cast.site,
            veto=True,
            points=0,
        ),
    )
    with pytest.raises(RuleBroken):
        await assign(cast, order_id, cast.eetu)


async def test_activity_hours_are_kept_by_the_database(cast: Cast) -> None:
    order_id = await make.save_order(cast, make.order())
    await make.save(
        cast,
        ClientActivity(
            organiser_id=CITY, client_id=cast.eetu, weekday=1, from_minute=540, to_minute=660
        ),
    )
    with pytest.raises(RuleBroken):
        await assign(cast, order_id, cast.eetu)


async def test_only_a_coachs_real_absence_stops_a_match(cast: Cast, fresh: Fresh) -> None:
    from_dawn = TUESDAY_TEN - timedelta(hours=4)
    await fresh.owner(
        "INSERT INTO coach_absences VALUES (1, gen_random_uuid(), $1, tstzrange($2, $3))",
        cast.kim_coach,
        from_dawn,
        from_dawn + timedelta(hours=12),
    )
    order_id = await make.save_order(cast, make.order())
    with pytest.raises(SupportMissing):
        await assign(cast, order_id, cast.aino)
    assert (await assign(cast, order_id, cast.eetu)).status == "assigned"


async def test_a_no_frees_everything_and_nobody_is_asked_twice(cast: Cast, fresh: Fresh) -> None:
    order_id = await make.save_order(cast, make.order())
    gig = await assign(cast, order_id, cast.aino)
    await cast.database.act(cast.maija, answering.decline, gig_id=gig.id, via=Via.PHONE, now=MONDAY)
    assert [row["status"] for row in await fresh.owner("SELECT status FROM visits")] == ["free"]
    with pytest.raises(AlreadyAsked):
        await assign(cast, order_id, cast.aino)
    assert (await assign(cast, order_id, cast.eetu)).status == "assigned"


async def test_a_yes_books_the_visits(cast: Cast, fresh: Fresh) -> None:
    order_id = await make.save_order(cast, make.order())
    gig = await assign(cast, order_id, cast.aino)
    done = await cast.database.act(
        cast.maija, answering.accept, gig_id=gig.id, via=Via.PHONE, now=MONDAY
    )
    again = await cast.database.act(
        cast.maija, answering.accept, gig_id=gig.id, via=Via.PHONE, now=MONDAY
    )
    assert (done.status, again.status) == ("confirmed", "confirmed")
    assert [row["status"] for row in await fresh.owner("SELECT status FROM visits")] == ["booked"]
    assert await fresh.breaches() == {}


async def test_a_yes_after_the_time_is_refused_and_books_nothing(cast: Cast) -> None:
    order_id = await make.save_order(cast, make.order())
    gig = await assign(cast, order_id, cast.aino)
    with pytest.raises(Conflict):
        await cast.database.act(
            cast.maija, answering.accept, gig_id=gig.id, via=Via.PHONE, now=gig.answer_by
        )


async def test_silence_ends_the_offer(cast: Cast, fresh: Fresh) -> None:
    order_id = await make.save_order(cast, make.order())
    gig = await assign(cast, order_id, cast.aino)
    early = await cast.database.act(cast.worker, answering.expire, gig_id=gig.id, now=MONDAY)
    assert early.status == "assigned"
    late = await cast.database.act(cast.worker, answering.expire, gig_id=gig.id, now=gig.answer_by)
    assert late.status == "expired"
    kinds = await fresh.owner("SELECT kind FROM changes ORDER BY id")
    assert [row["kind"] for row in kinds] == ["assigned", "expired"]


async def test_the_ceiling_stops_and_tells_by_how_much(cast: Cast, fresh: Fresh) -> None:
    await make.save(
        cast,
        ClientBenefit(
            organiser_id=CITY,
            client_id=cast.eetu,
            benefit="disability_pension",
            valid_from=THIS_YEAR,
        ),
    )
    await fresh.owner(
        "INSERT INTO earnings_periods VALUES"
        " (1, $1, 'disability_pension', 'MONTH', '2026-12-01', 99090, 97000, '2026-11-01', 0)",
        cast.eetu,
    )
    order_id = await make.save_order(cast, make.order())
    with pytest.raises(CeilingPassed) as caught:
        await assign(cast, order_id, cast.eetu)
    assert caught.value.values["over_cents"] == 1360
    assert (await fresh.owner("SELECT count(*) FROM gigs"))[0][0] == 0
