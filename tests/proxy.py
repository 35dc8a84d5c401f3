"""A proxy before PostgreSQL that can swallow what comes back once a write was committed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import parse_qs, urlsplit, urlunsplit

ACTING = b"user\x00jobcenter_act\x00"
COMMIT = b"COMMIT"
SOCKET = ".s.PGSQL.5432"


class Wire:
    """One proxy; while `swallows`, a write's COMMIT goes through and its answer never comes."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self.address = ""
        self.swallows = False
        self.swallowed = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pump both ways until either side ends."""
        try:
            far_reader, far_writer = await self._far()
        except OSError:
            writer.close()
            return
        self._writers |= {writer, far_writer}
        muted = asyncio.Event()
        there = asyncio.create_task(self._there(reader, far_writer, muted))
        back = asyncio.create_task(self._back(far_reader, writer, muted))
        self._tasks |= {there, back}
        await asyncio.wait({there, back}, return_when=asyncio.FIRST_COMPLETED)
        if not muted.is_set():
            writer.close()
            far_writer.close()

    async def _far(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        parts = urlsplit(self.dsn)
        directory = parse_qs(parts.query).get("host")
        if directory:
            return await asyncio.open_unix_connection(f"{directory[0]}/{SOCKET}")
        return await asyncio.open_connection(parts.hostname, parts.port or 5432)

    async def _there(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, muted: asyncio.Event
    ) -> None:
        acts = False
        with suppress(OSError):
            while data := await reader.read(65536):
                acts = acts or ACTING in data
                if self.swallows and acts and COMMIT in data:
                    muted.set()
                writer.write(data)
                await writer.drain()

    async def _back(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, muted: asyncio.Event
    ) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                if muted.is_set():
                    self.swallowed.set()
                    continue
                writer.write(data)
                await writer.drain()

    def end(self) -> None:
        """Cut everything."""
        for writer in self._writers:
            writer.transport.abort()
        for task in self._tasks:
            task.cancel()


@asynccontextmanager
async def wired(owner_dsn: str) -> AsyncIterator[Wire]:
    """Stand a proxy before the server of this address; `address` is where it is reached."""
    wire = Wire(owner_dsn)
    server = await asyncio.start_server(wire.serve, "127.0.0.1", 0)
    parts = urlsplit(owner_dsn)
    login = parts.netloc.rpartition("@")[0]
    place = f"{login}@127.0.0.1:{server.sockets[0].getsockname()[1]}"
    wire.address = urlunsplit(parts._replace(netloc=place, query=""))
    try:
        yield wire
    finally:
        server.close()
        wire.end()
