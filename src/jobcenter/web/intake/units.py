"""Units: their days, closed days and places, and who stands in for whom."""

from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from jobcenter.errors import Changed, Fault, Invalid
from jobcenter.intake import parts, person, roster, unit_sites, units
from jobcenter.intake.told import Told
from jobcenter.web.asking import MAY_KNOW, Asking, WebRequest, fresh, needs
from jobcenter.web.intake import coaches, importing
from jobcenter.web.intake.words import by_field, sent, version_of
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
    return await _unit(asking, unit_id, note=note)


async def _unit(
    asking: Asking,
    unit_id: UUID,
    *,
    note: str = "",
    form: Told | None = None,
    beside: Told | None = None,
    faults: tuple[Fault, ...] = (),
    status: int = 200,
) -> Response[str]:
    """Show a unit: its own form as it stands or was sent, over it what another form sent."""
    sheet = await asking.read(units.sheet, unit_id=unit_id, now=asking.now)
    fields = (form or sheet.form).fields
    return page(
        asking,
        "intake/unit.html",
        status=status,
        sheet=sheet,
        form=Told({**fields, **(beside.fields if beside else {})}),
        faults=by_field(faults),
        note=note,
        today=asking.today,
        districts=await asking.read(person.districts),
        spoken=person.SPOKEN,
    )


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
        return await _unit(asking, unit_id, form=form, faults=invalid.faults, status=422)
    except Changed:
        return await _unit(asking, unit_id, note="changed", status=409)
    return see(f"/units/{unit_id}", note="saved")


@post("/units/{unit_id:uuid}/close", guards=[needs("assign")], status_code=200)
async def close(
    request: WebRequest, asking: NamedDependency[Asking], unit_id: FromPath[UUID]
) -> Response[str]:
    """Close a unit for some days; coaches' visits of that time are handed over."""
    form = await sent(request)
    try:
        await asking.act(units.close, unit_id=unit_id, told=form, now=asking.now)
    except Invalid as invalid:
        return await _unit(asking, unit_id, faults=invalid.faults, status=422)
    return see(f"/units/{unit_id}", note="closed")


@post("/units/{unit_id:uuid}/closures/{closure_id:uuid}/open", guards=[needs("assign")])
async def reopen(
    asking: NamedDependency[Asking], unit_id: FromPath[UUID], closure_id: FromPath[UUID]
) -> Response[str]:
    """Take a closure back."""
    await asking.act(units.reopen, unit_id=unit_id, closure_id=closure_id, now=asking.now)
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
        return await _unit(asking, unit_id, beside=form, faults=invalid.faults, status=422)
    return see(f"/units/{unit_id}", note="saved")


@post("/units/{unit_id:uuid}/sites/{site_id:uuid}/end", guards=[needs("assign", "lead")])
async def end_site(
    asking: NamedDependency[Asking], unit_id: FromPath[UUID], site_id: FromPath[UUID]
) -> Response[str]:
    """End a place of a unit."""
    await asking.act(unit_sites.end_site, site_id=site_id, now=asking.now)
    return see(f"/units/{unit_id}", note="saved")


@post("/units/{unit_id:uuid}/stand-in", guards=[needs("assign"), fresh()], status_code=200)
async def stand_in(
    request: WebRequest, asking: NamedDependency[Asking], unit_id: FromPath[UUID]
) -> Response[str]:
    """Say who does one's work for some days."""
    form = await sent(request)
    try:
        await asking.act(units.stand_in, unit_id=unit_id, told=form, now=asking.now)
    except Invalid as invalid:
        return await _unit(asking, unit_id, faults=invalid.faults, status=422)
    return see(f"/units/{unit_id}", note="saved")


@post("/units/{unit_id:uuid}/stand-ins/{stand_in_id:uuid}/end", guards=[MAY_KNOW])
async def end_stand_in(
    asking: NamedDependency[Asking], unit_id: FromPath[UUID], stand_in_id: FromPath[UUID]
) -> Response[str]:
    """End a stand-in at once."""
    await asking.act(units.end_stand_in, stand_in_id=stand_in_id, now=asking.now)
    return see(f"/units/{unit_id}", note="saved")


router = Router(
    "/",
    route_handlers=[
        show_all, show_unit, keep_unit, close, reopen, open_site, end_site, stand_in, end_stand_in,
        coaches.router, importing.router,
    ],
)  # fmt: skip
