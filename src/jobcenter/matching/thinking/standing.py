"""The plan as it stands over all orders, asked why somebody who fits one is not planned for it."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from jobcenter.matching.elsewhere import Elsewhere
from jobcenter.matching.loading.facts import Facts, RowFact
from jobcenter.matching.loading.layout import Laid, lay_out
from jobcenter.matching.plan import Booking, Pick, Plan, Served
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

    def __init__(self, laid: Laid, plan: Plan) -> None:
        self._laid = laid
        self._orders = {order.id: number for number, order in enumerate(laid.orders)}
        self._clients = {client.id: number for number, client in enumerate(laid.clients)}
        self._elsewhere = Elsewhere(laid.problem, plan)

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

    `people` are those who will be asked about; nobody else but who is planned has to be there.
    """
    mine = {order.id for order in joint.orders}
    lists = [one.pick for one in facts.lists if one.order_id not in mine]
    rows = [row for row in lists if row is not None]
    if not rows:
        return Standing(joint, plan)
    known = {joint.clients[pick.client].id for pick in plan.picks}
    known |= {row.gig.client_id for row in rows} | set(people)
    some = replace(facts, clients=tuple(one for one in facts.clients if one.id in known))
    laid = lay_out(some)
    return Standing(laid, _together(laid, joint, plan, rows))


def _together(laid: Laid, joint: Laid, plan: Plan, rows: Collection[RowFact]) -> Plan:
    """Return both parts in the numbers of one problem; coaches have the same in each."""
    order = {one.id: number for number, one in enumerate(laid.orders)}
    client = {one.id: number for number, one in enumerate(laid.clients)}
    coach = {one.id: number for number, one in enumerate(laid.coaches)}
    orders = [order[one.id] for one in joint.orders]
    people = {pick.client: client[joint.clients[pick.client].id] for pick in plan.picks}
    picks = [Pick(orders[one.order], people[one.client], one.start) for one in plan.picks]
    visits = [
        replace(
            one,
            order=orders[one.order],
            serves=tuple(Served(people[s.client], s.visit) for s in one.serves),
        )
        for one in plan.bookings
    ]
    for row in rows:
        if row.gig.order_id not in order or row.gig.client_id not in client:
            continue
        number, who = order[row.gig.order_id], client[row.gig.client_id]
        picks.append(Pick(number, who, laid.grid.minute(row.gig.begin)))
        visits += [
            Booking(
                coach=coach[one.coach_id],
                order=number,
                begin=laid.grid.minute(one.begin),
                minutes=laid.grid.minute(one.end) - laid.grid.minute(one.begin),
                serves=(Served(who, one.piece),),
            )
            for one in row.visits
            if one.coach_id in coach
        ]
    return Plan(tuple(picks), tuple(visits))
