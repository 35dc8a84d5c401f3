"""Own hours and wishes: who may change them, what is refused, and that the matcher looks again."""

from datetime import timedelta
from uuid import UUID

import pytest

from jobcenter.database import Who
from jobcenter.errors import Changed, Invalid, JobcenterError, NotAllowed, NotFound
from jobcenter.orders import availability
from jobcenter.orders.availability import Hours, Liking
from tests.cast import MONDAY, Cast
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN


def asking(cast: Cast) -> dict[str, Who]:
    return {
        "aino": cast.client(cast.aino),
        "eetu": cast.client(cast.eetu),
        "maija": cast.maija,
        "kim": cast.kim,
        "pekka": cast.pekka,
        "sari": cast.sari,
    }


async def hours_of(fresh: Fresh, client_id: UUID) -> list[tuple[int, int, int]]:
    rows = await fresh.owner(
        "SELECT weekday, from_minute, to_minute FROM client_hours WHERE client_id = $1"
        " ORDER BY weekday, from_minute",
        client_id,
    )
    return [tuple(row) for row in rows]


async def changes(fresh: Fresh) -> list[tuple[str, UUID]]:
    rows = await fresh.owner("SELECT kind, client_id FROM changes ORDER BY id")
    return [(row["kind"], row["client_id"]) for row in rows]


@pytest.mark.parametrize("name", ["aino", "maija", "kim"])
async def test_the_week_is_set_by_its_owner_or_their_unit(
    cast: Cast, fresh: Fresh, name: str
) -> None:
    week = [Hours(0, 540, 720), Hours(0, 780, 960), Hours(4, 600, 900)]
    client = await cast.database.act(
        asking(cast)[name], availability.set_week, client_id=cast.aino, hours=week, now=MONDAY
    )
    assert client.version == 2
    assert await hours_of(fresh, cast.aino) == [(0, 540, 720), (0, 780, 960), (4, 600, 900)]
    assert len(await hours_of(fresh, cast.eetu)) == 7
    assert await changes(fresh) == [("client_hours", cast.aino)]


@pytest.mark.parametrize(
    ("name", "error"), [("eetu", NotFound), ("pekka", NotFound), ("sari", NotAllowed)]
)
async def test_nobody_else_sets_anything(
    cast: Cast, fresh: Fresh, name: str, error: type[JobcenterError]
) -> None:
    who = asking(cast)[name]
    wish = {("task", cast.dishwashing): Liking(veto=True)}
    with pytest.raises(error):
        await cast.database.act(
            who, availability.set_week, client_id=cast.aino, hours=[], now=MONDAY
        )
    with pytest.raises(error):
        await cast.database.act(
            who, availability.set_wishes, client_id=cast.aino, wishes=wish, now=MONDAY
        )
    assert await changes(fresh) == []
    assert len(await hours_of(fresh, cast.aino)) == 7


@pytest.mark.parametrize(
    ("week", "code"),
    [
        ([Hours(1, 600, 600)], "end_before_start"),
        ([Hours(1, 700, 600)], "end_before_start"),
        ([Hours(1, 600, 1441)], "end_before_start"),
        ([Hours(1, 600, 700), Hours(1, 690, 800)], "overlap"),
    ],
)
async def test_a_week_that_cannot_be_is_refused_by_its_day(
    cast: Cast, fresh: Fresh, week: list[Hours], code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await cast.database.act(
            cast.maija, availability.set_week, client_id=cast.aino, hours=week, now=MONDAY
        )
    assert [(fault.field, fault.code) for fault in refused.value.faults] == [("day-1", code)]
    assert len(await hours_of(fresh, cast.aino)) == 7


async def test_an_old_form_changes_nothing(cast: Cast, fresh: Fresh) -> None:
    for version in (1, 1):
        outcome = cast.database.act(
            cast.maija,
            availability.set_week,
            client_id=cast.aino,
            hours=[Hours(0, 540, 720)],
            version=version,
            now=MONDAY,
        )
        if await hours_of(fresh, cast.aino) == [(0, 540, 720)]:
            with pytest.raises(Changed):
                await outcome
        else:
            await outcome


async def test_an_exception_is_kept_once_and_taken_back(cast: Cast, fresh: Fresh) -> None:
    who = cast.client(cast.aino)
    end = TUESDAY_TEN + timedelta(hours=3)
    first, second = [
        await cast.database.act(
            who,
            availability.add_exception,
            client_id=cast.aino,
            start=TUESDAY_TEN,
            end=end,
            available=False,
            now=MONDAY,
        )
        for _ in range(2)
    ]
    assert first == second
    for _ in range(2):
        await cast.database.act(
            who, availability.drop_exception, client_id=cast.aino, exception_id=first, now=MONDAY
        )
    assert await fresh.owner("SELECT 1 FROM client_exceptions") == []
    assert await changes(fresh) == [("client_hours", cast.aino)] * 2


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        (timedelta(hours=2), timedelta(hours=1), "end_before_start"),
        (timedelta(hours=-3), timedelta(hours=-1), "in_the_past"),
        (timedelta(days=1), timedelta(days=400), "too_far"),
    ],
)
async def test_an_exception_that_cannot_be_is_refused(
    cast: Cast, start: timedelta, end: timedelta, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await cast.database.act(
            cast.maija,
            availability.add_exception,
            client_id=cast.aino,
            start=MONDAY + start,
            end=MONDAY + end,
            available=True,
            now=MONDAY,
        )
    assert [fault.code for fault in refused.value.faults] == [code]


async def test_wishes_are_set_changed_and_taken_back(cast: Cast, fresh: Fresh) -> None:
    who, subject = cast.client(cast.aino), ("task", cast.dishwashing)
    for one, kept in (
        (Liking(points=3), [(False, 3)]),
        (Liking(veto=True), [(True, 0)]),
        (Liking(), []),
        (Liking(), []),
    ):
        await cast.database.act(
            who, availability.set_wishes, client_id=cast.aino, wishes={subject: one}, now=MONDAY
        )
        rows = await fresh.owner("SELECT veto, points FROM client_wishes")
        assert [tuple(row) for row in rows] == kept
    assert await changes(fresh) == [("client_wishes", cast.aino)] * 4


async def test_unknown_wishes_are_refused(cast: Cast) -> None:
    for subject, one in (
        (("colour", cast.site), Liking(points=1)),
        (("site", cast.site), Liking(points=9)),
    ):
        with pytest.raises(Invalid):
            await cast.database.act(
                cast.maija,
                availability.set_wishes,
                client_id=cast.aino,
                wishes={subject: one},
                now=MONDAY,
            )
