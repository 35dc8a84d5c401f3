"""Makes the list of each place from the joint plan: its pick first, then those who fit alone."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from jobcenter.matching.candidates import Candidates, candidates
from jobcenter.matching.loading.facts import Facts, OrderFact
from jobcenter.matching.loading.layout import Laid, lay_out
from jobcenter.matching.loading.needs import NAMES
from jobcenter.matching.plan import Booking, Pick, Plan
from jobcenter.matching.score import rank
from jobcenter.matching.thinking.before import at_places, given_up
from jobcenter.matching.thinking.nobody import ELSEWHERE, commonest_failure
from jobcenter.matching.thinking.standing import Standing
from jobcenter.matching.thinking.words import Words
from jobcenter.matching.visits import Agenda
from jobcenter.orders.finds import Entry, Found, Json, PlaceList

Possible = tuple[UUID, UUID, datetime]

# On one list: the joint plan's pick and up to four who would fit alone.
MOST = 5
MISSES = 8


class Shortlister:
    """Lists order by order; `alone` is the world without other proposals, `plan` the joint one.

    `beside` knows what the plan has for all other orders, and so why somebody is not planned.
    """

    def __init__(
        self,
        facts: Facts,
        alone: Laid,
        fitting: Candidates,
        plan: Plan,
        *,
        beside: Standing | None = None,
        most: int = MOST,
    ) -> None:
        self.unfilled: Counter[str] = Counter()
        self._facts, self._alone = facts, alone
        self._most, self._beside = most, beside
        self._ranked = _ranked(alone, fitting)
        self._possible = _possible(facts, alone, fitting)
        self._agenda = Agenda(alone.problem)
        self._words = Words(alone)
        self._picks: defaultdict[int, list[Pick]] = defaultdict(list)
        for pick in sorted(plan.picks):
            self._picks[pick.order].append(pick)
        self._bookings: defaultdict[tuple[int, int], list[Booking]] = defaultdict(list)
        for booking in plan.bookings:
            for served in booking.serves:
                self._bookings[booking.order, served.client].append(booking)
        self._lists = facts.lists_by_order()

    def found(self, number: int, *, almost: bool = True) -> Found:
        """Return what there is for one order, with all who almost fit if wanted.

        Who only waits for support is never left out: another order may have taken the coach.
        """
        order = self._facts.orders[number]
        picks = sorted(self._picks[number], key=lambda pick: -self._points(pick))
        others = self._alternatives(order, number, picks)
        empty = self._why_empty(number, order, picks, others)
        before = self._lists.get(order.id, ())
        placed = at_places(self._alone, order, picks, before)
        lists = []
        for place_no in order.free_places:
            entries = [self._planned(placed[place_no])] if place_no in placed else []
            entries += [self._alone_entry(pick) for pick in others]
            lists.append(PlaceList(place_no, tuple(entries), None if entries else empty))
        return Found(
            order_id=order.id,
            version=order.version,
            taken=order.taken,
            read_at=self._facts.now,
            lists=tuple(lists),
            misses=self._words.misses(number, MISSES if almost else 0),
            almost=almost,
            impossible=self._impossible(order),
            changed=given_up(self._alone, order, picks, before),
        )

    def _points(self, pick: Pick) -> int:
        return self._ranked[pick.order].get(pick, 0)

    def _alternatives(self, order: OrderFact, number: int, picks: list[Pick]) -> list[Pick]:
        """Return who else would fit alone, each at their best start, best first."""
        together = {pick.start for pick in picks} if len(order.free_places) > 1 else set()
        seen = {pick.client for pick in picks}
        # Where nobody was found in time, more people are looked at.
        room = self._most * (1 + bool(order.escalated)) - bool(picks)
        others: list[Pick] = []
        for pick in self._ranked[number]:
            if len(others) == room:
                break
            if pick.client not in seen and (not together or pick.start in together):
                seen.add(pick.client)
                others.append(pick)
        return others

    def _why_empty(
        self, number: int, order: OrderFact, picks: list[Pick], others: list[Pick]
    ) -> str | None:
        """Count the places that the plan leaves empty, and return why."""
        missing = len(order.free_places) - len(picks)
        if missing <= 0:
            return None
        why = ELSEWHERE if others else commonest_failure(self._alone.problem, number)
        self.unfilled[why] += missing
        return why

    def _planned(self, pick: Pick) -> Entry:
        bookings = self._bookings[pick.order, pick.client]
        return self._entry(pick, bookings, planned=True)

    def _alone_entry(self, pick: Pick) -> Entry:
        """Try the visits beside what is frozen, and take them out again."""
        self._agenda.add(pick)
        bookings = self._agenda.bookings()
        self._agenda.remove(pick.order, pick.client)
        entry = self._entry(pick, bookings, planned=False)
        if self._beside is None:
            return entry
        order = self._alone.orders[pick.order].id
        return replace(entry, elsewhere=self._beside.why_not(order, entry.client_id, entry.start))

    def _entry(self, pick: Pick, bookings: Iterable[Booking], *, planned: bool) -> Entry:
        client = self._alone.clients[pick.client]
        return Entry(
            client_id=client.id,
            unit_id=client.unit_id,
            start=self._alone.grid.moment(pick.start),
            score=self._points(pick),
            reasons=self._words.reasons(pick),
            visits=self._visits(pick, bookings),
            planned=planned,
        )

    def _visits(self, pick: Pick, bookings: Iterable[Booking]) -> tuple[Json, ...]:
        needs = self._agenda.needs(pick.client, pick.order)
        return tuple(
            {
                "piece": served.visit,
                "coach_id": str(self._alone.coaches[booking.coach].id),
                "start": self._alone.grid.moment(booking.begin).isoformat(),
                "minutes": booking.minutes,
                "presence": NAMES[needs[served.visit].presence],
            }
            for booking in bookings
            if booking.order == pick.order
            for served in booking.serves
            if served.client == pick.client
        )

    def _impossible(self, order: OrderFact) -> frozenset[tuple[UUID, UUID]]:
        """Return whose gig cannot be any more, of the lists that are kept as they are."""
        return frozenset(
            (one.id, row.gig.client_id)
            for one in self._lists.get(order.id, ())
            if one.kept
            for row in one.rows
            if row.state == "waiting"
            and (order.id, row.gig.client_id, row.gig.begin) not in self._possible
        )


def _ranked(laid: Laid, found: Candidates) -> Mapping[int, Mapping[Pick, int]]:
    """Return the points of all that fit, by order, best first."""
    picks, points = found.picks(), found.points.tolist()
    ranked: defaultdict[int, dict[Pick, int]] = defaultdict(dict)
    for at in rank(laid.problem, found.pairs, found.points).tolist():
        ranked[picks[at].order][picks[at]] = points[at]
    return ranked


def _possible(facts: Facts, alone: Laid, fitting: Candidates) -> frozenset[Possible]:
    """Return who could go where and when, with full orders taken as if they had a place."""
    kept = {one.order_id for one in facts.lists if one.kept}
    full = [order for order in facts.orders if order.id in kept and not order.free_places]
    found = [(alone, pick) for pick in fitting.picks() if alone.orders[pick.order].id in kept]
    if full:
        emptied = tuple(replace(order, taken=frozenset()) for order in full)
        beside = lay_out(replace(facts, orders=emptied))
        found += [(beside, pick) for pick in candidates(beside.problem).picks()]
    return frozenset(
        (laid.orders[pick.order].id, laid.clients[pick.client].id, laid.grid.moment(pick.start))
        for laid, pick in found
    )
