"""The API as one router: strict about what it reads, described by its own OpenAPI document."""

from litestar import Router
from litestar.handlers import BaseRouteHandler

from jobcenter.errors import NotSignedIn
from jobcenter.web.api import gigs, orders, reading, rounds
from jobcenter.web.api.scopes import has_scope, of_work
from jobcenter.web.asking import Connection, asking_of


def token_only(connection: Connection, _: BaseRouteHandler) -> None:
    """Let in only programs with a token: the API never looks at cookies."""
    asking = asking_of(connection.scope)
    if asking is None or not asking.signed_in:
        raise NotSignedIn


router = Router(
    "/api",
    route_handlers=[orders.router, gigs.router, rounds.router],
    guards=[
        token_only,
        has_scope,
        of_work,
        reading.json_only,
        reading.known_questions,
        reading.not_too_deep,
    ],
    include_in_schema=True,
    tags=["api"],
)
