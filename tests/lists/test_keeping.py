"""How long things are kept: within the law, shown first, and refused by the database beyond it."""

import re
from pathlib import Path

import asyncpg
import pytest

from jobcenter import migrations
from jobcenter.errors import Invalid, NotAllowed
from jobcenter.intake.told import filled
from jobcenter.lists.keeping import would_go
from jobcenter.lists.listing import slug_of
from jobcenter.orders.model import Draft
from jobcenter.reference.retention import BOUNDS, DAYS
from jobcenter.retention import sweeping
from tests import make
from tests.cast import CITY, MONDAY, Cast
from tests.conftest import Fresh
from tests.lists.forms import SAID
from tests.lists.test_changing import DAY, TODAY, change
from tests.retention.test_sweeping import WORKER
from tests.web.surfer import sign_in, surfer


def test_what_is_usual_is_within_the_law_and_the_database_knows_its_bounds() -> None:
    assert [code for code, (days, _) in DAYS.items() if not within(code, days)] == []
    script = (Path(migrations.__path__[0]) / "sql/more_classes.sql").read_text(encoding="utf-8")
    told = re.findall(r"WHEN '(\w+)' THEN amount BETWEEN (\d+) AND (\d+)", script)
    assert {code: (int(least), int(most)) for code, least, most in told} == dict(BOUNDS)


def within(code: str, days: int) -> bool:
    least, most = BOUNDS[code]
    return least <= days <= most


async def test_days_change_within_the_law_and_are_foreseen(cast: Cast, fresh: Fresh) -> None:
    drafts = [
        Draft(organiser_id=CITY, owner="user", fields={}, saved_at=MONDAY - days * DAY)
        for days in (5, 12, 40)
    ]
    await make.save(cast, *drafts)
    slug = slug_of({"key": "draft"})
    seen = await cast.database.act(
        cast.jaana, would_go, {"key": "draft"}, {"amount": 30}, on=TODAY, now=MONDAY
    )
    assert seen[1:] == ["Aika olisi silloin ohi näin monelta: 1."]
    await change(cast, "retention", slug, filled({"amount": "30", **SAID, "from": str(TODAY)}))
    page = f"/organiser/retention/{slug}"
    async with surfer(cast.database) as jaana:
        jaana.cookies.set("jobcenter_language", "en")
        await sign_in(jaana, cast, cast.jaana)
        fields = {"amount": "10", "step": "look", "from": str(TODAY + 2 * DAY), **SAID}
        look = (await jaana.send_form(page, page, **fields)).text
        assert "The next sweep is Wed 25 Nov at 4:30" in look
        # The youngest is nearly as old as ten days on that Wednesday, and still stays.
        assert "It would find 2 whose time is over. As it is now it would find 1." in look
        fixed = (await jaana.get(f"/organiser/retention/{slug_of({'key': 'look'})}")).text
        assert "The law leaves no room here." in fixed
        assert 'name="amount"' not in fixed
    for code, days, wrong in (("draft", "3", Invalid), ("look", "400", NotAllowed)):
        told = filled({"amount": days, **SAID, "from": str(TODAY)})
        with pytest.raises(wrong):
            await change(cast, "retention", slug_of({"key": code}), told)
    with pytest.raises(asyncpg.CheckViolationError):
        await fresh.owner("UPDATE figures SET amount = 3 WHERE kind = 'retention'")
    with pytest.raises(NotAllowed):
        await cast.database.act(
            cast.maija, would_go, {"key": "draft"}, {"amount": 30}, on=TODAY, now=MONDAY
        )
    await change(cast, "retention", slug, filled({"amount": "10", **SAID, "from": str(TODAY)}))
    gone = await cast.database.act(WORKER, sweeping.sweep, code="draft", now=MONDAY)
    assert (gone.removed, gone.rule and gone.rule.law) == (2, "Agreement 12")
