"""Days on which a unit is closed, and days on which somebody stands in for somebody there."""

from uuid import UUID

from litestar import Response, Router, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from jobcenter.errors import Invalid
from jobcenter.intake import closures, stand_ins
from jobcenter.web.asking import MAY_KNOW, Asking, WebRequest, fresh, needs
from jobcenter.web.intake.unit_page import unit_page
from jobcenter.web.intake.words import sent
from jobcenter.web.pages import see


@post("/units/{unit_id:uuid}/close", guards=[needs("assign")], status_code=200)
async def close(
    request: WebRequest, asking: NamedDependency[Asking], unit_id: FromPath[UUID]
) -> Response[str]:
    """Close a unit for some days; coaches' visits of that time are handed over."""
    form = await sent(request)
    try:
        await asking.act(closures.close, unit_id=unit_id, told=form, now=asking.now)
    except Invalid as invalid:
        return await unit_page(asking, unit_id, beside=form, faults=invalid.faults, status=422)
    return see(f"/units/{unit_id}", note="closed")


@post("/units/{unit_id:uuid}/closures/{closure_id:uuid}/open", guards=[needs("assign")])
async def reopen(
    asking: NamedDependency[Asking], unit_id: FromPath[UUID], closure_id: FromPath[UUID]
) -> Response[str]:
    """Take a closure back."""
    await asking.act(closures.reopen, unit_id=unit_id, closure_id=closure_id, now=asking.now)
    return see(f"/units/{unit_id}", note="saved")


@post("/units/{unit_id:uuid}/stand-in", guards=[needs("assign"), fresh()], status_code=200)
async def stand_in(
    request: WebRequest, asking: NamedDependency[Asking], unit_id: FromPath[UUID]
) -> Response[str]:
    """Say who does one's work for some days."""
    form = await sent(request)
    try:
        await asking.act(stand_ins.stand_in, unit_id=unit_id, told=form, now=asking.now)
    except Invalid as invalid:
        return await unit_page(asking, unit_id, beside=form, faults=invalid.faults, status=422)
    return see(f"/units/{unit_id}", note="saved")


@post("/units/{unit_id:uuid}/stand-ins/{stand_in_id:uuid}/end", guards=[MAY_KNOW])
async def end_stand_in(
    asking: NamedDependency[Asking], unit_id: FromPath[UUID], stand_in_id: FromPath[UUID]
) -> Response[str]:
    """End a stand-in at once."""
    await asking.act(stand_ins.end_stand_in, stand_in_id=stand_in_id, now=asking.now)
    return see(f"/units/{unit_id}", note="saved")


router = Router("/", route_handlers=[close, reopen, stand_in, end_stand_in])
