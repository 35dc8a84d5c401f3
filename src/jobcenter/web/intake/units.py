"""Units and their coaches: hours, languages, absences, days, closed days, and who stands in."""

from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from sqlalchemy.dialects.postgresql import Range

from jobcenter.errors import Changed, Fault, Invalid
from jobcenter.intake import coaches, parts, person, roster, unit_sites, units
from jobcenter.intake.coaches import VisitsOutside
from jobcenter.intake.told import Told, day, refuse
from jobcenter.orders import visiting
from jobcenter.times import day_bounds
from jobcenter.web.asking import MAY_KNOW, Asking, WebRequest, fresh, needs
from jobcenter.web.intake import importing
from jobcenter.web.intake.words import by_field, sent, version_of
from jobcenter.web.pages import page, see


@get("/units", guards=[MAY_KNOW])
async def show_all(asking: NamedDependency[Asking]) -> Response[str]:
    """List one's own units and their coaches."""
    return page(
        asking,
        "intake/units.html",
        units=await asking.read(parts.own_units),
        coaches=await asking.read(roster.coaches_of_units),
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
    faults: tuple[Fault, ...] = (),
    status: int = 200,
) -> Response[str]:
    sheet = await asking.read(units.sheet, unit_id=unit_id, now=asking.now)
    return page(
        asking,
        "intake/unit.html",
        status=status,
        sheet=sheet,
        form=form or sheet.form,
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
    await asking.act(units.reopen, closure_id=closure_id, now=asking.now)
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
        return await _unit(asking, unit_id, faults=invalid.faults, status=422)
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


@get("/coaches/{coach_id:uuid}", guards=[MAY_KNOW])
async def show_coach(
    asking: NamedDependency[Asking], coach_id: FromPath[UUID], note: FromQuery[str] = ""
) -> Response[str]:
    """Show one coach to be edited."""
    return await _coach(asking, coach_id, note=note)


async def _coach(
    asking: Asking,
    coach_id: UUID,
    *,
    note: str = "",
    form: Told | None = None,
    faults: tuple[Fault, ...] = (),
    visits: tuple[object, ...] = (),
    status: int = 200,
) -> Response[str]:
    sheet = await asking.read(coaches.sheet, coach_id=coach_id, now=asking.now)
    return page(
        asking,
        "intake/coach.html",
        status=status,
        sheet=sheet,
        sites=await asking.read(unit_sites.standing, unit_id=sheet.coach.unit_id, now=asking.now),
        form=form or sheet.form,
        faults=by_field(faults),
        visits=visits,
        note=note,
        today=asking.today,
        districts=await asking.read(person.districts),
        spoken=person.SPOKEN,
    )


@post("/coaches/{coach_id:uuid}", guards=[MAY_KNOW], status_code=200)
async def keep_coach(
    request: WebRequest, asking: NamedDependency[Asking], coach_id: FromPath[UUID]
) -> Response[str]:
    """Save a coach's hours and the rest; visits outside the hours are shown first."""
    form = await sent(request)
    try:
        await asking.act(
            coaches.keep_coach,
            coach_id=coach_id,
            version=version_of(form),
            told=form,
            now=asking.now,
        )
    except Invalid as invalid:
        return await _coach(asking, coach_id, form=form, faults=invalid.faults, status=422)
    except VisitsOutside as outside:
        return await _coach(asking, coach_id, form=form, visits=outside.times, status=409)
    except Changed:
        return await _coach(asking, coach_id, note="changed", status=409)
    return see(f"/coaches/{coach_id}", note="saved")


@post("/coaches/{coach_id:uuid}/away", guards=[needs("assign")], status_code=200)
async def away(
    request: WebRequest, asking: NamedDependency[Asking], coach_id: FromPath[UUID]
) -> Response[str]:
    """Note that a coach is away for some days; why is never asked."""
    form = await sent(request)
    faults: list[Fault] = []
    try:
        first, last = day(form, "first_day", faults), day(form, "last_day", faults)
        if first is None and not faults:
            faults.append(Fault("first_day", "blank", "Please fill this in."))
        if first and last and last < first:
            faults.append(Fault("last_day", "end_before_start", "The end is before the start."))
        refuse(faults)
        assert first is not None
        during = Range(day_bounds(first)[0], day_bounds(last or first)[1])
        await asking.act(visiting.away, coach_id=coach_id, during=during, now=asking.now)
    except Invalid as invalid:
        return await _coach(asking, coach_id, faults=invalid.faults, status=422)
    return see(f"/coaches/{coach_id}", note="away")


@post("/coaches/{coach_id:uuid}/absences/{absence_id:uuid}/back", guards=[MAY_KNOW])
async def back(
    asking: NamedDependency[Asking], coach_id: FromPath[UUID], absence_id: FromPath[UUID]
) -> Response[str]:
    """Take an absence out."""
    await asking.act(coaches.back, absence_id=absence_id, now=asking.now)
    return see(f"/coaches/{coach_id}", note="saved")


router = Router(
    "/",
    route_handlers=[
        show_all, show_unit, keep_unit, close, reopen, open_site, end_site, stand_in, end_stand_in,
        show_coach, keep_coach, away, back, importing.router,
    ],
)  # fmt: skip
