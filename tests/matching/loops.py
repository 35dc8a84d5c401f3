"""What the compiled filter finds, beside what the rules in columns allow."""

import numpy as np

from jobcenter.matching.kernels.drafting import empty_draft
from jobcenter.matching.kernels.pairing import find_pairs
from jobcenter.matching.kernels.projection import grid_of, scene_of
from jobcenter.matching.pairs import Pairs
from jobcenter.matching.problem import Ints, Problem


def found_by_loops(problem: Problem) -> dict[tuple[int, int], int]:
    """The points of each (client, start) that the loops find."""
    scene = scene_of(problem)
    found = find_pairs(scene, grid_of(problem, scene), empty_draft(scene))
    starts = np.repeat(np.arange(found.first.size - 1), np.diff(found.first))
    columns = zip(found.who.tolist(), starts.tolist(), found.points.tolist(), strict=True)
    return {(client, start): points for client, start, points in columns}


def worth_of(pairs: Pairs, points: Ints) -> dict[tuple[int, int], int]:
    """The points of each (client, start) among the pairs."""
    columns = zip(pairs.client.tolist(), pairs.row.tolist(), points.tolist(), strict=True)
    return {(client, start): points for client, start, points in columns}
