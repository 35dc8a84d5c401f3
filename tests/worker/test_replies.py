"""Text messages come in by a signed call: what is clear acts once, a person reads the rest.

Delivery reports come twice and out of order.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import httpx
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import Who
from jobcenter.notices import Notice
from jobcenter.orders import answering, hearing
from jobcenter.orders.gigs import Via
from jobcenter.web.hooks import SIGNATURE, signature
from tests.cast import CITY, MONDAY
from tests.make import TUESDAY_TEN
from tests.web import surfer
from tests.web.surfer import Clock
from tests.worker.conftest import SECRET, Works

HOOK = "a secret of the gateway"
AINO, EETU = "+358455550100", "+358455550101"
MINUTE = timedelta(minutes=1)


class Phone:
    """The gateway as it calls us, and the clock it does so by."""

    def __init__(self, http: httpx.AsyncClient, clock: Clock) -> None:
        self.http = http
        self.clock = clock
        self.said = 0

    async def call(
        self, told: dict[str, str], *, at: datetime | None = None, secret: str = HOOK
    ) -> int:
        body = json.dumps(told).encode()
        signed = signature(secret, body, at=at or self.clock.now)
        return await self.send(body, {SIGNATURE: signed})

    async def send(self, body: bytes, headers: dict[str, str]) -> int:
        return (await self.http.post("/hooks/sms", content=body, headers=headers)).status_code

    async def says(self, text: str, phone: str = AINO, number: int = 0) -> int:
        """Bring a new message, or one that came before."""
        self.said += not number
        told = {"id": f"m-{number or self.said}", "type": "reply", "from": phone, "text": text}
        return await self.call(told)


@asynccontextmanager
async def gateway(works: Works) -> AsyncIterator[Phone]:
    clock = Clock(MONDAY)
    config = replace(surfer.CONFIG, secret=SECRET, sms_hook_secret=HOOK)
    async with surfer.surfer(works.cast.database, clock, config) as http:
        yield Phone(http, clock)


async def status(works: Works, column: str = "status") -> list[str]:
    rows = await works.fresh.owner(f"SELECT {column} AS told FROM gigs ORDER BY id")
    return [row["told"] for row in rows]


def texts(works: Works, phone: str = AINO) -> list[str]:
    return [each["text"] for each in works.sms.received() if each["to"] == phone]


async def test_a_call_is_signed_over_its_time_and_body(works: Works) -> None:
    gig = await works.offer(works.cast.aino)
    await works.run(MONDAY)
    told = {"id": "m-1", "type": "reply", "from": "045 555 0100", "text": "1"}
    async with gateway(works) as phone:
        body = json.dumps(told).encode()
        right = signature(HOOK, body, at=MONDAY)
        other = json.dumps({**told, "text": "2"}).encode()
        # Row 89: none, wrong, six minutes old (or ahead), another body; nothing has happened.
        refused = [
            await phone.send(body, {}),
            await phone.call(told, secret="another"),
            await phone.call(told, at=MONDAY - 6 * MINUTE),
            await phone.call(told, at=MONDAY + 6 * MINUTE),
            await phone.send(other, {SIGNATURE: right}),
            await phone.send(body, {SIGNATURE: "t=x,v1=="}),
        ]
        assert refused == [401] * 6
        assert await status(works) == ["assigned"]
        # The right one acts; again and again it does not.
        assert [await phone.send(body, {SIGNATURE: right}) for _ in range(5)] == [200] * 5
        assert await status(works) == ["confirmed"]
        assert [await phone.call(bad) for bad in ({}, {"id": "x", "type": "?"})] == [422, 422]
    [event] = await works.fresh.owner(
        "SELECT via, actor FROM gig_events WHERE gig_id = $1 AND to_status = 'confirmed'", gig
    )
    assert tuple(event) == ("sms", works.cast.aino)
    assert await works.fresh.breaches() == {}
    # Without a secret of the gateway there is no such address.
    async with surfer.surfer(works.cast.database) as http:
        assert (await http.post("/hooks/sms", json=told)).status_code == 404


async def test_a_no_a_late_yes_and_what_a_person_must_read(works: Works) -> None:
    cast = works.cast
    await works.offer(cast.aino)
    await works.run(MONDAY)
    async with gateway(works) as phone:
        assert await phone.says("Ei kiitos") == 200
        assert await status(works) == ["declined"]
        await works.run(MONDAY)
        assert "kiitos, kun kerroit" in texts(works)[-1]
        # The same word again, and the same message again, are one no.
        assert [await phone.says("ei"), await phone.says("Ei kiitos", number=1)] == [200, 200]
        assert "reply" not in await works.todos()
        # Anything else is read by a person: words closed, a to-do, and the client is told so.
        assert await phone.says("Voiko tulla vasta klo 11?") == 200
        await works.run(MONDAY)
        assert "soittaa sinulle" in texts(works)[-1]
        [todo] = await works.fresh.owner("SELECT client_id FROM todos WHERE kind = 'reply'")
        assert todo["client_id"] == cast.aino
        [row] = await works.fresh.owner("SELECT * FROM replies WHERE closed_text IS NOT NULL")
        assert b"klo 11" not in row["closed_text"]
        browser = phone.http
        assert isinstance(browser, surfer.Surfer)
        await surfer.sign_in(browser, cast, cast.maija)
        shown = await browser.get(f"/board/clients/{cast.aino}?purpose=to-do")
        assert "Voiko tulla vasta klo 11?" in shown.text

        # A yes after the time is up is refused kindly, and books nobody.
        await works.offer(cast.eetu, start=TUESDAY_TEN + timedelta(days=1))
        await works.run(MONDAY)
        phone.clock.now = MONDAY + timedelta(hours=25)
        assert await phone.says("1", EETU) == 200
        await works.run(phone.clock.now)
        assert await status(works) == ["declined", "expired"]
        assert "meni jo" in texts(works, EETU)[-1]
        # A number that nobody has is kept without words, and answered by nothing.
        before = len(works.sms.received())
        assert await phone.says("1", "+358401112223") == 200
        await works.run(phone.clock.now)
        assert len(works.sms.received()) == before


async def test_of_two_gigs_we_ask_which_and_stop_means_stop(works: Works) -> None:
    cast = works.cast
    await works.offer(cast.aino)
    await works.offer(cast.aino, start=TUESDAY_TEN + timedelta(days=2))
    await works.run(MONDAY)
    async with gateway(works) as phone:
        assert await phone.says("kyllä") == 200
        assert await status(works) == ["assigned", "assigned"]
        await works.run(MONDAY)
        which = [text for text in texts(works) if "mitä keikkaa tarkoitat" in text]
        assert len(which) == 2
        # Still not sure: now a person calls, instead of more messages.
        assert await phone.says("1") == 200
        assert "reply" in await works.todos()

        assert await phone.says("STOP") == 200
        await works.run(MONDAY)
        assert "emme enää lähetä" in texts(works)[-1]
        told = len(texts(works))
        await works.offer(cast.aino, start=TUESDAY_TEN + timedelta(days=3))
        await works.run(MONDAY)
        assert len(texts(works)) == told
        assert {"call_offer", "texts_stopped"} <= set(await works.todos())
        # Six messages are enough for one day.
        phone.clock.now = MONDAY + timedelta(days=1)
        assert await phone.says("aloita") == 200
        await works.run(phone.clock.now)
        assert "saat taas" in texts(works)[-1]


async def test_the_day_before_we_ask_and_silence_is_a_call(works: Works) -> None:
    cast = works.cast
    aino, eetu = await works.offer(cast.aino), await works.offer(cast.eetu)
    for gig, client in ((aino, cast.aino), (eetu, cast.eetu)):
        who = cast.client(client)
        await works.run(MONDAY)
        await cast.database.act(who, answering.accept, gig_id=gig, via=Via.LINK, now=MONDAY)
    four = MONDAY + timedelta(hours=7)
    await works.run(four - MINUTE)
    assert "Sopiiko se yhä" not in texts(works)[-1]
    async with gateway(works) as phone:
        for _ in range(3):
            await works.run(four)
        asked = [text for text in texts(works) if "Sopiiko se yhä" in text]
        assert len(asked) == 1
        phone.clock.now = four + MINUTE
        assert await phone.says("joo") == 200
        await works.run(phone.clock.now)
        assert "Nähdään ti 24.11." in texts(works)[-1]
        assert (await status(works, "still_fine_via"))[0] == "sms"
        # Eetu says nothing: at six his coach is to call, once, and nothing else happens.
        await works.run(four + timedelta(minutes=119))
        assert "call_still_fine" not in await works.todos()
        for minutes in (120, 130):
            await works.run(four + minutes * MINUTE)
        [todo] = await works.fresh.owner("SELECT * FROM todos WHERE kind = 'call_still_fine'")
        assert (todo["client_id"], todo["coach_id"]) == (cast.eetu, None)
        assert await status(works) == ["confirmed", "confirmed"]
        # A no is a withdrawal without blame: the place is free, and the unit sees to it at once.
        phone.clock.now = four + 131 * MINUTE
        assert await phone.says("2", EETU) == 200
        assert await status(works) == ["confirmed", "withdrawn"]
        [todo] = await works.fresh.owner("SELECT due_at FROM todos WHERE kind = 'withdrawn'")
        assert todo["due_at"] == phone.clock.now


async def test_whoever_said_yes_to_one_gig_and_cannot_come_is_heard(works: Works) -> None:
    """A no of today to another gig hides nothing, nor does a yes of last week."""
    cast = works.cast
    agreed = await works.offer(cast.aino, start=TUESDAY_TEN + timedelta(days=3))
    declined = await works.offer(cast.aino, start=TUESDAY_TEN + timedelta(days=1))
    await works.run(MONDAY)
    who = cast.client(cast.aino)
    for gig, answer in ((agreed, answering.accept), (declined, answering.decline)):
        await cast.database.act(who, answer, gig_id=gig, via=Via.LINK, now=MONDAY)
    async with gateway(works) as phone:
        assert await phone.says("2") == 200
        assert await works.todos() == ["reply"]
        phone.clock.now = MONDAY + timedelta(days=2)
        assert await phone.says("2") == 200
        assert await works.todos() == ["reply", "reply"]
        # The process died before a no was done, and meanwhile she said yes on the page.
        other = await works.offer(cast.aino, start=TUESDAY_TEN + timedelta(days=8))
        await works.run(MONDAY)
        await cast.database.act(
            Who(CITY, "gateway"), hearing.hear, message_id="m-9", phone=AINO, text="2", now=MONDAY
        )
        await cast.database.act(who, answering.accept, gig_id=other, via=Via.LINK, now=MONDAY)
        assert await phone.says("2", number=9) == 200
        assert await works.todos() == ["reply", "reply", "reply"]
    assert sorted(await status(works)) == ["confirmed", "confirmed", "declined"]
    wordless = "SELECT 1 FROM replies WHERE step = 'call' AND closed_text IS NULL"
    assert await works.fresh.owner(wordless) == []


async def test_reports_come_twice_and_out_of_order(works: Works) -> None:
    gig = await works.offer(works.cast.aino)
    await works.run(MONDAY)

    async def notice(session: AsyncSession) -> Notice:
        return await session.get_one(Notice, (1, sent))

    [row] = await works.fresh.owner("SELECT id FROM notices WHERE gig_id = $1", gig)
    sent = row["id"]
    told = {"type": "report", "reference": str(sent)}
    async with gateway(works) as phone:
        for number, state in enumerate(["failed", "failed", "buffered"]):
            assert await phone.call({**told, "id": f"r-{number}", "status": state}) == 200
        assert (await works.cast.database.read(works.cast.worker, notice)).state == "failed"
        assert await works.todos() == ["undelivered"]
        for number, state in enumerate(["delivered", "failed", "delivered", "failed", "failed"]):
            assert await phone.call({**told, "id": f"r-{number}", "status": state}) == 200
        now = await works.cast.database.read(works.cast.worker, notice)
        assert (now.state, now.reported, now.tries) == ("sent", "delivered", 1)
        [todo] = await works.fresh.owner("SELECT done_at FROM todos")
        assert todo["done_at"] is not None
        unknown = {"type": "report", "reference": str(gig), "status": "failed"}
        assert await phone.call({**unknown, "id": "r-9"}) == 200
    assert await works.states() == {"sent": 1}
