"""A client's page for staff who need to know; everybody else finds nothing, and is logged."""

import re
from uuid import UUID

from litestar import Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from jobcenter.errors import NotFound
from jobcenter.orders.queries import caseload, record
from jobcenter.reference.units import LEGAL_BASES
from jobcenter.support import ACTIONS, DEMANDS, NEEDS, label
from jobcenter.web import emergency, vocabulary
from jobcenter.web.asking import MAY_KNOW, Asking
from jobcenter.web.pages import page

# What an address may say that a page is opened for; a client reads it, so nobody makes one up.
PURPOSE = re.compile(rf"planning|to-do|{emergency.PURPOSE}|order [0-9a-f-]{{36}}")


async def refuse_strangers(asking: Asking, client_id: UUID, *, purpose: str) -> None:
    """Let only the client's own unit go on; a refusal is logged as one, and tells nothing."""
    if not await asking.read(caseload.is_ours, client_id=client_id):
        await _refuse(asking, client_id, purpose=purpose)


async def _refuse(asking: Asking, client_id: UUID, *, purpose: str) -> None:
    await asking.look([client_id], what="refused", purpose=purpose)
    raise NotFound


@get("/board/clients/{client_id:uuid}", guards=[MAY_KNOW])
async def show(
    asking: NamedDependency[Asking],
    client_id: FromPath[UUID],
    purpose: FromQuery[str] = "",
    note: FromQuery[str] = "",
) -> Response[str]:
    """Show a client's page; it is read for the order it was opened from, or for planning."""
    why = purpose if PURPOSE.fullmatch(purpose) else "planning"
    if not await asking.read(caseload.may_read, client_id=client_id, now=asking.now):
        await _refuse(asking, client_id, purpose=why)
    if why == emergency.PURPOSE and await asking.read(caseload.is_ours, client_id=client_id):
        why = "planning"
    await asking.look([client_id], what="client page", purpose=why)
    shown = await asking.read(record.record, client_id=client_id, now=asking.now)
    return page(
        asking,
        "unit/client.html",
        record=shown,
        note=note,
        back=f"/board/orders/{why.removeprefix('order ')}" if why.startswith("order ") else "",
        qualifications=vocabulary.qualifications(asking.language),
        needs=NEEDS,
        actions=ACTIONS,
        label=label,
        demand_names=DEMANDS,
        laws=LEGAL_BASES,
        today=asking.today,
    )


router = Router("/", route_handlers=[show, emergency.router])
