"""A real worker process on a test's database, forked from a process that has loaded everything.

Its clock begins at a moment of the test's. A message to the fatal number, or any repair where one
is fatal, ends the process at once, as a crash in a library would.
"""

import asyncio
import logging
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

from jobcenter import masterkeys
from jobcenter.database import Database, Face, Who, connect
from jobcenter.matching.round import Matcher
from jobcenter.outgoing import Answer
from jobcenter.schedules import Schedule
from jobcenter.senders import Gateway, MailServer, Message, Ways
from jobcenter.worker.hands import WorkerConfig, hands
from jobcenter.worker.process import work
from tests.cast import CITY
from tests.nursery import NURSERY

SOON = timedelta(seconds=1)


@dataclass(frozen=True)
class Told:
    """What a worker process is told."""

    doors: dict[str, str]
    home: str
    sms_port: int
    now: str
    fatal: str = ""
    fatal_repair: bool = False
    beat: float = 0.5
    matching: bool = False


@contextmanager
def worker(told: Told) -> Iterator[BaseProcess]:
    """Run a worker process; killed at the end if it still runs."""
    process = NURSERY.Process(target=_main, args=(told,))
    process.start()
    try:
        yield process
    finally:
        process.kill()
        process.join()


def _config(told: Told) -> WorkerConfig:
    return WorkerConfig(
        organiser=CITY,
        base_url="https://jc.example",
        secret="not a secret in a test",
        gateway=Gateway(f"http://127.0.0.1:{told.sms_port}/send", patience=5.0),
        server=MailServer("127.0.0.1", 9, "jobcenter@example.org", patience=1.0),
        direct_dsn=told.doors[Face.SERVICE],
        lease=timedelta(seconds=6),
        heartbeat=timedelta(seconds=1),
        beat=timedelta(seconds=told.beat),
        schedules=(Schedule("sweep", SOON), Schedule("expire", SOON), Schedule("remind", SOON)),
        at_once=4,
    )


def _fatal(ways: Ways, number: str) -> Ways:
    async def sms(message: Message) -> Answer:
        if message.to == number:
            os._exit(9)
        return await ways.sms(message)

    return replace(ways, sms=sms)


async def _fatal_repair(_database: Database, _who: Who, _now: datetime) -> bool:
    os._exit(9)


async def _run(told: Told) -> None:
    begun, moment = time.monotonic(), datetime.fromisoformat(told.now)
    stop = asyncio.Event()
    for wanted in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(wanted, stop.set)
    doors = {Face(name): dsn for name, dsn in told.doors.items()}
    database = connect(doors, masterkeys.keyring(Path(told.home)))
    made = hands(database, _config(told))
    made = replace(made, ways=_fatal(made.ways, told.fatal))
    matcher = Matcher.awake() if told.matching else None
    if matcher:
        made = replace(made, repair=matcher.repair, whole=matcher.whole)
    if told.fatal_repair:
        made = replace(made, repair=_fatal_repair)
    await work(made, clock=lambda: moment + timedelta(seconds=time.monotonic() - begun), stop=stop)
    if matcher:
        matcher.close()
    await database.close()


def _main(told: Told) -> None:
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    asyncio.run(_run(told))
