"""Writes clients down as records of the problem: what they can, want, need and have left."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from hashlib import blake2b
from uuid import UUID

from jobcenter.matching.loading.counters import Counters, WorkFact
from jobcenter.matching.loading.decided import Decided
from jobcenter.matching.loading.facts import ClientFact, Facts, GigFact, WishFact
from jobcenter.matching.loading.hours import Weekly, changed_by, common, without
from jobcenter.matching.loading.limits import Limits
from jobcenter.matching.loading.needs import SupportPlans, limits_of
from jobcenter.matching.loading.numbering import Book, Numbers
from jobcenter.matching.problem import FOREVER, NOBODY
from jobcenter.matching.records import Busy, Client, Span
from jobcenter.times import day_bounds
from jobcenter.travel import OPEN_BUFFER_MINUTES

# Who never had an offer or a gig stands like somebody who had one this many days ago.
LONG_AGO = 365
HASH_BYTES = 7
DAYS_A_WEEK = 7


class Persons:
    """Makes one record at a time; what it says in indices is numbered in the book."""

    def __init__(self, facts: Facts, book: Book, plans: SupportPlans, limits: Limits) -> None:
        self._facts, self._book = facts, book
        self._plans, self._limits = plans, limits
        self._weekly = Weekly(facts.grid)
        self._numbers = {order.task_id: order.task_number for order in facts.orders}
        self._cards_of = {order.id: order.counted for order in facts.orders}
        counted = (card for order in facts.orders for card in order.counted)
        self._counters = Counters(facts.counters, facts.grid, counted)
        self._decided = Decided(facts.grid, facts.coaching, {})
        self._gigs: dict[UUID, list[GigFact]] = {}
        for gig in facts.gigs:
            self._gigs.setdefault(gig.client_id, []).append(gig)

    def record(self, fact: ClientFact) -> Client:
        """Return the record of one client."""
        details, history, book = fact.details, fact.details.history, self._book
        gigs = self._gigs.get(fact.id, [])
        likes, vetoes = self._wishes(details.wishes)
        return Client(
            home=book.places[fact.home],
            unit=book.units[fact.unit_id],
            limits=limits_of(fact),
            outdoors=fact.outdoors,
            qualifications=self._cards(details.qualifications),
            languages=book.languages.all(fact.spoken),
            needs_step_free=fact.step_free,
            trip_limit=fact.travel_minutes,
            free=changed_by(
                (*self._weekly.spans(details.hours), *self._freed(fact)),
                details.exceptions,
                self._facts.grid,
            ),
            busy=self._busy(fact, gigs),
            week_minutes=self._left(fact.week_minutes, gigs, count=False),
            week_gigs=self._left(fact.week_gigs, gigs, count=True),
            ceilings=self._limits.left(fact, [gig for gig in gigs if gig.pencilled]),
            no_tasks=frozenset(vetoes["task"]),
            no_sites=frozenset(vetoes["site"]),
            no_parties=frozenset(vetoes["party"]),
            likes_tasks=likes["task"],
            likes_sites=likes["site"],
            likes_parties=likes["party"],
            strengths=self._strengths(details.strengths),
            knows_sites=_met(book.sites, history.sites),
            knows_tasks=_met(book.tasks, history.tasks),
            days_since_offer=self._days_since(history.last_asked_at),
            days_since_gig=self._days_since(history.last_gig_ended),
            gigs_90=history.gigs_90,
            offers_90=history.offers_90,
            tie=_stable_hash(fact.id),
            coach=self._coach(history.coach_id),
            rest_days=fact.rest_days,
            one_new=fact.one_new,
            practised=_met(book.tasks, details.practised),
            dues=self._dues(fact, gigs),
            undecided=self._decided.shut(fact),
            profile=self._plans.client(fact),
        )

    def _busy(self, fact: ClientFact, gigs: Iterable[GigFact]) -> tuple[Busy, ...]:
        grid, places = self._facts.grid, self._book.places
        at_unit = places[fact.site or self._facts.units[fact.unit_id]]
        return (
            *(
                Busy(
                    begin=grid.minute(gig.begin),
                    end=grid.minute(gig.end),
                    place=places[gig.place],
                    buffer=buffer_of(gig.channel),
                    gig=True,
                )
                for gig in gigs
            ),
            *(Busy(begin=begin, end=end, place=at_unit) for begin, end in self._activity(fact)),
        )

    def _activity(self, fact: ClientFact) -> tuple[Span, ...]:
        """Return the hours of activity; there is none in a unit on a day when it is closed."""
        at_unit, elsewhere = fact.details.activity, fact.details.activity_elsewhere
        return (
            *without(self._weekly.spans(at_unit), self._closed(fact)),
            *self._weekly.spans(elsewhere),
        )

    def _freed(self, fact: ClientFact) -> tuple[Span, ...]:
        """Return the hours of activity that the unit's closed days leave to the client."""
        closed = self._closed(fact)
        return common(self._weekly.spans(fact.details.activity), closed) if closed else ()

    def _closed(self, fact: ClientFact) -> list[Span]:
        grid = self._facts.grid
        found = self._facts.closed.get(fact.unit_id, ())
        return [(grid.minute(begin), grid.minute(end)) for begin, end in found]

    def _dues(self, fact: ClientFact, gigs: Iterable[GigFact]) -> tuple[tuple[int, int, int], ...]:
        """Return when which card is needed; what stands on lists counts as if it were done."""
        pencilled = [
            WorkFact(self._cards_of.get(gig.order_id, frozenset()), gig.begin, gig.end)
            for gig in gigs
            if gig.pencilled
        ]
        return tuple(
            (self._book.qualifications[card], begin, end)
            for card, begin, end in self._counters.due(fact.id, pencilled)
        )

    def _left(self, allowed: int, gigs: Iterable[GigFact], *, count: bool) -> tuple[int, ...]:
        """Return what is left of a weekly number in each week of the grid."""
        grid = self._facts.grid
        left = [allowed] * (grid.days // DAYS_A_WEEK)
        for gig in gigs:
            week = grid.week(gig.begin)
            if 0 <= week < len(left):
                left[week] -= 1 if count else grid.minute(gig.end) - grid.minute(gig.begin)
        return tuple(left)

    def _wishes(
        self, wishes: Iterable[WishFact]
    ) -> tuple[dict[str, dict[int, int]], dict[str, list[int]]]:
        """Return likings in points and vetoes, by what they are about."""
        book = self._book
        numbers: dict[str, Numbers[UUID]] = {
            "task": book.tasks, "site": book.sites, "party": book.parties,
        }  # fmt: skip
        likes: dict[str, dict[int, int]] = {kind: {} for kind in numbers}
        vetoes: dict[str, list[int]] = {kind: [] for kind in numbers}
        for wish in wishes:
            number = numbers[wish.kind].get(wish.subject)
            if number is None:
                continue
            if wish.veto:
                vetoes[wish.kind].append(number)
            else:
                likes[wish.kind][number] = wish.points
        return likes, vetoes

    def _strengths(self, codes: frozenset[str]) -> dict[int, int]:
        """Return a point for each strength that helps with a task."""
        tasks, helps = self._book.tasks.keys(), self._facts.helps
        points = [
            sum(self._numbers[task] in helps.get(code, frozenset()) for code in codes)
            for task in tasks
        ]
        return {number: count for number, count in enumerate(points) if count}

    def _cards(self, cards: Mapping[str, date | None]) -> dict[int, int]:
        """Return until which minute each qualification is valid: to the end of its last day."""
        return {
            self._book.qualifications[code]: FOREVER
            if last is None
            else self._facts.grid.minute(day_bounds(last)[1])
            for code, last in cards.items()
        }

    def _days_since(self, moment: datetime | None) -> int:
        return LONG_AGO if moment is None else max(0, (self._facts.now - moment).days)

    def _coach(self, coach_id: UUID | None) -> int:
        number = None if coach_id is None else self._book.coaches.get(coach_id)
        return NOBODY if number is None else number


def buffer_of(channel: str) -> int:
    """Return the minutes besides travel that a gig of this channel asks for."""
    return OPEN_BUFFER_MINUTES if channel == "OPEN" else 0


def _met(numbers: Numbers[UUID], known: Iterable[UUID]) -> frozenset[int]:
    found = (numbers.get(one) for one in known)
    return frozenset(number for number in found if number is not None)


def _stable_hash(client: UUID) -> int:
    return int.from_bytes(blake2b(client.bytes, digest_size=HASH_BYTES).digest(), "big")
