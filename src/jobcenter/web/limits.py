"""How often one name or one address may try to get in, in a minute, over all our processes."""

import hmac
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from hashlib import sha256
from ipaddress import ip_address, ip_network

from jobcenter.errors import NotFound, TooHasty
from jobcenter.people import tries
from jobcenter.web.asking import Asking

LOG = logging.getLogger("jobcenter.web")

WINDOW = timedelta(minutes=1)
MOST_WRONG_TOKENS = 30
# A home or an office has a whole network of this size in the newer kind of address.
HOME_BITS = 64


def place_of(address: str) -> str:
    """Return what stands for the place that an address is at."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((ip, HOME_BITS), strict=False)) if ip.version == 6 else str(ip)


def _mark(asking: Asking, what: str) -> bytes:
    """Return what is kept of a name or an address: without our secret nobody finds them in it."""
    return hmac.digest(asking.config.secret.encode(), f"try:{what}".encode(), sha256)


async def _counted(asking: Asking, kind: str, *names: str) -> int:
    marks = [_mark(asking, f"{kind}:{name}") for name in names]
    return await asking.act(tries.count, kind=kind, marks=marks, window=WINDOW, now=asking.now)


async def refuse_haste(asking: Asking, *, name: str = "") -> None:
    """Count a try to sign in under its name and its address; too many are refused alike."""
    most = asking.config.signins_a_minute
    names = [f"name {name.lower()}"] if name else []
    if await _counted(asking, "signin", f"at {place_of(asking.address)}", *names) > most:
        raise TooHasty


@asynccontextmanager
async def guessing(asking: Asking) -> AsyncIterator[None]:
    """Count what is not found by its token; whoever keeps guessing is told to wait.

    A right token always opens, so that nobody behind the same address is shut out.
    """
    try:
        yield
    except NotFound:
        await count_wrong_token(asking)
        raise


async def count_wrong_token(asking: Asking) -> None:
    """Count a token that nothing was found by."""
    wrong = await _counted(asking, "token", f"at {place_of(asking.address)}")
    if wrong == MOST_WRONG_TOKENS:
        LOG.warning("%s wrong tokens from one address (%s)", wrong, asking.request_id)
    if wrong >= MOST_WRONG_TOKENS:
        raise TooHasty
