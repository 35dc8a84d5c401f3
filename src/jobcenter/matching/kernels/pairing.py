"""Everybody who fits anywhere: the pairs that a round chooses from, by the compiled filter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from jobcenter.matching.kernels import scene as s
from jobcenter.matching.kernels.draft import Draft
from jobcenter.matching.kernels.graph import Grid, Known, rank_orders
from jobcenter.matching.kernels.projection import rows
from jobcenter.matching.kernels.scene import Scene, Small, Table

ROOM = 1 << 20
"""Pairs that are found at once."""


class Found(NamedTuple):
    """Pairs by start, the best first."""

    first: Table
    """[starts + 1]"""
    who: Small
    points: Small


def find_pairs(scene: Scene, grid: Grid, draft: Draft) -> Found:
    """All pairs that the hard rules allow while nothing else is planned."""
    ends = np.zeros(rows(scene, s.STARTS).shape[0] + 1, np.int64)
    parts = list(_parts(scene, grid, draft, ends[1:]))
    who = np.concatenate([np.empty(0, np.int32), *(part[0] for part in parts)])
    points = np.concatenate([np.empty(0, np.int32), *(part[1] for part in parts)])
    return Found(ends, who, points)


def known_for(scene: Scene) -> Known:
    """Nothing known yet."""
    shape = (rows(scene, s.CIRCLE_UNIT).shape[0], rows(scene, s.NEED_FIRST).shape[0] - 1)
    return Known(np.full(shape, -1, np.int64), np.zeros(shape, np.int64))


def _parts(scene: Scene, grid: Grid, draft: Draft, ends: Table) -> Iterator[tuple[Small, Small]]:
    people, given = max(rows(scene, s.PEOPLE).shape[0], 1), rows(scene, s.ORDERS)
    orders = given.shape[0]
    counts = given[:, s.START_AFTER] - given[:, s.START_FIRST]
    most = int(counts.max(initial=1))
    room = max(ROOM, people * most)
    who, keys = np.empty(people, np.int64), np.empty(people * most, np.int64)
    pair_who, pair_points = np.empty(room, np.int32), np.empty(room, np.int32)
    after, known, order, total = np.zeros(most, np.int64), known_for(scene), 0, 0
    while order < orders:
        begun = order
        order, count = rank_orders(
            draft, scene, grid, known, order, orders,
            who, keys, after, pair_who, pair_points, ends,
        )  # fmt: skip
        ends[given[begun, s.START_FIRST] : given[order - 1, s.START_AFTER]] += total
        total += count
        yield pair_who[:count].copy(), pair_points[:count].copy()
