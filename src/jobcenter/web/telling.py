"""Telling of a gig: what happened or nearly did, and how it went; for client, orderer and coach.

Nobody reads here what another has told: that is on the gig's day, for its unit.
"""

from datetime import datetime
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, URLEncodedBody
from uuid_utils.compat import uuid7

from jobcenter import access
from jobcenter.errors import Fault, Invalid
from jobcenter.orders import feedback, incidents
from jobcenter.orders.feedback import Said
from jobcenter.orders.incidents import Told
from jobcenter.orders.queries import orderer, reports
from jobcenter.orders.queries.client import unit_phone
from jobcenter.orders.told import Hurt
from jobcenter.times import clock_of, day_of, local, of_wall
from jobcenter.web.asking import Asking, needs
from jobcenter.web.client import Guest, give_guest
from jobcenter.web.orderer import holder_of
from jobcenter.web.pages import page, see

Sent = URLEncodedBody[dict[str, str]]
LONGEST_WORDS = 5000


def _form(
    asking: Asking,
    path: str,
    back: str,
    *,
    given: dict[str, str] | None = None,
    faults: tuple[Fault, ...] = (),
    phone: str = "",
) -> Response[str]:
    """Show the form, with what was written when it comes back."""
    asking.path = path
    wall = local(asking.now)
    first = {
        "incident": str(uuid7()), "words": "", "told_whom": "", "hurt": "", "nearly": "",
        "day": wall.strftime("%Y-%m-%d"), "clock": wall.strftime("%H:%M"),
    }  # fmt: skip
    return page(
        asking,
        "parts/incident.html",
        status=422 if faults else 200,
        given={**first, **(given or {})},
        faults={fault.field: [fault] for fault in faults},
        action=path,
        back=back,
        phone=phone or asking.desk.phone,
    )


async def _tell(
    asking: Asking, gig_id: UUID, path: str, back: str, data: dict[str, str], phone: str = ""
) -> Response[str]:
    """Keep a report and go back, or show the form again with what is missing."""
    given = {name: text[:LONGEST_WORDS] for name, text in data.items()}
    try:
        told = _told(given)
        await asking.act(
            incidents.report,
            incident_id=_id_of(given),
            gig_id=gig_id,
            told=told,
            now=asking.now,
        )
    except Invalid as invalid:
        return _form(asking, path, back, given=given, faults=invalid.faults, phone=phone)
    return see(back, note="told")


def _told(given: dict[str, str]) -> Told:
    return Told(
        words=given.get("words", ""),
        hurt=given.get("hurt", ""),
        happened_at=_moment(given),
        nearly=bool(given.get("nearly")) and given.get("hurt") == Hurt.NOBODY.value,
        told_whom=given.get("told_whom", ""),
    )


def _moment(given: dict[str, str]) -> datetime:
    day = day_of(given.get("day", ""), field="day")
    clock = clock_of(given.get("clock", ""), field="clock")
    return of_wall(datetime.combine(day, clock), field="clock")


def _id_of(given: dict[str, str]) -> UUID:
    try:
        return UUID(given.get("incident", ""))
    except ValueError:
        return uuid7()


def _said(data: dict[str, str]) -> Said:
    face, strength, words = data.get("face", ""), data.get("strength"), data.get("words")
    return Said(
        face=int(face) if face.isascii() and face.isdecimal() and len(face) == 1 else 0,
        strength=None if strength is None else strength[:40],
        words=None if words is None else words[:LONGEST_WORDS],
    )


@get("/gig/incident")
async def ask_client(guest: NamedDependency[Guest]) -> Response[str]:
    """Ask the client what happened."""
    phone = await guest.asking.read(unit_phone, gig_id=guest.gig_id)
    return _form(guest.asking, "/gig/incident", "/gig", phone=phone)


@post("/gig/incident", status_code=200)
async def by_client(guest: NamedDependency[Guest], data: Sent) -> Response[str]:
    """Keep what the client tells."""
    phone = await guest.asking.read(unit_phone, gig_id=guest.gig_id)
    return await _tell(guest.asking, guest.gig_id, "/gig/incident", "/gig", data, phone)


