"""A coach's fixed stays without overlaps, as diaries, loops and checker take them to be.

Visits that are held never overlap. Promises on lists may: several people share a visit of a group
order, or a list that a person keeps stands beside a newer one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from jobcenter.matching.problem import NOBODY
from jobcenter.matching.records import Busy, Span


def untangled(busy: Iterable[Busy]) -> tuple[Busy, ...]:
    """Return stays that take the same time together, each minute once, in order of time."""
    found: list[Busy] = []
    for cluster in _clusters(sorted(busy, key=_when)):
        found += cluster if len(cluster) == 1 else _each_minute_once(cluster)
    return tuple(found)


def _clusters(stays: Sequence[Busy]) -> Iterator[list[Busy]]:
    """Stays that overlap, one with another, together."""
    cluster: list[Busy] = []
    until = 0
    for one in stays:
        if cluster and one.begin >= until:
            yield cluster
            cluster = []
        until = max(until, one.end) if cluster else one.end
        cluster.append(one)
    if cluster:
        yield cluster


def _each_minute_once(cluster: Iterable[Busy]) -> list[Busy]:
    """What others may join keeps its time before what has a place, and that before calls."""
    kept: list[Busy] = []
    for one in sorted(cluster, key=lambda one: (not one.room, one.place == NOBODY, _when(one))):
        left = [(one.begin, one.end)]
        for other in kept:
            left = [part for span in left for part in _without(span, other)]
        if left == [(one.begin, one.end)]:
            kept.append(one)
            continue
        shut = replace(one, order=NOBODY, room=0)
        kept += [replace(shut, begin=begin, end=end) for begin, end in left]
    return sorted(kept, key=_when)


def _without(span: Span, other: Busy) -> list[Span]:
    begin, end = span
    parts = (begin, min(end, other.begin)), (max(begin, other.end), end)
    return [(first, last) for first, last in parts if first < last]


def _when(one: Busy) -> Span:
    return one.begin, one.end
