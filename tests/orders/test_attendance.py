"""Coming and going as it was told: by whom, when, and when we heard of it."""

from datetime import datetime, timedelta

import asyncpg
import pytest

from jobcenter.database import Who
from jobcenter.errors import Invalid, NotFound, WrongMoment
from jobcenter.orders import places, working
from jobcenter.orders.gigs import Gig
from jobcenter.orders.places import Described
from tests.cast import MONDAY, Cast
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.orders import steps
from tests.orders.steps import HOUR, Agreed

MINUTE = timedelta(minutes=1)
Word = tuple[str, str, datetime, datetime]


async def come(
    cast: Cast,
    agreed: Agreed,
    *,
    now: datetime = TUESDAY_TEN,
    said_at: datetime | None = None,
    code: str = "",
    by: Who | None = None,
) -> Gig:
    return await cast.database.act(
        by or cast.client(cast.eetu),
        working.check_in,
        gig_id=agreed.gig_id,
        now=now,
        said_at=said_at,
        code=code,
    )


async def words(fresh: Fresh) -> list[Word]:
    rows = await fresh.owner(
        "SELECT move, way, said_at, heard_at FROM attendances ORDER BY heard_at, move"
    )
    return [tuple(row) for row in rows]


async def test_a_tap_and_a_word_of_staff(cast: Cast, fresh: Fresh) -> None:
    agreed = await steps.agreed(cast, cast.eetu)
    await come(cast, agreed)
    await cast.database.act(
        cast.maija,
        working.check_out,
        gig_id=agreed.gig_id,
        now=TUESDAY_TEN + 3 * HOUR,
    )
    assert await words(fresh) == [
        ("came", "tap", TUESDAY_TEN, TUESDAY_TEN),
        ("went", "staff", TUESDAY_TEN + 3 * HOUR, TUESDAY_TEN + 3 * HOUR),
    ]
    told = await fresh.owner("SELECT told_by FROM attendances ORDER BY heard_at")
    assert [row["told_by"] for row in told] == [None, cast.maija.actor_id]


async def test_a_late_phone_adds_its_word_to_that_of_staff(cast: Cast, fresh: Fresh) -> None:
    agreed = await steps.agreed(cast, cast.eetu)
    await come(cast, agreed, now=TUESDAY_TEN + 20 * MINUTE, by=cast.maija)
    await cast.database.act(
        cast.maija,
        working.check_out,
        gig_id=agreed.gig_id,
        now=TUESDAY_TEN + 3 * HOUR,
    )
    gig = await come(
        cast,
        agreed,
        now=TUESDAY_TEN + 4 * HOUR,
        said_at=TUESDAY_TEN - MINUTE,
    )
    assert (gig.status, gig.started_at) == ("done", TUESDAY_TEN + 20 * MINUTE)
    assert (await words(fresh))[-1] == (
        "came",
        "offline",
        TUESDAY_TEN - MINUTE,
        TUESDAY_TEN + 4 * HOUR,
    )


@pytest.mark.parametrize(
    ("said_at", "error"),
    [
        (TUESDAY_TEN + 10 * MINUTE, Invalid),
        (TUESDAY_TEN - 25 * HOUR, Invalid),
        (TUESDAY_TEN - 2 * HOUR, WrongMoment),
    ],
    ids=["ahead", "days ago", "too early"],
)
async def test_a_time_that_cannot_be_right(
    cast: Cast, fresh: Fresh, said_at: datetime, error: type[Exception]
) -> None:
    agreed = await steps.agreed(cast, cast.eetu)
    with pytest.raises(error):
        await come(cast, agreed, said_at=said_at)
    assert await words(fresh) == []


async def test_a_fast_clock_is_forgiven(cast: Cast, fresh: Fresh) -> None:
    agreed = await steps.agreed(cast, cast.eetu)
    gig = await come(cast, agreed, said_at=TUESDAY_TEN + 4 * MINUTE)
    assert gig.started_at == TUESDAY_TEN
    assert (await words(fresh))[0][1] == "offline"


@pytest.mark.parametrize(
    ("kept", "typed", "way"),
    [
        ("Kevät", "kevät", "code"),
        ("KEVÄT", " KEVÄT ", "code"),
        ("KEVÄT", "", "tap"),
        ("", "", "tap"),
        ("KEVÄT", "syksy", None),
        ("", "kevät", None),
    ],
)
async def test_codes(cast: Cast, fresh: Fresh, kept: str, typed: str, way: str | None) -> None:
    told = Described("", step_free=False, toilet=True, quiet_place=False, noise=1, code=kept)
    await cast.database.act(
        cast.sari, places.describe, site_id=cast.site, version=0, told=told, now=MONDAY
    )
    agreed = await steps.agreed(cast, cast.eetu)
    if way is None:
        with pytest.raises(Invalid):
            await come(cast, agreed, code=typed)
        return
    await come(cast, agreed, code=typed)
    assert [word[1] for word in await words(fresh)] == [way]


async def test_strangers_say_nothing_and_words_stay(cast: Cast, fresh: Fresh) -> None:
    agreed = await steps.agreed(cast, cast.eetu)
    for other in (cast.pekka, cast.sari, cast.client(cast.venla)):
        with pytest.raises(NotFound):
            await come(cast, agreed, by=other)
    await come(cast, agreed)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await fresh.owner("UPDATE attendances SET said_at = now()")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await fresh.owner("DELETE FROM attendances")


def test_a_word_that_did_not_wait_came_now_whatever_the_phones_clock_shows() -> None:
    said, later = "2026-11-24T10:00:00Z", "2026-11-24T10:01:00Z"
    assert working.phones_time("") is None
    assert working.phones_time(said, "2026-11-24T10:00:59Z") is None
    for sent in (later, ""):
        assert working.phones_time(said, sent) == TUESDAY_TEN + 2 * HOUR
