"""A round asked for by the demo: its progress is shown, what it came to is said in words."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from rich.console import Console

from jobcenter.demo.rounds import (
    BROKEN,
    Progressing,
    RoundFailed,
    machine,
    read_round,
    run_round,
    share,
    summary,
)
from jobcenter.matching.rules import RULES
from jobcenter.orders.proposing import Outcome, begin_round, finish_round, note_progress
from tests.cast import CITY, MONDAY, Cast
from tests.conftest import Fresh

DONE = Progressing(
    status="done",
    progress=100,
    orders=12,
    places=20,
    proposed=15,
    visits=30,
    stale=0,
    changed=2,
    value=9_999,
    bound=10_000,
    unfilled={"trip": 1, "available": 4, "elsewhere": 1},
    seconds=3.21,
)
OUTCOME = Outcome(
    orders=1, places=2, proposed=1, visits=3, stale=0, changed=0, value=90, bound=100,
    unfilled={"support": 1}, seconds=0.5,
)  # fmt: skip


def test_everything_is_said_in_words() -> None:
    said = "\n".join(summary(DONE))
    assert "12 open orders" in said
    assert "6 places that stay empty" in said
    assert "4 The person is not available then." in said
    assert "1 The trip is too long." in said
    assert "2 changes to who was proposed before" in said
    assert "3.2 seconds" in said
    assert "99.99% of the proven optimum" in said
    assert "looked at again" not in said
    assert "3 looked at again" in "\n".join(summary(replace(DONE, stale=3)))


def test_every_rule_has_words() -> None:
    assert {rule.code for rule in RULES} | {"support", "elsewhere"} == set(BROKEN)


@pytest.mark.parametrize(
    ("value", "bound", "shown"), [(99_999, 100_000, 99.99), (1, 3, 33.33), (7, 7, 100.0)]
)
def test_a_share_is_never_rounded_up(value: int, bound: int, shown: float) -> None:
    assert share(replace(DONE, value=value, bound=bound)) == shown


def test_without_a_bound_nothing_is_claimed() -> None:
    assert "optimum" not in "\n".join(summary(replace(DONE, bound=0)))


class TestRunning:
    async def test_it_shows_how_far_it_is_until_it_is_done(self, cast: Cast, fresh: Fresh) -> None:
        said = StringIO()
        worker = asyncio.create_task(self.work(cast, fresh, well=True))
        state = await self.ask(cast, said)
        await worker
        assert (state.status, state.progress, state.value, state.bound) == ("done", 100, 90, 100)
        assert state.unfilled == {"support": 1}
        assert "100 %" in said.getvalue()

    async def test_one_that_fails_is_told(self, cast: Cast, fresh: Fresh) -> None:
        worker = asyncio.create_task(self.work(cast, fresh, well=False))
        with pytest.raises(RoundFailed, match="did not end well"):
            await self.ask(cast, StringIO())
        await worker

    async def test_one_that_nobody_takes_up_is_told(self, cast: Cast) -> None:
        with pytest.raises(RoundFailed, match="took longer than 0 seconds"):
            await self.ask(cast, StringIO(), patience=0.5)

    async def ask(self, cast: Cast, said: StringIO, *, patience: float = 20.0) -> Progressing:
        return await run_round(
            cast.database,
            machine(CITY),
            now=MONDAY,
            patience=patience,
            console=Console(file=said, force_terminal=True, width=80),
            meanwhile=lambda: None,
        )

    async def work(self, cast: Cast, fresh: Fresh, *, well: bool) -> None:
        """Do what a worker does once it is asked, without thinking."""
        for _ in range(400):
            if await fresh.owner("SELECT 1 FROM rounds WHERE status = 'waiting'"):
                break
            await asyncio.sleep(0.05)
        begun = await cast.database.act(cast.worker, begin_round, kind="whole", now=MONDAY)
        await cast.database.act(cast.worker, note_progress, round_id=begun.id, percent=40)
        halfway = await cast.database.read(cast.worker, read_round, round_id=begun.id)
        assert (halfway.status, halfway.progress) == ("running", 40)
        await asyncio.sleep(0.5)
        await cast.database.act(
            cast.worker,
            finish_round,
            round_id=begun.id,
            outcome=OUTCOME if well else None,
            now=MONDAY + timedelta(seconds=1),
        )
