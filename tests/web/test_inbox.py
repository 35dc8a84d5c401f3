"""The demo's inbox takes what the senders send, keeps it once, and shows it as it came."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

import httpx

from jobcenter.outgoing import Verdict
from jobcenter.senders import MailServer, Message, mail
from jobcenter.web.app import create_app
from tests import servers
from tests.cast import MONDAY, Cast
from tests.web.surfer import CONFIG, Clock, surfer

EVENING = datetime(2026, 11, 23, 19, 30, tzinfo=UTC)
TEXT = "Jobcenter: uusi keikka ti 24.11. klo 9–11. Katso ja vastaa: http://127.0.0.1:8000/o/a-b_c"
SMS = {"to": "+358455550101", "from": "Jobcenter", "text": TEXT, "reference": "r-1"}
WITH_INBOX = replace(CONFIG, inbox=True, sms_token="gateway token")
TOKEN = {"authorization": "Bearer gateway token"}


@asynccontextmanager
async def inbox(
    cast: Cast, *, mail_port: int = 0, now: datetime = MONDAY
) -> AsyncIterator[httpx.AsyncClient]:
    config = replace(WITH_INBOX, mail_port=mail_port)
    app = create_app(database=cast.database, config=config, clock=Clock(now))
    async with app.lifespan(), surfer(cast.database, Clock(now), config) as client:
        yield client


async def test_a_text_message_is_shown_with_a_link_to_press(cast: Cast) -> None:
    async with inbox(cast) as client:
        taken = await client.post("/inbox/sms", json=SMS, headers=TOKEN)
        shown = await client.get("/inbox", headers={"accept-language": "en"})
    assert (taken.status_code, set(taken.json())) == (200, {"id"})
    assert 'href="http://127.0.0.1:8000/o/a-b_c"' in shown.text
    assert "+358455550101" in shown.text
    assert "waited for the morning" not in shown.text


async def test_the_same_reference_is_one_message(cast: Cast) -> None:
    async with inbox(cast) as client:
        answers = [await client.post("/inbox/sms", json=SMS, headers=TOKEN) for _ in range(3)]
        shown = await client.get("/inbox")
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert shown.text.count("inbox-bubble") == 1


async def test_a_message_at_night_says_when_it_would_have_gone(cast: Cast) -> None:
    async with inbox(cast, now=EVENING) as client:
        await client.post("/inbox/sms", json=SMS, headers=TOKEN)
        shown = await client.get("/inbox", headers={"accept-language": "fi"})
    assert "olisi odottanut aamuun: ti 24.11. klo 8" in shown.text


async def test_one_recipient_at_a_time(cast: Cast) -> None:
    other = {**SMS, "to": "+358455550102", "text": "Toinen", "reference": "r-2"}
    async with inbox(cast) as client:
        for each in (SMS, other):
            await client.post("/inbox/sms", json=each, headers=TOKEN)
        shown = await client.get("/inbox", params={"to": "+358455550102"})
    assert "Toinen" in shown.text
    assert "uusi keikka" not in shown.text


async def test_what_comes_in_is_shown_as_text(cast: Cast) -> None:
    hostile = {**SMS, "text": "<script>alert(1)</script> javascript:alert(1)"}
    async with inbox(cast) as client:
        await client.post("/inbox/sms", json=hostile, headers=TOKEN)
        shown = await client.get("/inbox")
    assert "<script>alert" not in shown.text
    assert "&lt;script&gt;alert(1)" in shown.text
    assert 'href="javascript' not in shown.text


async def test_a_stranger_cannot_put_messages_in(cast: Cast) -> None:
    async with inbox(cast) as client:
        answers = [
            await client.post("/inbox/sms", json=SMS, headers=[(b"authorization", token)])
            for token in (b"", b"Bearer other", b"Bearer \xe4")
        ]
        empty = await client.post("/inbox/sms", json={"to": "x"}, headers=TOKEN)
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert empty.json()["status"] == "rejected"


async def test_a_mail_that_really_travelled_is_shown_as_a_letter(cast: Cast) -> None:
    port = servers.free_port()
    message = Message(
        to="sari@keittio.example",
        subject="Tilauksesi 17 on saapunut – kiitos",
        text="Hei!\n\nKatso: http://127.0.0.1:8000/status/abc\n",
        language="fi",
        reference="n-1",
        at=MONDAY,
    )
    async with inbox(cast, mail_port=port) as client:
        server = MailServer("127.0.0.1", port, "jobcenter@example.org")
        verdicts = [(await mail(server, message)).verdict for _ in range(2)]
        shown = await client.get("/inbox")
    assert verdicts == [Verdict.SENT, Verdict.SENT]
    assert shown.text.count("Tilauksesi 17 on saapunut – kiitos") == 1
    assert 'href="http://127.0.0.1:8000/status/abc"' in shown.text


async def test_without_a_demo_there_is_no_inbox(cast: Cast) -> None:
    async with surfer(cast.database) as client:
        answers = [await client.get("/inbox"), await client.post("/inbox/sms", json=SMS)]
    assert [answer.status_code for answer in answers] == [404, 404]
