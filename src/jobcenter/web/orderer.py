"""The front page and statements, and an orderer's own orders: how they stand, changes, hours."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody

from jobcenter import access
from jobcenter.errors import Fault, Invalid
from jobcenter.orders import drafts, repeating, sending, working
from jobcenter.orders.queries import orderer
from jobcenter.orders.queries.accounts import own_lines
from jobcenter.orders.queries.orderer import Sheet
from jobcenter.orders.queries.ordering import contact as contact_of
from jobcenter.web import ordering
from jobcenter.web.asking import Asking, needs
from jobcenter.web.limits import guessing
from jobcenter.web.pages import page, see

Sent = URLEncodedBody[dict[str, str]]
WHOLE_NUMBER = 8


@get("/")
async def front(asking: NamedDependency[Asking]) -> Response[str]:
    """Tell what Jobcenter is and for whom."""
    return page(asking, "orderer/front.html")


@get("/privacy")
async def privacy(asking: NamedDependency[Asking]) -> Response[str]:
    """Tell what is kept of whom, and what a person may ask for."""
    return page(asking, "orderer/privacy.html", city=await asking.read(contact_of))


@get("/accessibility")
async def accessibility(asking: NamedDependency[Asking]) -> Response[str]:
    """Tell how well the pages serve everybody, and whom to tell where they do not."""
    return page(asking, "orderer/accessibility.html")


@get("/orders", guards=[needs("order")])
async def own(asking: NamedDependency[Asking]) -> Response[str]:
    """List the party's orders: what is ahead first, and a draft that waits."""
    ahead, past = await asking.read(orderer.sheets, now=asking.now)
    draft = await asking.read(drafts.newest, owner=asking.owner)
    return page(asking, "orderer/list.html", ahead=ahead, past=past, draft=draft)


@get("/orders/{order_id:uuid}", guards=[needs("order")])
async def one(
    asking: NamedDependency[Asking], order_id: FromPath[UUID], note: FromQuery[str] = ""
) -> Response[str]:
    """Show how one order stands."""
    sheet = await asking.read(orderer.sheet, order_id=order_id)
    return await _sheet_page(asking, sheet, note=note, may_act=True)


async def holder_of(asking: Asking, token: str) -> tuple[Asking, UUID]:
    """Return the asking of the party whose order a status link opens, and that order."""
    async with guessing(asking):
        opened = await asking.as_visitor().read(
            orderer.opened_by, token_hash=access.hash_of(token), now=asking.now
        )
    return asking.as_party(opened.party_id), opened.order_id


@get("/status/{token:str}")
async def status(
    asking: NamedDependency[Asking], token: FromPath[str], note: FromQuery[str] = ""
) -> Response[str]:
    """Show how an order stands to whoever has its link; from there they may tell how it went."""
    holder, order_id = await holder_of(asking, token)
    sheet = await holder.read(orderer.sheet, order_id=order_id)
    return await _sheet_page(holder, sheet, note=note, may_act=False, door=f"/status/{token}")


@get("/orders/{order_id:uuid}/receipt", guards=[needs("order")])
async def receipt(asking: NamedDependency[Asking], order_id: FromPath[UUID]) -> Response[str]:
    """Say thank you: the number, what happens next and by when, and whom to ask."""
    sheet = await asking.read(orderer.sheet, order_id=order_id)
    contact = await asking.read(contact_of)
    link = f"{asking.config.base_url}/status/{ordering.status_token(asking, order_id)}"
    dates = await _dates(asking, sheet)
    return page(
        asking, "orderer/receipt.html", sheet=sheet, contact=contact, link=link, dates=dates
    )


@get("/orders/{order_id:uuid}/change", guards=[needs("order")])
async def edit(asking: NamedDependency[Asking], order_id: FromPath[UUID]) -> Response[str]:
    """Show what may still be changed."""
    return await _change_page(asking, order_id)


async def _change_page(
    asking: Asking,
    order_id: UUID,
    *,
    given: Mapping[str, str] | None = None,
    faults: Sequence[Fault] = (),
) -> Response[str]:
    sheet = await asking.read(orderer.sheet, order_id=order_id)
    kept = {name: str(getattr(sheet.order, name)) for name in (*sending.WORDS, "places")}
    return page(
        asking,
        "orderer/change.html",
        status=422 if faults else 200,
        sheet=sheet,
        values=given or kept,
        faults={fault.field: [fault] for fault in faults},
        dates=await _dates(asking, sheet),
    )


