"""Delivery reports, whatever their order: arrived is arrived, and what did not is called about."""

from itertools import permutations

import pytest
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from jobcenter import reports
from jobcenter.notices import Notice, tell
from tests.cast import MONDAY, Cast
from tests.conftest import Fresh
from tests.orders import steps


async def test_any_order_of_reports_ends_alike(cast: Cast, fresh: Fresh) -> None:
    for number, order in enumerate(permutations([True, False, False]), 1):

        async def written(session: AsyncSession, version: int = number) -> None:
            await tell(
                session, kind="gig_link", now=MONDAY, client_id=cast.aino, gig_id=uuid7(),
                version=version, urgent=True,
            )  # fmt: skip

        await cast.database.act(cast.worker, written)
        [row] = await fresh.owner("SELECT id FROM notices WHERE version = $1", number)
        await fresh.owner(
            "UPDATE notices SET state = 'sent', tries = 1, sent_at = $2 WHERE id = $1",
            row["id"], MONDAY,
        )  # fmt: skip
        for delivered in order:
            found = await cast.database.act(
                cast.worker, reports.report, reference=row["id"], delivered=delivered, now=MONDAY
            )
            assert found
    rows = await fresh.owner("SELECT DISTINCT state, reported FROM notices")
    assert [tuple(row) for row in rows] == [("sent", "delivered")]
    assert await fresh.owner("SELECT kind FROM todos WHERE done_at IS NULL") == []


@pytest.mark.parametrize(
    ("before", "tries", "delivered", "after", "todos"),
    [
        ("unknown", 1, True, "sent", []),
        ("unknown", 1, False, "failed", ["undelivered"]),
        # While it is being sent: what the sender finds out afterwards changes nothing.
        ("sending", 1, True, "sent", []),
        ("failed", 8, True, "sent", []),
        # It waits to be sent once more: no need any more, or still needed.
        ("pending", 1, True, "sent", []),
        ("pending", 1, False, "pending", []),
        ("dropped", 0, False, "dropped", []),
    ],
)
async def test_each_state_has_its_answer(
    cast: Cast, fresh: Fresh, before: str, tries: int, *, delivered: bool, after: str,
    todos: list[str],
) -> None:  # fmt: skip
    notice = Notice(
        organiser_id=1, id=uuid7(), kind="offer", way="sms", client_id=cast.aino,
        dedupe_key="k", due_at=MONDAY, state=before, tries=tries, fence=1, written_at=MONDAY,
        version=1,
    )  # fmt: skip

    async def write(session: AsyncSession) -> None:
        session.add(notice)

    await cast.database.act(cast.worker, write)
    known = await cast.database.act(
        cast.worker, reports.report, reference=notice.id, delivered=delivered, now=MONDAY
    )
    assert known
    [row] = await fresh.owner("SELECT state, sent_at FROM notices")
    assert row["state"] == after
    assert (row["sent_at"] is not None) == (after == "sent")
    assert await steps.todos(fresh) == todos
    assert not await cast.database.act(
        cast.worker, reports.report, reference=uuid7(), delivered=delivered, now=MONDAY
    )
