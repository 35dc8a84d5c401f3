"""The real web server as a process of its own, and programs that call it by its API."""

import os
import subprocess
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from jobcenter.access import hash_of, new_token
from jobcenter.database import Who
from jobcenter.people.programs import SCOPES
from jobcenter.people.staff import ApiToken
from tests import make
from tests.cast import CITY, Cast
from tests.commands.verbs import a_free_port, answers, running, without_owner

PATIENCE = 30.0
# No request takes longer than this, whatever happens to the database (RELIABILITY F12, F14, F16).
DEADLINE = 5.0


@dataclass(frozen=True)
class Web:
    """A running server: its process, and where it answers."""

    process: subprocess.Popen[bytes]
    url: str

    def wait(self) -> None:
        """Wait until it answers at all."""
        answers(f"{self.url}/health/live")

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()


@contextmanager
def serving(owner_dsn: str, home: Path, *, count: int = 1, **settings: str) -> Iterator[list[Web]]:
    """Run so many servers over one database until the end of the block."""
    environment = {
        **os.environ,
        **{f"JOBCENTER_{name}": value for name, value in settings.items()},
        "DATABASE_URL": owner_dsn,
        "JOBCENTER_HOME": str(home),
        # One token asks for everybody here; the limit has its own test.
        "JOBCENTER_API_A_MINUTE": "100000",
    }
    with ExitStack() as stack:
        webs = []
        for _ in range(count):
            port = a_free_port()
            log = home / f"web-{port}.log"
            arguments = ("serve", "--port", str(port))
            process = stack.enter_context(running(without_owner(environment), log, *arguments))
            webs.append(Web(process, f"http://127.0.0.1:{port}"))
        for web in webs:
            web.wait()
        yield webs


async def token_of(cast: Cast, who: Who) -> dict[str, str]:
    """Give a program the right to call as this user; return its headers."""
    token, now = new_token(), datetime.now(UTC)
    await make.save(
        cast,
        ApiToken(
            organiser_id=CITY, token_hash=hash_of(token), user_id=who.actor_id, created_at=now,
            expires_at=now + timedelta(days=1), scopes=list(SCOPES),
        ),
    )  # fmt: skip
    return {"Authorization": f"Bearer {token}"}


@asynccontextmanager
async def callers(webs: Sequence[Web]) -> AsyncIterator[list[httpx.AsyncClient]]:
    """Open a caller for each server, with as many connections as it wants."""
    # A connection is let go before the server, which waits longer, closes it under a new call.
    limits = httpx.Limits(max_connections=None, keepalive_expiry=1)
    clients = [httpx.AsyncClient(base_url=web.url, limits=limits, timeout=PATIENCE) for web in webs]
    try:
        yield clients
    finally:
        for client in clients:
            await client.aclose()


@dataclass(frozen=True)
class Heard:
    """An answer, and how long it took."""

    answer: httpx.Response
    seconds: float

    @property
    def status(self) -> int:
        """Return the number that was answered."""
        return self.answer.status_code

    def is_a_kind_no(self) -> bool:
        """Whether it says in time that the service rests, and when to ask again."""
        return (
            self.status == 503
            and int(self.answer.headers["retry-after"]) > 0
            and self.seconds <= DEADLINE
        )


async def ask(
    door: httpx.AsyncClient, method: str, path: str, headers: dict[str, str], body: object = None
) -> Heard:
    """Call, and take the time until the answer."""
    begun = time.monotonic()
    answer = await door.request(method, path, headers=headers, json=body)
    return Heard(answer, time.monotonic() - begun)
