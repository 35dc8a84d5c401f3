"""Rounds from the database to the lists: what is proposed, kept, struck out, logged and counted."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from jobcenter.matching.round import run_round
from jobcenter.matching.thinking.mind import Mind
from jobcenter.orders.proposals import Round
from tests import make
from tests.cast import MONDAY, Cast
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN


@pytest.fixture(scope="module")
def mind() -> Iterator[Mind]:
    """One process for all rounds of this file."""
    mind = Mind()
    yield mind
    mind.close()


async def whole(cast: Cast, mind: Mind, now: datetime = MONDAY) -> Round:
    return await run_round(cast.database, cast.worker, mind, kind="whole", now=now)


async def test_a_round_proposes_for_every_place(cast: Cast, fresh: Fresh, mind: Mind) -> None:
    await make.save_order(cast, make.order(places=2))
    done = await whole(cast, mind)
    rows = await fresh.owner(
        "SELECT place_no, rank, client_id, planned, start, state FROM proposals p"
        " JOIN proposal_rows r ON r.proposal_id = p.id ORDER BY place_no, rank"
    )
    assert (done.status, done.orders, done.places, done.proposed) == ("done", 1, 2, 2)
    assert [(row["place_no"], row["rank"], row["planned"]) for row in rows][:2] == [
        (1, 1, True),
        (1, 2, False),
    ]
    assert {row["start"] for row in rows} == {TUESDAY_TEN}
    assert done.value is not None
    assert done.bound is not None
    assert done.value <= done.bound
