"""The use log, for whoever keeps it: what stands out, and a search. Reading it is logged too."""

import re
from uuid import UUID

from litestar import Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from jobcenter.access import OF_THE_LOG
from jobcenter.audit import reading
from jobcenter.audit.keepers import READS_THE_LOG
from jobcenter.errors import Fault, Invalid
from jobcenter.orders import exports
from jobcenter.web.asking import Asking, needs
from jobcenter.web.limits import searched
from jobcenter.web.pages import page

SHORT = re.compile("[0-9a-f]{12}")


@get("/audit")
async def show(asking: NamedDependency[Asking]) -> Response[str]:
    """Show what stands out in the last thirty days."""
    await asking.look([None], what=OF_THE_LOG, purpose="overview")
    shown = await asking.read(reading.overview, now=asking.now)
    taken = await asking.read(exports.lately, now=asking.now)
    return page(asking, "audit/overview.html", log=shown, exports=taken)


@get("/audit/client")
async def client(asking: NamedDependency[Asking], number: FromQuery[str] = "") -> Response[str]:
    """Show who looked at one client, and what was told of them outside."""
    try:
        client_id = await client_number(asking, await searched(asking, number, field="number"))
    except Invalid as invalid:
        faults = {fault.field: [fault] for fault in invalid.faults}
        return page(asking, "audit/unknown.html", status=422, number=number, faults=faults)
    await asking.look([client_id], what=OF_THE_LOG, purpose="search by client")
    found = await asking.read(reading.search, client_id=client_id)
    return page(asking, "audit/found.html", found=found, number=client_id, person=None)


async def client_number(asking: Asking, number: str) -> UUID:
    """Read the number at the foot of a client's page, or its end, as the log shows it."""
    text = number.strip().lower()
    if SHORT.fullmatch(text):
        await asking.look([None], what=OF_THE_LOG, purpose="search by client")
        known = await asking.read(reading.ending_in, end=text)
        if len(known) == 1:
            return known[0]
    try:
        return UUID(text)
    except ValueError:
        raise Invalid(
            Fault("number", "not_an_id", "This is not a client's number. It is on their page.")
        ) from None


@get("/audit/people")
async def people(asking: NamedDependency[Asking], q: FromQuery[str] = "") -> Response[str]:
    """Find a member of staff by name or address."""
    text = await searched(asking, q)
    found = await asking.read(reading.persons, text=text) if text else ()
    return page(asking, "audit/people.html", people=found, text=text)


@get("/audit/people/{user_id:uuid}")
async def person(asking: NamedDependency[Asking], user_id: FromPath[UUID]) -> Response[str]:
    """Show whom one person has looked at."""
    await asking.look([None], what=OF_THE_LOG, purpose=f"search by person {user_id}")
    found = await asking.read(reading.search, user_id=user_id)
    return page(asking, "audit/found.html", found=found, number="", person=user_id)


router = Router("/", guards=[needs(READS_THE_LOG)], route_handlers=[show, client, people, person])
