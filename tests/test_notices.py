"""A notice is written once with its fact, calmly; a to-do likewise; both vanish with a rollback."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.notices import MOST_A_DAY, Notice, Todo, tell, todo
from tests.cast import MONDAY, Cast, key
from tests.conftest import Fresh

EVENING = datetime(2026, 11, 23, 19, 30, tzinfo=UTC)
MORNING = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


async def _notices(session: AsyncSession) -> list[Notice]:
    return list(await session.scalars(select(Notice).order_by(Notice.id)))


async def _todos(session: AsyncSession) -> list[Todo]:
    return list(await session.scalars(select(Todo).order_by(Todo.id)))


async def test_the_same_fact_is_told_once(cast: Cast, fresh: Fresh) -> None:
    gig = key("gig")
    await asyncio.gather(
        *(
            cast.database.act(
                cast.worker, tell, kind="offer", now=MONDAY, client_id=cast.aino, gig_id=gig
            )
            for _ in range(10)
        )
    )
    notices = await cast.database.read(cast.worker, _notices)
    assert [(n.kind, n.slot, n.state, n.tries) for n in notices] == [("offer", 1, "pending", 0)]
    jobs = await fresh.owner("SELECT entrypoint, dedupe_key FROM pgqueuer")
    assert [tuple(job) for job in jobs] == [("deliver", f"1:deliver:{notices[0].id}")]


async def test_another_version_is_told_again(cast: Cast) -> None:
    for version in (1, 2, 2):
        await cast.database.act(
            cast.worker, tell, kind="moved", now=MONDAY, client_id=cast.aino, gig_id=key("gig"),
            version=version,
        )  # fmt: skip
    notices = await cast.database.read(cast.worker, _notices)
    assert [n.version for n in notices] == [1, 2]


async def test_a_rolled_back_fact_is_not_told(cast: Cast, fresh: Fresh) -> None:
    async def fail(session: AsyncSession) -> None:
        await tell(session, kind="offer", now=MONDAY, client_id=cast.aino, gig_id=key("gig"))
        await todo(session, kind="fill", due_at=MONDAY, now=MONDAY, mark="x")
        raise LookupError

    with pytest.raises(LookupError):
        await cast.database.act(cast.worker, fail)
    for table in ("notices", "todos", "pgqueuer"):
        assert (await fresh.owner(f"SELECT count(*) FROM {table}"))[0][0] == 0


@pytest.mark.parametrize(
    ("urgent", "due_at", "quiet_from"), [(False, MORNING, 1200), (True, EVENING, None)]
)
async def test_the_evening_is_quiet_unless_it_is_urgent(
    cast: Cast, fresh: Fresh, *, urgent: bool, due_at: datetime, quiet_from: int | None
) -> None:
    await cast.database.act(
        cast.worker, tell, kind="cancelled", now=EVENING, client_id=cast.aino, gig_id=key("gig"),
        urgent=urgent,
    )  # fmt: skip
    notice = (await cast.database.read(cast.worker, _notices))[0]
    assert (notice.due_at, notice.quiet_from) == (due_at, quiet_from)
    jobs = await fresh.owner("SELECT count(*) FROM pgqueuer")
    assert jobs[0][0] == (1 if urgent else 0)


async def test_an_orderer_is_told_at_any_hour(cast: Cast) -> None:
    await cast.database.act(
        cast.worker, tell, kind="found", now=EVENING, user_id=key("sari"), way="mail",
        order_id=key("order"),
    )  # fmt: skip
    notice = (await cast.database.read(cast.worker, _notices))[0]
    assert (notice.due_at, notice.day, notice.slot) == (EVENING, None, None)


async def test_instead_of_a_seventh_message_a_person_calls(cast: Cast) -> None:
    await asyncio.gather(
        *(
            cast.database.act(
                cast.worker, tell, kind="offer", now=MONDAY + timedelta(minutes=n),
                client_id=cast.aino, gig_id=key(f"gig{n}"),
            )
            for n in range(8)
        )
    )  # fmt: skip
    notices = await cast.database.read(cast.worker, _notices)
    todos = await cast.database.read(cast.worker, _todos)
    assert sorted(n.slot or 0 for n in notices) == list(range(1, MOST_A_DAY + 1))
    assert [(t.kind, t.unit_id) for t in todos] == [("call_offer", cast.kaneli)] * 2


async def test_a_todo_is_made_once(cast: Cast) -> None:
    for _ in range(2):
        await cast.database.act(
            cast.worker, todo, kind="talk_wishes", due_at=MORNING, now=MONDAY,
            mark=str(cast.aino), client_id=cast.aino,
        )  # fmt: skip
    todos = await cast.database.read(cast.worker, _todos)
    assert [(t.kind, t.dedupe_key, t.unit_id) for t in todos] == [
        ("talk_wishes", f"talk_wishes:{cast.aino}", cast.kaneli)
    ]
