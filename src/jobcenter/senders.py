"""One function per way to a person: a text message by an HTTP gateway, a mail by SMTP.

They are given an address, a text and our own reference, and answer with a verdict; what follows
from it is `outgoing`'s to say.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

import aiosmtplib
import httpx
from httpx import Response

from jobcenter.outgoing import Answer, Verdict
from jobcenter.pacing import Paces

# The other side has this many seconds; afterwards nobody knows whether it took the message.
PATIENCE = 10.0
LONGEST_PROBLEM = 200
# What a gateway says when it is us, or itself, that is wrong, rather than this one message.
NOT_THE_MESSAGE = frozenset({401, 403, 404, 405, 407, 408, 425, 429})


@dataclass(frozen=True, slots=True)
class Message:
    """What goes out: to whom, in which words, and under which reference of ours."""

    to: str
    subject: str
    text: str
    language: str
    reference: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Gateway:
    """An SMS gateway: takes our JSON by POST, with a bearer token."""

    url: str
    token: str = ""
    sender: str = "Jobcenter"
    patience: float = PATIENCE
    per_minute: int = 0
    """How many messages it takes in a minute; 0 when it takes any number."""

    @property
    def paces(self) -> Paces:
        return {"sms": self.per_minute} if self.per_minute else {}


@dataclass(frozen=True, slots=True)
class MailServer:
    """An SMTP server, and the address our mail comes from."""

    host: str
    port: int
    sender: str
    patience: float = PATIENCE


Send = Callable[[Message], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Ways:
    """How to reach people; a test may hand in others."""

    sms: Send
    mail: Send


def ways(gateway: Gateway, server: MailServer) -> Ways:
    """Return both ways, ready to use."""

    async def by_sms(message: Message) -> Answer:
        return await sms(gateway, message)

    async def by_mail(message: Message) -> Answer:
        return await mail(server, message)

    return Ways(by_sms, by_mail)


async def sms(gateway: Gateway, message: Message) -> Answer:
    """Hand a text message to the gateway; our reference lets it drop a second copy."""
    body = {
        "to": message.to,
        "from": gateway.sender,
        "text": message.text,
        "reference": message.reference,
    }
    headers = {"idempotency-key": message.reference}
    if gateway.token:
        headers["authorization"] = f"Bearer {gateway.token}"
    try:
        async with asyncio.timeout(gateway.patience):
            answer = await _post(gateway, body, headers)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
        return Answer(Verdict.REFUSED, problem="no connection")
    except (httpx.TransportError, TimeoutError) as error:
        return Answer(Verdict.UNKNOWN, problem=type(error).__name__)
    return _of_gateway(answer)


async def _post(gateway: Gateway, body: Mapping[str, str], headers: Mapping[str, str]) -> Response:
    # Loading certificates takes longer than sending; an address inside the house needs none.
    checked = gateway.url.startswith("https:")
    patience = httpx.Timeout(gateway.patience, connect=gateway.patience / 2)
    async with httpx.AsyncClient(timeout=patience, verify=checked) as client:
        return await client.post(gateway.url, json=body, headers=headers)


def _of_gateway(answer: Response) -> Answer:
    if answer.is_server_error or answer.status_code in NOT_THE_MESSAGE:
        return Answer(Verdict.REFUSED, problem=f"status {answer.status_code}")
    if not answer.is_success:
        return Answer(Verdict.NEVER, problem=f"status {answer.status_code}")
    reference, problem = _read(answer)
    if problem is not None:
        return Answer(Verdict.LATER, problem=problem)
    return Answer(Verdict.SENT, reference=reference)


def _read(answer: Response) -> tuple[str | None, str | None]:
    """Return the gateway's reference and what it complains about: a 200 may carry an error."""
    try:
        body = answer.json()
    except ValueError:
        return None, "not JSON"
    if not isinstance(body, dict):
        return None, "not an object"
    problem = body.get("error") or body.get("errors")
    if problem or body.get("status") in {"error", "failed", "rejected"}:
        return None, str(problem or body.get("status"))[:LONGEST_PROBLEM]
    reference = body.get("id")
    return (str(reference) if reference is not None else None), None


async def mail(server: MailServer, message: Message) -> Answer:
    """Hand a mail to the server: a 4xx may pass another time, a 5xx never."""
    try:
        await aiosmtplib.send(
            _as_mail(server, message),
            hostname=server.host,
            port=server.port,
            timeout=server.patience,
            start_tls=None,
        )
    except (aiosmtplib.SMTPConnectError, aiosmtplib.SMTPConnectTimeoutError):
        return Answer(Verdict.REFUSED, problem="no connection")
    except aiosmtplib.SMTPRecipientsRefused as error:
        return _of_code(error.recipients[0].code)
    except aiosmtplib.SMTPResponseException as error:
        return _of_code(error.code)
    except (aiosmtplib.SMTPException, OSError) as error:
        return Answer(Verdict.UNKNOWN, problem=type(error).__name__)
    return Answer(Verdict.SENT, reference=message.reference)


def _of_code(code: int) -> Answer:
    if code == aiosmtplib.SMTPStatus.domain_unavailable:
        return Answer(Verdict.REFUSED, problem=f"code {code}")
    permanent = code >= aiosmtplib.SMTPStatus.unrecognized_command
    return Answer(Verdict.NEVER if permanent else Verdict.LATER, problem=f"code {code}")


def _as_mail(server: MailServer, message: Message) -> EmailMessage:
    made = EmailMessage()
    made["From"] = f"Jobcenter <{server.sender}>"
    made["To"] = message.to
    made["Subject"] = message.subject
    made["Date"] = format_datetime(message.at)
    made["Message-ID"] = f"<{message.reference}@{server.sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(message.text)
    made["Content-Language"] = message.language
    return made
