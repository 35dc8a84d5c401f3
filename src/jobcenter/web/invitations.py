"""The page behind an invitation's link: yes or no, and then a way to sign in."""

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody

from jobcenter import access
from jobcenter.errors import Conflict
from jobcenter.people import invitations
from jobcenter.web.asking import Asking
from jobcenter.web.limits import guessing
from jobcenter.web.pages import page, see
from jobcenter.web.signin import link_token, minter

Sent = URLEncodedBody[dict[str, str]]


@get("/invitations/{token:str}")
async def show(asking: NamedDependency[Asking], token: FromPath[str]) -> Response[str]:
    """Show who asks; a preview of the link says neither yes nor no."""
    return await _asked(asking, token)


async def _asked(asking: Asking, token: str, trouble: str = "") -> Response[str]:
    async with guessing(asking):
        asked = await asking.read(
            invitations.opened, token_hash=access.hash_of(token), now=asking.now
        )
    status = 409 if trouble else 200
    return page(asking, "orderer/invitation.html", status=status, asked=asked, token=token,
                trouble=trouble)  # fmt: skip


@post("/invitations/{token:str}", status_code=200)
async def answer(
    asking: NamedDependency[Asking], token: FromPath[str], data: Sent
) -> Response[str]:
    """Let them in, or forget their address."""
    token_hash = access.hash_of(token)
    if data.get("joins") != "yes":
        async with guessing(asking):
            await asking.act(invitations.refuse, token_hash=token_hash)
        return see("/")
    secret = asking.config.secret
    try:
        async with guessing(asking):
            offered = await asking.act(
                invitations.accept, token_hash=token_hash, mint=minter(secret), now=asking.now
            )
    except Conflict as refused:
        return await _asked(asking, token, asking.say(refused.sentence))
    if offered is None:
        return see("/signin")
    return see(f"/signin/{link_token(secret, offered.user_id, offered.expires_at)}")


router = Router("/", route_handlers=[show, answer])
