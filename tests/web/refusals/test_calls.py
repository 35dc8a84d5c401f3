"""Every bad call is answered as the list of bad inputs says: told plainly, and nothing changed."""

import re
import time
import unicodedata
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from litestar.routes import HTTPRoute

from jobcenter.web.app import LARGEST_BODY_BYTES
from jobcenter.web.asking import WebConfig
from tests.cast import CITY, MONDAY, as_cast
from tests.conftest import Fresh, Server, cloned
from tests.web.lending import Lent
from tests.web.programs import Program, Programs, browser_of
from tests.web.refusals import rows, test_forms
from tests.web.refusals.bearers import bearers
from tests.web.refusals.calls import (
    ORDER,
    REAL,
    REFUSED_CALLS,
    REFUSED_ORDERS,
    SOMEWHERE,
    SQL_CALLS,
    TAKEN_ORDERS,
    Call,
)
from tests.web.surfer import Clock

TESTS = Path(__file__).parents[2]
OFTEN = WebConfig(
    secret="test", base_url="http://localhost", phone="09 310 00000", organiser=CITY,
    api_a_minute=100_000,
)  # fmt: skip
# What a call may leave behind although it was refused: counts, and who looked.
LEFT_BEHIND = {"tries", "looks", "sessions", "api_tokens"}
LETTER = re.compile(r"[A-Za-z]")
# What is another order's, or another request's.
VARIES = re.compile(r'"(id|number|request_id)": ?"?[\w-]+"?')
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "FOO", "TRACE")
LEAKS = re.compile(r"Traceback|SELECT |INSERT |DETAIL|asyncpg|sqlalchemy|File \"")


@dataclass
class Stage:
    """A database for all calls of this file, and programs that call it."""

    fresh: Fresh
    programs: Programs
    app: Lent
    held: Mapping[str, str]

    async def call(self, call: Call) -> httpx.Response:
        """Make one call."""
        caller = await self.caller(call.who)
        headers, ask = caller.headers(dict(call.headers)), self.programs.http.request
        if call.cookie:
            headers["cookie"] = f"jobcenter_session={self.held[call.cookie]}"
        if call.json:
            return await ask(call.method, call.path, headers=headers, json=call.json)
        return await ask(call.method, call.path, headers=headers, content=call.content)

    async def caller(self, name: str) -> Program:
        """Return who calls."""
        cast = self.programs.cast
        known = {"sari": cast.sari, "maija": cast.maija}
        if name not in known:
            return Program(self.programs.http, self.held.get(name, ""))
        return await self.programs.of(known[name])

    async def everything(self) -> dict[str, str]:
        """Return a mark of all that is stored, by table."""
        tables = [
            row[0]
            for row in await self.fresh.owner(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            )
            if row[0] not in LEFT_BEHIND
        ]
        marks = ", ".join(
            f"(SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) FROM {table} t) AS {table}"
            for table in tables
        )
        (row,) = await self.fresh.owner(f"SELECT {marks}")
        return {name: str(mark) for name, mark in row.items()}


@pytest_asyncio.fixture(scope="module")
async def stage(server: Server) -> AsyncIterator[Stage]:
    # A second past nine, so that nine is a second ago.
    clock = Clock(MONDAY + timedelta(seconds=1))
    async with cloned(server, server.peopled) as fresh:
        cast = as_cast(fresh.owner_dsn, fresh.database)
        app = Lent(fresh.database, OFTEN, clock)
        async with browser_of(app) as http:
            yield Stage(fresh, Programs(cast, http, clock), app, await bearers(cast, fresh))


def named(calls: tuple[Call, ...]) -> list[object]:
    return [pytest.param(call, id=f"{call.row} {call.what[:40]}") for call in calls]


@pytest.mark.parametrize("call", named(REFUSED_ORDERS + REFUSED_CALLS))
async def test_a_bad_call_is_told_and_changes_nothing(stage: Stage, call: Call) -> None:
    await stage.caller(call.who)
    before = await stage.everything()
    answer = await stage.call(call)
    assert answer.status_code in call.statuses, answer.text[:500]
    if call.code:
        assert call.code in [error["code"] for error in answer.json()["errors"]], answer.text
    if call.path.startswith("/api/"):
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert answer.json()["request_id"] == answer.headers["x-request-id"]
    if answer.status_code == 405:
        assert answer.headers["allow"]
    assert not LEAKS.search(answer.text)
    assert await stage.everything() == before


