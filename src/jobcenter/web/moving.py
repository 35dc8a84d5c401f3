"""An order moves to the date that its orderer was offered, in one tap: signed in or by the mail."""

from uuid import UUID

from litestar import Response, Router, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody

from jobcenter.orders import moving
from jobcenter.times import parse
from jobcenter.web.asking import Asking, needs
from jobcenter.web.orderer import holder_of
from jobcenter.web.pages import see

Sent = URLEncodedBody[dict[str, str]]


@post("/status/{token:str}/move")
async def move_by_link(
    asking: NamedDependency[Asking], token: FromPath[str], data: Sent
) -> Response[str]:
    """Move an order to the date that was offered, from the mail that offered it."""
    holder, order_id = await holder_of(asking, token)
    await _move(holder, order_id, data)
    return see(f"/status/{token}")


@post("/orders/{order_id:uuid}/move", guards=[needs("order")])
async def move(
    asking: NamedDependency[Asking], order_id: FromPath[UUID], data: Sent
) -> Response[str]:
    """Move an order to the date that was offered."""
    await _move(asking, order_id, data)
    return see(f"/orders/{order_id}", note="changed")


async def _move(asking: Asking, order_id: UUID, data: dict[str, str]) -> None:
    start = parse(data.get("start", ""), field="start")
    await asking.act(moving.move, order_id=order_id, start=start, now=asking.now)


router = Router("/", route_handlers=[move, move_by_link])
