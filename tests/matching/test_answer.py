"""A question thought through without a database: who is listed where, and what stays as it is."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from jobcenter.matching.loading.facts import (
    ClientFact,
    CoachFact,
    Details,
    Facts,
    GigFact,
    ListFact,
    OrderFact,
    RowFact,
    VisitFact,
)
from jobcenter.matching.loading.hours import HoursFact
from jobcenter.matching.thinking.answer import answer, shortlist
from jobcenter.matching.thinking.question import Answer, Question
from jobcenter.orders.finds import Found
from jobcenter.orders.sentences import worded
from tests.matching import folk
from tests.matching.folk import TUESDAY_TEN

HOUR = timedelta(hours=1)
CROWD = tuple(folk.client(name) for name in ("a", "b", "c", "d", "e", "f", "g"))


def think(facts: Facts, **options: frozenset[UUID]) -> Answer:
    """Ask about all orders, or repair those that are named."""
    orders = options.get("orders", frozenset(order.id for order in facts.orders))
    question = Question(facts, orders, "orders" in options, options.get("changed", frozenset()))
    return answer(question, lambda _: None)


def of(found: Answer, order: OrderFact) -> Found:
    (one,) = [one for one in found.found if one.order_id == order.id]
    return one


def gig(order: OrderFact, client: ClientFact, start: datetime = TUESDAY_TEN) -> GigFact:
    end = start + timedelta(minutes=order.minutes)
    return GigFact(order.id, client.id, start, end, folk.SITE, order.channel, pencilled=True)


def row(order: OrderFact, client: ClientFact, *visits: VisitFact, planned: bool = True) -> RowFact:
    return RowFact(1, "waiting", planned, gig(order, client), visits)


def listed(order: OrderFact, *rows: RowFact, kept: bool = False) -> ListFact:
    return ListFact(folk.key(f"list of {order.id}"), order.id, 1, kept, rows)


def busy_after(hour: int, name: str) -> ClientFact:
    """Return somebody who is only free in the afternoon."""
    hours = tuple(HoursFact(day, hour * 60, 1200) for day in range(5))
    return folk.client(name, details=Details(hours=hours))


def test_one_list_has_the_pick_and_four_others() -> None:
    order = folk.order()
    (place,) = of(think(folk.world(order, clients=CROWD)), order).lists
    assert [entry.planned for entry in place.entries] == [True, False, False, False, False]
    assert len({entry.client_id for entry in place.entries}) == 5


def test_scores_fall_along_the_list() -> None:
    order = folk.order()
    known = folk.client(
        "known", details=Details(hours=folk.WEEKDAYS, strengths=frozenset({"punctual"}))
    )
    (place,) = of(think(folk.world(order, clients=(*CROWD, known))), order).lists
    scores = [entry.score for entry in place.entries]
    assert place.entries[0].client_id == known.id
    assert scores == sorted(scores, reverse=True)


def test_each_place_has_its_own_pick_and_the_same_others() -> None:
    order = folk.order(places=2)
    first, second = of(think(folk.world(order, clients=CROWD)), order).lists
    assert (first.place_no, second.place_no) == (1, 2)
    assert first.entries[0].client_id != second.entries[0].client_id
    assert [one.client_id for one in first.entries[1:]] == [
        one.client_id for one in second.entries[1:]
    ]


def test_taken_places_get_no_list() -> None:
    order = replace(folk.order(places=3), taken=frozenset({2}), start=TUESDAY_TEN)
    lists = of(think(folk.world(order, clients=CROWD)), order).lists
    assert [one.place_no for one in lists] == [1, 3]


def test_everybody_on_one_order_starts_together() -> None:
    order = folk.with_starts(folk.order(places=2), TUESDAY_TEN, TUESDAY_TEN + 4 * HOUR)
    late = busy_after(13, "late")
    lists = of(think(folk.world(order, clients=(*CROWD[:3], late))), order).lists
    entries = [entry for one in lists for entry in one.entries]
    assert {entry.start for entry in entries} == {entries[0].start}


def test_a_single_place_shows_each_at_their_best_start() -> None:
    order = folk.with_starts(folk.order(), TUESDAY_TEN, TUESDAY_TEN + 4 * HOUR)
    late = busy_after(13, "late")
    (place,) = of(think(folk.world(order, clients=(CROWD[0], late))), order).lists
    starts = {entry.client_id: entry.start for entry in place.entries}
    assert starts[late.id] == TUESDAY_TEN + 4 * HOUR
    assert starts[CROWD[0].id] == TUESDAY_TEN


def test_two_orders_at_one_time_share_people_out() -> None:
    one, other = folk.order("one"), folk.order("other")
    found = think(folk.world(one, other, clients=CROWD[:2]))
    picks = {of(found, order).lists[0].entries[0].client_id for order in (one, other)}
    assert picks == {CROWD[0].id, CROWD[1].id}
    assert (found.places, found.picks, dict(found.unfilled)) == (2, 2, {})


def test_a_place_whose_people_are_needed_elsewhere_says_so() -> None:
    one, other = folk.order("one"), folk.order("other")
    found = think(folk.world(one, other, clients=CROWD[:1]))
    empty = [of(found, order).lists for order in (one, other)]
    assert dict(found.unfilled) == {"elsewhere": 1}
    # Whoever fits alone is shown all the same: a person decides.
    assert [len(lists[0].entries) for lists in empty] == [1, 1]
    assert sorted(lists[0].entries[0].planned for lists in empty) == [False, True]


def test_a_repair_leaves_pencilled_people_to_their_orders() -> None:
    old, new = folk.order("old"), folk.order("new")
    facts = replace(
        folk.world(old, new, clients=CROWD[:2]), lists=(listed(old, row(old, CROWD[0])),)
    )
    (place,) = of(think(facts, orders=frozenset({new.id})), new).lists
    assert [(one.client_id, one.planned) for one in place.entries] == [
        (CROWD[1].id, True),
        (CROWD[0].id, False),
    ]


def test_a_repair_leaves_pencilled_coaches_to_their_visits() -> None:
    old, new = folk.order("old"), folk.order("new")
    clients = (folk.needing("first", START=2), folk.needing("second", START=2))
    door = VisitFact(
        folk.key("kim"), old.id, TUESDAY_TEN - HOUR / 2, TUESDAY_TEN, folk.SITE, "OPEN"
    )
    facts = replace(
        folk.world(old, new, clients=clients, coaches=(folk.coach(),)),
        lists=(listed(old, row(old, clients[0], door)),),
    )
    found = think(facts, orders=frozenset({new.id}))
    assert (found.picks, dict(found.unfilled)) == (0, {"elsewhere": 1})


def test_a_repair_answers_only_what_it_was_asked() -> None:
    old, new = folk.order("old"), folk.order("new")
    found = think(folk.world(old, new, clients=CROWD), orders=frozenset({new.id}))
    assert [one.order_id for one in found.found] == [new.id]


def test_near_misses_are_looked_for_where_the_order_changed() -> None:
    felt, changed = folk.order("felt"), folk.order("changed")
    both = frozenset({felt.id, changed.id})
    facts = folk.world(felt, changed, clients=(busy_after(11, "late"),))
    found = think(facts, orders=both, changed=frozenset({changed.id}))
    assert (of(found, felt).misses, of(found, felt).almost) == ((), False)
    assert [miss.rule for miss in of(found, changed).misses or ()] == ["available"]


def test_who_became_impossible_on_a_kept_list_is_named() -> None:
    order = folk.order()
    late = busy_after(13, "late")
    kept = listed(order, row(order, CROWD[0]), row(order, late), kept=True)
    facts = replace(folk.world(order, clients=(CROWD[0], late)), lists=(kept,))
    assert of(think(facts), order).impossible == {(kept.id, late.id)}


def test_lists_that_are_not_kept_need_no_striking_out() -> None:
    order = folk.order()
    late = busy_after(13, "late")
    facts = replace(
        folk.world(order, clients=(CROWD[0], late)), lists=(listed(order, row(order, late)),)
    )
    assert of(think(facts), order).impossible == frozenset()


def test_a_kept_list_of_a_full_order_is_judged_too() -> None:
    order = replace(folk.order(), taken=frozenset({1}), start=TUESDAY_TEN)
    late = busy_after(13, "late")
    kept = listed(order, row(order, CROWD[0]), row(order, late), kept=True)
    facts = replace(folk.world(order, clients=(CROWD[0], late)), lists=(kept,))
    found = of(think(facts), order)
    assert found.lists == ()
    assert found.impossible == {(kept.id, late.id)}


def test_a_shortlist_is_of_those_who_fit_alone() -> None:
    found = shortlist(folk.world(folk.order(), clients=CROWD), most=3)
    (place,) = found.lists
    assert [entry.planned for entry in place.entries] == [False, False, False]


def test_visits_are_numbered_as_in_the_support_plan() -> None:
    order = folk.order()
    client = folk.needing("aino", START=2, AFTER=2)
    kim: CoachFact = folk.coach()
    (place,) = of(think(folk.world(order, clients=(client,), coaches=(kim,))), order).lists
    door, call = place.entries[0].visits
    assert (door["piece"], door["presence"], door["minutes"]) == (0, "present", 30)
    assert (call["piece"], call["presence"], call["minutes"]) == (1, "remote", 10)
    assert door["start"] == (TUESDAY_TEN - HOUR / 2).isoformat()
    assert door["coach_id"] == call["coach_id"] == str(kim.id)


def test_no_orders_are_no_trouble() -> None:
    assert think(folk.world(clients=CROWD)) == Answer()


def why_not(found: Answer, order: OrderFact, client: ClientFact) -> tuple[object, object]:
    """Return the order and the one that keep somebody of a list from it."""
    entries = [entry for one in of(found, order).lists for entry in one.entries]
    (entry,) = [one for one in entries if one.client_id == client.id]
    told = entry.elsewhere or {}
    return told.get("order_id"), told.get("who")


def test_who_is_planned_elsewhere_says_where() -> None:
    """The one person fits both orders at once; the urgent one has them."""
    one, other = folk.order("one"), replace(folk.order("other"), escalated=2, number=12)
    found = think(folk.world(one, other, clients=CROWD[:1]))
    assert why_not(found, one, CROWD[0]) == (str(other.id), "person")
    told = of(found, one).lists[0].entries[0].elsewhere
    assert told is not None
    assert told["values"] == {"number": 12, "day": {"day": TUESDAY_TEN.date().isoformat()}}
    assert worded("en", told).startswith("Planned for order 12 on ")
    assert why_not(found, other, CROWD[0]) == (None, None)


def test_whose_coach_is_planned_elsewhere_says_where() -> None:
    one, other = folk.order("one"), replace(folk.order("other"), escalated=2)
    clients = (folk.needing("first", START=2), folk.needing("second", START=2))
    found = think(folk.world(one, other, clients=clients, coaches=(folk.coach(),)))
    (planned,) = (e for e in of(found, other).lists[0].entries if e.planned)
    (free,) = (client for client in clients if client.id != planned.client_id)
    assert why_not(found, one, free) == (str(other.id), "coach")


def test_whom_the_plan_merely_ranks_lower_is_needed_nowhere_else() -> None:
    order = folk.order()
    found = think(folk.world(order, clients=CROWD))
    assert all(why_not(found, order, client) == (None, None) for client in listed_of(found, order))


def listed_of(found: Answer, order: OrderFact) -> list[ClientFact]:
    on = {entry.client_id for one in of(found, order).lists for entry in one.entries}
    return [client for client in CROWD if client.id in on]


def test_a_repair_says_who_is_needed_on_a_list_that_it_leaves_alone() -> None:
    old, new = replace(folk.order("old"), number=7), folk.order("new")
    facts = replace(
        folk.world(old, new, clients=CROWD[:1]), lists=(listed(old, row(old, CROWD[0])),)
    )
    found = think(facts, orders=frozenset({new.id}))
    assert why_not(found, new, CROWD[0]) == (str(old.id), "person")
    needy = (folk.needing("first", START=2), folk.needing("second", START=2))
    door = VisitFact(
        folk.key("kim"), old.id, TUESDAY_TEN - HOUR / 2, TUESDAY_TEN, folk.SITE, "OPEN"
    )
    scarce = replace(
        folk.world(old, new, clients=needy, coaches=(folk.coach(),)),
        lists=(listed(old, row(old, needy[0], door)),),
    )
    assert why_not(think(scarce, orders=frozenset({new.id})), new, needy[1]) == (
        str(old.id),
        "coach",
    )
