"""How far two places are apart: in metres, and in minutes from door to door."""

from math import sqrt

from jobcenter.matching.kernels import scene as s
from jobcenter.matching.kernels.compiled import compiled
from jobcenter.matching.kernels.scene import Scene, fact, tall, term


@compiled
def metres(scene: Scene, here: int, there: int) -> int:
    """Whole metres as the crow flies, rounded down; 0 where a place is missing."""
    if here < 0 or there < 0:
        return 0
    east = fact(scene, s.GROUND, here, 0) - fact(scene, s.GROUND, there, 0)
    north = fact(scene, s.GROUND, here, 1) - fact(scene, s.GROUND, there, 1)
    return int(sqrt(float(east * east + north * north)))


@compiled
def way(scene: Scene, here: int, there: int) -> int:
    """Minutes from door to door; 0 at the same site or where a place is missing."""
    if here == there or here < 0 or there < 0:
        return 0
    if tall(scene, s.MATRIX) > 0:
        return int(fact(scene, s.MATRIX, here, there))
    far = metres(scene, here, there)
    if far < term(scene, s.WAY_ZERO):
        return 0
    return int(term(scene, s.WAY_START) + (term(scene, s.WAY_PER_KM) * far + 999) // 1000)
