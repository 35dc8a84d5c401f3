"""The demo's inbox: takes text messages over HTTP and mail over SMTP, and shows them as they came.

Only where the configuration says so; elsewhere messages go to a city's own gateway and mail server.
"""

import asyncio
import hmac
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from urllib.parse import quote
from uuid import uuid4

from aiosmtpd.smtp import SMTP, Envelope, Session
from litestar import Litestar, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromHeader, FromQuery, JSONBody, URLEncodedBody
from litestar.types import ControllerRouterHandler

from jobcenter import inbox
from jobcenter.database import Database, Who
from jobcenter.errors import NotAllowed
from jobcenter.web import hooks
from jobcenter.web.asking import Asking, WebConfig
from jobcenter.web.entrance import MACHINES
from jobcenter.web.pages import page, see

LONGEST = 2000
# A mail that is larger than this is none of ours.
LARGEST_MAIL_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as it arrived, and when a real city would have let it go."""

    message: inbox.DemoMessage
    would_go_at: datetime | None


@post("/inbox/sms", status_code=200, opt={MACHINES: True})
async def take_sms(
    asking: NamedDependency[Asking],
    data: JSONBody[dict[str, str]],
    authorization: FromHeader[str] = "",
) -> dict[str, str]:
    """Take a text message as a gateway does; the same reference twice is one message."""
    token = asking.config.sms_token
    if token and not hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode()):
        raise NotAllowed
    if not data.get("to") or not data.get("text"):
        return {"status": "rejected", "error": "to and text are needed"}
    kept = await asking.database.act(
        _postman(asking.config),
        inbox.keep,
        way="sms",
        recipient=data["to"][:LONGEST],
        subject="",
        body=data["text"][:LONGEST],
        reference=data.get("reference", "")[:LONGEST] or asking.request_id,
        now=asking.now,
    )
    return {"id": str(kept)}


@get("/inbox")
async def show(asking: NamedDependency[Asking], to: FromQuery[str | None] = None) -> Response[str]:
    """Show the newest messages, of everybody or of one recipient."""
    postman = _postman(asking.config)
    messages = await asking.database.read(postman, inbox.newest, recipient=to)
    everybody = await asking.database.read(postman, inbox.recipients)
    shown = [Shown(one, inbox.would_go_at(one)) for one in messages]
    return page(asking, "inbox/messages.html", shown=shown, to=to, everybody=everybody)


@post("/inbox/reply")
async def reply(
    asking: NamedDependency[Asking], data: URLEncodedBody[dict[str, str]]
) -> Response[str]:
    """Answer from a phone of the demo, as if the gateway had brought the message."""
    sender, text = data.get("to", "")[:LONGEST], data.get("text", "")[:LONGEST]
    await hooks.receive(asking, hooks.Message(uuid4().hex, sender, text))
    return see(f"/inbox?to={quote(sender)}")


def _postman(config: WebConfig) -> Who:
    return Who(config.organiser, "inbox", name="inbox")


_router = Router("/", route_handlers=[take_sms, show, reply])


def routes(config: WebConfig) -> list[ControllerRouterHandler]:
    """Return where a gateway calls, and the inbox's pages where there is one."""
    return [hooks.router, *([_router] if config.inbox else [])]


class Mailbox:
    """What the mail server does with a mail: keeps it, once."""

    def __init__(
        self, database: Database, config: WebConfig, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._postman = _postman(config)
        self._clock = clock

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Keep a mail for its first recipient."""
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        mail = message_from_bytes(raw, policy=default)
        await self._database.act(
            self._postman,
            inbox.keep,
            way="mail",
            recipient=str(envelope.rcpt_tos[0]),
            subject=str(mail["Subject"] or ""),
            body=_text_of(mail),
            reference=str(mail["Message-ID"] or self._clock().isoformat()),
            now=self._clock(),
        )
        return "250 kept"


def _text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return str(body.get_content()).strip() if body else ""


Lifespan = Callable[[Litestar], AbstractAsyncContextManager[None]]


def mail_server(
    database: Database, config: WebConfig, clock: Callable[[], datetime]
) -> list[Lifespan]:
    """Return what takes mail in for as long as the application runs, where there is an inbox."""

    @asynccontextmanager
    async def taking(_app: Litestar) -> AsyncIterator[None]:
        mailbox = Mailbox(database, config, clock)
        server = await asyncio.get_running_loop().create_server(
            lambda: SMTP(mailbox, hostname="inbox", data_size_limit=LARGEST_MAIL_BYTES),
            "127.0.0.1",
            config.mail_port,
        )
        try:
            yield
        finally:
            server.close()

    return [taking] if config.inbox and config.mail_port else []
