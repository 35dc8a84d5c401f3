"""Asks every address there is as somebody, and finds the marks in what they hear."""

import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from io import BytesIO
from itertools import product
from zipfile import ZipFile
from zlib import crc32

import httpx
from litestar import Litestar
from litestar.routes import HTTPRoute
from litestar.types import Guard, Method

from jobcenter.intake.parts import ORDER
from jobcenter.lists.catalogue import LISTS
from jobcenter.lists.listing import slug_of
from jobcenter.seed import canaries
from tests.cast import CITY

MARKED = re.compile(r"CANARY-([A-Z]+)-(\d+)-([0-9a-f]{12})")
PHONE = re.compile(r"(?:\+?358|0) ?50 ?999 ?(\d{4})|50 999 (\d\d) (\d\d)")
MONEY = re.compile(r"(?<!\d)(\d\d)[ ., \u202f]?(\d)(\d\d)[.,](\d\d)(?!\d)")
MONEYS = {"770": "PAY", "880": "LIMIT", "890": "EARNED", "900": "CEILING"}
# Files, other languages, other ways out, and what needs a secret: `Town.links` has those.
LEFT_OUT = ("/static", "/schema", "/language", "/health", "/signin/", "/o/", "/status/",
            "/invitations/", "/coach/feed/")  # fmt: skip
# The same pages, asked with a question.
QUESTIONS = (
    "/board?every=1", "/board?q=CANARY", "/clients?q=CANARY", "/users?q=CANARY",
    "/audit/people?q=CANARY", "/audit/client?number={client_id}", "/my/looks?own_too=true",
)  # fmt: skip
# An entry of some lists: a kind of work, a role, a pay group, a weight.
ENTRIES: Mapping[str, Mapping[str, object]] = {
    "tasks": {"number": 2},
    "roles": {"code": "coach"},
    "pay-floors": {"key": "G1"},
    "weights": {"key": "wish"},
}
# What ends the visit of whoever sends it.
ENDING = {"/signout", "/account/sessions/end"}
CSRF = re.compile(r'name="csrf" value="([^"]+)"')
NOBODY = "00000000-0000-7000-8000-000000000000"
Mark = tuple[str, int, str]
Guards = tuple[str, ...]
# So many refusals by the same guards, and nothing else, are taken for a shut door; of what is
# behind it every fourth address is tried nevertheless: for everybody others, in each run the same.
SHUT, NOW_AND_THEN = 2, 4


@dataclass
class Heard:
    """Everything that somebody was answered, by address, and the marks in it."""

    name: str
    texts: dict[str, str] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    """Where the fault was ours."""
    requests: dict[str, str] = field(default_factory=dict)
    """Under which number each was answered; looks are written down under it."""
    marked: dict[str, set[Mark]] = field(default_factory=dict)
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)
    """What their browser keeps: forms that it got are good in it alone."""

    def keep(self, path: str, answer: httpx.Response) -> None:
        """Keep an answer."""
        self.texts[path] = f"{_text(answer)}\n{answer.headers}"
        self.marked[path] = marks_in(self.texts[path])
        self.requests[path] = answer.headers["x-request-id"]
        if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self.failed.append(path)

    def marks(self) -> dict[Mark, list[str]]:
        """Return every mark that was heard, and where."""
        found: dict[Mark, list[str]] = {}
        for path, marks in self.marked.items():
            for mark in marks:
                found.setdefault(mark, []).append(path)
        return found


def marks_in(text: str) -> set[Mark]:
    """Return the marks in a text: kind, organiser, whose."""
    marks = {(kind, int(organiser), whose) for kind, organiser, whose in MARKED.findall(text)}
    return marks | {("PHONE", 0, "".join(digits)) for digits in PHONE.findall(text)} | {
        (MONEYS[a + b], 0, c + d) for a, b, c, d in MONEY.findall(text) if a + b in MONEYS
    }  # fmt: skip


def mark_of(kind: str, whose: object, organiser: int = CITY) -> Mark:
    """Return the mark that a field of somebody's has; a number tells its organiser by itself."""
    if kind in {"PHONE", *MONEYS.values()}:
        return (kind, 0, f"{canaries.digits(organiser, whose):04}")
    return (kind, organiser, str(whose)[-canaries.LETTERS :])


@dataclass(frozen=True)
class Page:
    """An address with all that may stand in it, and what must let somebody in before it answers."""

    pattern: str
    guards: Guards
    paths: tuple[str, ...]


def paths(app: Litestar, ids: Mapping[str, tuple[object, ...]]) -> list[Page]:
    """Return every page that can be asked, each with all that may stand in its address."""
    known = {**ids, "part": ORDER, "file": ("statement.csv", "statement.xlsx")}
    known |= {"code": tuple(LISTS)}
    guards = {
        path: found for path, found in _routes(app, "GET").items() if not path.startswith(LEFT_OUT)
    }
    asked = [*guards, *QUESTIONS]
    return [
        Page(pattern, guards[pattern.partition("?")[0]], tuple(_filled(pattern, known)))
        for pattern in asked
    ]


def _routes(app: Litestar, method: Method) -> dict[str, Guards]:
    """Return the addresses that answer this, each with its guards."""
    return {
        route.path_format: tuple(map(asked_by, route.route_handler_map[method][0].resolve_guards()))
        for route in app.routes
        if isinstance(route, HTTPRoute) and method in route.methods
    }


