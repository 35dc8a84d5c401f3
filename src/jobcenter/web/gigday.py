"""One gig on its day, for its unit: here and done for the client, lost visits, hours put right."""

from collections.abc import Awaitable
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody

from jobcenter.errors import Conflict, Fault, Invalid, JobcenterError
from jobcenter.orders import calling_off, missing, still_fine, working
from jobcenter.orders.gigs import Via
from jobcenter.orders.queries import gigday, reports
from jobcenter.people import closing
from jobcenter.support import label
from jobcenter.web.asking import MAY_KNOW, Asking, needs
from jobcenter.web.pages import page, see

Sent = URLEncodedBody[dict[str, str]]
HOURS = 3
# What the page shows of the client, as the use log keeps it.
WHOLE_DAY = "name, phone, support, reports, feedback"


@get("/board/gigs/{gig_id:uuid}", guards=[MAY_KNOW])
async def show(
    asking: NamedDependency[Asking], gig_id: FromPath[UUID], note: FromQuery[str] = ""
) -> Response[str]:
    """Show the gig's day."""
    return await _day(asking, gig_id, note=note)


async def _day(
    asking: Asking, gig_id: UUID, *, note: str = "", trouble: JobcenterError | None = None
) -> Response[str]:
    # Also after a refused form: the language switcher leads back to the day.
    asking.path = f"/board/gigs/{gig_id}"
    client_id = await asking.read(gigday.client_of, gig_id=gig_id)
    await asking.look([client_id], what=WHOLE_DAY, purpose=f"gig {gig_id}")
    day = await asking.read(gigday.gig_day, gig_id=gig_id, now=asking.now)
    people = await asking.read(closing.contacts, [client_id])
    return page(
        asking,
        "unit/gig.html",
        status=trouble.status if trouble else 200,
        day=day,
        person=people.get(client_id),
        incidents=await asking.read(reports.incidents_of, gig_id=gig_id),
        insured=await asking.read(reports.insured, order_id=day.order.id),
        opinions=await asking.read(reports.opinions_of, gig_id=gig_id),
        strong=await asking.strengths(),
        note=note,
        troubles=_sentences(asking, trouble) if trouble else [],
        label=label,
        today=asking.today,
    )


def _sentences(asking: Asking, trouble: JobcenterError) -> list[str]:
    if isinstance(trouble, Invalid):
        return [asking.say(fault.sentence, **fault.values) for fault in trouble.faults]
    return [asking.say(trouble.sentence, **trouble.values)]


async def _tried(asking: Asking, gig_id: UUID, step: Awaitable[object], note: str) -> Response[str]:
    """Take a step and go back to the day; what is refused is told there."""
    try:
        await step
    except (Conflict, Invalid) as trouble:
        return await _day(asking, gig_id, trouble=trouble)
    return see(f"/board/gigs/{gig_id}", note=note)


@post("/board/gigs/{gig_id:uuid}/here", guards=[MAY_KNOW])
async def here(asking: NamedDependency[Asking], gig_id: FromPath[UUID]) -> Response[str]:
    """Note for the client that they came."""
    step = asking.act(working.check_in, gig_id=gig_id, now=asking.now)
    return await _tried(asking, gig_id, step, "here")


@post("/board/gigs/{gig_id:uuid}/fine", guards=[MAY_KNOW])
async def fine(asking: NamedDependency[Asking], gig_id: FromPath[UUID]) -> Response[str]:
    """Note that the client told by phone that it is still fine."""
    step = asking.act(still_fine.confirm, gig_id=gig_id, via=Via.PHONE, now=asking.now)
    return await _tried(asking, gig_id, step, "fine")


@post("/board/gigs/{gig_id:uuid}/done", guards=[MAY_KNOW])
async def done(asking: NamedDependency[Asking], gig_id: FromPath[UUID]) -> Response[str]:
    """Note for the client that the work is done."""
    step = asking.act(working.check_out, gig_id=gig_id, now=asking.now)
    return await _tried(asking, gig_id, step, "done")


@post("/board/gigs/{gig_id:uuid}/missed", guards=[needs("assign")])
async def missed(
    asking: NamedDependency[Asking], gig_id: FromPath[UUID], data: Sent
) -> Response[str]:
    """Note that nobody came, with a neutral reason."""
    reason = data.get("reason", "")[:40]
    step = asking.act(working.no_show, gig_id=gig_id, reason=reason, now=asking.now)
    return await _tried(asking, gig_id, step, "missed")


@post("/board/gigs/{gig_id:uuid}/hours", guards=[MAY_KNOW])
async def hours(
    asking: NamedDependency[Asking], gig_id: FromPath[UUID], data: Sent
) -> Response[str]:
    """Put the told hours right, or approve them in an orderer's stead."""
    try:
        minutes = _minutes(data)
    except Invalid as trouble:
        return await _day(asking, gig_id, trouble=trouble)
    step = asking.act(
        working.see_to_hours,
        gig_id=gig_id,
        minutes=minutes,
        reason=data.get("reason", "")[:500],
        now=asking.now,
    )
    return await _tried(asking, gig_id, step, "hours")


def _minutes(data: dict[str, str]) -> int:
    text = data.get("minutes", "").strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= HOURS):
        raise Invalid(Fault("minutes", "not_a_number", "Please write a whole number, such as 2."))
    return int(text)


@post("/board/gigs/{gig_id:uuid}/flags/{flag_id:uuid}/book", guards=[MAY_KNOW])
async def book(
    asking: NamedDependency[Asking], gig_id: FromPath[UUID], flag_id: FromPath[UUID]
) -> Response[str]:
    """Find another coach for a lost visit."""
    step = asking.act(missing.book_again, flag_id=flag_id, now=asking.now)
    return await _tried(asking, gig_id, step, "booked")


@post("/board/gigs/{gig_id:uuid}/flags/{flag_id:uuid}/without", guards=[MAY_KNOW])
async def without(
    asking: NamedDependency[Asking],
    gig_id: FromPath[UUID],
    flag_id: FromPath[UUID],
    data: Sent,
) -> Response[str]:
    """Note that the client does without a lost visit, and what was agreed."""
    step = asking.act(
        missing.go_without,
        flag_id=flag_id,
        reason=data.get("reason", "")[:500],
        now=asking.now,
    )
    return await _tried(asking, gig_id, step, "without")


@post("/board/gigs/{gig_id:uuid}/off", guards=[MAY_KNOW])
async def off(asking: NamedDependency[Asking], gig_id: FromPath[UUID]) -> Response[str]:
    """Call the gig off because the unit cannot hold it."""
    step = asking.act(calling_off.call_off, gig_id=gig_id, now=asking.now)
    return await _tried(asking, gig_id, step, "off")


router = Router("/", route_handlers=[show, here, fine, done, missed, hours, book, without, off])
