"""One order as a coordinator sees it: who could go and why, what would be held, who almost fits.

The looks are logged before a name is read; a list that is shown counts as open from then on.
"""

from uuid import UUID

from litestar import Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.errors import JobcenterError
from jobcenter.matching.rules import RULES, SUPPORT
from jobcenter.orders import assigning
from jobcenter.orders.queries import lists, sheets
from jobcenter.support import DEMANDS, label
from jobcenter.web import vocabulary
from jobcenter.web.asking import Asking, needs
from jobcenter.web.pages import page

# Why a place stays empty, by the code of the rule that most people meet.
UNFILLED = {rule.code: rule.broken for rule in RULES} | {
    SUPPORT[0]: SUPPORT[2],
    "elsewhere": "Those who would fit are needed more somewhere else.",
}


@get("/board/orders/{order_id:uuid}", guards=[needs("assign")])
async def show(
    asking: NamedDependency[Asking], order_id: FromPath[UUID], note: FromQuery[str] = ""
) -> Response[str]:
    """Show an order."""
    return await answer(asking, order_id, note=note)


async def answer(
    asking: Asking, order_id: UUID, *, note: str = "", trouble: JobcenterError | None = None
) -> Response[str]:
    """Answer with an order's page, perhaps with what went wrong and who else there is."""
    # Also after a refused form: the language switcher leads back to the order.
    asking.path = f"/board/orders/{order_id}"
    faces = await asking.read(lists.faces, order_id=order_id)
    await asking.look(faces, what="name, reasons, support", purpose=f"order {order_id}")
    shown = await asking.read(sheets.sheet, order_id=order_id, seen=faces)
    await asking.act(_open_all, proposals=shown.unopened, asking=asking)
    return page(
        asking,
        "unit/order.html",
        status=trouble.status if trouble else 200,
        sheet=shown,
        note=note,
        trouble=trouble,
        trouble_words=asking.say(trouble.sentence, **trouble.values) if trouble else "",
        label=label,
        unfilled=UNFILLED,
        demand_names=DEMANDS,
        qualifications=vocabulary.qualifications(asking.language),
    )


async def _open_all(session: AsyncSession, *, proposals: tuple[UUID, ...], asking: Asking) -> None:
    for proposal_id in proposals:
        await assigning.open_list(session, proposal_id=proposal_id, now=asking.now)


router = Router("/", route_handlers=[show])
