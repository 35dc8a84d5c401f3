"""The register of companies over real HTTP: what it says stands beside what an orderer typed."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from jobcenter.companies import CompanyRegister, look_up
from jobcenter.errors import Unreachable
from jobcenter.worker.ticks import TICKS
from tests.cast import MONDAY
from tests.servers import free_port
from tests.web.surfer import sign_in, surfer
from tests.worker.conftest import Works

MINUTE = timedelta(minutes=1)
KEITTIO = "0112038-9"


def company(name: str, **more: object) -> dict[str, object]:
    """Return a company as the register writes it, with an older and a second name."""
    named = {"type": "1", "registrationDate": "1978-03-15", "source": "1"}
    return {
        "businessId": {"value": KEITTIO, "registrationDate": "1978-03-15", "source": "3"},
        "names": [
            {"name": "Old Words Oy", "version": 2, "endDate": "2001-01-01", **named},
            {"name": name, "version": 1, **named},
            {"name": "Second Words", "version": 1, **named, "type": "3"},
        ],
        "companySituations": [],
        "status": "2",
        "tradeRegisterStatus": "1",
        **more,
    }


@dataclass
class Register:
    """What the register answers, and what it was asked."""

    body: bytes = b"{}"
    status: int = 200
    asked: list[str] = field(default_factory=list)

    def says(self, *companies: object) -> None:
        found = {"totalResults": len(companies), "companies": companies}
        self.status, self.body = 200, json.dumps(found).encode()


@contextmanager
def running() -> Iterator[tuple[Register, CompanyRegister]]:
    register = Register()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            register.asked += parse_qs(urlsplit(self.path).query)["businessId"]
            self.send_response(register.status)
            self.send_header("content-length", str(len(register.body)))
            self.end_headers()
            self.wfile.write(register.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield register, CompanyRegister(f"http://127.0.0.1:{server.server_port}/v3/companies", 2.0)
    finally:
        server.shutdown()
        server.server_close()


async def test_what_the_register_says_is_understood() -> None:
    with running() as (register, where):
        situations = [{"type": "KONK"}, {"type": "SANE", "endDate": "2020-01-01"}]
        register.says(company("Keittiö Oy", endDate="2026-05-31", companySituations=situations))
        found = await look_up(where, KEITTIO)
        assert found
        assert (found.name, str(found.ended_on), found.situations) == (
            "Keittiö Oy", "2026-05-31", ("KONK",),
        )  # fmt: skip
        register.says()
        assert await look_up(where, KEITTIO) is None
        for body in (b"<html>", b"[]", b'{"companies": 3}', b"x" * 600_000):
            register.body = body
            with pytest.raises(Unreachable):
                await look_up(where, KEITTIO)
    with pytest.raises(Unreachable):
        await look_up(CompanyRegister(f"http://127.0.0.1:{free_port()}/", 1.0), KEITTIO)


async def test_staff_see_what_the_register_says_and_when_nobody_has_looked(works: Works) -> None:
    cast, now = works.cast, MONDAY
    with running() as (register, where):
        hands = replace(works.hands, config=replace(works.hands.config, register=where))
        async with surfer(cast.database) as browser:
            browser.cookies.set("jobcenter_language", "en")
            await sign_in(browser, cast, cast.maija)

            async def shown() -> str:
                return (await browser.get(f"/board/parties/{cast.keittio}")).text

            assert "Not checked" in await shown()
            # Without an address nobody is asked; away, it is asked again later and not at once.
            assert not await TICKS["register"](works.hands, now)
            register.status = 503
            assert not await TICKS["register"](hands, now)
            assert "did not answer" in await shown()
            assert not await TICKS["register"](hands, now + MINUTE)
            assert register.asked == [KEITTIO]
            register.says(company("Ravintola Keittiö Oy", endDate="2026-05-31"))
            now += 10 * MINUTE
            assert await TICKS["register"](hands, now)
            for words in ("Ravintola Keittiö Oy", "Ended", "Another name than was typed"):
                assert words in await shown()
            # An answer holds for a month; when the register is away then, it stays.
            assert not await TICKS["register"](hands, now + timedelta(days=29))
            register.status = 503
            await TICKS["register"](hands, now + timedelta(days=30))
            assert "Ravintola Keittiö Oy" in await shown()
            assert register.asked == [KEITTIO] * 3
