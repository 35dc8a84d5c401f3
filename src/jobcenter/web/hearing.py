"""What the unit hears of its gigs: reports to see to, and feedback, which coaches read first."""

from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody

from jobcenter.orders import feedback, incidents
from jobcenter.orders.queries import reports
from jobcenter.people import closing
from jobcenter.web.asking import MAY_KNOW, Asking, needs
from jobcenter.web.pages import page, see

Sent = URLEncodedBody[dict[str, str]]
LONGEST = 4000


@post("/board/gigs/{gig_id:uuid}/incidents/{incident_id:uuid}", guards=[MAY_KNOW])
async def handle(
    asking: NamedDependency[Asking],
    gig_id: FromPath[UUID],
    incident_id: FromPath[UUID],
    data: Sent,
) -> Response[str]:
    """Write down what was done about a report."""
    await asking.act(
        incidents.handle,
        gig_id=gig_id,
        incident_id=incident_id,
        outcome=data.get("outcome", "")[:LONGEST],
        now=asking.now,
    )
    return see(f"/board/gigs/{gig_id}", note="handled")


@get("/feedback", guards=[needs("coach", "lead")])
async def show(asking: NamedDependency[Asking], note: FromQuery[str] = "") -> Response[str]:
    """Show what waits to be read."""
    people = await asking.read(reports.whose_wait)
    await asking.look(people, what="name, feedback", purpose="feedback after gigs")
    return page(
        asking,
        "coach/feedback.html",
        waiting=await asking.read(reports.waiting, seen=people),
        people=await asking.read(closing.contacts, people),
        note=note,
        strong=await asking.strengths(),
    )


@post("/feedback/{gig_id:uuid}/{told_from:str}", guards=[needs("coach", "lead")])
async def read(
    asking: NamedDependency[Asking],
    gig_id: FromPath[UUID],
    told_from: FromPath[str],
    data: Sent,
) -> Response[str]:
    """Note that it was read, and pass it on to the worker where the coach says so."""
    pass_on = data.get("pass_on") == "1"
    await asking.act(
        feedback.read, gig_id=gig_id, told_from=told_from, pass_on=pass_on, now=asking.now
    )
    return see("/feedback", note="passed" if pass_on else "read")


router = Router("/", route_handlers=[handle, show, read])
