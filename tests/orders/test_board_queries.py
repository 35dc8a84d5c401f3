"""What the board derives: what an order waits for, who sees it, and what must be done first."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from jobcenter.database import Base, Who
from jobcenter.errors import NotFound
from jobcenter.orders import answering, assigning, working
from jobcenter.orders.gigs import Gig, Via
from jobcenter.orders.proposals import NearMiss, Proposal, ProposalRow, Round
from jobcenter.orders.queries import caseload, lists, record, sheets
from jobcenter.orders.queries.alarms import alarms
from jobcenter.orders.queries.board import Board, LastRound, Wanted, board
from jobcenter.orders.queries.cards import BoardState
from tests import make
from tests.cast import CITY, MONDAY, Cast, key
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN


async def read(
    cast: Cast, who: Who | None = None, now: datetime = MONDAY, wanted: Wanted | None = None
) -> Board:
    """Read the board of somebody's units, with everything on it unless told otherwise."""
    asker = who or cast.maija
    chosen = replace(wanted or Wanted((), everything=True), units=asker.unit_ids)
    return await cast.database.read(asker, board, wanted=chosen, now=now)


def ran(**values: object) -> Round:
    """Return a finished whole round."""
    row = Round(
        organiser_id=CITY, id=uuid7(), kind="whole", status="done", asked_at=MONDAY,
        finished_at=MONDAY, orders=1, places=1, proposed=1, value=995, bound=1000, unfilled={},
    )  # fmt: skip
    for name, value in values.items():
        setattr(row, name, value)
    return row


def listed(
    order_id: UUID, one: Round, people: Sequence[tuple[UUID, UUID]], **values: object
) -> list[Base]:
    """Return a list of the order's first place: (client, unit), best first."""
    head = Proposal(
        organiser_id=CITY, id=uuid7(), order_id=order_id, place_no=1, round_id=one.id,
        made_at=MONDAY,
    )  # fmt: skip
    for name, value in values.items():
        setattr(head, name, value)
    rows = [
        ProposalRow(
            organiser_id=CITY, proposal_id=head.id, rank=rank, client_id=client, unit_id=unit,
            start=TUESDAY_TEN, score=1300 - rank * 50, reasons=[], visits=[],
        )
        for rank, (client, unit) in enumerate(people, start=1)
    ]  # fmt: skip
    return [head, *rows]


async def ask(cast: Cast, order_id: UUID, client_id: UUID, place_no: int = 1) -> Gig:
    return await cast.database.act(
        cast.maija, assigning.assign, order_id=order_id, place_no=place_no, client_id=client_id,
        start=TUESDAY_TEN, now=MONDAY,
    )  # fmt: skip


async def say(cast: Cast, gig: Gig, answer: str) -> None:
    told = {"yes": answering.accept, "no": answering.decline}[answer]
    await cast.database.act(cast.maija, told, gig_id=gig.id, via=Via.PHONE, now=MONDAY)


async def state_of(cast: Cast, who: Who | None = None, now: datetime = MONDAY) -> str:
    (card,) = (await read(cast, who, now)).cards
    return card.state


async def test_an_order_goes_through_its_states(cast: Cast) -> None:
    order_id = await make.save_order(cast, make.order())
    assert await state_of(cast) == BoardState.LOOKING
    gig = await ask(cast, order_id, cast.eetu)
    assert await state_of(cast) == BoardState.ASKED
    await say(cast, gig, "yes")
    assert await state_of(cast) == BoardState.CONFIRMED
    await cast.database.act(cast.maija, working.check_in, gig_id=gig.id, now=TUESDAY_TEN)
    assert await state_of(cast) == BoardState.RUNNING
    await cast.database.act(cast.maija, working.check_out, gig_id=gig.id, now=gig.end)
    assert await state_of(cast) == BoardState.DONE


async def test_a_no_makes_the_place_free_again(cast: Cast, fresh: Fresh) -> None:
    order_id = await make.save_order(cast, make.order())
    await say(cast, await ask(cast, order_id, cast.eetu), "no")
    (card,) = (await read(cast)).cards
    assert (card.state, card.kept) == (BoardState.LOOKING, 0)
    await fresh.owner("UPDATE orders SET status = 'closed'")
    assert await state_of(cast) == BoardState.UNFILLED


@pytest.mark.parametrize(
    ("status", "state"), [("in_review", BoardState.REVIEW), ("draft", None), ("cancelled", None)]
)
async def test_what_is_not_open_shows_by_its_status(
    cast: Cast, status: str, state: BoardState | None
) -> None:
    row = make.order()
    row.status = status
    await make.save_order(cast, row)
    assert [card.state for card in (await read(cast)).cards] == [state] * (state is not None)


async def test_cancelled_orders_are_found_when_asked_for(cast: Cast) -> None:
    row = make.order()
    row.status = "cancelled"
    await make.save_order(cast, row)
    found = await read(cast, wanted=Wanted((), state=BoardState.CANCELLED, everything=True))
    assert [card.state for card in found.cards] == [BoardState.CANCELLED]


