"""Runs verbs of the command line as people do: in a process of their own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit, urlunsplit

import httpx

from tests import nursery
from tests.conftest import Fresh

PATIENCE_SECONDS = 120


def environment(fresh: Fresh, **more: str) -> dict[str, str]:
    """Point a process at this test's database; its home is the one that holds the logins."""
    return {
        **os.environ,
        "DATABASE_URL": fresh.owner_dsn,
        "JOBCENTER_HOME": str(fresh.home),
        **more,
    }


def without_owner(env: Mapping[str, str]) -> dict[str, str]:
    """Tell a process where the database is, and not how its owner signs in."""
    parts = urlsplit(env["DATABASE_URL"])
    place = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    rest = {name: value for name, value in env.items() if name != "DATABASE_URL"}
    return {**rest, "JOBCENTER_DATABASE_PLACE": place}


def verb(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "jobcenter", *arguments]


@dataclass(frozen=True, slots=True)
class Ran:
    """How a verb ended, and what it said."""

    status: int
    said: str
    complained: str


def run(fresh: Fresh, *arguments: str, **more: str) -> Ran:
    """Run a verb to its end in a process that need not load the program first."""
    with TemporaryDirectory() as folder:
        heard = Path(folder)
        process = nursery.verb(arguments, environment(fresh, **more), heard)
        process.start()
        process.join(PATIENCE_SECONDS)
        status = process.exitcode
        process.kill()
        assert status is not None, f"{arguments[0]} did not end"
        return Ran(status, (heard / "said").read_text(), (heard / "complained").read_text())


@contextmanager
def running(
    env: Mapping[str, str], log: Path, *arguments: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Keep a verb running for a while, and never longer."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            verb(*arguments), env=env, stdout=out, stderr=out, start_new_session=True
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(15)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask(url: str) -> httpx.Response:
    return httpx.get(url, timeout=5)


def answers(url: str, *, within: float = 30.0) -> httpx.Response:
    """Ask until somebody answers."""
    deadline = time.monotonic() + within
    while True:
        try:
            return ask(url)
        except httpx.HTTPError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
