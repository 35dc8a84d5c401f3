"""What the API takes in before anything is made of it: JSON, not too deep, nothing unasked."""

import re
from http import HTTPStatus

from litestar import Request
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler

from jobcenter.errors import Fault, Invalid
from jobcenter.web.asking import QUERY, Connection

JSON = "application/json"
DEEPEST = 32
_BRACKETS = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[\]{}]', re.DOTALL)


def json_only(connection: Connection, _: BaseRouteHandler) -> None:
    """Refuse a body that does not say it is JSON: a foreign form could send any other kind."""
    length = connection.headers.get("content-length", "0")
    if length == "0" and "transfer-encoding" not in connection.headers:
        return
    kind = connection.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != JSON or connection.headers.get("content-encoding", "identity") != "identity":
        raise HTTPException(status_code=HTTPStatus.UNSUPPORTED_MEDIA_TYPE)


async def not_too_deep(connection: Connection, _: BaseRouteHandler) -> None:
    """Refuse a body that is nested deeper than anything of ours."""
    if not isinstance(connection, Request):
        return
    depth = 0
    for found in _BRACKETS.finditer(await connection.body()):
        depth += {b"[": 1, b"{": 1, b"]": -1, b"}": -1}.get(found[0], 0)
        if depth > DEEPEST:
            raise HTTPException(status_code=HTTPStatus.BAD_REQUEST)


def known_questions(connection: Connection, handler: BaseRouteHandler) -> None:
    """Refuse what a route does not ask for: a wish that is not heard should not seem granted."""
    unknown = set(connection.query_params) - set(handler.opt.get(QUERY, ()))
    if unknown:
        raise Invalid(
            *(Fault(name, "unknown_field", "We do not know this.") for name in sorted(unknown))
        )
