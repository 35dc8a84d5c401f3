"""The edges of the web: sizes, protocols, callers who leave, callers who come too often."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import replace

import httpx
import pytest

from jobcenter import access
from tests.cast import Cast
from tests.conftest import Fresh
from tests.web.programs import Program, Programs, app_of, browser_of
from tests.web.surfer import CONFIG, Clock, Surfer, sign_in, surfer

Message = MutableMapping[str, object]
NOWHERE = "/api/orders/00000000-0000-7000-8000-000000000000"


async def test_too_long_an_address_or_head_is_refused(onlookers: Cast) -> None:
    async with surfer(onlookers.database) as browser:
        assert (await browser.get("/signin?next=" + "x" * 32_000)).status_code == 414
        assert (await browser.get("/signin", headers={"x-long": "x" * 64_000})).status_code == 431
        many = {f"x-{number}": "x" for number in range(500)}
        assert (await browser.get("/signin", headers=many)).status_code == 431
        assert (await browser.get("/signin", headers={"upgrade": "websocket"})).status_code == 400


async def test_pages_read_only_what_forms_send(onlookers: Cast) -> None:
    async with surfer(onlookers.database) as browser:
        form = await browser.form("/signin", "/signin")
        for kind in ("application/json", "text/plain", "application/xml"):
            answer = await browser.post(
                "/signin", content=json.dumps(form), headers={"content-type": kind}
            )
            assert answer.status_code == 415, kind
        packed = {"content-encoding": "gzip"}
        assert (await browser.post("/signin", data=form, headers=packed)).status_code == 415


async def test_https_is_asked_for_on_every_answer_where_it_is_spoken(onlookers: Cast) -> None:
    secure = replace(CONFIG, base_url="https://jobcenter.test")
    async with surfer(onlookers.database, config=secure) as browser:
        for path in ("/signin", "/nowhere", "/static/app.css", "/health/live"):
            assert "strict-transport-security" in (await browser.get(path)).headers, path
    async with surfer(onlookers.database) as browser:
        assert "strict-transport-security" not in (await browser.get("/signin")).headers


async def test_no_page_runs_or_loads_anything_of_others(onlookers: Cast) -> None:
    async with surfer(onlookers.database) as browser:
        answer = await browser.get("/orders/new")
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        for inline in (" style=", " onclick=", " onload=", "<script>", "javascript:"):
            assert inline not in answer.text
        assert 'src="http' not in answer.text
        assert 'rel="stylesheet" href="http' not in answer.text


async def test_a_caller_who_leaves_in_the_middle_is_no_error_of_ours(
    cast: Cast, fresh: Fresh, caplog: pytest.LogCaptureFixture
) -> None:
    programs = Programs(cast, browser_of(app_of(cast, fresh, Clock())), Clock())
    sari = await programs.of(cast.sari)
    said: list[Message] = [
        {"type": "http.request", "body": b'{"task_number"', "more_body": True},
        {"type": "http.disconnect"},
    ]
    heard: list[Message] = []

    async def receive() -> Message:
        return said.pop(0) if said else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        heard.append(message)

    headers = {**sari.headers(), "content-type": "application/json", "content-length": "900"}
    scope: Message = {
        "type": "http", "method": "POST", "path": "/api/orders", "raw_path": b"/api/orders",
        "root_path": "", "query_string": b"", "scheme": "http", "http_version": "1.1",
        "asgi": {"version": "3.0"}, "client": ("127.0.0.1", 1), "server": ("localhost", 80),
        "headers": [(name.lower().encode(), text.encode()) for name, text in headers.items()],
    }  # fmt: skip
    app: Callable[..., Awaitable[None]] = app_of(cast, fresh, Clock())
    with caplog.at_level(logging.INFO):
        await app(scope, receive, send)
    assert heard[0]["status"] == 400
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


@pytest.mark.parametrize(("depth", "status"), [(31, 422), (33, 400), (50_000, 400)])
async def test_a_body_is_nested_32_deep_at_most(
    cast: Cast, fresh: Fresh, depth: int, status: int
) -> None:
    async with browser_of(app_of(cast, fresh, Clock())) as http:
        sari = await Programs(cast, http, Clock()).of(cast.sari)
        deep = b'{"title": "[[[\\"[[[", "x": ' + b"[" * depth + b"]" * depth + b"}"
        kind = {"content-type": "application/json"}
        answer = await http.post("/api/orders", content=deep, headers=sari.headers(kind))
        assert answer.status_code == status


async def test_what_a_route_does_not_ask_is_refused(cast: Cast, fresh: Fresh) -> None:
    async with browser_of(app_of(cast, fresh, Clock())) as http:
        maija = await Programs(cast, http, Clock()).of(cast.maija)
        answer = await maija.get(f"{NOWHERE}?sort=password_hash")
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "unknown_field")
        assert (await maija.get(f"{NOWHERE}?fields=needs")).status_code == 422


async def test_a_token_has_sixty_calls_a_minute(cast: Cast, fresh: Fresh) -> None:
    clock = Clock()
    async with browser_of(app_of(cast, fresh, clock)) as http:
        programs = Programs(cast, http, clock)
        maija, pekka = await programs.of(cast.maija), await programs.of(cast.pekka)
        answers = [await maija.get(NOWHERE) for _ in range(58)]
        answers += await asyncio.gather(*(maija.get(NOWHERE) for _ in range(4)))
        assert sorted(answer.status_code for answer in answers) == [404] * 60 + [429] * 2
        refused = next(answer for answer in answers if answer.status_code == 429)
        assert 0 < int(refused.headers["retry-after"]) <= 61
        assert (await pekka.get(NOWHERE)).status_code == 404
        clock.move(minutes=1)
        assert (await maija.get(NOWHERE)).status_code == 404
    kept = await fresh.owner("SELECT kind, mark FROM tries")
    assert {row["kind"] for row in kept} == {"api"}
    assert access.hash_of(maija.token) not in {row["mark"] for row in kept}


async def test_whoever_tries_tokens_is_stopped(cast: Cast, fresh: Fresh) -> None:
    async with browser_of(app_of(cast, fresh, Clock())) as http:
        answers = [await Program(http, f"{n:030}").get(NOWHERE) for n in range(31)]
        assert [answer.status_code for answer in answers] == [401] * 29 + [429] * 2
        # The right token still opens: one guesser does not lock a whole office out.
        maija = await Programs(cast, http, Clock()).of(cast.maija)
        assert (await maija.get(NOWHERE)).status_code == 404


SEARCHES = {
    "maija": ("/board?q=a", "/clients?q=a"),
    "jaana": ("/users?q=a",),
    "tuija": ("/audit/people?q=a", "/audit/client?number=a"),
}


async def test_thirty_searches_a_minute_wherever_one_searches(cast: Cast) -> None:
    """One limit for a person on all pages together; what is no search goes on."""
    for name, pages in SEARCHES.items():
        async with surfer(cast.database) as browser:
            await sign_in(browser, cast, getattr(cast, name))
            for n in range(30):
                found = await browser.get(pages[n % len(pages)])
                assert found.status_code == (422 if "number" in pages[n % len(pages)] else 200)
            for page in pages:
                assert (await browser.get(page)).status_code == 429
                assert (await browser.get(page.partition("?")[0] + "?q=")).status_code in {200, 422}
                assert (await browser.get(page[:-1] + "x" * 5000)).status_code == 422


async def test_visitors_of_one_address_order_twenty_times(cast: Cast, fresh: Fresh) -> None:
    clock = Clock()
    async with surfer(cast.database, clock) as browser:
        review = await _visitors_review(browser)
        sent = []
        for _ in range(21):
            clock.move(seconds=3)
            sent.append(await browser.send_shown(review, "/orders"))
        assert [answer.status_code for answer in sent] == [200] * 20 + [429]
        assert "09 310 00000" in sent[-1].text
    marks = {row["mark"] for row in await fresh.owner("SELECT mark FROM tries")}
    assert access.hash_of("127.0.0.1") not in marks


async def _visitors_review(browser: Surfer) -> httpx.Response:
    browser.cookies.set("jobcenter_language", "en")
    return await browser.send_form(
        "/orders/new?fresh=true", "/orders/new", task="2", title="Tiskaus", site="new",
        timing="fixed", day="2026-11-26", start="10", end="13", pay="11,50",
        party_name="Pihayhdistys ry", party_kind="association", address="Vaasankatu 5",
        postcode="00500", contact_name="Ulla Uusi", contact_phone="040 123 4567",
        contact_email="ulla@piha.example",
    )  # fmt: skip