async def test_a_list_of_ours_asks_for_a_choice_and_one_of_others_does_not(cast: Cast) -> None:
    order_id = await make.save_order(cast, make.order())
    one = ran()
    await make.save(cast, one, *listed(order_id, one, [(cast.onni, cast.kulma)]))
    assert await state_of(cast) == BoardState.LOOKING
    assert await state_of(cast, cast.pekka) == BoardState.SUGGESTED


async def test_a_list_approved_to_be_asked_in_turn_waits_for_answers(cast: Cast) -> None:
    order_id = await make.save_order(cast, make.order())
    one = ran()
    approved = listed(
        order_id, one, [(cast.eetu, cast.kaneli)], approved_at=MONDAY, approved_by=key("maija")
    )
    await make.save(cast, one, *approved)
    assert await state_of(cast) == BoardState.ASKED


async def test_people_who_miss_only_a_coach_make_it_wait_for_support(cast: Cast) -> None:
    order_id = await make.save_order(cast, make.order())
    miss = NearMiss(
        organiser_id=CITY, order_id=order_id, client_id=cast.aino, unit_id=cast.kaneli,
        rule="support", waits_for_support=True, why={}, fits_if={}, made_at=MONDAY,
    )  # fmt: skip
    await make.save(cast, miss)
    assert await state_of(cast) == BoardState.SUPPORT
    assert await state_of(cast, cast.pekka) == BoardState.LOOKING


async def test_a_free_place_speaks_before_the_taken_ones(cast: Cast) -> None:
    order_id = await make.save_order(cast, make.order(places=2))
    await say(cast, await ask(cast, order_id, cast.eetu), "yes")
    (card,) = (await read(cast)).cards
    assert (card.state, card.kept, card.confirmed) == (BoardState.LOOKING, 1, 1)
    await ask(cast, order_id, cast.venla, 2)
    assert await state_of(cast) == BoardState.ASKED


async def test_the_card_counts_places_visits_and_ours(cast: Cast) -> None:
    order_id = await make.save_order(cast, make.order(places=3))
    gig = await ask(cast, order_id, cast.aino)
    (card,) = (await read(cast)).cards
    assert (card.places, card.asked, card.ours, card.visits_held) == (3, 1, 1, 1)
    assert card.answer_by == gig.answer_by
    await say(cast, gig, "yes")
    await say(cast, await ask(cast, order_id, cast.venla, 2), "no")
    (card,) = (await read(cast)).cards
    assert card.ours == 1
    assert (card.asked, card.visits_held, card.visits_booked) == (0, 0, 1)
    assert (card.answer_by, card.end) == (None, gig.end)
    (card,) = (await read(cast, cast.pekka)).cards
    assert (card.ours, card.kept) == (0, 1)


async def test_without_everything_only_orders_with_a_part_of_ours_are_shown(cast: Cast) -> None:
    ours, theirs = [await make.save_order(cast, make.order()) for _ in range(2)]
    one = ran()
    await make.save(cast, one, *listed(ours, one, [(cast.eetu, cast.kaneli)]))
    shown = await read(cast, wanted=Wanted(()))
    assert [card.id for card in shown.cards] == [ours]
    assert (shown.total, shown.others) == (1, 1)
    everything = await read(cast)
    assert {card.id for card in everything.cards} == {ours, theirs}
    assert everything.total == 2


async def test_orders_come_by_time_and_a_page_at_a_time(cast: Cast) -> None:
    for hours in range(42, 0, -1):
        await make.save_order(cast, make.order(start=TUESDAY_TEN + timedelta(hours=hours)))
    first, second = await read(cast), await read(cast, wanted=Wanted((), everything=True, page=2))
    starts = [card.start for card in (*first.cards, *second.cards)]
    assert starts == sorted(starts)
    assert (len(first.cards), len(second.cards), first.pages) == (40, 2, 2)
    assert sum(len(cards) for cards in first.days.values()) == 40
    assert list(first.days) == sorted(first.days)


async def test_what_is_long_over_is_not_on_the_board(cast: Cast) -> None:
    await make.save_order(cast, make.order())
    assert (await read(cast, now=TUESDAY_TEN + timedelta(hours=26))).cards
    assert not (await read(cast, now=TUESDAY_TEN + timedelta(hours=28))).cards
    that_day = Wanted((), day=TUESDAY_TEN.date(), everything=True)
    found = await read(cast, now=TUESDAY_TEN + timedelta(days=9), wanted=that_day)
    assert len(found.cards) == 1


async def test_the_share_of_the_best_plan_is_rounded_down(cast: Cast) -> None:
    assert (await read(cast)).last_round is None
    newest = MONDAY + timedelta(hours=1)
    await make.save(
        cast,
        ran(value=1, bound=2),
        ran(value=99_999, bound=100_000, finished_at=newest),
        ran(kind="repair", value=1, bound=9, finished_at=newest + timedelta(hours=1)),
    )
    found = (await read(cast)).last_round
    assert found == LastRound(newest, 1, 1, 0, 99_999, 100_000)
    assert found.per_mille == 999
    assert LastRound(newest, 0, 0, 0, 0, 0).per_mille == 1000


