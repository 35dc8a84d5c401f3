"""What is printed: a gig on one A4 sheet with pictures and a code, and a coach's day."""

from dataclasses import replace
from urllib.parse import quote
from uuid import UUID

from litestar import Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from jobcenter.late import late
from jobcenter.orders.queries import coach, gigday, places, unit_day
from jobcenter.people import closing
from jobcenter.support import label
from jobcenter.times import day_of
from jobcenter.web.asking import MAY_KNOW, Asking, needs
from jobcenter.web.client import ROUTE
from jobcenter.web.pages import page

segno = late("segno")


@get("/board/gigs/{gig_id:uuid}/card", guards=[MAY_KNOW])
async def card(asking: NamedDependency[Asking], gig_id: FromPath[UUID]) -> Response[str]:
    """Show a gig as a card, in the worker's language: it is theirs, whoever prints it.

    The code has the way to a public address and opens nothing.
    """
    client_id = await asking.read(gigday.client_of, gig_id=gig_id)
    await asking.look([client_id], what="name", purpose=f"card of gig {gig_id}")
    day = await asking.read(gigday.gig_day, gig_id=gig_id, now=asking.now)
    people = await asking.read(closing.contacts, [client_id])
    address = quote(asking.desk.address(day.site.address))
    return page(
        replace(asking, language=day.client.language),
        "unit/gig_card.html",
        for_staff=asking.say,
        staff_language=asking.language,
        day=day,
        person=people.get(client_id),
        place=await asking.read(places.place, site_id=day.site.id),
        code=drawn(ROUTE.format(place=address, lat=day.site.lat, lon=day.site.lon)),
    )


def drawn(address: str) -> str:
    """Return an address as a QR code, a drawing for the page: of the address it has squares."""
    return str(segno.make_qr(address, error="m").svg_inline(scale=4, border=2, omitsize=True))


@get("/coach/sheet", guards=[needs("coach")])
async def sheet(asking: NamedDependency[Asking], day: FromQuery[str] = "") -> Response[str]:
    """Show one day of the asking coach: when, where, who, and whom to call."""
    chosen = day_of(day, field="day") if day else asking.today
    people = await asking.read(coach.people_on_agenda, now=asking.now)
    await asking.look(people, what="name, phone, what helps", purpose="coach visits, printed")
    agenda = await asking.read(coach.agenda, seen=people, now=asking.now)
    visits = agenda.days.get(chosen, [])
    return page(asking, "coach/sheet.html", day=chosen, visits=visits, label=label)


@get("/board/sheet", guards=[needs("assign")])
async def unit_sheet(asking: NamedDependency[Asking], day: FromQuery[str] = "") -> Response[str]:
    """Show one day of the units in which the asker plans."""
    chosen = day_of(day, field="day") if day else asking.today
    people = await asking.read(unit_day.people, day=chosen)
    await asking.look(people, what="name, phone, gigs of a day", purpose="day of the unit, printed")
    lines = await asking.read(unit_day.lines, day=chosen, seen=people)
    return page(asking, "unit/day_sheet.html", day=chosen, lines=lines)


router = Router("/", route_handlers=[card, sheet, unit_sheet])
