"""Programs that call the API in tests: an application and bearer tokens."""

from dataclasses import dataclass, field
from datetime import timedelta

import httpx

from jobcenter.access import hash_of
from jobcenter.database import Face, Who
from jobcenter.people.programs import SCOPES
from jobcenter.people.staff import ApiToken
from jobcenter.web.asking import WebConfig
from tests import make
from tests.cast import CITY, MONDAY, Cast
from tests.conftest import Fresh
from tests.web.lending import Lent
from tests.web.surfer import Clock

Json = dict[str, object]


@dataclass
class Program:
    """A program with a token, or without one."""

    http: httpx.AsyncClient
    token: str = ""

    async def post(
        self, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """POST a body as JSON; without one, nothing."""
        if body is None:
            return await self.http.post(path, headers=self.headers(headers))
        return await self.http.post(path, json=body, headers=self.headers(headers))

    async def get(self, path: str) -> httpx.Response:
        """GET a path."""
        return await self.http.get(path, headers=self.headers())

    def headers(self, more: dict[str, str] | None = None) -> dict[str, str]:
        """Return the headers of this program's calls."""
        own = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return {**own, **(more or {})}


@dataclass
class Programs:
    """The application in this process, and everybody's program."""

    cast: Cast
    http: httpx.AsyncClient
    clock: Clock
    known: dict[str, Program] = field(default_factory=dict)

    async def of(self, who: Who) -> Program:
        """Return the program of one of the cast, with a token of theirs."""
        if who.name not in self.known:
            token = f"{who.name}-token-of-more-than-twenty-letters"
            row = ApiToken(
                organiser_id=CITY,
                token_hash=hash_of(token),
                user_id=who.actor_id,
                created_at=MONDAY,
                expires_at=MONDAY + timedelta(days=90),
                scopes=list(SCOPES),
            )
            await make.save(self.cast, row)
            self.known[who.name] = Program(self.http, token)
        return self.known[who.name]


def app_of(cast: Cast, fresh: Fresh, clock: Clock) -> Lent:
    """Return the real application on a test's own database."""
    config = WebConfig(
        secret="test",
        base_url="http://localhost",
        phone="09 310 00000",
        organiser=CITY,
        health_dsn=fresh.doors[Face.VISITOR],
    )
    return Lent(cast.database, config, clock)


def browser_of(app: Lent) -> httpx.AsyncClient:
    """Return a client that calls an application in this process."""
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]  # httpx types ASGI narrowly
    return httpx.AsyncClient(transport=transport, base_url="http://localhost")
