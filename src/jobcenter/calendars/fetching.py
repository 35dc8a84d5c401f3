"""Fetches a calendar's text from where a coach said it is, within bounds.

A name is resolved once for each request and that very number is called, so no second answer of a
name server can lead inside. Nothing here tells the address to a log or in an error.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass

import httpx

from jobcenter.calendars.addresses import NotThere, Place, is_public, next_place, place_of
from jobcenter.calendars.expanding import Unread

MOST_BYTES = 2 * 1024 * 1024
MOST_REDIRECTS = 3
REDIRECTS = frozenset({301, 302, 303, 307, 308})

Resolve = Callable[[str, int], Awaitable[list[str]]]


async def resolve(host: str, port: int) -> list[str]:
    """Return every number that a name stands for."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]


@dataclass(frozen=True, slots=True)
class Way:
    """How calendars are fetched: how long it may take, and what a test may change."""

    seconds: float = 10.0
    loopback: bool = False
    """Whether this very machine may be asked too, and over http: off but in tests."""
    resolve: Resolve = resolve
    trust: ssl.SSLContext | None = None
    """Whose certificates hold; without it those of the usual authorities."""


async def fetch(address: str, way: Way) -> str:
    """Return the text behind an address.

    :raises Unread: when there is none that may be read
    """
    try:
        async with asyncio.timeout(way.seconds):
            return (await _follow(address, way)).decode("utf-8-sig", errors="replace")
    except NotThere:
        raise Unread("not_public") from None
    except (TimeoutError, httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError):
        raise Unread("unreachable") from None


async def _follow(address: str, way: Way) -> bytes:
    place = place_of(address, loopback=way.loopback)
    # The bare transport: no proxy from the environment, no cookies, no line in a log.
    async with httpx.AsyncHTTPTransport(verify=way.trust or ssl.create_default_context()) as out:
        for _ in range(MOST_REDIRECTS + 1):
            found = await _ask(out, place, way)
            if isinstance(found, bytes):
                return found
            place = found
    raise Unread("redirects")


async def _ask(out: httpx.AsyncHTTPTransport, place: Place, way: Way) -> bytes | Place:
    """Return what is there, or where it sends us on to."""
    async with aclosing(await out.handle_async_request(await _request(place, way))) as answer:
        if not _sends_on(answer):
            return await _body(answer)
        return next_place(place, answer.headers["location"], loopback=way.loopback)


def _sends_on(answer: httpx.Response) -> bool:
    return answer.status_code in REDIRECTS and bool(answer.headers.get("location"))


async def _request(place: Place, way: Way) -> httpx.Request:
    """Ask at the number that the name stands for now; the certificate must be the name's."""
    number = await _number(place, way)
    host = f"[{number}]" if ":" in number else number
    url = httpx.URL(f"{place.scheme}://{host}:{place.port}{place.target}")
    wait = dict.fromkeys(("connect", "read", "write", "pool"), way.seconds)
    return httpx.Request(
        "GET",
        url,
        headers={
            "host": place.named, "user-agent": "Jobcenter", "accept": "text/calendar",
            # What is packed could unpack to any size.
            "accept-encoding": "identity",
        },
        extensions={"sni_hostname": place.host, "timeout": wait},
    )  # fmt: skip


async def _number(place: Place, way: Way) -> str:
    numbers = await way.resolve(place.host, place.port)
    if not numbers or not all(is_public(each, loopback=way.loopback) for each in numbers):
        raise NotThere("not_public")
    return numbers[0]


async def _body(answer: httpx.Response) -> bytes:
    if answer.status_code != httpx.codes.OK:
        raise Unread("refused" if answer.status_code < 500 else "unreachable")
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise Unread("not_calendar")
    body = b""
    async for part in answer.aiter_raw():
        body += part
        if len(body) > MOST_BYTES:
            raise Unread("too_big")
    return body
