"""Lays records out as the columns of a `Problem`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from jobcenter.matching.problem import (
    FOREVER,
    NOBODY,
    Calendar,
    Ceilings,
    Clients,
    Coaches,
    Dues,
    Engagements,
    Flags,
    Ints,
    Marks,
    Orders,
    Problem,
    Spans,
    Support,
    Travel,
)
from jobcenter.matching.records import (
    Busy,
    Client,
    Coach,
    Order,
    Plans,
    Points,
    Span,
    VisitNeed,
)
from jobcenter.matching.stays import untangled
from jobcenter.matching.terms import Terms, Weights


@dataclass(frozen=True, slots=True)
class Widths:
    """How many languages, qualifications, kinds of limit and time classes the records mention."""

    languages: int
    qualifications: int
    kinds: int
    times: int


def build(
    calendar: Calendar,
    travel: Travel,
    *,
    orders: Sequence[Order],
    clients: Sequence[Client],
    coaches: Sequence[Coach] = (),
    plans: Plans | None = None,
    exceptions: Plans | None = None,
    terms: Terms | None = None,
    weights: Weights | None = None,
) -> Problem:
    """Lay the records out as columns.

    `plans` maps (client profile, order profile) to the visits of a first gig, `exceptions` maps
    (client, order) to the visits where client and site or task know each other; no row, no visits.
    """
    widths = _widths(orders, clients, coaches)
    return Problem(
        calendar=calendar,
        travel=travel,
        orders=_orders(orders, len(clients), widths),
        clients=_clients(clients, orders, int(calendar.week.max()) + 1, widths),
        coaches=_coaches(coaches, widths),
        support=_support(orders, clients, plans or {}, exceptions or {}),
        terms=terms or Terms(),
        weights=weights or Weights(),
    )


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans in order, with touching and overlapping ones joined and empty ones left out."""
    joined: list[Span] = []
    for begin, end in sorted(spans):
        if begin >= end:
            continue
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return tuple(joined)


def _widths(orders: Sequence[Order], clients: Sequence[Client], coaches: Sequence[Coach]) -> Widths:
    spoken = [order.languages for order in orders] + [one.languages for one in clients]
    spoken += [coach.languages for coach in coaches]
    qualified = [*(o.qualifications for o in orders), *(c.qualifications or () for c in clients)]
    qualified += [*(o.counted for o in orders), *({due[0]: 1 for due in c.dues} for c in clients)]
    starts = [start for order in orders for start in order.starts]
    return Widths(
        languages=_past(one for languages in spoken for one in languages),
        qualifications=_past(one for held in qualified for one in held),
        kinds=max([len(start.pay) for start in starts], default=0),
        times=max(
            _past(start.time_class for start in starts),
            _past(one for client in clients for one in client.likes_times or ()),
        ),
    )


def _orders(orders: Sequence[Order], clients: int, widths: Widths) -> Orders:
    starts = [start for order in orders for start in order.starts]
    offset = _offset(len(order.starts) for order in orders)
    return Orders(
        places=_ints(o.places for o in orders),
        minutes=_ints(o.minutes for o in orders),
        offset=offset,
        start=_ints(start.minute for start in starts),
        chosen=_ints(
            NOBODY if o.chosen is None else first + [s.minute for s in o.starts].index(o.chosen)
            for o, first in zip(orders, offset, strict=False)
        ),
        cents=_table([[cents for cents, _ in s.pay] for s in starts], widths.kinds),
        period=_table([[period for _, period in s.pay] for s in starts], widths.kinds),
        time_class=_ints(start.time_class for start in starts),
        demands=_table(
            [o.demands for o in orders], max((len(o.demands) for o in orders), default=0)
        ),
        outdoors=_flags(o.outdoors for o in orders),
        qualifications=_sets((o.qualifications for o in orders), widths.qualifications),
        counted=_sets((o.counted for o in orders), widths.qualifications),
        languages=_sets((o.languages for o in orders), widths.languages),
        step_free=_flags(o.step_free for o in orders),
        place=_ints(o.place for o in orders),
        site=_ints(o.site for o in orders),
        party=_ints(o.party for o in orders),
        task=_ints(o.task for o in orders),
        region=_ints(o.region for o in orders),
        priority=_ints(o.priority for o in orders),
        group=_flags(o.group for o in orders),
        buffer=_ints(o.buffer for o in orders),
        asked=_marks(((dict.fromkeys(o.asked, 1)) for o in orders), clients),
        picked=_marks(map(_picked_rows, orders, offset.tolist()), clients),
        picked_visits={
            (number, who): visits
            for number, o in enumerate(orders)
            for who, (_, visits) in o.picked.items()
        },
    )