async def test_85_86_what_opens_no_door_here_opens_its_own(stage: Stage) -> None:
    sari = await stage.caller("sari")
    assert (await sari.get(f"/api/orders/{REAL}")).status_code == 200
    for who, path in (("client", "/gig"), ("session", "/orders")):
        cookie = {"cookie": f"jobcenter_session={stage.held[who]}"}
        assert (await stage.programs.http.get(path, headers=cookie)).status_code == 200, who


async def test_78_no_path_takes_a_method_that_it_does_not_have(stage: Stage) -> None:
    before, odd = await stage.everything(), []
    for route in stage.app.app.routes:
        assert isinstance(route, HTTPRoute)
        path = re.sub(r"\{.*?\}", SOMEWHERE, route.path_format)
        allowed = set(route.methods) | ({"HEAD"} if "GET" in route.methods else set())
        for method in {*METHODS} - allowed:
            answer = await stage.programs.http.request(method, path)
            told = set(answer.headers.get("allow", "").split(", "))
            if (answer.status_code, told) != (405, allowed) or LEAKS.search(answer.text):
                odd.append((method, path, answer.status_code, told))
    assert odd == []
    assert await stage.everything() == before


PART = b"x" * 65_536
PARTS = 160


@pytest.mark.parametrize("path", ["/api/orders", "/signin"])
@pytest.mark.parametrize("length", ["told", "not told"])
async def test_28_ten_megabytes_are_refused_and_not_read_on(
    stage: Stage, path: str, length: str
) -> None:
    """Whether their length is told or they come in parts of which nobody knows how many."""
    given = 0

    async def parts() -> AsyncIterator[bytes]:
        nonlocal given
        for _ in range(PARTS):
            given += 1
            yield PART

    kind = "application/json" if path.startswith("/api/") else "application/x-www-form-urlencoded"
    told = {"content-length": str(PARTS * len(PART))} if length == "told" else {}
    headers = (await stage.caller("sari")).headers({"content-type": kind, **told})
    answer = await stage.programs.http.post(path, content=parts(), headers=headers)
    assert answer.status_code == 413, answer.text
    # 256 kB, and the part with which it was too much.
    assert given <= LARGEST_BODY_BYTES / len(PART) + 1


@pytest.mark.parametrize("call", named(SQL_CALLS))
async def test_sql_is_text(stage: Stage, call: Call) -> None:
    """Letters that make no sense get the same answer; how soon, `benchmarks.typed` tells."""
    name, _, text = call.what.partition(": ")
    twin = LETTER.sub("x", text)
    senseless = replace(call, json={**ORDER, name: twin})
    bodies = [
        VARIES.sub("", (await _sent(stage, each)).text.replace(typed, "typed"))
        for each, typed in ((call, text), (senseless, twin))
    ]
    assert bodies[0] == bodies[1]


@pytest.mark.parametrize("call", named(TAKEN_ORDERS))
async def test_what_only_looks_bad_is_taken_as_it_is(stage: Stage, call: Call) -> None:
    await _sent(stage, call)


async def _sent(stage: Stage, call: Call) -> httpx.Response:
    """Send an order, and return it as it is shown afterwards, or its refusal."""
    sari = await stage.caller("sari")
    begun = time.monotonic()
    answer = await sari.post(call.path, call.json, dict(call.headers))
    assert answer.status_code in call.statuses, answer.text
    assert time.monotonic() - begun < 4
    assert not LEAKS.search(answer.text)
    if answer.status_code != 201 or not call.json:
        return answer
    shown = await sari.get(answer.headers["location"])
    assert shown.json()["title"] == unicodedata.normalize("NFC", str(call.json["title"]))
    return shown


def test_every_number_is_proven() -> None:
    calls = REFUSED_ORDERS + REFUSED_CALLS + SQL_CALLS + TAKEN_ORDERS
    here = {call.row for call in calls} | set(test_forms.ROWS)
    told = here | set(rows.SEEN) | set(rows.NOT_YET)
    assert told == rows.NUMBERS, sorted(told ^ rows.NUMBERS)
    assert set(rows.DIFFERS) <= told


def test_what_is_said_to_prove_it_is_there() -> None:
    for where in rows.SEEN.values():
        path, _, name = where.partition("::")
        text = (TESTS / path).read_text(encoding="utf-8")
        assert re.search(rf"^(async )?def {name}\(", text, re.MULTILINE), where
