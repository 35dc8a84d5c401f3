"""A way in for everybody: one real offer, assigned as a coordinator does, and its people."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from jobcenter.database import Who
from jobcenter.demo import roles
from jobcenter.demo.rounds import machine
from jobcenter.matching.round import run_round
from jobcenter.matching.thinking.mind import Mind
from tests import make
from tests.cast import CITY, MONDAY, Cast
from tests.conftest import Fresh


@pytest.fixture(scope="module")
def mind() -> Iterator[Mind]:
    mind = Mind()
    yield mind
    mind.close()


async def proposed(cast: Cast, mind: Mind) -> Who:
    """Have the matcher propose for one order; return who asks for the offer."""
    await make.save_order(cast, make.order())
    await run_round(cast.database, cast.worker, mind, kind="whole", now=MONDAY)
    return machine(CITY)


async def test_an_offer_is_made_by_a_coordinator_and_found_again(
    cast: Cast, fresh: Fresh, mind: Mind
) -> None:
    who = await proposed(cast, mind)
    offer = await roles.offer(cast.database, who, now=MONDAY)
    assert offer
    gig = (await fresh.owner("SELECT id, status, client_id, assigned_by FROM gigs"))[0]
    assert (gig["id"], gig["status"]) == (offer.gig_id, "assigned")
    assert gig["assigned_by"] in {cast.maija.actor_id, cast.pekka.actor_id}
    assert set(offer.emails) == {"orderer", "coordinator", "coach", "admin", "log officer"}
    assert offer.emails["log officer"] == "tuija@example.org"
    assert offer.emails["orderer"] == "sari@keittio.example"
    again = await roles.offer(cast.database, who, now=MONDAY + timedelta(minutes=5))
    assert again == offer
    assert len(await fresh.owner("SELECT 1 FROM gigs")) == 1


async def test_the_people_belong_to_the_offer(cast: Cast, fresh: Fresh, mind: Mind) -> None:
    who = await proposed(cast, mind)
    offer = await roles.offer(cast.database, who, now=MONDAY)
    assert offer
    unit = (await fresh.owner("SELECT unit_id FROM clients c JOIN gigs g ON g.client_id = c.id"))[0]
    expected = {
        cast.kaneli: ("maija@example.org", "kim@example.org"),
        cast.kulma: ("pekka@example.org", "liisa@example.org"),
    }
    assert (offer.emails["coordinator"], offer.emails["coach"]) == expected[unit["unit_id"]]


async def test_without_proposals_there_is_no_offer(cast: Cast) -> None:
    assert await roles.offer(cast.database, machine(CITY), now=MONDAY) is None


async def test_an_offer_that_was_only_made_up_is_passed_over(
    cast: Cast, fresh: Fresh, mind: Mind
) -> None:
    who = await proposed(cast, mind)
    first = await roles.offer(cast.database, who, now=MONDAY)
    assert first
    assert await roles.wait_until_sent(cast.database, who, first.gig_id, patience=0.0) is False
    await fresh.owner(
        "UPDATE notices SET state = 'sent', sent_at = written_at, tries = 1, fence = 1"
    )
    assert await roles.wait_until_sent(cast.database, who, first.gig_id) is True
    assert await cast.database.read(who, roles.open_offer, now=MONDAY) is None
    await fresh.owner("UPDATE notices SET reference = 'from the gateway'")
    # What was really sent was looked at first (I8).
    await fresh.owner(
        "INSERT INTO looks (organiser_id, id, at, role, client_id, what, purpose, request_id,"
        " on_behalf, outside) SELECT organiser_id, gen_random_uuid(), written_at, 'worker',"
        " client_id, 'name and number', 'offer', id::text, '', false"
        " FROM notices WHERE client_id IS NOT NULL"
    )
    assert await cast.database.read(who, roles.open_offer, now=MONDAY) == first