@post("/gig/feedback")
async def client_says(guest: NamedDependency[Guest], data: Sent) -> Response[str]:
    """Keep how it went for the client."""
    guest.same(data)
    await guest.asking.act(
        feedback.give, gig_id=guest.gig_id, said=_said(data), now=guest.asking.now
    )
    return see("/gig")


@get("/orders/{order_id:uuid}/gigs/{gig_id:uuid}/incident", guards=[needs("order")])
async def ask_orderer(
    asking: NamedDependency[Asking], order_id: FromPath[UUID], gig_id: FromPath[UUID]
) -> Response[str]:
    """Ask the orderer what happened."""
    await asking.read(orderer.sheet_with, order_id=order_id, gig_id=gig_id)
    back = f"/orders/{order_id}"
    return _form(asking, f"{back}/gigs/{gig_id}/incident", back)


@post("/orders/{order_id:uuid}/gigs/{gig_id:uuid}/incident", guards=[needs("order")],
      status_code=200)  # fmt: skip
async def by_orderer(
    asking: NamedDependency[Asking], order_id: FromPath[UUID], gig_id: FromPath[UUID], data: Sent
) -> Response[str]:
    """Keep what the orderer tells."""
    await asking.read(orderer.sheet_with, order_id=order_id, gig_id=gig_id)
    back = f"/orders/{order_id}"
    return await _tell(asking, gig_id, f"{back}/gigs/{gig_id}/incident", back, data)


@post("/orders/{order_id:uuid}/gigs/{gig_id:uuid}/feedback", guards=[needs("order")])
async def orderer_says(
    asking: NamedDependency[Asking], order_id: FromPath[UUID], gig_id: FromPath[UUID], data: Sent
) -> Response[str]:
    """Keep how it went for the orderer."""
    await asking.read(orderer.sheet_with, order_id=order_id, gig_id=gig_id)
    await asking.act(feedback.give, gig_id=gig_id, said=_said(data), now=asking.now)
    return see(f"/orders/{order_id}", note="thanks")


@post("/status/{token:str}/gigs/{gig_id:uuid}/feedback")
async def status_says(
    asking: NamedDependency[Asking], token: FromPath[str], gig_id: FromPath[UUID], data: Sent
) -> Response[str]:
    """Keep how it went, from the link in the orderer's mail: for gigs of that order alone."""
    holder, order_id = await holder_of(asking, token)
    await holder.read(orderer.sheet_with, order_id=order_id, gig_id=gig_id)
    await holder.act(feedback.give, gig_id=gig_id, said=_said(data), now=asking.now)
    return see(f"/status/{token}", note="thanks")


@get("/board/gigs/{gig_id:uuid}/incident", guards=[needs(*access.NEED_TO_KNOW, "coach")])
async def ask_staff(asking: NamedDependency[Asking], gig_id: FromPath[UUID]) -> Response[str]:
    """Ask whoever works here what happened."""
    back = await _back(asking, gig_id)
    return _form(asking, f"/board/gigs/{gig_id}/incident", back)


@post("/board/gigs/{gig_id:uuid}/incident", guards=[needs(*access.NEED_TO_KNOW, "coach")],
      status_code=200)  # fmt: skip
async def by_staff(
    asking: NamedDependency[Asking], gig_id: FromPath[UUID], data: Sent
) -> Response[str]:
    """Keep what somebody who works here tells."""
    back = await _back(asking, gig_id)
    return await _tell(asking, gig_id, f"/board/gigs/{gig_id}/incident", back, data)


async def _back(asking: Asking, gig_id: UUID) -> str:
    """Return where staff go on: a coach of another unit has only their own days."""
    ours = await asking.read(reports.is_of_own_unit, gig_id=gig_id)
    return f"/board/gigs/{gig_id}" if ours else "/coach"


router = Router(
    "/",
    dependencies={"guest": Provide(give_guest)},
    route_handlers=[
        ask_client, by_client, client_says, ask_orderer, by_orderer, orderer_says, status_says,
        ask_staff, by_staff,
    ],
)  # fmt: skip
