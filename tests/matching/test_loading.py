"""What the matcher reads of the cast's world, and how it stands in the problem."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range

from jobcenter.database import Base
from jobcenter.matching.candidates import candidates
from jobcenter.matching.loading.facts import Facts
from jobcenter.matching.loading.layout import Laid, lay_out
from jobcenter.matching.loading.persons import LONG_AGO
from jobcenter.matching.loading.reading import read
from jobcenter.matching.problem import FOREVER, NOBODY
from jobcenter.matching.visits import Agenda
from jobcenter.orders import answering, assigning, working
from jobcenter.orders.gigs import Gig, Via
from jobcenter.people.clients import (
    ClientActivity,
    ClientException,
    ClientQualification,
    ClientStrength,
    ClientWish,
)
from jobcenter.people.decisions import ServiceDecision
from jobcenter.people.parties import Figure
from jobcenter.people.staff import CoachAbsence
from tests import make
from tests.cast import CITY, MONDAY, THIS_YEAR, Cast
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN

FORTNIGHT = timedelta(days=14)


async def facts_of(cast: Cast) -> Facts:
    return await cast.database.read(cast.worker, read, now=MONDAY, until=MONDAY + FORTNIGHT)


async def laid_of(cast: Cast) -> Laid:
    return lay_out(await facts_of(cast))


def fitting(laid: Laid) -> set[tuple[object, object]]:
    """Return the (order, client) pairs that fit alone."""
    return {
        (laid.orders[pick.order].id, laid.clients[pick.client].id)
        for pick in candidates(laid.problem).picks()
    }


async def test_everybody_free_fits_the_first_order(cast: Cast) -> None:
    order_id = await make.save_order(cast, make.order())
    laid = await laid_of(cast)
    everybody = {cast.aino, cast.eetu, cast.venla, cast.onni}
    assert fitting(laid) == {(order_id, client) for client in everybody}
    assert laid.grid.moment(int(laid.problem.orders.start[0])) == TUESDAY_TEN


async def test_no_orders_make_an_empty_problem(cast: Cast) -> None:
    laid = await laid_of(cast)
    assert laid.problem.orders.places.size == 0
    assert fitting(laid) == set()


async def order_and(cast: Cast, *rows: Base) -> Laid:
    """Save an order and something about the people, and read the world."""
    await make.save(cast, *rows)
    await make.save_order(cast, make.order())
    return await laid_of(cast)


async def assigned(cast: Cast, client: UUID, order_id: UUID) -> Gig:
    return await cast.database.act(
        cast.maija,
        assigning.assign,
        order_id=order_id,
        place_no=1,
        client_id=client,
        start=TUESDAY_TEN,
        now=MONDAY,
    )


async def done_gig(cast: Cast, client: UUID) -> None:
    """Let a client work at Keittiö Kallio on Tuesday."""
    order_id = await make.save_order(cast, make.order())
    gig = await assigned(cast, client, order_id)
    act = cast.database.act
    await act(cast.maija, answering.accept, gig_id=gig.id, via=Via.PHONE, now=MONDAY)
    await act(cast.maija, working.check_in, gig_id=gig.id, now=TUESDAY_TEN)
    await act(cast.maija, working.check_out, gig_id=gig.id, now=TUESDAY_TEN + timedelta(hours=3))


def names(laid: Laid) -> set[UUID]:
    """Return who fits anything."""
    return {laid.clients[pick.client].id for pick in candidates(laid.problem).picks()}


def number(laid: Laid, client: UUID) -> int:
    return [one.id for one in laid.clients].index(client)


async def test_a_veto_is_kept(cast: Cast) -> None:
    veto = ClientWish(
        organiser_id=CITY, client_id=cast.eetu, subject="site", subject_id=cast.site, veto=True,
        points=0,
    )  # fmt: skip
    assert cast.eetu not in names(await order_and(cast, veto))


async def test_likings_and_strengths_are_points(cast: Cast) -> None:
    liking = ClientWish(
        organiser_id=CITY, client_id=cast.eetu, subject="party", subject_id=cast.keittio,
        veto=False, points=3,
    )  # fmt: skip
    strength = ClientStrength(organiser_id=CITY, client_id=cast.eetu, code="punctual")
    laid = await order_and(cast, liking, strength)
    eetu = number(laid, cast.eetu)
    assert laid.problem.clients.likes_party.points.tolist() == [3]
    assert laid.problem.clients.strengths.keys.tolist() == [eetu]


async def test_an_exception_takes_time_away(cast: Cast) -> None:
    away = ClientException(
        organiser_id=CITY, client_id=cast.eetu, available=False,
        during=Range(TUESDAY_TEN, TUESDAY_TEN + timedelta(hours=1)),
    )  # fmt: skip
    assert cast.eetu not in names(await order_and(cast, away))


async def test_work_activity_keeps_its_hours(cast: Cast) -> None:
    activity = ClientActivity(
        organiser_id=CITY, client_id=cast.eetu, weekday=1, from_minute=480, to_minute=720
    )
    assert cast.eetu not in names(await order_and(cast, activity))


async def test_a_card_is_valid_to_the_end_of_its_last_day(cast: Cast) -> None:
    order = make.order()
    order.qualifications = ["HP", "TTK"]
    cards = [
        ClientQualification(
            organiser_id=CITY, client_id=cast.eetu, code=code, valid_to=until, verified_on=THIS_YEAR
        )
        for code, until in (("HP", None), ("TTK", date(2026, 11, 24)))
    ]
    await make.save(cast, *cards)
    await make.save_order(cast, order)
    laid = await laid_of(cast)
    held = laid.problem.clients.valid_until[number(laid, cast.eetu)].tolist()
    end_of_tuesday = laid.grid.minute(TUESDAY_TEN + timedelta(hours=14))
    assert sorted(held) == [end_of_tuesday, FOREVER]
    assert names(laid) == {cast.eetu}


async def test_a_live_gig_takes_time_hours_and_the_coach(cast: Cast) -> None:
    first = await make.save_order(cast, make.order())
    await assigned(cast, cast.aino, first)
    second = await make.save_order(cast, make.order(start=TUESDAY_TEN + timedelta(hours=1)))
    laid = await laid_of(cast)
    aino = number(laid, cast.aino)
    clients = laid.problem.clients
    assert [pair for pair in fitting(laid) if pair[1] == cast.aino] == []
    assert (second, cast.eetu) in fitting(laid)
    assert clients.week_minutes[aino].tolist() == [1200, 1020, *[1200] * 3][: laid.grid.days // 7]
    assert clients.week_gigs[aino].tolist()[:2] == [5, 4]
    assert laid.problem.coaches.busy.begin.size == 1


async def test_nobody_is_asked_twice_about_an_order(cast: Cast) -> None:
    order_id = await make.save_order(cast, make.order(places=2))
    gig = await assigned(cast, cast.eetu, order_id)
    await cast.database.act(cast.maija, answering.decline, gig_id=gig.id, via=Via.PHONE, now=MONDAY)
    assert cast.eetu not in names(await laid_of(cast))


async def test_the_first_assignment_fixes_the_start_for_all(cast: Cast) -> None:
    starts = [TUESDAY_TEN, TUESDAY_TEN + timedelta(hours=1)]
    order_id = await make.save_order(cast, make.order(places=2, starts=starts))
    await assigned(cast, cast.eetu, order_id)
    laid = await laid_of(cast)
    assert laid.problem.orders.start.size == 1
    assert laid.orders[0].free_places == (2,)


async def test_starts_that_have_passed_are_left_out(cast: Cast) -> None:
    starts = [MONDAY - timedelta(hours=1), MONDAY + timedelta(hours=3)]
    await make.save_order(cast, make.order(starts=starts))
    laid = await laid_of(cast)
    assert [laid.grid.moment(int(one)) for one in laid.problem.orders.start] == starts[1:]


async def test_a_coachs_absence_is_no_shift(cast: Cast) -> None:
    away = CoachAbsence(
        organiser_id=CITY, coach_id=cast.kim_coach,
        during=Range(TUESDAY_TEN - timedelta(hours=4), TUESDAY_TEN + timedelta(hours=9)),
    )  # fmt: skip
    assert names(await order_and(cast, away)) == {cast.eetu, cast.venla, cast.onni}


async def test_done_work_makes_known_and_counts(cast: Cast) -> None:
    await done_gig(cast, cast.aino)
    await make.save_order(cast, make.order(start=TUESDAY_TEN + timedelta(days=2)))
    wednesday = TUESDAY_TEN + timedelta(days=1)
    facts = await cast.database.read(cast.worker, read, now=wednesday, until=wednesday + FORTNIGHT)
    laid = lay_out(facts)
    clients, aino, eetu = laid.problem.clients, number(laid, cast.aino), number(laid, cast.eetu)
    assert clients.knows_site.keys.tolist() == clients.knows_task.keys.tolist() == [aino]
    assert (clients.gigs_90[aino], clients.gigs_90[eetu]) == (1, 0)
    assert (clients.days_since_offer[aino], clients.days_since_offer[eetu]) == (2, LONG_AGO)
    assert clients.coach[aino] == NOBODY
    # Of a first gig's hour around the start, half is left at a known place and task.
    (visit,) = Agenda(laid.problem).needs(aino, 0)
    assert visit.minutes == 30


async def test_who_left_the_pool_or_has_a_break_is_not_read(cast: Cast, fresh: Fresh) -> None:
    await fresh.owner("UPDATE clients SET in_pool = false WHERE id = $1", cast.eetu)
    await fresh.owner("UPDATE clients SET paused = true WHERE id = $1", cast.venla)
    read_ones = {one.id for one in (await facts_of(cast)).clients}
    assert read_ones & {cast.eetu, cast.venla, cast.onni} == {cast.onni}


async def test_a_citys_own_weights_replace_the_defaults(cast: Cast) -> None:
    weight = Figure(
        organiser_id=CITY, kind="weight", key="waiting", amount=7, valid_from=THIS_YEAR,
        source="test",
    )  # fmt: skip
    laid = await order_and(cast, weight)
    assert laid.problem.weights.waiting == 7
    assert laid.problem.weights.place == 1000


async def test_an_order_past_the_horizon_is_read_when_asked_for(cast: Cast) -> None:
    far = await make.save_order(cast, make.order(start=TUESDAY_TEN + timedelta(days=300)))
    assert (await facts_of(cast)).orders == ()
    facts = await cast.database.read(cast.worker, read, now=MONDAY, until=MONDAY, also=[far])
    assert [order.id for order in facts.orders] == [far]
    assert facts.grid.days <= 35
    assert fitting(lay_out(facts)) == {
        (far, client) for client in (cast.aino, cast.eetu, cast.venla, cast.onni)
    }


async def test_a_full_counter_and_a_missing_decision_keep_people_away(
    fresh: Fresh, cast: Cast
) -> None:
    await fresh.owner("UPDATE task_types SET qualifications = '{HP}'")
    await fresh.owner("UPDATE counter_rules SET threshold = 1 WHERE code = 'HP'")
    order_id = await make.save_order(cast, make.order())
    await assigned(cast, cast.eetu, order_id)
    next_day = make.order(start=TUESDAY_TEN + timedelta(days=1))
    next_day.qualifications = []
    laid = await order_and(cast, next_day)
    assert cast.eetu not in {client for order, client in fitting(laid) if order == next_day.id}
    assert cast.onni in {client for order, client in fitting(laid) if order == next_day.id}
    # The card lets him go on.
    await fresh.owner(
        "INSERT INTO client_qualifications VALUES (1, $1, 'HP', NULL, NULL, $2)",
        cast.eetu, THIS_YEAR,
    )  # fmt: skip
    assert cast.eetu in {client for _, client in fitting(await laid_of(cast))}
    # Whoever needs no visit is asked for no decision; the rest wait until there is one.
    await fresh.owner("UPDATE coaching_rules SET needs = 'shl-27d' WHERE coaching = 'own_unit'")
    alone = {client for _, client in fitting(await laid_of(cast))}
    await fresh.owner("DELETE FROM coaching_rules")
    assert {client for _, client in fitting(await laid_of(cast))} == alone
    assert cast.aino not in alone
    await fresh.owner(
        "INSERT INTO coaching_rules VALUES"
        " (1, gen_random_uuid(), 'own_unit', '', 'shl-27d', $1, NULL, 'test', 'assumed')",
        THIS_YEAR,
    )
    await make.save(
        cast,
        ServiceDecision(
            organiser_id=CITY, client_id=cast.aino, kind="shl-27d", first_day=THIS_YEAR,
            last_day=None, reference="1", recorded_by=None, recorded_at=MONDAY,
        ),
    )  # fmt: skip
    assert cast.aino in {client for _, client in fitting(await laid_of(cast))}
