"""What each answer of a real gateway and a real mail server means."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_string
from email.policy import default

import pytest

from jobcenter.outgoing import Verdict
from jobcenter.senders import Gateway, MailServer, Message, mail, sms
from tests import servers
from tests.servers import Outside

MESSAGE = Message(
    to="+358455550100",
    subject="Tilauksesi 17 on saapunut",
    text="Jobcenter: uusi keikka ti 24.11. klo 9–11. Katso ja vastaa: https://jc.example/o/abc",
    language="fi",
    reference="0190-abc",
    at=datetime(2026, 11, 23, 7, 0, tzinfo=UTC),
)


@pytest.fixture(scope="module")
def gateway() -> Iterator[Outside]:
    with servers.running("sms") as outside:
        yield outside


@pytest.fixture(scope="module")
def post() -> Iterator[Outside]:
    with servers.running("mail") as outside:
        yield outside


def _to(gateway: Outside) -> Gateway:
    return Gateway(f"http://127.0.0.1:{gateway.port}/send", "secret", patience=0.5)


async def test_a_message_reaches_the_gateway_with_our_reference(gateway: Outside) -> None:
    gateway.mode("ok")
    answer = await sms(_to(gateway), MESSAGE)
    assert (answer.verdict, answer.reference) == (Verdict.SENT, "gw-0190-abc")
    assert gateway.received()[-1] == {
        "to": "+358455550100",
        "from": "Jobcenter",
        "text": MESSAGE.text,
        "reference": "0190-abc",
        "authorization": "Bearer secret",
    }


@pytest.mark.parametrize(
    ("mode", "verdict"),
    [
        ("500", Verdict.REFUSED),
        ("400", Verdict.NEVER),
        ("error", Verdict.LATER),
        ("timeout", Verdict.UNKNOWN),
        ("lost", Verdict.UNKNOWN),
        ("slow", Verdict.UNKNOWN),
    ],
)
async def test_what_the_gateway_says_is_understood(
    gateway: Outside, mode: str, verdict: Verdict
) -> None:
    gateway.mode(mode)
    assert (await sms(_to(gateway), MESSAGE)).verdict is verdict


async def test_a_slow_gateway_is_waited_for(gateway: Outside) -> None:
    gateway.mode("slow")
    patient = replace(_to(gateway), patience=5.0)
    assert (await sms(patient, MESSAGE)).verdict is Verdict.SENT


async def test_a_gateway_that_is_not_there_has_taken_nothing() -> None:
    nowhere = Gateway(f"http://127.0.0.1:{servers.free_port()}/send", patience=1)
    assert (await sms(nowhere, MESSAGE)).verdict is Verdict.REFUSED


@pytest.mark.parametrize("mode", ["drop", "half-close", "reset"])
async def test_an_answer_lost_on_the_way_leaves_it_unknown(gateway: Outside, mode: str) -> None:
    gateway.mode("ok")
    async with servers.proxy("127.0.0.1", gateway.port) as between:
        between.mode = mode
        answer = await sms(Gateway(f"http://127.0.0.1:{between.port}/send", patience=0.5), MESSAGE)
    assert answer.verdict is Verdict.UNKNOWN


def _mails(post: Outside) -> MailServer:
    return MailServer("127.0.0.1", post.port, "jobcenter@example.org", patience=5.0)


async def test_a_mail_arrives_whole(post: Outside) -> None:
    post.mode("ok")
    to = replace(MESSAGE, to="sari@keittio.example")
    answer = await mail(_mails(post), to)
    assert answer.verdict is Verdict.SENT
    arrived = message_from_string(post.received()[-1]["mail"], policy=default)
    body = arrived.get_content()
    assert (arrived["To"], arrived["Subject"]) == ("sari@keittio.example", MESSAGE.subject)
    assert (arrived["Message-ID"], arrived["Content-Language"]) == (
        "<0190-abc@example.org>",
        "fi",
    )
    assert body.strip() == MESSAGE.text


@pytest.mark.parametrize(
    ("mode", "verdict"),
    [("451", Verdict.LATER), ("550", Verdict.NEVER), ("421", Verdict.REFUSED)],
)
async def test_what_the_mail_server_says_is_understood(
    post: Outside, mode: str, verdict: Verdict
) -> None:
    post.mode(mode)
    answer = await mail(_mails(post), replace(MESSAGE, to="sari@keittio.example"))
    assert answer.verdict is verdict


async def test_a_mail_server_that_is_not_there_has_taken_nothing() -> None:
    nowhere = MailServer("127.0.0.1", servers.free_port(), "jobcenter@example.org", patience=1)
    assert (await mail(nowhere, MESSAGE)).verdict is Verdict.REFUSED


async def test_a_mail_server_that_falls_silent_leaves_it_unknown(post: Outside) -> None:
    post.mode("lost")
    server = replace(_mails(post), patience=0.5)
    assert (await mail(server, replace(MESSAGE, to="a@example.org"))).verdict is Verdict.UNKNOWN
