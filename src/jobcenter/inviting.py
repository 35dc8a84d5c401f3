"""Lets somebody in from the machine itself: a one-time sign-in link that is not mailed."""

from datetime import datetime

from jobcenter.database import Database
from jobcenter.errors import NotFound
from jobcenter.orders.letters import Paths
from jobcenter.people import sessions
from jobcenter.start import Ground
from jobcenter.web.signin import minter

# Whoever runs commands on the machine is not counted like somebody who types an address.
MOST_A_DAY = 10_000


async def signin_link(here: Ground, database: Database, email: str, *, now: datetime) -> str:
    """Make a link for this user and return its address."""
    offered = await database.act(
        here.operator,
        sessions.offer,
        email=email,
        mint=minter(here.secret),
        now=now,
        most_a_day=MOST_A_DAY,
    )
    if offered is None:
        raise NotFound("Nobody has the address {email}.", email=email)
    paths = Paths(here.settings.reached_at(), here.secret)
    return paths.signin(offered.user_id, offered.expires_at)
