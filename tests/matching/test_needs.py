"""Support plans as visits of the problem: numbered like the plan, shared as the order allows."""

from dataclasses import replace

from jobcenter.matching.loading.facts import Details, HistoryFact
from jobcenter.matching.loading.layout import Laid, lay_out
from jobcenter.matching.loading.needs import NAMES, limits_of
from jobcenter.matching.visits import Agenda, Need
from jobcenter.support import EVERYBODY
from tests.matching import folk


def needs_of(laid: Laid, client: int = 0, order: int = 0) -> tuple[Need, ...]:
    return Agenda(laid.problem).needs(client, order)


def test_a_visit_keeps_its_number_in_the_plan() -> None:
    client = folk.needing("aino", START=2, SAFE=2, AFTER=2, ARRIVE=1)
    laid = lay_out(folk.world(folk.order(), clients=(client,)))
    told = [(need.index, NAMES[need.presence], laid.labels[need.label]) for need in needs_of(laid)]
    assert told == [
        (0, "preparation", ("ARRIVE 1",)),
        (1, "present", ("START 2", "SAFE 2")),
        (2, "remote", ("AFTER 2",)),
    ]


def test_people_with_the_same_needs_share_a_profile() -> None:
    clients = (folk.needing("aino", START=2), folk.needing("eetu", START=2), folk.client("venla"))
    support = lay_out(folk.world(folk.order(), clients=clients)).problem.support
    assert support.client_profile.tolist() == [0, 0, 1]


def test_only_a_group_order_shares_visits() -> None:
    client = folk.needing("aino", START=2)
    alone, group = folk.order("alone"), replace(folk.order("group"), group_visit=True)
    laid = lay_out(folk.world(alone, group, clients=(client,)))
    assert [needs_of(laid, order=order)[0].ratio for order in (0, 1)] == [1, 3]
    assert laid.problem.orders.group.tolist() == [False, True]


def test_a_group_is_met_by_an_instructor_whatever_its_people_need() -> None:
    clients = (folk.client("eetu"), folk.needing("aino", START=2), folk.needing("kim", START=3))
    group = replace(folk.order("group", places=3), group_visit=True)
    laid = lay_out(folk.world(group, clients=clients))
    wanted = [needs_of(laid, number)[0] for number in range(3)]
    assert [
        (laid.labels[need.label], need.earliest, need.minutes, need.ratio) for need in wanted
    ] == [
        (("GROUP",), 0, 30, EVERYBODY),
        (("START 2", "GROUP"), -30, 60, 3),
        (("START 3", "GROUP"), 0, 60, 1),
    ]


def test_a_new_site_asks_for_one_visit_that_serves_everybody() -> None:
    clients = (folk.client("aino"), folk.client("eetu"))
    laid = lay_out(folk.world(folk.order(places=2), clients=clients, site_known=False))
    assert [laid.labels[need.label] for need in needs_of(laid)] == [("SITE",)]
    assert needs_of(laid)[0].ratio == EVERYBODY
    assert laid.problem.orders.group.tolist() == [True]


def test_who_knows_the_site_needs_less() -> None:
    history = HistoryFact(sites=frozenset({folk.key("site")}), tasks=frozenset({folk.key("task")}))
    details = Details(hours=folk.WEEKDAYS, needs={"START": 2}, history=history)
    clients = (folk.needing("aino", START=2), folk.client("eetu", details=details))
    laid = lay_out(folk.world(folk.order(), clients=clients))
    assert [needs_of(laid, client)[0].minutes for client in (0, 1)] == [30, 15]


def test_who_knows_the_site_but_not_the_work_fades_half_as_much() -> None:
    history = HistoryFact(sites=frozenset({folk.key("site")}))
    details = Details(hours=folk.WEEKDAYS, needs={"START": 2}, history=history)
    laid = lay_out(folk.world(folk.order(), clients=(folk.client(details=details),)))
    assert needs_of(laid)[0].minutes == 25


def test_a_need_for_light_tasks_lowers_the_limit() -> None:
    assert limits_of(folk.needing("aino", BODY=3)) == (1, 3, 3, 3, 3, 3)
    assert limits_of(folk.needing("aino", SENSE=3, READ=3)) == (3, 3, 3, 3, 1, 0)
    assert limits_of(folk.client()) == (3, 3, 3, 3, 3, 3)
