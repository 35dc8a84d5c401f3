"""Signing in by a one-time link, signing out, and choosing a language."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated
from urllib.parse import quote, unquote
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter, URLEncodedBody
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter import access, notices
from jobcenter.database import Who
from jobcenter.errors import NotFound
from jobcenter.orders import drafts
from jobcenter.people import sessions
from jobcenter.texts import LANGUAGES
from jobcenter.web.asking import YEAR_SECONDS, Asking, WebRequest
from jobcenter.web.limits import guessing, refuse_haste
from jobcenter.web.pages import BACK_SECONDS, own_path, page, see

LONGEST_ADDRESS = 254
NEW_ORDER = "/orders/new"


def link_token(secret: str, user_id: UUID, expires_at: datetime) -> str:
    """Return the token of a sign-in link: the message that carries it is built from the same."""
    return access.derived_token(secret, f"signin:{expires_at.isoformat()}", user_id)


def minter(secret: str) -> Callable[[UUID, datetime], bytes]:
    """Return what makes the hash that is kept of a sign-in link."""
    return lambda user_id, expires_at: access.hash_of(link_token(secret, user_id, expires_at))


async def send_link(session: AsyncSession, *, email: str, secret: str, now: datetime) -> None:
    """Make a sign-in link and have it mailed; an address we do not know gets nothing (action)."""
    offered = await sessions.offer(session, email=email, mint=minter(secret), now=now)
    if offered:
        version = int(offered.expires_at.timestamp())
        await notices.tell(
            session, kind="signin", user_id=offered.user_id, way="mail", version=version, now=now
        )


HOMES = (
    ("assign", "/board"),
    ("coach", "/coach"),
    ("order", "/orders"),
    ("read_log", "/audit"),
    ("organise", "/users"),
    ("settle", "/accounts"),
    # Whoever else has no page of their own begins with what is due.
    ("override_ceiling", "/benefits"),
    ("see_clients", "/due"),
    ("lead", "/due"),
)


def home_of(who: Who) -> str:
    """Return where somebody's work begins; a newcomer's, at the order they came to send."""
    if who.may("order") and who.party_id is None:
        return NEW_ORDER
    for right, path in HOMES:
        if who.may(right):
            return path
    return "/"


@get("/signin")
async def ask(
    asking: NamedDependency[Asking],
    again: FromQuery[bool] = False,
    back: Annotated[str, QueryParameter(name="next")] = "",
) -> Response[str]:
    """Ask for an address; whoever is signed in already goes on to their work.

    With `again`, they are asked to show once more who they are; `next` is where they go then.
    """
    back = own_path(back, otherwise="")
    if asking.signed_in and not again:
        return see(back or home_of(asking.who))
    if back:
        asking.keep("back", quote(back, safe=""), seconds=BACK_SECONDS)
    return page(asking, "signin/ask.html", sent=False, again=again and asking.signed_in)


@post("/signin", status_code=200)
async def send(
    asking: NamedDependency[Asking], data: URLEncodedBody[dict[str, str]]
) -> Response[str]:
    """Send a link; answer and time are the same whether we know the address or not."""
    email = data.get("email", "").strip()[:LONGEST_ADDRESS]
    if "@" not in email:
        return page(asking, "signin/ask.html", sent=False, again=False, missing=True)
    await refuse_haste(asking, name=email)
    answer = page(asking, "signin/ask.html", sent=True)
    # After the answer has left: how long it takes tells nobody whether there is such a person.
    answer.background = BackgroundTask(
        asking.act, send_link, email=email, secret=asking.config.secret, now=asking.now
    )
    return answer


@get("/signin/{token:str}")
async def greet(asking: NamedDependency[Asking], token: FromPath[str]) -> Response[str]:
    """Show whose link this is; a preview of it uses nothing up."""
    async with guessing(asking):
        name = await asking.read(
            sessions.owner_of_link, token_hash=access.hash_of(token), now=asking.now
        )
    return page(asking, "signin/continue.html", name=name, token=token)


@post("/signin/{token:str}")
async def enter(
    request: WebRequest, asking: NamedDependency[Asking], token: FromPath[str]
) -> Response[str]:
    """Use the link up and begin a session under a fresh token."""
    fresh = access.new_token()
    async with guessing(asking):
        who = await asking.act(
            sessions.use_link,
            link_hash=access.hash_of(token),
            token_hash=access.hash_of(fresh),
            csrf=access.new_token(),
            device=asking.device,
            now=asking.now,
        )
    path = await come_in(request, asking, fresh, who)
    # The link of an order that waits leads to it, whatever was opened on this browser before.
    waits = await asking.database.read(
        who,
        drafts.waits_to_be_sent,
        owner=f"user:{who.actor_id}",
        since=asking.now - sessions.LINK_LASTS,
    )
    return see(NEW_ORDER if waits else path)


async def come_in(request: WebRequest, asking: Asking, token: str, who: Who) -> str:
    """End what was open on this browser, give it the new session, and tell where to go on."""
    await _end(asking)
    asking.keep_session(token, who)
    back = own_path(unquote(request.cookies.get(asking.config.cookie("back"), "")), otherwise="")
    if back:
        asking.drop("back")
    return back or home_of(who)


@post("/signout")
async def leave(asking: NamedDependency[Asking]) -> Response[str]:
    """End the session of this browser."""
    await _end(asking)
    asking.drop("session")
    return see("/")


async def _end(asking: Asking) -> None:
    if asking.session_hash:
        await asking.act(sessions.end, token_hash=asking.session_hash, now=asking.now)


@get("/language/{code:str}")
async def speak(
    asking: NamedDependency[Asking], code: FromPath[str], back: FromQuery[str] = "/"
) -> Response[str]:
    """Remember a language on this browser and go back to the page."""
    if code not in LANGUAGES:
        raise NotFound
    asking.keep("language", code, seconds=YEAR_SECONDS)
    return see(own_path(back))


router = Router("/", route_handlers=[ask, send, greet, enter, leave, speak])
