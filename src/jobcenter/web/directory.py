"""Signing in through an employer's directory: out to it, and back with whom it vouches for."""

import hmac
from collections.abc import Mapping
from hashlib import sha256

from litestar import MediaType, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery

from jobcenter import access
from jobcenter.errors import LinkIsDead, NotAllowed, NotFound
from jobcenter.oidc import UNPROVEN, Directory
from jobcenter.people import arriving, attempts, sessions
from jobcenter.web.account import signed_in
from jobcenter.web.asking import Asking, WebRequest, fresh
from jobcenter.web.limits import count_wrong_token
from jobcenter.web.pages import page
from jobcenter.web.signin import come_in

SIGN_IN, CONNECT = "directory", "connect"
COOKIE = "attempt"
LONGEST_CODE = 4096
NO_ROLE = (
    "Your employer knows you, but you have no role in this service yet. "
    "Please ask your unit lead or call us."
)


def _state_of(token: str, kind: str) -> str:
    """Return what the directory hands back; the browser's own secret cannot be read from it."""
    return sha256(f"{kind}:{token}".encode()).hexdigest()


def _directory(asking: Asking) -> Directory:
    if asking.config.directory is None:
        raise NotFound
    return asking.config.directory


def _back(asking: Asking) -> str:
    return f"{asking.config.base_url}/signin/directory/back"


@get("/signin/directory")
async def leave(asking: NamedDependency[Asking], again: FromQuery[bool] = False) -> Response[str]:
    """Send the browser to the directory with what its answer must fit."""
    return await _leave(asking, SIGN_IN, again=again)


@post("/account/directory", guards=[signed_in, fresh()])
async def connect(asking: NamedDependency[Asking]) -> Response[str]:
    """Send whoever just signed in another way to the directory, to be known by it from now on."""
    return await _leave(asking, CONNECT, again=True)


async def _leave(asking: Asking, kind: str, *, again: bool) -> Response[str]:
    token, nonce, verifier = access.new_token(), access.new_token(), access.new_token()
    where = await _directory(asking).address(
        back=_back(asking),
        state=_state_of(token, kind),
        nonce=nonce,
        verifier=verifier,
        again=again,
        now=asking.now,
    )
    await asking.act(
        attempts.begin,
        kind=kind,
        token_hash=access.hash_of(token),
        challenge=nonce,
        verifier=verifier,
        session_hash=asking.session_hash,
        now=asking.now,
    )
    asking.keep(COOKIE, token, seconds=int(attempts.LASTS.total_seconds()))
    return Response("", status_code=303, headers={"location": where})


@get("/signin/directory/back")
async def arrive(request: WebRequest, asking: NamedDependency[Asking]) -> Response[str]:
    """Take up what was begun on this browser, and let in whom the directory vouches for."""
    directory = _directory(asking)
    kind, taken = await _take(request, asking, request.query_params.get("state", ""))
    code = request.query_params.get("code", "")
    if not code or len(code) > LONGEST_CODE:
        raise NotAllowed("Your employer did not let this sign-in through.")
    person = await directory.arrived(
        code=code,
        back=_back(asking),
        nonce=taken.challenge,
        verifier=taken.verifier,
        now=asking.now,
    )
    if kind == CONNECT and taken.user_id:
        await asking.act(arriving.connect, user_id=taken.user_id, subject=person.subject)
        return page(asking, "signin/arrived.html", onward="/account?note=connected")
    token = access.new_token()
    who = await asking.act(
        arriving.arrive,
        newcomer=arriving.Newcomer(
            subject=person.subject,
            email=person.email,
            name=person.name,
            language=asking.language,
            roles=person.roles,
            proved_at=person.proved_at,
        ),
        creates=directory.terms.creates,
        token_hash=access.hash_of(token),
        csrf=access.new_token(),
        device=asking.device,
        now=asking.now,
    )
    if who is None:
        raise NotAllowed(NO_ROLE)
    if taken.session_hash:
        await asking.act(sessions.end, token_hash=taken.session_hash, now=asking.now)
    # A page of ours goes on, not a redirect: browsers do not send a Strict cookie along with a
    # journey that another site began.
    return page(asking, "signin/arrived.html", onward=await come_in(request, asking, token, who))


@get("/signin/directory/keys", media_type=MediaType.JSON)
async def own_keys(asking: NamedDependency[Asking]) -> Mapping[str, object]:
    """Show the directory the keys it knows us by, so that it follows when they are renewed."""
    keys = _directory(asking).terms.keys
    if keys is None:
        raise NotFound
    return keys.shown()


async def _take(request: WebRequest, asking: Asking, state: str) -> tuple[str, attempts.Taken]:
    token = request.cookies.get(asking.config.cookie(COOKIE), "")
    asking.drop(COOKIE)
    kinds = [
        kind
        for kind in (SIGN_IN, CONNECT)
        if token and hmac.compare_digest(state.encode(), _state_of(token, kind).encode())
    ]
    if not kinds:
        await count_wrong_token(asking)
        raise NotAllowed(UNPROVEN)
    try:
        return kinds[0], await asking.act(
            attempts.take, kind=kinds[0], token_hash=access.hash_of(token), now=asking.now
        )
    except LinkIsDead:
        await count_wrong_token(asking)
        raise


router = Router("/", route_handlers=[leave, connect, arrive, own_keys])
