"""Every example of docs/api.md, run in its order against the real application."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.cast import Cast
from tests.conftest import Fresh
from tests.web.programs import Program, Programs, app_of, browser_of
from tests.web.surfer import Clock

DOCUMENT = Path(__file__).parents[2] / "docs" / "api.md"
EXAMPLE = re.compile(
    r"^(?P<who>Sari|Maija|Anyone)\b[^\n]*→ (?P<status>\d{3})(?:, keeps (?P<keeps>\w+))?"
    r"(?: \(at (?P<at>[^)]+)\))?\n\n```http\n(?P<call>.*?)```",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Example:
    who: str
    status: int
    keeps: str | None
    at: datetime | None
    method: str
    path: str
    headers: dict[str, str]
    body: str


def examples() -> Iterator[Example]:
    for found in EXAMPLE.finditer(DOCUMENT.read_text(encoding="utf-8")):
        head, _, body = found["call"].partition("\n\n")
        first, *lines = head.strip().splitlines()
        method, path = first.split()
        pairs = [(name, value) for name, _, value in (line.partition(": ") for line in lines)]
        at = datetime.fromisoformat(found["at"]) if found["at"] else None
        yield Example(
            found["who"], int(found["status"]), found["keeps"], at, method, path,
            dict(pairs), body.strip(),
        )  # fmt: skip


def filled(text: str, names: dict[str, str]) -> str:
    for name, value in names.items():
        text = text.replace("{" + name + "}", value)
    return text


async def test_every_example_answers_as_told(cast: Cast, fresh: Fresh) -> None:
    clock = Clock()
    names = {
        "aino": str(cast.aino), "eetu": str(cast.eetu), "venla": str(cast.venla),
        "kim": str(cast.kim_coach),
    }  # fmt: skip
    async with browser_of(app_of(cast, fresh, clock)) as http:
        programs = Programs(cast, http, clock)
        callers = {
            "Sari": await programs.of(cast.sari),
            "Maija": await programs.of(cast.maija),
            "Anyone": Program(http),
        }
        for example in examples():
            clock.now = example.at or clock.now
            path = filled(example.path, names)
            body = json.loads(filled(example.body, names)) if example.body else None
            caller = callers[example.who]
            answer = await (
                caller.post(path, body, example.headers)
                if example.method == "POST"
                else caller.get(path)
            )
            assert answer.status_code == example.status, (example.path, answer.text)
            if example.keeps:
                names[example.keeps] = answer.json()["id"]


async def test_every_operation_has_an_example(cast: Cast, fresh: Fresh) -> None:
    async with browser_of(app_of(cast, fresh, Clock())) as http:
        document = (await http.get("/schema/openapi.json")).json()
    described = {
        (method.upper(), re.sub(r"{[^}]+}", "{}", path))
        for path, operations in document["paths"].items()
        for method in operations
    }
    shown = {
        (example.method, re.sub(r"{[^}]+}", "{}", example.path.partition("?")[0]))
        for example in examples()
    }
    assert described - shown == set()
