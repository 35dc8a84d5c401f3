"""The page behind the link in a client's text message: one gig, yes or no, and the day itself.

Opening uses nothing up; the token leaves the address at once. Everything works without scripts.
"""

from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, URLEncodedBody

from jobcenter import access
from jobcenter.errors import Conflict, LinkIsDead, NotFound
from jobcenter.orders import answering, todos
from jobcenter.orders.calendar import FeedVisit, feed
from jobcenter.orders.gigs import Via
from jobcenter.orders.queries import client as gigs
from jobcenter.orders.queries.client import GigPage, Opened
from jobcenter.people import sessions
from jobcenter.people.desk import Desk
from jobcenter.web.asking import YEAR_SECONDS, Asking, WebRequest
from jobcenter.web.limits import guessing
from jobcenter.web.pages import page, see
from jobcenter.web.vocabulary import BENEFIT_NAMES

AGAIN = "Please open the link in your text message again. Then you are back on your gig's page."
ANOTHER = "You have opened another gig meanwhile. Please look at it first."
ROUTE = "https://reittiopas.hsl.fi/reitti/POS/{place}::{lat:.5f},{lon:.5f}"
MAP = "https://www.openstreetmap.org/?mlat={lat:.5f}&mlon={lon:.5f}#map=17/{lat:.5f}/{lon:.5f}"


@dataclass(frozen=True, slots=True)
class Guest:
    """The client whose link was opened, and the gig that it opens."""

    asking: Asking
    gig_id: UUID

    def same(self, form: dict[str, str]) -> None:
        """Refuse an answer from a page that shows another gig than this browser now has open."""
        if form.get("gig") != str(self.gig_id):
            raise Conflict(ANOTHER)


async def give_guest(asking: NamedDependency[Asking]) -> Guest:
    """Hand a handler the client and their gig."""
    if asking.link_hash is None:
        raise LinkIsDead(AGAIN)
    opened = await asking.read(gigs.opened_by, token_hash=asking.link_hash, now=asking.now)
    if opened.gig_id is None:
        raise LinkIsDead(AGAIN)
    return Guest(asking.as_client(opened.client_id, opened.unit_id), opened.gig_id)


@get("/o/{token:str}")
async def arrive(
    request: WebRequest, asking: NamedDependency[Asking], token: FromPath[str]
) -> Response[str]:
    """Open a link: on to the gig, or ask first when somebody else is signed in on this browser."""
    opened = await _opened(asking, token)
    if await _is_somebody_else(asking, opened):
        return page(asking, "client/continue.html", token=token)
    return await _begin(request, asking, token, opened)


@post("/o/{token:str}")
async def change_over(
    request: WebRequest, asking: NamedDependency[Asking], token: FromPath[str]
) -> Response[str]:
    """Continue as the link's client; whoever was signed in on this browser no longer is."""
    opened = await _opened(asking, token)
    return await _begin(request, asking, token, opened)


async def _opened(asking: Asking, token: str) -> Opened:
    async with guessing(asking):
        return await asking.read(gigs.opened_by, token_hash=access.hash_of(token), now=asking.now)


async def _is_somebody_else(asking: Asking, opened: Opened) -> bool:
    if asking.signed_in:
        return True
    if asking.link_hash is None:
        return False
    try:
        before = await asking.read(gigs.opened_by, token_hash=asking.link_hash, now=asking.now)
    except (LinkIsDead, NotFound):
        return False
    return before.client_id != opened.client_id


async def _begin(request: WebRequest, asking: Asking, token: str, opened: Opened) -> Response[str]:
    fresh = access.new_token()
    await asking.act(
        sessions.begin_of_link,
        link_hash=access.hash_of(token),
        token_hash=access.hash_of(fresh),
        csrf=access.new_token(),
        now=asking.now,
    )
    asking.keep("session", fresh)
    if asking.config.cookie("language") not in request.cookies:
        asking.keep("language", opened.language, seconds=YEAR_SECONDS)
    return see(opened.path)


@get("/gig")
async def show(guest: NamedDependency[Guest]) -> Response[str]:
    """Show the gig as it is now."""
    shown = await _gig(guest)
    return page(
        guest.asking,
        "client/gig.html",
        shown=shown,
        called=await guest.asking.read(todos.called, gig_id=shown.gig.id),
        ways=_ways(shown, guest.asking.desk),
        benefit_names=BENEFIT_NAMES,
        # Only after the gig is there anything to choose.
        strong=await guest.asking.strengths(wanted=shown.state == "done"),
    )


async def _gig(guest: Guest) -> GigPage:
    client = [guest.asking.who.client_id]
    await guest.asking.look(client, what="own gig", purpose="own page")
    return await guest.asking.read(gigs.gig_page, gig_id=guest.gig_id, now=guest.asking.now)


def _ways(shown: GigPage, desk: Desk) -> dict[str, str]:
    """Return where the map and the route planner are, for the place of the gig."""
    place = quote(desk.address(shown.site.address))
    where = {"lat": shown.site.lat, "lon": shown.site.lon}
    return {"map_url": MAP.format(**where), "route_url": ROUTE.format(place=place, **where)}


@post("/gig/yes")
async def accept(
    guest: NamedDependency[Guest], data: URLEncodedBody[dict[str, str]]
) -> Response[str]:
    """Say yes."""
    guest.same(data)
    await guest.asking.act(
        answering.accept, gig_id=guest.gig_id, via=Via.LINK, now=guest.asking.now
    )
    return see("/gig")


@post("/gig/no")
async def decline(
    guest: NamedDependency[Guest], data: URLEncodedBody[dict[str, str]]
) -> Response[str]:
    """Say no; no reason is asked."""
    guest.same(data)
    await guest.asking.act(
        answering.decline, gig_id=guest.gig_id, via=Via.LINK, now=guest.asking.now
    )
    return see("/gig")


@post("/gig/cannot")
async def withdraw(
    guest: NamedDependency[Guest], data: URLEncodedBody[dict[str, str]]
) -> Response[str]:
    """Take a yes back; nobody is blamed."""
    guest.same(data)
    await guest.asking.act(
        answering.withdraw, gig_id=guest.gig_id, via=Via.LINK, now=guest.asking.now
    )
    return see("/gig")


@post("/gig/call")
async def call(
    guest: NamedDependency[Guest], data: URLEncodedBody[dict[str, str]]
) -> Response[str]:
    """Ask for a call."""
    guest.same(data)
    await guest.asking.act(todos.call_me, gig_id=guest.gig_id, now=guest.asking.now)
    # The word that we call is far down on a phone.
    return see("/gig#call")


@get("/gig/calendar.ics")
async def calendar(guest: NamedDependency[Guest]) -> Response[str]:
    """Give the gig as a file for the phone's calendar."""
    shown = await _gig(guest)
    entry = FeedVisit(
        id=shown.gig.id,
        sequence=shown.gig.version,
        start=shown.gig.start,
        end=shown.gig.end,
        place=f"{shown.site.address}, {shown.district}",
        changed_at=guest.asking.now,
        cancelled=shown.state in {"cancelled", "withdrawn", "declined", "gone"},
    )
    return Response(
        feed([entry], summary=guest.asking.say("Gig")),
        media_type="text/calendar; charset=utf-8",
        headers={"content-disposition": 'attachment; filename="gig.ics"'},
    )


router = Router(
    "/",
    dependencies={"guest": Provide(give_guest)},
    route_handlers=[
        arrive,
        change_over,
        show,
        accept,
        decline,
        withdraw,
        call,
        calendar,
    ],
)
