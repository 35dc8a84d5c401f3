"""Consents: on the client's own page, and on a page where staff write down what they were told.

The staff's page is also where a client chooses a PIN beside their coach.
"""

import asyncio
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, URLEncodedBody

from jobcenter.errors import Fault, NotFound
from jobcenter.orders import consenting, linking, unlocking
from jobcenter.orders.queries import consents
from jobcenter.people.consents import HOW_TOLD, PURPOSES, WITHDRAWABLE
from jobcenter.people.own import pin_faults
from jobcenter.people.slow_hash import slow_hash
from jobcenter.web.asking import MAY_KNOW, Asking
from jobcenter.web.client import Guest, give_guest
from jobcenter.web.own import Owner, give_owner, minter
from jobcenter.web.pages import page, see
from jobcenter.web.record import refuse_strangers

MAY = [MAY_KNOW]
VERBS = {"give": consenting.give, "withdraw": consenting.withdraw}
OF_VERB = {"give": PURPOSES, "withdraw": WITHDRAWABLE}


@get("/my/consents")
async def show(owner: NamedDependency[Owner], note: FromQuery[str] = "") -> Response[str]:
    """Show what the client has agreed to, each with its words."""
    await owner.look("own consents")
    found = await owner.asking.read(consents.agreed, client_id=owner.client_id)
    return page(owner.asking, "own/consents.html", consents=found, door=owner.door, note=note)


@post("/my/consents/{purpose:str}/{verb:str}")
async def change(
    owner: NamedDependency[Owner], purpose: FromPath[str], verb: FromPath[str]
) -> Response[str]:
    """Give or withdraw one."""
    if purpose not in OF_VERB.get(verb, ()):
        raise NotFound
    asking = owner.asking
    await asking.act(VERBS[verb], client_id=owner.client_id, purpose=purpose, now=asking.now)
    return see("/my/consents", note=f"{purpose}-{verb}")


@post("/gig/phone")
async def show_phone(
    guest: NamedDependency[Guest], data: URLEncodedBody[dict[str, str]]
) -> Response[str]:
    """Let the orderer of this gig see the client's number, or no longer."""
    guest.same(data)
    await guest.asking.act(
        consenting.show_phone,
        gig_id=guest.gig_id,
        shows=data.get("shows") == "1",
        now=guest.asking.now,
    )
    return see("/gig")


@get("/board/clients/{client_id:uuid}/own", guards=MAY)
async def show_staff(
    asking: NamedDependency[Asking], client_id: FromPath[UUID], note: FromQuery[str] = ""
) -> Response[str]:
    """Show staff of the unit how the PIN and the consents stand."""
    return await _staff_page(asking, client_id, note=note)


async def _staff_page(
    asking: Asking, client_id: UUID, *, note: str = "", faults: tuple[Fault, ...] = ()
) -> Response[str]:
    await refuse_strangers(asking, client_id, purpose="consents")
    await asking.look([client_id], what="consents", purpose="consents")
    return page(
        asking,
        "unit/own.html",
        status=422 if faults else 200,
        shown=await asking.read(consents.staff_page, client_id=client_id),
        how_told=HOW_TOLD,
        faults={fault.field: [fault] for fault in faults},
        note=note,
    )


@post("/board/clients/{client_id:uuid}/own/consents", guards=MAY)
async def record(
    asking: NamedDependency[Asking],
    client_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
) -> Response[str]:
    """Write down what the client said, and how."""
    await refuse_strangers(asking, client_id, purpose="consents")
    verb, purpose = data.get("verb", ""), data.get("purpose", "")
    if purpose not in OF_VERB.get(verb, ()):
        raise NotFound
    how = data.get("how", "")
    await asking.act(VERBS[verb], client_id=client_id, purpose=purpose, how=how, now=asking.now)
    return see(f"/board/clients/{client_id}/own", note="kept")


@post("/board/clients/{client_id:uuid}/own/pin", guards=MAY)
async def set_pin(
    asking: NamedDependency[Asking],
    client_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
) -> Response[str]:
    """Keep the PIN that the client typed, twice, beside their coach."""
    await refuse_strangers(asking, client_id, purpose="PIN")
    pin = data.get("pin", "").strip()
    if faults := pin_faults(pin, data.get("again", "").strip()):
        return await _staff_page(asking, client_id, faults=tuple(faults))
    kept = await asyncio.to_thread(slow_hash, pin)
    await asking.act(unlocking.set_pin, client_id=client_id, pin_hash=kept, now=asking.now)
    return see(f"/board/clients/{client_id}/own", note="pin")


@post("/board/clients/{client_id:uuid}/own/pin/link", guards=MAY)
async def send_pin_link(
    asking: NamedDependency[Asking], client_id: FromPath[UUID]
) -> Response[str]:
    """Send the client a link to choose a PIN with on their own phone."""
    await refuse_strangers(asking, client_id, purpose="PIN")
    mint = minter(asking.config.secret)
    await asking.act(linking.send_pin_link, client_id=client_id, mint=mint, now=asking.now)
    return see(f"/board/clients/{client_id}/own", note="sent")


router = Router(
    "/",
    dependencies={"owner": Provide(give_owner), "guest": Provide(give_guest)},
    route_handlers=[show, change, show_phone, show_staff, record, set_pin, send_pin_link],
)
