"""Sets the stage while the web starts, then runs the round and lets everybody in."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import httpx
from rich.console import Console

from jobcenter import schema
from jobcenter.database import Database, OrganiserId
from jobcenter.demo import emptying, roles, rounds
from jobcenter.demo.children import Children
from jobcenter.errors import Unreachable
from jobcenter.inviting import signin_link
from jobcenter.orders.letters import Paths
from jobcenter.seed.city import Seeding, bring_up_to_date
from jobcenter.settings import Settings
from jobcenter.start import Owned, owned

SEED = 1
READY_IN_SECONDS = 30.0
ROUND_GRACE_SECONDS = 60.0
console = Console(highlight=False)


@dataclass(frozen=True, slots=True)
class Play:
    """What is shown: which city, begun when (by the monotonic clock), and what time it is."""

    size: str
    fresh: bool
    began: float
    clock: Callable[[], datetime]


def run(settings: Settings, children: Children, play: Play) -> None:
    """Do everything that the demo does before it only serves."""
    with owned(settings) as here:
        if play.fresh:
            asyncio.run(emptying.empty(here.owner_dsn))
        schema.prepare(here.owner_dsn, settings.home, here.ring)
        with console.status("Making up a city ..."):
            added = asyncio.run(_seed(here, play))
        if added:
            console.print(added)
        children.start("worker")
        _wait_until_ready(settings.base_url, children)
        seconds = time.monotonic() - play.began
        console.print(f"Serving on [bold]{settings.base_url}[/] after {seconds:.1f} s")
        asyncio.run(_show(here, children, play.clock))


async def _seed(here: Owned, play: Play) -> str:
    seeding = Seeding(
        size=play.size,
        seed=SEED,
        now=play.clock().replace(microsecond=0),
        organiser_id=OrganiserId(here.settings.organiser),
        secret=here.secret,
        ring=here.ring,
    )
    seeded = await bring_up_to_date(here.owner_dsn, seeding)
    added = f"{seeded.orders} orders and {seeded.gigs} gigs were made up."
    return added if seeded.orders else ""


def _wait_until_ready(base_url: str, children: Children) -> None:
    deadline = time.monotonic() + READY_IN_SECONDS
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{base_url}/health/ready", timeout=2).status_code == 200:
                return
        except httpx.HTTPError:
            children.revive()
        time.sleep(0.05)
    raise Unreachable("The pages do not answer: serve.log under var/logs tells why.")


async def _show(here: Owned, children: Children, clock: Callable[[], datetime]) -> None:
    """Run a round and print what it came to, then a way in for everybody."""
    machine = rounds.machine(here.operator.organiser_id)
    async with here.opened() as database:
        state = await rounds.run_round(
            database,
            machine,
            now=clock(),
            patience=here.settings.round_seconds + ROUND_GRACE_SECONDS,
            console=console,
            meanwhile=children.revive,
        )
        console.print("\n".join(rounds.summary(state)), soft_wrap=True)
        offer = await roles.offer(database, machine, now=clock())
        if offer:
            await roles.wait_until_sent(database, machine, offer.gig_id)
            await _print_links(here, database, offer, now=clock())


async def _print_links(
    here: Owned, database: Database, offer: roles.Offer, *, now: datetime
) -> None:
    lines = {
        role: await signin_link(here, database, email, now=now)
        for role, email in offer.emails.items()
    }
    lines["client"] = Paths(here.settings.base_url, here.secret).gig(offer.gig_id)
    lines["messages"] = f"{here.settings.base_url}/inbox"
    console.print("\nOne person can be everyone:")
    for role, link in lines.items():
        console.print(f"  {role:12} {link}", soft_wrap=True)
    console.print()
