"""A browser without scripts: asks pages over ASGI, keeps cookies, fills forms in as they came."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from html.parser import HTMLParser

import httpx

from jobcenter import access
from jobcenter.database import Database, Who
from jobcenter.people import sessions
from jobcenter.web.asking import WebConfig
from tests.cast import CITY, MONDAY, STAFF, Cast, key
from tests.web.lending import Lent

HOST = "http://jobcenter.test"
CONFIG = WebConfig(
    secret="a secret of the tests", base_url=HOST, phone="09 310 00000", organiser=CITY
)


class Clock:
    """A clock that stands until a test moves it."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


class Form(HTMLParser):
    """The fields of the first form that goes to `action`, as a browser would send them."""

    def __init__(self, text: str, action: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.found = False
        self._action = action
        self._inside = False
        self._select = ""
        self._area = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form" and not self.found:
            self._inside = self.found = values.get("action", "") == self._action
        if not self._inside:
            return
        name = values.get("name", "")
        if tag == "input" and name:
            self._input(name, values)
        elif tag == "select":
            self._select = name
        elif tag == "textarea":
            self._area = name
            self.fields[name] = [""]
        elif tag == "option" and ("selected" in values or self._select not in self.fields):
            self.fields[self._select] = [values.get("value", "")]

    def _input(self, name: str, values: dict[str, str]) -> None:
        is_box = values.get("type") in {"checkbox", "radio"}
        if not is_box or "checked" in values:
            self.fields.setdefault(name, []).append(values.get("value", "on" if is_box else ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._inside and self._area:
            self.fields[self._area][0] += data


class Surfer(httpx.AsyncClient):
    """Asks pages and sends their forms back."""

    def all_shown(self, answer: httpx.Response, action: str) -> dict[str, list[str]]:
        """Return every field of a form on a page, with all its values."""
        form = Form(answer.text, action)
        assert form.found, f"{answer.url} ({answer.status_code}) has no form to {action}"
        return form.fields

    def shown(self, answer: httpx.Response, action: str) -> dict[str, str]:
        """Return the fields of a form on a page, the last value of each."""
        return {name: texts[-1] for name, texts in self.all_shown(answer, action).items()}

    async def form(self, page: str, action: str) -> dict[str, str]:
        """Open a page and return the fields of its form."""
        return self.shown(await self.get(page), action)

    async def send_shown(
        self, answer: httpx.Response, action: str, *, to: str = "", **fields: str
    ) -> httpx.Response:
        """Send a form that a page shows with some fields filled in; a button may lead elsewhere."""
        filled = {
            **self.all_shown(answer, action),
            **{name: [text] for name, text in fields.items()},
        }
        return await self.post(to or action, data=filled)

    async def send_form(
        self, page: str, action: str, *, to: str = "", **fields: str
    ) -> httpx.Response:
        """Open a page, fill in its form and send it."""
        return await self.send_shown(await self.get(page), action, to=to, **fields)


@asynccontextmanager
async def surfer(
    database: Database,
    clock: Clock | None = None,
    config: WebConfig = CONFIG,
    address: str = "127.0.0.1",
) -> AsyncIterator[Surfer]:
    """Open the application and a browser on it, which calls from an address."""
    transport = httpx.ASGITransport(
        # The two libraries have their own words for the same ASGI.
        app=Lent(database, config, clock or Clock()),  # type: ignore[arg-type]
        raise_app_exceptions=False,
        client=(address, 123),
    )
    headers = {"accept": "text/html", "accept-language": "en"}
    async with Surfer(transport=transport, base_url=HOST, headers=headers) as browser:
        yield browser


async def sign_in(browser: Surfer, cast: Cast, who: Who, now: datetime = MONDAY) -> None:
    """Sign somebody of the cast in, as their one-time link would."""
    browser.cookies.set("jobcenter_session", await session_of(cast, who, now))


async def session_of(cast: Cast, who: Who, now: datetime = MONDAY) -> str:
    """Begin a session for somebody of the cast and return its cookie."""
    email = next(email for name, email, *_ in STAFF if key(name) == who.actor_id)
    return await session_at(cast, who, email, now)


async def session_at(cast: Cast, who: Who, email: str, now: datetime = MONDAY) -> str:
    """Begin a session for whoever has this address and return its cookie."""
    token, fresh = access.new_token(), access.new_token()
    offered = await cast.database.act(
        who,
        sessions.offer,
        email=email,
        mint=lambda *_: access.hash_of(token),
        now=now,
        most_a_day=1000,
    )
    assert offered
    await cast.database.act(
        who,
        sessions.use_link,
        link_hash=access.hash_of(token),
        token_hash=access.hash_of(fresh),
        csrf=access.new_token(),
        now=now,
    )
    return fresh
