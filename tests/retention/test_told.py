"""What was told of gigs: read by the person it is about, gone in its time, mute once erased."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest

from jobcenter.database import Who
from jobcenter.orders import answering, incidents
from jobcenter.orders.gigs import Via
from jobcenter.orders.incidents import Told
from jobcenter.orders.queries import reports
from jobcenter.orders.told import Feedback
from jobcenter.people import closing
from jobcenter.retention import erasing, sweeping
from tests import make
from tests.cast import CITY, MONDAY, Cast
from tests.commands.verbs import run
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.orders import steps

OPERATOR = Who(CITY, "operator")
WORKER = Who(CITY, "worker")
SLIPPED = Told("Slipped on the stairs", "a_little", TUESDAY_TEN, told_whom="The guard")


async def told(cast: Cast, *, times: int = 1) -> UUID:
    """Have Aino tell what happened, perhaps several times at once, and Sari how it went."""
    gig_id = (await steps.agreed(cast, cast.aino)).gig_id
    incident_id = uuid4()
    once = (
        cast.database.act(
            cast.client(cast.aino),
            incidents.report,
            incident_id=incident_id,
            gig_id=gig_id,
            told=SLIPPED,
            now=TUESDAY_TEN,
        )
        for _ in range(times)
    )
    await asyncio.gather(*once)
    keys = await cast.database.read(cast.maija, closing.keys, [cast.aino])
    row = Feedback(
        organiser_id=CITY,
        gig_id=gig_id,
        told_from="orderer",
        client_id=cast.aino,
        party_id=cast.keittio,
        face=3,
        told_at=TUESDAY_TEN,
        closed_words=keys[cast.aino].close("feedback:words", "Every cup shone"),
    )
    await make.save(cast, row)
    return gig_id


async def test_sent_three_times_at_once_it_is_told_once(cast: Cast, fresh: Fresh) -> None:
    gig_id = await told(cast, times=3)
    read = await cast.database.read(cast.maija, reports.incidents_of, gig_id=gig_id)
    assert [(one.words, one.told_whom) for one in read] == [(SLIPPED.words, "The guard")]
    assert (await steps.todos(fresh)).count("incident") == 1


async def test_the_person_reads_all_of_it_and_it_is_mute_once_they_are_erased(
    cast: Cast, fresh: Fresh, tmp_path: Path
) -> None:
    gig_id = await told(cast)
    run(fresh, "export", str(cast.aino), "--out", str(tmp_path))
    parts = json.loads((tmp_path / f"{cast.aino}.json").read_text(encoding="utf-8"))
    (incident,), (said,) = parts["incidents"]["rows"], parts["feedbacks"]["rows"]
    assert (incident["words"], incident["told"]) == ("Slipped on the stairs", "The guard")
    assert said["words"] == "Every cup shone"
    await cast.database.act(
        cast.maija, answering.withdraw, gig_id=gig_id, via=Via.PHONE, now=MONDAY
    )
    await cast.database.act(
        OPERATOR, erasing.erase, client_id=cast.aino, law="GDPR 17: asked", now=MONDAY
    )
    assert await fresh.owner("SELECT 1 FROM feedbacks") == []
    # That it happened stays; without the key its words are noise.
    (kept,) = await fresh.owner("SELECT hurt, told_from FROM incidents")
    assert tuple(kept) == ("a_little", "client")
    assert await cast.database.read(WORKER, closing.keys, [cast.aino]) == {}


async def test_each_goes_when_its_own_years_are_over(cast: Cast, fresh: Fresh) -> None:
    await told(cast)
    for code, days in (("feedback", 730), ("incident", 3650)):
        await fresh.owner(
            "INSERT INTO figures (organiser_id, id, kind, key, amount, valid_from, source,"
            " standing) VALUES (1, gen_random_uuid(), 'retention', $1, $2,"
            " '2020-01-01', 'law', 'assumed')",
            code,
            days,
        )
    for years, left in ((1, (1, 1)), (3, (0, 1)), (11, (0, 0))):
        now = TUESDAY_TEN + timedelta(days=365 * years + 5)
        for code in ("feedback", "incident"):
            await cast.database.act(WORKER, sweeping.sweep, code=code, now=now)
        counts = await fresh.owner(
            "SELECT (SELECT count(*) FROM feedbacks), (SELECT count(*) FROM incidents)"
        )
        assert tuple(counts[0]) == left


@pytest.mark.parametrize(
    ("change", "promise"),
    [
        ("UPDATE incidents SET hurt = 'nobody'", "append-only"),
        ("UPDATE incidents SET closed_words = 'x'", "append-only"),
        ("UPDATE incidents SET handled_at = now()", "incident_handled_says_how"),
        ("UPDATE feedbacks SET told_from = 'client'", "feedback_of_a_party"),
        ("UPDATE feedbacks SET passed_at = now()", "feedback_is_read_before_it_is_passed_on"),
        ("UPDATE feedbacks SET face = 4", "feedback_face_is_known"),
    ],
)
async def test_the_database_keeps_what_was_told(
    cast: Cast, fresh: Fresh, change: str, promise: str
) -> None:
    await told(cast)
    with pytest.raises(asyncpg.PostgresError, match=promise):
        await fresh.owner(change)
