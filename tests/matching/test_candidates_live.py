"""Candidates of one order, worked out when asked: own people only, every look logged."""

import pytest

from jobcenter.database import Who
from jobcenter.errors import NotFound
from jobcenter.matching.round import Candidates, candidates
from tests import make
from tests.cast import MONDAY, Cast, key
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN


async def ask(cast: Cast, who: Who, *, limit: int = 10) -> Candidates:
    order_id = await make.save_order(cast, make.order())
    return await candidates(cast.database, who, order_id=order_id, limit=limit, now=MONDAY)


async def test_a_coordinator_sees_their_own_people(cast: Cast) -> None:
    maijas = await ask(cast, cast.maija)
    pekkas = await ask(cast, cast.pekka)
    assert {one.client_id for one in maijas.entries} == {cast.aino, cast.eetu, cast.venla}
    assert {one.client_id for one in pekkas.entries} == {cast.onni}


async def test_every_candidate_has_start_reasons_and_visits(cast: Cast) -> None:
    found = await ask(cast, cast.maija)
    (aino,) = [one for one in found.entries if one.client_id == cast.aino]
    assert aino.start == TUESDAY_TEN
    assert [visit["coach_id"] for visit in aino.visits] == [str(cast.kim_coach)]
    assert all(3 <= len(one.reasons) <= 5 for one in found.entries)


async def test_the_limit_is_kept(cast: Cast) -> None:
    assert len((await ask(cast, cast.maija, limit=2)).entries) == 2


async def test_every_look_is_logged(cast: Cast, fresh: Fresh) -> None:
    found = await ask(cast, cast.maija, limit=2)
    rows = await fresh.owner("SELECT client_id, actor, role, what FROM looks")
    # The line without a client stands for the codes of everybody in the pool (SETTLED 25).
    assert {row["client_id"] for row in rows} == {None, *(one.client_id for one in found.entries)}
    assert {(row["actor"], row["role"]) for row in rows} == {(cast.maija.actor_id, "coordinator")}


async def test_an_order_that_is_not_there_is_not_found(cast: Cast) -> None:
    with pytest.raises(NotFound):
        await candidates(cast.database, cast.maija, order_id=key("none"), limit=5, now=MONDAY)