async def test_alarms_come_by_kind_and_time_and_a_to_do_stands_for_its_cause(
    cast: Cast, fresh: Fresh
) -> None:
    order_id = await make.save_order(cast, make.order(places=2))
    gig = await ask(cast, order_id, cast.aino)
    await fresh.owner(
        "INSERT INTO flags (organiser_id, id, gig_id, kind, opened_at)"
        " VALUES (1, gen_random_uuid(), $1, 'support_missing', $2)", gig.id, MONDAY,
    )  # fmt: skip
    written = (
        ("find_coach", 1, cast.kaneli),
        ("call_me", 0, cast.kaneli),
        ("talk_wishes", 2, cast.kulma),
        ("check_phone", 72, cast.kaneli),
        ("fill", 3, None),
        ("pin_help", -1, cast.kaneli),
    )
    for number, (kind, hours, unit) in enumerate(written):
        await fresh.owner(
            "INSERT INTO todos (organiser_id, id, kind, unit_id, gig_id, order_id, dedupe_key,"
            " due_at, made_at) VALUES (1, gen_random_uuid(), $1, $2, $3, $4, $5, $6, $6)",
            kind, unit, gig.id if kind == "find_coach" else None,
            order_id if kind == "fill" else None, str(number), MONDAY + timedelta(hours=hours),
        )  # fmt: skip
    found = await cast.database.read(cast.maija, alarms, units=cast.maija.unit_ids, now=MONDAY)
    assert [one.kind for one in found] == ["call_me", "find_coach", "fill", "pin_help"]
    assert all(one.todo_id for one in found)
    assert found[1].client_id == cast.aino
    await ask(cast, order_id, cast.eetu, 2)
    found = await cast.database.read(cast.maija, alarms, units=cast.maija.unit_ids, now=MONDAY)
    assert [one.kind for one in found] == ["call_me", "find_coach", "pin_help"]
    await fresh.owner("UPDATE flags SET closed_at = now(), outcome = 'goes_without'")


async def test_only_ones_own_people_are_on_an_orders_page(cast: Cast) -> None:
    order_id = await make.save_order(cast, make.order(places=2))
    one = ran()
    both = [(cast.onni, cast.kulma), (cast.venla, cast.kaneli), (cast.aino, cast.kaneli)]
    await make.save(cast, one, *listed(order_id, one, both))
    await ask(cast, order_id, cast.eetu, 2)
    faces = await cast.database.read(cast.maija, lists.faces, order_id=order_id)
    assert faces == {cast.venla, cast.aino, cast.eetu}
    assert await cast.database.read(cast.pekka, lists.faces, order_id=order_id) == {cast.onni}
    maija = await make.looking(cast.database, cast.maija, *faces)
    shown = await cast.database.read(maija, sheets.sheet, order_id=order_id, seen=faces)
    ranked = shown.places[0].ranked
    assert ranked is not None
    assert [one.name for one in ranked.candidates] == ["Venla Virta", "Aino Aalto"]
    other = await cast.database.read(cast.pekka, sheets.sheet, order_id=order_id, seen={cast.onni})
    taken = other.places[1].gig
    assert taken is not None
    assert (taken.ours, taken.name, taken.phone, taken.visits) == (False, "", "", ())


async def test_whoever_was_not_looked_up_is_left_out(cast: Cast) -> None:
    order_id = await make.save_order(cast, make.order())
    one = ran()
    both = [(cast.venla, cast.kaneli), (cast.aino, cast.kaneli)]
    await make.save(cast, one, *listed(order_id, one, both))
    shown = await cast.database.read(cast.maija, sheets.sheet, order_id=order_id, seen={cast.aino})
    ranked = shown.places[0].ranked
    assert ranked is not None
    assert [one.client_id for one in ranked.candidates] == [cast.aino]
    assert shown.others == 1
    assert shown.unopened == (ranked.proposal_id,)


@pytest.mark.parametrize(
    ("score", "told"),
    [(1300, "best"), (1260, "best"), (1259, "good"), (1180, "good"), (1, "possible")],
)
def test_how_well_somebody_fits_is_told_beside_the_best(score: int, told: str) -> None:
    assert lists.band(score, 1300) == told


async def test_a_stranger_finds_no_record(cast: Cast) -> None:
    who_may = caseload.is_ours
    assert await cast.database.read(cast.maija, who_may, client_id=cast.aino)
    assert not await cast.database.read(cast.pekka, who_may, client_id=cast.aino)
    with pytest.raises(NotFound):
        await cast.database.read(cast.pekka, record.record, client_id=cast.aino, now=MONDAY)
    with pytest.raises(NotFound):
        await cast.database.read(cast.maija, record.client_of, gig_id=uuid7())


async def test_a_draft_and_another_organisers_order_are_not_found(cast: Cast) -> None:
    draft = make.order()
    draft.status = "draft"
    await make.save_order(cast, draft)
    for order_id in (draft.id, uuid7()):
        with pytest.raises(NotFound):
            await cast.database.read(cast.maija, sheets.sheet, order_id=order_id, seen=())
