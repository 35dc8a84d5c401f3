"""Signing in through an employer's directory: out to it, and back with whom it vouches for."""

import hmac
from hashlib import sha256

from litestar import Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from jobcenter import access
from jobcenter.errors import LinkIsDead, NotAllowed, NotFound
from jobcenter.oidc import UNPROVEN, Directory
from jobcenter.people import arriving, attempts, sessions
from jobcenter.web.asking import Asking, WebRequest
from jobcenter.web.limits import count_wrong_token
from jobcenter.web.pages import page
from jobcenter.web.signin import come_in

KIND = "directory"
COOKIE = "attempt"
LONGEST_CODE = 4096
NO_ROLE = (
    "Your employer knows you, but you have no role in this service yet. "
    "Please ask your unit lead or call us."
)


def _state_of(token: str) -> str:
    """Return what the directory hands back; the browser's own secret cannot be read from it."""
    return sha256(f"state:{token}".encode()).hexdigest()


def _directory(asking: Asking) -> Directory:
    if asking.config.directory is None:
        raise NotFound
    return asking.config.directory


def _back(asking: Asking) -> str:
    return f"{asking.config.base_url}/signin/directory/back"


@get("/signin/directory")
async def leave(asking: NamedDependency[Asking], again: FromQuery[bool] = False) -> Response[str]:
    """Send the browser to the directory with what its answer must fit."""
    token, nonce, verifier = access.new_token(), access.new_token(), access.new_token()
    where = await _directory(asking).address(
        back=_back(asking),
        state=_state_of(token),
        nonce=nonce,
        verifier=verifier,
        again=again,
        now=asking.now,
    )
    await asking.act(
        attempts.begin,
        kind=KIND,
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
    taken = await _take(request, asking, request.query_params.get("state", ""))
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
    fresh = access.new_token()
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
        token_hash=access.hash_of(fresh),
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
    return page(asking, "signin/arrived.html", onward=await come_in(request, asking, fresh, who))


async def _take(request: WebRequest, asking: Asking, state: str) -> attempts.Taken:
    token = request.cookies.get(asking.config.cookie(COOKIE), "")
    asking.drop(COOKIE)
    if not token or not hmac.compare_digest(state.encode(), _state_of(token).encode()):
        await count_wrong_token(asking)
        raise NotAllowed(UNPROVEN)
    try:
        return await asking.act(
            attempts.take, kind=KIND, token_hash=access.hash_of(token), now=asking.now
        )
    except LinkIsDead:
        await count_wrong_token(asking)
        raise


router = Router("/", route_handlers=[leave, arrive])
