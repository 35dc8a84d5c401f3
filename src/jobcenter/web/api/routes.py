"""The API as one router: strict about what it reads, described by its own OpenAPI document."""

from http import HTTPStatus

from litestar import Router
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler

from jobcenter.errors import NotSignedIn
from jobcenter.web.api import gigs, orders, rounds
from jobcenter.web.asking import Connection, asking_of

JSON = "application/json"


def token_only(connection: Connection, _: BaseRouteHandler) -> None:
    """Let in only programs with a token: the API never looks at cookies."""
    asking = asking_of(connection.scope)
    if asking is None or not asking.signed_in:
        raise NotSignedIn


def json_only(connection: Connection, _: BaseRouteHandler) -> None:
    """Refuse a body that does not say it is JSON: a foreign form could send any other kind."""
    length = connection.headers.get("content-length", "0")
    if length == "0" and "transfer-encoding" not in connection.headers:
        return
    kind = connection.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != JSON or connection.headers.get("content-encoding", "identity") != "identity":
        raise HTTPException(status_code=HTTPStatus.UNSUPPORTED_MEDIA_TYPE)


router = Router(
    "/api",
    route_handlers=[orders.router, gigs.router, rounds.router],
    guards=[token_only, json_only],
    include_in_schema=True,
    tags=["api"],
)