def _picked_rows(order: Order, first: int) -> Points:
    rows = {start.minute: row + 1 for row, start in enumerate(order.starts, start=first)}
    return {who: rows[at] for who, (at, _) in order.picked.items() if at in rows}


def _clients(
    clients: Sequence[Client], orders: Sequence[Order], weeks: int, widths: Widths
) -> Clients:
    tasks = _past(order.task for order in orders)
    sites = _past(order.site for order in orders)
    parties = _past(order.party for order in orders)
    return Clients(
        unit=_ints(c.unit for c in clients),
        region=_ints(c.region for c in clients),
        limits=_table(
            [c.limits for c in clients], max((len(o.demands) for o in orders), default=0), FOREVER
        ),
        outdoors=_flags(c.outdoors for c in clients),
        valid_until=_mapped((c.qualifications for c in clients), widths.qualifications, NOBODY),
        languages=_sets((c.languages for c in clients), widths.languages),
        needs_step_free=_flags(c.needs_step_free for c in clients),
        home=_ints(c.home for c in clients),
        trip_limit=_ints(c.trip_limit for c in clients),
        free=_spans([c.free for c in clients]),
        busy=_engagements([c.busy for c in clients]),
        week_minutes=_table([c.week_minutes for c in clients], weeks, FOREVER),
        week_gigs=_table([c.week_gigs for c in clients], weeks, FOREVER),
        ceilings=_ceilings(clients),
        no_task=_marks((dict.fromkeys(c.no_tasks, 1) for c in clients), tasks),
        no_site=_marks((dict.fromkeys(c.no_sites, 1) for c in clients), sites),
        no_party=_marks((dict.fromkeys(c.no_parties, 1) for c in clients), parties),
        likes_task=_marks((c.likes_tasks or {} for c in clients), tasks),
        likes_site=_marks((c.likes_sites or {} for c in clients), sites),
        likes_party=_marks((c.likes_parties or {} for c in clients), parties),
        likes_time=_mapped((c.likes_times for c in clients), widths.times, 0),
        strengths=_marks((c.strengths or {} for c in clients), tasks),
        knows_site=_marks((dict.fromkeys(c.knows_sites, 1) for c in clients), sites),
        knows_task=_marks((dict.fromkeys(c.knows_tasks, 1) for c in clients), tasks),
        days_since_offer=_ints(c.days_since_offer for c in clients),
        days_since_gig=_ints(c.days_since_gig for c in clients),
        gigs_90=_ints(c.gigs_90 for c in clients),
        offers_90=_ints(c.offers_90 for c in clients),
        tie=_ints(c.tie for c in clients),
        coach=_ints(c.coach for c in clients),
        rest_days=_ints(c.rest_days for c in clients),
        one_new=_flags(c.one_new for c in clients),
        practised=_marks((dict.fromkeys(c.practised, 1) for c in clients), tasks),
        dues=_dues(clients),
        undecided=_spans([c.undecided for c in clients]),
    )


def _coaches(coaches: Sequence[Coach], widths: Widths) -> Coaches:
    return Coaches(
        unit=_ints(c.unit for c in coaches),
        languages=_sets((c.languages for c in coaches), widths.languages),
        base=_ints(c.base for c in coaches),
        shifts=_spans([c.shifts for c in coaches]),
        busy=_engagements([untangled(c.busy) for c in coaches]),
    )


