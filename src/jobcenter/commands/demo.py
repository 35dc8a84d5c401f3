"""Show the whole service: a made-up city, web and worker, a round, and a link for everybody.

Serves until Ctrl-C. Killed at any moment, the same command again just works.
"""

import argparse
import asyncio
import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
from rich.console import Console

from jobcenter import schema
from jobcenter.commands.signin import link_for
from jobcenter.database import OrganiserId, Who
from jobcenter.demo import emptying, roles, rounds
from jobcenter.demo.children import Children, free_port
from jobcenter.errors import JobcenterError, Unreachable
from jobcenter.orders.letters import Paths
from jobcenter.orders.proposing import MACHINE
from jobcenter.seed.city import Seeding, bring_up_to_date
from jobcenter.seed.town import SIZES
from jobcenter.settings import Settings
from jobcenter.start import Ground, ground

SEED = 1
READY_IN_SECONDS = 30.0
PORT_IN_SECONDS = 6.0
ROUND_GRACE_SECONDS = 60.0
console = Console(highlight=False)


class AlreadyRunning(JobcenterError):
    """A demo is running here already: stop it first, or use another JOBCENTER_HOME."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="jobcenter demo", description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="city")
    parser.add_argument("--port", type=int, help="8000, or the next that is free")
    parser.add_argument("--fresh", action="store_true", help="forget everything and begin anew")
    parser.add_argument("--once", action="store_true", help="do everything, then stop")
    chosen = parser.parse_args(arguments)
    began = time.monotonic()
    settings = Settings()
    with _alone(settings.home):
        port = free_port(chosen.port or settings.port, patience=PORT_IN_SECONDS)
        mail_port = free_port(settings.smtp_port)
        settings = settings.model_copy(update=_addresses(port, mail_port))
        with ground(settings) as here, Children(settings.home, _environment(settings)) as children:
            _prepare(here, children, size=chosen.size, fresh=chosen.fresh)
            console.print(
                f"Serving on [bold]{settings.base_url}[/] after {time.monotonic() - began:.1f} s"
            )
            asyncio.run(_show(here, children))
            if not chosen.once:
                _serve(children)
    return 0


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """One demo at a time in one place; the system drops the lock of a process that dies."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning from None
        yield


def _addresses(port: int, mail_port: int) -> dict[str, object]:
    base_url = f"http://127.0.0.1:{port}"
    return {
        "port": port,
        "smtp_port": mail_port,
        "base_url": base_url,
        "sms_url": f"{base_url}/inbox/sms",
    }


def _environment(settings: Settings) -> dict[str, str]:
    """Hand the addresses of this demo to its processes."""
    return {
        "JOBCENTER_PORT": str(settings.port),
        "JOBCENTER_SMTP_PORT": str(settings.smtp_port),
        "JOBCENTER_SMTP_HOST": "127.0.0.1",
        "JOBCENTER_BASE_URL": settings.base_url,
        "JOBCENTER_SMS_URL": settings.sms_url,
    }


def _prepare(here: Ground, children: Children, *, size: str, fresh: bool) -> None:
    """Bring the database up to date while the web starts; the worker begins once all is there."""
    if fresh:
        asyncio.run(emptying.empty(here.owner_dsn))
    schema.prepare(here.owner_dsn, here.settings.home)
    children.start("serve", "--inbox")
    with console.status("Making up a city ..."):
        seeded = asyncio.run(_seed(here, size))
    if seeded:
        console.print(seeded)
    children.start("worker")
    _wait_until_ready(here.settings.base_url, children)


async def _seed(here: Ground, size: str) -> str:
    seeding = Seeding(
        size=size,
        seed=SEED,
        now=datetime.now(UTC).replace(microsecond=0),
        organiser_id=OrganiserId(here.settings.organiser),
        secret=here.secret,
    )
    seeded = await bring_up_to_date(here.owner_dsn, seeding)
    added = f"{seeded.orders} orders and {seeded.gigs} gigs were made up"
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
    raise Unreachable("The pages do not answer: see var/logs/serve.log.")


async def _show(here: Ground, children: Children) -> None:
    """Run a round and print what it came to, then a way in for everybody."""
    database = here.open()
    machine = Who(here.operator.organiser_id, MACHINE, name="demo")
    try:
        state = await rounds.run_round(
            database,
            machine,
            now=datetime.now(UTC),
            patience=here.settings.round_seconds + ROUND_GRACE_SECONDS,
            console=console,
            meanwhile=children.revive,
        )
        console.print(rounds.summary(state))
        offer = await roles.offer(database, machine, now=datetime.now(UTC))
        if offer:
            await roles.wait_until_sent(database, machine, offer.gig_id)
            await _print_links(here, offer)
    finally:
        await database.close()


async def _print_links(here: Ground, offer: roles.Offer) -> None:
    now = datetime.now(UTC)
    people = {"orderer": offer.orderer, "coordinator": offer.coordinator, "coach": offer.coach}
    console.print("\nSign in as")
    for role, email in people.items():
        if email:
            link = await link_for(here, email, now=now)
            console.print(f"  {role:12} {link}", soft_wrap=True)
    client = Paths(here.settings.base_url, here.secret).gig(offer.gig_id)
    console.print(f"  {'client':12} {client}", soft_wrap=True)
    console.print(f"  {'messages':12} {here.settings.base_url}/inbox\n", soft_wrap=True)


def _serve(children: Children) -> None:
    console.print("Ctrl-C stops everything.")
    while True:
        time.sleep(0.5)
        for verb in children.revive():
            console.print(f"{verb} had died and was started again")
