"""Groups of which at most one may be chosen, so that a relaxation need not list every pair.

Where three or more exclude each other pairwise, one row "at most one of them" is stronger than
three rows for pairs: a solution with a half of each keeps the pairs but not the group.
"""

from __future__ import annotations

import numpy as np

from jobcenter.matching.problem import Flags, Ints, ints


def cliques(exclude: Flags) -> list[Ints]:
    """Maximal groups that together cover every excluding pair of a symmetric table."""
    size = exclude.shape[0]
    bits = np.packbits(exclude, axis=1, bitorder="little")
    # A row of the table as one whole number: intersections are then one operation.
    near = [int.from_bytes(row.tobytes(), "little") for row in bits]
    left = list(near)
    found = []
    for one in range(size):
        while left[one]:
            group, members = [one], 1 << one
            common = near[one]
            while common:
                # Pairs that no group covers yet come first.
                wanted = common & left[one] or common
                other = (wanted & -wanted).bit_length() - 1
                group.append(other)
                members |= 1 << other
                common &= near[other]
            for member in group:
                left[member] &= ~members
            found.append(ints(sorted(group)))
    return found
