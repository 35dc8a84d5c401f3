"""The score of a pair: the same parts as `jobcenter.matching.score`, for one pair at a time."""

from jobcenter.matching.kernels import scene as s
from jobcenter.matching.kernels.compiled import compiled
from jobcenter.matching.kernels.fit import mark, trip
from jobcenter.matching.kernels.scene import Scene, fact, term, wide


@compiled
def _wish(scene: Scene, person: int, order: int) -> int:
    return (
        mark(scene, person, s.LIKES_TASK, fact(scene, s.ORDERS, order, s.TASK))
        + mark(scene, person, s.LIKES_SITE, fact(scene, s.ORDERS, order, s.SITE))
        + mark(scene, person, s.LIKES_PARTY, fact(scene, s.ORDERS, order, s.PARTY))
    )


@compiled
def _nearness(scene: Scene, person: int, order: int) -> int:
    limit = max(fact(scene, s.PEOPLE, person, s.REACH), 1)
    spare = max(limit - trip(scene, person, order), 0)
    return int(term(scene, s.W_NEARNESS) * spare // limit)


@compiled
def _comfort(scene: Scene, person: int, order: int) -> int:
    cap, levels = term(scene, s.W_COMFORT_CAP), 0
    for which in range(wide(scene, s.DEMANDS)):
        spare = fact(scene, s.LIMITS, person, which) - fact(scene, s.DEMANDS, order, which)
        levels += min(max(spare, 0), cap)
    return int(term(scene, s.W_COMFORT) * levels)


@compiled
def _known(scene: Scene, person: int, order: int) -> int:
    points = 0
    if mark(scene, person, s.KNOWS_SITE, fact(scene, s.ORDERS, order, s.SITE)):
        points += term(scene, s.W_SITE)
    if mark(scene, person, s.KNOWS_TASK, fact(scene, s.ORDERS, order, s.TASK)):
        points += term(scene, s.W_TASK)
    return points


@compiled
def _fairness(scene: Scene, person: int) -> int:
    """Days since the last offer, and few gigs and few offers of late, whatever was answered."""
    days = fact(scene, s.PEOPLE, person, s.WAITED)
    waiting = term(scene, s.W_WAITING) * min(days, term(scene, s.W_WAITING_CAP))
    if days >= term(scene, s.W_LEFT_OUT_DAYS):
        waiting += term(scene, s.W_LEFT_OUT)
    offers = max(term(scene, s.W_OFFERS_CAP) - fact(scene, s.PEOPLE, person, s.OFFERS_90), 0)
    few = max(term(scene, s.W_FEW_CAP) - fact(scene, s.PEOPLE, person, s.GIGS_90), 0)
    return int(waiting + term(scene, s.W_FEW) * few + term(scene, s.W_OFFERS) * offers)


@compiled
def order_worth(scene: Scene, person: int, order: int) -> int:
    """The points of a pair that no start changes."""
    strong = mark(scene, person, s.STRONG, fact(scene, s.ORDERS, order, s.TASK))
    return int(
        term(scene, s.W_PLACE)
        + term(scene, s.W_PRIORITY) * fact(scene, s.ORDERS, order, s.PRIORITY)
        + term(scene, s.W_URGENCY) * fact(scene, s.ORDERS, order, s.NEARLY)
        + term(scene, s.W_WISH) * _wish(scene, person, order)
        + term(scene, s.W_STRENGTH) * strong
        + _nearness(scene, person, order)
        + _comfort(scene, person, order)
        + _fairness(scene, person)
        + _known(scene, person, order)
    )


@compiled
def _kept(scene: Scene, person: int, start: int) -> int:
    """The price of letting a pick of the last proposals go (`jobcenter.matching.calm`)."""
    order = fact(scene, s.STARTS, start, s.S_ORDER)
    for row in range(
        fact(scene, s.ORDERS, order, s.PICKED_FIRST), fact(scene, s.ORDERS, order, s.PICKED_AFTER)
    ):
        if fact(scene, s.PICKED, row, s.P_PERSON) == person:
            return int(term(scene, s.W_CALM) * (fact(scene, s.PICKED, row, s.P_START) == start))
    return 0


@compiled
def start_worth(scene: Scene, person: int, start: int) -> int:
    """The points that the start adds, and those that the same pick had before."""
    like = fact(scene, s.LIKES_TIME, person, fact(scene, s.STARTS, start, s.S_CLASS))
    return int(term(scene, s.W_WISH) * like) + _kept(scene, person, start)
