"""The support plans of all pairs as visits of the problem, worked out once for equal pairs.

A visit's place in its list is its `piece`: the same number under which assigning writes it down.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from jobcenter.matching.loading.facts import ClientFact, OrderFact, SiteFact
from jobcenter.matching.problem import PREPARATION, PRESENT, REMOTE
from jobcenter.matching.records import Plans, VisitNeed
from jobcenter.support import DEMANDS, EVERYBODY, PlannedVisit, plan

PRESENCE = {"present": PRESENT, "remote": REMOTE, "preparation": PREPARATION}
NAMES = {number: name for name, number in PRESENCE.items()}
NO_LIMIT = 99

Needs = tuple[tuple[str, int], ...]
Visits = tuple[VisitNeed, ...]


class Conditions(NamedTuple):
    """What of an order decides how a plan looks."""

    minutes: int
    site_is_new: bool
    asks_for_shaping: bool
    short_notice: bool
    days_to_workday: int
    group_visit: bool


@dataclass(frozen=True, slots=True)
class Familiarity:
    """What a client knows of an order's place and work."""

    site: bool = False
    task: bool = False


class SupportPlans:
    """Numbers equal clients and equal orders, and the actions that explanations name."""

    def __init__(self) -> None:
        self.labels: dict[tuple[str, ...], int] = {}
        self._clients: dict[Needs, int] = {}
        self._orders: dict[Conditions, int] = {}
        self._made: dict[tuple[Needs, Conditions, Familiarity], Visits] = {}

    def client(self, fact: ClientFact) -> int:
        """Return the number of everybody with the same needs."""
        return self._clients.setdefault(_needs(fact), len(self._clients))

    def order(self, fact: OrderFact, site: SiteFact) -> int:
        """Return the number of all orders with the same conditions."""
        return self._orders.setdefault(_conditions(fact, site), len(self._orders))

    def usual(self) -> Plans:
        """Return the plans of a first gig for every pair of numbers."""
        return {
            (client, order): self._visits(needs, conditions, Familiarity())
            for needs, client in self._clients.items()
            for conditions, order in self._orders.items()
        }

    def known(
        self,
        clients: Iterable[ClientFact],
        orders: Iterable[OrderFact],
        sites: Mapping[UUID, SiteFact],
    ) -> Plans:
        """Return the plans of pairs in which the client has worked at the order's site before."""
        by_site: dict[UUID, list[tuple[int, OrderFact]]] = {}
        for at, order in enumerate(orders):
            by_site.setdefault(order.site_id, []).append((at, order))
        return {
            (number, at): self._visits(
                _needs(client),
                _conditions(order, sites[order.site_id]),
                Familiarity(site=True, task=order.task_id in client.details.history.tasks),
            )
            for number, client in enumerate(clients)
            for site in client.details.history.sites
            for at, order in by_site.get(site, ())
        }

    def _visits(self, needs: Needs, conditions: Conditions, familiar: Familiarity) -> Visits:
        key = (needs, conditions, familiar)
        if key not in self._made:
            self._made[key] = self._make(needs, conditions, familiar)
        return self._made[key]

    def _make(self, needs: Needs, conditions: Conditions, familiar: Familiarity) -> Visits:
        made = plan(
            dict(needs),
            gig_minutes=conditions.minutes,
            gigs_at_site=int(familiar.site),
            knows_task=familiar.task,
            site_is_new=conditions.site_is_new,
            asks_for_shaping=conditions.asks_for_shaping,
            is_group=conditions.group_visit,
            short_notice=conditions.short_notice,
            days_to_next_workday=conditions.days_to_workday,
        )
        return tuple(self._visit(visit, conditions) for visit in made.visits)

    def _visit(self, visit: PlannedVisit, conditions: Conditions) -> VisitNeed:
        # What an order needs by itself serves everybody on it; the rest is shared at group gigs.
        shared = conditions.group_visit or visit.ratio >= EVERYBODY
        return VisitNeed(
            earliest=visit.earliest,
            latest=visit.latest,
            minutes=visit.minutes,
            presence=PRESENCE[visit.presence],
            from_end=visit.anchor == "end",
            ratio=visit.ratio if shared else 1,
            same_coach=int(visit.same_coach),
            label=self.labels.setdefault(visit.actions, len(self.labels)),
        )


def shares_visits(order: OrderFact, site: SiteFact) -> bool:
    """Whether any visit of the order may serve several clients."""
    return order.group_visit or order.asks_for_shaping or not site.known


def limits_of(client: ClientFact) -> tuple[int, ...]:
    """Return the client's limits, lowered where a need allows only lighter tasks."""
    made = plan(
        client.details.needs,
        gig_minutes=60,
        gigs_at_site=0,
        knows_task=False,
        site_is_new=False,
        asks_for_shaping=False,
    )
    return tuple(
        min(limit, made.limits.get(demand, NO_LIMIT))
        for limit, demand in zip(client.limits, DEMANDS, strict=True)
    )


def _needs(client: ClientFact) -> Needs:
    return tuple(sorted(client.details.needs.items()))


def _conditions(order: OrderFact, site: SiteFact) -> Conditions:
    return Conditions(
        minutes=order.minutes,
        site_is_new=not site.known,
        asks_for_shaping=order.asks_for_shaping,
        short_notice=order.short_notice,
        days_to_workday=order.days_to_workday,
        group_visit=order.group_visit,
    )
