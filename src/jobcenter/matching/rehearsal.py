"""A round of one person and one order, so that the loops are compiled before anybody waits."""

import numpy as np

from jobcenter.matching.columns import build
from jobcenter.matching.engine import Engine
from jobcenter.matching.plan import Pick
from jobcenter.matching.problem import Calendar, Problem, Travel
from jobcenter.matching.records import Client, Order, Start

DAY = 1440


def smallest() -> Problem:
    """Somebody who is free for a week, and an hour's work where they live."""
    days = np.arange(8)
    return build(
        Calendar(0, days * DAY, days[:-1] // 7),
        Travel(np.zeros(1, np.int64), np.zeros(1, np.int64)),
        orders=[Order(starts=(Start(minute=2 * DAY + 600),), minutes=60, place=0)],
        clients=[Client(home=0, free=((0, 7 * DAY),))],
    )


def rehearse() -> int:
    """Run every loop once; return what the smallest plan is worth."""
    engine = Engine(smallest(), 1, lambda _: None)
    engine.run(lambda _: 1.0, (Pick(0, 0, 2 * DAY + 600),))
    engine.search(1, 0)
    return engine.value
