"""One order as a coordinator sees it: who could go and why, what would be held, who almost fits.

The looks are logged before a name is read; a list that is shown counts as open from then on.
"""

from uuid import UUID

from litestar import Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.errors import JobcenterError, PlaceIsTaken
from jobcenter.matching.rules import RULES, SUPPORT
from jobcenter.orders import assigning
from jobcenter.orders.queries import lists, sheets
from jobcenter.orders.queries.chances import Chances, chances
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
    asking: Asking,
    order_id: UUID,
    *,
    note: str = "",
    trouble: JobcenterError | None = None,
    client_id: UUID | None = None,
) -> Response[str]:
    """Answer with an order's page, perhaps with what went wrong and who else there is.

    For a client whose task went to somebody else, the page leads to other tasks that suit them.
    """
    # Also after a refused form: the language switcher leads back to the order.
    asking.path = f"/board/orders/{order_id}"
    faces = await asking.read(lists.faces, order_id=order_id)
    await asking.look(faces, what="name, reasons, support", purpose=f"order {order_id}")
    shown = await asking.read(sheets.sheet, order_id=order_id, seen=faces)
    lost = client_id if isinstance(trouble, PlaceIsTaken) else None
    await asking.act(_open_all, proposals=shown.unopened, asking=asking)
    return page(
        asking,
        "unit/order.html",
        status=trouble.status if trouble else 200,
        sheet=shown,
        note=note,
        trouble=trouble,
        chances=await elsewhere(asking, order_id=order_id, client_id=lost) if lost else Chances(),
        trouble_words=asking.say(trouble.sentence, **trouble.values) if trouble else "",
        label=label,
        unfilled=UNFILLED,
        demand_names=DEMANDS,
        qualifications=vocabulary.qualifications(asking.language),
    )


async def elsewhere(asking: Asking, *, order_id: UUID, client_id: UUID) -> Chances:
    """Return where else a client could go who came too late, after a look that is committed."""
    await asking.look([client_id], what="name, other tasks", purpose=f"order {order_id}")
    return await asking.read(chances, client_id=client_id, order_id=order_id, now=asking.now)


async def _open_all(session: AsyncSession, *, proposals: tuple[UUID, ...], asking: Asking) -> None:
    for proposal_id in proposals:
        await assigning.open_list(session, proposal_id=proposal_id, now=asking.now)


router = Router("/", route_handlers=[show])
