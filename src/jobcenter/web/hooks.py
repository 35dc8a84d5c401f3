"""What the SMS gateway tells us: clients' replies, and whether our messages arrived.

Each call is signed over its time and body (docs/api.md); the same message id acts once.
"""

import hmac
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Literal
from uuid import UUID

from litestar import Router, post
from litestar.di import NamedDependency
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from jobcenter import reports
from jobcenter.database import Who
from jobcenter.errors import Fault, Invalid, JobcenterError, NotFound, NotSignedIn
from jobcenter.fields import phone_of
from jobcenter.orders import answering, hearing, still_fine
from jobcenter.orders.gigs import Via
from jobcenter.orders.hearing import Heard
from jobcenter.orders.meanings import Meaning, Question, Step
from jobcenter.web.asking import Asking, WebRequest
from jobcenter.web.entrance import MACHINES
from jobcenter.web.limits import count_wrong_token

SIGNATURE = "jobcenter-signature"
# A signature older or newer than this is refused.
TOLERANCE = timedelta(minutes=5)
# Enough for any moment of ours.
DIGITS = 11
SERVER_FAULT = 500


class Told(BaseModel):
    """A call of the gateway: a client's reply, or what became of a message of ours."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str = Field(pattern=r"^[\x21-\x7e]{1,200}$")
    type: Literal["reply", "report"]
    sender: str = Field(default="", alias="from", max_length=40)
    text: str = Field(default="", max_length=2000)
    reference: UUID | None = None
    status: str = Field(default="", max_length=40)


@dataclass(frozen=True, slots=True)
class Message:
    """A text message from a phone."""

    id: str
    phone: str
    text: str


@post("/hooks/sms", status_code=200, opt={MACHINES: True})
async def take(request: WebRequest, asking: NamedDependency[Asking]) -> dict[str, str]:
    """Take a reply or a delivery report; a copy of one that came before changes nothing."""
    if not asking.config.sms_hook_secret:
        raise NotFound
    body = await request.body()
    given = request.headers.get(SIGNATURE, "")
    if not is_signed(asking.config.sms_hook_secret, given, body, now=asking.now):
        await count_wrong_token(asking)
        raise NotSignedIn("This call is not signed as it should be.")
    told = _read(body)
    if told.type == "report":
        await _report(asking, told)
    else:
        await receive(asking, Message(told.id, told.sender, told.text))
    return {"status": "ok"}


def signature(secret: str, body: bytes, *, at: datetime) -> str:
    """Return what a call with this body carries when it is made at that moment."""
    stamp = str(int(at.timestamp()))
    return f"t={stamp},v1={_digest(secret, stamp, body)}"


def _digest(secret: str, stamp: str, body: bytes) -> str:
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, sha256).hexdigest()


def is_signed(secret: str, given: str, body: bytes, *, now: datetime) -> bool:
    """Tell whether a call was signed with our secret, over this body, a moment ago."""
    parts = dict(part.strip().partition("=")[::2] for part in given.split(","))
    stamp, mark = parts.get("t", ""), parts.get("v1", "")
    right = hmac.compare_digest(_digest(secret, stamp, body).encode(), mark.encode())
    if not right or not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= DIGITS):
        return False
    return abs(now - datetime.fromtimestamp(int(stamp), UTC)) <= TOLERANCE


def _read(body: bytes) -> Told:
    try:
        return Told.model_validate(json.loads(body))
    except (ValueError, RecursionError) as error:
        fields = error.errors() if isinstance(error, ValidationError) else []
        names = [str(each["loc"][0]) for each in fields if each["loc"]] or ["body"]
        wrong = "This needs another look."
        raise Invalid(*(Fault(name, "invalid", wrong) for name in names)) from error


async def _report(asking: Asking, told: Told) -> None:
    """Note what became of a message; what is still on its way tells nothing."""
    if told.reference and told.status in {reports.DELIVERED, reports.FAILED}:
        await asking.database.act(
            _gateway(asking),
            reports.report,
            reference=told.reference,
            delivered=told.status == reports.DELIVERED,
            now=asking.now,
        )


async def receive(asking: Asking, message: Message) -> Step:
    """Hear a text message and do what follows from it; returns what that was."""
    gateway = _gateway(asking)
    text = message.text.replace("\x00", "")
    heard = await asking.database.act(
        gateway,
        hearing.hear,
        message_id=message.id,
        phone=phone_of(message.phone, "from", []) or message.phone,
        text=text,
        now=asking.now,
    )
    if heard.settled:
        return heard.step
    step = heard.step
    if step is Step.ANSWER and not await _answered(asking, heard):
        # A no that could not be taken may mean that nobody comes: a person must hear it.
        step = Step.TOO_LATE if heard.meaning is Meaning.YES else Step.CALL
    await asking.database.act(
        gateway, hearing.finish, heard=heard, step=step, now=asking.now, text=text
    )
    return step


async def _answered(asking: Asking, heard: Heard) -> bool:
    """Answer as the client would by their link; False when it cannot be any more."""
    if heard.client_id is None or heard.unit_id is None or heard.gig_id is None:
        return False
    client = replace(
        _gateway(asking), role="client", client_id=heard.client_id, unit_ids=(heard.unit_id,)
    )
    action = {
        (Question.OFFER, Meaning.YES): answering.accept,
        (Question.OFFER, Meaning.NO): answering.decline,
        (Question.STILL_FINE, Meaning.YES): still_fine.confirm,
        (Question.STILL_FINE, Meaning.NO): answering.withdraw,
    }[heard.question or Question.OFFER, heard.meaning]
    try:
        await asking.database.act(client, action, gig_id=heard.gig_id, via=Via.SMS, now=asking.now)
    except JobcenterError as refused:
        if refused.status >= SERVER_FAULT:
            raise
        return False
    return True


def _gateway(asking: Asking) -> Who:
    return Who(asking.config.organiser, "gateway", name="gateway", request_id=asking.request_id)


router = Router("/", route_handlers=[take])
