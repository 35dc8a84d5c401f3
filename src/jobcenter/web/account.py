"""One's own sign-ins: which browsers are open, which keys there are, and ending them."""

from uuid import UUID

from litestar import Response, Router, get, post
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, FromQuery

from jobcenter.errors import NotSignedIn
from jobcenter.people import account, passkeys
from jobcenter.web.asking import Asking, asking_of, fresh
from jobcenter.web.pages import page, see


def signed_in(
    connection: ASGIConnection[BaseRouteHandler, None, None, State], _: BaseRouteHandler
) -> None:
    """Let in whoever has a name here, whatever they may do."""
    asking = asking_of(connection.scope)
    if asking is None or not asking.signed_in:
        raise NotSignedIn


@get("/account")
async def show(asking: NamedDependency[Asking], note: FromQuery[str] = "") -> Response[str]:
    """Show where the asker is signed in, and the keys of their devices."""
    return page(
        asking,
        "signin/account.html",
        note=note,
        sessions=await asking.read(account.open_sessions, now=asking.now),
        passkeys=await asking.read(passkeys.of_asker),
    )


@post("/account/sessions/{session_id:uuid}/end")
async def close(asking: NamedDependency[Asking], session_id: FromPath[UUID]) -> Response[str]:
    """Sign one browser out, be it this one or another."""
    await asking.act(account.close_session, session_id=session_id, now=asking.now)
    return see("/account", note="ended")


@post("/account/sessions/end")
async def close_others(asking: NamedDependency[Asking]) -> Response[str]:
    """Sign every other browser out."""
    await asking.act(account.close_others, but=asking.session_hash, now=asking.now)
    return see("/account", note="ended")


@post("/account/passkeys/{passkey_id:uuid}/remove", guards=[fresh()])
async def remove(asking: NamedDependency[Asking], passkey_id: FromPath[UUID]) -> Response[str]:
    """Forget a key of one's own, and sign every other browser out."""
    async with asking.renewed() as anew:
        await asking.act(account.remove_passkey, passkey_id=passkey_id, anew=anew, now=asking.now)
    return see("/account", note="removed")


router = Router("/", route_handlers=[show, close, close_others, remove], guards=[signed_in])
