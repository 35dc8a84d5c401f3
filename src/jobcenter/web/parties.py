"""The terms of use, and an ordering party as whoever plans sees it: who they are and accepted."""

from uuid import UUID

from litestar import Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from jobcenter.orders.queries import parties
from jobcenter.people import terms as terms_of_use
from jobcenter.web.asking import Asking, needs
from jobcenter.web.pages import page


@get("/board/parties/{party_id:uuid}", guards=[needs("assign")])
async def show(asking: NamedDependency[Asking], party_id: FromPath[UUID]) -> Response[str]:
    """Show one party."""
    asking.path = f"/board/parties/{party_id}"
    shown = await asking.read(parties.sheet, party_id=party_id, now=asking.now)
    return page(asking, "unit/party.html", sheet=shown)


@get("/terms")
async def terms(
    asking: NamedDependency[Asking], version: FromQuery[UUID | None] = None
) -> Response[str]:
    """Show the terms of use that hold, or a version that somebody accepted earlier."""
    found = await asking.as_visitor().read(terms_of_use.published, terms_id=version, now=asking.now)
    return page(asking, "orderer/terms_of_use.html", terms=found)


router = Router("/", route_handlers=[show, terms])