def _support(
    orders: Sequence[Order], clients: Sequence[Client], plans: Plans, exceptions: Plans
) -> Support:
    number: dict[tuple[VisitNeed, ...], int] = {(): 0}
    for plan in [*plans.values(), *exceptions.values()]:
        number.setdefault(plan, len(number))
    table = np.zeros(
        (_past(c.profile for c in clients), _past(o.profile for o in orders)), np.int64
    )
    for (client, order), plan in plans.items():
        if client < table.shape[0] and order < table.shape[1]:
            table[client, order] = number[plan]
    known: list[dict[int, int]] = [{} for _ in clients]
    for (client, order), plan in exceptions.items():
        known[client][order] = number[plan] + 1
    visits = [visit for plan in number for visit in plan]
    return Support(
        client_profile=_ints(c.profile for c in clients),
        order_profile=_ints(o.profile for o in orders),
        table=table,
        exceptions=_marks(known, len(orders)),
        offset=_offset(len(plan) for plan in number),
        presence=_ints(v.presence for v in visits),
        from_end=_flags(v.from_end for v in visits),
        earliest=_ints(v.earliest for v in visits),
        latest=_ints(v.latest for v in visits),
        minutes=_ints(v.minutes for v in visits),
        ratio=_ints(v.ratio for v in visits),
        same_coach=_ints(v.same_coach for v in visits),
        label=_ints(v.label for v in visits),
    )


def _ceilings(clients: Sequence[Client]) -> Ceilings:
    rows = [row for client in clients for row in client.ceilings]
    return Ceilings(
        offset=_offset(len(client.ceilings) for client in clients),
        kind=_ints(kind for kind, _, _ in rows),
        period=_ints(period for _, period, _ in rows),
        cents=_ints(cents for _, _, cents in rows),
    )


def _dues(clients: Sequence[Client]) -> Dues:
    rows = [row for client in clients for row in client.dues]
    return Dues(
        offset=_offset(len(client.dues) for client in clients),
        card=_ints(card for card, _, _ in rows),
        begin=_ints(begin for _, begin, _ in rows),
        end=_ints(end for _, _, end in rows),
    )


def _spans(owners: Sequence[Iterable[Span]]) -> Spans:
    joined = [merged(spans) for spans in owners]
    rows = [span for spans in joined for span in spans]
    return Spans(
        offset=_offset(len(spans) for spans in joined),
        begin=_ints(begin for begin, _ in rows),
        end=_ints(end for _, end in rows),
    )


def _engagements(owners: Sequence[Sequence[Busy]]) -> Engagements:
    rows = [one for busy in owners for one in sorted(busy, key=lambda one: (one.begin, one.end))]
    return Engagements(
        offset=_offset(len(busy) for busy in owners),
        begin=_ints(one.begin for one in rows),
        end=_ints(one.end for one in rows),
        place=_ints(one.place for one in rows),
        buffer=_ints(one.buffer for one in rows),
        gig=_flags(one.gig for one in rows),
        order=_ints(one.order for one in rows),
        room=_ints(one.room for one in rows),
    )


def _marks(owners: Iterable[Points], width: int) -> Marks:
    """Rows whose subject no order has are left out: they can never be asked for."""
    rows = sorted(
        (owner * width + subject, points)
        for owner, marks in enumerate(owners)
        for subject, points in marks.items()
        if subject < width
    )
    return Marks(width, _ints(key for key, _ in rows), _ints(points for _, points in rows))


def _ints(values: Iterable[int]) -> Ints:
    return np.array(list(values), dtype=np.int64)


def _flags(values: Iterable[bool]) -> Flags:
    return np.array(list(values), dtype=np.bool_)


def _offset(lengths: Iterable[int]) -> Ints:
    return _ints(accumulate(lengths, initial=0))


def _table(rows: Sequence[Sequence[int]], width: int, default: int = 0) -> Ints:
    table = np.full((len(rows), width), default, dtype=np.int64)
    for line, row in zip(table, rows, strict=True):
        line[: len(row)] = row[:width]
    return table


def _mapped(rows: Iterable[Points | None], width: int, default: int) -> Ints:
    found = [row or {} for row in rows]
    return _table([[row.get(at, default) for at in range(width)] for row in found], width)


def _sets(rows: Iterable[frozenset[int]], width: int) -> Flags:
    found = list(rows)
    table = np.zeros((len(found), width), dtype=np.bool_)
    for line, row in zip(table, found, strict=True):
        line[list(row)] = True
    return table


def _past(values: Iterable[int]) -> int:
    return max(values, default=-1) + 1
