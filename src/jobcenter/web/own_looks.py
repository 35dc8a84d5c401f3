"""Who has looked at a client's page, in words, for the client; reading it is a look, too."""

from uuid import UUID

from litestar import Response, Router, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery

from jobcenter.orders.queries import looks
from jobcenter.web.own import Owner, give_owner
from jobcenter.web.pages import page
from jobcenter.web.personal import looked_at, why_looked


@get("/my/looks")
async def show(
    owner: NamedDependency[Owner],
    before: FromQuery[UUID | None] = None,
    own_too: FromQuery[bool] = False,
) -> Response[str]:
    """Show who has looked at this client's page; that it was read is written down, too."""
    asking = owner.asking
    await owner.look("own log")
    seen = await asking.read(looks.seen, client_id=owner.client_id, before=before, with_own=own_too)
    return page(
        asking,
        "own/looks.html",
        seen=seen,
        older=seen[-1].id if len(seen) == looks.A_PAGE else None,
        own_too=own_too,
        looked_at=looked_at,
        why_looked=why_looked,
    )


router = Router("/", dependencies={"owner": Provide(give_owner)}, route_handlers=[show])
