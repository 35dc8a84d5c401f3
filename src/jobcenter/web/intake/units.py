"""Units: their days and places; closed days and stand-ins are in `unit_days`."""

from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from jobcenter.errors import Changed, Invalid
from jobcenter.intake import parts, roster, unit_sites, units
from jobcenter.web.asking import MAY_KNOW, Asking, WebRequest, needs
from jobcenter.web.intake import coaches, importing, portraits, unit_days
from jobcenter.web.intake.unit_page import unit_page
from jobcenter.web.intake.words import sent, version_of
from jobcenter.web.pages import page, see


@get("/units", guards=[MAY_KNOW])
async def show_all(asking: NamedDependency[Asking]) -> Response[str]:
    """List one's own units and their coaches."""
    return page(
        asking,
        "intake/units.html",
        units=await asking.read(parts.own_units),
        coaches=await asking.read(roster.coaches, also_past=True),
    )


@get("/units/{unit_id:uuid}", guards=[MAY_KNOW])
async def show_unit(
    asking: NamedDependency[Asking], unit_id: FromPath[UUID], note: FromQuery[str] = ""
) -> Response[str]:
    """Show one unit to be edited."""
    return await unit_page(asking, unit_id, note=note)


@post("/units/{unit_id:uuid}", guards=[needs("assign")], status_code=200)
async def keep_unit(
    request: WebRequest, asking: NamedDependency[Asking], unit_id: FromPath[UUID]
) -> Response[str]:
    """Save a unit's days and the rest."""
    form = await sent(request)
    try:
        await asking.act(
            units.keep_unit,
            unit_id=unit_id,
            version=version_of(form),
            told=form,
            now=asking.now,
        )
    except Invalid as invalid:
        return await unit_page(asking, unit_id, form=form, faults=invalid.faults, status=422)
    except Changed:
        return await unit_page(asking, unit_id, note="changed", status=409)
    return see(f"/units/{unit_id}", note="saved")


@post("/units/{unit_id:uuid}/sites", guards=[needs("assign", "lead")], status_code=200)
async def open_site(
    request: WebRequest, asking: NamedDependency[Asking], unit_id: FromPath[UUID]
) -> Response[str]:
    """Note another place of a unit."""
    form = await sent(request)
    try:
        await asking.act(unit_sites.open_site, unit_id=unit_id, told=form, now=asking.now)
    except Invalid as invalid:
        return await unit_page(asking, unit_id, beside=form, faults=invalid.faults, status=422)
    return see(f"/units/{unit_id}", note="saved")


@post("/units/{unit_id:uuid}/sites/{site_id:uuid}/end", guards=[needs("assign", "lead")])
async def end_site(
    asking: NamedDependency[Asking], unit_id: FromPath[UUID], site_id: FromPath[UUID]
) -> Response[str]:
    """End a place of a unit."""
    await asking.act(unit_sites.end_site, site_id=site_id, now=asking.now)
    return see(f"/units/{unit_id}", note="saved")


router = Router(
    "/",
    route_handlers=[
        show_all, show_unit, keep_unit, open_site, end_site, unit_days.router, coaches.router,
        importing.router, portraits.router,
    ],
)  # fmt: skip
