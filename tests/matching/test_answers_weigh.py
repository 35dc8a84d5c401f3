"""A real yes, a real no and real silence, and what each does to the same person's next chance."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from jobcenter.matching.loading.facts import Facts, HistoryFact
from jobcenter.matching.loading.layout import lay_out
from jobcenter.matching.loading.reading import read
from jobcenter.matching.score import PARTS
from jobcenter.orders import answering, assigning
from jobcenter.orders.gigs import Via
from tests import make
from tests.cast import MONDAY, Cast
from tests.make import TUESDAY_TEN
from tests.matching.small import pair

WEEK = timedelta(days=7)
AFTER = TUESDAY_TEN + timedelta(days=1)


async def _asked(cast: Cast, client_id: UUID) -> UUID:
    order_id = await make.save_order(cast, make.order())
    gig = await cast.database.act(
        cast.maija,
        assigning.assign,
        order_id=order_id,
        place_no=1,
        client_id=client_id,
        start=TUESDAY_TEN,
        now=MONDAY,
    )
    return gig.id


def _parts(facts: Facts, client_id: UUID, history: HistoryFact) -> Mapping[str, int]:
    """What the person is worth to the order, part by part, if their past were this."""
    [person] = (one for one in facts.clients if one.id == client_id)
    person = replace(person, details=replace(person.details, history=history))
    made = lay_out(replace(facts, clients=(person,))).problem
    return {part.code: int(part.points(made, pair(made))[0]) for part in PARTS}


async def test_no_and_silence_rank_nobody_below_the_same_persons_yes(cast: Cast) -> None:
    yes, no, silence = cast.aino, cast.eetu, cast.venla
    gigs = [await _asked(cast, client_id) for client_id in (yes, no, silence)]
    act = cast.database.act
    await act(cast.maija, answering.accept, gig_id=gigs[0], via=Via.PHONE, now=MONDAY)
    await act(cast.maija, answering.decline, gig_id=gigs[1], via=Via.PHONE, now=MONDAY)
    ended = await act(cast.worker, answering.expire, gig_id=gigs[2], now=TUESDAY_TEN)
    assert ended.status == "expired"

    wanted = await make.save_order(cast, make.order(start=TUESDAY_TEN + WEEK))
    facts = await cast.database.read(cast.worker, read, now=AFTER, until=AFTER + 2 * WEEK)
    facts = facts.only(frozenset({wanted}))
    past = {one.id: one.details.history for one in facts.clients}
    # An offer is on record, whatever was said; only a yes counts as a gig, and gigs step back.
    assert past[no] == past[silence] == replace(past[yes], gigs_90=0)
    assert past[yes].gigs_90 == 1
    for person in (yes, no, silence, cast.onni):
        said_yes, said_no, said_nothing = (
            _parts(facts, person, past[one]) for one in (yes, no, silence)
        )
        assert said_no == said_nothing
        assert all(said_no[code] >= said_yes[code] for code in said_yes)
        assert sum(said_no.values()) > sum(said_yes.values())
