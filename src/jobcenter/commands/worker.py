"""Do the work that pages only ask for: send messages, propose, remind, end what nobody answered.

Any number may run, on any number of machines; one of them keeps the clock. Stop it as you like.
"""

import argparse
import asyncio
import logging
import signal
from datetime import UTC, datetime, timedelta

from jobcenter import logins
from jobcenter.calendars.fetching import Way
from jobcenter.companies import CompanyRegister
from jobcenter.database import Face, OrganiserId
from jobcenter.matching.round import Matcher
from jobcenter.senders import Gateway, MailServer
from jobcenter.start import Ground, ground
from jobcenter.worker.hands import WorkerConfig, hands
from jobcenter.worker.process import work


def config_of(here: Ground) -> WorkerConfig:
    """Return what the worker needs to know of this place."""
    settings = here.settings
    direct = settings.direct_database_url
    return WorkerConfig(
        organiser=OrganiserId(settings.organiser),
        base_url=settings.base_url,
        secret=here.secret,
        gateway=Gateway(settings.sms_url, settings.sms_token, per_minute=settings.sms_per_minute),
        server=MailServer(settings.smtp_host, settings.smtp_port, settings.mail_from),
        takes_replies=bool(settings.sms_hook_secret),
        register=CompanyRegister(settings.register_url, settings.register_seconds),
        calendars=Way(loopback=settings.calendar_loopback),
        direct_dsn=logins.addresses(direct, settings.home)[Face.SERVICE]
        if direct
        else here.doors[Face.SERVICE],
    )


def main(arguments: list[str]) -> int:
    argparse.ArgumentParser(prog="jobcenter worker", description=__doc__).parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    # A beat that lasts longer than the time to the next is no news.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    with ground() as here:
        asyncio.run(here.make_sure_of_keys())
        asyncio.run(_run(here))
    return 0


async def _run(here: Ground) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for wanted in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(wanted, stop.set)
    database = here.open()
    matcher = Matcher.awake(timedelta(days=here.settings.horizon_days), here.settings.round_seconds)
    made = hands(
        database, config_of(here), repair=matcher.repair, whole=matcher.whole, ahead=matcher.ahead
    )
    try:
        await work(made, clock=lambda: datetime.now(UTC), stop=stop)
    finally:
        matcher.close()
        await database.close()