@post("/orders/{order_id:uuid}/change", guards=[needs("order")], status_code=200)
async def change(
    asking: NamedDependency[Asking], order_id: FromPath[UUID], data: Sent
) -> Response[str]:
    """Change words or places; the form comes back when something is wrong."""
    names = (*sending.WORDS, "places")
    values = {name: data.get(name, "") for name in names}
    try:
        await asking.act(
            sending.reword,
            order_id=order_id,
            version=_whole(data, "version"),
            words=values,
            places=_whole(data, "places"),
            now=asking.now,
        )
    except Invalid as invalid:
        return await _change_page(asking, order_id, given=values, faults=invalid.faults)
    return see(f"/orders/{order_id}", note="changed")


@get("/orders/{order_id:uuid}/cancel", guards=[needs("order")])
async def ask_cancel(asking: NamedDependency[Asking], order_id: FromPath[UUID]) -> Response[str]:
    """Show what cancelling costs before it is done."""
    sheet = await asking.read(orderer.sheet, order_id=order_id)
    cost = await asking.read(orderer.cost_of_cancelling, order_id=order_id, now=asking.now)
    rest = await asking.read(orderer.costs_of_the_rest, order_id=order_id, now=asking.now)
    whole = repeating.added([one.cost for one in rest])
    return page(asking, "orderer/cancel.html", sheet=sheet, cost=cost, rest=rest, whole=whole)


@post("/orders/{order_id:uuid}/cancel", guards=[needs("order")])
async def cancel(
    asking: NamedDependency[Asking], order_id: FromPath[UUID], data: Sent
) -> Response[str]:
    """Cancel for the cost that was shown."""
    every = data.get("which") == "rest"
    await asking.act(
        repeating.cancel_rest if every else sending.cancel_as_shown,
        order_id=order_id,
        reason=data.get("reason", "")[:200],
        shown_cents=_whole(data, "shown_rest" if every else "shown_cents"),
        now=asking.now,
    )
    return see(f"/orders/{order_id}", note="cancelled")


@post("/orders/{order_id:uuid}/gigs/{gig_id:uuid}/approve", guards=[needs("order")])
async def approve(
    asking: NamedDependency[Asking], order_id: FromPath[UUID], gig_id: FromPath[UUID], data: Sent
) -> Response[str]:
    """Approve the hours of one worker, in one tap or corrected with a reason."""
    await asking.read(orderer.sheet_with, order_id=order_id, gig_id=gig_id)
    await asking.act(
        working.approve,
        gig_id=gig_id,
        minutes=_whole(data, "minutes"),
        reason=data.get("reason", "")[:500],
        now=asking.now,
    )
    return see(f"/orders/{order_id}", note="approved")


def _whole(data: dict[str, str], name: str) -> int:
    text = data.get(name, "").strip()
    if not (text.isdecimal() and text.isascii() and len(text) <= WHOLE_NUMBER):
        raise Invalid(Fault(name, "not_a_number", "Please write a whole number, such as 2."))
    return int(text)


async def _dates(asking: Asking, sheet: Sheet) -> repeating.Dates:
    if sheet.order.series_id is None:
        # Nearly all orders are of one date: they cost no question more.
        return ()
    return await asking.read(repeating.dates_of, order_id=sheet.order.id)


async def _sheet_page(
    asking: Asking, sheet: Sheet, *, note: str, may_act: bool, door: str = ""
) -> Response[str]:
    """Show an order; a look at its workers' names is logged before they are read."""
    clients = [worker.client_id for worker in sheet.workers]
    await asking.look(clients, what="first_name", purpose="own_order")
    workers = await asking.read(orderer.named, workers=sheet.workers)
    for what, shown in {
        "first name": [one.client_id for one in workers.values() if one.name],
        "phone": [one.client_id for one in workers.values() if one.phone],
    }.items():
        told = access.Told("orderer", f"party {sheet.order.party_id}", what, "own_order")
        await asking.disclose(shown, told)
    contact = await asking.read(contact_of)
    return page(
        asking,
        "orderer/order.html",
        sheet=sheet,
        workers=[workers[worker.gig_id] for worker in sheet.workers],
        contact=contact,
        steps=orderer.STEPS,
        strong=await asking.strengths(wanted=any(one.face for one in workers.values())),
        note=note,
        may_act=may_act,
        dates=await _dates(asking, sheet),
        door=door or f"/orders/{sheet.order.id}",
        lines=await asking.read(own_lines, order_id=sheet.order.id) if may_act else (),
    )


router = Router(
    "/",
    route_handlers=[
        front, privacy, accessibility, own, one, status, receipt, edit, change, ask_cancel, cancel,
        approve, *ordering.HANDLERS,
    ],
)  # fmt: skip
