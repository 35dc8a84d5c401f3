"""Two days of a small city, played against the real actions: no promise is broken on the way."""

from collections.abc import Iterator
from datetime import date

import pytest

from jobcenter import masterkeys
from jobcenter.database import Face
from jobcenter.matching.round import Matcher
from jobcenter.simulation import play, stage
from jobcenter.simulation.board import Policy
from jobcenter.simulation.figures import Figures
from jobcenter.simulation.play import FIRST, Run
from jobcenter.simulation.working import CITY, hands_of
from jobcenter.times import day_bounds
from tests.conftest import Fresh


@pytest.fixture(scope="module")
def matcher() -> Iterator[Matcher]:
    awake = Matcher.awake(seconds=0.2)
    yield awake
    awake.close()


async def played(fresh: Fresh, matcher: Matcher, policy: Policy) -> tuple[Figures, list[date]]:
    """Play two days in a database of the test's own."""
    built = await stage.build(
        fresh.owner_dsn, masterkeys.keyring(fresh.home), size="small", seed=1,
        now=day_bounds(FIRST)[0], organiser_id=CITY,
    )  # fmt: skip
    hands = hands_of(fresh.database, matcher, fresh.doors[Face.SERVICE])
    days: list[date] = []
    run = Run("small", 1, policy, 2)
    return await play.play(built, hands, run, tell=days.append), days


async def test_people_order_assign_answer_and_work(fresh: Fresh, matcher: Matcher) -> None:
    figures, days = await played(fresh, matcher, Policy(approve=3, hours=(8, 12)))
    assert len(days) == 2
    assert figures.places >= figures.filled > 0
    assert figures.clients > figures.without_gig >= figures.without_offer
    # Everything went by the actions: who did it is written down, and no promise is broken.
    assert await fresh.breaches() == {}
    moves = await fresh.owner(
        "SELECT to_status, via, count(*) AS many FROM gig_events GROUP BY 1, 2"
    )
    by = {(row["to_status"], row["via"]): row["many"] for row in moves}
    assert by["confirmed", "link"] > 0
    assert figures.decisions > 0
    assert figures.offers <= sum(many for (to, _), many in by.items() if to == "assigned")
    states = await fresh.owner("SELECT DISTINCT state FROM notices")
    assert {row["state"] for row in states} <= {"sent", "dropped", "pending"}