def asked_by(guard: Guard) -> str:
    """Return what a guard asks for: two that ask for the same rights are the same door."""
    # Litestar wraps each in an object of its own; told by that, no two would ever be the same.
    asks = getattr(guard, "func", guard)
    cells = getattr(asks, "__closure__", None) or ()
    asked = ", ".join(_in_order(cell.cell_contents) for cell in cells)
    return f"{getattr(asks, '__qualname__', asks)} {asked}"


def _in_order(held: object) -> str:
    return str(sorted(map(str, held)) if isinstance(held, set | frozenset) else held)


def _filled(pattern: str, known: Mapping[str, tuple[object, ...]]) -> Iterator[str]:
    """Fill an address in; a name that is not known is a page that nobody reads here: add it."""
    names = re.findall(r"{(\w+)}", pattern)
    if "slug" in names:
        yield from (pattern.format(code=code, slug=slug_of(key)) for code, key in ENTRIES.items())
        return
    for values in product(*(known[name] for name in names)):
        yield pattern.format(**dict(zip(names, map(str, values), strict=True)))


async def talk(http: httpx.AsyncClient, clients: Iterable[object]) -> None:
    """Open the benefits of everybody with whom this browser's owner may talk about them."""
    for client_id in clients:
        opens = f"/clients/{client_id}/benefits/talk"
        form = (await http.get(f"/clients/{client_id}/edit/benefits")).text
        asked = CSRF.search(form)
        if asked and opens in form:
            await http.post(opens, data={"csrf": asked[1], "how": "phone"})


@dataclass
class Doors:
    """Which guards have let somebody in: what the same ones keep shut is tried now and then only.

    Where one of those opens after all, everything behind the same guards is tried. Nothing of it
    is left to chance: most ids are new in every run, so no choice goes by them.
    """

    whose: str
    answers: Callable[[str], Awaitable[httpx.Response]]
    refused: Counter[Guards] = field(default_factory=Counter)
    opened: set[Guards] = field(default_factory=set)
    left: dict[Guards, list[Page]] = field(default_factory=dict)

    async def knock(self, page: Page) -> None:
        """Ask for a page; one that is for others, whatever is on it, is asked for once."""
        if self._is_shut(page):
            self.left.setdefault(page.guards, []).append(page)
            return
        for path in page.paths:
            if _is_closed(await self.answers(path)):
                self.refused[page.guards] += 1
                return
            self.opened.add(page.guards)
        for other in self.left.pop(page.guards, []):
            await self.knock(other)

    def _is_shut(self, page: Page) -> bool:
        """Whether its guards have kept others shut, and it is not its turn to be tried."""
        if page.guards in self.opened or self.refused[page.guards] < SHUT:
            return False
        return crc32(f"{self.whose} {page.pattern}".encode()) % NOW_AND_THEN > 0


async def listen(http: httpx.AsyncClient, heard: Heard, asked: Iterable[Page]) -> None:
    """Ask for these pages."""

    async def ask(path: str) -> httpx.Response:
        answer = await http.get(path)
        heard.keep(path, answer)
        return answer

    doors = Doors(heard.name, ask)
    for page in asked:
        await doors.knock(page)


def writes(app: Litestar, ids: Mapping[str, tuple[object, ...]], token: str = "") -> list[Page]:
    """Return every address that something can be sent to, each once."""
    known = {name: values[0] for name, values in ids.items()} | {
        "part": ORDER[0], "code": "tasks", "slug": slug_of(ENTRIES["tasks"]), "step": "no",
        "verb": "give", "purpose": "name_to_orderer", "told_from": "client",
        "token": token or "no-token-of-anybody-here",
    }  # fmt: skip
    return [
        Page(
            path,
            guards,
            (path.format(**{n: known.get(n, NOBODY) for n in re.findall(r"{(\w+)}", path)}),),
        )
        for path, guards in _routes(app, "POST").items()
        if path not in ENDING
    ]


async def send(http: httpx.AsyncClient, heard: Heard, asked: Iterable[Page]) -> None:
    """Send empty forms, or nothing to the API: what is wrong is told, and may tell too much."""
    form = CSRF.search((await http.get("/orders/new")).text)
    given = [found[1] for found in map(CSRF.search, heard.texts.values()) if found]
    csrf = given[0] if given else form[1] if form else ""

    async def post(path: str) -> httpx.Response:
        is_api = path.startswith("/api/")
        sending = http.post(path, json={}) if is_api else http.post(path, data={"csrf": csrf})
        answer = await sending
        heard.keep(f"POST {path}", answer)
        return answer

    doors = Doors(heard.name, post)
    for page in asked:
        await doors.knock(page)


def _is_closed(answer: httpx.Response) -> bool:
    """Whether the page itself is refused: of what is on it, others' is not found (404)."""
    if answer.status_code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return True
    return str(answer.headers.get("location", "")).startswith("/signin")


def _text(answer: httpx.Response) -> str:
    """Return an answer as text; a spreadsheet's is in its parts."""
    if not answer.content.startswith(b"PK"):
        return answer.text
    with ZipFile(BytesIO(answer.content)) as parts:
        return "\n".join(parts.read(name).decode() for name in parts.namelist())
