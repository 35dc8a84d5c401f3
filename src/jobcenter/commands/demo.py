"""Show the whole service: a made-up city, web and worker, a round, and a link for everybody.

Serves until Ctrl-C. Killed at any moment, the same command again just works.
"""

import argparse
import fcntl
import importlib
import secrets
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from jobcenter.demo.children import Children, free_port
from jobcenter.errors import JobcenterError
from jobcenter.settings import Settings

# The processes of a demo that was killed need a moment to notice.
PORT_IN_SECONDS = 6.0


class AlreadyRunning(JobcenterError):
    """A demo is running here already: stop it first, or use another JOBCENTER_HOME."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="jobcenter demo", description=__doc__)
    parser.add_argument("--size", choices=("small", "city"), default="city")
    parser.add_argument("--port", type=int, help="8000, or the next that is free")
    parser.add_argument("--fresh", action="store_true", help="forget everything and begin anew")
    parser.add_argument("--once", action="store_true", help="do everything, then stop")
    chosen = parser.parse_args(arguments)
    began = time.monotonic()
    ending = threading.Event()

    def end(*_: object) -> None:
        """End as by Ctrl-C, which a loop takes as a wish, and not in a library's middle."""
        ending.set()
        signal.raise_signal(signal.SIGINT)

    signal.signal(signal.SIGTERM, end)
    settings = Settings()
    with _alone(settings.home):
        settings = settings.model_copy(update=_addresses(settings, chosen.port))
        with _told(settings), Children(settings.home, _environment(settings)) as children:
            children.start("serve", "--inbox")
            with _undisturbed():
                # The web starts while everything else is still being loaded.
                stage = importlib.import_module("jobcenter.demo.stage")
            clock = partial(datetime.now, UTC)
            stage.run(settings, children, stage.Play(chosen.size, chosen.fresh, began, clock))
            if not chosen.once:
                _serve(children, ending)
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


@contextmanager
def _told(settings: Settings) -> Iterator[None]:
    """Tell other commands in this home where the demo is reached, as long as it runs."""
    settings.demo_address.write_text(settings.base_url + "\n", encoding="utf-8")
    try:
        yield
    finally:
        settings.demo_address.unlink(missing_ok=True)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let a signal wait: a library that is cut off while it loads may take the process with it."""
    waiting = (signal.SIGINT, signal.SIGTERM)
    signal.pthread_sigmask(signal.SIG_BLOCK, waiting)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, waiting)


def _addresses(settings: Settings, wanted: int | None) -> dict[str, object]:
    port = free_port(wanted or settings.port, patience=PORT_IN_SECONDS)
    base_url = f"http://127.0.0.1:{port}"
    return {
        "port": port,
        "smtp_port": free_port(settings.smtp_port, patience=PORT_IN_SECONDS),
        "base_url": base_url,
        "sms_url": f"{base_url}/inbox/sms",
    }


def _environment(settings: Settings) -> dict[str, str]:
    """Hand the addresses of this demo to its processes; the owner's stays with the demo itself."""
    place = settings.place
    return {
        **({"DATABASE_URL": "", "JOBCENTER_DATABASE_PLACE": place} if place else {}),
        "JOBCENTER_HOST": "127.0.0.1",
        "JOBCENTER_PORT": str(settings.port),
        "JOBCENTER_SMTP_PORT": str(settings.smtp_port),
        "JOBCENTER_SMTP_HOST": "127.0.0.1",
        "JOBCENTER_BASE_URL": settings.base_url,
        "JOBCENTER_SMS_URL": settings.sms_url,
        "JOBCENTER_SMS_HOOK_SECRET": settings.sms_hook_secret or secrets.token_urlsafe(32),
    }


def _serve(children: Children, ending: threading.Event) -> None:
    print("Ctrl-C stops everything.", flush=True)
    while not ending.wait(0.5):
        for verb in children.revive():
            print(f"{verb} had died and was started again.", flush=True)
    raise KeyboardInterrupt
