"""Gigs for programs: read, answer for the client, and the day itself."""

from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from jobcenter.orders import answering, working
from jobcenter.orders.gigs import Via
from jobcenter.orders.queries import api
from jobcenter.web.api.bodies import AnswerBody, HoursBody
from jobcenter.web.api.looking import look_first
from jobcenter.web.asking import Asking, needs

GigId = FromPath[UUID]


@get("/gigs/{gig_id:uuid}", scope="gigs:read")
async def show(asking: NamedDependency[Asking], gig_id: GigId) -> api.GigLine:
    """Return a gig to its unit's staff or, once there is a yes, to its orderer."""
    await look_first(asking, gig_id=gig_id)
    return await asking.read(api.gig, gig_id=gig_id)


@post("/gigs/{gig_id:uuid}/accept", status_code=200, guards=[needs("assign")], scope="gigs:write")
async def accept(
    asking: NamedDependency[Asking], gig_id: GigId, data: JSONBody[AnswerBody]
) -> api.GigLine:
    """Write down the client's yes, as told by phone or face to face."""
    await look_first(asking, gig_id=gig_id)
    await asking.act(answering.accept, gig_id=gig_id, via=Via(data.via), now=asking.now)
    return await asking.read(api.gig, gig_id=gig_id)


@post("/gigs/{gig_id:uuid}/decline", status_code=200, guards=[needs("assign")], scope="gigs:write")
async def decline(
    asking: NamedDependency[Asking], gig_id: GigId, data: JSONBody[AnswerBody]
) -> api.GigLine:
    """Write down the client's no, as told by phone or face to face."""
    await look_first(asking, gig_id=gig_id)
    await asking.act(answering.decline, gig_id=gig_id, via=Via(data.via), now=asking.now)
    return await asking.read(api.gig, gig_id=gig_id)


@post("/gigs/{gig_id:uuid}/withdraw", status_code=200, guards=[needs("assign")], scope="gigs:write")
async def withdraw(
    asking: NamedDependency[Asking], gig_id: GigId, data: JSONBody[AnswerBody]
) -> api.GigLine:
    """Write down that the client cannot come after all, or take an offer back."""
    await look_first(asking, gig_id=gig_id)
    await asking.act(
        answering.withdraw, gig_id=gig_id, via=Via(data.via), now=asking.now, reason=data.reason
    )
    return await asking.read(api.gig, gig_id=gig_id)


@post("/gigs/{gig_id:uuid}/check-in", status_code=200, scope="gigs:write")
async def check_in(asking: NamedDependency[Asking], gig_id: GigId) -> api.GigLine:
    """Note that the client is there."""
    await look_first(asking, gig_id=gig_id)
    await asking.act(working.check_in, gig_id=gig_id, now=asking.now)
    return await asking.read(api.gig, gig_id=gig_id)


@post("/gigs/{gig_id:uuid}/check-out", status_code=200, scope="gigs:write")
async def check_out(asking: NamedDependency[Asking], gig_id: GigId) -> api.GigLine:
    """Note that the work is done."""
    await look_first(asking, gig_id=gig_id)
    await asking.act(working.check_out, gig_id=gig_id, now=asking.now)
    return await asking.read(api.gig, gig_id=gig_id)


@post("/gigs/{gig_id:uuid}/approve", status_code=200, scope="gigs:write")
async def approve(
    asking: NamedDependency[Asking], gig_id: GigId, data: JSONBody[HoursBody]
) -> api.GigLine:
    """Approve the hours, as planned or corrected with a reason."""
    await look_first(asking, gig_id=gig_id)
    await asking.act(
        working.approve, gig_id=gig_id, minutes=data.minutes, reason=data.reason, now=asking.now
    )
    return await asking.read(api.gig, gig_id=gig_id)


router = Router("/", route_handlers=[show, accept, decline, withdraw, check_in, check_out, approve])
