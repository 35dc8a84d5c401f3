"""A unit's coaches: added, their hours, languages, absences, and by which address they sign in."""

from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from sqlalchemy.dialects.postgresql import Range

from jobcenter.errors import Changed, Fault, Invalid
from jobcenter.intake import coaches, coaching, person, portraits, unit_sites
from jobcenter.intake.coaches import VisitsOutside
from jobcenter.intake.told import FURTHEST, Told, filled, stretch
from jobcenter.orders import visiting
from jobcenter.people import closed_days
from jobcenter.times import day_bounds
from jobcenter.web.asking import MAY_KNOW, Asking, WebRequest, fresh, needs
from jobcenter.web.intake.words import by_field, sent, version_of
from jobcenter.web.pages import page, see

LONGEST_AWAY = FURTHEST


@get("/units/{unit_id:uuid}/coaches/new", guards=[needs("assign"), fresh()])
async def ask_new(asking: NamedDependency[Asking], unit_id: FromPath[UUID]) -> Response[str]:
    """Ask who coaches in a unit besides."""
    unit = await asking.read(coaching.own_unit, unit_id=unit_id)
    return await _new(asking, unit_id, filled({"spoken": unit.languages}))


async def _new(
    asking: Asking, unit_id: UUID, form: Told, *, faults: tuple[Fault, ...] = ()
) -> Response[str]:
    return page(
        asking,
        "intake/new_coach.html",
        status=422 if faults else 200,
        unit=await asking.read(coaching.own_unit, unit_id=unit_id),
        sites=await asking.read(unit_sites.standing, unit_id=unit_id, now=asking.now),
        form=form,
        faults=by_field(faults),
        districts=await asking.read(person.districts),
        spoken=person.SPOKEN,
    )


@post("/units/{unit_id:uuid}/coaches/new", guards=[needs("assign"), fresh()])
async def add(
    request: WebRequest, asking: NamedDependency[Asking], unit_id: FromPath[UUID]
) -> Response[str]:
    """Take one more coach in, and go on to their hours."""
    form = await sent(request)
    try:
        coach_id = await asking.act(coaching.add, unit_id=unit_id, told=form, now=asking.now)
    except Invalid as invalid:
        return await _new(asking, unit_id, form, faults=invalid.faults)
    return see(f"/coaches/{coach_id}", note="added")


@get("/coaches/{coach_id:uuid}", guards=[MAY_KNOW])
async def show_coach(
    asking: NamedDependency[Asking], coach_id: FromPath[UUID], note: FromQuery[str] = ""
) -> Response[str]:
    """Show one coach to be edited."""
    return await coach_page(asking, coach_id, note=note)


async def coach_page(
    asking: Asking,
    coach_id: UUID,
    *,
    note: str = "",
    form: Told | None = None,
    address: str | None = None,
    beside: Told | None = None,
    faults: tuple[Fault, ...] = (),
    visits: tuple[object, ...] = (),
    status: int = 200,
) -> Response[str]:
    """Show a coach: their own form as it stands or was sent, over it what another form sent."""
    sheet = await asking.read(coaches.sheet, coach_id=coach_id, now=asking.now)
    if address is None:
        address = await asking.read(coaching.address_of, coach_id=coach_id)
    unit_id, fields = sheet.coach.unit_id, (form or sheet.form).fields
    return page(
        asking,
        "intake/coach.html",
        status=status,
        sheet=sheet,
        sites=await asking.read(unit_sites.standing, unit_id=unit_id, now=asking.now),
        closures=await asking.read(closed_days.ahead, unit_id=unit_id, now=asking.now),
        form=Told({**fields, **(beside.fields if beside else {})}),
        address=address,
        photo=await asking.read(portraits.kept, coach_id=coach_id),
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
        return await coach_page(asking, coach_id, form=form, faults=invalid.faults, status=422)
    except VisitsOutside as outside:
        return await coach_page(asking, coach_id, form=form, visits=outside.times, status=409)
    except Changed:
        return await coach_page(asking, coach_id, note="changed", status=409)
    return see(f"/coaches/{coach_id}", note="saved")


@post("/coaches/{coach_id:uuid}/account", guards=[needs("assign"), fresh()], status_code=200)
async def sign_in_by(
    request: WebRequest, asking: NamedDependency[Asking], coach_id: FromPath[UUID]
) -> Response[str]:
    """Say by which address a coach signs in, or by none."""
    form = await sent(request)
    try:
        await asking.act(coaching.sign_in_by, coach_id=coach_id, told=form, now=asking.now)
    except Invalid as invalid:
        typed = form.text("email")
        return await coach_page(asking, coach_id, address=typed, faults=invalid.faults, status=422)
    return see(f"/coaches/{coach_id}", note="saved")


@post("/coaches/{coach_id:uuid}/away", guards=[needs("assign")], status_code=200)
async def away(
    request: WebRequest, asking: NamedDependency[Asking], coach_id: FromPath[UUID]
) -> Response[str]:
    """Note that a coach is away for some days; why is never asked."""
    form = await sent(request)
    try:
        first, last = stretch(form, "away", today=asking.today, most=LONGEST_AWAY)
        during = Range(day_bounds(first)[0], day_bounds(last)[1])
        await asking.act(visiting.away, coach_id=coach_id, during=during, now=asking.now)
    except Invalid as invalid:
        return await coach_page(asking, coach_id, beside=form, faults=invalid.faults, status=422)
    return see(f"/coaches/{coach_id}", note="away")


@post("/coaches/{coach_id:uuid}/absences/{absence_id:uuid}/back", guards=[MAY_KNOW])
async def back(
    asking: NamedDependency[Asking], coach_id: FromPath[UUID], absence_id: FromPath[UUID]
) -> Response[str]:
    """Take an absence out."""
    await asking.act(coaches.back, coach_id=coach_id, absence_id=absence_id, now=asking.now)
    return see(f"/coaches/{coach_id}", note="saved")


router = Router("/", route_handlers=[ask_new, add, show_coach, keep_coach, sign_in_by, away, back])
