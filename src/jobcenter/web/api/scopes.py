"""What a program's token must be for: each route of the API names one scope."""

from litestar.handlers import BaseRouteHandler

from jobcenter.errors import NotAllowed
from jobcenter.people.programs import SCOPES
from jobcenter.web.asking import Connection, asking_of, needs

SCOPE = "scope"
"""The `opt` key of a route that names its scope."""
of_work = needs("order", "assign", "coach")
"""The API is for those who have to do with orders and gigs, whatever a token is for."""


def has_scope(connection: Connection, handler: BaseRouteHandler) -> None:
    """Refuse a token that is not for this; a route that names no scope is for nobody."""
    wanted = handler.opt.get(SCOPE)
    asking = asking_of(connection.scope)
    if asking is None or wanted not in asking.scopes or wanted not in SCOPES:
        raise NotAllowed("This token is not for that. It needs the scope {scope}.", scope=wanted)
