"""What the last proposals had for an order's open places, and what a new plan leaves of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from jobcenter.matching.loading.facts import ListFact, OrderFact
from jobcenter.matching.loading.layout import Laid
from jobcenter.matching.plan import Pick

Spot = tuple[UUID, datetime]


def at_places(
    laid: Laid, order: OrderFact, picks: Sequence[Pick], lists: Iterable[ListFact]
) -> dict[int, Pick]:
    """Return who goes to which place: to their former one, else to the first that is left."""
    had = {_stood(one): one.place_no for one in lists if one.pick}
    left, found, others = list(order.free_places), dict[int, Pick](), list[Pick]()
    for pick in picks:
        place = had.get(_goes(laid, pick))
        if place in left:
            left.remove(place)
            found[place] = pick
        else:
            others.append(pick)
    return found | dict(zip(left, others, strict=False))


def given_up(laid: Laid, order: OrderFact, picks: Iterable[Pick], lists: Iterable[ListFact]) -> int:
    """Return how many of the former picks the plan has no more; lists that are kept change none."""
    still = {_goes(laid, pick) for pick in picks}
    stood = [one for one in lists if one.pick and not one.kept]
    return sum(one.place_no in order.free_places and _stood(one) not in still for one in stood)


def _goes(laid: Laid, pick: Pick) -> Spot:
    return laid.clients[pick.client].id, laid.grid.moment(pick.start)


def _stood(one: ListFact) -> Spot | None:
    return (one.pick.gig.client_id, one.pick.gig.begin) if one.pick else None
