"""A calendar service of a test's own, over real HTTP or HTTPS."""

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Service:
    """What it answers by path, how slowly, and what it was asked."""

    pages: dict[str, Answer] = field(default_factory=dict)
    slow: float = 0.0
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Under which host, and for which path."""
    port: int = 0

    def says(self, path: str, body: str | bytes, status: int = 200, **heads: str) -> str:
        """Have it answer so; return the address."""
        content = body.encode() if isinstance(body, str) else body
        self.pages[path] = status, {k.replace("_", "-"): v for k, v in heads.items()}, content
        return f"http://127.0.0.1:{self.port}{path}"

    def of(self, asked: BaseHTTPRequestHandler) -> Answer:
        self.asked.append((asked.headers["host"], asked.path))
        time.sleep(self.slow)
        return self.pages.get(asked.path, (404, {}, b"gone"))


def _handler(service: Service) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, heads, body = service.of(self)
            self.send_response(status)
            for name, value in {"content-length": str(len(body)), **heads}.items():
                self.send_header(name, value)
            # Who has read enough, or waited enough, hangs up.
            with suppress(ConnectionError):
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's
            """Say nothing."""

    return Handler


Serve = Callable[..., Service]


@contextmanager
def services() -> Iterator[Serve]:
    """Start services, with a certificate where one is given; all stop at the end."""
    running: list[ThreadingHTTPServer] = []

    def start(certificate: ssl.SSLContext | None = None) -> Service:
        service = Service()
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(service))
        if certificate:
            server.socket = certificate.wrap_socket(server.socket, server_side=True)
        service.port = server.server_port
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        running.append(server)
        return service

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Let a test start services of its own."""
    with services() as start:
        yield start
