"""The outside world, for real: an SMS gateway and a mail server as processes, a faulty TCP proxy.

`python -m tests.servers sms|mail` runs one; it prints its port and answers GET /received and
PUT /mode on it (the mail server on a second port).
"""

import asyncio
import json
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

ROOT = Path(__file__).parent.parent
WAIT = 15.0
# How long a gateway that never answers, or a slow one, takes.
NEVER = 60.0
SLOW = 1.0


@dataclass(frozen=True)
class Outside:
    """A server in a process of its own: where it listens, and where to ask what it got."""

    port: int
    control: str
    process: subprocess.Popen[str]

    def mode(self, mode: str) -> None:
        """Change how it behaves from now on."""
        httpx.put(f"{self.control}/mode", content=mode).raise_for_status()

    def received(self) -> list[dict[str, str]]:
        """Return everything it has taken, in order."""
        found: list[dict[str, str]] = httpx.get(f"{self.control}/received").json()
        return found

    def asked(self) -> list[dict[str, str]]:
        """Return everything it was asked to take, whatever it answered."""
        found: list[dict[str, str]] = httpx.get(f"{self.control}/asked").json()
        return found

    def forget(self) -> None:
        """Make it as new."""
        httpx.delete(f"{self.control}/").raise_for_status()

    def references(self) -> list[str]:
        """Return the references of what it has taken."""
        return [each["reference"] for each in self.received()]

    def stop(self) -> None:
        """Take it down, as if it had never been there."""
        self.process.kill()
        self.process.wait()


@contextmanager
def running(kind: str, port: int = 0) -> Iterator[Outside]:
    """Run an SMS gateway ("sms") or a mail server ("mail"); stopped at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.servers", kind, str(port)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout
    listening, control = (int(word) for word in process.stdout.readline().split())
    server = Outside(listening, f"http://127.0.0.1:{control}", process)
    try:
        yield server
    finally:
        server.stop()
        process.stdout.close()


class Book:
    """What a server was asked and took, and how it behaves."""

    def __init__(self) -> None:
        self.mode = "ok"
        self.asked: list[dict[str, str]] = []
        self.received: list[dict[str, str]] = []
        self.lock = threading.Lock()

    def ask(self, message: dict[str, str]) -> None:
        with self.lock:
            self.asked.append(message)

    def take(self, message: dict[str, str]) -> None:
        """Keep a message; a good gateway keeps each reference once."""
        with self.lock:
            self.received.append(message)


BOOK = Book()


class Control(BaseHTTPRequestHandler):
    """Answers what was received, and changes the mode."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        with BOOK.lock:
            found = BOOK.asked if self.path == "/asked" else BOOK.received
            self.answer(200, json.dumps(found))

    def do_PUT(self) -> None:
        BOOK.mode = self.body()
        self.answer(200, "{}")

    def do_DELETE(self) -> None:
        with BOOK.lock:
            BOOK.mode = "ok"
            BOOK.asked.clear()
            BOOK.received.clear()
        self.answer(200, "{}")

    def body(self) -> str:
        return self.rfile.read(int(self.headers.get("content-length", 0))).decode()

    def answer(self, status: int, body: str) -> None:
        content = body.encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


class Gateway(Control):
    """An SMS gateway, moods: ok, slow, 500, timeout, lost (takes, then silence), error, 400."""

    def do_POST(self) -> None:
        message = json.loads(self.body())
        BOOK.ask(message)
        if BOOK.mode == "500":
            return self.answer(500, "down")
        if BOOK.mode == "400":
            return self.answer(400, '{"error": "not a number"}')
        if BOOK.mode == "error":
            return self.answer(200, '{"status": "rejected", "error": "no credit"}')
        if BOOK.mode == "timeout":
            time.sleep(NEVER)
            return None
        BOOK.take({**message, "authorization": self.headers.get("authorization", "")})
        if BOOK.mode == "lost":
            time.sleep(NEVER)
            return None
        if BOOK.mode == "slow":
            time.sleep(SLOW)
        return self.answer(200, json.dumps({"id": f"gw-{message['reference']}"}))


class Gateways(ThreadingHTTPServer):
    """Serves senders that may vanish in the middle of a word."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever was cut off says nothing."""


class Mailbox:
    """A mail server, moods: ok, 451 (later), 550 (nobody here), 421 (closing), lost."""

    async def handle_RCPT(
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        BOOK.ask({"to": address})
        scripted = {"451": "451 4.7.1 greylisted", "550": "550 5.1.1 nobody", "421": "421 closing"}
        if BOOK.mode in scripted:
            return scripted[BOOK.mode]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        BOOK.take({"to": envelope.rcpt_tos[0], "mail": content.decode(), "reference": ""})
        if BOOK.mode == "lost":
            await asyncio.sleep(NEVER)
        return "250 taken"


def _main(kind: str, port: int) -> None:
    if kind == "sms":
        server = Gateways(("127.0.0.1", port), Gateway)
        _say(server.server_port, server.server_port)
        server.serve_forever()
    control = ThreadingHTTPServer(("127.0.0.1", 0), Control)
    mail = Controller(Mailbox(), hostname="127.0.0.1", port=port or free_port())
    mail.start()
    _say(mail.port, control.server_port)
    control.serve_forever()


def _say(*ports: int) -> None:
    sys.stdout.write(" ".join(str(port) for port in ports) + "\n")
    sys.stdout.flush()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Control) as server:
        return int(server.server_port)


class Proxy:
    """A TCP proxy that can delay, swallow what comes back, close halfway or reset."""

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self.delay = 0.0
        self.mode = "pass"
        self.port = 0
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pump both ways until either side ends."""
        far_reader, far_writer = await asyncio.open_connection(*self.target)
        self._writers |= {writer, far_writer}
        there = asyncio.create_task(self._pump(reader, far_writer, back=False))
        back = asyncio.create_task(self._pump(far_reader, writer, back=True))
        self._tasks |= {there, back}
        await asyncio.wait({there, back}, return_when=asyncio.FIRST_COMPLETED)

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, back: bool
    ) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                if self.delay:
                    await asyncio.sleep(self.delay)
                if self.mode == "drop" and back:
                    continue
                if self.mode == "half-close" and back:
                    writer.write_eof()
                    return
                if self.mode == "reset":
                    self.cut()
                    return
                writer.write(data)
                await writer.drain()
        writer.close()

    def cut(self) -> None:
        """Reset every connection at once."""
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    def end(self) -> None:
        """Cut everything and stop pumping."""
        self.cut()
        for task in self._tasks:
            task.cancel()


@asynccontextmanager
async def proxy(host: str, port: int) -> AsyncIterator[Proxy]:
    """Stand a faulty proxy before a server; it listens on `port` of what is given."""
    made = Proxy(host, port)
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        made.end()


if __name__ == "__main__":
    _main(sys.argv[1], int(sys.argv[2]))
