"""What holds for every call whatever it means: HEAD, sizes, letters, callers that hang up."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import TypeGuard
from urllib.parse import unquote_plus

from litestar import Litestar
from litestar.enums import ScopeType
from litestar.exceptions import HTTPException
from litestar.types import (
    HTTPReceiveMessage,
    HTTPScope,
    LifeSpanReceive,
    LifeSpanScope,
    LifeSpanSend,
    Message,
    Receive,
    Scope,
    Send,
    WebSocketReceiveMessage,
)

from jobcenter.errors import NotFound
from jobcenter.fields import is_text

LONGEST_TARGET_BYTES = 16 * 1024
LONGEST_HEAD_BYTES = 32 * 1024
MOST_HEADERS = 100
HUNG_UP = "hung_up"


class App(Litestar):
    """The application; HEAD is answered as GET without the body, on every route."""

    async def __call__(
        self,
        scope: Scope | LifeSpanScope,
        receive: Receive | LifeSpanReceive,
        send: Send | LifeSpanSend,
    ) -> None:
        if _is_http(scope) and scope["method"] == "HEAD":
            scope["method"] = "GET"
            send = _without_body(send)
        await super().__call__(scope, receive, send)


def _is_http(scope: Scope | LifeSpanScope) -> TypeGuard[HTTPScope]:
    return scope["type"] == ScopeType.HTTP


def noticing(scope: Scope, receive: Receive) -> Receive:
    """Remember when the caller goes away while we still listen."""

    async def listen() -> HTTPReceiveMessage | WebSocketReceiveMessage:
        message = await receive()
        if message["type"] == "http.disconnect":
            scope["state"][HUNG_UP] = True
        return message

    return listen


def hung_up(scope: Scope) -> bool:
    """Whether the caller went away before they had said everything."""
    return bool(scope.get("state", {}).get(HUNG_UP))


def _without_body(send: Callable[..., Awaitable[None]]) -> Send:
    async def send_head(message: Message) -> None:
        if message["type"] == "http.response.body":
            message["body"] = b""
        await send(message)

    return send_head


def check_head(scope: Scope) -> None:
    """Refuse addresses and headers longer than anybody needs, and what is not HTTP."""
    headers = list(scope["headers"])
    if len(scope["raw_path"]) + len(scope["query_string"]) > LONGEST_TARGET_BYTES:
        raise HTTPException(status_code=HTTPStatus.REQUEST_URI_TOO_LONG)
    told = sum(len(name) + len(value) for name, value in headers)
    if len(headers) > MOST_HEADERS or told > LONGEST_HEAD_BYTES:
        raise HTTPException(status_code=HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
    if dict(headers).get(b"upgrade", b"").lower() == b"websocket":
        raise HTTPException(status_code=HTTPStatus.BAD_REQUEST)


def check_letters(scope: Scope) -> None:
    """Refuse NUL and its like in an address: nothing of ours is called so, and nobody asks so."""
    if not is_text(scope["path"]):
        raise NotFound
    if not is_text(unquote_plus(scope["query_string"].decode("latin-1"))):
        raise HTTPException(status_code=HTTPStatus.BAD_REQUEST)
