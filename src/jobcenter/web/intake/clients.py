"""Taking a client in and keeping what is known: one short form a part, with the client beside.

A part is saved by itself; what it would do to gigs that are agreed is shown before it is done.
"""

from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from jobcenter.errors import Changed, Fault, Invalid, NotAllowed, TalkIsOver
from jobcenter.intake import keeping, parts, person, roster
from jobcenter.intake.strains import GigsWouldBreak
from jobcenter.intake.told import Told, filled
from jobcenter.web.asking import MAY_KNOW, TELLS_AT_FIELDS, Asking, WebRequest
from jobcenter.web.intake import opening, units
from jobcenter.web.intake.opening import benefits_purpose, may_keep, may_open, show_talk
from jobcenter.web.intake.words import by_field, lists, sent, services, version_of
from jobcenter.web.limits import searched
from jobcenter.web.pages import page, see

# Parts in which one chooses among laws, services and places.
WITH_CHOICES = {"contact", "decisions"}


@get("/clients", guards=[MAY_KNOW])
async def show_all(
    asking: NamedDependency[Asking], q: FromQuery[str] = "", closed: FromQuery[str] = ""
) -> Response[str]:
    """List the clients of one's own units, or those whose case is closed."""
    text = await searched(asking, q)
    seen = await asking.read(roster.everybody, closed=bool(closed))
    await asking.look(seen, what="name", purpose="list of own clients")
    return page(
        asking,
        "intake/list.html",
        rows=await asking.read(roster.roster, seen=seen, text=text),
        text=text,
        closed=bool(closed),
        today=asking.today,
        may_keep=may_keep(asking),
    )


@get("/clients/new", guards=[MAY_KNOW])
async def begin(asking: NamedDependency[Asking]) -> Response[str]:
    """Show the first short form."""
    return await _new(asking, filled({"language": "fi", "spoken": ("fi",)}))


async def _new(asking: Asking, form: Told, faults: tuple[Fault, ...] = ()) -> Response[str]:
    if not may_keep(asking):
        raise NotAllowed
    units = await asking.read(parts.kept_units)
    return page(
        asking,
        "intake/new.html",
        status=422 if faults else 200,
        form=form,
        faults=by_field(faults),
        units=units,
        **await _person_choices(asking),
    )


async def _person_choices(asking: Asking, service: str = "") -> dict[str, object]:
    return {
        "districts": await asking.read(person.districts),
        "spoken": person.SPOKEN,
        "coaches": await asking.read(roster.coaches),
        **services((await asking.services()).offered(asking.language, (service,))),
    }


@post("/clients/new", guards=[MAY_KNOW], status_code=200)
async def create(asking: NamedDependency[Asking], request: WebRequest) -> Response[str]:
    """Take a client in and go on to what they are good at."""
    form = await sent(request)
    try:
        client_id = await asking.act(person.create, told=form, now=asking.now)
    except Invalid as invalid:
        return await _new(asking, form, invalid.faults)
    return see(f"/clients/{client_id}/edit/{parts.ORDER[0]}", note="new")


@get("/clients/{client_id:uuid}/edit/{part:str}", guards=[MAY_KNOW])
async def edit(
    asking: NamedDependency[Asking],
    client_id: FromPath[UUID],
    part: FromPath[str],
    note: FromQuery[str] = "",
) -> Response[str]:
    """Show one part to be edited; benefits only in a talk that was opened, or by right."""
    await may_open(asking, client_id, part)
    if part == parts.BENEFITS and not await benefits_purpose(asking, client_id):
        return show_talk(asking, client_id)
    return await _part(asking, client_id, part, note=note)


async def _part(
    asking: Asking,
    client_id: UUID,
    part: str,
    *,
    note: str = "",
    form: Told | None = None,
    status: int = 200,
    **shown: object,
) -> Response[str]:
    """Show one part as it stands, or as it was sent where something is still to be looked at."""
    in_talk = part == parts.BENEFITS
    purpose = await benefits_purpose(asking, client_id) if in_talk else "upkeep"
    if not purpose and form is None:
        return show_talk(asking, client_id, status=status, over=True)
    await asking.look([client_id], what=f"edit {part}", purpose=purpose or "benefits")
    sheet = await asking.read(parts.sheet, client_id=client_id, part=part, now=asking.now)
    contact = await asking.read(person.shown, sheet.client)
    told = {"faults": {}, "strains": (), "changed": False, **shown}
    strong = await asking.strengths()
    service = sheet.form.text("service")
    return page(
        asking,
        "intake/part.html",
        status=status,
        sheet=sheet,
        form=form or sheet.form,
        name=contact.text("given_name"),
        parts=parts.ORDER,
        **lists(asking.language),
        vocabulary=strong.offered(asking.language, sheet.form.many("strengths")),
        note=note,
        today=asking.today,
        **(await _person_choices(asking, service) if part in WITH_CHOICES else {}),
        **told,
    )


@post("/clients/{client_id:uuid}/edit/{part:str}", guards=[MAY_KNOW], status_code=200)
async def save(
    asking: NamedDependency[Asking],
    client_id: FromPath[UUID],
    part: FromPath[str],
    request: WebRequest,
) -> Response[str]:
    """Save one part; the form comes back when something is to be looked at."""
    await may_open(asking, client_id, part)
    form = await sent(request)
    try:
        await asking.act(
            keeping.keep,
            client_id=client_id,
            version=version_of(form),
            part=part,
            write=parts.WRITE[part],
            told=form,
            now=asking.now,
            seen_gigs=form.ticked("seen_gigs"),
        )
    except Invalid as invalid:
        faults = by_field(invalid.faults)
        return await _part(asking, client_id, part, form=form, status=422, faults=faults)
    except GigsWouldBreak as broken:
        return await _part(asking, client_id, part, form=form, status=409, strains=broken.strains)
    except Changed:
        return await _part(asking, client_id, part, status=409, changed=True)
    except TalkIsOver:
        return show_talk(asking, client_id, status=409, over=True)
    after = form.text("after")
    if after in parts.WRITE:
        return see(f"/clients/{client_id}/edit/{after}", note="saved")
    return see(f"/board/clients/{client_id}?note=saved")


router = Router(
    "/",
    opt={TELLS_AT_FIELDS: True},
    route_handlers=[show_all, begin, create, edit, opening.talk, save, units.router],
)
