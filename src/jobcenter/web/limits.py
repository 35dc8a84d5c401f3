"""How often one caller may try, ask, search or order, over all our processes."""

import hmac
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address, ip_network

from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.audit import guesses
from jobcenter.errors import Fault, Invalid, NotFound, TooHasty, TooMany
from jobcenter.people import programs, tries
from jobcenter.people.programs import Program
from jobcenter.web.asking import Asking

LOG = logging.getLogger("jobcenter.web")

WINDOW = timedelta(minutes=1)
MOST_WRONG_TOKENS = 30
MOST_LINKS, LINKS_WITHIN = 10, timedelta(hours=1)
MOST_SEARCHES = 30
LONGEST_SEARCH = 100
MOST_VISITS, VISITS_WITHIN = 20, timedelta(minutes=10)
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


async def _counted(asking: Asking, kind: str, *names: str, window: timedelta = WINDOW) -> int:
    marks = [_mark(asking, f"{kind}:{name}") for name in names]
    return await asking.act(tries.count, kind=kind, marks=marks, window=window, now=asking.now)


async def refuse_haste(asking: Asking, *, name: str = "") -> None:
    """Count a try to sign in under its name and its address; too many are refused alike."""
    most = asking.config.signins_a_minute
    names = [f"name {name.lower()}"] if name else []
    if await _counted(asking, "signin", f"at {place_of(asking.address)}", *names) > most:
        raise TooHasty


async def refuse_asking(asking: Asking) -> None:
    """Count a number that a new link is asked for under the address, by the minute and the hour."""
    await refuse_haste(asking)
    name = f"at {place_of(asking.address)}"
    if await _counted(asking, "link", name, window=LINKS_WITHIN) > MOST_LINKS:
        raise TooMany


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
        await asking.act(guesses.note, now=asking.now)
        LOG.warning("%s wrong tokens from one address (%s)", wrong, asking.request_id)
    if wrong >= MOST_WRONG_TOKENS:
        raise TooHasty


async def searched(asking: Asking, text: str, *, field: str = "q") -> str:
    """Return what is searched for, and count it: every search of a person is under one limit."""
    if len(text) > LONGEST_SEARCH or not text.isprintable():
        raise Invalid(Fault(field, "too_long", "Please search with fewer words."))
    if wanted := text.strip():
        await _refuse_searching(asking)
    return wanted


async def _refuse_searching(asking: Asking) -> None:
    if await _counted(asking, "search", f"by {asking.who.actor_id}") > MOST_SEARCHES:
        raise TooHasty


async def refuse_crowds(asking: Asking) -> None:
    """Count an order of a visitor under their address, as orders of a party are."""
    name = f"at {place_of(asking.address)}"
    if await _counted(asking, "visitor_order", name, window=VISITS_WITHIN) > MOST_VISITS:
        raise TooMany


async def admitted(asking: Asking, token_hash: bytes) -> Program | None:
    """Return whose token of the API this is, and count the call, in one go."""
    mark = _mark(asking, f"api:{token_hash.hex()}")
    return await asking.act(
        _admit, token_hash=token_hash, mark=mark, most=asking.config.api_a_minute, now=asking.now
    )


async def _admit(
    session: AsyncSession, *, token_hash: bytes, mark: bytes, most: int, now: datetime
) -> Program | None:
    program = await programs.of_token(session, token_hash=token_hash, now=now)
    if (
        program
        and await tries.count(session, kind="api", marks=[mark], window=WINDOW, now=now) > most
    ):
        raise TooHasty
    return program
