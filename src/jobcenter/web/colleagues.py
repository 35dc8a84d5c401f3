"""The people of one ordering party: who they are and may, inviting one more, leaving; its costs."""

from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody

from jobcenter import access
from jobcenter.errors import Conflict, Fault, Invalid
from jobcenter.fields import email_of, text_of
from jobcenter.orders import colleagues
from jobcenter.orders.queries import orderer, parties
from jobcenter.orders.queries.accounts import all_own_lines
from jobcenter.people.newcomers import Newcomer
from jobcenter.web.asking import FORM_LASTS, FRESH, Asking, fresh, needs, require_fresh
from jobcenter.web.limits import refuse_haste
from jobcenter.web.pages import page, see

Sent = URLEncodedBody[dict[str, str]]


@get("/colleagues", guards=[needs("order")])
async def show(asking: NamedDependency[Asking], note: FromQuery[str] = "") -> Response[str]:
    """Show who orders for the party."""
    return await _people(asking, note=note)


async def _people(
    asking: Asking,
    *,
    note: str = "",
    given: dict[str, str] | None = None,
    faults: tuple[Fault, ...] = (),
    trouble: str = "",
) -> Response[str]:
    asking.path = "/colleagues"
    return page(
        asking,
        "orderer/colleagues.html",
        status=422 if faults else 409 if trouble else 200,
        people=await asking.read(orderer.colleagues),
        invited=await asking.read(orderer.invited, now=asking.now),
        accepted=await asking.read(parties.own_accepted),
        given={"name": "", "email": "", "manages": "", **(given or {})},
        faults={fault.field: [fault] for fault in faults},
        note=note,
        trouble=trouble,
    )


@post("/colleagues", guards=[needs("manage_party")], status_code=200)
async def invite(asking: NamedDependency[Asking], data: Sent) -> Response[str]:
    """Invite somebody by mail; the answer is the same whoever they are."""
    faults: list[Fault] = []
    name = text_of(data.get("name", ""), "name", faults, required=True)
    email = email_of(data.get("email", ""), "email", faults, required=True)
    if faults:
        return await _people(asking, given=data, faults=Invalid(*faults).faults)
    if data.get("manages"):
        require_fresh(asking, FRESH + FORM_LASTS)
    await refuse_haste(asking, name=f"invite {asking.who.party_id}")
    await asking.act(
        colleagues.invite,
        newcomer=Newcomer(email, name, "", asking.language),
        mint=lambda key: access.hash_of(
            access.derived_token(asking.config.secret, "invitation", key)
        ),
        now=asking.now,
        manages=bool(data.get("manages")),
    )
    return see("/colleagues", note="invited")


@post("/colleagues/{user_id:uuid}/remove", guards=[needs("order"), fresh()])
async def remove(asking: NamedDependency[Asking], user_id: FromPath[UUID]) -> Response[str]:
    """Take somebody out, or leave."""
    try:
        await asking.act(colleagues.remove, user_id=user_id, now=asking.now)
    except Conflict as refused:
        return await _people(asking, trouble=asking.say(refused.sentence))
    return see("/" if user_id == asking.who.actor_id else "/colleagues", note="removed")


@post("/colleagues/invitations/{invitation_id:uuid}/remove", guards=[needs("manage_party")])
async def take_back(
    asking: NamedDependency[Asking], invitation_id: FromPath[UUID]
) -> Response[str]:
    """Take an invitation back."""
    await asking.act(colleagues.take_back, invitation_id=invitation_id)
    return see("/colleagues")


@post("/colleagues/{user_id:uuid}/manage", guards=[needs("order"), fresh()])
async def let_manage(
    asking: NamedDependency[Asking], user_id: FromPath[UUID], data: Sent
) -> Response[str]:
    """Let a colleague manage from now on, or only order."""
    manages = data.get("manages") == "yes"
    try:
        await asking.act(colleagues.let_manage, user_id=user_id, manages=manages, now=asking.now)
    except Conflict as refused:
        return await _people(asking, trouble=asking.say(refused.sentence))
    return see("/colleagues", note="changed")


@get("/costs", guards=[needs("manage_party")])
async def costs(asking: NamedDependency[Asking]) -> Response[str]:
    """Show what all orders of the party cost, by month."""
    return page(asking, "orderer/costs.html", lines=await asking.read(all_own_lines))


router = Router("/", route_handlers=[show, invite, remove, take_back, let_manage, costs])
