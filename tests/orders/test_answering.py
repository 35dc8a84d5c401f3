"""The client answers: by link or told to staff, once, in time; no and silence are never blamed."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from jobcenter import access
from jobcenter.database import Who
from jobcenter.errors import Conflict, NotAllowed, NotFound, PlaceIsTaken, RuleBroken, WrongMoment
from jobcenter.orders import answering, assigning, linking
from jobcenter.orders.gigs import Gig, Via
from jobcenter.orders.proposals import Proposal, ProposalRow, Round
from tests import make
from tests.cast import CITY, MONDAY, Cast, key
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.orders import steps
from tests.orders.steps import DAY, HOUR

TOKEN = access.hash_of("a link that Eetu got")
NOON = TUESDAY_TEN + 2 * HOUR


async def offered(cast: Cast, client_id: UUID) -> Gig:
    """Ask a client, with the link that goes out."""
    order_id = await make.save_order(cast, make.order())
    gig = await steps.assign(cast, order_id, client_id)
    await cast.database.act(
        cast.worker, linking.open_link, gig_id=gig.id, token_hash=TOKEN, now=MONDAY
    )
    return gig


async def test_a_yes_by_link_is_the_clients_own(cast: Cast, fresh: Fresh) -> None:
    gig = await offered(cast, cast.eetu)
    here = cast.client(cast.eetu)
    for _ in range(2):
        done = await cast.database.act(
            here, answering.accept, gig_id=gig.id, via=Via.LINK, now=MONDAY + HOUR
        )
    assert (done.status, done.answered_via, done.answered_by, done.version) == (
        "confirmed", "link", None, 2,
    )  # fmt: skip
    used = await fresh.owner("SELECT used_at FROM links")
    assert [row[0] for row in used] == [MONDAY + HOUR]
    assert await steps.told(fresh, "confirmed") == [cast.eetu]
    assert await steps.told(fresh, "found") == [cast.sari.actor_id]


async def test_a_yes_told_to_staff_keeps_who_wrote_it_down(cast: Cast) -> None:
    gig = await offered(cast, cast.eetu)
    done = await steps.accept(cast, gig.id)
    assert (done.answered_via, done.answered_by) == ("phone", cast.maija.actor_id)


async def test_nobody_else_answers_for_a_client(cast: Cast) -> None:
    gig = await offered(cast, cast.eetu)
    refused: tuple[tuple[Who, Via, type[Exception]], ...] = (
        (cast.client(cast.venla), Via.LINK, NotFound),
        (cast.maija, Via.LINK, NotFound),
        (cast.sari, Via.PHONE, NotFound),
        (cast.kim, Via.PHONE, NotAllowed),
        (cast.worker, Via.PHONE, NotAllowed),
        (cast.pekka, Via.FACE_TO_FACE, NotFound),
    )
    for who, via, error in refused:
        for action in (answering.accept, answering.decline, answering.withdraw):
            with pytest.raises(error):
                await cast.database.act(who, action, gig_id=gig.id, via=via, now=MONDAY)


async def test_without_a_link_that_was_sent_nobody_answers_by_link(cast: Cast) -> None:
    order_id = await make.save_order(cast, make.order())
    gig = await steps.assign(cast, order_id, cast.eetu)
    with pytest.raises(Conflict):
        await cast.database.act(
            cast.client(cast.eetu), answering.accept, gig_id=gig.id, via=Via.LINK, now=MONDAY
        )


async def test_yes_and_no_exclude_each_other(cast: Cast) -> None:
    gig = await offered(cast, cast.eetu)
    await steps.decline(cast, gig.id)
    assert (await steps.decline(cast, gig.id)).version == 2
    with pytest.raises(Conflict):
        await steps.accept(cast, gig.id)


async def test_a_yes_taken_back_frees_all_and_asks_the_unit_to_see_to_it(
    cast: Cast, fresh: Fresh
) -> None:
    gig = await offered(cast, cast.aino)
    here = cast.client(cast.aino)
    with pytest.raises(WrongMoment):
        await cast.database.act(here, answering.withdraw, gig_id=gig.id, via=Via.LINK, now=MONDAY)
    await cast.database.act(here, answering.accept, gig_id=gig.id, via=Via.LINK, now=MONDAY)
    for _ in range(2):
        done = await cast.database.act(
            here, answering.withdraw, gig_id=gig.id, via=Via.LINK, now=MONDAY + HOUR
        )
    assert done.status == "withdrawn"
    assert await steps.statuses(fresh, "visits") == ["free"]
    assert await steps.todos(fresh) == ["withdrawn"]
    kinds = await fresh.owner("SELECT kind FROM changes ORDER BY id DESC LIMIT 1")
    assert kinds[0][0] == "withdrawn"
    # The place is free again, and she may be asked again.
    again = await steps.assign(cast, gig.order_id, cast.aino, now=MONDAY + HOUR)
    assert again.status == "assigned"


async def test_staff_may_take_an_offer_back(cast: Cast) -> None:
    gig = await offered(cast, cast.eetu)
    done = await cast.database.act(
        cast.maija, answering.withdraw, gig_id=gig.id, via=Via.PHONE, now=MONDAY, reason="Sairaana"
    )
    assert done.status == "withdrawn"


@pytest.mark.parametrize(
    ("many", "kind", "says_no"), [(5, "talk_wishes", True), (2, "check_phone", False)]
)
async def test_noes_or_silences_in_a_row_become_a_talk_and_never_a_mark(
    cast: Cast, fresh: Fresh, *, many: int, kind: str, says_no: bool
) -> None:
    await fresh.owner("UPDATE clients SET week_gigs = 50")

    async def ask(number: int) -> tuple[Gig, datetime]:
        start = TUESDAY_TEN + number * DAY
        order_id = await make.save_order(cast, make.order(start=start))
        now = MONDAY + number * HOUR
        return await steps.assign(cast, order_id, cast.eetu, start=start, now=now), now

    # One more than so many is no new talk.
    for number in range(many + 1):
        assert await steps.todos(fresh) == [kind] * (number >= many)
        gig, now = await ask(number)
        if says_no:
            await steps.decline(cast, gig.id, now=now)
            continue
        gone = await cast.database.act(
            cast.worker, answering.expire, gig_id=gig.id, now=gig.answer_by
        )
        assert gone.status == "expired"
        with pytest.raises(Conflict, match="already gone"):
            await steps.accept(cast, gig.id, now=gig.answer_by)
    assert await steps.todos(fresh) == [kind]


@pytest.mark.parametrize(
    ("start", "answer_by"),
    [
        (TUESDAY_TEN + 6 * DAY, MONDAY + DAY),
        (TUESDAY_TEN, TUESDAY_TEN - 16 * HOUR),
        (MONDAY + 3 * HOUR, MONDAY + 3 * HOUR),
    ],
    ids=["a day", "six the evening before", "the start"],
)
async def test_the_time_to_answer_shrinks_with_the_time_left(
    cast: Cast, fresh: Fresh, start: object, answer_by: object
) -> None:
    assert isinstance(start, type(MONDAY))
    order_id = await make.save_order(cast, make.order(start=start))
    gig = await steps.assign(cast, order_id, cast.eetu, start=start)
    assert gig.answer_by == answer_by


async def test_a_window_takes_its_start_from_the_first_and_gives_it_back(
    cast: Cast, fresh: Fresh
) -> None:
    order_id = await make.save_order(
        cast, make.order(starts=[TUESDAY_TEN, TUESDAY_TEN + HOUR, NOON], places=2, minutes=60)
    )
    gig = await steps.assign(cast, order_id, cast.eetu, start=NOON)
    with pytest.raises(Conflict, match="another time"):
        await steps.assign(cast, order_id, cast.venla, place_no=2, start=TUESDAY_TEN)
    with pytest.raises(Conflict):
        await steps.assign(cast, order_id, cast.venla, place_no=2, start=NOON + HOUR)
    second = await steps.assign(cast, order_id, cast.venla, place_no=2, start=NOON)
    assert (await fresh.owner("SELECT start FROM orders"))[0][0] == NOON
    await steps.decline(cast, gig.id)
    assert (await fresh.owner("SELECT start FROM orders"))[0][0] == NOON
    await steps.decline(cast, second.id)
    assert (await fresh.owner("SELECT start FROM orders"))[0][0] is None
    third = await steps.assign(cast, order_id, cast.aino, start=TUESDAY_TEN)
    assert third.start == TUESDAY_TEN


async def test_a_gig_cannot_start_when_its_order_does_not(cast: Cast, fresh: Fresh) -> None:
    order_id = await make.save_order(cast, make.order(starts=[TUESDAY_TEN, NOON], minutes=60))
    await steps.assign(cast, order_id, cast.eetu, start=NOON)
    with pytest.raises(Exception, match="starts at another time"):
        await fresh.owner("UPDATE orders SET start = $1", TUESDAY_TEN)


async def test_the_second_of_two_units_hears_that_the_task_is_gone(
    cast: Cast, fresh: Fresh
) -> None:
    """Story 7: whatever the second had held is free."""
    await fresh.owner(
        "INSERT INTO client_needs SELECT 1, $1, code, level, assessed_by, assessed_on, review_on"
        " FROM client_needs WHERE client_id = $2",
        cast.onni,
        cast.aino,
    )
    order_id = await make.save_order(cast, make.order())
    await steps.assign(cast, order_id, cast.aino)
    with pytest.raises(PlaceIsTaken, match="somebody else"):
        await steps.assign(cast, order_id, cast.onni, by=cast.pekka)
    visits = await fresh.owner("SELECT coach_id, status FROM visits")
    assert [tuple(row) for row in visits] == [(cast.kim_coach, "held")]


async def a_list(cast: Cast, *clients: UUID) -> tuple[UUID, UUID]:
    """Write a ranked list for the one place of a new order; return the order and the list."""
    order_id = await make.save_order(cast, make.order())
    round_id, proposal_id = key("round"), key("list")
    await make.save(
        cast,
        Round(
            organiser_id=CITY, id=round_id, kind="whole", status="done", asked_at=MONDAY,
            unfilled={},
        ),
        Proposal(
            organiser_id=CITY, id=proposal_id, order_id=order_id, place_no=1, round_id=round_id,
            made_at=MONDAY,
        ),
        *(
            ProposalRow(
                organiser_id=CITY, proposal_id=proposal_id, rank=rank, client_id=client_id,
                unit_id=cast.kaneli, start=TUESDAY_TEN, score=100 - rank, reasons=[], visits=[],
            )
            for rank, client_id in enumerate(clients, start=1)
        ),
    )  # fmt: skip
    return order_id, proposal_id


async def test_an_approved_list_is_asked_in_turn_and_no_further(cast: Cast, fresh: Fresh) -> None:
    _, proposal_id = await a_list(cast, cast.aino, cast.eetu, cast.venla)
    gig = await cast.database.act(
        cast.maija, assigning.approve_list, proposal_id=proposal_id, ranks=[2, 3], now=MONDAY
    )
    assert (gig.client_id, gig.assigned_by) == (cast.eetu, cast.maija.actor_id)

    async def ask_next() -> Gig | None:
        return await cast.database.act(
            cast.worker, assigning.ask_next, proposal_id=proposal_id, now=MONDAY
        )

    assert await ask_next() is None
    await steps.decline(cast, gig.id)
    second = await ask_next()
    assert second is not None
    assert (second.client_id, second.assigned_by) == (cast.venla, cast.maija.actor_id)
    await steps.decline(cast, second.id)
    assert await ask_next() is None
    states = await fresh.owner("SELECT state FROM proposal_rows ORDER BY rank")
    assert [row[0] for row in states] == ["waiting", "out", "out"]


async def test_reserves_are_asked_least_recently_asked_first(cast: Cast, fresh: Fresh) -> None:
    order_id = await make.save_order(cast, make.order(start=TUESDAY_TEN + DAY))
    lately = await steps.assign(
        cast, order_id, cast.eetu, start=TUESDAY_TEN + DAY, now=MONDAY - HOUR
    )
    await steps.decline(cast, lately.id)
    _, proposal_id = await a_list(cast, cast.aino, cast.eetu, cast.venla)
    first = await cast.database.act(
        cast.maija, assigning.approve_list, proposal_id=proposal_id, ranks=[1, 2, 3], now=MONDAY
    )
    await steps.accept(cast, first.id)
    await cast.database.act(
        cast.maija, answering.withdraw, gig_id=first.id, via=Via.PHONE, now=MONDAY + HOUR
    )
    # Eetu stands before Venla on the list, but was asked for another gig this morning.
    for expected in (cast.venla, cast.eetu, None):
        gig = await cast.database.act(
            cast.worker, assigning.ask_next, proposal_id=proposal_id, now=MONDAY + HOUR
        )
        assert (gig.client_id if gig else None) == expected
        if gig:
            assert gig.status == "assigned"
            await steps.decline(cast, gig.id, now=MONDAY + HOUR)


async def test_nothing_is_asked_from_a_list_that_nobody_approved(cast: Cast) -> None:
    _, proposal_id = await a_list(cast, cast.aino)
    assert (
        await cast.database.act(
            cast.worker, assigning.ask_next, proposal_id=proposal_id, now=MONDAY
        )
        is None
    )
    for who, error in ((cast.worker, NotAllowed), (cast.pekka, NotFound)):
        with pytest.raises(error):
            await cast.database.act(
                who, assigning.approve_list, proposal_id=proposal_id, ranks=[1], now=MONDAY
            )


async def test_who_cannot_be_asked_any_more_is_passed_over(cast: Cast, fresh: Fresh) -> None:
    _, proposal_id = await a_list(cast, cast.eetu, cast.venla)
    await fresh.owner("UPDATE clients SET in_pool = false WHERE id = $1", cast.eetu)
    with pytest.raises(RuleBroken):
        await cast.database.act(
            cast.maija, assigning.approve_list, proposal_id=proposal_id, ranks=[1, 2], now=MONDAY
        )
    await fresh.owner("UPDATE clients SET in_pool = true WHERE id = $1", cast.eetu)
    gig = await cast.database.act(
        cast.maija, assigning.approve_list, proposal_id=proposal_id, ranks=[2, 1], now=MONDAY
    )
    await fresh.owner("UPDATE clients SET in_pool = false WHERE id = $1", cast.eetu)
    await steps.decline(cast, gig.id)
    with pytest.raises(RuleBroken):
        await cast.database.act(
            cast.worker, assigning.ask_next, proposal_id=proposal_id, now=MONDAY
        )
    await cast.database.act(cast.worker, assigning.pass_over, proposal_id=proposal_id)
    left = await fresh.owner("SELECT state FROM proposal_rows ORDER BY rank")
    assert [row[0] for row in left] == ["out", "out"]


async def test_who_has_a_list_open_is_noted_once(cast: Cast) -> None:
    _, proposal_id = await a_list(cast, cast.aino)
    for who, now in ((cast.maija, MONDAY), (cast.pekka, MONDAY + timedelta(minutes=1))):
        opened = await cast.database.act(who, assigning.open_list, proposal_id=proposal_id, now=now)
    assert (opened.opened_by, opened.opened_at) == (cast.maija.actor_id, MONDAY)
    with pytest.raises(NotAllowed):
        await cast.database.act(cast.sari, assigning.open_list, proposal_id=proposal_id, now=MONDAY)
