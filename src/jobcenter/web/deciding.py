"""What a coordinator decides: who is asked, what a client answered by phone, first orders.

A lost race is no error: the order's page comes back (409) with one sentence and who else there is.
"""

from collections.abc import Awaitable
from datetime import datetime
from uuid import UUID

from litestar import Response, Router, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody

from jobcenter.errors import (
    CeilingPassed,
    Conflict,
    Fault,
    Invalid,
    NotFound,
    RuleMissing,
    WrongMoment,
)
from jobcenter.orders import answering, assigning, placing, working
from jobcenter.orders.gigs import Via
from jobcenter.orders.queries import record
from jobcenter.orders.strangers import note_refusal
from jobcenter.times import parse
from jobcenter.web import sheet
from jobcenter.web.asking import Asking, needs
from jobcenter.web.pages import see
from jobcenter.web.record import refuse_strangers

Form = dict[str, str]
MOST_RANKS = 20
LONGEST_REASON = 500
LONGEST_NUMBER = 4


async def _decided(
    asking: Asking,
    order_id: UUID,
    decision: Awaitable[object],
    *,
    note: str,
    client_id: UUID | None = None,
) -> Response[str]:
    """Carry a decision out and go back to the order, whatever came of it."""
    try:
        await decision
    except (Conflict, CeilingPassed, RuleMissing, Invalid) as trouble:
        return await sheet.answer(asking, order_id, trouble=trouble, client_id=client_id)
    return see(f"/board/orders/{order_id}", note=note)


def _key(form: Form, name: str) -> UUID:
    try:
        return UUID(form.get(name, ""))
    except ValueError:
        raise NotFound from None


@post("/board/orders/{order_id:uuid}/assign")
async def assign(
    asking: NamedDependency[Asking], order_id: FromPath[UUID], data: URLEncodedBody[Form]
) -> Response[str]:
    """Ask this person for this place: the place, their time and every visit are held."""
    client_id = _key(data, "client")
    await refuse_strangers(asking, client_id, purpose=f"order {order_id}")
    decision = _asked(
        asking,
        order_id=order_id,
        place_no=_place(data),
        client_id=client_id,
        start=parse(data.get("start", ""), field="start"),
        override_reason=data.get("reason", "").strip()[:LONGEST_REASON] or None,
    )
    return await _decided(asking, order_id, decision, note="asked", client_id=client_id)


def _place(form: Form) -> int:
    place = form.get("place", "")
    return int(place) if place.isdecimal() and len(place) <= LONGEST_NUMBER else 0


async def _asked(
    asking: Asking,
    *,
    order_id: UUID,
    place_no: int,
    client_id: UUID,
    start: datetime,
    override_reason: str | None,
) -> None:
    async with asking.figures_logged(client_id, purpose=f"order {order_id}"):
        await asking.act(
            assigning.assign,
            order_id=order_id,
            place_no=place_no,
            client_id=client_id,
            start=start,
            now=asking.now,
            override_reason=override_reason,
        )


@post("/board/orders/{order_id:uuid}/approve")
async def approve(
    asking: NamedDependency[Asking], order_id: FromPath[UUID], data: URLEncodedBody[Form]
) -> Response[str]:
    """Approve once that these people are asked in turn; the first is asked at once."""
    return await _decided(asking, order_id, _in_turn(asking, data), note="in_turn")


async def _in_turn(asking: Asking, form: Form) -> None:
    chosen = [rank for rank in range(1, MOST_RANKS + 1) if f"rank-{rank}" in form]
    if not chosen:
        raise WrongMoment("Please choose at least one person to ask.")
    await asking.act(
        assigning.approve_list, proposal_id=_key(form, "list"), ranks=chosen, now=asking.now
    )


@post("/board/orders/{order_id:uuid}/review")
async def review(
    asking: NamedDependency[Asking], order_id: FromPath[UUID], data: URLEncodedBody[Form]
) -> Response[str]:
    """Let a first order through, or not."""
    approved = data.get("decision") == "approve"
    decision = asking.act(placing.review, order_id=order_id, approve=approved, now=asking.now)
    return await _decided(asking, order_id, decision, note="let_in" if approved else "refused")


@post("/board/orders/{order_id:uuid}/gigs/{gig_id:uuid}/{step:str}")
async def step_on(
    asking: NamedDependency[Asking],
    order_id: FromPath[UUID],
    gig_id: FromPath[UUID],
    step: FromPath[str],
    data: URLEncodedBody[Form],
) -> Response[str]:
    """Write down what the client said or did; who wrote it, and how it was told, is kept."""
    await _refuse_strangers_gig(asking, gig_id, order_id)
    return await _decided(asking, order_id, _step(asking, gig_id, step, data), note=step)


async def _refuse_strangers_gig(asking: Asking, gig_id: UUID, order_id: UUID) -> None:
    purpose = f"order {order_id}"
    try:
        client_id = await asking.read(record.client_of, gig_id=gig_id)
    except NotFound:
        await asking.act(note_refusal, gig_id=gig_id, purpose=purpose, now=asking.now)
        raise
    await refuse_strangers(asking, client_id, purpose=purpose)


async def _step(asking: Asking, gig_id: UUID, step: str, form: Form) -> None:
    via = Via.FACE_TO_FACE if form.get("via") == Via.FACE_TO_FACE else Via.PHONE
    reason = form.get("reason", "").strip()[:LONGEST_REASON]
    told = {"yes": answering.accept, "no": answering.decline}
    if step in told:
        await asking.act(told[step], gig_id=gig_id, via=via, now=asking.now)
    elif step == "here":
        await asking.act(working.check_in, gig_id=gig_id, now=asking.now)
    elif step == "done":
        await asking.act(working.check_out, gig_id=gig_id, now=asking.now)
    elif step == "missed":
        await asking.act(working.no_show, gig_id=gig_id, now=asking.now)
    elif step == "withdraw":
        await asking.act(answering.withdraw, gig_id=gig_id, via=via, now=asking.now, reason=reason)
    elif step == "approve":
        minutes = _minutes(form)
        await asking.act(
            working.approve, gig_id=gig_id, minutes=minutes, now=asking.now, reason=reason
        )
    else:
        raise NotFound


def _minutes(form: Form) -> int:
    text = form.get("minutes", "")
    if not text.isdecimal() or len(text) > LONGEST_NUMBER:
        raise Invalid(Fault("minutes", "not_a_number", "Please write a whole number, such as 2."))
    return int(text)


router = Router("/", guards=[needs("assign")], route_handlers=[assign, approve, review, step_on])
