"""How a gig went: who may say so, what stays, who reads it first, and that it ranks nobody."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import Face, Who
from jobcenter.errors import Invalid, NotAllowed, NotFound, WrongMoment
from jobcenter.orders import feedback, working
from jobcenter.orders.feedback import Said
from jobcenter.orders.queries import reports
from jobcenter.walls.matrix import walls
from tests.cast import Cast
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.orders import steps

ENDS = TUESDAY_TEN + timedelta(hours=3)
NOW = ENDS + timedelta(minutes=5)
WELL = Said(3, "careful", "Every cup shone")


async def worked(cast: Cast) -> steps.Agreed:
    agreed = await steps.agreed(cast, cast.aino)
    aino = cast.client(cast.aino)
    await cast.database.act(aino, working.check_in, gig_id=agreed.gig_id, now=TUESDAY_TEN)
    await cast.database.act(cast.maija, working.check_out, gig_id=agreed.gig_id, now=ENDS)
    return agreed


async def say(cast: Cast, who: Who, agreed: steps.Agreed, said: Said = WELL) -> None:
    await cast.database.act(who, feedback.give, gig_id=agreed.gig_id, said=said, now=NOW)


async def read(cast: Cast, who: Who, agreed: steps.Agreed, side: str, *, pass_on: bool) -> None:
    await cast.database.act(
        who, feedback.read, gig_id=agreed.gig_id, told_from=side, pass_on=pass_on, now=NOW
    )


async def test_what_was_said_may_be_said_anew_until_a_coach_has_read_it(
    cast: Cast, fresh: Fresh
) -> None:
    agreed = await worked(cast)
    aino = cast.client(cast.aino)
    # Staff noted the end, so the question comes by message.
    assert await steps.told(fresh, "how_was_it") == [cast.aino]
    await say(cast, aino, agreed, Said(1))
    await say(cast, aino, agreed, Said(3, "tidy", "Long day"))
    # Another face alone takes back neither the strength nor the words.
    await say(cast, aino, agreed, Said(2))
    await say(cast, cast.sari, agreed)
    # An orderer's form does not show their words again, so a blank in it takes nothing back.
    await say(cast, cast.sari, agreed, Said(3, "", ""))
    opinions = await cast.database.read(cast.kim, reports.opinions_of, gig_id=agreed.gig_id)
    assert {side: (one.face, one.words) for side, one in opinions.items()} == {
        "client": (2, "Long day"),
        "orderer": (3, "Every cup shone"),
    }
    for side in ("client", "orderer"):
        await read(cast, cast.kim, agreed, side, pass_on=True)
    await say(cast, aino, agreed, Said(3, words="It was fine after all"))
    opinions = await cast.database.read(aino, reports.opinions_of, gig_id=agreed.gig_id)
    assert {side: one.words for side, one in opinions.items()} == {
        "client": "Long day",
        "orderer": "Every cup shone",
    }
    # A client's own word is theirs already: only the orderer's is passed on, with one message.
    passed = await fresh.owner("SELECT told_from FROM feedbacks WHERE passed_at IS NOT NULL")
    assert [row["told_from"] for row in passed] == ["orderer"]
    assert await steps.told(fresh, "thanks") == [cast.aino]
    assert await cast.database.read(cast.kim, reports.whose_wait) == frozenset()


async def test_whoever_has_no_part_in_the_gig_says_and_reads_nothing(cast: Cast) -> None:
    agreed = await steps.agreed(cast, cast.aino)
    with pytest.raises(WrongMoment):
        await say(cast, cast.sari, agreed)
    await cast.database.act(cast.maija, working.check_in, gig_id=agreed.gig_id, now=TUESDAY_TEN)
    await cast.database.act(cast.maija, working.check_out, gig_id=agreed.gig_id, now=ENDS)
    others = (
        cast.pekka,
        cast.maija,
        cast.kim,
        cast.client(cast.eetu),
        replace(cast.sari, party_id=uuid4()),
    )
    for who in others:
        with pytest.raises(NotFound):
            await say(cast, who, agreed)
    await say(cast, cast.sari, agreed)
    for who, refused in ((cast.maija, NotAllowed), (cast.liisa, NotFound)):
        with pytest.raises(refused):
            await read(cast, who, agreed, "orderer", pass_on=True)
    for who in (cast.liisa, cast.pekka, cast.client(cast.aino), cast.client(cast.eetu)):
        assert await cast.database.read(who, reports.opinions_of, gig_id=agreed.gig_id) == {}


async def test_an_orderers_login_cannot_read_words_nor_what_the_client_said(cast: Cast) -> None:
    agreed = await worked(cast)
    await say(cast, cast.sari, agreed, Said(2, words="Came late"))
    await say(cast, cast.client(cast.aino), agreed)

    async def told(session: AsyncSession) -> list[str]:
        return list(await session.scalars(text("SELECT told_from FROM feedbacks")))

    async def words(session: AsyncSession) -> object:
        return await session.scalar(text("SELECT closed_words FROM feedbacks"))

    assert await cast.database.read(cast.sari, told) == ["orderer"]
    assert await cast.database.read(cast.sari, reports.faces_of, gigs=[agreed.gig_id]) == {
        agreed.gig_id: 2
    }
    with pytest.raises(DBAPIError, match="permission denied"):
        await cast.database.read(cast.sari, words)


def test_nothing_that_proposes_may_read_it() -> None:
    told = {wall.table: wall.reads for wall in walls() if wall.table in {"feedbacks", "incidents"}}
    assert set(told) == {"feedbacks", "incidents"}
    for reads in told.values():
        assert not reads.keys() & {Face.MATCHER, Face.WORKER, Face.VISITOR, Face.AUDITOR}


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Said(0), "face"),
        (Said(4), "face"),
        (Said(3, "tall"), "strength"),
        (Said(3, words="x" * 4001), "words"),
    ],
)
def test_what_is_no_answer_is_said_by_its_field(said: Said, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        feedback.check(said, {"kitchen"})
    assert [fault.field for fault in refused.value.faults] == [field]
