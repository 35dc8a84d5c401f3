"""What happens before a page is asked and before an answer leaves: sessions, forgery, headers.

One middleware finds out who is asking; one guard checks that a form is ours; one hook sets the
headers and cookies of every answer, also of those that no handler gave.
"""

import hmac
import logging
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlsplit
from uuid import uuid4

from litestar import Request
from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from jobcenter import access
from jobcenter.database import Database, Who
from jobcenter.errors import Invalid, NotAllowed, NotSignedIn
from jobcenter.fields import is_text, unreadable
from jobcenter.people import sessions
from jobcenter.texts import DEFAULT, LANGUAGES
from jobcenter.web.asking import (
    TELLS_AT_FIELDS,
    Asking,
    Connection,
    WebConfig,
    WebRequest,
    asking_of,
)
from jobcenter.web.devices import device_of
from jobcenter.web.limits import admitted, count_wrong_token
from jobcenter.web.protocol import check_head, check_letters, noticing
from jobcenter.web.reception import last_known, newest

LOG = logging.getLogger("jobcenter.web")

FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
OUR_SITE = {"same-origin", "none"}
SAFE = {"GET", "HEAD", "OPTIONS"}
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,100}", re.ASCII)
MACHINES = "for_machines"
"""The `opt` key of a route that machines call with a token of their own: no cookie, no form."""

