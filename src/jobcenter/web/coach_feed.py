"""A coach's visits as a private calendar address: made anew on their page, read by programs."""

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from jobcenter import access
from jobcenter.errors import NotFound
from jobcenter.orders.calendar import feed
from jobcenter.orders.queries import feed as shown
from jobcenter.people.feeds import renew_feed
from jobcenter.web.asking import Asking, needs
from jobcenter.web.limits import guessing
from jobcenter.web.pages import page

FEED = "/coach/feed/"
CALENDAR = ".ics"


@post("/coach/feed", guards=[needs("coach")], status_code=200)
async def renew(asking: NamedDependency[Asking]) -> Response[str]:
    """Make a new feed address and show it this once; the former one is gone."""
    token = access.new_token()
    ends = await asking.act(renew_feed, feed_hash=access.hash_of(token), now=asking.now)
    address = f"{asking.config.base_url}{FEED}{token}{CALENDAR}"
    return page(asking, "coach/feed.html", address=address, ends=ends)


@get("/coach/feed/{file:str}")
async def subscribe(asking: NamedDependency[Asking], file: FromPath[str]) -> Response[str]:
    """Give a calendar program the visits behind a feed address: time, place and "Gig"."""
    if not file.endswith(CALENDAR):
        raise NotFound
    token_hash = access.hash_of(file.removesuffix(CALENDAR))
    async with guessing(asking):
        owner = await asking.as_visitor().read(shown.owner_of_feed, feed_hash=token_hash)
    coach = asking.as_feed(owner.unit_id)
    visits = await coach.read(shown.feed_of, coach_id=owner.coach_id, now=asking.now)
    return Response(
        feed(visits),
        media_type="text/calendar; charset=utf-8",
        headers={"cache-control": "private, no-store"},
    )


router = Router("/", route_handlers=[renew, subscribe])
