"""What programs may send, strictly: no unknown fields, no guessed types, no time without a zone."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StrictBool,
    StrictInt,
    StrictStr,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from jobcenter.errors import Invalid
from jobcenter.fields import is_text
from jobcenter.times import parse


def _moment(value: object) -> datetime:
    """Read an RFC 3339 time with its offset, or a wall time with [Europe/Helsinki]."""
    if not isinstance(value, str):
        raise PydanticCustomError("not_a_time", "Give the time as text.")
    try:
        return parse(value, field="start")
    except Invalid as error:
        fault = error.faults[0]
        raise PydanticCustomError(fault.code, "{sentence}", {"sentence": fault.sentence}) from None


def _identity(value: object) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        raise PydanticCustomError("not_an_id", "This is not an id.") from None


def _plain(text: str) -> str:
    if not is_text(text):
        raise PydanticCustomError("control_character", "Please leave out control characters.")
    return text


Moment = Annotated[
    AwareDatetime,
    PlainValidator(_moment),
    WithJsonSchema({"type": "string", "examples": ["2026-11-24T10:00:00+02:00"]}),
]
Words = Annotated[StrictStr, AfterValidator(_plain), Field(max_length=10_000)]
Demand = Annotated[StrictInt, Field(ge=0, le=3)]
Identity = Annotated[UUID, BeforeValidator(_identity)]


class Body(BaseModel):
    """A request body; whatever is not named in it is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class OrderBody(Body):
    """An order: what, when, where, how heavy, for how much, and whom to ask on the spot."""

    task_number: Annotated[StrictInt, Field(ge=1, le=10_000)]
    title: Words
    description: Words = ""
    starts: Annotated[list[Moment], Field(min_length=1, max_length=200)]
    minutes: StrictInt | None = None
    end: Moment | None = None
    timing: Literal["fixed", "starts", "window"] = "fixed"
    places: StrictInt = 1
    group_visit: StrictBool = False
    hourly_cents: StrictInt
    address: Words
    postcode: Words
    site_name: Words = ""
    entrance: Words = ""
    step_free: StrictBool = False
    demands: Annotated[list[Demand], Field(min_length=6, max_length=6)] | None = None
    outdoors: StrictBool | None = None
    qualifications: Annotated[list[Words], Field(max_length=20)] | None = None
    language: Words = ""
    contact_name: Words
    contact_phone: Words
    contact_email: Words
    cost_centre: Words = ""
    wear: Words = ""
    bring: Words = ""
    asks_for_shaping: StrictBool = False


class AssignBody(Body):
    """Whom to assign, to which place, from when; a ceiling is passed only with a reason."""

    client_id: Identity
    start: Moment
    place_no: Annotated[StrictInt, Field(ge=1, le=200)] = 1
    override_reason: Annotated[Words, Field(min_length=10)] | None = None


class CancelBody(Body):
    """Why an order is cancelled."""

    reason: Annotated[Words, Field(min_length=1, max_length=500)]


class AnswerBody(Body):
    """How the client's answer reached the person who writes it down."""

    via: Literal["phone", "face_to_face"] = "phone"
    reason: Annotated[Words, Field(max_length=500)] = ""


class HoursBody(Body):
    """The hours that are approved, in minutes; other than planned they need a reason."""

    minutes: Annotated[StrictInt, Field(ge=0, le=720)]
    reason: Annotated[Words, Field(max_length=500)] = ""


class RoundBody(Body):
    """Which round is asked for."""

    kind: Literal["whole"] = "whole"
