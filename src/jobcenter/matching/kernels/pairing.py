"""Everybody who fits anywhere: the pairs that a round chooses from, by the compiled filter."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from jobcenter.matching.kernels import scene as s
from jobcenter.matching.kernels.draft import Draft
from jobcenter.matching.kernels.graph import Desk, Grid, Known, rank_orders
from jobcenter.matching.kernels.projection import rows
from jobcenter.matching.kernels.scene import Scene, Small, Table

ROOM = 1 << 20
"""Pairs that are found at once."""
SHARE = 500
"""Orders that one thread looks at before it takes the next ones."""


class Found(NamedTuple):
    """Pairs by start, the best first."""

    first: Table
    """[starts + 1]"""
    who: Small
    points: Small


def find_pairs(scene: Scene, grid: Grid, draft: Draft) -> Found:
    """All pairs that the hard rules allow while nothing else is planned.

    The loops let go of the interpreter, so threads share the orders out; the answer is the same
    however many there are.
    """
    given, counts = rows(scene, s.ORDERS), np.zeros(rows(scene, s.STARTS).shape[0] + 1, np.int64)
    shares = [(one, min(one + SHARE, len(given))) for one in range(0, len(given), SHARE)]
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        parts = threads.map(lambda share: list(_parts(scene, grid, draft, share, counts)), shares)
        found = [part for several in parts for part in several]
    who = np.concatenate([np.empty(0, np.int32), *(part[0] for part in found)])
    points = np.concatenate([np.empty(0, np.int32), *(part[1] for part in found)])
    return Found(np.cumsum(counts), who, points)


def known_for(scene: Scene) -> Known:
    """Nothing known yet."""
    shape = (rows(scene, s.CIRCLE_UNIT).shape[0], rows(scene, s.NEED_FIRST).shape[0] - 1)
    return Known(np.full(shape, -1, np.int64), np.zeros(shape, np.int64))


def desk_for(people: int, starts: int) -> Desk:
    """A desk on which every order finds room."""
    return Desk(
        np.empty(people + 1, np.int64),
        np.empty(people, np.int8),
        np.empty((starts, 3), np.int64),
        np.empty(people * starts, np.int64),
        np.zeros(starts, np.int64),
    )


def _parts(
    scene: Scene, grid: Grid, draft: Draft, share: tuple[int, int], counts: Table
) -> Iterator[tuple[Small, Small]]:
    """The pairs of some orders; `counts` gets how many each start has, one further on."""
    order, until = share
    given = rows(scene, s.ORDERS)[order:until]
    most = int((given[:, s.START_AFTER] - given[:, s.START_FIRST]).max(initial=1))
    desk, known = desk_for(grid.people.size, most), known_for(scene)
    room = max(ROOM, grid.people.size * most)
    who, points = np.empty(room, np.int32), np.empty(room, np.int32)
    while order < until:
        order, count = rank_orders(
            draft, scene, grid, known, desk, order, until, who, points, counts[1:]
        )
        yield who[:count].copy(), points[:count].copy()
