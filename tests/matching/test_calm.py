"""Calm: what was proposed stays, unless a change is worth noticing, and changes are counted."""

from dataclasses import replace

import numpy as np
import pytest

from jobcenter.matching.check import breaches, value
from jobcenter.matching.plan import Pick, Plan
from jobcenter.matching.problem import Marks, Problem, Stood, ints
from jobcenter.matching.solver import solve
from jobcenter.matching.terms import Weights
from jobcenter.matching.thinking.answer import answer
from jobcenter.matching.thinking.question import Answer, Question
from tests.matching import folk
from tests.matching.city import City, city
from tests.matching.small import at, client, order, problem, starts
from tests.matching.test_answer import listed, of, row, think

TEN, TWO = at(1, 10), at(1, 14)
FIRST = {0: (TEN, ())}
"""The last proposals had the first client, at ten."""


def after(made: Problem, plan: Plan) -> Problem:
    """The same problem once the plan has been proposed."""
    orders, clients = made.orders, made.clients.unit.size
    visits: dict[tuple[int, int], tuple[Stood, ...]] = {}
    for one in plan.bookings:
        for served in one.serves:
            before = visits.get((one.order, served.client), ())
            stood = Stood(served.visit, one.coach, one.begin)
            visits[one.order, served.client] = (*before, stood)
    rows = {}
    for pick in plan.picks:
        begin, end = orders.offset[pick.order], orders.offset[pick.order + 1]
        at_start = int(begin + np.searchsorted(orders.start[begin:end], pick.start))
        rows[pick.order * clients + pick.client] = at_start + 1
    keys = sorted(rows)
    picked = Marks(clients, ints(keys), ints([rows[key] for key in keys]))
    return replace(made, orders=replace(orders, picked=picked, picked_visits=visits))


@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_world_again_changes_nothing(seed: int) -> None:
    made = city(City(orders=60, seed=seed, coach_days=0.3))
    first = solve(made)
    again = after(made, first.plan)
    second = solve(again)
    assert second.plan == first.plan
    assert breaches(again, second.plan) == []
    assert value(again, second.plan) == second.value <= second.bound
    assert second.value == first.value + made.weights.calm * len(first.plan.picks)


@pytest.mark.parametrize(("wishes", "goes"), [(0, 0), (2, 0), (4, 1)])
def test_only_a_gain_worth_noticing_moves_somebody(wishes: int, goes: int) -> None:
    """Without the last proposals whoever likes the task better would go."""
    people = [client(tie=2), client(tie=1, likes_tasks={0: wishes})]
    assert solve(problem([order(TEN)], people)).plan.picks == (Pick(0, 1, TEN),)
    made = problem([order(TEN, picked=FIRST)], people)
    result = solve(made)
    assert result.plan.picks == (Pick(0, goes, TEN),)
    assert value(made, result.plan) == result.value == result.bound
    at_any_price = replace(made, weights=Weights(calm=0))
    assert solve(at_any_price).plan.picks == (Pick(0, 1 if wishes else goes, TEN),)


def test_another_start_is_a_change_and_a_place_more_is_worth_it() -> None:
    window = order(starts=starts(TEN, TWO), picked=FIRST)
    alone = problem([window], [client()])
    assert solve(alone).plan.picks == (Pick(0, 0, TEN),)
    assert solve(alone).value == solve(replace(alone, weights=Weights(calm=0))).value + 30
    fixed = order(TEN)
    assert len(solve(problem([window, fixed], [client()])).plan.picks) == 2


def test_a_round_counts_what_it_gave_up() -> None:
    wanted, crowd = folk.order(), (folk.client("a"), folk.client("b"))
    strong = replace(crowd[1].details, strengths=frozenset({"punctual"}))
    better = (crowd[0], replace(crowd[1], details=strong))
    facts = replace(
        folk.world(wanted, clients=crowd), lists=(listed(wanted, row(wanted, crowd[0])),)
    )
    assert changed(think(facts)) == 0
    at_once = {"calm": 0}
    assert changed(think(replace(facts, clients=better, weights=at_once))) == 1
    opened = replace(facts, lists=(listed(wanted, row(wanted, crowd[0]), kept=True),))
    assert changed(think(replace(opened, clients=better, weights=at_once))) == 0


def test_who_stays_stays_at_their_own_place() -> None:
    wanted, crowd = folk.order(places=2), (folk.client("a"), folk.client("b"), folk.client("c"))
    first = think(folk.world(wanted, clients=crowd))
    one, two = (entries.entries[0].client_id for entries in of(first, wanted).lists)
    by_id = {person.id: person for person in crowd}
    swapped = (
        listed(wanted, row(wanted, by_id[two])),
        replace(listed(wanted, row(wanted, by_id[one])), place_no=2, id=folk.key("second")),
    )
    facts = replace(folk.world(wanted, clients=crowd), lists=swapped)
    second = answer(Question(facts, frozenset({wanted.id})), lambda _: None)
    assert [place.entries[0].client_id for place in of(second, wanted).lists] == [two, one]
    assert changed(second) == 0


def changed(found: Answer) -> int:
    return sum(one.changed for one in found.found)
