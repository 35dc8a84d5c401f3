"""The weekly rest: once in every week a long stretch without a gig."""

from jobcenter.matching.kernels import scene as s
from jobcenter.matching.kernels.compiled import compiled
from jobcenter.matching.kernels.scene import Scene, Small, fact, tall, term

GIGS = 64
"""How many gigs of one person a loop holds at once."""


@compiled
def bound_gigs(scene: Scene, person: int, gigs: Small) -> int:
    """Write the begin and end of every gig a person is bound to; returns how many."""
    count = 0
    for row in range(
        fact(scene, s.PEOPLE, person, s.BUSY_FIRST), fact(scene, s.PEOPLE, person, s.BUSY_AFTER)
    ):
        if fact(scene, s.BUSY, row, s.B_GIG) and count < GIGS:
            gigs[count, 0] = fact(scene, s.BUSY, row, s.B_BEGIN)
            gigs[count, 1] = fact(scene, s.BUSY, row, s.B_END)
            count += 1
    return count


@compiled
def _longest_stretch(gigs: Small, count: int, free_from: int, until: int) -> int:
    """The longest stretch of [free_from, until) without a gig; everything when there is one gig."""
    longest, inside = 0, 0
    for one in range(count):
        inside += int(gigs[one, 0] < until and gigs[one, 1] > free_from)
    if inside < 2:
        return until - free_from
    for _ in range(inside):
        first, which = until, -1
        for one in range(count):
            if free_from < gigs[one, 1] and gigs[one, 0] < first:
                first, which = gigs[one, 0], one
        longest = max(longest, first - free_from)
        if which < 0:
            return longest
        free_from = max(free_from, gigs[which, 1])
    return max(longest, until - free_from)


@compiled
def weekly_rest_is_kept(scene: Scene, gigs: Small, count: int, start: int) -> bool:
    """Whether the weeks that a gig touches keep their rest; `gigs` holds all of them, it too."""
    begin = fact(scene, s.STARTS, start, s.S_BEGIN)
    end = begin + fact(scene, s.ORDERS, fact(scene, s.STARTS, start, s.S_ORDER), s.MINUTES)
    for week in range(tall(scene, s.WEEK_BOUNDS)):
        first, after = fact(scene, s.WEEK_BOUNDS, week, 0), fact(scene, s.WEEK_BOUNDS, week, 1)
        if begin < after and end > first:
            stretch = _longest_stretch(gigs, count, first, after)
            if stretch < min(term(scene, s.WEEKLY_REST), after - first):
                return False
    return True
