"""A coach's own calendar, from the address on their page to what the matcher plans around."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from jobcenter.calendars.fetching import Way
from jobcenter.database import Face, Who
from jobcenter.errors import NotFound, SupportMissing
from jobcenter.orders import busy_times
from jobcenter.worker.ticks import TICKS
from jobcenter.worker.upkeep import read_calendar
from tests.calendars.conftest import Service, services
from tests.calendars.test_expanding import ONE, TOO_MUCH, calendar
from tests.cast import MONDAY, Cast, key
from tests.conftest import Fresh
from tests.locks import held
from tests.make import TUESDAY_TEN
from tests.web.surfer import CONFIG, Clock, Surfer, sign_in, surfer
from tests.worker.conftest import Works

MINUTE = timedelta(minutes=1)
# Wednesday, from eight till four.
WEDNESDAY = "UID:2|SUMMARY:Dentist|DTSTART:20261125T060000Z|DTEND:20261125T140000Z"
# Before the gig on Tuesday, apart from what follows it.
EARLY = "UID:3|DTSTART:20261124T073000Z|DTEND:20261124T074500Z"


@dataclass
class Stage:
    """Kim's browser, a calendar service, and the worker between them."""

    works: Works
    service: Service
    browser: Surfer
    clock: Clock

    async def give(self, address: str) -> str:
        """Give an address on the page of the day; return what is shown then."""
        page = "/coach"
        answer = await self.browser.send_form(page, "/coach/calendar", address=address)
        return answer.text if answer.status_code == 422 else await self.shown()

    async def shown(self) -> str:
        return (await self.browser.get("/coach")).text

    async def read(self) -> None:
        """Do what the worker does with each job that waits for it."""
        for row in await self.works.fresh.owner(
            "DELETE FROM pgqueuer WHERE entrypoint = 'read_calendar'"
            " RETURNING convert_from(payload, 'UTF8')::jsonb ->> 'coach' AS coach"
        ):
            await read_calendar(self.works.hands, coach_id=UUID(row["coach"]), now=self.clock.now)

    async def later(self, minutes: int) -> None:
        """Let time pass, and the clock tick."""
        self.clock.move(minutes=minutes)
        await TICKS["calendars"](self.works.hands, self.clock.now)
        await self.read()
        # Whoever looks now and then stays signed in.
        await self.shown()

    async def busy(self) -> list[tuple[UUID, datetime, datetime]]:
        rows = await self.works.fresh.owner(
            "SELECT coach_id, lower(during) AS a, upper(during) AS b FROM coach_busy ORDER BY 2"
        )
        return [(row["coach_id"], row["a"], row["b"]) for row in rows]

    async def changes(self) -> int:
        """Count what the matcher is to look at, and take it away."""
        return len(
            await self.works.fresh.owner(
                "DELETE FROM changes WHERE kind = 'coach_changed' RETURNING id"
            )
        )


@asynccontextmanager
async def staged(works: Works) -> AsyncIterator[Stage]:
    clock = Clock()
    config = replace(works.hands.config, calendars=Way(seconds=2.0, loopback=True))
    works = replace(works, hands=replace(works.hands, config=config))
    page = replace(CONFIG, calendar_loopback=True)
    with services() as serve:
        async with surfer(works.cast.database, clock, page) as browser:
            browser.cookies.set("jobcenter_language", "en")
            await sign_in(browser, works.cast, works.cast.kim)
            yield Stage(works, serve(), browser, clock)


