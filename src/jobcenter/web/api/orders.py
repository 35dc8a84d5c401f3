"""Orders for programs: place, read, cancel, candidates, assign."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter, JSONBody, QueryParameter

from jobcenter.database import Json
from jobcenter.errors import Fault, Invalid
from jobcenter.matching import round as matching
from jobcenter.orders import assigning, changing, placing
from jobcenter.orders.occasions import TimeFields
from jobcenter.orders.queries import api
from jobcenter.orders.wishes import PartyKind, WishFields, check
from jobcenter.web.api.answers import CancelAnswer, CandidatesAnswer, OrderAnswer
from jobcenter.web.api.bodies import AssignBody, CancelBody, OrderBody
from jobcenter.web.api.looking import look_first, others_told
from jobcenter.web.asking import QUERY, Asking, needs

LONGEST_KEY = 255
MOST_CANDIDATES = 50
IdempotencyKey = Annotated[str | None, HeaderParameter(name="Idempotency-Key", required=False)]
FIELDS = {"start": "starts"}
KINDS: dict[str, PartyKind] = {
    "company": "company",
    "association": "association",
    "organisation": "organisation",
    "city_unit": "city_unit",
}


@post("/orders", guards=[needs("order")], scope="orders:write")
async def place(
    asking: NamedDependency[Asking],
    data: JSONBody[OrderBody],
    idempotency_key: IdempotencyKey = None,
) -> Response[Json]:
    """Place an order; the same Idempotency-Key and body place it once and answer the same."""
    ordering = await asking.read(api.ordering, task_number=data.task_number)
    with _in_words_of_the_body():
        wish = check(_fields(data, ordering), now=asking.now, figures=ordering.figures)
    placed = await asking.act(
        placing.place, wish=wish, now=asking.now, key=_key(idempotency_key, data)
    )
    where = f"/api/orders/{placed.receipt['id']}"
    return Response(dict(placed.receipt), status_code=201, headers={"Location": where})


@contextmanager
def _in_words_of_the_body() -> Iterator[None]:
    """Name the fields at fault as the body does, not as the form."""
    try:
        yield
    except Invalid as invalid:
        named = [
            replace(fault, field=FIELDS.get(fault.field, fault.field)) for fault in invalid.faults
        ]
        raise Invalid(*named) from None


def _key(value: str | None, data: OrderBody) -> placing.Key | None:
    if value is None:
        return None
    if not 1 <= len(value) <= LONGEST_KEY or not value.isprintable():
        raise Invalid(Fault("Idempotency-Key", "too_long", "The key has 1 to 255 characters."))
    return placing.Key(value, hashlib.sha256(_canonical(data)).hexdigest())


def _canonical(data: OrderBody) -> bytes:
    """Return the same bytes for the same order, however it was written."""
    return repr(sorted(dict(data).items())).encode(errors="replace")


def _fields(data: OrderBody, ordering: api.Ordering) -> WishFields:
    """Fill in what the party and the task type already say."""
    task, party = ordering.task, ordering.party
    return WishFields(
        times=TimeFields(
            timing=data.timing, starts=tuple(data.starts), minutes=data.minutes, end=data.end
        ),
        party_name=party.name,
        party_kind=KINDS[party.kind],
        business_id=party.business_id or "",
        cost_centre=data.cost_centre or party.cost_centre or "",
        contact_name=data.contact_name,
        contact_phone=data.contact_phone,
        contact_email=data.contact_email,
        title=data.title,
        description=data.description,
        task_number=data.task_number,
        demands=tuple(data.demands if data.demands is not None else task.demands),
        outdoors=task.outdoors if data.outdoors is None else data.outdoors,
        qualifications=tuple(
            task.qualifications if data.qualifications is None else data.qualifications
        ),
        language=data.language,
        hourly_cents=data.hourly_cents,
        pay_group=task.pay_group,
        places=data.places,
        group_visit=data.group_visit,
        address=data.address,
        postcode=data.postcode,
        site_name=data.site_name,
        entrance=data.entrance,
        step_free=data.step_free,
        wear=data.wear,
        bring=data.bring,
        asks_for_shaping=data.asks_for_shaping,
    )


@get("/orders/{order_id:uuid}", scope="orders:read")
async def show(asking: NamedDependency[Asking], order_id: FromPath[UUID]) -> OrderAnswer:
    """Return an order with the gigs that the asker may know of."""
    await look_first(asking, order_id=order_id)
    return OrderAnswer.of(await asking.read(api.order, order_id=order_id))


@get(
    "/orders/{order_id:uuid}/candidates",
    guards=[needs("assign")],
    opt={QUERY: ["limit"]},
    scope="candidates:read",
)
async def candidates(
    asking: NamedDependency[Asking],
    order_id: FromPath[UUID],
    limit: Annotated[int, QueryParameter(ge=1, le=MOST_CANDIDATES)] = 10,
) -> CandidatesAnswer:
    """Return who of one's own people would fit now, with reasons, and who almost would."""
    found = await matching.candidates(
        asking.database,
        asking.who,
        order_id=order_id,
        limit=limit,
        now=asking.now,
    )
    return CandidatesAnswer.of(found, asking.language)


@post("/orders/{order_id:uuid}/cancel", status_code=200, scope="orders:write")
async def cancel(
    asking: NamedDependency[Asking], order_id: FromPath[UUID], data: JSONBody[CancelBody]
) -> CancelAnswer:
    """Cancel an order and tell what it cost; cancelling twice is once."""
    cost = await asking.act(changing.cancel, order_id=order_id, reason=data.reason, now=asking.now)
    return CancelAnswer("cancelled", cost.cost_cents, cost.percent, cost.late, cost.gigs)


@post("/orders/{order_id:uuid}/assign", guards=[needs("assign")], scope="gigs:write")
async def assign(
    asking: NamedDependency[Asking], order_id: FromPath[UUID], data: JSONBody[AssignBody]
) -> api.GigLine:
    """Assign a client of one's own unit to a place; who came too late hears what else there is."""
    about = {"order_id": order_id, "client_id": data.client_id}
    purpose = f"order {order_id}"
    async with asking.figures_logged(data.client_id, purpose=purpose), others_told(asking, **about):
        gig = await asking.act(
            assigning.assign,
            order_id=order_id,
            place_no=data.place_no,
            client_id=data.client_id,
            start=data.start,
            now=asking.now,
            override_reason=data.override_reason,
        )
    await look_first(asking, gig_id=gig.id)
    return await asking.read(api.gig, gig_id=gig.id)


router = Router("/", route_handlers=[place, show, candidates, cancel, assign])
