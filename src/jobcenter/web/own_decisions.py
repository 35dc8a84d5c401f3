"""A client's own decisions: which law, from when until when, which number."""

from litestar import Response, Router, get
from litestar.di import NamedDependency, Provide

from jobcenter.orders import ending
from jobcenter.reference.units import LEGAL_BASES
from jobcenter.web.own import Owner, give_owner
from jobcenter.web.pages import page


@get("/my/decisions")
async def show(owner: NamedDependency[Owner]) -> Response[str]:
    """Show the decisions on this client's services, with their days."""
    asking = owner.asking
    await owner.look("own decisions")
    found = await asking.read(ending.running, client_id=owner.client_id)
    return page(asking, "own/decisions.html", decisions=found, laws=LEGAL_BASES)


router = Router("/", dependencies={"owner": Provide(give_owner)}, route_handlers=[show])