async def test_a_coachs_own_calendar_takes_their_time(
    works: Works, caplog: pytest.LogCaptureFixture
) -> None:
    cast, fresh = works.cast, works.fresh
    await works.offer(cast.aino)  # Kim is there on Tuesday from half past nine on.
    async with staged(works) as stage:
        assert "Give an address" in await stage.shown()
        assert "must begin with https" in await stage.give("ftp://calendar.example/secret.ics")
        address = stage.service.says("/secret.ics", calendar(ONE, WEDNESDAY))
        assert "Not read yet" in await stage.give(address)
        await stage.read()
        text = await stage.shown()
        assert "Read from 127.0.0.1." in text
        assert "Last read Mon 23 Nov" in text
        assert "secret" not in text
        assert [at for _, at, _ in await stage.busy()] == [
            TUESDAY_TEN, datetime.fromisoformat("2026-11-25T06:00Z"),
        ]  # fmt: skip
        # What is booked stays, and a person is asked about it once.
        visits = "SELECT id, coach_id, during, status FROM visits ORDER BY id"
        before = await fresh.owner(visits)
        assert await stage.changes() == 1
        assert await works.todos() == ["calendar_busy"]
        (row,) = await fresh.owner("SELECT unit_id, coach_id FROM todos")
        assert tuple(row) == (cast.kaneli, cast.kim_coach)
        # Nothing new: nothing for the matcher, nothing for a person.
        await stage.later(20)
        assert (await stage.changes(), await works.todos()) == (0, ["calendar_busy"])
        assert await fresh.owner(visits) == before
        # Nobody is booked into it.
        with pytest.raises(SupportMissing):
            await works.offer(cast.aino, start=TUESDAY_TEN + timedelta(days=1))
        # When the calendar no longer meets the visit, the question has seen to itself.
        stage.service.says("/secret.ics", calendar(WEDNESDAY))
        await stage.later(20)
        assert await stage.changes() == 1
        assert [row["done_at"] for row in await fresh.owner("SELECT done_at FROM todos")] == [
            stage.clock.now
        ]
        await asked_again(stage)
        # Whatever goes wrong, the last times stay; after the third time the page says so on top.
        for status, body, words in (
            (403, "", "Perhaps sharing has ended"),
            (200, TOO_MUCH["each second"], "more events"),
            (200, "<html>", "no calendar that we understand"),
        ):
            assert "in a row" not in await stage.shown()
            stage.service.says("/secret.ics", body, status)
            await stage.later(20)
            assert words in await stage.shown()
        assert "could not be read 3 times in a row" in await stage.shown()
        assert len(await stage.busy()) == 1
        before_pause = len(stage.service.asked)
        await stage.later(20)
        assert len(stage.service.asked) == before_pause
        # Another address begins anew; taken away, all of it is forgotten.
        other = stage.service.says("/other.ics", calendar(EARLY, ONE))
        assert "Not read yet" in await stage.give(other)
        assert await stage.busy() == []
        await stage.read()
        assert await asked(fresh) == 1
        await stage.browser.send_form("/coach", "/coach/calendar/remove")
        assert await asked(fresh) == 0
        assert "Give an address" in await stage.shown()
        assert await stage.busy() == []
        assert await stage.changes() == 3
        assert (await fresh.owner("SELECT count(*) FROM coach_calendars"))[0][0] == 0
    assert "secret" not in caplog.text


async def asked_again(stage: Stage) -> None:
    """Have the calendar meet the visit anew: the same question, then another one."""
    fresh = stage.works.fresh
    # When it meets it again, it is asked again; what a person has closed, never.
    stage.service.says("/secret.ics", calendar(ONE, WEDNESDAY))
    await stage.later(20)
    assert await asked(fresh) == 1
    done = "UPDATE todos SET done_at = $1, done_by = $2"
    await fresh.owner(done, stage.clock.now, key("maija"))
    await stage.later(20)
    assert await asked(fresh) == 0
    # Another event that meets the same visit is another question.
    stage.service.says("/secret.ics", calendar(EARLY, ONE, WEDNESDAY))
    await stage.later(20)
    assert await asked(fresh) == 1
    assert len(await fresh.owner("SELECT id FROM todos")) == 2
    stage.service.says("/secret.ics", calendar(WEDNESDAY))
    await stage.later(20)
    assert (await asked(fresh), await stage.changes()) == (0, 3)


