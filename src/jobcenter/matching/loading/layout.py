"""Lays facts out as a `Problem`, and remembers which index stands for whom.

Orders and coaches are written here, clients in `persons`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace

from jobcenter.matching.columns import build
from jobcenter.matching.loading.facts import (
    ClientFact,
    CoachFact,
    Facts,
    ListFact,
    OrderFact,
    VisitFact,
)
from jobcenter.matching.loading.hours import Grid, Weekly, without
from jobcenter.matching.loading.limits import Limits
from jobcenter.matching.loading.needs import SupportPlans, shares_visits
from jobcenter.matching.loading.numbering import Book, travel_between
from jobcenter.matching.loading.persons import Persons, buffer_of
from jobcenter.matching.problem import NOBODY, Problem, Stood
from jobcenter.matching.records import Busy, Coach, Order, Span, Start
from jobcenter.matching.terms import Weights
from jobcenter.orders.clocks import URGENCY
from jobcenter.orders.pay import pay_cents


@dataclass(frozen=True, slots=True)
class Laid:
    """A problem with the facts behind its indices."""

    problem: Problem
    grid: Grid
    orders: tuple[OrderFact, ...]
    clients: tuple[ClientFact, ...]
    coaches: tuple[CoachFact, ...]
    labels: tuple[tuple[str, ...], ...]
    """The support actions behind each label of a visit."""
    qualifications: tuple[str, ...]


def lay_out(facts: Facts) -> Laid:
    """Return the problem of filling all these orders."""
    book, plans = Book(facts), SupportPlans()
    limits = Limits(facts.rules, facts.clients)
    lists = facts.lists_by_order()
    orders = [
        replace(
            _order(order, facts, book, plans, limits),
            picked=_picked(order, lists.get(order.id, ()), facts.grid, book),
        )
        for order in facts.orders
    ]
    persons = Persons(facts, book, plans, limits)
    clients = [persons.record(client) for client in facts.clients]
    coaches = _coaches(facts, book)
    travel = travel_between(book.places)
    problem = build(
        facts.grid.calendar(facts.now),
        travel,
        orders=orders,
        clients=clients,
        coaches=coaches,
        plans=plans.usual(),
        exceptions=plans.known(facts.clients, facts.orders, facts.sites),
        weights=weights_of(facts.weights),
    )
    return Laid(
        problem=problem,
        grid=facts.grid,
        orders=facts.orders,
        clients=facts.clients,
        coaches=facts.coaches,
        labels=tuple(plans.labels),
        qualifications=book.qualifications.keys(),
    )


def weights_of(own: Mapping[str, int]) -> Weights:
    """Return the default weights with the organiser's own in their place."""
    known = {field.name for field in fields(Weights)} - {"urgency_steps"}
    usual = {f"urgency_hours {key}": clock.usual for key, clock in URGENCY.items()}
    steps = tuple(own.get(step, hours) * 60 for step, hours in usual.items())
    set_here = {name: own[name] for name in known & own.keys()}
    return Weights(**(asdict(Weights()) | set_here | {"urgency_steps": steps}))


def _order(fact: OrderFact, facts: Facts, book: Book, plans: SupportPlans, limits: Limits) -> Order:
    site = facts.sites[fact.site_id]
    pay = pay_cents(fact.hourly_cents, fact.minutes)
    asked = (book.clients.get(one) for one in facts.asked.get(fact.id, ()))
    return Order(
        starts=tuple(
            Start(minute=facts.grid.minute(start), pay=limits.pay(start, pay))
            for start in fact.starts
        ),
        minutes=fact.minutes,
        place=book.places[site.place],
        places=len(fact.free_places),
        chosen=facts.grid.minute(fact.start) if fact.start else None,
        demands=tuple(fact.demands),
        outdoors=fact.outdoors,
        qualifications=book.qualifications.all(fact.qualifications),
        counted=book.qualifications.all(sorted(fact.counted)),
        languages=book.languages.all([fact.language] if fact.language else []),
        step_free=fact.step_free,
        site=book.sites[fact.site_id],
        party=book.parties[fact.party_id],
        task=book.tasks[fact.task_id],
        group=shares_visits(fact, site),
        buffer=buffer_of(fact.channel),
        priority=fact.escalated,
        asked=frozenset(number for number in asked if number is not None),
        profile=plans.order(fact, site),
    )


def _picked(
    fact: OrderFact, lists: Iterable[ListFact], grid: Grid, book: Book
) -> Mapping[int, tuple[int, tuple[Stood, ...]]]:
    """Return whom the current lists of open places have picked, when, and with which visits."""
    found = {}
    for one in lists:
        row = one.pick
        client = book.clients.get(row.gig.client_id) if row else None
        if row is None or client is None or one.place_no not in fact.free_places:
            continue
        visits = (
            Stood(visit.piece, book.coaches[visit.coach_id], grid.minute(visit.begin))
            for visit in row.visits
            if book.coaches.get(visit.coach_id) is not None
        )
        found[client] = (grid.minute(row.gig.begin), tuple(visits))
    return found


def _coaches(facts: Facts, book: Book) -> list[Coach]:
    weekly = Weekly(facts.grid)
    visits: dict[object, list[VisitFact]] = {}
    for visit in facts.visits:
        visits.setdefault(visit.coach_id, []).append(visit)
    found = []
    for fact in facts.coaches:
        shifts, away = _hours(fact, weekly, facts.grid)
        taken = (_taken(visit, facts, book) for visit in visits.get(fact.id, ()))
        found.append(
            Coach(
                unit=book.units[fact.unit_id],
                languages=book.languages.all(fact.languages),
                shifts=tuple(shifts),
                busy=(*taken, *away),
                base=NOBODY if fact.base is None else book.places[fact.base],
            )
        )
    return found


def _hours(fact: CoachFact, weekly: Weekly, grid: Grid) -> tuple[Iterable[Span], list[Busy]]:
    """Return a coach's shifts, and the stays in them that are no visits.

    Who sets out from a place is there when their hours begin and end, and not around an absence.
    """
    hours = weekly.spans(fact.hours)
    away = [(grid.minute(begin), grid.minute(end)) for begin, end in fact.away]
    if fact.base is None:
        return without(hours, away), []
    # Cut to the hours: nights away take no time that a way could need.
    parts = [(max(a, c), min(b, d)) for a, b in away for c, d in hours]
    return hours, [Busy(begin=begin, end=end) for begin, end in parts if begin < end]


def _taken(visit: VisitFact, facts: Facts, book: Book) -> Busy:
    order = book.orders.get(visit.order_id)
    return Busy(
        begin=facts.grid.minute(visit.begin),
        end=facts.grid.minute(visit.end),
        place=NOBODY if visit.place is None else book.places[visit.place],
        buffer=0 if visit.place is None else buffer_of(visit.channel),
        order=NOBODY if order is None else order,
        room=0 if order is None else visit.room,
    )