HEADERS = {
    "content-security-policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


class Entrance(ASGIMiddleware):
    """Finds out who is asking before any handler runs."""

    scopes = (ScopeType.HTTP,)
    exclude_opt_key = "for_everyone"

    def __init__(
        self, *, database: Database, config: WebConfig, clock: Callable[[], datetime]
    ) -> None:
        self.database = database
        self.config = config
        self.clock = clock

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Put an `Asking` where handlers and the error page find it."""
        check_head(scope)
        request = WebRequest(scope)
        asking = Asking(
            who=Who(self.config.organiser, "visitor"),
            database=self.database,
            config=self.config,
            now=self.clock(),
            request_id=request_id(scope),
            path=request.url.path,
            cookies=[],
            desk=last_known(self.database, self.config),
            address=request.client.host if request.client else "",
            device=device_of(request.headers.get("user-agent", "")),
            language=language_of(request, self.config),
            visitor=_plausible(request.cookies.get(self.config.cookie("visitor"))),
        )
        scope["state"]["asking"] = asking
        check_letters(scope)
        if request.url.path.startswith("/api/"):
            await _by_token(request, asking)
        else:
            await _by_cookie(request, asking)
            asking.desk = await newest(asking)
        # Names of tasks and places come in the language of the page.
        asking.who = replace(
            asking.who, language=asking.language, at=asking.now, request_id=look_id(scope),
            visitor=access.hash_of(asking.visitor).hex() if asking.visitor else "",
        )  # fmt: skip
        await next_app(scope, noticing(scope, receive), send)


async def _by_cookie(request: WebRequest, asking: Asking) -> None:
    token = _plausible(request.cookies.get(asking.config.cookie("session")))
    if not token:
        return
    token_hash = access.hash_of(token)
    signed = await asking.read(sessions.find, token_hash=token_hash, now=asking.now)
    if signed is None:
        asking.drop("session")
        asking.is_over = True
        return
    asking.signed, asking.who, asking.session_hash = signed, signed.who, token_hash
    if signed.who.actor_id and not _chosen(request, asking.config):
        asking.language = signed.who.language
    if signed.stale:
        await asking.act(sessions.seen, token_hash=token_hash, now=asking.now)
    if signed.moved:
        await _rotate(asking, signed.who, token_hash)


async def _rotate(asking: Asking, who: Who, token_hash: bytes) -> None:
    """Give the browser a fresh token: whoever has got hold of the former one gains no new role."""
    token = access.new_token()
    rotated = await asking.act(
        sessions.rotate,
        token_hash=token_hash,
        fresh_hash=access.hash_of(token),
        standing=sessions.standing_of(who),
        now=asking.now,
    )
    if rotated:
        asking.session_hash = access.hash_of(token)
        asking.keep_session(token, who)


async def _by_token(request: WebRequest, asking: Asking) -> None:
    """Let a machine in by its bearer token; the API never looks at cookies."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return
    token_hash = access.hash_of(token.strip())
    program = await admitted(asking, token_hash)
    if program is None:
        await count_wrong_token(asking)
        raise NotSignedIn("This token does not hold, or holds no more.")
    asking.who, asking.scopes = program.who, program.scopes


def _plausible(token: str | None) -> str:
    return token if token and _TOKEN.fullmatch(token) else ""


def _chosen(request: WebRequest, config: WebConfig) -> str | None:
    chosen = request.cookies.get(config.cookie("language"))
    return chosen if chosen in LANGUAGES else None


def language_of(request: WebRequest, config: WebConfig) -> str:
    """Return the language chosen on this browser, else the first it accepts that we speak."""
    if chosen := _chosen(request, config):
        return chosen
    for part in request.headers.get("accept-language", "").split(",")[:20]:
        short = part.partition(";")[0].strip().lower()[:2]
        if short in LANGUAGES:
            return short
    return DEFAULT


def request_id(scope: Scope) -> str:
    """Return the id of this request: the caller's when it is a plain word, else a new one."""
    state = scope.setdefault("state", {})
    if "request_id" not in state:
        given = _named(scope)
        state["request_id"] = given if _REQUEST_ID.fullmatch(given) else uuid4().hex
    return str(state["request_id"])


def look_id(scope: Scope) -> str:
    """Return the id under which this request's looks are kept: a caller cannot name an old one."""
    shown = request_id(scope)
    return f"{shown}.{uuid4().hex}" if shown == _named(scope) else shown


def _named(scope: Scope) -> str:
    """Return what a caller calls the request, if anything."""
    return dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")


async def refuse_forgery(connection: Connection, handler: BaseRouteHandler) -> None:
    """Refuse a write that came from no form of ours, or cannot be read (guard on every route)."""
    asking = asking_of(connection.scope)
    if asking is None or not isinstance(connection, Request) or connection.method in SAFE:
        return
    if handler.opt.get(MACHINES) or asking.path.startswith("/api/"):
        return
    if not _came_from_us(connection):
        raise NotAllowed("This form did not come from our page. Open the page and try again.")
    if not _is_form(connection):
        raise HTTPException(status_code=HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    given = connection.headers.get("x-csrf-token") or (await connection.form()).get("csrf")
    if not isinstance(given, str) or not hmac.compare_digest(
        given.encode(errors="replace"), asking.csrf.encode()
    ):
        if asking.is_over and len(handler.resolve_guards()) > 1:
            raise NotSignedIn
        raise NotAllowed(
            "This page was open too long, or you signed in again meanwhile. "
            "Go back, load the page again and send once more. What you wrote is kept."
        )
    if not handler.opt.get(TELLS_AT_FIELDS):
        await _refuse_unreadable(connection)


async def _refuse_unreadable(request: WebRequest) -> None:
    """Refuse letters that are none, whichever field they are in."""
    for name, value in (await request.form()).multi_items():
        if isinstance(value, str) and not (is_text(name) and is_text(value)):
            raise Invalid(unreadable(name))


def _came_from_us(request: WebRequest) -> bool:
    site = request.headers.get("sec-fetch-site")
    if site not in {None, *OUR_SITE}:
        return False
    origin = request.headers.get("origin")
    if origin == "null":
        # What our own forms say under "no-referrer"; then the browser itself says whose they are.
        return site in OUR_SITE
    return origin is None or urlsplit(origin).netloc == request.headers.get("host", "")


def _referrer_policy(scope: Scope) -> str:
    """Return the policy that tells nobody anything, and still lets our own forms be known.

    Under "no-referrer" forms come with "Origin: null". A browser that does not say itself where a
    request comes from (an old one, or by http from another machine) has nothing left to show then.
    """
    headers = dict(scope["headers"])
    is_browser = headers.get(b"user-agent", b"").startswith(b"Mozilla/")
    return "same-origin" if is_browser and b"sec-fetch-site" not in headers else "no-referrer"


def _is_form(request: WebRequest) -> bool:
    """Whether it is what a form of ours sends; a page reads nothing else."""
    kind, _ = request.content_type
    empty = request.headers.get("content-length", "0") == "0"
    encoded = request.headers.get("content-encoding", "identity") != "identity"
    chunked = "transfer-encoding" in request.headers
    return (kind in FORMS and not encoded) or (empty and not chunked)


async def finish(message: Message, scope: Scope) -> None:
    """Set headers and cookies of every answer, and log it without its address (hook)."""
    if message["type"] != "http.response.start" or scope["type"] != ScopeType.HTTP:
        return
    headers = MutableScopeHeaders.from_message(message)
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("referrer-policy", _referrer_policy(scope))
    headers["x-request-id"] = request_id(scope)
    if not scope["path"].startswith("/static/"):
        headers.setdefault("cache-control", "private, no-store")
    if scope["litestar_app"].state.config.over_https:
        headers["strict-transport-security"] = "max-age=31536000"
    asking = asking_of(scope)
    if asking:
        for cookie in asking.cookies:
            headers.add("set-cookie", cookie.to_header(header=""))
    LOG.info(
        "%s %s %s %s",
        scope["method"],
        scope.get("path_template", "-"),
        message["status"],
        request_id(scope),
    )
