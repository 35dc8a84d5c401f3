"""What a client says of an agreed gig behind its link: still fine, "I am here", "I am done"."""

from litestar import Response, Router, post
from litestar.di import NamedDependency, Provide
from litestar.params import URLEncodedBody

from jobcenter.orders import still_fine, working
from jobcenter.orders.gigs import Via
from jobcenter.web.client import Guest, give_guest
from jobcenter.web.pages import see


@post("/gig/fine")
async def still_coming(
    guest: NamedDependency[Guest], data: URLEncodedBody[dict[str, str]]
) -> Response[str]:
    """Say on the day before that it is still fine."""
    guest.same(data)
    await guest.asking.act(
        still_fine.confirm, gig_id=guest.gig_id, via=Via.LINK, now=guest.asking.now
    )
    return see("/gig")


@post("/gig/here")
async def check_in(
    guest: NamedDependency[Guest], data: URLEncodedBody[dict[str, str]]
) -> Response[str]:
    """Say "I am here"."""
    guest.same(data)
    await guest.asking.act(
        working.check_in,
        gig_id=guest.gig_id,
        now=guest.asking.now,
        said_at=working.phones_time(data.get("said_at", ""), data.get("sent_at", "")),
        code=data.get("code", ""),
    )
    return see("/gig")


@post("/gig/done")
async def check_out(
    guest: NamedDependency[Guest], data: URLEncodedBody[dict[str, str]]
) -> Response[str]:
    """Say "I am done"."""
    guest.same(data)
    await guest.asking.act(
        working.check_out,
        gig_id=guest.gig_id,
        now=guest.asking.now,
        said_at=working.phones_time(data.get("said_at", ""), data.get("sent_at", "")),
    )
    return see("/gig")


router = Router(
    "/",
    dependencies={"guest": Provide(give_guest)},
    route_handlers=[still_coming, check_in, check_out],
)