async def test_an_address_is_for_the_worker_alone_and_ends_with_the_coach(
    works: Works, cast: Cast, fresh: Fresh
) -> None:
    give, now = busy_times.give_address, MONDAY
    await works.offer(cast.aino)
    with pytest.raises(NotFound):
        await cast.database.act(cast.maija, give, address="https://a.example/", now=now)
    await cast.database.act(cast.kim, give, address="https://a.example/secret", now=now)
    rows = await fresh.owner("SELECT * FROM coach_calendars")
    assert b"secret" not in b"".join(v for v in rows[0].values() if isinstance(v, bytes))
    # Given again while it was being read: what was read belongs to another address.
    spans = [(TUESDAY_TEN, TUESDAY_TEN + MINUTE)]
    assert not await cast.database.act(
        cast.worker, busy_times.keep_times, coach_id=cast.kim_coach, given_at=now - MINUTE,
        spans=spans, now=now,
    )  # fmt: skip
    assert await cast.database.act(
        cast.worker, busy_times.keep_times, coach_id=cast.kim_coach, given_at=now, spans=spans,
        now=now,
    )  # fmt: skip
    seen = {}
    for name, who in {"kim": cast.kim, "maija": cast.maija, "pekka": cast.pekka}.items():
        seen[name] = await _counted(fresh, who)
    assert seen == {"kim": (1, 1), "maija": (1, 0), "pekka": (0, 0)}
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await _counted(fresh, cast.kim, "closed_address")
    assert await asked(fresh) == 1
    await fresh.owner("UPDATE users SET disabled_at = $1 WHERE id = $2", now, key("kim"))
    await TICKS["calendars"](works.hands, now + MINUTE)
    assert (await fresh.owner("SELECT count(*) FROM coach_calendars"))[0][0] == 0
    assert (await fresh.owner("SELECT count(*) FROM coach_busy"))[0][0] == 0
    assert await asked(fresh) == 0


async def test_a_reading_holds_no_row_while_the_master_key_is_changed(
    cast: Cast, fresh: Fresh
) -> None:
    """It would wait for the table and the table's new keys for its row, for ever."""
    address = "https://a.example/"
    await cast.database.act(cast.kim, busy_times.give_address, address=address, now=MONDAY)
    async with held(fresh, "SELECT 1") as changing:
        table = "LOCK TABLE coach_calendars IN SHARE ROW EXCLUSIVE MODE"
        await changing.connection.execute(table)
        reading = asyncio.create_task(
            cast.database.act(
                cast.worker, busy_times.keep_times, coach_id=cast.kim_coach, given_at=MONDAY,
                spans=[(TUESDAY_TEN, TUESDAY_TEN + MINUTE)], now=MONDAY,
            )
        )  # fmt: skip
        await changing.until_waiting(1)
        rows = "SELECT coach_id FROM coach_calendars FOR UPDATE NOWAIT"
        assert await changing.connection.fetchval(rows) == cast.kim_coach
    assert await reading


async def asked(fresh: Fresh) -> int:
    """Count the questions about visits and calendars that wait for a person."""
    rows = await fresh.owner("SELECT kind FROM todos WHERE done_at IS NULL")
    assert {row["kind"] for row in rows} <= {"calendar_busy"}
    return len(rows)


async def _counted(fresh: Fresh, who: Who, column: str = "host") -> tuple[int, int]:
    """Count the busy times and the calendars that somebody of staff may read."""
    connection = await asyncpg.connect(fresh.doors[Face.STAFF])
    told = ("1", str(who.actor_id), ",".join(map(str, who.unit_ids)), ",".join(who.rights))
    names = ("organiser", "actor", "units", "rights")
    try:
        async with connection.transaction():
            for name, value in zip(names, told, strict=True):
                await connection.execute("SELECT set_config($1, $2, true)", f"jc.{name}", value)
            busy = await connection.fetchval("SELECT count(*) FROM coach_busy")
            return busy, await connection.fetchval(f"SELECT count({column}) FROM coach_calendars")
    finally:
        await connection.close()
