"""Every pair of states: which moves a gig and an order may make, in Python and in the database."""

from collections.abc import Mapping
from itertools import permutations, product

import asyncpg
import pytest

from jobcenter.errors import WrongMoment
from jobcenter.orders.gigs import MOVES, Gig, GigStatus
from jobcenter.orders.model import NEXT, OrderStatus
from tests import make
from tests.cast import CITY, MONDAY, Cast, key
from tests.conftest import Fresh
from tests.orders import steps


@pytest.mark.parametrize(("now", "then"), [*product(GigStatus, GigStatus)])
def test_a_gig_moves_as_the_table_says(now: GigStatus, then: GigStatus) -> None:
    gig = Gig(organiser_id=CITY, id=key("gig"), status=now.value, version=1)
    if then in MOVES[now]:
        event = gig.become(then, by=None, via="clock", now=MONDAY)
        assert (event.from_status, event.to_status, gig.status) == (now, then, then)
        assert gig.version == 2
    else:
        with pytest.raises(WrongMoment):
            gig.become(then, by=None, via="clock", now=MONDAY)
        assert (gig.status, gig.version) == (now, 1)


@pytest.mark.parametrize(("now", "then"), [*product(OrderStatus, OrderStatus)])
def test_an_order_moves_as_the_table_says(now: OrderStatus, then: OrderStatus) -> None:
    order = make.order()
    order.status, order.version = now.value, 1
    if then in NEXT[now]:
        event = order.become(then, by=None, now=MONDAY)
        assert (event.kind, order.status, order.version) == (f"order.{then}", then, 2)
    else:
        with pytest.raises(WrongMoment):
            order.become(then, by=None, now=MONDAY)
        assert (order.status, order.version) == (now, 1)


def test_every_state_can_be_reached_and_the_ends_stay() -> None:
    reached = {GigStatus.ASSIGNED}.union(*MOVES.values())
    assert reached == set(GigStatus) == set(MOVES)
    assert {OrderStatus.DRAFT}.union(*NEXT.values()) == set(OrderStatus) == set(NEXT)


async def test_the_database_knows_the_same_moves(fresh: Fresh) -> None:
    rows = await fresh.owner("SELECT from_status, to_status FROM status_moves")
    begins = {("", GigStatus.ASSIGNED.value)}
    told = {(now.value, then.value) for now, many in MOVES.items() for then in many}
    assert {(row[0], row[1]) for row in rows} == told | begins


async def refused(owner_dsn: str, table: str, states: Mapping[str, frozenset[str]]) -> list[str]:
    """Try every move of the one row of a table in SQL; return where the trigger says otherwise."""
    wrong = []
    connection = await asyncpg.connect(owner_dsn)
    try:
        for now, then in permutations(states, 2):
            trying = connection.transaction()
            await trying.start()
            await connection.execute(
                f"ALTER TABLE {table} DISABLE TRIGGER USER; UPDATE {table} SET status = '{now}';"
                f"ALTER TABLE {table} ENABLE TRIGGER USER"
            )
            try:
                await connection.execute(f"UPDATE {table} SET status = '{then}'")
                broken = None
            except asyncpg.CheckViolationError as error:
                broken = error.constraint_name
            await trying.rollback()
            moved = broken not in {"gig_move_is_legal", "order_move_is_legal"}
            if moved != (then in states[now]):
                wrong.append(f"{now} to {then}")
    finally:
        await connection.close()
    return wrong


async def test_no_statement_moves_a_gig_or_an_order_otherwise(cast: Cast, fresh: Fresh) -> None:
    await steps.agreed(cast, cast.eetu)
    gigs = {now.value: frozenset(then.value for then in many) for now, many in MOVES.items()}
    orders = {now.value: frozenset(then.value for then in many) for now, many in NEXT.items()}
    assert await refused(fresh.owner_dsn, "gigs", gigs) == []
    assert await refused(fresh.owner_dsn, "orders", orders) == []


async def test_a_gig_begins_as_assigned(cast: Cast, fresh: Fresh) -> None:
    await steps.agreed(cast, cast.eetu)
    with pytest.raises(asyncpg.CheckViolationError, match="begins as assigned"):
        await fresh.owner(
            "INSERT INTO gigs (organiser_id, id, order_id, place_no, client_id, status, during,"
            " hourly_cents, pay_cents, assigned_by, assigned_at, answer_by, version, shows_phone,"
            " answered_via, answered_by)"
            " SELECT organiser_id, gen_random_uuid(), order_id, 1, client_id, status, during,"
            " hourly_cents, pay_cents, assigned_by, assigned_at, answer_by, 1, false,"
            " answered_via, answered_by FROM gigs"
        )
