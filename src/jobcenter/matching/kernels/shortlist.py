"""What is left of each pair's points after the prices, and the best of each start by that."""

import numpy as np

from jobcenter.matching.kernels import scene as s
from jobcenter.matching.kernels.bills import Bills, cost
from jobcenter.matching.kernels.compiled import kernel
from jobcenter.matching.kernels.prices import Floats, Market, Pairs
from jobcenter.matching.kernels.scene import Scene, Small, Table, fact


@kernel
def shortlist(
    scene: Scene, market: Market, pairs: Pairs, bills: Bills, most: int,
    first: Table, who: Small, points: Small, left: Floats,
) -> int:  # fmt: skip
    """Write the `most` best pairs a place of every start, best first; returns how many.

    Rows come by falling points and no price is negative, so that a row ends where its points are
    no more than the least that is held.
    """
    total, gains = 0, np.empty(4096)
    picks = np.empty(4096, np.int64)
    for start in range(pairs.first.size - 1):
        order = fact(scene, s.STARTS, start, s.S_ORDER)
        keep = min(most + 4 * fact(scene, s.ORDERS, order, s.PLACES), 4096)
        count = 0
        for pair in range(pairs.first[start], pairs.first[start + 1]):
            worth = float(pairs.points[pair])
            if worth <= 0.0 or (count == keep and worth <= gains[keep - 1]):
                break
            gain = worth - cost(scene, market, pairs, bills, pair, start)
            if count == keep and gain <= gains[keep - 1]:
                continue
            at = count if count < keep else keep - 1
            count = min(count + 1, keep)
            while at > 0 and gains[at - 1] < gain:
                gains[at], picks[at] = gains[at - 1], picks[at - 1]
                at -= 1
            gains[at], picks[at] = gain, pair
        first[start] = total
        for at in range(count):
            who[total + at] = pairs.who[picks[at]]
            points[total + at] = pairs.points[picks[at]]
            left[total + at] = gains[at]
        total += count
    first[pairs.first.size - 1] = total
    return total
