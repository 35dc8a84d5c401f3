"""Legal holds, for whoever keeps the use log: what stands, placing one, lifting one."""

from datetime import date
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody

from jobcenter.access import OF_THE_LOG
from jobcenter.audit.keepers import READS_THE_LOG
from jobcenter.errors import Fault, Invalid, NotFound
from jobcenter.retention import holds
from jobcenter.times import day_of
from jobcenter.web.asking import Asking, fresh, needs
from jobcenter.web.audit import client_number
from jobcenter.web.pages import page, see

Form = URLEncodedBody[dict[str, str]]
EMPTY = {"number": "", "reason": "", "law": "", "last_day": ""}


@get("/audit/holds")
async def show(
    asking: NamedDependency[Asking], number: FromQuery[str] = "", note: FromQuery[str] = ""
) -> Response[str]:
    """Show every hold, and the form for another."""
    return await _page(asking, EMPTY | {"number": number}, note=note)


async def _page(
    asking: Asking, form: dict[str, str], *, note: str = "", faults: tuple[Fault, ...] = ()
) -> Response[str]:
    await asking.look([None], what=OF_THE_LOG, purpose="legal holds")
    return page(
        asking,
        "audit/holds.html",
        status=422 if faults else 200,
        kept=await asking.read(holds.all_of_them),
        today=asking.today,
        form=form,
        faults={fault.field: [fault] for fault in faults},
        note=note,
    )


@post("/audit/holds", guards=[fresh()])
async def place(asking: NamedDependency[Asking], data: Form) -> Response[str]:
    """Place a hold on one client's record."""
    form = {name: data.get(name, "") for name in EMPTY}
    try:
        await asking.act(
            holds.place,
            client_id=await client_number(asking, form["number"]),
            reason=form["reason"],
            law=form["law"],
            last_day=_day(form["last_day"]),
            now=asking.now,
        )
    except Invalid as invalid:
        return await _page(asking, form, faults=invalid.faults)
    except NotFound:
        unknown = Fault("number", "unknown", "We do not know a client by this number.")
        return await _page(asking, form, faults=(unknown,))
    return see("/audit/holds", note="placed")


def _day(text: str) -> date | None:
    return day_of(text, field="last_day") if text.strip() else None


@post("/audit/holds/{hold_id:uuid}/lift", guards=[fresh()])
async def lift(asking: NamedDependency[Asking], hold_id: FromPath[UUID]) -> Response[str]:
    """Lift a hold."""
    await asking.act(holds.lift, hold_id=hold_id, now=asking.now)
    return see("/audit/holds", note="lifted")


router = Router("/", guards=[needs(READS_THE_LOG)], route_handlers=[show, place, lift])
