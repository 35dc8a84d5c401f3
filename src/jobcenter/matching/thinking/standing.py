"""The plan as it stands over all orders, asked why somebody who fits one is not planned for it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from jobcenter.matching.diary import Stay
from jobcenter.matching.elsewhere import Beside, Elsewhere
from jobcenter.matching.loading.facts import Facts, RowFact
from jobcenter.matching.loading.layout import Laid, lay_out
from jobcenter.matching.plan import Pick, Plan, Served
from jobcenter.matching.problem import NOBODY
from jobcenter.matching.visits import Held
from jobcenter.orders.finds import Json
from jobcenter.times import local

PERSON = (
    "Planned for order {number} on {day}: needed more there."
    " Would fit here if somebody else went there."
)
COACH = (
    "Their coach is planned for order {number} on {day}: needed more there."
    " Would fit here if another coach went there."
)


class Standing:
    """Speaks by the ids of people and orders, whatever numbers a problem gave them."""

    def __init__(self, laid: Laid, plan: Plan, beside: Iterable[Beside] = ()) -> None:
        self._laid = laid
        self._orders = {order.id: number for number, order in enumerate(laid.orders)}
        self._clients = {client.id: number for number, client in enumerate(laid.clients)}
        self._elsewhere = Elsewhere(laid.problem, plan, beside)

    def why_not(self, order_id: UUID, client_id: UUID, start: datetime) -> Json | None:
        """Return what the plan has instead of this, as a sentence, and the order that has it."""
        wanted = Pick(
            self._orders[order_id], self._clients[client_id], self._laid.grid.minute(start)
        )
        needed = self._elsewhere.needed(wanted)
        if needed is None:
            return None
        order = self._laid.orders[needed.order]
        day = local(self._laid.grid.moment(needed.start)).date()
        return {
            "sentence": COACH if needed.coach else PERSON,
            "values": {"number": order.number, "day": {"day": day.isoformat()}},
            "order_id": str(order.id),
            "who": "coach" if needed.coach else "person",
        }


def standing(facts: Facts, joint: Laid, plan: Plan, people: Collection[UUID]) -> Standing:
    """Return the joint plan of some orders beside what the current lists have for all others.

    `people` are those who will be asked about; of all others only the visits count.
    """
    mine = {order.id for order in joint.orders}
    lists = [one.pick for one in facts.lists if one.order_id not in mine]
    rows = [row for row in lists if row is not None]
    if not rows:
        return Standing(joint, plan)
    known = {joint.clients[pick.client].id for pick in plan.picks} | set(people)
    there = mine | {row.gig.order_id for row in rows}
    laid = lay_out(
        replace(
            facts,
            clients=tuple(one for one in facts.clients if one.id in known),
            orders=tuple(one for one in facts.orders if one.id in there),
        )
    )
    return Standing(laid, _again(laid, joint, plan), _beside(laid, rows))


def _again(laid: Laid, joint: Laid, plan: Plan) -> Plan:
    """Return a plan in the numbers of another problem; coaches have the same in both."""
    order = {one.id: number for number, one in enumerate(laid.orders)}
    client = {one.id: number for number, one in enumerate(laid.clients)}
    orders = [order[one.id] for one in joint.orders]
    people = {pick.client: client[joint.clients[pick.client].id] for pick in plan.picks}
    picks = [Pick(orders[one.order], people[one.client], one.start) for one in plan.picks]
    bookings = [
        replace(
            one,
            order=orders[one.order],
            serves=tuple(Served(people[s.client], s.visit) for s in one.serves),
        )
        for one in plan.bookings
    ]
    return Plan(tuple(picks), tuple(bookings))


def _beside(laid: Laid, rows: Collection[RowFact]) -> Iterator[Beside]:
    """Return what the lists of other orders have, as far as it is of this world still."""
    order = {one.id: number for number, one in enumerate(laid.orders)}
    client = {one.id: number for number, one in enumerate(laid.clients)}
    coach = {one.id: number for number, one in enumerate(laid.coaches)}
    places, buffers = laid.problem.orders.place, laid.problem.orders.buffer
    for row in rows:
        number = order.get(row.gig.order_id)
        if number is None:
            continue
        who = client.get(row.gig.client_id, NOBODY)
        visits = []
        for one in row.visits:
            here = (int(places[number]), int(buffers[number])) if one.place else (NOBODY, 0)
            stay = Stay(laid.grid.minute(one.begin), laid.grid.minute(one.end), *here)
            if one.coach_id in coach:
                visits.append(Held(coach[one.coach_id], number, stay, room=0))
        yield Beside(Pick(number, who, laid.grid.minute(row.gig.begin)), tuple(visits))
