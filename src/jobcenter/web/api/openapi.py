"""The OpenAPI 3.1 document, made from the code, with an example call for every operation.

The examples are kept here as data; a test runs each of them against the real application.
"""

from collections.abc import Iterator
from http import HTTPStatus

from litestar import Request
from litestar.datastructures import State
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

from jobcenter.database import Json

# What any call may be refused with.
REFUSALS = (400, 401, 403, 404, 409, 413, 414, 415, 422, 429, 431, 503)
TEXT: Json = {"type": "string"}
FAULT: Json = {
    "type": "object",
    "required": ["field", "code"],
    "properties": {"field": TEXT, "code": TEXT},
}
OTHER_TASK: Json = {
    "type": "object",
    "required": ["order_id", "number", "task", "site", "start"],
    "properties": {
        "order_id": {"type": "string", "format": "uuid"},
        "number": {"type": "integer"},
        "task": TEXT,
        "site": TEXT,
        "start": {"type": "string", "format": "date-time"},
    },
}
PROBLEM: Json = {
    "type": "object",
    "description": "Why a call was refused (RFC 9457); nothing was changed.",
    "required": ["type", "title", "status", "detail", "errors", "request_id"],
    "properties": {
        "type": TEXT,
        "title": TEXT,
        "status": {"type": "integer"},
        "detail": TEXT,
        "errors": {"type": "array", "items": FAULT},
        "request_id": TEXT,
        "alternatives": {
            "type": "array",
            "items": OTHER_TASK,
            "description": "With place_is_taken when assigning: other tasks that suit the client.",
        },
    },
}


class Document(JsonRenderPlugin):
    """Gives the document out, with what a call may be refused with."""

    def render(
        self, request: Request[None, None, State], openapi_schema: dict[str, object]
    ) -> bytes:
        _part(_part(openapi_schema, "components"), "schemas")["Problem"] = PROBLEM
        for responses in _responses(openapi_schema):
            responses.update({str(status): _refusal(status) for status in REFUSALS})
        return super().render(request, openapi_schema)


def _part(document: dict[str, object], name: str) -> dict[str, object]:
    part = document.setdefault(name, {})
    assert isinstance(part, dict)
    return part


def _responses(document: dict[str, object]) -> Iterator[dict[str, object]]:
    for path in _part(document, "paths").values():
        for operation in path.values() if isinstance(path, dict) else ():
            yield _part(operation, "responses")


def _refusal(status: int) -> Json:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": HTTPStatus(status).phrase, "content": content}


CONFIG = OpenAPIConfig(
    title="Jobcenter",
    version="1",
    description=(
        "Orders, gigs, rounds and coach visits. Send a bearer token; bodies are JSON; errors are "
        "problem documents (RFC 9457). Times carry their offset; money is in cents."
    ),
    path="/schema",
    render_plugins=[Document(path="/openapi.json")],
    components=Components(security_schemes={"token": SecurityScheme(type="http", scheme="bearer")}),
    security=[{"token": []}],
    use_handler_docstrings=True,
)
