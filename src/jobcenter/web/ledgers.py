"""Pages of whoever advises on benefits: their clients' benefits, limits and earnings, no more."""

from dataclasses import dataclass
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from jobcenter.errors import Changed, Fault, Invalid, NotFound
from jobcenter.intake import elsewhere, keeping, papers, parts
from jobcenter.intake.told import Told, filled
from jobcenter.orders.queries import ledgers
from jobcenter.web.asking import TELLS_AT_FIELDS, Asking, WebRequest, needs
from jobcenter.web.intake.words import by_field, lists, sent, version_of
from jobcenter.web.limits import searched
from jobcenter.web.pages import page, see

MAY_ADVISE = needs(keeping.ADVISES)


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that came back, and what is to be looked at in it."""

    form: Told | None = None
    elsewhere: Told | None = None
    faults: tuple[Fault, ...] = ()
    changed: bool = False


@get("/benefits", guards=[MAY_ADVISE])
async def show_all(asking: NamedDependency[Asking], q: FromQuery[str] = "") -> Response[str]:
    """List whom one advises: their names, and nothing about them."""
    text = await searched(asking, q)
    seen = await asking.read(ledgers.everybody)
    await asking.look(seen, what="name", purpose="list of own clients")
    rows = await asking.read(ledgers.people, seen=seen, text=text)
    return page(asking, "benefits/list.html", rows=rows, text=text)


async def refuse_others(asking: Asking, client_id: UUID) -> None:
    """Let only whom one advises be opened; a refusal is logged as one, and tells nothing."""
    if not await asking.read(ledgers.is_advised, client_id=client_id):
        await asking.look([client_id], what="refused", purpose="benefits")
        raise NotFound


@get("/benefits/{client_id:uuid}", guards=[MAY_ADVISE])
async def show(
    asking: NamedDependency[Asking], client_id: FromPath[UUID], note: FromQuery[str] = ""
) -> Response[str]:
    """Show one client's benefits, limits and earnings."""
    await refuse_others(asking, client_id)
    return await _page(asking, client_id, Sent(), note=note)


async def _page(
    asking: Asking, client_id: UUID, sent_: Sent, *, status: int = 200, note: str = ""
) -> Response[str]:
    await asking.look([client_id], what="benefits and earnings", purpose="benefits")
    ledger = await asking.read(ledgers.ledger, client_id=client_id)
    form = sent_.form or await asking.read(papers.benefits, client_id, now=asking.now)
    return page(
        asking,
        "benefits/ledger.html",
        status=status,
        ledger=ledger,
        form=form,
        elsewhere=sent_.elsewhere or filled({"month": f"{asking.today:%Y-%m}"}),
        faults=by_field(sent_.faults),
        changed=sent_.changed,
        note=note,
        today=asking.today,
        **lists(asking.language),
    )


@post("/benefits/{client_id:uuid}", guards=[MAY_ADVISE], status_code=200)
async def save(
    asking: NamedDependency[Asking], client_id: FromPath[UUID], request: WebRequest
) -> Response[str]:
    """Save which benefits they get, and their own limits."""
    await refuse_others(asking, client_id)
    form = await sent(request)
    try:
        await asking.act(
            keeping.keep,
            client_id=client_id,
            version=version_of(form),
            part=parts.BENEFITS,
            write=papers.write_benefits,
            told=form,
            now=asking.now,
        )
    except Invalid as invalid:
        return await _page(asking, client_id, Sent(form=form, faults=invalid.faults), status=422)
    except Changed:
        return await _page(asking, client_id, Sent(changed=True), status=409)
    return see(f"/benefits/{client_id}", note="saved")


@post("/benefits/{client_id:uuid}/elsewhere", guards=[MAY_ADVISE], status_code=200)
async def tell(
    asking: NamedDependency[Asking], client_id: FromPath[UUID], request: WebRequest
) -> Response[str]:
    """Save what they earn elsewhere in a month, as they told."""
    await refuse_others(asking, client_id)
    form = await sent(request)
    try:
        await asking.act(elsewhere.tell, client_id=client_id, told=form, now=asking.now)
    except Invalid as invalid:
        told = Sent(elsewhere=form, faults=invalid.faults)
        return await _page(asking, client_id, told, status=422)
    return see(f"/benefits/{client_id}", note="saved")


router = Router("/", opt={TELLS_AT_FIELDS: True}, route_handlers=[show_all, show, save, tell])
