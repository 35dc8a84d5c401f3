"""A client's page for the staff of their own unit; everybody else finds nothing, and is logged."""

from uuid import UUID

from litestar import Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from jobcenter.errors import NotFound
from jobcenter.orders.queries import record
from jobcenter.support import ACTIONS, DEMANDS, NEEDS, label
from jobcenter.web import vocabulary
from jobcenter.web.asking import Asking, needs
from jobcenter.web.pages import page

LONGEST_PURPOSE = 60


async def refuse_strangers(asking: Asking, client_id: UUID, *, purpose: str) -> None:
    """Let only the client's own unit go on; a refusal is logged as one, and tells nothing."""
    if not await asking.read(record.is_ours, client_id=client_id):
        await asking.look([client_id], what="refused", purpose=purpose)
        raise NotFound


@get("/board/clients/{client_id:uuid}", guards=[needs("see_clients")])
async def show(
    asking: NamedDependency[Asking],
    client_id: FromPath[UUID],
    purpose: FromQuery[str] = "",
    note: FromQuery[str] = "",
) -> Response[str]:
    """Show a client's page; it is read for the order it was opened from, or for planning."""
    why = purpose[:LONGEST_PURPOSE] or "planning"
    await refuse_strangers(asking, client_id, purpose=why)
    await asking.look([client_id], what="client page", purpose=why)
    shown = await asking.read(record.record, client_id=client_id, now=asking.now)
    return page(
        asking,
        "unit/client.html",
        record=shown,
        note=note,
        back=f"/board/orders/{why.removeprefix('order ')}" if why.startswith("order ") else "",
        strengths=vocabulary.strengths(asking.language),
        qualifications=vocabulary.qualifications(asking.language),
        needs=NEEDS,
        actions=ACTIONS,
        label=label,
        demand_names=DEMANDS,
    )


router = Router("/", route_handlers=[show])
