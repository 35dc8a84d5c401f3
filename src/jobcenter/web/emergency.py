"""Opening the record of another unit's client in an emergency, from a gig of theirs."""

from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody

from jobcenter.errors import Invalid
from jobcenter.orders.queries import caseload
from jobcenter.orders.strangers import open_in_emergency
from jobcenter.web.asking import Asking, fresh, needs
from jobcenter.web.pages import page, see

PURPOSE = "emergency"


@get("/board/gigs/{gig_id:uuid}/emergency")
async def ask(asking: NamedDependency[Asking], gig_id: FromPath[UUID]) -> Response[str]:
    """Say what opening this record means, and ask why."""
    await asking.read(caseload.taken, gig_id=gig_id)
    return page(asking, "unit/emergency.html", gig_id=gig_id, reason="", faults={})


@post("/board/gigs/{gig_id:uuid}/emergency", guards=[fresh()])
async def open_record(
    asking: NamedDependency[Asking],
    gig_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
) -> Response[str]:
    """Open the record for a few hours; the unit and the data-protection officer are told."""
    reason = data.get("reason", "")
    try:
        client_id = await asking.act(
            open_in_emergency, gig_id=gig_id, reason=reason, now=asking.now
        )
    except Invalid as invalid:
        faults = {fault.field: [fault] for fault in invalid.faults}
        return page(
            asking, "unit/emergency.html", status=422, gig_id=gig_id, reason=reason, faults=faults
        )
    return see(f"/board/clients/{client_id}?purpose={PURPOSE}")


router = Router("/", guards=[needs("assign")], route_handlers=[ask, open_record])
