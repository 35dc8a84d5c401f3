"""A plan that breaks a rule is thrown away, and no change with it."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy.dialects.postgresql import Range

from jobcenter.matching.round import Matcher
from jobcenter.matching.thinking.mind import Mind, Progress
from jobcenter.matching.thinking.question import Answer, Question
from jobcenter.orders.changes import waiting_changes
from jobcenter.people.clients import ClientException
from jobcenter.worker.ticks import repair, run_due
from tests import make
from tests.cast import CITY, MONDAY
from tests.make import TUESDAY_TEN
from tests.matching.rounds import Stage
from tests.worker.conftest import Works

LATER = MONDAY + timedelta(minutes=10)


class Mistaken(Mind):
    """Thinks as ever, but its first plans break a rule."""

    def __init__(self, plans: int) -> None:
        super().__init__()
        self.plans = plans

    async def think(self, question: Question, progress: Progress) -> Answer:
        self.plans -= 1
        if self.plans >= 0:
            return Answer(breaches=("coach_twice",))
        return await super().think(question, progress)


async def test_a_plan_that_is_thrown_away_eats_no_change(works: Works) -> None:
    """The whole round that follows deals with it; where that fails too, repairs rest a while."""
    mind = Mistaken(1)
    matcher = Matcher(mind, mind)
    stage = Stage(works.cast, works.fresh, matcher)
    works = replace(works, hands=replace(works.hands, repair=matcher.repair, whole=matcher.whole))

    async def unseen() -> int:
        return len((await stage.cast.database.read(stage.cast.worker, waiting_changes)).changes)

    async def rounds() -> list[tuple[str, str]]:
        rows = await stage.fresh.owner("SELECT kind, status FROM rounds ORDER BY id")
        return [(row["kind"], row["status"]) for row in rows]

    order_id = await make.save_order(stage.cast, make.order())
    await stage.change("order_placed", order_id=order_id)
    try:
        assert await repair(works.hands, LATER) is False
        assert (await unseen(), await stage.lists()) == (1, [])
        await run_due(works.hands, LATER)
        assert await unseen() == 0
        assert {row["order_id"] for row in await stage.lists()} == {order_id}

        mind.plans = 3
        day = Range(TUESDAY_TEN, TUESDAY_TEN + timedelta(hours=1))
        eetu = ClientException(
            organiser_id=CITY, client_id=stage.cast.eetu, during=day, available=False
        )
        await make.save(stage.cast, eetu)
        await stage.change("availability", client_id=stage.cast.eetu)
        tried = len(await rounds())
        await run_due(works.hands, LATER)
        assert (await rounds())[tried:] == [("repair", "failed"), ("whole", "failed")]
        assert await repair(works.hands, LATER + timedelta(minutes=4)) is False
        assert (await unseen(), len(await rounds())) == (1, tried + 2)
        await run_due(works.hands, LATER + timedelta(minutes=5))
        assert (await rounds())[tried + 2 :] == [("repair", "failed"), ("whole", "done")]
        assert await unseen() == 0
        assert stage.cast.eetu not in await stage.listed()
    finally:
        mind.close()
