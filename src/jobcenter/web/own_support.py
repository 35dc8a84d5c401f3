"""A client's own needs for support, and what a coach does about each; to be read only."""

from litestar import Response, Router, get
from litestar.di import NamedDependency, Provide

from jobcenter.orders.queries import own_support
from jobcenter.web.own import Owner, give_owner
from jobcenter.web.pages import page


@get("/my/support")
async def show(owner: NamedDependency[Owner]) -> Response[str]:
    """Show what this client needs support in, how much, and what is done about it."""
    asking = owner.asking
    await owner.look("own support")
    found = await asking.read(own_support.needs, client_id=owner.client_id)
    return page(asking, "own/support.html", needs=found, door=owner.door)


router = Router("/", dependencies={"owner": Provide(give_owner)}, route_handlers=[show])
