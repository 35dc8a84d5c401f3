"""A small closed-loop load: each connection asks again as soon as it is answered.

It speaks HTTP/1.1 by hand, so that the one who asks costs little beside the one who answers.
"""

import asyncio
import os
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

CONNECTIONS = 8
HOST = "127.0.0.1"
END = b"\r\n\r\n"


class WrongAnswer(Exception):
    """What came back is not the page that was to be measured."""


@dataclass(frozen=True, slots=True)
class Server:
    """A process that answers on a port."""

    port: int
    process_id: int

    def processor(self) -> float:
        """Return the seconds of a core that it has used so far, as Linux counts them."""
        told = Path(f"/proc/{self.process_id}/stat").read_text(encoding="ascii")
        user, system = told.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@dataclass
class Target:
    """One page: who serves it and where, who asks for it, and what was measured so far."""

    name: str
    server: Server
    path: str
    cookies: str = ""
    seconds: float = 0.0
    processor: float = 0.0
    waits: list[float] = field(default_factory=list)
    size: int = 0

    @property
    def request(self) -> bytes:
        lines = [
            f"GET {self.path} HTTP/1.1",
            f"Host: {HOST}:{self.server.port}",
            "Accept-Language: en",
        ]
        if self.cookies:
            lines.append(f"Cookie: {self.cookies}")
        return "\r\n".join(lines).encode() + END

    @property
    def per_second(self) -> float:
        return len(self.waits) / self.seconds

    @property
    def processor_ms(self) -> float:
        """Return what one request costs its server's process, in milliseconds of a core."""
        return 1000 * self.processor / len(self.waits)

    def wait(self, share: float) -> float:
        """Return the wait, in milliseconds, that this share of the requests did not exceed."""
        ordered = sorted(self.waits)
        return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * share))]


async def press(target: Target, seconds: float, *, counted: bool = True) -> None:
    """Ask for a page on all connections for so long; what is under way at the end is finished."""
    began, began_processor = perf_counter(), target.server.processor()
    waits = await asyncio.gather(
        *(_ask_on(target, began + seconds) for _ in range(CONNECTIONS)),
    )
    if counted:
        target.seconds += perf_counter() - began
        target.processor += target.server.processor() - began_processor
        target.waits += [wait for each in waits for wait in each]


async def _ask_on(target: Target, until: float) -> list[float]:
    reader, writer = await asyncio.open_connection(HOST, target.server.port)
    request, waits = target.request, []
    try:
        while (began := perf_counter()) < until:
            writer.write(request)
            target.size = await _answer(reader, target.path)
            waits.append(perf_counter() - began)
    finally:
        writer.close()
    return waits


async def _answer(reader: asyncio.StreamReader, path: str) -> int:
    """Read one answer to its end and return the size of its body."""
    status, *headers = (await reader.readuntil(END)).decode("latin-1").split("\r\n")
    if status.split()[1] != "200":
        raise WrongAnswer(f"{path}: {status}")
    named = {name.lower(): value for name, _, value in (line.partition(":") for line in headers)}
    size = int(named["content-length"])
    await reader.readexactly(size)
    return size
