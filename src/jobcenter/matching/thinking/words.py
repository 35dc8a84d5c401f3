"""Puts reasons and near misses into sentences with values, to be translated for whoever reads."""

import numpy as np

from jobcenter.matching.loading.layout import Laid
from jobcenter.matching.pairs import Pairs
from jobcenter.matching.plan import Pick
from jobcenter.matching.score import PARTS
from jobcenter.orders.finds import Json, Miss

MOST = 5


class Words:
    """Speaks about one problem."""

    def __init__(self, laid: Laid) -> None:
        self._laid = laid

    def reasons(self, pick: Pick) -> tuple[Json, ...]:
        """Return why this person, the weightiest first."""
        orders = self._laid.problem.orders
        first, last = orders.offset[pick.order], orders.offset[pick.order + 1]
        row = int(first + np.searchsorted(orders.start[first:last], pick.start))
        pairs = Pairs.of(self._laid.problem, np.array([pick.client]), np.array([row]))
        parts = [(int(part.points(self._laid.problem, pairs)[0]), part) for part in PARTS]
        weighty = sorted((one for one in parts if one[0] > 0), key=lambda one: -one[0])
        return tuple({"sentence": part.sentence, "values": {}} for _, part in weighty[:MOST])

    def misses(self, number: int, count: int) -> tuple[Miss, ...]:
        """Return who almost fits."""
        return ()
